"""Machines: what they misread, what their characterizations say, and whose noise is public."""

from __future__ import annotations

import math
import statistics
from typing import Any

import pytest
from mock_driver import CNOT, Driver, H, X, qis

import reference_sim
from conformance.mock import InstantClock, ionq
from conformance.mock.ionq.backends import BACKENDS
from conformance.mock.ionq.execution import readout_errors
from conformance.mock.ionq.rates import OWN_RATES, PUBLIC_RATES
from conformance.providers.ionq import UNPUBLISHED_NOISE_MODELS

MACHINES = [backend for backend in BACKENDS.values() if backend.is_qpu]


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


def newest(driver: Driver, backend: str) -> dict[str, Any]:
    told = driver.get(f"/backends/{backend}/characterizations?limit=1")
    found: dict[str, Any] = told["characterizations"][0]
    return found


@pytest.mark.parametrize("backend", MACHINES, ids=lambda backend: backend.name)
def test_the_median_ion_is_misread_as_the_characterization_says(
    driver: Driver, backend: Any
) -> None:
    spam = newest(driver, backend.name)["fidelity"]["spam"]["median"]
    assert abs(statistics.median(readout_errors(backend)) - (1 - spam)) < 1e-6


@pytest.mark.parametrize("backend", ["qpu.aria-1", "qpu.forte-1"])
def test_gate_fidelities_are_those_of_the_noise_that_results_have(
    driver: Driver, backend: str
) -> None:
    noise = reference_sim.IONQ_NOISE_MODELS[backend.removeprefix("qpu.")]
    assert noise is not None
    fidelity = newest(driver, backend)["fidelity"]
    assert abs(fidelity["1q"]["median"] - (1 - noise.one_qubit / 2)) < 1e-6
    assert abs(fidelity["2q"]["median"] - (1 - 3 * noise.two_qubit / 4)) < 1e-6


def test_times_are_told_in_seconds(driver: Driver) -> None:
    timing = newest(driver, "qpu.aria-1")["timing"]
    assert timing["1q"] < timing["2q"] < 0.001 < timing["t2"] < timing["t1"]
    assert 0 < timing["readout"] < 0.001


def test_an_idle_machine_misreads_its_qubits_as_often_as_its_ions_say(driver: Driver) -> None:
    shots = 200_000
    found = driver.probabilities(qis(qubits=25, backend="qpu.aria-1", shots=shots))
    errors = readout_errors(BACKENDS["qpu.aria-1"])
    for qubit in range(25):
        seen = sum(p for key, p in found.items() if int(key) >> qubit & 1)
        expected = 0.7 * errors[qubit]  # zeros are misread less often than ones
        assert abs(seen - expected) < 7 * math.sqrt(expected / shots)


def test_a_small_circuit_gives_what_noise_and_readout_make_of_it(driver: Driver) -> None:
    payload = qis(H, CNOT, X, backend="qpu.aria-1", shots=200_000)
    noise = reference_sim.IONQ_NOISE_MODELS["aria-1"]
    assert noise is not None
    errors = readout_errors(BACKENDS["qpu.aria-1"])[:2]
    expected = reference_sim.apply_readout(
        reference_sim.noisy_probabilities(payload["input"], noise),
        [0.7 * error for error in errors],
        [1.3 * error for error in errors],
    )
    found = driver.probabilities(payload)
    for outcome, p in enumerate(expected.tolist()):
        assert abs(found.get(str(outcome), 0.0) - p) < 7 * math.sqrt(p / 200_000)


@pytest.mark.parametrize("model", ["aria-1", "harmony"])
def test_the_simulator_misreads_nothing(driver: Driver, model: str) -> None:
    found = driver.probabilities(qis(qubits=3, noise={"model": model}, shots=10_000))
    assert found == {"0": 1.0}


def test_the_mock_has_the_public_rates_and_marks_all_others_as_its_own() -> None:
    models = reference_sim.IONQ_NOISE_MODELS
    public = {name: (n.one_qubit, n.two_qubit) for name, n in models.items() if n is not None}
    assert public == {"ideal": (0.0, 0.0), **PUBLIC_RATES}
    unpublished = {name for name, noise in models.items() if noise is None}
    assert set(OWN_RATES) == unpublished == UNPUBLISHED_NOISE_MODELS


@pytest.mark.parametrize("model", sorted(reference_sim.IONQ_NOISE_MODELS))
def test_a_job_with_rates_that_are_not_public_says_so(driver: Driver, model: str) -> None:
    output = driver.get(f"/jobs/{driver.submit(qis(H, noise={'model': model}))}")["output"]
    if model in UNPUBLISHED_NOISE_MODELS:
        assert model in output["warning"]["messages"][0]
    else:
        assert output == {}


@pytest.mark.parametrize("qubits", [9, 12, 15])
def test_a_noisy_circuit_of_many_qubits_is_still_answered(driver: Driver, qubits: int) -> None:
    chain = [{"gate": "cnot", "control": q, "target": q + 1} for q in range(qubits - 1)]
    shots = 100
    found = driver.probabilities(
        qis(H, *chain, qubits=qubits, shots=shots, noise={"model": "aria-2", "seed": 1})
    )
    assert abs(sum(found.values()) - 1) < 1e-12
    assert all(abs(p * shots - round(p * shots)) < 1e-9 for p in found.values())
    both = found["0"] + found[str(2**qubits - 1)]
    assert 0.4 < both <= 1  # two thirds of the shots have no error


def test_the_same_seed_gives_the_same_noise(driver: Driver) -> None:
    payload = qis(H, CNOT, noise={"model": "aria-1", "seed": 17}, shots=5000)
    assert driver.probabilities(payload) == driver.probabilities(payload)
    other = {**payload, "noise": {"model": "aria-1", "seed": 18}}
    assert driver.probabilities(payload) != driver.probabilities(other)
