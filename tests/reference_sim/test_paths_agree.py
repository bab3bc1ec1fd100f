"""The quick path, the density matrix and the record give the same numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import random_circuits as circuits

import reference_sim
from reference_sim import DepolarizingNoise
from reference_sim.density import apply_noisy_gate

TOLERANCE = 1e-12  # what issue 5 asks of every path beside the record
SILENCE = DepolarizingNoise(one_qubit=0, two_qubit=0)
NOISE = DepolarizingNoise(one_qubit=0.003, two_qubit=0.04)
SOURCES = [
    *(circuits.qis_input(1000 + seed, 2 + seed % 7, gates=40) for seed in range(60)),
    *(circuits.native_input(1000 + seed, 2 + seed % 7, gates=40) for seed in range(30)),
]


@pytest.mark.parametrize("source", SOURCES)
def test_the_quick_path_equals_the_record(source: dict[str, Any]) -> None:
    record = np.abs(reference_sim.evolve(reference_sim.parse(source))) ** 2
    quick = reference_sim.probabilities(source)
    assert quick.dtype == np.float64
    assert quick.shape == (2 ** source["qubits"],)
    np.testing.assert_allclose(quick, record, rtol=0, atol=TOLERANCE)
    assert abs(quick.sum() - 1) < TOLERANCE


@pytest.mark.parametrize("source", [each for each in SOURCES if each["qubits"] <= 5])
def test_a_density_matrix_without_noise_equals_the_record(source: dict[str, Any]) -> None:
    exact = reference_sim.probabilities(source)
    noisy = reference_sim.noisy_probabilities(source, SILENCE)
    np.testing.assert_allclose(noisy, exact, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("source", [each for each in SOURCES if each["qubits"] <= 5])
def test_the_quick_path_under_noise_equals_one_gate_after_another(source: dict[str, Any]) -> None:
    circuit = reference_sim.parse(source)
    rho = np.zeros(4**circuit.qubits, dtype=np.complex128)
    rho[0] = 1
    for gate in circuit.gates:
        apply_noisy_gate(rho, gate, circuit.gateset, NOISE)
    quick = reference_sim.noisy_probabilities(source, NOISE)
    record = rho.reshape(2**circuit.qubits, -1).diagonal().real
    np.testing.assert_allclose(quick, record, rtol=0, atol=TOLERANCE)


def test_a_state_in_several_blocks_equals_the_same_circuit_with_relabelled_qubits() -> None:
    """18 qubits come in four blocks; moved to the highest qubits, the gates cut it elsewhere."""
    source = circuits.qis_input(5, 6, gates=30)
    small = reference_sim.probabilities(source)
    for places in ((0, 1, 2, 3, 4, 5), (17, 16, 15, 14, 13, 12), (0, 17, 8, 9, 16, 3)):
        large = reference_sim.probabilities(relabelled(source, places, 18))
        index = sum((np.arange(64) >> k & 1) << place for k, place in enumerate(places))
        np.testing.assert_allclose(large[index], small, rtol=0, atol=TOLERANCE)
        assert abs(large.sum() - 1) < TOLERANCE


@pytest.mark.parametrize("seed", range(10))
def test_relabelling_the_qubits_permutes_the_outcomes(seed: int) -> None:
    source = circuits.qis_input(seed, 5, gates=30)
    places = (3, 0, 4, 1, 2)
    index = sum((np.arange(32) >> k & 1) << place for k, place in enumerate(places))
    moved = reference_sim.probabilities(relabelled(source, places, 5))
    np.testing.assert_allclose(
        moved[index], reference_sim.probabilities(source), rtol=0, atol=TOLERANCE
    )


def relabelled(source: dict[str, Any], places: tuple[int, ...], qubits: int) -> dict[str, Any]:
    """The same circuit with qubit k at places[k]."""
    circuit = []
    for entry in source["circuit"]:
        lists = {
            key: [places[q] for q in entry[key]] for key in ("targets", "controls") if key in entry
        }
        single = {"target": places[entry["target"]]} if "target" in entry else {}
        circuit.append({**entry, **lists, **single})
    return {**source, "qubits": qubits, "circuit": circuit}
