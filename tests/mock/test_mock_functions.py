"""Quantum functions: energies beside the reference simulator's and beside plain sums."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pytest
from mock_driver import Driver

import reference_sim
from conformance.mock import InstantClock, ionq

EPS = 2.0**-52
PROGRAM = """OPENQASM 3.0;
include "stdgates.inc";
input float[64] theta0; input float[64] theta1; input float[64] theta2;
qubit[3] q;
ry(theta0) q[0]; ry(theta1) q[1]; rx(theta2) q[2];
cx q[0], q[1]; cx q[1], q[2]; rz(theta2) q[1];
"""
ANGLES = [0.4, -1.1, 2.3]
GATES: list[dict[str, Any]] = [
    {"gate": "ry", "target": 0, "rotation": 0.4},
    {"gate": "ry", "target": 1, "rotation": -1.1},
    {"gate": "rx", "target": 2, "rotation": 2.3},
    {"gate": "cnot", "control": 0, "target": 1},
    {"gate": "cnot", "control": 1, "target": 2},
    {"gate": "rz", "target": 1, "rotation": 2.3},
]
ANSATZ: dict[str, Any] = {"qubits": 3, "gateset": "qis", "circuit": GATES}


SIX = [
    {"pauli_string": word, "coefficient": 1} for word in ("XXX", "YYY", "ZZZ", "XYZ", "YZX", "ZXY")
]
"""Terms of which no two can be read in one basis."""


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


def terms(**coefficients: float) -> list[dict[str, Any]]:
    return [{"pauli_string": word, "coefficient": c} for word, c in coefficients.items()]


def function(hamiltonian: Any, params: Any = ANGLES, **fields: Any) -> dict[str, Any]:
    names = {"ansatz", "penalty", "cvar_alpha", "linear_constraints", "quadratic_constraints"}
    inner = {"hamiltonian": hamiltonian, "ansatz": {"data": PROGRAM}}
    inner |= {name: value for name, value in fields.items() if name in names}
    outer = {name: value for name, value in fields.items() if name not in names}
    data = {"data": {"type": "hamiltonian-energy", "data": inner}, "params": params}
    payload = {"type": "quantum-function", "backend": "simulator", "shots": 400, "input": data}
    return {**payload, **outer}


def loose(hamiltonian: Any) -> dict[str, Any]:
    """Return a function in the document's open form, in which anything may stand."""
    payload = function(hamiltonian)
    return {**payload, "input": {**payload["input"]["data"], "params": ANGLES}}


def result_of(driver: Driver, payload: dict[str, Any]) -> dict[str, float]:
    told = driver.get(f"/jobs/{driver.submit(payload)}")
    assert told["status"] == "completed", told["failure"]
    found: dict[str, float] = told["results"]
    return found


@pytest.mark.parametrize(
    "hamiltonian",
    [
        terms(ZZI=1.5, IZZ=-0.5, ZII=0.25, III=3.0),
        terms(XXI=1.0, YIY=-2.0, IZX=0.5, ZZZ=0.75),
        terms(YYY=1.0),
        [*terms(XII=1.0), *terms(XII=0.5)],
    ],
)
def test_the_value_is_the_energy_of_the_ansatz(
    driver: Driver, hamiltonian: list[dict[str, Any]]
) -> None:
    expected = reference_sim.energy(ANSATZ, hamiltonian)
    size = sum(abs(term["coefficient"]) for term in hamiltonian)
    found = result_of(driver, function(hamiltonian))["value"]
    assert abs(found - expected) < 100 * EPS * size


def test_both_forms_of_the_input_are_the_same_function(driver: Driver) -> None:
    hamiltonian = terms(ZZI=1.5, IXX=1)
    assert result_of(driver, loose(hamiltonian)) == result_of(driver, function(hamiltonian))


