"""What is generated: valid by construction, a function of its seed, and sensitive to mistakes."""

from __future__ import annotations

import random
from typing import Any

import jsonschema_rs
import numpy as np
import pytest

import reference_sim
from conformance.generate import (
    Specimen,
    circuit,
    job_payload,
    native_circuit,
    qis_circuit,
    specimens,
)
from conformance.providers import provider
from conformance.spec import load

IONQ = provider("ionq")
CREATE = load("ionq").operation("CreateJob").body["application/json"]
STRICT = jsonschema_rs.Draft202012Validator(dict(CREATE))
VISIBLE = 1e-3
NEIGHBOURS = {
    "x": ("y", "z", "h"), "y": ("x", "z"), "z": ("x", "s"), "h": ("x", "y"), "s": ("si", "t"),
    "si": ("s", "ti"), "t": ("ti", "s"), "ti": ("t", "si"), "v": ("vi", "x"), "vi": ("v", "x"),
    "not": ("y", "z"), "rx": ("ry", "rz"), "ry": ("rx", "rz"), "rz": ("rx", "ry"),
    "xx": ("yy", "zz"), "yy": ("xx", "zz"), "zz": ("xx", "yy"), "gpi": ("gpi2",),
    "gpi2": ("gpi",),
}  # fmt: skip


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - cases, not secrets


@pytest.mark.parametrize("make", [circuit, qis_circuit, native_circuit])
@pytest.mark.parametrize("seed", range(60))
def test_a_random_circuit_has_a_meaning(make: Any, seed: int) -> None:
    one = make(seeded(seed))
    parsed = reference_sim.parse(one)
    assert parsed.qubits == one["qubits"]
    assert np.isclose(reference_sim.probabilities(one).sum(), 1.0)


@pytest.mark.parametrize("seed", range(300))
def test_a_payload_is_what_the_document_describes(seed: int) -> None:
    payload = job_payload(seeded(seed), IONQ)
    assert [e.message for e in STRICT.iter_errors(payload)] == []
    circuits = IONQ.jobs.circuits_of(payload)
    assert circuits
    for one in circuits:
        reference_sim.parse(one)


@pytest.mark.parametrize("seed", range(5))
def test_a_payload_is_a_function_of_its_seed(seed: int) -> None:
    assert job_payload(seeded(seed), IONQ) == job_payload(seeded(seed), IONQ)


def test_payloads_differ_and_reach_every_form() -> None:
    payloads = [job_payload(seeded(seed), IONQ) for seed in range(200)]
    assert len({str(p) for p in payloads}) == len(payloads)
    assert {p["type"] for p in payloads} == {"ionq.circuit.v1", "ionq.multi-circuit.v1"}
    gates = {g["gate"] for p in payloads for c in IONQ.jobs.circuits_of(p) for g in c["circuit"]}
    assert gates >= {"h", "cnot", "swap", "xx", "gpi", "gpi2", "ms", "rz", "v", "not"}


def test_names_of_specimens_are_unique_and_each_has_a_meaning() -> None:
    catalogue = list(specimens())
    assert len({s.name for s in catalogue}) == len(catalogue)
    for specimen in catalogue:
        for one in specimen.inputs:
            assert np.isclose(reference_sim.probabilities(one).sum(), 1.0)


def subjects() -> list[tuple[str, dict[str, Any], int]]:
    """Return every single-circuit specimen that is about one gate, and where that gate stands."""
    found = []
    for specimen in specimens():
        about = specimen.name.startswith(("gate-", "controlled-", "doubly-", "triply-", "native-"))
        about = about and len(specimen.inputs) == 1
        if about or specimen.name.startswith(("cnot-with", "phase-gate")):
            found.append((specimen.name, specimen.inputs[0], subject_of(specimen)))
    return found


def subject_of(specimen: Specimen) -> int:
    """Return the index of the one gate between the preparations and the readings."""
    whole = specimen.inputs[0]
    return 2 * int(whole["qubits"])


def mistakes(gate: dict[str, Any]) -> list[dict[str, Any] | None]:
    """Return what a plausible implementer makes of `gate`; None leaves it out."""
    name = gate["gate"]
    if name == "nop":  # to leave it out is right
        return [{"gate": "gpi", "target": gate["targets"][0], "phase": 0}]
    controls = [*gate.get("controls", ()), *([gate["control"]] if "control" in gate else [])]
    found: list[dict[str, Any] | None] = [None]
    plain = name not in {"z", "zz"} or ("rotation" in gate) == (name == "zz")
    if not controls and plain:
        found += [{**gate, "gate": other} for other in NEIGHBOURS.get(name, ())]
    if controls:
        bare = {k: v for k, v in gate.items() if k not in {"control", "controls"}}
        found.append({**bare, "gate": "x" if name == "cnot" else name})
    if len(controls) > 1:
        found.append({**gate, "controls": controls[:1]})
    for field in ("rotation", "angle"):
        if field in gate:
            found += [{**gate, field: factor * gate[field]} for factor in (-1, 0.5, 2)]
    for field in ("phase", "phases"):
        if field in gate:
            found += [{**gate, field: scaled(gate[field], f)} for f in (-1, 0.5, 1 / 6.2832)]
    return found


def scaled(value: Any, factor: float) -> Any:
    return [factor * v for v in value] if isinstance(value, list) else factor * value


@pytest.mark.parametrize(("name", "one", "place"), subjects(), ids=[s[0] for s in subjects()])
def test_a_specimen_shows_every_plausible_mistake(
    name: str, one: dict[str, Any], place: int
) -> None:
    right = reference_sim.probabilities(one)
    gate = one["circuit"][place]
    for wrong in mistakes(gate):
        gates = list(one["circuit"])
        gates[place : place + 1] = [] if wrong is None else [wrong]
        seen = reference_sim.probabilities({**one, "circuit": gates})
        assert np.abs(seen - right).max() > VISIBLE, (name, wrong)


@pytest.mark.parametrize("name", ["order-x-on-qubit-0", "order-cnot-chain", "superposition-of-5"])
def test_the_order_of_bits_is_visible(name: str) -> None:
    one = next(s.inputs[0] for s in specimens() if s.name == name)
    right = reference_sim.probabilities(one)
    other = right.reshape((2,) * one["qubits"]).transpose().reshape(-1)
    assert np.abs(right - other).max() > VISIBLE


def test_circuits_of_one_job_that_are_mixed_up_are_visible() -> None:
    for specimen in specimens():
        if len(specimen.inputs) == 1:
            continue
        qubits = max(one["qubits"] for one in specimen.inputs)
        right = np.array(
            [reference_sim.probabilities({**one, "qubits": qubits}) for one in specimen.inputs]
        )
        for mixed in (right[::-1], np.roll(right, 1, axis=0), right[0], right[-1]):
            assert np.abs(right - mixed).max() > VISIBLE, specimen.name


def test_native_parameters_of_specimens_are_in_the_documented_ranges() -> None:
    inputs = [one for specimen in specimens() for one in specimen.inputs]
    gates = [g for one in inputs if one["gateset"] == "native" for g in one["circuit"]]
    assert gates
    for gate in gates:
        phases = [*gate.get("phases", ()), *([gate["phase"]] if "phase" in gate else [])]
        assert all(-1 <= phase <= 1 for phase in phases), gate
        assert 0 <= gate.get("angle", 0.25) <= 0.25, gate
