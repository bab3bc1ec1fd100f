"""Circuits whose results are bound to each other, whatever a simulator would say of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Gate = dict[str, Any]

WIDE = 14
"""Qubits of the circuit that is undone."""


def relatives() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (name, circuit): a circuit, the same in other words, and one that undoes itself."""
    gates = _generic()
    yield "a circuit", _of(5, gates)
    yield "the same circuit again", _of(5, gates)
    yield "its gates on other qubits", _of(5, [_moved(g, (3, 0, 4, 2)) for g in gates])
    yield "its commuting gates exchanged", _of(5, _exchanged(gates))
    yield "a circuit and its inverse", _of(WIDE, _undone())
    native: list[Gate] = [
        {"gate": "gpi2", "target": 0, "phase": 0.0},
        {"gate": "gpi2", "target": 1, "phase": 0.25},
        {"gate": "ms", "targets": [0, 1], "phases": [0.0, 0.0], "angle": 0.125},
        {"gate": "zz", "targets": [1, 0], "angle": 0.0625},
        {"gate": "gpi2", "target": 0, "phase": 0.25},
        {"gate": "gpi", "target": 1, "phase": 0.25},
        {"gate": "ms", "targets": [1, 0], "phases": [0.25, 0.25], "angle": 0.09},
        {"gate": "gpi2", "target": 1, "phase": 0.5},
        {"gate": "gpi2", "target": 0, "phase": -0.25},
    ]
    yield "native gates", {"qubits": 2, "gateset": "native", "circuit": native}
    quarter = 1.5707963267948966
    qis: list[Gate] = [
        {"gate": "rx", "target": 0, "rotation": quarter},
        {"gate": "ry", "target": 1, "rotation": quarter},
        {"gate": "xx", "targets": [0, 1], "rotation": quarter / 2},
        {"gate": "zz", "targets": [1, 0], "rotation": quarter / 4},
        {"gate": "ry", "target": 0, "rotation": quarter},
        {"gate": "y", "target": 1},
        {"gate": "yy", "targets": [1, 0], "rotation": 4 * quarter * 0.09},
        {"gate": "rx", "target": 1, "rotation": -quarter},
        {"gate": "ry", "target": 0, "rotation": -quarter},
    ]
    yield "the same in gates of the other set", _of(2, qis)


def _of(qubits: int, gates: list[Gate]) -> dict[str, Any]:
    return {"qubits": qubits, "gateset": "qis", "circuit": gates}


def _generic() -> list[Gate]:
    turns: list[Gate] = [
        {"gate": ("rx", "ry")[q % 2], "target": q, "rotation": 0.7 + 0.4 * q} for q in range(4)
    ]
    return [
        *turns,
        {"gate": "cnot", "control": 0, "target": 1},
        {"gate": "zz", "targets": [2, 3], "rotation": 0.9},
        {"gate": "h", "target": 1},
        {"gate": "x", "targets": [2], "controls": [0, 3]},
        {"gate": "rz", "target": 3, "rotation": 0.8},
        {"gate": "xx", "targets": [0, 2], "rotation": 1.3},
        {"gate": "v", "target": 2},
        {"gate": "ry", "target": 3, "rotation": -0.6},
    ]


def _moved(gate: Gate, places: tuple[int, ...]) -> Gate:
    moved = dict(gate)
    for field in ("target", "control"):
        if field in gate:
            moved[field] = places[gate[field]]
    for field in ("targets", "controls"):
        if field in gate:
            moved[field] = [places[q] for q in gate[field]]
    return moved


def _exchanged(gates: list[Gate]) -> list[Gate]:
    """Return the gates with neighbours exchanged that share no qubit, or commute all the same."""
    return [gates[k] for k in (0, 1, 3, 2, 5, 4, 6, 8, 7, 11, 10, 9)]


def _undone() -> list[Gate]:
    """Return gates on all qubits, and their inverses in reverse order."""
    there: list[Gate] = []
    for q in range(WIDE):
        there.append({"gate": "ry", "target": q, "rotation": 0.3 + 0.1 * q})
        there.append({"gate": "cnot", "control": q, "target": (q + 5) % WIDE})
    there += [{"gate": name, "target": q} for q, name in enumerate(("s", "t", "v", "h", "y"))]
    inverses = {"s": "si", "t": "ti", "v": "vi"}
    back = [
        {**g, "gate": inverses.get(g["gate"], g["gate"])}
        | ({"rotation": -g["rotation"]} if "rotation" in g else {})
        for g in reversed(there)
    ]
    return [*there, *back]
