"""The oracle: a derived bound, what is a distribution, and the name of the mistake."""

from __future__ import annotations

import random
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import reference_sim
from conformance.generate import Specimen, circuit, specimens
from conformance.oracle import Reference, exact_bound, judge_distribution, judge_exact
from conformance.oracle.hypotheses import explanations
from reference_sim.gates import matrix_of

Single = npt.NDArray[np.complex64]
SPECIMENS = [s for s in specimens() if not s.gateset and s.inputs[0]["qubits"] <= 6]


def told(probabilities: npt.NDArray[np.float64]) -> dict[str, float]:
    """Return a distribution as a service tells it: decimal keys, impossible outcomes left out."""
    return {str(k): float(p) for k, p in enumerate(probabilities) if p > 1e-15}


def in_single_precision(one: dict[str, Any]) -> npt.NDArray[np.float64]:
    """Simulate with amplitudes and matrices rounded to complex64 after every gate."""
    parsed = reference_sim.parse(one)
    state = np.zeros(2**parsed.qubits, dtype=np.complex64)
    state[0] = 1
    for gate in parsed.gates:
        matrix = matrix_of(parsed.gateset, gate.name, gate.parameters, gate.words)
        state = applied(state, matrix.astype(np.complex64), gate.targets, gate.controls)
    told_single: npt.NDArray[np.float32] = np.abs(state) ** 2
    return told_single.astype(np.float64)


def applied(
    state: Single, matrix: Single, targets: tuple[int, ...], controls: tuple[int, ...]
) -> Single:
    result = state.copy()
    mask = sum(1 << t for t in targets)
    for base in range(state.size):
        if base & mask or not all(base >> c & 1 for c in controls):
            continue
        places = [
            base | sum(1 << t for b, t in enumerate(targets) if k >> b & 1)
            for k in range(2 ** len(targets))
        ]
        result[places] = matrix @ state[places]
    return result


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - cases, not secrets


@pytest.mark.parametrize("seed", range(40))
def test_a_simulation_in_single_precision_stays_within_the_bound(seed: int) -> None:
    one = circuit(seeded(seed), most_gates=40)
    seen = in_single_precision(one)
    assert np.abs(seen - reference_sim.probabilities(one)).max() <= exact_bound(one)
    assert judge_exact(one, told(seen)) == []


@pytest.mark.parametrize("seed", range(10))
def test_the_bound_is_far_below_any_mistake(seed: int) -> None:
    assert exact_bound(circuit(seeded(seed), most_gates=60)) < 1e-4


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda s: s.name)
def test_every_mistake_that_shows_is_named(specimen: Specimen) -> None:
    one = specimen.inputs[0]
    right, bound = reference_sim.probabilities(one), exact_bound(one)
    for name, wrong in list(explanations(one))[::23]:
        if np.abs(wrong - right).max() <= 2 * bound or not np.isclose(wrong.sum(), 1.0):
            continue
        (oddity,) = judge_exact(one, told(wrong))
        assert oddity.note.startswith("The data fit: "), name
        fitting = [n for n, other in explanations(one) if np.abs(other - wrong).max() <= bound]
        assert name in fitting
        assert any(fit in oddity.note for fit in fitting), (name, fitting)


def named(name: str) -> dict[str, Any]:
    return next(s.inputs[0] for s in specimens() if s.name == name)


@pytest.mark.parametrize("name", ["order-x-on-qubit-0", "order-cnot-chain", "superposition-of-5"])
def test_the_reversed_bit_order_is_told_by_name(name: str) -> None:
    one = named(name)
    right = reference_sim.probabilities(one)
    reversed_bits = right.reshape((2,) * one["qubits"]).transpose().reshape(-1)
    (oddity,) = judge_exact(one, told(reversed_bits))
    assert "reversed bit order" in oddity.note
    assert judge_exact(one, told(right)) == []


