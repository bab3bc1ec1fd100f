"""Circuits that amplify one kind of gate: each yields the most evidence that a search found.

A design is a kind of gate, a number of controls, a number of repeats and a seed. The gate is
repeated between preparations and readings at angles drawn from the seed, so that an error of its
angle adds up and every other mistake shows. `benchmarks/statistics/design.py` tries seeds and keeps
the one whose least visible mistake is the most visible; `CHOSEN` is what it printed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

Gate = dict[str, Any]

NATIVE = ("gpi", "gpi2", "ms", "native zz")
PAIRS = ("swap", "xx", "yy", "zz", "ms", "native zz", "pauliexp")
ROTATED = ("rx", "ry", "rz", "xx", "yy", "zz", "z with a rotation")


def design(kind: str, controls: int, repeats: int, seed: int) -> dict[str, Any]:
    """Return the circuit of a design as an `input` object.

    Args:
        kind: As the oracle names it: `x`, `z with a rotation`, `native zz` ...
        controls: How many controls the gate has; 0 for native gates, at least 1 for `cnot`.
        repeats: How often it stands there.
        seed: Of the angles.
    """
    rng = random.Random(seed)  # noqa: S311 - angles, not secrets
    targets = 2 if kind in PAIRS else 1
    qubits = targets + controls
    gate = _gate(kind, targets, controls, rng)
    if kind in NATIVE:
        before = [_native_turn(q, rng) for _ in range(2) for q in range(qubits)]
        after = [_native_turn(q, rng) for q in range(qubits)]
        block = [gate, *_spacer(kind, rng)]
        gates = [*before, *block * repeats, *after]
        return {"qubits": qubits, "gateset": "native", "circuit": gates}
    before = [g for q in range(qubits) for g in _turns(q, ("ry", "rz"), rng)]
    after = [g for q in range(qubits) for g in _turns(q, ("rz", "ry"), rng)]
    return {"qubits": qubits, "gateset": "qis", "circuit": [*before, *[gate] * repeats, *after]}


def _gate(kind: str, targets: int, controls: int, rng: random.Random) -> Gate:
    name = kind.removeprefix("native ").partition(" ")[0]
    gate: Gate = {"gate": name, "targets": list(range(targets))}
    if controls:
        gate["controls"] = list(range(targets, targets + controls))
    if kind in ROTATED:
        gate["rotation"] = -round(rng.uniform(0.2, 2.9), 2)
    elif name in {"gpi", "gpi2"}:
        return {"gate": name, "target": 0, "phase": _phase(rng)}
    elif name == "ms":
        gate |= {"phases": [_phase(rng), _phase(rng)], "angle": round(rng.uniform(0.05, 0.22), 3)}
    elif kind == "native zz":
        gate["angle"] = round(rng.uniform(0.05, 0.22), 3)
    elif kind == "pauliexp":
        coefficients = [round(rng.uniform(0.3, 0.9), 2), -round(rng.uniform(0.3, 0.9), 2)]
        gate |= {"terms": ["XY", "ZI"], "coefficients": coefficients, "time": 0.9}
    return gate


def _spacer(kind: str, rng: random.Random) -> list[Gate]:
    """Return what stands after each native gate, so that an error of its phase adds up too."""
    if kind == "gpi":
        return [_native_turn(0, rng)] * 2
    return [_native_turn(0, rng), _native_turn(1, rng)] if kind == "ms" else []


def _phase(rng: random.Random) -> float:
    return round(rng.uniform(-0.9, 0.9), 3)


def _turns(qubit: int, axes: tuple[str, str], rng: random.Random) -> Iterator[Gate]:
    for axis in axes:
        yield {"gate": axis, "target": qubit, "rotation": round(rng.uniform(0.2, 2.9), 2)}


def _native_turn(qubit: int, rng: random.Random) -> Gate:
    return {"gate": "gpi2", "target": qubit, "phase": _phase(rng)}


CHOSEN: Mapping[tuple[str, int], tuple[int, int]] = MappingProxyType(
    {
        ("cnot", 1): (11, 23), ("cnot", 2): (1, 3), ("cnot", 3): (3, 14), ("cnot", 4): (1, 5),
        ("h", 0): (11, 78), ("h", 1): (3, 31), ("h", 2): (1, 19), ("h", 3): (3, 1),
        ("h", 4): (1, 0),
        ("not", 0): (9, 47), ("not", 1): (1, 38), ("not", 2): (3, 19), ("not", 3): (3, 1),
        ("not", 4): (3, 0),
        ("pauliexp", 0): (11, 29), ("pauliexp", 1): (3, 28), ("pauliexp", 2): (1, 2),
        ("pauliexp", 3): (3, 4), ("pauliexp", 4): (1, 2),
        ("rx", 0): (11, 64), ("rx", 1): (3, 33), ("rx", 2): (3, 9), ("rx", 3): (3, 11),
        ("rx", 4): (1, 5),
        ("ry", 0): (11, 32), ("ry", 1): (3, 34), ("ry", 2): (3, 17), ("ry", 3): (3, 5),
        ("ry", 4): (3, 5),
        ("rz", 0): (11, 16), ("rz", 1): (3, 10), ("rz", 2): (3, 16), ("rz", 3): (3, 11),
        ("rz", 4): (1, 5),
        ("s", 0): (9, 16), ("s", 1): (3, 38), ("s", 2): (3, 19), ("s", 3): (1, 10),
        ("s", 4): (3, 0),
        ("si", 0): (9, 65), ("si", 1): (3, 37), ("si", 2): (3, 19), ("si", 3): (3, 10),
        ("si", 4): (3, 0),
        ("swap", 0): (11, 77), ("swap", 1): (3, 36), ("swap", 2): (3, 2), ("swap", 3): (3, 2),
        ("swap", 4): (3, 0),
        ("t", 0): (9, 63), ("t", 1): (3, 37), ("t", 2): (3, 0), ("t", 3): (3, 0),
        ("t", 4): (3, 0),
        ("ti", 0): (11, 19), ("ti", 1): (3, 6), ("ti", 2): (3, 7), ("ti", 3): (3, 0),
        ("ti", 4): (3, 0),
        ("v", 0): (9, 38), ("v", 1): (3, 35), ("v", 2): (3, 0), ("v", 3): (1, 10),
        ("v", 4): (3, 0),
        ("vi", 0): (11, 38), ("vi", 1): (3, 35), ("vi", 2): (3, 0), ("vi", 3): (3, 10),
        ("vi", 4): (3, 0),
        ("x", 0): (11, 47), ("x", 1): (3, 38), ("x", 2): (3, 14), ("x", 3): (3, 10),
        ("x", 4): (1, 0),
        ("xx", 0): (11, 28), ("xx", 1): (3, 21), ("xx", 2): (3, 11), ("xx", 3): (3, 11),
        ("xx", 4): (3, 6),
        ("y", 0): (11, 23), ("y", 1): (3, 37), ("y", 2): (3, 7), ("y", 3): (3, 1),
        ("y", 4): (1, 0),
        ("yy", 0): (11, 38), ("yy", 1): (3, 2), ("yy", 2): (3, 11), ("yy", 3): (3, 2),
        ("yy", 4): (3, 6),
        ("z", 0): (9, 30), ("z", 1): (3, 33), ("z", 2): (3, 19), ("z", 3): (3, 0),
        ("z", 4): (1, 0),
        ("z with a rotation", 0): (11, 50), ("z with a rotation", 1): (3, 9),
        ("z with a rotation", 2): (1, 17), ("z with a rotation", 3): (3, 11),
        ("z with a rotation", 4): (1, 5),
        ("zz", 0): (11, 18), ("zz", 1): (3, 16), ("zz", 2): (3, 16), ("zz", 3): (3, 12),
        ("zz", 4): (3, 6),
        ("gpi", 0): (11, 168),
        ("gpi2", 0): (9, 63),
        ("ms", 0): (11, 78),
        ("native zz", 0): (11, 49),
    }
)  # fmt: skip
"""(Kind, controls) to (repeats, seed)."""


def designs(least_controls: int, most_controls: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (kind, circuit) of every chosen design with a number of controls in that range."""
    for (kind, controls), (repeats, seed) in CHOSEN.items():
        if least_controls <= controls <= most_controls:
            yield kind, design(kind, controls, repeats, seed)
