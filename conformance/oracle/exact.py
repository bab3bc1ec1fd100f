"""Probabilities of an ideal simulator against the reference: within a derived bound, or wrong.

Nothing here is statistical: an ideal simulator computes, and two computations of one number
differ by rounding alone.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

import reference_sim
from conformance.model import Oddity
from conformance.oracle.hypotheses import ALL_KINDS, GROUPS, MOST_EXPLAINED, explanations
from conformance.oracle.programs import parsed

FloatArray = npt.NDArray[np.float64]
SINGLE = 2.0**-24
"""Unit roundoff of IEEE 754 single precision, the precision that a provider owes."""
_PER_GATE = 8.0
"""Roundings of a 2-by-2 complex product that can reach one amplitude, sqrt(2)-norm included."""
_SHOWN = 6
_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_APPROXIMATED = {"pauliexp": 1e-2}
"""Gates that the service is known to approximate, and by how much (cirq-ionq renormalises)."""


def exact_bound(circuit: Mapping[str, Any]) -> float:
    """Return how far a correct probability may be from the exact one.

    A state vector in single precision gains at most `_PER_GATE` unit roundoffs a gate in
    2-norm; a probability is |amplitude| squared, so its error is at most twice that.

    Error: first order in the unit roundoff (Higham 2002, section 3.5).
    """
    gates = circuit["circuit"]
    approximated = max((_APPROXIMATED.get(gate.get("gate"), 0.0) for gate in gates), default=0.0)
    return max(2.0 * _PER_GATE * SINGLE * (len(gates) + 1), approximated)


def judge_distribution(answer: object, qubits: int, bound: float) -> list[Oddity]:
    """Return in what `answer` is no distribution over `qubits` qubits, keyed by decimals."""
    if not isinstance(answer, Mapping):
        return [_odd("shape", "", "an object of probabilities", type(answer).__name__)]
    for key, value in answer.items():
        if not _DECIMAL.fullmatch(key) or int(key) >= 2**qubits:
            wanted = f"a decimal key below {2**qubits}, for {qubits} qubits"
            return [_odd("keys", f"/{key}", wanted, repr(key))]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not -bound <= value <= 1 + bound:
            return [_odd("range", f"/{key}", "a probability from 0 to 1", repr(value))]
    total = math.fsum(answer.values())
    if abs(total - 1) > bound * math.sqrt(2**qubits) and abs(total - 1) > bound:
        return [_odd("sum", "", f"probabilities that sum to 1 within {bound:.1e}", f"{total:.9g}")]
    return []


def judge_exact(
    circuit: Mapping[str, Any],
    answer: Mapping[str, float],
    others: Sequence[tuple[str, Mapping[str, Any]]] = (),
) -> list[Oddity]:
    """Return in what `answer` is not the distribution of `circuit`.

    Args:
        circuit: The submitted `input` object of one circuit, its gateset and qubits resolved.
        answer: Decimal keys to probabilities, already known to be a distribution.
        others: Circuits of the same job, with names: their results may have been mixed up.

    Returns:
        At most one departure; its note names what the answer fits instead.
    """
    expected = reference_sim.circuit_probabilities(parsed(circuit))
    seen = dense(answer, expected.size)
    bound = exact_bound(circuit)
    worst = int(np.argmax(np.abs(seen - expected)))
    if abs(seen[worst] - expected[worst]) <= bound:
        return []
    distance = 0.5 * float(np.abs(seen - expected).sum())
    fits = brief(
        name
        for name, other in explanations(circuit, others)
        if other.size == seen.size and np.abs(other - seen).max() <= bound
    )
    note = f"The data fit: {'; '.join(fits[:4])}." if fits else _unexplained(circuit)
    family = fits[0].partition(" (")[0].partition(", ")[0] if fits else "unexplained"
    order = np.argsort(-np.abs(seen - expected), kind="stable")
    telling = sorted([int(k) for k in order if max(expected[k], seen[k]) > bound][:_SHOWN])
    return [
        Oddity(
            clause=f"probabilities/{family}",
            where="response.body",
            expected=f"{_shown(expected, telling)}, each within {bound:.1e}",
            seen=f"{_shown(seen, telling)}; total variation distance {distance:.4f}",
            note=note,
        )
    ]


def _unexplained(circuit: Mapping[str, Any]) -> str:
    if circuit["qubits"] > MOST_EXPLAINED:
        return f"Mistakes are looked for up to {MOST_EXPLAINED} qubits."
    return "No known mistake explains it."


def brief(names: Iterable[str]) -> list[str]:
    """Return `names` without mistakes with every kind of gate that one kind alone explains."""
    found = list(names)
    families = [name.partition(" (")[0] for name in found]
    wide = tuple(f" ({scope})" for scope in (*GROUPS, ALL_KINDS))
    narrow = {f for n, f in zip(found, families, strict=True) if not n.endswith(wide)}
    return [
        n for n, f in zip(found, families, strict=True) if not (n.endswith(wide) and f in narrow)
    ]


def _shown(probabilities: FloatArray, outcomes: Sequence[int]) -> str:
    """Return some outcomes as a JSON object, which reports draw as a chart."""
    return json.dumps({str(k): round(float(probabilities[k]), 6) + 0.0 for k in outcomes})


def dense(answer: Mapping[str, float], size: int) -> FloatArray:
    """Return `answer` as an array of shape (size,); outcomes left out have probability 0."""
    probabilities = np.zeros(size)
    for key, value in answer.items():
        if int(key) < size:
            probabilities[int(key)] = value
    return probabilities


def _odd(clause: str, pointer: str, expected: str, seen: str) -> Oddity:
    return Oddity(
        clause=f"distribution/{clause}",
        where=f"response.body{pointer}",
        expected=expected,
        seen=seen[:80],
    )
