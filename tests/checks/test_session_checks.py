"""Rules about sessions: each is broken by one history and kept by what a provider may tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from told import JOB, PAYLOAD, Told, all_found, found, job, judges, refusal

from conformance.model import Credential

SESSION = "5e551011-0000-4000-8000-000000000002"
OTHER = "5e551011-0000-4000-8000-000000000003"
SECOND_JOB = "b5ac2d9e-0000-4000-8000-000000000002"
QPU = "qpu.aria-1"
TIMES = {"created": 0, "started": 1, "ended": 2}


def session(status: str = "created", **changes: Any) -> dict[str, Any]:
    """Return a session as the document describes it."""
    step = TIMES[status]
    return {
        "id": SESSION,
        "status": status,
        "active": status != "ended",
        "backend": QPU,
        "settings": {"expires_at": "2026-03-02T10:00:00.000Z"},
        "created_at": "2026-03-01T10:00:00.000Z",
        "started_at": "2026-03-01T10:00:01.000Z" if step else None,
        "ended_at": "2026-03-01T10:00:02.000Z" if step == 2 else None,
        "organization_id": "00000000-0000-4000-8000-0000000000cc",
        "project_id": "00000000-0000-4000-8000-0000000000bb",
        "creator_id": "00000000-0000-4000-8000-0000000000aa",
        "ender_id": None,
        **changes,
    }


class Session(Told):
    """A history with a session in it."""

    def open(self, **settings: Any) -> None:
        sent = {"backend": QPU} | ({"settings": settings} if settings else {})
        told = {"expires_at": "2026-03-02T10:00:00.000Z", **settings}
        self.say("CreateSession", 201, session(settings=told), sent=sent)

    def look(self, status: str = "created", **changes: Any) -> None:
        body = session(status, **changes)
        self.say("GetSession", 200, body, ids={"session_id": SESSION})

    def end(self, status: str = "ended") -> None:
        self.say("EndSession", 200, session(status), ids={"session_id": SESSION})

    def run_job(
        self, status: str = "completed", name: str = JOB, cost: float | None = None
    ) -> None:
        """Submit a job into the session and read it at its end, and what it cost."""
        inside = {"session_id": SESSION, "backend": QPU}
        self.say("CreateJob", 201, {"id": name, "status": "submitted", "session_id": SESSION},
                 sent={**PAYLOAD, **inside})  # fmt: skip
        self.say("GetJob", 200, job(status, id=name, **inside), ids={"UUID": name})
        if cost is not None:
            amount = {"value": cost, "unit": "usd"}
            body = {"dry_run": False, "estimated_cost": amount, "cost": amount}
            self.say("GetJobCost", 200, body, ids={"UUID": name})

    def list_jobs(self, *jobs: dict[str, Any], following: str | None = None) -> None:
        body = {"jobs": list(jobs), "next": following}
        self.say("GetSessionJobs", 200, body, ids={"session_id": SESSION})

    def list_sessions(self, *sessions: dict[str, Any], **query: Any) -> None:
        body = {"organization_id": "o", "sessions": list(sessions)}
        self.say("GetSessions", 200, body, query=query)


def steps_back(told: Session) -> None:
    told.open()
    told.look("started")
    told.look("created")


def ended_and_active(told: Session) -> None:
    told.open()
    told.look("ended", active=True)


def ended_at_no_time(told: Session) -> None:
    told.open()
    told.look("ended", ended_at=None)


def ended_before_it_started(told: Session) -> None:
    told.open()
    told.look("ended", ended_at="2026-03-01T10:00:00.500Z")


def job_after_the_end(told: Session) -> None:
    told.open()
    told.end()
    told.run_job()


def a_job_too_many(told: Session) -> None:
    told.open(job_count_limit=1)
    told.run_job()
    told.run_job(name=SECOND_JOB)


def expires_after_hours(told: Session) -> None:
    told.open(duration_limit_min=30)
    told.look("started", settings={"expires_at": "2026-03-02T16:00:01.000Z"})


def goes_on_when_told_to_end(told: Session) -> None:
    told.open()
    told.end("started")
    told.look("started")


def lists_another_sessions_job(told: Session) -> None:
    told.open()
    told.list_jobs(job(session_id=OTHER))


def lacks_its_job(told: Session) -> None:
    told.open()
    told.run_job()
    told.list_jobs()


def another_backend(told: Session) -> None:
    told.open()
    told.look(backend="qpu.aria-2")


def another_limit(told: Session) -> None:
    told.open(job_count_limit=3)
    told.look(settings={"job_count_limit": 4})


def spends_on(told: Session) -> None:
    told.open(cost_limit={"unit": "usd", "value": 1.0})
    told.run_job(cost=2.0)
    told.run_job(name=SECOND_JOB)


def runs_in_no_session(told: Session) -> None:
    told.say("GetSession", 404, refusal(), ids={"session_id": SESSION})
    told.run_job()


def never_starts(told: Session) -> None:
    told.open()
    told.run_job()
    told.look("created")


def ends_by_itself(told: Session) -> None:
    told.open()
    told.look("ended")


def not_listed(told: Session) -> None:
    told.open()
    told.list_sessions(session(id=OTHER))


def started_twice(told: Session) -> None:
    told.open()
    told.look("started")
    told.look("started", started_at="2026-03-01T10:00:01.007Z")


DEPARTURES: list[tuple[str, str, Callable[[Session], None]]] = [
    ("LIFE-009", "session/moved/started_at", started_twice),
    ("LIFE-009", "session/order", steps_back),
    ("LIFE-009", "session/active", ended_and_active),
    ("LIFE-009", "session/ended_at", ended_at_no_time),
    ("LIFE-009", "session/time/ended_at", ended_before_it_started),
    ("LIFE-010", "session/after-end", job_after_the_end),
    ("LIFE-010", "session/job-count", a_job_too_many),
    ("LIFE-010", "session/expires", expires_after_hours),
    ("LIFE-014", "session/end", goes_on_when_told_to_end),
    ("LIFE-015", "session/jobs", lists_another_sessions_job),
    ("LIFE-015", "session/jobs", lacks_its_job),
    ("LIFE-016", "session/echo/backend", another_backend),
    ("LIFE-016", "session/echo/job_count_limit", another_limit),
    ("LIFE-018", "session/cost", spends_on),
    ("LIFE-019", "session/unknown", runs_in_no_session),
    ("LIFE-020", "session/starts", never_starts),
    ("LIFE-020", "session/other", ends_by_itself),
    ("LIFE-021", "session/listed", not_listed),
]


@pytest.mark.parametrize(("rule", "clause", "happens"), DEPARTURES)
def test_a_departure_of_a_session_is_found_under_its_clause(
    rule: str, clause: str, happens: Callable[[Session], None]
) -> None:
    told = Session()
    happens(told)
    findings = found(rule, told.history)
    assert {finding.clause for finding in findings} == {clause}
    assert findings[0].exchanges
    assert set(findings[0].exchanges) <= {exchange.number for exchange in told.history}


def whole_session(told: Session) -> None:
    told.open(job_count_limit=2)
    told.look(settings={"job_count_limit": 2})
    told.run_job()
    told.look("started", settings={"job_count_limit": 2})
    told.list_jobs(job(session_id=SESSION))
    limited = {"job_count_limit": 2}
    told.list_sessions(session("started", settings=limited), session(id=OTHER))
    told.end()
    told.look("ended", settings=limited)
    told.end()
    told.say("CreateJob", 409, refusal(409), sent={**PAYLOAD, "session_id": SESSION})


def late_job_fails(told: Session) -> None:
    told.open()
    told.end()
    told.run_job("failed")


def a_job_too_many_fails(told: Session) -> None:
    told.open(job_count_limit=1)
    told.run_job()
    told.run_job("failed", name=SECOND_JOB)


def ended_by_its_limit(told: Session) -> None:
    told.open(job_count_limit=1)
    told.run_job()
    told.look("ended", settings={"job_count_limit": 1})


def the_job_that_exceeds_the_budget(told: Session) -> None:
    told.open(cost_limit={"unit": "usd", "value": 1.0})
    told.run_job(cost=2.0)
    told.run_job("failed", name=SECOND_JOB)


def exactly_the_budget(told: Session) -> None:
    told.open(cost_limit={"unit": "usd", "value": 2.0})
    told.run_job(cost=2.0)
    told.run_job(name=SECOND_JOB)


def a_job_in_no_session_fails(told: Session) -> None:
    told.say("GetSession", 404, refusal(), ids={"session_id": SESSION})
    told.run_job("failed")


def expires_counted_from_its_creation(told: Session) -> None:
    told.open(duration_limit_min=30)
    told.look("created", settings={"expires_at": "2026-03-02T10:00:00.000Z"})
    told.look("started", settings={"expires_at": "2026-03-01T10:30:00.000Z"})


def limits_left_out(told: Session) -> None:
    told.open(job_count_limit=3)
    told.look(settings={})


def only_a_page_of_the_jobs(told: Session) -> None:
    told.open()
    told.run_job()
    told.list_jobs(job(id=SECOND_JOB, session_id=SESSION), following="cursor")


def a_filtered_list(told: Session) -> None:
    told.open()
    told.list_sessions(session("ended", id=OTHER), active=False)


def a_list_from_before(told: Session) -> None:
    told.list_sessions()
    told.open()


def deleted_from_its_session(told: Session) -> None:
    told.open()
    told.run_job()
    told.say("DeleteJob", 200, {"id": JOB, "status": "deleted"})
    told.list_jobs()


def strangers_list(told: Session) -> None:
    told.open()
    body: dict[str, Any] = {"organization_id": "o", "sessions": []}
    told.say("GetSessions", 200, body, credential=Credential.SECOND)


FREEDOM = [whole_session, late_job_fails, a_job_too_many_fails, ended_by_its_limit,
           the_job_that_exceeds_the_budget, exactly_the_budget, a_job_in_no_session_fails,
           limits_left_out, only_a_page_of_the_jobs, a_filtered_list, a_list_from_before,
           deleted_from_its_session, strangers_list]  # fmt: skip
RULES = sorted({rule for rule, _, _ in DEPARTURES})


@pytest.mark.parametrize("happens", FREEDOM)
def test_a_session_that_a_provider_may_tell_gives_no_finding(
    happens: Callable[[Session], None],
) -> None:
    told = Session()
    happens(told)
    assert [f for f in all_found(told.history) if f.partition(" ")[0] in RULES] == []


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule not in {"LIFE-018", "LIFE-019"}])
def test_a_whole_session_is_judged_by_every_rule_about_sessions(rule: str) -> None:
    told = Session()
    whole_session(told)
    assert judges(rule, told.history)
