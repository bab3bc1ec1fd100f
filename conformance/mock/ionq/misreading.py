"""Faults that read jobs, circuits or results wrongly; applied where results are computed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.mock.faults import Faults
from conformance.mock.ionq.circuits import Circuit, Gate, qubits_of
from conformance.mock.ionq.job import Job

Distribution = dict[int, float]
_MANY = 100
_NARROW = 4
"""Qubits up to which small shares are told."""
_SMALL = 0.02
_WIDE = 6


def misread_submission(payload: Mapping[str, Any], faults: Faults) -> Mapping[str, Any]:
    """Return the job that a service with `faults` understands."""
    if payload.get("shots") is None and faults.on("default-shots-raised"):
        payload = {**payload, "shots": 1000}
    several = payload.get("type") == "ionq.multi-circuit.v1"
    if several and payload.get("shots") is None and faults.on("default-shots-of-several-raised"):
        payload = {**payload, "shots": 1000}
    if payload.get("session_id") is not None and faults.on("session-dry-run-runs"):
        payload = {**payload, "dry_run": False}
    return payload


def unseeded(job: Job, faults: Faults) -> Job:
    """Return `job` without the seed of its noise, if a fault forgets it."""
    noise = job.payload.get("noise") or {}
    if "seed" not in noise or not faults.on("noise-seed-ignored"):
        return job
    kept = {name: value for name, value in noise.items() if name != "seed"}
    return replace(job, payload={**job.payload, "noise": kept})


def misread(circuit: Circuit, faults: Faults) -> Mapping[str, Any]:
    """Return the simulator's input for `circuit` as a service with `faults` understands it."""
    gates = circuit.input["circuit"]
    if faults.on("gateset-override-ignored") and circuit.overrides:
        gates = []
    if faults.on("late-gates-lost"):
        gates = gates[:_MANY]
    if faults.on("equal-gates-cancel"):
        gates = _cancelled(gates)
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


def _cancelled(gates: Sequence[Gate]) -> list[Gate]:
    kept: list[Gate] = []
    for gate in gates:
        if kept and kept[-1] == gate:
            kept.pop()
        else:
            kept.append(gate)
    return kept


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


def _wrapped(gate: Gate) -> Gate:
    """Take a full turn off a controlled rotation beyond half a turn, which is not the same."""
    if not gate.get("controls") or abs(gate.get("rotation", 0.0)) <= math.pi:
        return gate
    return {**gate, "rotation": math.remainder(gate["rotation"], 2 * math.pi)}


def _rotation_halved(gate: Gate) -> Gate:
    if gate["gate"] not in {"rx", "ry", "rz"}:
        return gate
    return {**gate, "rotation": gate["rotation"] / 2}


def _renamed(one: str, other: str) -> Callable[[Gate], Gate]:
    return lambda gate: {**gate, "gate": other} if gate["gate"] == one else gate


def _turned(name: str, factor: float) -> Callable[[Gate], Gate]:
    return lambda gate: (
        {**gate, "rotation": factor * gate["rotation"]}
        if gate["gate"] == name and "rotation" in gate
        else gate
    )


def _left_out(name: str) -> Callable[[Gate], Gate]:
    """Return what puts a turn by nothing in the place of a gate."""

    def change(gate: Gate) -> Gate:
        if gate["gate"] != name:
            return gate
        target = gate["target"] if "target" in gate else gate["targets"][0]
        return {"gate": "rz", "target": target, "rotation": 0.0}

    return change


def _cnot_reversed(gate: Gate) -> Gate:
    if gate["gate"] != "cnot" or "control" not in gate or "target" not in gate:
        return gate
    return {**gate, "control": gate["target"], "target": gate["control"]}


def _controls_upto(number: int) -> Callable[[Gate], Gate]:
    return lambda gate: (
        {**gate, "controls": gate["controls"][:number]} if "controls" in gate else gate
    )


def _h_uncontrolled(gate: Gate) -> Gate:
    return _without_controls(gate) if gate["gate"] == "h" else gate


def _ms_without_angle(gate: Gate) -> Gate:
    return {**gate, "angle": 0.25} if gate["gate"] == "ms" else gate


def _phases_swapped(gate: Gate) -> Gate:
    return {**gate, "phases": gate["phases"][::-1]} if gate["gate"] == "ms" else gate


def _gpi2_backwards(gate: Gate) -> Gate:
    return {**gate, "phase": -gate["phase"]} if gate["gate"] == "gpi2" else gate


_GATES: Mapping[str, Callable[[Gate], Gate]] = {
    "s-as-si": _s_as_si,
    "control-ignored": _without_controls,
    "phase-in-radians": _phase_in_radians,
    "zz-halved": _zz_halved,
    "rotation-halved": _rotation_halved,
    "controlled-turns-wrapped": _wrapped,
    "t-as-s": _renamed("t", "s"),
    "ti-as-t": _renamed("ti", "t"),
    "vi-as-v": _renamed("vi", "v"),
    "not-left-out": _left_out("not"),
    "ry-backwards": _turned("ry", -1.0),
    "rz-backwards": _turned("rz", -1.0),
    "xx-doubled": _turned("xx", 2.0),
    "yy-backwards": _turned("yy", -1.0),
    "swap-left-out": _left_out("swap"),
    "cnot-reversed": _cnot_reversed,
    "first-control-only": _controls_upto(1),
    "third-control-ignored": _controls_upto(2),
    "controls-on-h-ignored": _h_uncontrolled,
    "ms-angle-ignored": _ms_without_angle,
    "ms-phases-swapped": _phases_swapped,
    "gpi2-backwards": _gpi2_backwards,
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


def _wide_reversed(found: Distribution, qubits: int) -> Distribution:
    return _reversed(found, qubits) if qubits > _WIDE else found


def _rounded(found: Distribution, _qubits: int) -> Distribution:
    """Round to three places and put what is missing on the likeliest outcome."""
    rounded = {key: round(value, 3) for key, value in found.items()}
    likeliest = max(rounded, key=lambda key: rounded[key])
    return {**rounded, likeliest: rounded[likeliest] + 1.0 - sum(rounded.values())}


def _small_dropped(found: Distribution, _qubits: int) -> Distribution:
    return {key: value for key, value in found.items() if value >= 0.01}


def _small_dropped_if_wide(found: Distribution, qubits: int) -> Distribution:
    if qubits <= _NARROW:
        return found
    return {key: value for key, value in found.items() if value >= _SMALL}


def _beyond(found: Distribution, qubits: int) -> Distribution:
    first = next(iter(found))
    moved = {key: value for key, value in found.items() if key != first}
    return {**moved, first + (1 << qubits): found[first]}


_DISTRIBUTIONS: Mapping[str, Callable[[Distribution, int], Distribution]] = {
    "reversed-bits": _reversed,
    "uniform": _uniform,
    "unnormalised": _unnormalised,
    "negative-probability": _negative,
    "stray-shots": _stray,
    "wide-bits-reversed": _wide_reversed,
    "probabilities-rounded": _rounded,
    "small-outcomes-dropped": _small_dropped,
    "small-shares-dropped": _small_dropped_if_wide,
    "key-out-of-register": _beyond,
}
