"""Circuits that are the same in other words: told in one form, and only then."""

from __future__ import annotations

import random
from typing import Any

import pytest
from told import Told, found, judges

import reference_sim
from conformance.checks.forms import form_of, undoes_itself
from conformance.generate import native_circuit, qis_circuit, relatives
from conformance.generate.circuits import qis_gate

RELATIVES = dict(relatives())


def told(circuit: dict[str, Any]) -> dict[str, float]:
    probabilities = reference_sim.probabilities(circuit)
    return {str(k): float(p) for k, p in enumerate(probabilities) if p > 1e-15}


def history_of(*pairs: tuple[dict[str, Any], dict[str, float]]) -> Told:
    """Return a history in which each circuit was run and gave what stands beside it."""
    said = Told()
    for number, (circuit, answer) in enumerate(pairs):
        job = f"00000000-0000-4000-8000-{number:012}"
        said.create(job=job, input=circuit)
        said.say("GetJobProbabilities", body=answer, ids={"UUID": job})
    return said


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - cases, not secrets


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a circuit", "the same circuit again"),
        ("a circuit", "its gates on other qubits"),
        ("a circuit", "its commuting gates exchanged"),
        ("native gates", "the same in gates of the other set"),
    ],
)
def test_relatives_have_one_form_and_what_differs_is_found(one: str, other: str) -> None:
    first, second = RELATIVES[one], RELATIVES[other]
    assert form_of(first)[0] == form_of(second)[0]
    right = history_of((first, told(first)), (second, told(second)))
    assert judges("PHYS-010", right.history)
    assert not found("PHYS-010", right.history)
    wrong = history_of((first, told(first)), (second, {"0": 1.0}))
    assert [f.clause for f in found("PHYS-010", wrong.history)] == ["relation/same-circuit"]


def test_a_circuit_that_undoes_itself_gives_zeros() -> None:
    undone = RELATIVES["a circuit and its inverse"]
    assert undoes_itself(undone["circuit"])
    assert not found("PHYS-010", history_of((undone, {"0": 1.0})).history)
    (finding,) = found("PHYS-010", history_of((undone, {"0": 0.999, "64": 0.001})).history)
    assert finding.clause == "relation/inverse"


def test_circuits_of_one_form_have_the_same_results() -> None:
    """Two gates between generic turns of two qubits: hundreds have the form of another."""
    rng, known, pairs = seeded(3), dict[Any, dict[str, Any]](), 0
    for _ in range(1500):
        gates = [qis_gate(rng, 2) for _ in range(2)]
        for gate in gates:
            gate.update({"rotation": rng.choice((0.5, -0.5))} if "rotation" in gate else {})
        circuit = {"qubits": 2, "gateset": "qis", "circuit": [*_turns("ry"), *gates, *_turns("rx")]}
        first = known.setdefault(form_of(circuit)[0], circuit)
        if first is not circuit:
            pairs += 1
            both = history_of((first, told(first)), (circuit, told(circuit)))
            assert not found("PHYS-010", both.history), (first, circuit)
    assert pairs > 200


def _turns(name: str) -> list[dict[str, Any]]:
    return [{"gate": name, "target": q, "rotation": 0.9 + 0.4 * q} for q in range(2)]


@pytest.mark.parametrize("seed", range(20))
def test_gates_on_different_qubits_may_come_in_any_order(seed: int) -> None:
    rng = seeded(seed)
    make = rng.choice((qis_circuit, native_circuit))
    circuit = make(rng, most_qubits=4, most_gates=16)
    gates = list(circuit["circuit"])
    for _ in range(200):
        place = rng.randrange(len(gates) - 1) if len(gates) > 1 else 0
        pair = gates[place : place + 2]
        if len(pair) == 2 and not _qubits(pair[0]) & _qubits(pair[1]):
            gates[place : place + 2] = pair[::-1]
    other = {**circuit, "circuit": gates}
    both = history_of((circuit, told(circuit)), (other, told(other)))
    assert not found("PHYS-010", both.history)


def _qubits(gate: dict[str, Any]) -> set[int]:
    single = {gate[name] for name in ("target", "control") if name in gate}
    return single | {q for name in ("targets", "controls") for q in gate.get(name, ())}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("rz", 0), ("cnot", 0, 1)], [("cnot", 0, 1), ("rz", 0)]),
        ([("x", 1), ("cnot", 0, 1)], [("cnot", 0, 1), ("x", 1)]),
        ([("cnot", 0, 1), ("cnot", 2, 1)], [("cnot", 2, 1), ("cnot", 0, 1)]),
        ([("cnot", 0, 1), ("cnot", 0, 2)], [("cnot", 0, 2), ("cnot", 0, 1)]),
        ([("t", 0), ("s", 0)], [("s", 0), ("t", 0)]),
    ],
)
def test_gates_that_share_qubits_and_commute_may_be_exchanged(
    one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]
) -> None:
    assert form_of(spelt(one))[0] == form_of(spelt(other))[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("x", 0), ("cnot", 0, 1)], [("cnot", 0, 1), ("x", 0)]),
        ([("rz", 1), ("cnot", 0, 1)], [("cnot", 0, 1), ("rz", 1)]),
        ([("cnot", 0, 1), ("cnot", 1, 2)], [("cnot", 1, 2), ("cnot", 0, 1)]),
        ([("h", 0), ("h", 0), ("t", 0)], [("h", 0), ("t", 0), ("h", 0)]),
    ],
)
def test_gates_that_do_not_commute_may_not(
    one: list[tuple[Any, ...]], other: list[tuple[Any, ...]]
) -> None:
    prepared = [("ry", q) for q in range(3)]
    assert form_of(spelt([*prepared, *one]))[0] != form_of(spelt([*prepared, *other]))[0]


def spelt(gates: list[tuple[Any, ...]]) -> dict[str, Any]:
    written = [
        {"gate": name, "control": qubits[0], "target": qubits[1]}
        if name == "cnot"
        else {"gate": name, "target": qubits[0]} | ({"rotation": 0.7} if name[0] == "r" else {})
        for name, *qubits in gates
    ]
    return {"qubits": 3, "gateset": "qis", "circuit": written}


def test_the_same_seed_gives_the_same_counts_and_another_need_not() -> None:
    def seeded_jobs(*seeds: int) -> Told:
        said = Told()
        for number, seed in enumerate(seeds):
            job = f"00000000-0000-4000-8000-{number:012}"
            said.create(job=job, noise={"model": "aria-1", "seed": seed})
            body = {"0": 0.5 + number / 100, "3": 0.5 - number / 100}
            said.say("GetJobProbabilities", body=body, ids={"UUID": job})
        return said

    assert [f.clause for f in found("PHYS-010", seeded_jobs(4, 4).history)] == ["relation/seed"]
    assert not found("PHYS-010", seeded_jobs(4, 5).history)
