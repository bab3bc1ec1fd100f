"""Circuits in words of their own, so that two that are the same are told in the same words.

Gates are QIS gates, each as early as it can come past gates that commute with it (the normal form
of Cartier and Foata), and qubits are numbered as they first come. Two circuits of one form are the
same up to the names of their qubits; two that are the same may yet have two forms.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Gate = Mapping[str, Any]
Key = tuple[Any, ...]

_DECIMALS = 9
"""To which angles are compared."""
_INVERSES = {"s": "si", "si": "s", "t": "ti", "ti": "t", "v": "vi", "vi": "v"}
_KNOWN = frozenset({*_INVERSES, "x", "y", "z", "h", "not", "cnot", "swap"})
_AXES = {
    **dict.fromkeys(("x", "not", "cnot", "rx", "v", "vi", "xx"), "x"),
    **dict.fromkeys(("y", "ry", "yy"), "y"),
    **dict.fromkeys(("z", "s", "si", "t", "ti", "rz", "zz"), "z"),
}
"""Gates that are functions of one Pauli matrix on each of their targets, and of which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plain:
    """A QIS gate: name, numbers, qubits (targets first), and how many of them are controls."""

    name: str
    numbers: tuple[float, ...]
    qubits: tuple[int, ...]
    controls: int

    def axis(self, qubit: int) -> str:
        """Return the Pauli matrix that the gate is a function of on `qubit`; empty for none."""
        is_control = qubit in self.qubits[len(self.qubits) - self.controls :]
        return "z" if is_control else _AXES.get(self.name, "")


def form_of(circuit: Mapping[str, Any]) -> tuple[Key, list[int]]:
    """Return the form of a circuit that has a meaning, and its qubits as they first come in it."""
    gates = [_plain(gate) for gate in circuit.get("circuit", ()) if gate.get("gate") != "nop"]
    layers = _layers(gates)
    order = sorted(range(len(gates)), key=lambda k: (layers[k], gates[k].name, gates[k].numbers))
    places: list[int] = []
    form: list[Any] = []
    for gate in (gates[k] for k in order):
        places += [q for q in gate.qubits if q not in places]
        numbered = tuple(places.index(q) for q in gate.qubits)
        form.append((gate.name, gate.numbers, numbered, gate.controls))
    return ("form", *form), places


def _layers(gates: Sequence[_Plain]) -> list[int]:
    """Return for each gate how many must come before it, one after the other.

    Two gates are known to commute if on each qubit of both they are functions of one matrix.
    """
    layers: list[int] = []
    last: dict[int, dict[str, int]] = {}
    for gate in gates:
        axes = {qubit: gate.axis(qubit) for qubit in gate.qubits}
        before = (
            layer
            for qubit, axis in axes.items()
            for other, layer in last.get(qubit, {}).items()
            if other != axis or not axis
        )
        layers.append(max(before, default=-1) + 1)
        for qubit, axis in axes.items():
            known = last.setdefault(qubit, {})
            known[axis] = max(known.get(axis, 0), layers[-1])
    return layers


def undoes_itself(gates: Sequence[Gate]) -> bool:
    """Whether the second half of the gates are the inverses of the first, in reverse order."""
    half = len(gates) // 2
    if len(gates) % 2 or not gates:
        return False
    return all(
        _is_known(gates[i]) and _inverse(_plain(gates[i])) == _plain(gates[-1 - i])
        for i in range(half)
    )


def _plain(gate: Gate) -> _Plain:
    targets = [*([gate["target"]] if "target" in gate else []), *gate.get("targets", ())]
    controls = [*([gate["control"]] if "control" in gate else []), *gate.get("controls", ())]
    name, numbers = _as_qis(gate)
    return _Plain(
        name=name,
        numbers=tuple(round(x, _DECIMALS) for x in numbers),
        qubits=tuple(dict.fromkeys(int(q) for q in (*targets, *controls))),
        controls=len(set(controls)),
    )


def _as_qis(gate: Gate) -> tuple[str, tuple[float, ...]]:
    """Return a gate's name and numbers; a native gate that is a QIS rotation as that."""
    name, turn = str(gate.get("gate")), 2 * math.pi
    axis = {0.0: "x", 0.25: "y"}
    if name == "gpi" and gate.get("phase") in axis:
        return axis[gate["phase"]], ()
    if name == "gpi2" and gate.get("phase") in axis:
        return f"r{axis[gate['phase']]}", (turn / 4,)
    if name == "gpi2" and gate.get("phase") in {0.5, -0.25}:
        return ("rx" if gate["phase"] == 0.5 else "ry"), (-turn / 4,)
    phases = gate.get("phases")
    if name == "ms" and phases in ([0.0, 0.0], [0.25, 0.25]):
        return 2 * axis[phases[0]], (turn * gate.get("angle", 0.25),)
    if name == "zz" and "angle" in gate:
        return "zz", (turn * gate["angle"],)
    fields = ("rotation", "phase", "angle", "time", "phases", "coefficients")
    values = [gate[f] for f in fields if f in gate]
    numbers = [x for v in values for x in (v if isinstance(v, list) else [v])]
    terms = "".join(gate.get("terms", ()))
    return f"{name}{terms}", tuple(float(x) for x in numbers)


def _is_known(gate: Gate) -> bool:
    return "rotation" in gate or gate.get("gate") in _KNOWN


def _inverse(gate: _Plain) -> _Plain:
    return _Plain(
        name=_INVERSES.get(gate.name, gate.name),
        numbers=tuple(-x for x in gate.numbers),
        qubits=gate.qubits,
        controls=gate.controls,
    )