def test_the_variance_is_that_of_a_mean_over_the_shots(driver: Driver) -> None:
    angle = 0.8
    ansatz = {"data": "OPENQASM 3.0; qubit q; ry(0.8) q;"}
    found = result_of(driver, function(terms(Z=2.0), [], ansatz=ansatz, shots=1000))
    assert abs(found["value"] - 2 * math.cos(angle)) < 100 * EPS
    assert abs(found["variance"] - 4 * math.sin(angle) ** 2 / 1000) < 100 * EPS


@pytest.mark.parametrize("where", [{"noise": {"model": "aria-1", "seed": 3}},
                                   {"backend": "qpu.forte-1"}])  # fmt: skip
def test_an_energy_that_was_measured_is_near_the_exact_one(
    driver: Driver, where: dict[str, Any]
) -> None:
    hamiltonian = terms(ZZI=1.5, XXI=-0.5, YIY=0.25)
    shots, size = 10_000, 2.25
    exact = reference_sim.energy(ANSATZ, hamiltonian)
    found = result_of(driver, function(hamiltonian, shots=shots, **where))
    assert found["value"] != exact
    # A term shrinks by at most 8 gates' errors and 2 misread qubits, each below 2 percent.
    drift = size * (1 - 0.98**12)
    assert abs(found["value"] - exact) < drift + 6 * math.sqrt(found["variance"])
    assert 0 < found["variance"] <= 3 * 1.5**2 / shots


def test_terms_that_fit_one_basis_are_read_from_one_circuit(driver: Driver) -> None:
    for hamiltonian, circuits in (
        (terms(ZZI=1, IZZ=1, III=1), 1),
        (terms(XIX=1, IZI=1, XZI=1), 1),
        (terms(XII=1, YII=1, ZII=1), 3),
    ):
        told = driver.get(f"/jobs/{driver.submit(function(hamiltonian))}")
        assert told["stats"]["circuits"] == circuits
        assert told["stats"]["gate_counts"]["2q"] == 2 * circuits


def outcomes() -> list[tuple[float, tuple[int, ...]]]:
    """Return probability and bits of every outcome of the ansatz; bit k is qubit k."""
    values = reference_sim.probabilities(ANSATZ).tolist()
    return [(p, tuple(state >> k & 1 for k in range(3))) for state, p in enumerate(values)]


def diagonal(bits: tuple[int, ...]) -> float:
    z = [1 - 2 * bit for bit in bits]
    return 1.5 * z[2] * z[1] - 0.5 * z[0]


def test_a_penalty_is_added_for_what_a_constraint_is_exceeded_by(driver: Driver) -> None:
    linear = [{"coeffs": [1, 2, 3], "rhs": 2.5}]
    quadratic = [{"quadratic_coeff": [[0, 1, 0], [1, 0, 0], [0, 0, 2]],
                  "linear_coeff": [0, 0, -1], "rhs": 0.5}]  # fmt: skip
    found = result_of(driver, function(
        terms(ZZI=1.5, IIZ=-0.5), penalty=10.0,
        linear_constraints=linear, quadratic_constraints=quadratic,
    ))  # fmt: skip
    expected = 0.0
    for p, (a, b, c) in outcomes():
        over = max(0.0, a + 2 * b + 3 * c - 2.5) + max(0.0, 2 * a * b + 2 * c - c - 0.5)
        expected += p * (diagonal((a, b, c)) + 10 * over)
    assert abs(found["value"] - expected) < 1e-12


@pytest.mark.parametrize("alpha", [0.05, 0.4, 1.0])
def test_a_part_of_the_distribution_is_its_lowest_energies(driver: Driver, alpha: float) -> None:
    found = result_of(driver, function(terms(ZZI=1.5, IIZ=-0.5), cvar_alpha=alpha))["value"]
    left, total = alpha, 0.0
    for energy, p in sorted((diagonal(bits), p) for p, bits in outcomes()):
        taken = min(p, left)
        left, total = left - taken, total + taken * energy
    assert abs(found - total / alpha) < 1e-12


