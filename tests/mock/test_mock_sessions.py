"""Sessions: when they start, what ends them, and which jobs they take."""

from __future__ import annotations

from typing import Any

import pytest
from mock_driver import Driver, H, X, qis

from conformance.mock import SteppedClock, ionq
from conformance.mock.ionq import TENANTS


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def driver(clock: SteppedClock) -> Driver:
    return Driver(ionq.app(clock=clock))


def job_in(session: str, **fields: Any) -> dict[str, Any]:
    return qis(H, backend="qpu.forte-1", session_id=session, **fields)


def state(driver: Driver, session: str) -> tuple[str, bool]:
    told = driver.get(f"/sessions/{session}")
    return told["status"], told["active"]


def test_a_new_session_is_created_and_active(driver: Driver) -> None:
    told = driver.get(f"/sessions/{driver.session(job_count_limit=3)}")
    assert (told["status"], told["active"]) == ("created", True)
    assert told["settings"]["job_count_limit"] == 3
    assert told["creator_id"] == TENANTS[0].user_id
    assert [told[name] for name in ("started_at", "ended_at", "ender_id")] == [None] * 3


def test_the_first_job_starts_a_session_and_the_job_names_it(driver: Driver) -> None:
    session = driver.session()
    job = driver.submit(job_in(session))
    told = driver.get(f"/jobs/{job}")
    assert told["session_id"] == session
    assert state(driver, session) == ("started", True)
    assert driver.get(f"/sessions/{session}")["started_at"] == told["submitted_at"]


def test_a_session_lists_its_own_jobs(driver: Driver) -> None:
    session = driver.session()
    driver.submit(qis(X))
    jobs = [driver.submit(job_in(session)) for _ in range(2)]
    page = driver.get(f"/sessions/{session}/jobs?limit=1")
    following = driver.get(f"/sessions/{session}/jobs?limit=1&next={page['next']}")
    assert [job["id"] for job in page["jobs"] + following["jobs"]] == jobs[::-1]
    assert following["next"] is None
    assert [job["id"] for job in driver.get(f"/jobs?session_id={session}")["jobs"]] == jobs[::-1]


def test_an_ended_session_takes_no_job_and_tells_who_ended_it(
    driver: Driver, clock: SteppedClock
) -> None:
    session = driver.session()
    clock.advance(5)
    ended = driver.send("POST", f"/sessions/{session}/end").json()
    assert (ended["status"], ended["active"]) == ("ended", False)
    assert ended["ender_id"] == TENANTS[0].user_id
    assert ended["ended_at"] == "2026-01-01T00:00:05.000Z"
    assert driver.send("POST", "/jobs", job_in(session)).status == 409


def test_ending_a_session_again_changes_nothing(driver: Driver, clock: SteppedClock) -> None:
    session = driver.session()
    first = driver.send("POST", f"/sessions/{session}/end").json()
    clock.advance(5)
    assert driver.send("POST", f"/sessions/{session}/end").json() == first
    assert driver.get(f"/sessions/{session}") == first


def test_jobs_of_an_ended_session_run_on(driver: Driver, clock: SteppedClock) -> None:
    session = driver.session()
    job = driver.submit(job_in(session))
    driver.send("POST", f"/sessions/{session}/end")
    clock.advance(1)
    assert driver.get(f"/jobs/{job}")["status"] == "completed"


def test_a_full_session_takes_no_more_jobs_and_ends_with_the_last(
    driver: Driver, clock: SteppedClock
) -> None:
    session = driver.session(job_count_limit=2)
    jobs = [driver.submit(job_in(session)) for _ in range(2)]
    assert driver.send("POST", "/jobs", job_in(session)).status == 409
    assert state(driver, session) == ("started", True)
    clock.advance(60)
    assert state(driver, session) == ("ended", False)
    told = driver.get(f"/sessions/{session}")
    assert told["ended_at"] == driver.get(f"/jobs/{jobs[1]}")["completed_at"]
    assert told["ender_id"] is None


def test_a_session_ends_when_its_time_is_over(driver: Driver, clock: SteppedClock) -> None:
    session = driver.session(duration_limit_min=2)
    clock.advance(600)
    assert state(driver, session) == ("created", True)
    driver.submit(job_in(session))
    clock.advance(119.999)
    assert state(driver, session) == ("started", True)
    clock.advance(0.001)
    assert state(driver, session) == ("ended", False)
    told = driver.get(f"/sessions/{session}")
    assert told["ended_at"] == told["settings"]["expires_at"] == "2026-01-01T00:12:00.000Z"
    assert driver.send("POST", "/jobs", job_in(session)).status == 409


def test_a_session_that_nobody_uses_expires(driver: Driver, clock: SteppedClock) -> None:
    session = driver.session()
    clock.advance(24 * 3600)
    assert state(driver, session) == ("ended", False)


def test_a_session_never_costs_more_than_its_limit(driver: Driver, clock: SteppedClock) -> None:
    session = driver.session(cost_limit={"unit": "usd", "value": 50.0})
    for _ in range(2):
        driver.submit(job_in(session))
    assert driver.send("POST", "/jobs", job_in(session)).status == 409
    assert driver.send("POST", "/jobs", job_in(session, dry_run=True)).status == 201
    clock.advance(60)
    assert state(driver, session) == ("ended", False)


def test_a_canceled_job_gives_its_cost_back(driver: Driver) -> None:
    session = driver.session(cost_limit={"unit": "usd", "value": 30})
    job = driver.submit(job_in(session))
    assert driver.send("POST", "/jobs", job_in(session)).status == 409
    driver.send("PUT", f"/jobs/{job}/status/cancel")
    assert driver.send("POST", "/jobs", job_in(session)).status == 201


def test_a_session_takes_jobs_of_its_own_backend_only(driver: Driver) -> None:
    session = driver.session("qpu.forte-1")
    assert driver.send("POST", "/jobs", qis(H, session_id=session)).status == 409
    assert driver.get("/jobs")["jobs"] == []


@pytest.mark.parametrize(
    "settings",
    [
        {"job_count_limit": 0},
        {"duration_limit_min": -1},
        {"job_count_limit": 2**31},
        {"cost_limit": {"unit": "usd", "value": -1}},
        {"cost_limit": {"unit": "shells", "value": 1}},
    ],
)
def test_limits_under_which_nothing_could_run_are_refused(
    driver: Driver, settings: dict[str, Any]
) -> None:
    body = {"backend": "simulator", "settings": settings}
    assert driver.send("POST", "/sessions", body).status == 409


def test_a_session_on_an_unknown_backend_is_refused(driver: Driver) -> None:
    assert driver.send("POST", "/sessions", {"backend": "qpu.none"}).status == 404


def test_sessions_are_listed_newest_first_and_by_activity(driver: Driver) -> None:
    old, new = driver.session(), driver.session()
    driver.send("POST", f"/sessions/{old}/end")

    def listed(query: str) -> list[str]:
        return [session["id"] for session in driver.get(f"/sessions{query}")["sessions"]]

    assert listed("") == [new, old]
    assert listed("?active=true") == [new]
    assert listed("?active=false") == [old]
    assert driver.get("/sessions")["organization_id"] == TENANTS[0].organization_id
