"""Machines: noise alone is no departure, a mistake is found and named; false alarms are rare."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import reference_sim
from conformance.model import Judgement, Verdict, Weighed
from conformance.oracle.hardware import least_fidelity, weigh_machine
from conformance.oracle.programs import read
from conformance.oracle.verdict import judge

TOLD = {"fidelity": {"spam": {"median": 0.995}, "1q": {"median": 0.9995}, "2q": {"median": 0.99}}}
BELL: dict[str, Any] = {
    "gateset": "qis",
    "qubits": 2,
    "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}],
}
UNCONTROLLED = {**BELL, "circuit": [{"gate": "h", "target": 0}, {"gate": "x", "target": 1}]}
CHAIN: dict[str, Any] = {
    "gateset": "qis",
    "qubits": 3,
    "circuit": [
        {"gate": "ry", "target": 0, "rotation": 0.8},
        {"gate": "cnot", "control": 0, "target": 1},
        {"gate": "x", "target": 2},
    ],
}


def weighed(declared: dict[str, Any], ran: dict[str, Any], error: float, seed: int = 1) -> Weighed:
    """Return what 1,000 shots weigh, of which a share of `error` are of any outcome."""
    ideal = reference_sim.probabilities(ran)
    noisy = (1 - error) * ideal + error / ideal.size
    counts = np.random.default_rng(seed).multinomial(1000, noisy / noisy.sum())
    return weigh_machine(read(declared), counts, TOLD, "qpu.example")


def judged(*rows: Weighed) -> Judgement:
    return judge(rows)


def test_noise_within_the_characterization_is_no_departure() -> None:
    for circuit in (BELL, CHAIN):
        for error in (0.0, 0.05, 0.1):
            row = weighed(circuit, circuit, error)
            assert not row.open
            assert judged(row).verdict is Verdict.CONFORMS


def test_noise_far_beyond_the_characterization_is_found() -> None:
    judgement = judged(*(weighed(BELL, BELL, 0.7, seed) for seed in range(3)))
    assert judgement.verdict is Verdict.VIOLATES


@pytest.mark.parametrize("error", [0.0, 0.05, 0.1])
def test_a_mistake_on_a_machine_is_found_and_named(error: float) -> None:
    judgement = judged(weighed(BELL, UNCONTROLLED, error))
    assert judgement.verdict is Verdict.VIOLATES
    assert "controls ignored (cnot)" in judgement.names


def test_reversed_bits_on_a_machine_are_named() -> None:
    reversed_chain = {
        **CHAIN,
        "circuit": [
            {"gate": "ry", "target": 2, "rotation": 0.8},
            {"gate": "cnot", "control": 2, "target": 1},
            {"gate": "x", "target": 0},
        ],
    }
    judgement = judged(weighed(CHAIN, reversed_chain, 0.02))
    assert judgement.verdict is Verdict.VIOLATES
    assert any(name.startswith("the reversed bit order") for name in judgement.names)


@pytest.mark.parametrize("excess", [0.0, 0.02, 0.1])
def test_no_mistake_gathers_evidence_from_right_results_on_average(excess: float) -> None:
    """The mean of the evidence over all counts is at most 1, for every mistake and share."""
    shots, program = 200, read(BELL)
    fidelity = least_fidelity(program, TOLD)
    assert fidelity is not None
    share = min(fidelity + excess, 1.0)
    means: dict[str, float] = {}
    for inside in range(shots + 1):
        counts = np.array([inside, shots - inside, 0, 0])
        row = weigh_machine(program, counts, TOLD, "qpu.example")
        chance = math.comb(shots, inside) * share**inside * (1 - share) ** (shots - inside)
        for name, value in (*row.evidence, ("unlisted", row.unlisted)):
            means[name] = means.get(name, 0.0) + chance * math.exp(value)
    assert len(means) > 20
    assert max(means.values()) <= 1 + 1e-9
