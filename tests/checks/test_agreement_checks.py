"""Rules about agreement: one fact by two routes, one owner, one id, one result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from told import JOB, PAYLOAD, Told, all_found, contract, found, job

from conformance.checks.contract import Contract, settled
from conformance.model import Credential

OTHER = "b5ac2d9e-0000-4000-8000-000000000099"
SESSION = "5e551011-0000-4000-8000-000000000002"
PROJECT = "00000000-0000-4000-8000-0000000000bb"
WHO = {"key_id": "00000000-0000-4000-8000-0000000000dd", "key_name": "k", "project_id": PROJECT}
BACKEND = {
    "backend": "qpu.aria-1",
    "status": "available",
    "qubits": 25,
    "average_queue_time": 1,
    "last_updated": "2026-03-01T10:00:00Z",
}


def lost(told: Told) -> None:
    told.create()
    told.refuse("GetJob")


def drifting(told: Told) -> None:
    told.create()
    told.read()
    told.say("GetJobProbabilities", 200, {"0": 0.5, "3": 0.5})
    told.say("GetJobProbabilities", 200, {"0": 0.5000000001, "3": 0.4999999999})


def two_submitters(told: Told) -> None:
    told.create()
    told.read()
    told.create(job=OTHER)
    other = job(id=OTHER, submitter_id="somebody else")
    told.say("GetJob", 200, other, ids={"UUID": OTHER})


def another_project(told: Told) -> None:
    told.say("getWhoami", 200, {**WHO, "project_id": OTHER})
    told.create()
    told.read()


def strange_machine(told: Told) -> None:
    session = {"id": SESSION, "status": "created", "backend": "qpu.aria-1"}
    told.say("CreateSession", 201, session, sent={"backend": "qpu.aria-1"})
    told.create(session_id=SESSION, backend="simulator")
    told.read(session_id=SESSION)


def no_end_told(told: Told) -> None:
    told.create()
    told.read(completed_at=None)


def strangers_canceled(told: Told) -> None:
    told.say("CancelJobs", 200, {"ids": [JOB, OTHER], "status": "canceled"}, sent={"ids": [JOB]})


def one_id_twice(told: Told) -> None:
    told.create()
    told.create()


def backend_grows(told: Told) -> None:
    told.say("getBackends", 200, [BACKEND])
    told.say("getBackend", 200, {**BACKEND, "qubits": 26}, ids={"backend": "qpu.aria-1"})


def dear_job(told: Told) -> None:
    told.create()
    amount = {"value": 1.0, "unit": "usd"}
    cost = {"dry_run": False, "estimated_cost": amount, "cost": {"value": 2.0, "unit": "usd"}}
    told.say("GetJobCost", 200, cost)


def billed_though_never_run(told: Told) -> None:
    told.create()
    told.read("canceled")
    amount = {"value": 1.0, "unit": "usd"}
    told.say("GetJobCost", 200, {"dry_run": False, "estimated_cost": amount, "cost": amount})


DEPARTURES: list[tuple[str, Callable[[Told], None]]] = [
    ("LIFE-023", lost),
    ("LIFE-024", drifting),
    ("LIFE-025", two_submitters),
    ("LIFE-025", another_project),
    ("LIFE-026", strange_machine),
    ("LIFE-027", no_end_told),
    ("LIFE-028", strangers_canceled),
    ("LIFE-029", one_id_twice),
    ("LIST-005", backend_grows),
    ("COST-005", dear_job),
    ("COST-006", billed_though_never_run),
]

RULES = {"LIFE-022", *(rule for rule, _ in DEPARTURES)}


@pytest.mark.parametrize(("rule", "happens"), DEPARTURES, ids=[h.__name__ for _, h in DEPARTURES])
def test_a_departure_is_found(rule: str, happens: Callable[[Told], None]) -> None:
    told = Told()
    happens(told)
    assert found(rule, told.history)


def test_an_answer_about_another_job_is_found() -> None:
    told = Told()
    answer = told.say("CancelJob", 200, {"id": OTHER, "status": "canceled"})
    assert [f.clause for f in found("LIFE-022", answer)] == ["about/id"]


@pytest.mark.parametrize("operation", ["CancelJob", "DeleteJob", "GetJob"])
def test_an_answer_about_the_job_itself_is_right(operation: str) -> None:
    answer = Told().say(operation, 200, {"id": JOB, "status": "canceled"})
    assert found("LIFE-022", answer) == []


def plain(told: Told) -> None:
    told.say("getWhoami", 200, WHO)
    told.say("getBackends", 200, [BACKEND])
    told.say("getBackend", 200, {**BACKEND, "status": "running"}, ids={"backend": "qpu.aria-1"})
    told.create()
    told.read("started")
    told.read()
    for _ in range(2):
        told.say("GetJobProbabilities", 200, {"0": 0.5, "3": 0.5})
    told.create(job=OTHER)
    told.say("GetJob", 200, job(id=OTHER), ids={"UUID": OTHER})


def a_dry_run_never_started(told: Told) -> None:
    told.create(dry_run=True)
    told.read(dry_run=True, started_at=None, execution_duration_ms=None, results=None)


def deleted_and_gone(told: Told) -> None:
    told.create()
    told.say("DeleteJob", 200, {"id": JOB, "status": "deleted"})
    told.refuse("GetJob")


@pytest.mark.parametrize("happens", [plain, a_dry_run_never_started, deleted_and_gone])
def test_what_a_provider_may_tell_gives_no_finding(happens: Callable[[Told], None]) -> None:
    told = Told()
    happens(told)
    assert [f for f in all_found(told.history) if f.partition(" ")[0] in RULES] == []


def test_a_list_that_lags_within_its_bound_is_not_judged() -> None:
    told = Told()
    created = told.say("CreateJob", 201, {"id": JOB}, sent=PAYLOAD, started=1.0)
    soon = told.say("GetJobs", 200, {"jobs": [], "next": None}, started=1.5)
    late = told.say("GetJobs", 200, {"jobs": [], "next": None}, started=3.5)
    patient = _lagging(2.0)
    assert not settled(created, soon, patient)
    assert settled(created, late, patient)


def _lagging(seconds: float) -> Contract:
    return replace(contract(), lag=seconds)


@pytest.mark.parametrize("credential", [Credential.BARE, Credential.OTHER_SCHEME])
def test_a_key_in_another_form_is_judged_as_a_warning_would(credential: Credential) -> None:
    answer = Told().say("getWhoami", 200, WHO, credential=credential)
    assert [f.clause for f in found("ACCESS-009", answer)] == ["refusal"]
    refused = Told().say("getWhoami", 401, {"statusCode": 401}, credential=credential)
    assert found("ACCESS-009", refused) == []


def test_a_history_that_is_written_anew_in_its_list_is_read_anew() -> None:
    told = Told()
    told.create()
    told.read("completed")
    assert not found("LIFE-007", told.history)
    told.history.clear()
    told.create()
    told.read("completed", shots=7)
    assert found("LIFE-007", told.history)
