"""Random circuits in the form of the API, from a seed."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from typing import Any

Entry = dict[str, Any]

ONE = ("x", "not", "y", "z", "h", "s", "si", "t", "ti", "v", "vi")
ONE_TURNED = ("rx", "ry", "rz", "z")
TWO_TURNED = ("xx", "yy", "zz")
QIS_FORMS = (*ONE, "cnot", "rx", "ry", "rz", "phase", *TWO_TURNED, "swap", "pauliexp", "pauliexp-2")
NATIVE_FORMS = ("gpi", "gpi2", "ms", "ms-default", "zz", "zz-phase", "nop")


def generator(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (circuits, not secrets)


def qis_gate(rng: random.Random, form: str, qubits: Iterable[int], controls: int) -> Entry:
    """One gate on a random choice of `qubits`; `phase` is z with a rotation."""
    order = rng.sample(sorted(qubits), k=len(set(qubits)))
    chosen, rest = order[:controls], order[controls:]
    entry: Entry = {"controls": chosen} if controls else {}
    if form in ONE or form == "cnot":
        return {"gate": form, "target": rest[0], **entry}
    angle = rng.uniform(-2 * math.pi, 2 * math.pi)
    if form in {"rx", "ry", "rz", "phase"}:
        name = "z" if form == "phase" else form
        return {"gate": name, "targets": rest[:1], "rotation": angle, **entry}
    if form in TWO_TURNED:
        return {"gate": form, "targets": rest[:2], "rotation": angle, **entry}
    if form == "swap":
        return {"gate": form, "targets": rest[:2], **entry}
    return {**_exponent(rng, rest, terms=2 if form == "pauliexp-2" else 1), **entry}


def _exponent(rng: random.Random, free: list[int], terms: int) -> Entry:
    targets = free[: rng.randint(1, min(3, len(free)))]
    return {
        "gate": "pauliexp",
        "targets": targets,
        "terms": ["".join(rng.choices("IXYZ", k=len(targets))) for _ in range(terms)],
        "coefficients": [rng.uniform(-1, 1) for _ in range(terms)],
        "time": rng.uniform(0, 3),
    }


def native_gate(rng: random.Random, form: str, qubits: int) -> Entry:
    """One native gate on random qubits, in one of the forms that clients write."""
    first, second = rng.sample(range(qubits), k=2)
    phase, other, angle = rng.uniform(-1, 1), rng.uniform(-1, 1), rng.uniform(0, 0.25)
    pair = {"targets": [first, second]}
    entries: dict[str, Entry] = {
        "gpi": {"gate": "gpi", "target": first, "phase": phase},
        "gpi2": {"gate": "gpi2", "targets": [first], "phase": phase},
        "ms": {"gate": "ms", **pair, "phases": [phase, other], "angle": angle},
        "ms-default": {"gate": "ms", **pair, "phases": [phase, other]},
        "zz": {"gate": "zz", **pair, "angle": angle},
        "zz-phase": {"gate": "zz", **pair, "phase": angle},
        "nop": {"gate": "nop", "time": 1},
    }
    return entries[form]


def qis_input(seed: int, qubits: int, gates: int) -> Entry:
    """A circuit of gates of every form, with up to four controls."""
    rng = generator(seed)
    circuit = []
    for _ in range(gates):
        form = rng.choice(QIS_FORMS)
        needed = 2 if form in (*TWO_TURNED, "swap") else 1
        lowest = 1 if form == "cnot" else 0
        controls = min(rng.choice((lowest, lowest, lowest, 1, 2, 3, 4)), qubits - needed)
        circuit.append(qis_gate(rng, form, range(qubits), controls))
    return {"qubits": qubits, "gateset": "qis", "circuit": circuit}


def native_input(seed: int, qubits: int, gates: int) -> Entry:
    """A circuit of native gates in every form."""
    rng = generator(seed)
    circuit = [native_gate(rng, rng.choice(NATIVE_FORMS), qubits) for _ in range(gates)]
    return {"qubits": qubits, "gateset": "native", "circuit": circuit}


def around(entry: Entry, seed: int, qubits: int) -> Entry:
    """A circuit that shows all of one gate: a random entangled state before it, a turn after."""
    rng = generator(seed)

    def turns() -> list[Entry]:
        return [
            {"gate": name, "target": q, "rotation": rng.uniform(0.3, 2.8)}
            for q in range(qubits)
            for name in ("ry", "rz", "rx")
        ]

    chain = [{"gate": "cnot", "control": q, "target": q + 1} for q in range(qubits - 1)]
    return {
        "qubits": qubits,
        "gateset": "qis",
        "circuit": [*turns(), *chain, *turns(), entry, *turns()],
    }
