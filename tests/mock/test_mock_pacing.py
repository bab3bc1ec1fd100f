"""Latency, limits of requests, queues, forgetting, and the request log."""

from __future__ import annotations

import io
import json
import time

import pytest
from mock_driver import FIRST, SECOND, Driver, H, multi, qis

from conformance.errors import BadValue
from conformance.mock import InstantClock, Latency, SteppedClock, ionq, latency_named, log_to
from conformance.mock.pacing import RateLimit, wait_named


def test_every_answer_waits_for_the_latency_and_no_other() -> None:
    driver = Driver(ionq.app(latency=Latency(0.05, 0.06)))
    for path, status in (("/jobs", 200), ("/nothing", 404)):
        began = time.perf_counter()
        assert driver.send("GET", path).status == status
        assert time.perf_counter() - began >= 0.05


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("50ms", 0.05, 0.05), ("0.5", 0.5, 0.5), ("20ms-2s", 0.02, 2), ("1m", 60, 60)],
)
def test_a_latency_is_a_time_or_a_range(text: str, least: float, most: float) -> None:
    assert latency_named(text) == Latency(least, most)


@pytest.mark.parametrize("text", ["", "-", "2s-1s", "fast", "1d", "-5ms", "2h", "1e9", "nan"])
def test_what_is_no_latency_is_refused(text: str) -> None:
    with pytest.raises(BadValue, match=r"^latency: expected a time up to an hour"):
        latency_named(text)


def test_a_waiting_time_is_read_with_its_unit() -> None:
    assert [wait_named(text) for text in ("30", "30s", "500ms", "2m", "1h")] == [
        30, 30, 0.5, 120, 3600,
    ]  # fmt: skip


def test_a_key_beyond_its_limit_is_told_when_to_come_back() -> None:
    driver = Driver(ionq.app(rate_limit=2))
    assert [driver.send("GET", "/whoami").status for _ in range(3)] == [200, 200, 429]
    refused = driver.send("GET", "/whoami")
    assert refused.headers["retry-after"] == "1"
    assert refused.json()["statusCode"] == 429
    assert driver.send("GET", "/whoami", key=SECOND).status == 200
    assert driver.send("GET", "/backends", key=None).status == 200


def test_a_limit_makes_room_as_time_passes() -> None:
    moment = [0.0]
    limit = RateLimit(0.5, clock=lambda: moment[0])
    assert limit.wait("a") == 0
    assert limit.wait("a") == 2
    moment[0] = 1.0
    assert limit.wait("a") == 1
    moment[0] = 2.0
    assert limit.wait("a") == 0
    moment[0] = 1000.0
    assert [limit.wait("a") > 0 for _ in range(2)] == [False, True]


def test_over_a_minute_no_more_are_served_than_the_limit_allows() -> None:
    moment = [0.0]
    limit = RateLimit(10, clock=lambda: moment[0])
    served = 0
    for step in range(6000):
        moment[0] = step / 100
        served += limit.wait("a") == 0
    assert 599 <= served <= 610


@pytest.mark.parametrize("rate", [0, -1, float("inf"), float("nan")])
def test_a_limit_that_lets_nobody_or_everybody_in_is_refused(rate: float) -> None:
    with pytest.raises(BadValue, match="rate limit: expected requests a second"):
        ionq.app(rate_limit=rate)


@pytest.mark.parametrize("backend", ["simulator", "qpu.forte-1"])
def test_jobs_queue_for_as_long_as_asked_on_every_backend(backend: str) -> None:
    clock = SteppedClock()
    driver = Driver(ionq.app(clock=clock, queue_time=3600))
    job = driver.submit(qis(H, backend=backend))
    clock.advance(3599)
    waiting = driver.get(f"/jobs/{job}")
    assert (waiting["status"], waiting["predicted_wait_time_ms"]) == ("ready", 3_600_000)
    assert driver.get(f"/backends/{backend}")["average_queue_time"] == 3_600_000
    clock.advance(2)
    assert driver.get(f"/jobs/{job}")["status"] == "completed"