@pytest.mark.parametrize(
    ("specimen", "mistake", "kind"),
    [
        ("gate-s", "the inverse gate", "s"),
        ("gate-v", "the inverse gate", "v"),
        ("gate-h", "a neighbouring gate", "h"),
        ("gate-rz", "the opposite sign of the angle", "rz"),
        ("gate-xx", "half the angle", "xx"),
        ("controlled-x", "controls ignored", "x"),
        ("gate-cnot", "control and target exchanged", "cnot"),
        ("doubly-controlled-x", "the first control only", "x"),
        ("native-gpi", "radians for turns", "gpi"),
        ("native-zz", "half the angle", "native zz"),
        ("native-ms", "the opposite sign of the angle", "ms"),
        ("native-ms", "the phases exchanged", "ms"),
        ("phase-gate", "the rotation of z ignored", "z with a rotation"),
    ],
)
def test_a_mistake_with_one_kind_of_gate_is_told_by_name(
    specimen: str, mistake: str, kind: str
) -> None:
    one = named(specimen)
    wrong = dict(explanations(one))[f"{mistake} ({kind})"]
    (oddity,) = judge_exact(one, told(wrong))
    assert f"{mistake} ({kind})" in oddity.note


def test_results_of_another_circuit_of_the_job_are_told_by_name() -> None:
    one, other = named("order-x-on-qubit-0"), named("order-x-on-qubit-0")
    other = {**other, "circuit": [{"gate": "x", "target": 1}]}
    (oddity,) = judge_exact(one, {"2": 1.0}, [("number 1", other)])
    assert "another circuit of the job, number 1" in oddity.note


def test_a_mistake_that_nobody_knows_is_said_to_be_unknown() -> None:
    (oddity,) = judge_exact(named("gate-h"), {"0": 0.123, "1": 0.877})
    assert oddity.note == "No known mistake explains it."


@pytest.mark.parametrize(
    ("answer", "clause"),
    [
        ([0.5, 0.5], "distribution/shape"),
        ({"00": 1.0}, "distribution/keys"),
        ({"4": 1.0}, "distribution/keys"),
        ({"-1": 1.0}, "distribution/keys"),
        ({"x": 1.0}, "distribution/keys"),
        ({"0": -0.1, "1": 1.1}, "distribution/range"),
        ({"0": "1"}, "distribution/range"),
        ({"0": True}, "distribution/range"),
        ({"0": 0.5}, "distribution/sum"),
        ({"0": 0.6, "1": 0.6}, "distribution/sum"),
        ({}, "distribution/sum"),
    ],
)
def test_what_is_no_distribution_is_told_by_its_reason(answer: object, clause: str) -> None:
    assert [oddity.clause for oddity in judge_distribution(answer, 2, 1e-6)] == [clause]


@pytest.mark.parametrize(
    "answer", [{"0": 1}, {"3": 1.0}, {"0": 0.5, "1": 0.0, "2": 0.5}, {"0": 0.4999999, "1": 0.5}]
)
def test_a_distribution_is_accepted_in_all_its_forms(answer: object) -> None:
    assert judge_distribution(answer, 2, 1e-6) == []


def test_the_reference_refuses_to_judge_what_it_cannot_read() -> None:
    assert not Reference().is_valid({"qubits": 1, "circuit": [{"gate": "x", "target": 4}]})
    assert Reference().is_valid({"qubits": 5, "circuit": [{"gate": "x", "target": 4}]})


@pytest.mark.parametrize("qubits", [True, 1.5, "1"])
def test_a_circuit_that_looks_like_one_asked_about_before_is_judged_by_itself(qubits: Any) -> None:
    one = {"qubits": 1, "gateset": "qis", "circuit": [{"gate": "h", "target": 0}]}
    assert Reference().is_valid(one)
    assert not Reference().is_valid({**one, "qubits": qubits})
    assert not Reference().is_valid({**one, "circuit": [{"gate": "h", "target": qubits}]})
    assert Reference().is_valid(MappingProxyType(one)) == is_parsed(MappingProxyType(one))


def is_parsed(one: Any) -> bool:
    try:
        reference_sim.parse(one)
    except reference_sim.CircuitError:
        return False
    return True
