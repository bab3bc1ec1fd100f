"""Scaleway's mock: sessions, their jobs, bookings, and what else there is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rest_driver import BELL, Driver, scaleway

from conformance.mock.scaleway.platforms import PLATFORMS

API = "/qaas/v1alpha1"
PLATFORM, BOOKED = list(PLATFORMS)


@pytest.fixture
def mock() -> Driver:
    return scaleway()


def project(mock: Driver) -> str:
    return str(mock.app.projects[0])  # type: ignore[union-attr]  # Scaleway's


def opened(mock: Driver, **more: Any) -> dict[str, Any]:
    body = {"project_id": project(mock), "platform_id": PLATFORM, **more}
    return dict(mock.ok("POST", f"{API}/sessions", body))


def payload(text: str = BELL, shots: int = 400, kind: int = 3, *, memory: bool = False) -> str:
    circuit = {"serialization_format": kind, "circuit_serialization": text}
    return json.dumps({"run": {"options": {"shots": shots, "memory": memory},
                               "circuits": [circuit]}})  # fmt: skip


def submitted(mock: Driver, session: str, text: str | None = None, **more: Any) -> str:
    circuit = {"qiskit_circuit": payload() if text is None else text}
    body = {"name": "j", "session_id": session, "circuit": circuit, **more}
    return str(mock.ok("POST", f"{API}/jobs", body)["id"])


def seen(mock: Driver, session: str) -> dict[str, Any]:
    return dict(mock.ok("GET", f"{API}/sessions/{session}"))


def job(mock: Driver, wanted: str) -> dict[str, Any]:
    return dict(mock.ok("GET", f"{API}/jobs/{wanted}"))


def test_a_session_starts_runs_and_is_stopped_by_being_terminated(mock: Driver) -> None:
    session = opened(mock)["id"]
    assert (seen(mock, session)["status"], seen(mock, session)["started_at"]) == ("starting", None)
    mock.clock.advance(2)
    assert seen(mock, session)["status"] == "running"
    assert mock.ok("POST", f"{API}/sessions/{session}/terminate", {})["status"] == "stopping"
    assert seen(mock, session)["terminated_at"] is None
    mock.clock.advance(2)
    assert seen(mock, session)["status"] == "stopped"
    assert seen(mock, session)["terminated_at"] > seen(mock, session)["started_at"]
    mock.ok("POST", f"{API}/sessions/{session}/terminate", {})
    mock.ok("DELETE", f"{API}/sessions/{session}")
    assert mock.refused("GET", f"{API}/sessions/{session}") == 404


@pytest.mark.parametrize("limit", ["max_duration", "max_idle_duration"])
def test_a_session_ends_by_itself_when_its_time_is_over(mock: Driver, limit: str) -> None:
    session = opened(mock, **{limit: "60s"})["id"]
    assert seen(mock, session)[limit] == "60s"
    mock.clock.advance(60.5)
    assert seen(mock, session)["status"] == "running"
    mock.clock.advance(2)
    assert seen(mock, session)["status"] == "stopped"


def test_a_job_keeps_a_session_from_being_idle(mock: Driver) -> None:
    session = opened(mock, max_idle_duration="10s")["id"]
    mock.clock.advance(8)
    submitted(mock, session)
    mock.clock.advance(8)
    assert seen(mock, session)["status"] == "running"
    mock.clock.advance(8)
    assert seen(mock, session)["status"] == "stopped"


def test_the_end_of_a_session_cancels_its_jobs(mock: Driver) -> None:
    session = opened(mock)["id"]
    done, running, waiting = (submitted(mock, session) for _ in range(3))
    mock.clock.advance(4)
    assert [job(mock, j)["status"] for j in (done, running, waiting)] == [
        "completed",
        "running",
        "waiting",
    ]
    mock.ok("POST", f"{API}/sessions/{session}/terminate", {})
    assert job(mock, running)["status"] == "cancelling"
    mock.clock.advance(4)
    assert [job(mock, j)["status"] for j in (done, running, waiting)] == [
        "completed",
        "cancelled",
        "cancelled",
    ]
    circuit = {"qiskit_circuit": payload()}
    body = {"name": "late", "session_id": session, "circuit": circuit}
    assert mock.refused("POST", f"{API}/jobs", body) == 412


def test_a_deduplication_id_names_one_live_session(mock: Driver) -> None:
    first = opened(mock, deduplication_id="mine")["id"]
    assert opened(mock, deduplication_id="mine")["id"] == first
    assert opened(mock, deduplication_id=None)["id"] != opened(mock, deduplication_id=None)["id"]
    mock.ok("POST", f"{API}/sessions/{first}/terminate", {})
    assert opened(mock, deduplication_id="mine")["id"] != first


def test_a_job_runs_its_circuit_and_counts_what_it_measured(mock: Driver) -> None:
    session = opened(mock)["id"]
    wanted = submitted(mock, session, payload(memory=True))
    assert mock.ok("GET", f"{API}/jobs/{wanted}/results")["job_results"] == []
    mock.clock.advance(10)
    told = mock.ok("GET", f"{API}/jobs/{wanted}/results")["job_results"][0]
    data = json.loads(told["result"])["results"][0]["data"]
    assert set(data["counts"]) == {"0x0", "0x3"}
    assert sum(data["counts"].values()) == len(data["memory"]) == 400
    assert 130 < data["counts"]["0x0"] < 270  # 7 standard deviations of 400 fair throws
    assert job(mock, wanted)["job_duration"] == "2s"


def test_registers_are_counted_together_the_first_in_the_lowest_bits(mock: Driver) -> None:
    text = "OPENQASM 2.0; qreg q[2]; creg a[1]; creg b[1]; x q[1]; measure q[1] -> a[0];"
    session = opened(mock)["id"]
    wanted = submitted(mock, session, payload(text, kind=2))
    mock.clock.advance(10)
    told = mock.ok("GET", f"{API}/jobs/{wanted}/results")["job_results"][0]["result"]
    assert json.loads(told)["results"][0]["data"]["counts"] == {"0x1": 400}


@pytest.mark.parametrize(
    "text", ["", "no json", payload("OPENQASM 3; nonsense"), payload(kind=4), payload(shots=0)]
)
def test_a_payload_that_cannot_run_ends_in_error_and_says_why(mock: Driver, text: str) -> None:
    wanted = submitted(mock, opened(mock)["id"], text)
    mock.clock.advance(10)
    told = job(mock, wanted)
    assert told["status"] == "error"
    assert told["progress_message"].startswith("expected")
    assert mock.ok("GET", f"{API}/jobs/{wanted}/results")["total_count"] == 0


def test_exactly_one_form_of_a_circuit_is_taken(mock: Driver) -> None:
    session = opened(mock)["id"]
    for circuit in ({}, {"qiskit_circuit": payload(), "perceval_circuit": ":PCVL:"}):
        body = {"name": "j", "session_id": session, "circuit": circuit}
        assert mock.refused("POST", f"{API}/jobs", body) == 400


def test_a_list_is_paged_ordered_and_filtered(mock: Driver) -> None:
    names = {opened(mock, name=name, tags=[name, "all"])["id"]: name for name in "cab"}

    def listed(**query: Any) -> str:
        query["project_id"] = project(mock)
        found = mock.ok("GET", f"{API}/sessions", query=query)
        assert found["total_count"] >= len(found["sessions"])
        return "".join(names[entry["id"]] for entry in found["sessions"])

    assert listed() == "abc"
    assert listed(order_by="name_desc") == "cba"
    assert [listed(page=number, page_size=2) for number in (1, 2, 3)] == ["ab", "c", ""]
    assert listed(tags=["a", "all"]) == "a"
    assert listed(platform_id=BOOKED) == ""
    assert mock.refused("GET", f"{API}/sessions", query={"project_id": "p", "page": 0}) == 400


def test_what_cannot_be_changed_is_refused_and_left_as_it_was(mock: Driver) -> None:
    session = opened(mock, name="n", max_duration="60s")["id"]
    change = {"name": "other", "max_duration": "soon"}
    assert mock.refused("PATCH", f"{API}/sessions/{session}", change) == 400
    assert (seen(mock, session)["name"], seen(mock, session)["max_duration"]) == ("n", "60s")
    assert mock.ok("PATCH", f"{API}/sessions/{session}", {"max_duration": "90.5s", "name": None})
    assert (seen(mock, session)["name"], seen(mock, session)["max_duration"]) == ("n", "90.5s")


def test_another_organisation_sees_nothing(mock: Driver) -> None:
    session = opened(mock)["id"]
    wanted = submitted(mock, session)
    other = scaleway(1, mock.app)  # type: ignore[arg-type]  # made by the same function
    for method, path in (
        ("GET", f"/sessions/{session}"),
        ("DELETE", f"/sessions/{session}"),
        ("GET", f"/jobs/{wanted}"),
        ("GET", f"/jobs/{wanted}/circuit"),
        ("GET", f"/jobs/{wanted}/results"),
        ("DELETE", f"/jobs/{wanted}"),
    ):
        assert other.refused(method, f"{API}{path}") == 404
    assert other.ok("GET", f"{API}/jobs")["total_count"] == 0
    body = {"project_id": project(mock), "platform_id": PLATFORM}
    assert other.refused("POST", f"{API}/sessions", body) == 403
    assert mock.refused("GET", f"{API}/jobs", headers={"X-Auth-Token": "none"}) == 401


def test_a_booked_platform_books_for_its_session(mock: Driver) -> None:
    session = opened(mock, platform_id=BOOKED)
    booking = mock.ok("GET", f"{API}/bookings/{session['booking_id']}")
    assert booking["platform_id"] == BOOKED
    mock.ok("PATCH", f"{API}/bookings/{booking['id']}", {"description": "for me"})
    assert mock.ok("GET", f"{API}/bookings")["bookings"][0]["description"] == "for me"
    mock.ok("POST", f"{API}/sessions/{session['id']}/terminate", {})
    assert mock.ok("GET", f"{API}/bookings/{booking['id']}")["status"] == "cancelled"


def test_platforms_applications_models_and_processes(mock: Driver) -> None:
    unknown = {"platform_type": "unknown_type", "platform_technology": "unknown_technology"}
    assert mock.ok("GET", f"{API}/platforms", query=unknown)["total_count"] == 2
    assert mock.ok("GET", f"{API}/platforms", query={"platform_type": "qpu"})["total_count"] == 1
    assert mock.ok("GET", f"{API}/platforms/{PLATFORM}")["max_qubit_count"] == 20
    application = mock.ok("GET", f"{API}/applications")["applications"][0]["id"]
    mock.ok("GET", f"{API}/applications/{application}")
    model = mock.ok("POST", f"{API}/models", {"project_id": project(mock), "payload": "x"})["id"]
    mine = {"project_id": project(mock)}
    assert mock.ok("GET", f"{API}/models", query=mine)["models"][0]["id"] == model
    body = {**mine, "platform_id": PLATFORM, "application_id": application, "name": "p"}
    process = mock.ok("POST", f"{API}/processes", body)["id"]
    assert mock.ok("POST", f"{API}/processes/{process}/cancel", {})["status"] == "completed"
    assert mock.ok("PATCH", f"{API}/processes/{process}", {"name": "q"})["name"] == "q"
    assert mock.ok("GET", f"{API}/processes", query=mine)["total_count"] == 1
    assert mock.ok("GET", f"{API}/processes/{process}/results")["process_results"] == []
    mock.ok("DELETE", f"{API}/processes/{process}")
    assert mock.refused("GET", f"{API}/processes/{process}") == 404
    assert mock.ok("GET", f"{API}/models/{model}")["project_id"] == project(mock)
