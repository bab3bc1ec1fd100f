"""Rules about changes, cancellations, metrics and the form of results."""

from __future__ import annotations

import json
from typing import Any

import pytest
from told_of import Talk

from conformance.model import Credential
from conformance.providers import provider

SESSION = {"session_id": "s-1"}


def session(**changes: Any) -> dict[str, Any]:
    limits = {"max_duration": "3600s", "max_idle_duration": "1200s"}
    return {"id": "s-1", "name": "old", "tags": ["a"], "status": "running", **limits, **changes}


def changed(sent: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> Talk:
    talk = Talk("scaleway")
    talk.say("GetSession", before, ids=SESSION)
    talk.say("UpdateSession", after, sent=sent, ids=SESSION)
    talk.say("GetSession", after, ids=SESSION)
    return talk


def test_a_change_that_was_not_made_is_found() -> None:
    assert changed({"name": "new"}, session(), session()).clauses("LIFE-030") == {"changed"}


def test_what_a_change_does_not_name_must_stay() -> None:
    after = session(name="new", tags=[])
    assert changed({"name": "new"}, session(), after).clauses("LIFE-030") == {"unnamed"}
    assert changed({"name": "new", "tags": None}, session(), after).clauses("LIFE-030")


def test_a_duration_may_be_written_in_two_ways() -> None:
    after = session(max_duration="60.000s")
    assert not changed({"max_duration": "60s"}, session(), after).found("LIFE-030")


def test_a_session_that_ended_meanwhile_owes_no_change() -> None:
    assert not changed({"name": "new"}, session(), session(status="stopped")).found("LIFE-030")


def test_tags_of_a_job_are_read_under_the_path_of_the_job() -> None:
    talk = Talk("ibm")
    talk.say("replace_job_tags", status=204, sent={"tags": ["new"]}, ids={"id": "j"})
    talk.say("get_job_by_id", {"id": "j", "tags": ["old"]}, ids={"id": "j"})
    assert talk.clauses("LIFE-030") == {"changed"}


def canceling(status: str, refusal: int = 409) -> Talk:
    talk = Talk("ibm")
    talk.say("create_job", {"id": "j", "backend": "b"}, sent={"program_id": "sampler"})
    talk.say("cancel_job", {"errors": []}, status=refusal, ids={"id": "j"})
    talk.say("get_job_by_id", {"id": "j", "status": status}, ids={"id": "j"})
    return talk


def test_a_job_that_waits_after_it_could_not_be_canceled_is_found() -> None:
    assert canceling("Queued").clauses("LIFE-031") == {"cancel/refused"}


@pytest.mark.parametrize("status", ["Running", "Completed", "Cancelled"])
def test_a_job_that_may_have_started_meanwhile_need_not_be_cancelable(status: str) -> None:
    assert not canceling(status).found("LIFE-031")
    assert not canceling("Queued", refusal=429).found("LIFE-031")


def metrics(created: str | None, running: str | None, finished: str | None, used: float) -> Any:
    times = {"created": created, "running": running, "finished": finished}
    moments = {n: f"2026-03-01T10:00:{t}Z" if t else None for n, t in times.items()}
    return {"timestamps": moments, "usage": {"quantum_seconds": used}}


def measured(status: str, *told: Any) -> Talk:
    """Return a history in which a job ended, and its metrics were read after that."""
    talk = Talk("ibm")
    reading = {"id": "j", "status": status, "created": "2026-03-01T10:00:00Z"}
    talk.say("create_job", {"id": "j", "backend": "b"}, sent={"program_id": "sampler"})
    talk.say("get_job_by_id", reading, ids={"id": "j"})
    for one in told:
        talk.say("get_job_metrics", one, ids={"id": "j"})
    return talk


RIGHT = metrics("00", "01", "02", 1.0)


def test_right_metrics_are_no_finding() -> None:
    assert not measured("Completed", RIGHT, RIGHT).found("LIFE-032")
    assert not measured("Cancelled", metrics("00", None, "02", 0)).found("LIFE-032")
    assert not measured("Completed", {"usage": {"seconds": 1}}).found("LIFE-032")


@pytest.mark.parametrize(
    ("status", "told", "clause"),
    [
        ("Completed", [metrics("00", "03", "02", 1.0)], "metrics/time"),
        ("Completed", [metrics("00", "01", "02", -1.0)], "metrics/use"),
        ("Completed", [metrics("09", None, None, 1.0)], "metrics/made"),
        ("Completed", [RIGHT, metrics("00", "01", "03", 1.0)], "metrics/moved"),
        ("Completed", [RIGHT, metrics("00", "01", "02", 2.0)], "metrics/moved"),
        ("Cancelled", [metrics("00", None, "02", 4.0)], "metrics/unrun"),
    ],
)
def test_metrics_that_do_not_fit_the_job_are_found(
    status: str, told: list[Any], clause: str
) -> None:
    assert measured(status, *told).clauses("LIFE-032") == {clause}


def test_an_end_that_is_told_while_the_job_runs_is_found() -> None:
    talk = Talk("ibm")
    talk.say("create_job", {"id": "j", "backend": "b"}, sent={"program_id": "sampler"})
    talk.say("get_job_metrics", RIGHT, ids={"id": "j"})
    talk.say("get_job_by_id", {"id": "j", "status": "Running"}, ids={"id": "j"})
    assert talk.clauses("LIFE-032") == {"metrics/early"}


def circuits(*widths: int) -> list[dict[str, Any]]:
    gates = [{"gate": "x", "target": 0}]
    return [{"qubits": w, "gateset": "qis", "circuit": gates} for w in widths]


def sampled(*registers: tuple[int, list[str]]) -> dict[str, Any]:
    results = [{"data": {"c": {"samples": s, "num_bits": n}}} for n, s in registers]
    return {"results": results}


@pytest.mark.parametrize(
    ("results", "wrong"),
    [
        (sampled((2, ["0x1", "0x3"]), (1, ["0x0", "0x1"])), False),
        (sampled((2, ["0x1", "0x3"])), True),
        (sampled((1, ["0x0", "0x1"]), (2, ["0x1", "0x3"])), True),
        (sampled((2, ["0x1"]), (1, ["0x0", "0x1"])), True),
        (sampled((2, ["0x1", "0x4"]), (1, ["0x0", "0x1"])), True),
        ({"of": "another form"}, False),
    ],
)
def test_results_of_several_pubs_have_the_form_of_each(
    results: dict[str, Any], *, wrong: bool
) -> None:
    facts = provider("ibm").jobs
    assert facts.several is not None
    payload = facts.several(circuits(2, 1), backend="b", shots=2)
    assert bool(facts.misshapen(payload, results)) is wrong


@pytest.mark.parametrize(
    ("counts", "wrong"),
    [
        ([{"0x1": 2}, {"0x0": 1, "0x1": 1}], False),
        ([{"0x1": 2}], True),
        ([{"0x1": 3}, {"0x1": 2}], True),
        ([{"0x1": 2}, {"0x2": 2}], True),
    ],
)
def test_counts_of_several_circuits_have_the_form_of_each(
    counts: list[dict[str, int]], *, wrong: bool
) -> None:
    facts = provider("scaleway").jobs
    assert facts.several is not None
    payload = facts.several(circuits(2, 1), backend="b", shots=2, session_id="s")
    told = {"results": [{"shots": 2, "data": {"counts": one}} for one in counts]}
    results = {"job_results": [{"result": json.dumps(told)}]}
    assert bool(facts.misshapen(payload, results)) is wrong
    assert facts.misshapen({}, results) == ""


def test_a_name_that_gives_another_accounts_session_is_found() -> None:
    talk = Talk("scaleway")
    sent = {"project_id": "p", "platform_id": "q", "deduplication_id": "d"}
    talk.say("CreateSession", session(), sent=sent)
    talk.say("CreateSession", session(), sent=sent, credential=Credential.SECOND)
    assert talk.clauses("SESSION-005") == {"session/name/account"}


def lasted(status: str, duration: str | None) -> Talk:
    talk = Talk("scaleway")
    times = {"created_at": "2026-03-01T10:00:00Z", "updated_at": "2026-03-01T10:00:09Z"}
    reading = {"id": "j", "status": status, "job_duration": duration, **times}
    talk.say("CreateJob", {"id": "j", "status": "waiting"}, sent={"session_id": "s", "name": "n"})
    talk.say("GetJob", reading, ids={"job_id": "j"})
    return talk


def test_a_duration_is_told_after_the_end_and_fits_the_moments_of_the_job() -> None:
    assert not lasted("completed", "2.5s").found("LIFE-006")
    assert not lasted("waiting", None).found("LIFE-006")
    assert lasted("waiting", "2.5s").clauses("LIFE-006") == {"time/job_duration"}
    assert lasted("completed", "-2.5s").clauses("LIFE-006") == {"time/job_duration"}
    assert lasted("completed", "7200s").clauses("LIFE-006") == {"time/job_duration"}


def given(told: dict[str, Any]) -> Talk:
    talk = Talk("scaleway")
    sent = {"session_id": "s", "name": "n", "circuit": {"qiskit_circuit": '{"run": {}}'}}
    talk.say("CreateJob", {"id": "j", "status": "waiting"}, sent=sent)
    talk.say("GetJobCircuit", told, ids={"job_id": "j"})
    return talk


def test_the_circuit_of_a_job_is_the_one_submitted_in_whatever_layout() -> None:
    assert not given({"qiskit_circuit": '{ "run" : {} }'}).found("LIFE-033")
    assert not given({"qiskit_circuit": '{"run": {}}', "perceval_circuit": None}).found("LIFE-033")
    assert given({"qiskit_circuit": "{}"}).clauses("LIFE-033") == {"given"}
    both = {"qiskit_circuit": '{"run": {}}', "perceval_circuit": "{}"}
    assert given(both).clauses("LIFE-033") == {"given"}


def ending(*states: str) -> Talk:
    talk = Talk("scaleway")
    sent = {"project_id": "p", "platform_id": "q"}
    talk.say("CreateSession", session(), sent=sent)
    talk.say("TerminateSession", session(status="stopping"), sent={}, ids=SESSION)
    for status in states:
        talk.say("GetSession", session(status=status), ids=SESSION)
    return talk


def test_a_session_that_stops_for_as_long_as_anybody_looks_is_found() -> None:
    assert ending(*["stopping"] * 3).clauses("LIFE-014") == {"session/never"}
    assert not ending("stopping").found("LIFE-014")
    assert not ending(*["stopping"] * 3, "stopped").found("LIFE-014")


def unended(started: str, stopped: str, **limits: str) -> Talk:
    talk = Talk("scaleway")
    talk.say("CreateSession", session(**limits), sent={"project_id": "p", "platform_id": "q"})
    moments = {"created_at": started, "started_at": started, "terminated_at": stopped}
    talk.say("GetSession", session(status="stopped", **moments, **limits), ids=SESSION)
    return talk


def test_a_session_that_ends_by_itself_before_its_limits_is_found() -> None:
    begin, soon, late = (f"2026-03-01T{t}Z" for t in ("10:00:00", "10:00:09", "10:20:00"))
    assert unended(begin, soon).clauses("LIFE-020") == {"session/early"}
    assert not unended(begin, late).found("LIFE-020")
    assert not unended(begin, soon, max_idle_duration="5s").found("LIFE-020")


def used(*told: float, reached: Any = False, **period: Any) -> Talk:
    talk = Talk("ibm")
    for seconds in told:
        body = {"usage_consumed_seconds": seconds, "usage_limit_seconds": 100}
        talk.say("get_usage", {**body, "usage_limit_reached": reached, "usage_period": period})
    return talk


def test_what_an_account_has_used_neither_falls_nor_contradicts_itself() -> None:
    assert not used(1.0, 1.0, 2.0).found("COST-007")
    assert not used(100.0, reached=True).found("COST-007")
    assert used(2.0, 1.0).clauses("COST-007") == {"usage/usage_consumed_seconds"}
    assert used(-1.0).clauses("COST-007") == {"usage/usage_consumed_seconds"}
    assert used(1.0, reached=True).clauses("COST-007") == {"usage/usage_limit_reached"}
    turned = {"start_time": "2026-03-01T00:00:00Z", "end_time": "2026-02-01T00:00:00Z"}
    assert used(1.0, **turned).clauses("COST-007") == {"usage/usage_period/end_time"}


def test_use_begins_anew_with_its_period() -> None:
    talk = used(9.0, start_time="2026-03-01T00:00:00Z")
    talk.history += used(1.0, start_time="2026-04-01T00:00:00Z").history
    assert not talk.found("COST-007")
