"""Circuits for the benchmark: drawn from a seed, in the form of the API, the same everywhere."""

from __future__ import annotations

import math
import random
from typing import Any

Entry = dict[str, Any]

PLAIN = ("x", "y", "z", "h", "s", "si", "t", "ti", "v", "vi")
WEIGHTS = {"plain": 30, "turn": 25, "cnot": 24, "pair": 14, "controlled": 4, "exponent": 3}


def small(seed: int, count: int) -> list[Entry]:
    """Return circuits of 2 to 6 qubits and 8 to 36 gates; every fourth is native."""
    rng = random.Random(seed)  # noqa: S311 (circuits, not secrets)
    return [_native(rng) if number % 4 == 0 else _qis(rng) for number in range(count)]


def _qis(rng: random.Random) -> Entry:
    qubits = rng.randint(2, 6)
    kinds = rng.choices(list(WEIGHTS), weights=list(WEIGHTS.values()), k=rng.randint(8, 36))
    circuit = [_qis_gate(rng, kind, rng.sample(range(qubits), k=qubits)) for kind in kinds]
    return {"qubits": qubits, "gateset": "qis", "circuit": circuit}


def _qis_gate(rng: random.Random, kind: str, order: list[int]) -> Entry:
    angle = rng.uniform(-math.pi, math.pi)
    first, second = order[:2]
    if kind == "plain":
        return {"gate": rng.choice(PLAIN), "target": first}
    if kind == "turn":
        return {"gate": rng.choice(("rx", "ry", "rz")), "target": first, "rotation": angle}
    if kind == "cnot":
        return {"gate": "cnot", "control": first, "target": second}
    if kind == "pair":
        name = rng.choice(("xx", "yy", "zz", "swap"))
        turned = {} if name == "swap" else {"rotation": angle}
        return {"gate": name, "targets": [first, second], **turned}
    if kind == "controlled":
        controls = order[1 : rng.randint(2, min(3, len(order)))]
        return {"gate": rng.choice(("x", "y", "z", "h")), "target": first, "controls": controls}
    word = "".join(rng.choices("XYZ", k=2))
    exponent = {"terms": [word], "coefficients": [rng.uniform(-1, 1)], "time": rng.random()}
    return {"gate": "pauliexp", "targets": [first, second], **exponent}


def _native(rng: random.Random) -> Entry:
    qubits = rng.randint(2, 6)
    circuit: list[Entry] = []
    for _ in range(rng.randint(8, 36)):
        first, second = rng.sample(range(qubits), k=2)
        phase, other, angle = rng.random(), rng.random(), rng.uniform(0, 0.25)
        circuit += rng.choice(
            (
                [{"gate": "gpi", "target": first, "phase": phase}],
                [{"gate": "gpi2", "target": first, "phase": phase}],
                [{"gate": "ms", "targets": [first, second], "phases": [phase, other]}],
                [{"gate": "zz", "targets": [first, second], "angle": angle}],
            )
        )
    return {"qubits": qubits, "gateset": "native", "circuit": circuit}
