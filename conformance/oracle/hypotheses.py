"""What a plausible implementer gets wrong, each as the distribution it would give."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

import reference_sim

FloatArray = npt.NDArray[np.float64]
Gate = Mapping[str, Any]
Rewrite = Callable[[Gate], dict[str, Any] | None]
_INVERSES = {"s": "si", "si": "s", "t": "ti", "ti": "t", "v": "vi", "vi": "v"}
_NEIGHBOURS = {"x": "y", "y": "z", "z": "x", "h": "x", "rx": "ry", "ry": "rz", "rz": "rx"}
_TURN = 2 * math.pi


def explanations(
    circuit: Gate, others: Sequence[tuple[str, Gate]] = ()
) -> Iterator[tuple[str, FloatArray]]:
    """Yield (name, distribution) for every mistake that can be made on `circuit`.

    Names are sentences that complete "The data fit: ...". Distributions have shape
    (2**qubits,), bit k of an index being qubit k, like the reference's.
    """
    exact = reference_sim.probabilities(circuit)
    qubits = int(math.log2(exact.size))
    yield "the reversed bit order (qubit 0 as the most significant bit)", _reversed(exact, qubits)
    yield "the uniform distribution", np.full(exact.size, 1 / exact.size)
    yield "the most probable outcome alone", _spike(exact)
    for name, other in others:
        probabilities = _simulated(other)
        if probabilities is not None:
            yield f"another circuit of the job, {name}", probabilities
    for name, rewrite in REWRITES.items():
        for kinds in _choices(circuit, rewrite):
            gates = [
                (rewrite(gate) if gate["gate"] in kinds else None) or gate
                for gate in circuit["circuit"]
            ]
            probabilities = _simulated({**circuit, "qubits": qubits, "circuit": gates})
            if probabilities is not None:
                yield f"{name} ({', '.join(sorted(kinds))})", probabilities
    yield from _one_gate_kind_lost(circuit, qubits)


def _choices(circuit: Gate, rewrite: Rewrite) -> Iterator[frozenset[str]]:
    """Yield the kinds of gates that a mistake may touch: each kind alone, then all of them."""
    touched = {gate["gate"] for gate in circuit["circuit"] if rewrite(gate) is not None}
    for kind in sorted(touched):
        yield frozenset({kind})
    if len(touched) > 1:
        yield frozenset(touched)


def _one_gate_kind_lost(circuit: Gate, qubits: int) -> Iterator[tuple[str, FloatArray]]:
    for kind in sorted({gate["gate"] for gate in circuit["circuit"]}):
        kept = [gate for gate in circuit["circuit"] if gate["gate"] != kind]
        probabilities = _simulated({**circuit, "qubits": qubits, "circuit": kept})
        if probabilities is not None:
            yield f"{kind} doing nothing", probabilities


def _simulated(circuit: Gate) -> FloatArray | None:
    try:
        return reference_sim.probabilities(circuit)
    except reference_sim.CircuitError:
        return None


def _reversed(probabilities: FloatArray, qubits: int) -> FloatArray:
    return probabilities.reshape((2,) * qubits).transpose().reshape(-1)


def _spike(probabilities: FloatArray) -> FloatArray:
    spike = np.zeros_like(probabilities)
    spike[int(np.argmax(probabilities))] = 1.0
    return spike


def _scaled(factor: float, *fields: str) -> Rewrite:
    def rewrite(gate: Gate) -> dict[str, Any] | None:
        changed = {name: _times(gate[name], factor) for name in fields if name in gate}
        return {**gate, **changed} if changed else None

    return rewrite


def _times(value: Any, factor: float) -> Any:
    return [v * factor for v in value] if isinstance(value, list) else value * factor


def _renamed(names: Mapping[str, str]) -> Rewrite:
    def rewrite(gate: Gate) -> dict[str, Any] | None:
        return {**gate, "gate": names[gate["gate"]]} if gate["gate"] in names else None

    return rewrite


def _controls(gate: Gate) -> list[Any]:
    return [*gate.get("controls", ()), *([gate["control"]] if "control" in gate else [])]


def _without_controls(gate: Gate) -> dict[str, Any] | None:
    if not _controls(gate):
        return None
    plain = {k: v for k, v in gate.items() if k not in {"control", "controls"}}
    return {**plain, "gate": "x" if gate["gate"] == "cnot" else gate["gate"]}


def _first_control_only(gate: Gate) -> dict[str, Any] | None:
    controls = _controls(gate)
    if len(controls) < 2:
        return None
    return {**{k: v for k, v in gate.items() if k != "control"}, "controls": controls[:1]}


def _exchanged(gate: Gate) -> dict[str, Any] | None:
    controls = _controls(gate)
    targets = gate.get("targets", [gate.get("target")])
    if len(controls) != 1 or len(targets) != 1:
        return None
    plain = {k: v for k, v in gate.items() if k not in {"control", "target"}}
    return {**plain, "controls": targets, "targets": controls}


def _swapped_phases(gate: Gate) -> dict[str, Any] | None:
    return {**gate, "phases": gate["phases"][::-1]} if "phases" in gate else None


def _default_angle(gate: Gate) -> dict[str, Any] | None:
    return {**gate, "angle": 0.25} if gate["gate"] == "ms" and "angle" in gate else None


def _dropped_rotation(gate: Gate) -> dict[str, Any] | None:
    if gate["gate"] != "z" or "rotation" not in gate:
        return None
    return {k: v for k, v in gate.items() if k != "rotation"}


REWRITES: dict[str, Rewrite] = {
    "the inverse gate": _renamed(_INVERSES),
    "a neighbouring gate": _renamed(_NEIGHBOURS),
    "the opposite sign of the angle": _scaled(-1.0, "rotation", "angle"),
    "half the angle": _scaled(0.5, "rotation", "angle"),
    "twice the angle": _scaled(2.0, "rotation", "angle"),
    "degrees for radians": _scaled(math.pi / 180, "rotation"),
    "turns for radians": _scaled(_TURN, "rotation"),
    "radians for turns": _scaled(1 / _TURN, "phase", "phases", "angle"),
    "units of pi for turns": _scaled(0.5, "phase", "phases"),
    "the opposite sign of the phase": _scaled(-1.0, "phase", "phases"),
    "the phases exchanged": _swapped_phases,
    "the default angle whatever is asked": _default_angle,
    "controls ignored": _without_controls,
    "the first control only": _first_control_only,
    "control and target exchanged": _exchanged,
    "the rotation of z ignored": _dropped_rotation,
}
"""Name to what each gate of the circuit becomes; None leaves a gate as it is."""
