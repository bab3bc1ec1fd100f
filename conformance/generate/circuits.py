"""Random circuits that are valid by construction, in the wire form of IonQ's `input` object.

Every function draws from a `random.Random`. Hypothesis has one too (`st.randoms()`), whose
choices it can shrink; so one generator serves seeded runs and property tests alike.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

Gate = dict[str, Any]

FIXED = ("x", "y", "z", "h", "s", "si", "t", "ti", "v", "vi", "not")
"""QIS gates on one qubit that take no angle."""
ROTATIONS = ("rx", "ry", "rz")
PAIR_ROTATIONS = ("xx", "yy", "zz")
_TURN = 6.283185307179586


def circuit(rng: random.Random, *, most_qubits: int = 5, most_gates: int = 16) -> dict[str, Any]:
    """Return a valid QIS or native circuit as an `input` object."""
    make = rng.choice((qis_circuit, qis_circuit, native_circuit))
    return make(rng, most_qubits=most_qubits, most_gates=most_gates)


def qis_circuit(
    rng: random.Random, *, most_qubits: int = 5, most_gates: int = 16
) -> dict[str, Any]:
    """Return a valid circuit of QIS gates with angles in radians."""
    return _circuit(rng, "qis", qis_gate, most_qubits, most_gates)


def native_circuit(
    rng: random.Random, *, most_qubits: int = 4, most_gates: int = 12
) -> dict[str, Any]:
    """Return a valid circuit of native gates with phases and angles in turns."""
    return _circuit(rng, "native", native_gate, most_qubits, most_gates)


def _circuit(
    rng: random.Random,
    gateset: str,
    gate: Callable[[random.Random, int], Gate],
    most_qubits: int,
    most_gates: int,
) -> dict[str, Any]:
    qubits = rng.randint(1, most_qubits)
    gates = [gate(rng, qubits) for _ in range(rng.randint(1, most_gates))]
    return {"qubits": qubits, "gateset": gateset, "circuit": gates}


def qis_gate(rng: random.Random, qubits: int) -> Gate:
    """Return a QIS gate on distinct qubits out of range(qubits)."""
    kinds = ["fixed", "fixed", "rotation"]
    if qubits > 1:
        kinds += ["cnot", "pair", "swap", "controlled"]
    match rng.choice(kinds):
        case "fixed":
            return {"gate": rng.choice(FIXED), "target": rng.randrange(qubits)}
        case "rotation":
            return {
                "gate": rng.choice(ROTATIONS),
                "target": rng.randrange(qubits),
                "rotation": angle(rng),
            }
        case "cnot":
            control, target = rng.sample(range(qubits), 2)
            return {"gate": "cnot", "control": control, "target": target}
        case "pair":
            return {
                "gate": rng.choice(PAIR_ROTATIONS),
                "targets": rng.sample(range(qubits), 2),
                "rotation": angle(rng),
            }
        case "swap":
            return {"gate": "swap", "targets": rng.sample(range(qubits), 2)}
        case _:
            control, target = rng.sample(range(qubits), 2)
            return {"gate": rng.choice("xyz"), "controls": [control], "targets": [target]}


def native_gate(rng: random.Random, qubits: int) -> Gate:
    """Return a native gate on distinct qubits out of range(qubits)."""
    if qubits > 1 and rng.random() < 0.4:
        return {
            "gate": "ms",
            "targets": rng.sample(range(qubits), 2),
            "phases": [phase(rng), phase(rng)],
            "angle": round(rng.uniform(0.0, 0.25), 4),
        }
    return {
        "gate": rng.choice(("gpi", "gpi2")),
        "target": rng.randrange(qubits),
        "phase": phase(rng),
    }


def angle(rng: random.Random) -> float:
    """Return an angle in radians, between one turn back and one turn forth."""
    return round(rng.uniform(-_TURN, _TURN), 4)


def phase(rng: random.Random) -> float:
    """Return a phase in turns, between -1 and 1."""
    return round(rng.uniform(-1.0, 1.0), 4)
