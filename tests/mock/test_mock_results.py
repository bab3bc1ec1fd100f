"""Results of the mock against closed forms, counts against what noise makes of them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from mock_driver import CNOT, Driver, H, X, multi, native, qis

from conformance.mock import InstantClock, ionq

EPS = 2.0**-52


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


def assert_exact(found: dict[str, float], expected: dict[str, float]) -> None:
    """Compare within the rounding of the few gates that these circuits have."""
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert abs(found[key] - value) <= 32 * EPS


def test_bit_k_of_a_key_is_qubit_k(driver: Driver) -> None:
    assert_exact(driver.probabilities(qis(X, qubits=3)), {"1": 1.0})
    assert_exact(driver.probabilities(qis({"gate": "x", "target": 2}, qubits=3)), {"4": 1.0})


def test_impossible_outcomes_are_left_out(driver: Driver) -> None:
    assert_exact(driver.probabilities(qis(H, CNOT)), {"0": 0.5, "3": 0.5})


def test_a_circuit_without_gates_stays_where_it_starts(driver: Driver) -> None:
    assert_exact(driver.probabilities(qis()), {"0": 1.0})
    assert_exact(driver.probabilities(native({"gate": "nop", "target": 0})), {"0": 1.0})


def test_native_angles_are_turns(driver: Driver) -> None:
    half = math.cos(math.pi / 10) ** 2
    entangled = driver.probabilities(native(
        {"gate": "ms", "targets": [0, 1], "phases": [0, 0], "angle": 0.1}
    ))  # fmt: skip
    assert_exact(entangled, {"0": half, "3": 1 - half})


def test_numbers_written_as_floats_are_qubits(driver: Driver) -> None:
    gate = {"gate": "x", "targets": [2.0], "controls": [0.0]}
    assert_exact(driver.probabilities(qis(X, gate, qubits=3)), {"5": 1.0})


def test_a_wide_circuit_gives_the_keys_of_its_own_qubits(driver: Driver) -> None:
    gates: list[dict[str, Any]] = [{"gate": "h", "target": 3},
             {"gate": "cnot", "control": 3, "target": 28},
             {"gate": "x", "targets": [17], "controls": [3, 28]}]  # fmt: skip
    expected = {"0": 0.5, str(2**3 + 2**17 + 2**28): 0.5}
    assert_exact(driver.probabilities(qis(*gates, qubits=29)), expected)


def test_a_circuit_that_says_no_width_is_as_wide_as_its_highest_qubit(driver: Driver) -> None:
    payload = qis({"gate": "x", "target": 3})
    del payload["input"]["qubits"]
    job = driver.submit(payload)
    assert driver.get(f"/jobs/{job}")["stats"]["qubits"] == 4
    assert_exact(driver.get(f"/jobs/{job}/results/probabilities"), {"8": 1.0})


def test_a_large_result_is_computed_while_others_are_served(driver: Driver) -> None:
    gates = [{"gate": "h", "target": qubit} for qubit in range(13)]
    found = driver.probabilities(qis(*gates, *gates[:-1], qubits=13))
    assert_exact(found, {"0": 0.5, "4096": 0.5})


def test_results_of_several_circuits_come_in_their_order(driver: Driver) -> None:
    circuits = [{"circuit": [{"gate": "x", "target": q}]} for q in (2, 0, 1)]
    job = driver.submit(multi(*circuits))
    told = driver.get(f"/jobs/{job}")
    url = told["results"]["probabilities"]["url"]
    found = driver.get(url.removeprefix("/v0.4"))
    assert list(found) == told["child_job_ids"]
    for each, key in zip(found.values(), ("4", "1", "2"), strict=True):
        assert_exact(each, {key: 1.0})
    for child, each in found.items():
        assert driver.get(f"/jobs/{child}/results/probabilities") == each
    assert driver.send("GET", f"/jobs/{job}/results/probabilities").status == 404


def test_a_circuit_may_have_a_gateset_of_its_own(driver: Driver) -> None:
    native_zz = {"gate": "zz", "targets": [0, 1], "angle": 0.25}
    job = driver.submit(multi(
        {"gateset": "native", "circuit": [{"gate": "gpi2", "target": 0, "phase": 0}, native_zz]},
        {"circuit": [X]},
    ))  # fmt: skip
    first, second = driver.get(f"/jobs/{job}/results/probabilities/aggregated").values()
    assert_exact(first, {"0": 0.5, "1": 0.5})
    assert_exact(second, {"1": 1.0})


def test_the_aggregate_of_a_single_circuit_is_that_circuit(driver: Driver) -> None:
    job = driver.submit(qis(X))
    assert driver.get(f"/jobs/{job}/results/probabilities/aggregated") == {job: {"1": 1.0}}


def test_sharpening_changes_nothing_without_variants(driver: Driver) -> None:
    job = driver.submit(qis(H))
    plain = driver.get(f"/jobs/{job}/results/probabilities")
    assert driver.get(f"/jobs/{job}/results/probabilities?sharpen=true") == plain
    assert driver.send("GET", f"/jobs/{job}/variants/v/results/histogram").status == 404


@pytest.mark.parametrize("where", [{"backend": "qpu.forte-1"}, {"noise": {"model": "aria-1"}}])
def test_counts_are_whole_numbers_of_shots(driver: Driver, where: dict[str, Any]) -> None:
    found = driver.probabilities(qis(H, CNOT, shots=640, **where))
    counts = [640 * value for value in found.values()]
    assert sum(counts) == 640
    assert all(count == round(count) for count in counts)


def test_a_seed_in_the_request_fixes_the_counts(driver: Driver) -> None:
    def counts(seed: int) -> dict[str, float]:
        return driver.probabilities(qis(H, CNOT, noise={"model": "aria-1", "seed": seed}))

    assert counts(3) == counts(3) != counts(4)


def test_a_seed_that_came_as_a_float_is_told_as_a_whole_number(driver: Driver) -> None:
    noise = {"model": "aria-1", "seed": 5.0}
    told = driver.get(f"/jobs/{driver.submit(qis(H, noise=noise))}")["noise"]
    assert (told["seed"], type(told["seed"])) == (5, int)


def test_jobs_without_a_seed_have_counts_of_their_own(driver: Driver) -> None:
    payload = qis(H, CNOT, noise={"model": "aria-1"})
    assert driver.probabilities(payload) != driver.probabilities(payload)


@pytest.mark.parametrize("qubits", [2, 7], ids=["exact channel", "run by run"])
def test_gates_of_a_noise_model_depolarise_at_its_public_rate(driver: Driver, qubits: int) -> None:
    rate, gates, shots = 0.0133, 40, 4000
    survives = (1 - rate) ** gates
    expected = survives + (1 - survives) / 4
    payload = qis(*[CNOT] * gates, qubits=qubits, shots=shots, noise={"model": "aria-1", "seed": 1})
    # At most 200 runs with errors carry the variance of the shots that have one.
    runs = shots if qubits == 2 else 200
    deviation = math.sqrt(expected * (1 - expected) / runs)
    assert abs(driver.probabilities(payload)["0"] - expected) < 5 * deviation


def test_an_error_of_a_native_circuit_is_a_native_gate(driver: Driver) -> None:
    gates = [{"gate": "zz", "targets": [0, 6], "angle": 0.25}] * 60
    payload = native(*gates, qubits=7, noise={"model": "aria-2", "seed": 2})
    assert set(driver.probabilities(payload)) == {"0", "1", "64", "65"}


def test_the_ideal_simulator_does_not_sample(driver: Driver) -> None:
    assert_exact(driver.probabilities(qis(H, shots=1)), {"0": 0.5, "1": 0.5})