def test_the_oldest_jobs_that_ended_are_forgotten_and_no_others() -> None:
    clock = SteppedClock()
    driver = Driver(ionq.app(clock=clock, keep=3))
    jobs = [driver.submit(qis(H))]
    clock.advance(1)
    waiting = driver.submit(qis(H, backend="qpu.aria-1"))
    jobs += [driver.submit(multi({"qubits": 1, "circuit": [H]})) for _ in range(2)]
    child = driver.get(f"/jobs?parent_job_id={jobs[1]}")["jobs"][0]["id"]
    assert driver.send("GET", f"/jobs/{jobs[0]}").status == 404
    clock.advance(0.03)
    jobs.append(driver.submit(qis(H)))
    assert driver.send("GET", f"/jobs/{jobs[1]}").status == 404
    assert driver.send("GET", f"/jobs/{child}").status == 404
    kept = [waiting, *jobs[2:]]
    assert [job["id"] for job in driver.get("/jobs")["jobs"]] == kept[::-1]


def test_a_tenant_does_not_drive_out_the_jobs_of_another() -> None:
    driver = Driver(ionq.app(clock=InstantClock(), keep=2))
    job = driver.submit(qis(H))
    driver.key = SECOND
    for _ in range(40):
        driver.submit(qis(H))
    assert driver.send("GET", f"/jobs/{job}", key=FIRST).status == 200


def test_a_session_counts_the_jobs_that_were_forgotten() -> None:
    clock = SteppedClock()
    driver = Driver(ionq.app(clock=clock, keep=1))
    session = driver.session(job_count_limit=3)
    payload = qis(H, backend="qpu.forte-1", session_id=session)
    for _ in range(3):
        driver.submit(payload)
        clock.advance(1)
    assert driver.send("POST", "/jobs", payload).status == 409
    assert driver.get(f"/sessions/{session}")["status"] == "ended"


def test_costs_of_forgotten_jobs_add_up_however_many_they_are() -> None:
    clock = SteppedClock()
    driver = Driver(ionq.app(clock=clock, keep=4))
    total = 0.0
    for number in range(620):
        payload = qis(*[H] * 50, backend="qpu.aria-1", shots=2000 + number)
        job = driver.submit(payload)
        clock.advance(600)
        total += driver.get(f"/jobs/{job}/cost")["cost"]["value"]
    for group in ("project", "job"):
        query = f"start_date=2025-12-01&end_date=2026-03-01&group_by={group}&modality=weekly"
        usage = driver.get(f"/organizations/{ionq.TENANTS[0].organization_id}/usage?{query}")
        assert usage["job_count"] == 620
        assert usage["amount_total"] == pytest.approx(total, abs=1e-4)
        newest = usage["usage_data"][0]["group_usages"]
        assert len(newest) == {"project": 1, "job": 5}[group]
        assert newest == sorted(newest, key=lambda entry: -entry["amount"])
    assert newest[0]["group_id"] == job


def test_the_log_has_a_line_for_every_request_and_no_secret() -> None:
    stream = io.StringIO()
    driver = Driver(ionq.app(clock=InstantClock(), log=log_to(stream)))
    job = driver.submit(qis(H))
    driver.send("GET", f"/jobs/{job}")
    driver.send("GET", "/jobs?limit=2&api_key=a-true-secret")
    driver.send("GET", "/jobs/a%0a\x1b[2Jb", key="another-true-secret")
    lines = stream.getvalue().splitlines()
    assert [line.split()[1] for line in lines] == ["201", "200", "200", "401"]
    assert "GET /v0.4/jobs?limit=2&api_key=..." in lines[2]
    assert [line.split()[4] for line in lines] == ["first", "first", "first", "-"]
    assert "\x1b" not in stream.getvalue()
    for secret in (FIRST, "true-secret"):
        assert secret not in stream.getvalue()


def test_a_defect_of_the_mock_is_a_500_in_the_documented_shape(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mock = ionq.app()
    monkeypatch.setattr(mock.world, "jobs", None)
    reply = Driver(mock).send("GET", "/jobs/x")
    assert reply.status == 500
    assert json.loads(reply.raw)["statusCode"] == 500
    assert "AttributeError" in capsys.readouterr().err
