"""Rules about the jobs of a session and what it says of its course."""

from __future__ import annotations

from typing import Any

from told_of import Talk, contract_of

from conformance.checks.input import objection

OPEN = {"status": "open", "timestamp": "2026-03-01T10:00:00Z"}
ACTIVE = {"status": "active", "timestamp": "2026-03-01T10:00:05Z"}
CLOSED = {"status": "closed", "timestamp": "2026-03-01T10:00:09Z"}


def session(state: str = "active", **changes: Any) -> dict[str, Any]:
    told = {"id": "s", "backend_name": "b", "mode": "dedicated", "state": state}
    return {**told, "timestamps": [OPEN, ACTIVE], **changes}


class Course(Talk):
    """A session and one job in it."""

    def begin(self, **payload: Any) -> None:
        sent = {"mode": "dedicated", "backend": "b", "max_ttl": 7200, **payload}
        self.say("create_session", session("open", timestamps=[OPEN]), sent=sent)
        inside = {"program_id": "sampler", "backend": "b", "session_id": "s"}
        self.say("create_job", {"id": "j", "backend": "b", "session_id": "s"}, sent=inside)

    def job(self, status: str) -> None:
        self.say("get_job_by_id", {"id": "j", "status": status}, ids={"id": "j"})

    def look(self, state: str = "active", **changes: Any) -> None:
        self.say("get_session", session(state, **changes), ids={"id": "s"})

    def close(self) -> None:
        self.say("update_session", sent={"accepting_jobs": False}, status=204, ids={"id": "s"})

    def end(self) -> None:
        self.say("delete_session_close", status=204, ids={"id": "s"})


def course(*, max_ttl: int = 7200) -> Course:
    talk = Course("ibm")
    talk.begin(max_ttl=max_ttl)
    return talk


def test_a_job_of_a_session_closed_to_new_ones_must_not_be_dropped() -> None:
    talk = course()
    talk.close()
    talk.job("Cancelled")
    assert talk.clauses("SESSION-008") == {"session/closed/dropped"}


def test_a_session_whose_own_limit_may_have_ended_it_may_drop_its_jobs() -> None:
    talk = course(max_ttl=3)
    talk.close()
    talk.job("Cancelled")
    assert not talk.found("SESSION-008")


def test_a_job_that_runs_when_its_session_is_told_to_end_is_finished() -> None:
    talk = course()
    talk.job("Running")
    talk.end()
    talk.job("Cancelled")
    assert talk.clauses("SESSION-008") == {"session/end/dropped"}


def test_a_job_that_waits_when_its_session_is_told_to_end_is_dropped_rightly() -> None:
    talk = course()
    talk.job("Queued")
    talk.end()
    talk.job("Cancelled")
    assert not talk.found("SESSION-008")


def test_a_job_of_an_ended_session_that_waits_on_is_found() -> None:
    talk = course()
    talk.end()
    for _ in range(4):
        talk.job("Queued")
    assert talk.clauses("SESSION-008") == {"session/end/stranded"}


def test_a_state_that_is_not_in_the_list_of_states_is_found() -> None:
    talk = course()
    talk.look(timestamps=[OPEN])
    assert talk.clauses("SESSION-010") == {"session/log"}


def test_a_list_of_states_may_be_in_any_order() -> None:
    talk = course()
    talk.look(timestamps=[ACTIVE, OPEN])
    talk.look("closed", timestamps=[CLOSED, ACTIVE, OPEN])
    assert not talk.found("SESSION-010")


def test_a_first_state_after_another_is_found() -> None:
    talk = course()
    talk.look(timestamps=[{**OPEN, "timestamp": "2026-03-01T10:00:06Z"}, ACTIVE])
    assert talk.clauses("SESSION-010") == {"session/log/order"}


def test_a_moment_that_is_not_in_the_list_of_states_is_found() -> None:
    talk = course()
    talk.look(activated_at="2026-03-01T09:59:00Z")
    assert talk.clauses("SESSION-010") == {"session/log/activated_at"}


def test_use_that_grows_when_all_has_ended_is_found_and_null_before_is_not() -> None:
    talk = course()
    talk.look(elapsed_time=None)
    talk.job("Completed")
    talk.look("closed", timestamps=[OPEN, ACTIVE, CLOSED], elapsed_time=1.0)
    assert not talk.found("SESSION-010")
    talk.look("closed", timestamps=[OPEN, ACTIVE, CLOSED], elapsed_time=2.0)
    assert talk.clauses("SESSION-010") == {"session/used/grows"}


def counted(waiting: int, finished: int) -> Talk:
    talk = Talk("scaleway")
    told = {"id": "s", "status": "running"}
    talk.say("CreateSession", told, sent={"project_id": "p", "platform_id": "q"})
    talk.say("CreateJob", {"id": "j", "status": "waiting"}, sent={"session_id": "s", "name": "n"})
    talk.say("GetJob", {"id": "j", "status": "completed"}, ids={"job_id": "j"})
    counts = {"waiting_job_count": waiting, "finished_job_count": finished}
    talk.say("GetSession", {**told, **counts}, ids={"session_id": "s"})
    return talk


def test_a_session_that_counts_more_or_fewer_jobs_than_it_has_is_found() -> None:
    assert not counted(0, 1).found("SESSION-009")
    assert counted(1, 1).clauses("SESSION-009") == {"session/count"}
    assert counted(0, 0).clauses("SESSION-009") == {"session/count"}


def test_durations_in_two_forms_and_limits_that_a_plan_lowers_are_as_asked() -> None:
    talk = course()
    talk.look(max_ttl=600)
    assert not talk.found("LIFE-016")
    talk.look(max_ttl=28800)
    assert talk.clauses("LIFE-016") == {"session/echo/max_ttl"}
    other = Talk("scaleway")
    sent = {"project_id": "p", "platform_id": "q", "max_duration": "7200s"}
    told = {"id": "s", "status": "running", "max_duration": "7200.000s"}
    other.say("CreateSession", told, sent=sent)
    assert not other.found("LIFE-016")


def test_an_empty_text_lets_the_service_choose_and_any_other_must_come_back() -> None:
    for asked, clauses in (("", set()), ("q", {"session/echo/platform_id"})):
        talk = Talk("scaleway")
        told = {"id": "s", "status": "running", "platform_id": "chosen"}
        talk.say("CreateSession", told, sent={"project_id": "p", "platform_id": asked})
        assert talk.clauses("LIFE-016") == clauses


def test_a_parameter_of_which_documents_disagree_may_be_left_out_but_not_wrong() -> None:
    talk = Talk("scaleway")
    talk.say("ListSessions", {"total_count": 0, "sessions": []})
    talk.say("ListSessions", {"total_count": 0, "sessions": []}, page="first")
    left_out, wrong = (objection(e, contract_of("scaleway")) for e in talk.history)
    assert left_out is None
    assert wrong is not None
    assert wrong[0] == "request.query/page"
