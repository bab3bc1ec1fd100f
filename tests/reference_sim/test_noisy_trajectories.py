from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import random_circuits as circuits

from reference_sim import (
    TRAJECTORY_QUBITS,
    BadArgument,
    CircuitError,
    DepolarizingNoise,
    noisy_probabilities,
    noisy_trajectories,
    probabilities,
)

NOISE = DepolarizingNoise(one_qubit=0.01, two_qubit=0.05)
ALPHA = 1e-9  # chance that a right mean fails, over all outcomes of all circuits of this module


def source_of(seed: int, qubits: int) -> dict[str, Any]:
    """Gates on one to five qubits, native ones for odd seeds."""
    make = circuits.native_input if seed % 2 else circuits.qis_input
    return make(seed, qubits, gates=25)


def bounds(error: np.ndarray[Any, Any], trajectories: int) -> np.ndarray[Any, Any]:
    """How far a mean of numbers in [0, 1] may be from its expectation, at most 1000 of them.

    k standard errors with k = sqrt(2 L), and 7 L / 3(T - 1) for what the standard error itself
    misses; L = ln(4 * 1000 / ALPHA). Source: Maurer and Pontil (2009), theorem 4, on both sides.
    """
    level = math.log(4 * 1000 / ALPHA)
    slack: np.ndarray[Any, Any] = math.sqrt(2 * level) * error + 7 * level / (3 * trajectories - 3)
    return slack


@pytest.mark.parametrize("seed", range(8))
def test_the_mean_agrees_with_the_density_matrix_within_its_standard_error(seed: int) -> None:
    source, count = source_of(seed, 3 + seed % 4), 3000
    exact = noisy_probabilities(source, NOISE)
    found = noisy_trajectories(source, NOISE, trajectories=count, seed=seed)
    assert (np.abs(found.mean - exact) <= bounds(found.standard_error, count)).all()
    assert found.mean.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(("one", "two", "count"), [(0.0, 0.4, 60_000), (0.3, 0.0, 20_000)])
def test_a_rate_taken_for_the_chance_of_an_error_is_outside_the_bounds(
    one: float, two: float, count: int
) -> None:
    """The bounds are narrow enough to see the trap of 3r/4 and 15r/16."""
    turns = [{"gate": "y", "target": 0}, {"gate": "zz", "targets": [0, 1], "rotation": 0.0}]
    source = {"qubits": 2, "circuit": turns * 2}
    noise = DepolarizingNoise(one_qubit=one, two_qubit=two)
    wrong = DepolarizingNoise(one_qubit=min(1, 4 * one / 3), two_qubit=min(1, 16 * two / 15))
    found = noisy_trajectories(source, noise, trajectories=count, seed=1)
    slack = bounds(found.standard_error, count)
    assert (np.abs(found.mean - noisy_probabilities(source, noise)) <= slack).all()
    assert (np.abs(found.mean - noisy_probabilities(source, wrong)) > slack).any()


def test_the_standard_error_is_the_deviation_of_the_mean() -> None:
    """x and then nothing: each trajectory reads 1 or, flipped by X or Y (r/2 of them), 0."""
    source = {"circuit": [{"gate": "x", "target": 0}]}
    noise = DepolarizingNoise(one_qubit=0.5, two_qubit=0)
    found = noisy_trajectories(source, noise, trajectories=400, seed=2)
    flipped = round(400 * found.mean[0])
    expected = math.sqrt(flipped * (400 - flipped) / 400 / (400 * 399))
    np.testing.assert_allclose(found.mean, [flipped / 400, 1 - flipped / 400], atol=1e-12)
    np.testing.assert_allclose(found.standard_error, [expected, expected], atol=1e-12)


def test_errors_follow_the_documented_algorithm() -> None:
    """Two words a gate: lost or not, and by which Pauli word it is replaced."""
    rotated: list[dict[str, Any]] = [
        {"gate": "ry", "target": q, "rotation": 0.4 + q} for q in range(3)
    ]
    cnot: dict[str, Any] = {"gate": "cnot", "control": 2, "target": 0}
    circuit = [*rotated, cnot, *rotated]
    source = {"qubits": 3, "circuit": circuit}
    noise = DepolarizingNoise(one_qubit=0.3, two_qubit=0.6)
    words = np.random.Philox(key=11, counter=1 << 192)
    runs = []
    for _ in range(5):
        noisy = []
        for entry in circuit:
            lost, letters = (int(word) for word in words.random_raw(2))
            noisy.append(entry)
            qubits = [0, 2] if entry == cnot else [entry["target"]]
            if lost / 2**64 < (0.6 if entry == cnot else 0.3):
                indices = [letters >> 64 - 2 * (k + 1) & 3 for k in range(len(qubits))]
                word = "".join("IXYZ"[index] for index in indices)
                noisy.append(error_of(word, qubits))
        runs.append(probabilities({**source, "circuit": noisy}))
    found = noisy_trajectories(source, noise, trajectories=5, seed=11)
    np.testing.assert_allclose(found.mean, np.mean(runs, axis=0), rtol=0, atol=1e-12)
    spread = np.std(runs, axis=0, ddof=1) / math.sqrt(5)
    np.testing.assert_allclose(found.standard_error, spread, rtol=0, atol=1e-12)


def error_of(word: str, qubits: list[int]) -> dict[str, Any]:
    exponent = {"terms": [word], "coefficients": [1], "time": math.pi / 2}
    return {"gate": "pauliexp", "targets": qubits, **exponent}


def test_the_same_seed_gives_the_same_numbers_and_another_seed_others() -> None:
    source = source_of(0, 4)
    first, again, other = (
        noisy_trajectories(source, NOISE, trajectories=50, seed=seed).mean for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


def test_without_noise_every_trajectory_is_the_ideal_circuit() -> None:
    source, silence = source_of(1, 5), DepolarizingNoise(one_qubit=0, two_qubit=0)
    found = noisy_trajectories(source, silence, trajectories=10, seed=0)
    np.testing.assert_allclose(found.mean, probabilities(source), rtol=0, atol=1e-12)
    assert not found.standard_error.any()


def test_more_qubits_than_a_density_matrix_holds_are_simulated() -> None:
    chain = [{"gate": "cnot", "control": q, "target": q + 1} for q in range(13)]
    source = {"circuit": [{"gate": "h", "target": 0}, *chain]}
    found = noisy_trajectories(source, NOISE, trajectories=40, seed=1)
    assert found.mean.shape == found.standard_error.shape == (2**14,)
    assert found.mean.sum() == pytest.approx(1, abs=1e-12)


def test_bad_arguments_are_named() -> None:
    source = source_of(0, 3)
    with pytest.raises(BadArgument, match=r"trajectories: expected at least 2, .* got 1"):
        noisy_trajectories(source, NOISE, trajectories=1, seed=0)
    with pytest.raises(BadArgument, match="trajectories: expected a whole number"):
        noisy_trajectories(source, NOISE, trajectories=True, seed=0)
    with pytest.raises(BadArgument, match="seed: expected a whole number"):
        noisy_trajectories(source, NOISE, trajectories=2, seed=-1)
    large = {"qubits": TRAJECTORY_QUBITS + 1, "circuit": []}
    with pytest.raises(CircuitError, match="qubits: expected from 1 to 20, got 21"):
        noisy_trajectories(large, NOISE, trajectories=2, seed=0)
