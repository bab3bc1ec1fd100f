"""Rules about histories: what happened to one job, read in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from told import BELL, JOB, PAYLOAD, Told, all_found, found, job, refusal

from conformance.model import Credential, Delivery, Problem

HALF = {"0": 0.5, "3": 0.5}
CHILDREN = ["child-1", "child-2"]
TWO: dict[str, Any] = {
    "type": "ionq.multi-circuit.v1",
    "input": {
        "gateset": "qis",
        "qubits": 1,
        "circuits": [{"circuit": [{"gate": "x", "target": 0}]}, {"circuit": []}],
    },
}


def results(told: Told, answer: Any) -> None:
    told.say("GetJobProbabilities", 200, answer)


def steps_back(told: Told) -> None:
    told.create()
    told.read("started")
    told.read("ready")


def comes_back(told: Told) -> None:
    told.create()
    told.read()
    told.read("started")


def early_results(told: Told) -> None:
    told.create()
    told.read("failed")
    results(told, HALF)


def withheld(told: Told) -> None:
    told.create()
    told.read(results=None)


def seed_lost(told: Told) -> None:
    told.create(noise={"model": "ideal", "seed": 7})
    told.read(noise={"model": "ideal"})


def refused_results(told: Told) -> None:
    told.create()
    told.read()
    told.refuse("GetJobProbabilities")


def runs_though_canceled(told: Told) -> None:
    told.create()
    told.say("CancelJob", 200, {"id": JOB, "status": "canceled"})
    told.read("ready")
    told.read()


def undead(told: Told) -> None:
    told.create()
    told.say("DeleteJob", 200, {"id": JOB, "status": "deleted"})
    told.read()


def disordered(told: Told) -> None:
    told.create()
    told.read(completed_at="2026-03-01T09:00:00Z")


def altered(told: Told) -> None:
    told.create(metadata={"k": "V"})
    told.read(metadata={"k": "v"})


def stuck(told: Told) -> None:
    told.create()
    told.read("submitted", started=0.1)
    told.read("submitted", started=9.5)


def silent(told: Told) -> None:
    told.create()
    told.read("failed", failure=None)


def fails(told: Told) -> None:
    told.create()
    told.read("failed", failure={"code": "UnsupportedGate", "message": "no h"})


def childless(told: Told) -> None:
    told.create(**TWO)
    told.read(type=TWO["type"], child_job_ids=CHILDREN[:1])


def wrong_outcomes(told: Told) -> None:
    told.create()
    told.read()
    results(told, {"0": 1.0})


def no_distribution(told: Told) -> None:
    told.create()
    told.read()
    results(told, {"0": 0.5, "3": 0.4})


def wrong_order(told: Told) -> None:
    told.create(**TWO)
    told.read(type=TWO["type"], child_job_ids=CHILDREN)
    answer = {CHILDREN[1]: {"0": 1.0}, CHILDREN[0]: {"1": 1.0}}
    told.say("GetJobAggregatedProbabilities", 200, answer)


def wrong_width(told: Told) -> None:
    told.create()
    told.read(stats={"qubits": 3, "circuits": 1})


def billed_dry_run(told: Told) -> None:
    told.create(dry_run=True)
    cost = {"value": 3.0, "unit": "usd"}
    told.say("GetJobCost", 200, {"dry_run": True, "estimated_cost": cost, "cost": cost})


def falling_estimate(told: Told) -> None:
    for shots, cost in ((100, 5.0), (200, 4.0)):
        told.say("EstimateJobCost", 200, {"estimated_cost": cost}, query={"shots": shots})


def usage_of_the_day_after(told: Told) -> None:
    _usage_until(told, "2026-03-02", job_count=1)


def _usage_until(told: Told, end: str, *, job_count: int) -> None:
    day = {"from": "2026-03-02", "job_count": job_count, "amount": 0, "time_us": 0}
    query = {"start_date": "2026-03-01", "end_date": end, "modality": "daily"}
    body = {"modality": "daily", "job_count": job_count, "usage_data": [day]}
    told.say("get-usages", 200, body, ids={"organization_id": JOB}, query=query)


def usage_of_its_last_day(told: Told) -> None:
    _usage_until(told, "2026-03-03", job_count=1)


def a_day_without_jobs_told_too_much(told: Told) -> None:
    _usage_until(told, "2026-03-02", job_count=0)


def longer_in_sum_than_in_time(told: Told) -> None:
    told.create(**TWO)
    told.read(child_job_ids=CHILDREN, execution_duration_ms=3_000)


def unasked_entry(told: Told) -> None:
    body = {"jobs": [job("failed")], "next": None}
    told.say("GetJobs", 200, body, query={"status": "completed"})


def told_in_microseconds(told: Told) -> None:
    told.create()
    told.read(execution_duration_ms=900_000)


def circuits_run_though_canceled(told: Told) -> None:
    _canceled_family(told, "submitted", "completed")


def _canceled_family(told: Told, *states: str) -> None:
    told.create(**TWO)
    told.say("CancelJob", 200, {"id": JOB, "status": "canceled"})
    told.read("canceled", child_job_ids=CHILDREN)
    for state in states:
        body = job(state, id=CHILDREN[1], parent_job_id=JOB)
        told.say("GetJob", 200, body, ids={"UUID": CHILDREN[1]})


def lost_entry(told: Told) -> None:
    told.create()
    told.say("GetJobs", 200, {"jobs": [], "next": None}, query={"ids": [JOB], "limit": 2})


def disagreeing_entry(told: Told) -> None:
    told.create()
    told.read()
    told.say("GetJobs", 200, {"jobs": [job(name="other")], "next": None}, query={"ids": [JOB]})


def leaked_entry(told: Told) -> None:
    told.create()
    told.say("GetJobs", 200, {"jobs": [job()], "next": None}, credential=Credential.SECOND)


def deleted_by_a_stranger(told: Told) -> None:
    told.create()
    told.read()
    told.say("DeleteJob", 404, refusal(), credential=Credential.SECOND)
    told.refuse("GetJob")


def not_the_sum(told: Told) -> None:
    parts = [{"from": "2026-03-01", "amount": 2.0}, {"from": "2026-02-01", "amount": 1.0}]
    ids = {"organization_id": JOB}
    told.say("get-usages", 200, {"amount_total": 9.0, "usage_data": parts}, ids=ids)


def another_reports_modality(told: Told) -> None:
    body = {"modality": "weekly", "usage_data": []}
    query = {"modality": "daily"}
    told.say("get-usages", 200, body, ids={"organization_id": JOB}, query=query)


def oldest_first(told: Told) -> None:
    parts = [{"from": "2026-02-01"}, {"from": "2026-03-01"}]
    told.say("get-usages", 200, {"usage_data": parts}, ids={"organization_id": JOB})


def miscounted(told: Told) -> None:
    parts = [{"from": "2026-03-01", "job_count": 2, "time_us": 5}]
    body = {"job_count": 3, "time_us_total": 5, "usage_data": parts}
    told.say("get-usages", 200, body, ids={"organization_id": JOB})


def run_priced_as_dry(told: Told) -> None:
    told.create()
    told.say("GetJobCost", 200, {"dry_run": True, "estimated_cost": {"value": 0, "unit": "usd"}})


RATES = {"rate_information": {"job_cost_minimum": 2.0, "cost_1q_gate": 0.1, "cost_2q_gate": 1.0}}


def estimate_below_its_minimum(told: Told) -> None:
    told.say("EstimateJobCost", 200, {"estimated_cost": 1.0, **RATES}, query={"shots": 10})


def estimate_that_stands_still(told: Told) -> None:
    for shots in (100, 200):
        told.say("EstimateJobCost", 200, {"estimated_cost": 5.0, **RATES},
                 query={"shots": shots, "2q_gates": 3})  # fmt: skip


def estimate_of_another_default(told: Told) -> None:
    body = {"input_values": {"shots": 5}, "estimated_cost": 1.0}
    told.say("EstimateJobCost", 200, body, query={"backend": "qpu.aria-1"})


def estimate_of_other_shots(told: Told) -> None:
    body = {"input_values": {"shots": 11}, "estimated_cost": 1.0}
    told.say("EstimateJobCost", 200, body, query={"shots": 10})


def without_shots(told: Told, shots: int) -> None:
    sent = {name: value for name, value in PAYLOAD.items() if name != "shots"}
    answer = {"id": JOB, "status": "submitted", "session_id": None}
    told.say("CreateJob", 201, answer, sent=sent)
    told.read(shots=shots)


def shots_of_another_default(told: Told) -> None:
    without_shots(told, 1000)


def no_shots_were_taken(told: Told) -> None:
    without_shots(told, 0)


def ran_without_a_start(told: Told) -> None:
    told.create()
    failure = {"code": "InvalidInput", "message": "no"}
    told.read("failed", started_at=None, execution_duration_ms=12, failure=failure)


def cost_grows(told: Told) -> None:
    told.create()
    told.read("completed")
    for value in (25.0, 25.01):
        amount = {"value": value, "unit": "usd"}
        told.say("GetJobCost", 200, {"dry_run": False, "estimated_cost": amount, "cost": amount})


def one_price_then_another(told: Told, *names: str) -> None:
    for price, query in ((1.0, {}), (2.0, {"shots": 1000})):
        values = {name: 1000 for name in ("shots",) if name in names}
        body = {"input_values": {"backend": "qpu.aria-1", **values}, "estimated_cost": price}
        told.say("EstimateJobCost", 200, body, query={"backend": "qpu.aria-1", **query})


def two_prices_for_the_same(told: Told) -> None:
    one_price_then_another(told, "shots")


def two_prices_for_values_untold(told: Told) -> None:
    one_price_then_another(told)


def refused_and_kept(told: Told) -> None:
    told.say("GetJobs", 200, {"jobs": [job(id="older")], "next": None})
    told.say("CreateJob", 400, refusal(400), sent={**PAYLOAD, "shots": "x", "name": "wrong"})
    listed = [job(id="new", name="wrong"), job(id="older")]
    told.say("GetJobs", 200, {"jobs": listed, "next": None})


def outside_its_register(told: Told) -> None:
    told.create(input={**BELL, "circuit": [{"gate": "x", "target": 9}]})
    told.read()


def on_no_backend(told: Told) -> None:
    told.say("getBackends", 200, [{"backend": "simulator"}])
    told.create(backend="qpu.no-such")
    told.read(backend="qpu.no-such")


def broken_off_and_kept(told: Told) -> None:
    told.say("GetJobs", 200, {"jobs": [], "next": None})
    body = {**PAYLOAD, "name": "cut"}
    sent = told.say("CreateJob", problem=Problem.UNSENDABLE, sent=body)
    request = replace(sent.case.request, delivery=Delivery.BROKEN_OFF)
    told.history[-1] = replace(sent, case=replace(sent.case, request=request))
    told.say("GetJobs", 200, {"jobs": [job(id="half", name="cut")], "next": None})


def links_to(url: str) -> Callable[[Told], None]:
    def happens(told: Told) -> None:
        told.create()
        told.read(results={"probabilities": {"url": url}})

    return happens


def ended_among_active(told: Told) -> None:
    listed = [{"id": "s", "active": True}, {"id": "t", "active": False}]
    told.say("GetSessions", 200, {"sessions": listed}, query={"active": True})


DEPARTURES: list[tuple[str, str, Callable[[Told], None]]] = [
    ("LIFE-001", "order", steps_back),
    ("LIFE-002", "final/status", comes_back),
    ("LIFE-003", "results/early", early_results),
    ("LIFE-003", "results/field", withheld),
    ("LIFE-003", "results/missing", refused_results),
    ("LIFE-004", "canceled", runs_though_canceled),
    ("LIFE-006", "time/execution_duration_ms", told_in_microseconds),
    ("COST-003", "cost/usage_data/0/from", usage_of_the_day_after),
    ("LIFE-004", "canceled/circuit", circuits_run_though_canceled),
    ("LIFE-005", "deleted", undead),
    ("LIFE-006", "time/completed_at", disordered),
    ("LIFE-007", "echo/metadata", altered),
    ("LIFE-007", "echo/noise/seed", seed_lost),
    ("LIFE-008", "end", stuck),
    ("LIFE-011", "failure", silent),
    ("LIFE-012", "completes/a valid circuit", fails),
    ("LIFE-013", "children", childless),
    ("PHYS-001", "probabilities/", wrong_outcomes),
    ("PHYS-002", "distribution/sum", no_distribution),
    ("PHYS-003", "aggregate/order", wrong_order),
    ("PHYS-004", "stats/qubits", wrong_width),
    ("COST-001", "monotone/shots", falling_estimate),
    ("COST-002", "cost/cost/value", billed_dry_run),
    ("COST-001", "monotone/shots", estimate_that_stands_still),
    ("COST-001", "cost/estimated_cost", estimate_below_its_minimum),
    ("COST-002", "cost/dry_run", run_priced_as_dry),
    ("COST-003", "cost/amount_total", not_the_sum),
    ("COST-003", "cost/job_count", miscounted),
    ("COST-003", "cost/modality", another_reports_modality),
    ("COST-003", "cost/usage_data", oldest_first),
    ("COST-001", "monotone/same", two_prices_for_the_same),
    ("LIFE-002", "final/cost", cost_grows),
    ("LIFE-006", "time/execution_duration_ms", ran_without_a_start),
    ("LIFE-007", "echo/shots", shots_of_another_default),
    ("COST-004", "input/shots", estimate_of_other_shots),
    ("COST-004", "input/shots", estimate_of_another_default),
    ("INPUT-004", "refused/created", refused_and_kept),
    ("INPUT-004", "refused/created", broken_off_and_kept),
    ("INPUT-005", "impossible", outside_its_register),
    ("INPUT-005", "impossible", on_no_backend),
    ("LIFE-017", "url/probabilities", links_to(f"/jobs/{JOB}/results/probabilities")),
    ("LIFE-017", "url/probabilities", links_to("/v0.4/jobs/other/results/probabilities")),
    ("LIFE-017", "url/probabilities", links_to("https://elsewhere.example/v0.4/jobs")),
    ("LIST-004", "list/active", ended_among_active),
    ("LIST-001", "list/once", lost_entry),
    ("LIST-002", "list/status", unasked_entry),
    ("LIST-003", "list/same/name", disagreeing_entry),
    ("ACCESS-006", "list/tenant", leaked_entry),
    ("ACCESS-008", "intruder/job", deleted_by_a_stranger),
]


@pytest.mark.parametrize(("rule", "clause", "happens"), DEPARTURES)
def test_a_departure_is_found_under_its_clause(
    rule: str, clause: str, happens: Callable[[Told], None]
) -> None:
    told = Told()
    happens(told)
    findings = found(rule, told.history)
    assert findings
    assert clause.removeprefix("list/same") in findings[0].clause
    assert findings[0].clause.startswith(clause.partition("/")[0]) or "same" in clause
    assert set(findings[0].exchanges) <= {exchange.number for exchange in told.history}
    assert findings[0].exchanges


def whole_life(told: Told) -> None:
    told.create(metadata={"Key": "Ü\x1e"}, name="n")
    for status in ("submitted", "ready", "started", "completed", "completed"):
        told.read(status, metadata={"Key": "Ü\x1e"}, name="n")
    results(told, HALF)
    told.say("DeleteJob", 200, {"id": JOB, "status": "deleted"})
    told.refuse("GetJob")


def skipped_states(told: Told) -> None:
    told.create()
    told.read()


def late_cancel_shown(told: Told) -> None:
    told.create()
    told.read()
    told.say("CancelJob", 200, {"id": JOB, "status": "canceled"})
    told.read("canceled", started_at="2026-03-01T10:00:01.000Z",
              completed_at="2026-03-01T10:00:02.000Z")  # fmt: skip


def late_cancel_refused(told: Told) -> None:
    told.create()
    told.read()
    told.refuse("CancelJob", 409)
    told.read()


def running_circuit_completes(told: Told) -> None:
    _canceled_family(told, "started", "completed")


def rest_on_the_next_page(told: Told) -> None:
    told.create()
    told.read()
    told.say("GetJobs", 200, {"jobs": [], "next": "2"}, query={"ids": [JOB]})


def running_job_completes(told: Told) -> None:
    told.create()
    told.say("CancelJob", 200, {"id": JOB, "status": "canceled"})
    told.read("started")
    told.read()


def aggregate_of_a_single_circuit(told: Told) -> None:
    told.create()
    told.read()
    results(told, HALF)
    told.say("GetJobAggregatedProbabilities", 200, {JOB: HALF})


def results_not_yet(told: Told) -> None:
    told.create()
    told.read("started")
    told.refuse("GetJobProbabilities")
    told.read()
    results(told, HALF)


def no_aggregate_of_a_single_circuit(told: Told) -> None:
    told.create()
    told.read()
    told.refuse("GetJobAggregatedProbabilities")


def results_asked_for_with_a_query(told: Told) -> None:
    told.create()
    told.read()
    told.say("GetJobProbabilities", 400, refusal(400), query={"sharpen": "perhaps"})


def dry(told: Told) -> None:
    told.create(dry_run=True)
    told.read(dry_run=True, results=None)
    told.refuse("GetJobProbabilities")


def zeros_left_in(told: Told) -> None:
    told.create()
    told.read()
    results(told, {"0": 0.5, "1": 0.0, "2": 0, "3": 0.5})


def single_precision(told: Told) -> None:
    told.create()
    told.read()
    results(told, {"0": 0.49999997, "1": 3e-17, "3": 0.49999997})


def offset_times(told: Told) -> None:
    told.create()
    told.read(started_at="2026-03-01T12:00:01+02:00")


def absent_fields(told: Told) -> None:
    told.create()
    told.say("GetJob", 200, {k: v for k, v in job().items() if k not in ("noise", "name")})


def limits_of_its_own(told: Told) -> None:
    told.create()
    told.read("failed", failure={"code": "TooManyGates", "message": "3 at most"})


def slow_but_ends(told: Told) -> None:
    told.create()
    told.read("submitted", started=0.1)
    told.read("started", started=9.0)
    told.read(started=9.9)


def other_accounts_jobs(told: Told) -> None:
    entries = [job(id="older-1"), job("failed", id="older-2")]
    told.say("GetJobs", 200, {"jobs": entries, "next": "cursor"}, query={"limit": 5})


def refused_and_gone(told: Told) -> None:
    named_alike = job(id="older", name="wrong")
    told.say("GetJobs", 200, {"jobs": [named_alike], "next": None})
    told.say("CreateJob", 400, refusal(400), sent={**PAYLOAD, "shots": "x", "name": "wrong"})
    told.say("GetJobs", 200, {"jobs": [named_alike], "next": None})


def impossible_and_failed(told: Told) -> None:
    told.say("getBackends", 200, [{"backend": "simulator", "status": "available"}])
    body = {**PAYLOAD, "input": {**BELL, "circuit": [{"gate": "x", "target": 9}]}}
    told.say("CreateJob", 201, {"id": JOB, "status": "submitted", "session_id": None}, sent=body)
    told.read("failed", failure={"code": "InvalidInput", "message": "no qubit 9"})


def sessions_by_activity(told: Told) -> None:
    for active in (True, False):
        listed = [{"id": "s", "active": active}]
        told.say("GetSessions", 200, {"sessions": listed}, query={"active": active})


def estimate_by_other_names(told: Told) -> None:
    query = {"backend": "qpu.aria-1", "shots": 10, "error_mitigation": True}
    values = {"error_mitigation": True, "qubits": 25}
    told.say("EstimateJobCost", 200, {"input_values": values, "estimated_cost": 1.0}, query=query)


def equal_estimates(told: Told) -> None:
    for shots in (100, 200):
        query = {"backend": "qpu.aria-1", "shots": shots}
        told.say("EstimateJobCost", 200, {"estimated_cost": 12.5}, query=query)


def blank_means_what_it_likes(told: Told) -> None:
    query = {"backend": "qpu.aria-1", "type": ""}
    told.say("EstimateJobCost", 200, {"input_values": {"type": ""}}, query=query)


def deleted_before_it_is_listed(told: Told) -> None:
    told.create()
    told.say("DeleteJob", 200, {"id": JOB, "status": "deleted"})
    told.say("GetJobs", 200, {"jobs": [], "next": None}, query={"ids": [JOB], "limit": 2})


FREEDOM = [no_shots_were_taken, two_prices_for_values_untold,
           whole_life, skipped_states, late_cancel_shown, late_cancel_refused,
           running_job_completes, results_not_yet, aggregate_of_a_single_circuit,
           no_aggregate_of_a_single_circuit, results_asked_for_with_a_query, dry,
           zeros_left_in, single_precision,
           offset_times, absent_fields, limits_of_its_own, slow_but_ends,
           other_accounts_jobs, refused_and_gone, impossible_and_failed, sessions_by_activity,
           estimate_by_other_names, equal_estimates, blank_means_what_it_likes,
           deleted_before_it_is_listed]  # fmt: skip


@pytest.mark.parametrize("happens", FREEDOM)
def test_a_history_that_a_provider_may_tell_gives_no_finding(
    happens: Callable[[Told], None],
) -> None:
    told = Told()
    happens(told)
    histories = [f for f in all_found(told.history) if not f.startswith("SCHEMA")]
    assert histories == []


def test_a_noisy_job_is_not_compared_with_exact_probabilities() -> None:
    told = Told()
    told.create(noise={"model": "aria-1"})
    told.read(noise={"model": "aria-1"})
    results(told, {"0": 0.9, "3": 0.1})
    assert found("PHYS-001", told.history) == []


def test_what_the_submitter_of_an_invalid_circuit_gets_is_not_compared() -> None:
    outside = {**BELL, "circuit": [{"gate": "x", "target": 9}]}
    told = Told()
    told.create(input=outside)
    told.read()
    results(told, {"0": 1.0})
    assert found("PHYS-001", told.history) == []


def test_payloads_of_these_histories_are_valid() -> None:
    assert all_found([Told().create()]) == []
    assert PAYLOAD["input"] == BELL


def _family_listed(told: Told, *pages: list[str], status: str = "completed") -> None:
    told.create(**TWO)
    told.read(child_job_ids=CHILDREN)
    told.say("GetJobAggregatedProbabilities", 200, {child: {"0": 1.0} for child in CHILDREN})
    for number, page in enumerate(pages):
        entries = [job(status, id=child, parent_job_id=JOB) for child in page]
        following = str(number + 1) if number + 1 < len(pages) else None
        query: dict[str, Any] = {"parent_job_id": JOB, "status": "completed", "limit": 1}
        query |= {"next": str(number)} if number else {}
        body = {"jobs": entries, "next": following}
        told.say("GetJobs", 200, body, query=query, started=5.0)


@pytest.mark.parametrize(
    "pages", [[["child-1"]], [["child-1"], ["child-1"]], [["child-1"], ["child-2"], ["child-1"]]]
)
def test_a_circuit_lost_or_told_twice_between_pages_is_found(pages: list[list[str]]) -> None:
    told = Told()
    _family_listed(told, *pages)
    assert [f.clause for f in found("LIST-001", told.history)] == ["list/once"]


@pytest.mark.parametrize(
    "pages", [[["child-2"], ["child-1"]], [["child-1"], ["child-2"], []], [[]]]
)
def test_the_circuits_of_a_job_by_page_may_come_in_any_order(pages: list[list[str]]) -> None:
    told = Told()
    _family_listed(told, *pages)
    assert found("LIST-001", told.history) == []


@pytest.mark.parametrize(("status", "clauses"), [("completed", ["list/once"]), ("canceled", [])])
def test_a_list_by_ids_and_state_holds_each_job_in_that_state(
    status: str, clauses: list[str]
) -> None:
    told = Told()
    told.create()
    told.read(status)
    query = {"ids": [JOB], "status": "completed", "limit": 1}
    told.say("GetJobs", 200, {"jobs": [], "next": None}, query=query, started=9.0)
    assert [f.clause for f in found("LIST-001", told.history)] == clauses