def test_a_minimum_over_angles_is_the_lowest_energy(driver: Driver) -> None:
    hamiltonian = terms(ZZI=1.0, IZZ=1.0, ZII=0.5)
    turns = product((0.0, math.pi), repeat=3)
    best = min(result_of(driver, function(hamiltonian, list(t)))["value"] for t in turns)
    assert abs(best - reference_sim.energy_range(hamiltonian).lowest) < 1e-12


@pytest.mark.parametrize(
    ("payload", "code", "message"),
    [
        (function([]), "InvalidInput", "1 to 1000 terms"),
        (loose("ZZ"), "InvalidInput", "1 to 1000 terms"),
        (function(terms(ZZ=1)), "InvalidInput", "term 0: expected 3 letters"),
        (function(terms(ZZA=1)), "InvalidInput", "I, X, Y, Z"),
        (loose([{"pauli_string": "ZZZ"}]), "InvalidInput", "coefficient: expected a number"),
        (function(terms(ZZZ=1e60)), "InvalidInput", "at most 1e+50"),
        (function(terms(ZZZ=1), [1.0]), "InvalidInput", "more parameters"),
        (function(terms(ZZZ=1), [1.0] * 4), "InvalidInput", "expected 3 parameters, got 4"),
        (function(terms(ZZZ=1), ansatz={"data": "h q;"}), "InvalidInput", "a declared register"),
        (function(terms(ZZZ=1), cvar_alpha=0), "InvalidInput", "more than 0"),
        (function(terms(XXX=1), cvar_alpha=0.5), "InvalidInput", "I and Z alone"),
        (function(terms(ZZZ=1), linear_constraints=[{"coeffs": [1], "rhs": 1}]),
         "InvalidInput", "expected 3 numbers"),
        (function(terms(ZZZ=1), shots=-4), "InvalidInput", "at least one shot"),
        (function(terms(**{"Z" * 30: 1}), [], ansatz={"data": "qubit[30] q;"}),
         "NotEnoughQubits", "30 qubits"),
        (function(terms(**{"X" * 20: 1}), [], ansatz={"data": "qubit[20] q; h q;"}),
         "TooManyGates", "too long"),
        (function(SIX, backend="qpu.aria-1", shots=10**6),
         "TooManyShots", "too long"),
        (function(SIX, noise={"model": "harmony"}, shots=10**6),
         "TooManyShots", "too long"),
        ({"type": "quantum-function", "backend": "simulator",
          "input": {"type": "shor", "data": {}}}, "PreflightError", "hamiltonian-energy"),
    ],
)  # fmt: skip
def test_a_function_without_meaning_fails_and_says_why(
    driver: Driver, payload: dict[str, Any], code: str, message: str
) -> None:
    told = driver.get(f"/jobs/{driver.submit(payload)}")
    assert (told["status"], told["failure"]["code"]) == ("failed", code)
    assert message in told["failure"]["message"]


def test_a_dry_run_is_priced_and_not_computed(driver: Driver) -> None:
    payload = function(terms(ZZI=1), backend="qpu.aria-1", shots=10**6, dry_run=True)
    job = driver.submit(payload)
    told = driver.get(f"/jobs/{job}")
    assert (told["status"], told["results"]) == ("completed", None)
    assert driver.get(f"/jobs/{job}/cost")["estimated_cost"]["value"] == 0.0
    run = driver.submit({**payload, "dry_run": False})
    # Four turns and two interactions, a million times.
    assert driver.get(f"/jobs/{run}/cost")["cost"]["value"] == 10**6 * (4 * 0.0002 + 2 * 0.001)


def test_a_function_has_no_distribution(driver: Driver) -> None:
    job = driver.submit(function(terms(ZZI=1)))
    for path in ("results/probabilities", "results/probabilities/aggregated", "circuits/native"):
        status = driver.send("GET", f"/jobs/{job}/{path}").status
        assert status == (200 if path == "circuits/native" else 404)
