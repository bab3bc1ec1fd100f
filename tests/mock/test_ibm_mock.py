"""IBM's mock: sessions and batches, their jobs, workloads, tokens."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from rest_driver import BELL, Driver, ibm

BACKEND = "mock_line_7"


@pytest.fixture
def mock() -> Driver:
    return ibm()


def opened(mock: Driver, mode: str = "dedicated", **more: Any) -> str:
    body = {"mode": mode, "backend": BACKEND, "instance": "crn", **more}
    return str(mock.ok("POST", "/v1/sessions", body)["id"])


def submitted(mock: Driver, session: str | None = None, pubs: Any = None, **more: Any) -> str:
    params = {"pubs": pubs or [[BELL]], "version": 2}
    body = {"program_id": "sampler", "backend": BACKEND, "params": params, **more}
    if session is not None:
        body["session_id"] = session
    return str(mock.ok("POST", "/v1/jobs", body)["id"])


def state(mock: Driver, session: str) -> str:
    return str(mock.ok("GET", f"/v1/sessions/{session}")["state"])


def status(mock: Driver, job: str) -> str:
    return str(mock.ok("GET", f"/v1/jobs/{job}")["state"]["status"])


def test_a_session_is_active_from_its_first_job_and_inactive_when_idle(mock: Driver) -> None:
    session = opened(mock)
    assert state(mock, session) == "open"
    submitted(mock, session)
    assert state(mock, session) == "open"
    mock.clock.advance(1.5)
    assert state(mock, session) == "active"
    mock.clock.advance(120)
    assert state(mock, session) == "inactive"
    submitted(mock, session)
    mock.clock.advance(1.5)
    told = mock.ok("GET", f"/v1/sessions/{session}")
    entered = [entry["status"] for entry in told["timestamps"]]
    assert entered == ["open", "active", "inactive", "active"]
    moments = [entry["timestamp"] for entry in told["timestamps"]]
    assert moments == sorted(moments)
    assert told["activated_at"] == moments[-1]


def test_a_session_that_takes_no_more_jobs_closes_when_none_is_left(mock: Driver) -> None:
    session = opened(mock)
    job = submitted(mock, session)
    mock.ok("PATCH", f"/v1/sessions/{session}", {"accepting_jobs": False})
    assert mock.refused("POST", "/v1/jobs", job_body(session)) == 409
    assert state(mock, session) == "open"
    mock.clock.advance(10)
    assert (state(mock, session), status(mock, job)) == ("closed", "Completed")


def job_body(session: str) -> dict[str, Any]:
    params = {"pubs": [[BELL]], "version": 2}
    return {"program_id": "sampler", "backend": BACKEND, "params": params, "session_id": session}


def test_closing_drops_what_waits_and_lets_run_what_runs(mock: Driver) -> None:
    session = opened(mock)
    running, waiting = submitted(mock, session), submitted(mock, session)
    mock.clock.advance(1.5)
    mock.ok("DELETE", f"/v1/sessions/{session}/close")
    assert state(mock, session) == "closed"
    assert (status(mock, running), status(mock, waiting)) == ("Running", "Cancelled")
    mock.clock.advance(10)
    assert (status(mock, running), status(mock, waiting)) == ("Completed", "Cancelled")
    mock.ok("DELETE", f"/v1/sessions/{session}/close")
    assert state(mock, session) == "closed"


def test_the_longest_time_closes_a_session_and_cancels_what_waits(mock: Driver) -> None:
    session = opened(mock, max_ttl=3)
    first, second = submitted(mock, session), submitted(mock, session)
    third = submitted(mock, session)
    mock.clock.advance(30)
    assert state(mock, session) == "closed"
    assert [status(mock, job) for job in (first, second, third)] == [
        "Completed",
        "Completed",
        "Cancelled",
    ]


def test_a_session_that_is_never_used_closes_after_half_an_hour(mock: Driver) -> None:
    session = opened(mock)
    mock.clock.advance(1799)
    assert state(mock, session) == "open"
    mock.clock.advance(1)
    assert state(mock, session) == "closed"


def test_a_session_that_goes_on_has_used_nothing_that_could_be_told(mock: Driver) -> None:
    session = opened(mock, "batch")
    submitted(mock, session)
    submitted(mock, session)
    mock.clock.advance(2)
    assert mock.ok("GET", f"/v1/sessions/{session}")["elapsed_time"] is None
    mock.clock.advance(60)
    mock.ok("DELETE", f"/v1/sessions/{session}/close")
    used = mock.ok("GET", f"/v1/sessions/{session}")["elapsed_time"]
    usage = mock.ok("GET", "/v1/instances/usage")["usage_consumed_seconds"]
    assert used == pytest.approx(usage, abs=0.002)  # each is rounded to milliseconds


def test_samples_come_back_by_register_in_both_forms(mock: Driver) -> None:
    job = submitted(mock, pubs=[[BELL, None, 500]])
    assert mock.send("GET", f"/v1/jobs/{job}/results").status_code == 204
    mock.clock.advance(10)
    data = mock.ok("GET", f"/v1/jobs/{job}/results")["results"][0]["data"]["c"]
    assert data["num_bits"] == 2
    assert set(data["samples"]) == {"0x0", "0x3"}
    assert 170 < data["samples"].count("0x0") < 330  # 7 standard deviations of 500 fair throws


def test_a_circuit_without_meaning_fails_and_says_why(mock: Driver) -> None:
    job = submitted(mock, pubs=["OPENQASM 3; qubit q; bit c; reset q; c = measure q;"])
    mock.clock.advance(10)
    told = mock.ok("GET", f"/v1/jobs/{job}")["state"]
    assert told["status"] == "Failed"
    assert "QuantumReset" in told["reason"]
    assert "QuantumReset" in mock.send("GET", f"/v1/jobs/{job}/logs").text
    assert mock.send("GET", f"/v1/jobs/{job}/results").status_code == 204


def test_a_job_can_be_cancelled_until_it_is_over_and_removed_after(mock: Driver) -> None:
    job = submitted(mock)
    assert mock.refused("DELETE", f"/v1/jobs/{job}") == 400
    mock.ok("POST", f"/v1/jobs/{job}/cancel")
    assert status(mock, job) == "Cancelled"
    assert mock.refused("POST", f"/v1/jobs/{job}/cancel") == 409
    mock.ok("PUT", f"/v1/jobs/{job}/tags", {"tags": ["a"]})
    assert mock.ok("GET", f"/v1/jobs/{job}")["tags"] == ["a"]
    assert mock.ok("GET", f"/v1/jobs/{job}/metrics")["timestamps"]["running"] is None
    mock.ok("DELETE", f"/v1/jobs/{job}")
    assert mock.refused("GET", f"/v1/jobs/{job}") == 404


def test_the_list_of_jobs_is_filtered_and_paged(mock: Driver) -> None:
    session = opened(mock)
    inside = [submitted(mock, session, tags=["x", "y"]) for _ in range(3)]
    outside = submitted(mock, tags=["x"])

    def ids(**query: Any) -> list[str]:
        return [job["id"] for job in mock.ok("GET", "/v1/jobs", query=query)["jobs"]]

    assert ids() == [outside, *reversed(inside)]
    assert ids(sort="ASC") == [*inside, outside]
    assert ids(session_id=session, limit=2, sort="ASC") == inside[:2]
    assert ids(limit=2, offset=2, sort="ASC") == [inside[2], outside]
    assert ids(tags=["x", "y"], sort="ASC") == inside
    assert ids(limit=0) == ids(limit=1000) == ids()
    assert ids(pending="false") == []
    assert "params" not in mock.ok("GET", "/v1/jobs", query={"exclude_params": "true"})["jobs"][0]


def test_workloads_are_sessions_batches_and_jobs_outside_them(mock: Driver) -> None:
    session = opened(mock)
    mock.clock.advance(1)
    batch = opened(mock, "batch")
    mock.clock.advance(1)
    submitted(mock, session)
    alone = submitted(mock)
    found = mock.ok("GET", "/v1/workloads", query={"sort": "createdAt"})["workloads"]
    assert [(entry["id"], entry["mode"]) for entry in found] == [
        (session, "session"),
        (batch, "batch"),
        (alone, "job"),
    ]
    page = mock.ok("GET", "/v1/workloads", query={"sort": "createdAt", "limit": 2})
    assert page["total_count"] == 3
    rest = page["next"]["href"].partition("?")[2]
    last = mock.ok("GET", "/v1/workloads", query=f"sort=createdAt&limit=2&{rest}")
    assert [entry["id"] for entry in last["workloads"]] == [alone]
    assert "next" not in last


def test_a_key_is_exchanged_for_a_token_that_is_good_for_an_hour(mock: Driver) -> None:
    answer = mock.app.aside("POST", "/identity/token", grant(mock.app.keys[0]))
    assert answer is not None
    token = answer.content["access_token"]
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["exp"] - claims["iat"] == 3600
    headers = {**mock.headers, "Authorization": f"Bearer {token}"}
    assert mock.send("GET", "/v1/jobs", headers=headers).status_code == 200
    forged = {**headers, "Authorization": f"Bearer {token[:-4]}AAAA"}
    assert mock.refused("GET", "/v1/jobs", headers=forged) == 401
    mock.clock.advance(3601)
    assert mock.refused("GET", "/v1/jobs", headers=headers) == 401


def grant(key: str) -> bytes:
    return f"grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Aapikey&apikey={key}".encode()


def test_an_unknown_key_gets_no_token(mock: Driver) -> None:
    answer = mock.app.aside("POST", "/identity/token", grant("nobody"))
    assert answer is not None
    assert answer.status == 400


def test_another_account_sees_nothing(mock: Driver) -> None:
    session, job = opened(mock), submitted(mock)
    app = mock.app
    other = ibm(1, app)  # type: ignore[arg-type]  # made by the same function
    for method, path in (
        ("GET", f"/v1/sessions/{session}"),
        ("DELETE", f"/v1/sessions/{session}/close"),
        ("GET", f"/v1/jobs/{job}"),
        ("POST", f"/v1/jobs/{job}/cancel"),
        ("DELETE", f"/v1/jobs/{job}"),
    ):
        assert other.refused(method, path) == 404
    assert other.ok("GET", "/v1/jobs")["count"] == 0
    assert other.ok("GET", "/v1/workloads")["total_count"] == 0
    crossed = {**mock.headers, "Service-CRN": other.headers["Service-CRN"]}
    assert mock.refused("GET", "/v1/jobs", headers=crossed) == 403


@pytest.mark.parametrize("body", [{}, {"mode": "fast"}, {"mode": "batch", "max_ttl": 0}])
def test_a_session_that_the_document_forbids_is_refused(mock: Driver, body: dict[str, Any]) -> None:
    assert mock.refused("POST", "/v1/sessions", {"backend": BACKEND, **body}) == 400


def test_every_operation_answers(mock: Driver) -> None:
    for path in (
        "/v1/backends",
        f"/v1/backends/{BACKEND}/configuration",
        f"/v1/backends/{BACKEND}/properties",
        f"/v1/backends/{BACKEND}/status",
        f"/v1/backends/{BACKEND}/defaults",
        "/v1/instance",
        "/v1/versions",
    ):
        mock.ok("GET", path)
    mock.ok("PUT", "/v1/instances/configuration", {"instance_limit": 60})
    assert mock.ok("GET", "/v1/instances/configuration") == {"instance_limit": 60}
    assert mock.ok("GET", "/v1/instances/usage")["usage_limit_seconds"] == 60
    assert mock.refused("GET", "/v1/backends/none/status") == 404
