"""Compiled circuits against what was submitted: the same unitary, up to a global phase."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import numpy as np
import pytest
from mock_driver import CNOT, Driver, H, X, multi, native, qis
from unitaries import distance, unitary

import reference_sim
from conformance.mock import InstantClock, SteppedClock, ionq
from conformance.mock.program.openqasm import circuit_of

REASON = "install the extra 'test'"
qasm3: Any = pytest.importorskip("qiskit.qasm3", reason=REASON)
quantum_info: Any = pytest.importorskip("qiskit.quantum_info", reason=REASON)
pytest.importorskip("qiskit_qasm3_import", reason=REASON)
EPS = 2.0**-52
PLAIN = ("x", "not", "y", "z", "h", "s", "si", "t", "ti", "v", "vi")
TURNED = ("rx", "ry", "rz", "z", "xx", "yy", "zz")
ANGLES = (0.0, 1e-9, math.pi / 2, -math.pi / 2, math.pi, 3 * math.pi, 2 * math.pi)


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


def generator(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (circuits keep no secret)


def drawn_angle(rng: random.Random) -> float:
    return rng.choice(ANGLES) if rng.random() < 0.3 else rng.uniform(-7, 7)


def drawn_gate(rng: random.Random, qubits: int) -> dict[str, Any]:
    name = rng.choice([*PLAIN, *TURNED, "swap", "cnot", "pauliexp"])
    width = rng.randint(1, qubits) if name == "pauliexp" else 1 + (name in {"swap", *TURNED[4:]})
    order = rng.sample(range(qubits), qubits)
    gate: dict[str, Any] = {"gate": name, "targets": order[:width]}
    controls = min(rng.choice([0, 0, 1, 2, 3]), qubits - width)
    if name == "cnot":
        controls = max(controls, 1)
    if controls:
        gate["controls"] = order[width : width + controls]
    if name in TURNED and not (name == "z" and rng.random() < 0.5):
        gate["rotation"] = drawn_angle(rng)
    if name == "pauliexp":
        gate["terms"] = ["".join(rng.choice("IXYZ") for _ in range(width))]
        gate |= {"coefficients": [rng.uniform(-2, 2)], "time": rng.uniform(0, 2)}
    return gate


def drawn_native(rng: random.Random, qubits: int) -> dict[str, Any]:
    name, pair = rng.choice(["gpi", "gpi2", "ms", "zz"]), rng.sample(range(qubits), 2)
    if name in {"gpi", "gpi2"}:
        return {"gate": name, "target": pair[0], "phase": rng.choice([0, 0.25, rng.uniform(-1, 1)])}
    gate = {"gate": name, "targets": pair, "angle": rng.uniform(0, 0.25)}
    return gate if name == "zz" else {**gate, "phases": [rng.uniform(-1, 1) for _ in pair]}


def compiled(driver: Driver, payload: dict[str, Any], language: str = "native") -> str:
    text: str = driver.get(f"/jobs/{driver.submit(payload)}/circuits/{language}")
    return text


def bound(gates: int) -> float:
    """Bound the rounding: some tens of products of matrices for each native gate."""
    return 100 * EPS * (gates + 1)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("backend", ["qpu.aria-1", "qpu.forte-1"])
def test_a_compiled_circuit_is_the_submitted_one(driver: Driver, backend: str, seed: int) -> None:
    rng = generator(seed)
    qubits = rng.randint(2, 4)
    gates = [drawn_gate(rng, qubits) for _ in range(rng.randint(1, 8))]
    payload = qis(*gates, qubits=qubits, backend=backend)
    found = json.loads(compiled(driver, payload))
    assert found["qubits"] == qubits
    limit = bound(len(found["circuit"]))
    assert distance(unitary(payload["input"]), unitary(found)) < limit


@pytest.mark.parametrize("seed", range(10))
def test_native_circuits_are_compiled_to_what_the_machine_has(driver: Driver, seed: int) -> None:
    rng = generator(seed)
    gates = [drawn_native(rng, 3) for _ in range(8)]
    for backend, missing in (("qpu.aria-1", "zz"), ("qpu.forte-1", "ms")):
        payload = native(*gates, qubits=3, backend=backend)
        found = json.loads(compiled(driver, payload))
        assert missing not in {gate["gate"] for gate in found["circuit"]}
        limit = bound(len(found["circuit"]))
        assert distance(unitary(payload["input"]), unitary(found)) < limit


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("model", ["aria-1", "forte-1"])
def test_a_compiled_program_is_the_submitted_circuit_to_qiskit_and_to_us(
    driver: Driver, model: str, seed: int
) -> None:
    rng = generator(seed)
    gates = [drawn_gate(rng, 3) for _ in range(6)]
    payload = qis(*gates, qubits=3, noise={"model": model})
    program = compiled(driver, payload, "qasm3")
    expected = unitary(payload["input"])
    read = qasm3.loads(program)
    limit = bound(10 * len(read.data))
    assert distance(expected, np.asarray(quantum_info.Operator(read).data)) < limit
    assert distance(expected, unitary(circuit_of(program, []))) < limit


@pytest.mark.parametrize(
    ("backend", "own"),
    [("qpu.aria-1", {"gpi", "gpi2", "ms"}), ("qpu.forte-enterprise-2", {"gpi", "gpi2", "zz"})],
)
def test_each_machine_gets_its_own_gates_within_their_public_limits(
    driver: Driver, backend: str, own: set[str]
) -> None:
    rng = generator(5)
    gates = [drawn_gate(rng, 4) for _ in range(12)]
    for gate in json.loads(compiled(driver, qis(*gates, qubits=4, backend=backend)))["circuit"]:
        assert gate["gate"] in own
        assert 0 <= gate.get("angle", 0) <= 0.25
        assert all(abs(p) <= 1 for p in [gate.get("phase", 0), *gate.get("phases", ())])


def test_a_circuit_of_the_machines_own_gates_stays_as_it_is(driver: Driver) -> None:
    gates = [
        {"gate": "gpi", "target": 0, "phase": 0.3},
        {"gate": "ms", "targets": [1, 0], "phases": [0.1, -0.2], "angle": 0.2},
    ]
    found = json.loads(compiled(driver, native(*gates, backend="qpu.aria-1")))
    assert found == {"qubits": 2, "gateset": "native", "circuit": gates}


def test_a_bell_pair_takes_one_interaction(driver: Driver) -> None:
    for backend, name in (("qpu.aria-1", "ms"), ("qpu.forte-1", "zz")):
        found = json.loads(compiled(driver, qis(H, CNOT, backend=backend)))["circuit"]
        interactions = [gate for gate in found if "targets" in gate]
        assert [(gate["gate"], gate["angle"]) for gate in interactions] == [(name, 0.25)]


def test_a_wide_circuit_is_compiled_on_the_qubits_it_names(driver: Driver) -> None:
    gates = [{"gate": "h", "target": 3}, {"gate": "cnot", "control": 3, "target": 21}]
    found = json.loads(compiled(driver, qis(*gates, qubits=25, backend="qpu.aria-1")))
    used = {q for gate in found["circuit"] for q in gate.get("targets", [gate.get("target")])}
    assert (found["qubits"], used) == (25, {3, 21})
    assert reference_sim.parse(found).qubits == 25


def test_a_dry_run_is_compiled_too(driver: Driver) -> None:
    payload = qis(H, backend="qpu.forte-1", dry_run=True)
    assert json.loads(compiled(driver, payload))["gateset"] == "native"


def test_each_circuit_of_a_job_is_compiled_as_its_own_job(driver: Driver) -> None:
    job = driver.submit(multi({"circuit": [H]}, {"circuit": [X, X]}))
    assert driver.send("GET", f"/jobs/{job}/circuits/native").status == 404
    children = driver.get(f"/jobs/{job}")["child_job_ids"]
    told = [json.loads(driver.get(f"/jobs/{child}/circuits/native")) for child in children]
    assert len(told[0]["circuit"]) > 0
    assert told[1]["circuit"] == []


def test_only_a_completed_job_has_a_compiled_circuit() -> None:
    clock = SteppedClock()
    driver = Driver(ionq.app(clock=clock))
    job = driver.submit(qis(H))
    assert driver.send("GET", f"/jobs/{job}/circuits/qasm3").status == 404
    clock.advance(1)
    assert driver.send("GET", f"/jobs/{job}/circuits/qasm3").status == 200


def mixed(qubits: int, *controls: int) -> dict[str, Any]:
    """Return an exponential whose terms do not commute."""
    terms = ["X" * qubits, "Z" + "I" * (qubits - 1), "I" * (qubits - 1) + "Y"]
    gate = {"gate": "pauliexp", "targets": list(range(qubits)), "terms": terms,
            "coefficients": [0.7, -1.3, 0.4], "time": 0.9}  # fmt: skip
    return {**gate, "controls": list(controls)} if controls else gate


@pytest.mark.parametrize("qubits", [1, 2, 3])
@pytest.mark.parametrize("controls", [(), (3,)])
def test_exponentials_of_terms_that_do_not_commute_are_compiled(
    driver: Driver, qubits: int, controls: tuple[int, ...]
) -> None:
    payload = qis(mixed(qubits, *controls), qubits=4, backend="qpu.forte-1")
    found = json.loads(compiled(driver, payload))
    limit = bound(len(found["circuit"]))
    assert distance(unitary(payload["input"]), unitary(found)) < limit


def test_what_has_no_exact_form_is_not_compiled_and_says_so(driver: Driver) -> None:
    job = driver.submit(qis(mixed(6), qubits=6))
    reply = driver.send("GET", f"/jobs/{job}/circuits/native")
    assert reply.status == 404
    assert "commuting terms" in reply.json()["message"]


def test_a_machine_takes_seven_controls_and_no_more(driver: Driver) -> None:
    seven, eight = ({"gate": "x", "target": 8, "controls": list(range(count))} for count in (7, 8))
    told = driver.get(f"/jobs/{driver.submit(qis(eight, qubits=9, backend='qpu.aria-1'))}")
    assert told["failure"]["code"] == "TooManyControls"
    assert len(json.loads(compiled(driver, qis(seven, qubits=9, backend="qpu.aria-1")))) == 3
    assert driver.probabilities(qis(eight, qubits=9)) == {"0": 1.0}
