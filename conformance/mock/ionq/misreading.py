"""Faults that read circuits or results wrongly; applied where results are computed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from conformance.mock.faults import Faults
from conformance.mock.ionq.circuits import Circuit, Gate, qubits_of

Distribution = dict[int, float]


def misread(circuit: Circuit, faults: Faults) -> Mapping[str, Any]:
    """Return the simulator's input for `circuit` as a service with `faults` understands it."""
    gates = circuit.input["circuit"]
    if faults.on("gateset-override-ignored") and circuit.overrides:
        gates = []
    for name, change in _GATES.items():
        if faults.on(name):
            gates = [change(gate) for gate in gates]
    if faults.on("noise-tripled"):
        gates = [part for gate in gates for part in _thrice(gate)]
    if faults.on("fifth-qubit-lost"):
        gates = [gate for gate in gates if 4 not in qubits_of(gate)]
    return {**circuit.input, "circuit": gates}


def misreport(found: Distribution, qubits: int, faults: Faults) -> Distribution:
    """Return what a service with `faults` tells about the distribution `found`."""
    for name, change in _DISTRIBUTIONS.items():
        if faults.on(name):
            found = change(found, qubits)
    return found


def _thrice(gate: Gate) -> list[Gate]:
    """Return an `ms`, its inverse and it again: the same gate with three times the noise."""
    if gate["gate"] != "ms":
        return [gate]
    back = {**gate, "phases": [gate["phases"][0] + 0.5, gate["phases"][1]]}
    return [gate, back, gate]


def _s_as_si(gate: Gate) -> Gate:
    return {**gate, "gate": "si"} if gate["gate"] == "s" else gate


def _without_controls(gate: Gate) -> Gate:
    kept = {key: value for key, value in gate.items() if key not in {"control", "controls"}}
    return {**kept, "gate": "x"} if gate["gate"] == "cnot" else kept


def _phase_in_radians(gate: Gate) -> Gate:
    changed = dict(gate)
    if "phase" in gate:
        changed["phase"] = gate["phase"] / (2 * math.pi)
    if "phases" in gate:
        changed["phases"] = [phase / (2 * math.pi) for phase in gate["phases"]]
    return changed


def _zz_halved(gate: Gate) -> Gate:
    if gate["gate"] != "zz":
        return gate
    return {
        key: value / 2 if key in {"angle", "phase", "rotation"} else value
        for key, value in gate.items()
    }


def _rotation_halved(gate: Gate) -> Gate:
    if gate["gate"] not in {"rx", "ry", "rz"}:
        return gate
    return {**gate, "rotation": gate["rotation"] / 2}


_GATES: Mapping[str, Callable[[Gate], Gate]] = {
    "s-as-si": _s_as_si,
    "control-ignored": _without_controls,
    "phase-in-radians": _phase_in_radians,
    "zz-halved": _zz_halved,
    "rotation-halved": _rotation_halved,
}


def _reversed(found: Distribution, qubits: int) -> Distribution:
    return {int(f"{key:0{qubits}b}"[::-1], 2): value for key, value in found.items()}


def _uniform(_found: Distribution, qubits: int) -> Distribution:
    size = 2 ** min(qubits, 10)
    return dict.fromkeys(range(size), 1 / size)


def _unnormalised(found: Distribution, _qubits: int) -> Distribution:
    return {key: 0.9 * value for key, value in found.items()}


def _negative(found: Distribution, qubits: int) -> Distribution:
    """Move more probability than there is from one outcome to another."""
    first = next(iter(found))
    other = first ^ 1
    return {**found, first: found[first] + found.get(other, 0.0) + 0.01, other: -0.01}


def _stray(found: Distribution, qubits: int) -> Distribution:
    """Read the highest qubit as 1 in one shot of a hundred of the likeliest outcome."""
    likeliest = max(found, key=lambda key: found[key])
    strayed = {**found, likeliest: found[likeliest] - 0.01}
    other = likeliest ^ (1 << (qubits - 1))
    return {**strayed, other: found.get(other, 0.0) + 0.01}


_DISTRIBUTIONS: Mapping[str, Callable[[Distribution, int], Distribution]] = {
    "reversed-bits": _reversed,
    "uniform": _uniform,
    "unnormalised": _unnormalised,
    "negative-probability": _negative,
    "stray-shots": _stray,
}
