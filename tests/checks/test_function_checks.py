"""Cuts and energies as a service might tell them: open points are free, the rest is judged."""

from __future__ import annotations

from typing import Any

import pytest
from told import JOB, Told, found, job, judges

import reference_sim
from conformance.generate.functions import SHOTS, energies, graph
from conformance.providers import provider

FACTS = provider("ionq").functions
ANSATZ, HAMILTONIAN = energies()["several-bases"]
ENERGY = reference_sim.energy(ANSATZ, HAMILTONIAN)
RULES = ("PHYS-005", "PHYS-006", "PHYS-007")


def solved(cost: object, sides: object, state: str = "complete", member: str = "results") -> Told:
    told = Told()
    told.say("CreateJob", 201, {"id": JOB, "status": "submitted"}, sent=FACTS.cut(graph()))
    cut = {"processing_status": state, "optimal_cost": cost, "optimal_bitstring": sides}
    fields: dict[str, Any] = {"output": {}, "results": None, member: {"qaoa_results": cut}}
    told.say("GetJob", 200, job(**fields))
    return told


def valued(value: object, status: str = "completed", **fields: Any) -> Told:
    told = Told()
    sent = FACTS.energy(ANSATZ, HAMILTONIAN, shots=SHOTS) | fields
    told.say("CreateJob", 201, {"id": JOB, "status": "submitted"}, sent=sent)
    told.read(status, results={"value": value, "variance": 0.1})
    return told


@pytest.mark.parametrize("member", ["results", "output"])
def test_a_cut_is_judged_wherever_it_is_told(member: str) -> None:
    assert judges("PHYS-005", solved(7.75, "01100", member=member).history)
    assert not found("PHYS-005", solved(7.75, "01100", member=member).history)
    (finding,) = found("PHYS-005", solved(5, "01100", member=member).history)
    assert finding.where == f"response.body/{member}/qaoa_results/optimal_cost"


def test_a_cut_that_is_told_twice_is_one_finding() -> None:
    told = solved(5, "01100")
    whole = told.history[-1].response
    assert whole is not None
    body = job(results=None)
    cut = {"processing_status": "complete", "optimal_cost": 5, "optimal_bitstring": "01100"}
    again = Told(history=told.history[:1])
    again.say(
        "GetJob", 200, {**body, "results": {"qaoa_results": cut}, "output": {"qaoa_results": cut}}
    )
    assert len(found("PHYS-005", again.history)) == 1


def test_a_solver_that_is_not_done_is_not_judged() -> None:
    assert not judges("PHYS-005", solved(5, "01100", state="running").history)


@pytest.mark.parametrize("cost", [None, "7.75", True, 10**400])
def test_a_cost_that_is_no_number_is_left_to_the_schema(cost: object) -> None:
    assert not found("PHYS-005", solved(cost, "01100").history)


def test_a_right_energy_is_judged_and_right() -> None:
    for rule in ("PHYS-006", "PHYS-007"):
        assert judges(rule, valued(ENERGY).history)
        assert not found(rule, valued(ENERGY).history)


def test_an_energy_of_another_state_is_found_by_one_rule_and_one_of_no_state_by_the_other() -> None:
    assert [len(found(rule, valued(-ENERGY).history)) for rule in RULES] == [0, 0, 1]
    assert [len(found(rule, valued(40.0).history)) for rule in RULES] == [0, 1, 0]


@pytest.mark.parametrize("value", [None, "much", True, 10**400])
def test_an_energy_that_is_no_number_is_left_to_the_schema(value: object) -> None:
    assert not any(judges(rule, valued(value).history) for rule in RULES)


@pytest.mark.parametrize(
    "fields", [{"backend": "qpu.aria-1"}, {"noise": {"model": "aria-1"}}, {"backend": None}]
)
def test_energies_of_machines_and_noise_are_not_judged(fields: dict[str, Any]) -> None:
    assert not any(judges(rule, valued(40.0, **fields).history) for rule in RULES)


def test_an_energy_with_a_penalty_is_not_the_expectation_and_not_judged() -> None:
    sent = FACTS.energy(ANSATZ, HAMILTONIAN)
    sent["input"]["data"]["data"]["penalty"] = 2.0
    assert FACTS.energy_of(sent) is None


def test_a_program_that_is_not_ours_is_judged_by_the_spectrum_alone() -> None:
    sent = FACTS.energy(ANSATZ, HAMILTONIAN, shots=SHOTS)
    sent["input"]["data"]["data"]["ansatz"]["data"] += "h q[0];\n// by somebody else\n"
    told = valued(-ENERGY, input=sent["input"])
    assert judges("PHYS-006", told.history)
    assert not judges("PHYS-007", told.history)


@pytest.mark.parametrize("status", ["failed", "canceled", "started"])
def test_a_job_that_did_not_complete_is_not_judged(status: str) -> None:
    assert not any(judges(rule, valued(40.0, status).history) for rule in RULES)


@pytest.mark.parametrize("name", energies())
def test_an_ansatz_is_read_back_from_its_program(name: str) -> None:
    ansatz, hamiltonian = energies()[name]
    asked = FACTS.energy_of(FACTS.energy(ansatz, hamiltonian, shots=7))
    assert asked is not None
    assert asked.ansatz == ansatz
    assert (asked.hamiltonian, asked.shots) == (hamiltonian, 7)


def test_an_energy_job_stays_on_the_free_simulator() -> None:
    spending = provider("ionq").spending
    for body in (FACTS.energy(ANSATZ, HAMILTONIAN), FACTS.cut(graph())):
        assert spending.for_backend(body, "qpu.aria-1")["backend"] == "simulator"
