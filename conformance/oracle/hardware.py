"""Results of machines against what their own characterization allows; noise alone is no departure.

Nobody publishes the distribution of a noisy machine. But each preparation, gate and readout that
succeeds leaves the right outcome, so the share of shots in any set of outcomes is at least its
ideal probability times the chance that everything succeeds. That is a bound on one number, tested
by a likelihood ratio that is valid for every share above it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from conformance.model import Weighed
from conformance.oracle.evidence import FloatArray, IntArray, log_mean
from conformance.oracle.hypotheses import Setting, explained, predictions
from conformance.oracle.power import QUANTILE
from conformance.oracle.programs import Program, distribution

BoolArray = npt.NDArray[np.bool_]

SLACK = 5.0
"""How many times the median error an error may be: a median says nothing of the worst qubit."""
_GRID = 400


def least_fidelity(program: Program, characterization: Mapping[str, Any]) -> float | None:
    """Return the least chance that a run has no error; None where a fidelity is not told.

    Errors of a gate on one qubit that are not told are taken to be no larger than those of
    preparation and readout. A gate on more than two qubits counts as six on two.
    """
    fidelity = characterization.get("fidelity")
    spam = _median(fidelity, "spam")
    if spam is None:
        return None
    one, two = _median(fidelity, "1q") or spam, _median(fidelity, "2q")
    sizes = [len(s.gate.targets) + len(s.gate.controls) for s in program.steps]
    pairs = sum({1: 0, 2: 1}.get(size, 6) for size in sizes)
    if pairs and two is None:
        return None
    touched = {q for s in program.steps for q in (*s.gate.targets, *s.gate.controls)}
    logs = [len(touched | set(range(program.qubits))) * _log_least(spam)]
    logs += [sizes.count(1) * _log_least(one), pairs * 3 * _log_least(two or 1.0)]
    return math.exp(math.fsum(logs))


def _median(fidelity: Any, name: str) -> float | None:
    entry = fidelity.get(name) if isinstance(fidelity, Mapping) else None
    value = entry.get("median") if isinstance(entry, Mapping) else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 < value <= 1 else None


def _log_least(median: float) -> float:
    return math.log(max(1e-12, 1 - SLACK * (1 - median)))


def weigh_machine(
    program: Program, counts: IntArray, characterization: Mapping[str, Any], model: str
) -> Weighed:
    """Return what a machine's counts weigh against the bound from its characterization.

    Args:
        program: What was to be run.
        counts: Shape (2**n,).
        characterization: Of the backend, as its API gives it.
        model: Name of the backend.
    """
    shots = int(counts.sum())
    ideal = distribution(program)
    fidelity = least_fidelity(program, characterization)
    likely = ideal > 1 / ideal.size
    least = (fidelity or 0.0) * float(ideal[likely].sum())
    empty = Weighed(case="", model=model, shots=shots, qubits=program.qubits)
    reason = ""
    if fidelity is None:
        reason = "the characterization does not tell the fidelity of gates on two qubits"
    elif least <= likely.mean() + 3 * math.sqrt(0.25 / shots):
        reason = "the characterization allows results without any information"
    if reason:
        return _open(empty, reason)
    inside = int(counts[likely].sum())
    row = _weighed(empty, inside, least, np.flatnonzero(likely).tolist())
    return replace(row, evidence=tuple(_of_mistakes(program, likely, row, inside, least)))


def _of_mistakes(
    program: Program, likely: BoolArray, row: Weighed, inside: int, least: float
) -> Iterator[tuple[str, float]]:
    """Yield the log evidence for each mistake that leaves the likely outcomes fewer shots.

    The share that a mistake leaves them is known up to what goes wrong besides: it lies between its
    own probability of them, if everything else succeeds that must, and that and all the rest.
    """
    setting = Setting(program=program)
    succeeds = least / float(setting.declared[likely].sum())
    for hypothesis, predicted in predictions(setting) if explained(program) else ():
        share = succeeds * float(predicted[likely].sum()) / max(float(predicted.sum()), 1e-12)
        highest = min(share + 1 - succeeds, least)
        if share < highest:
            shares = share + (np.arange(_GRID) + 0.5) / _GRID * (highest - share)
            yield hypothesis.name, _log_ratio(shares, inside, row.shots - inside, least)


def _log_ratio(shares: FloatArray, inside: int, outside: int, least: float) -> float:
    """Return the log of the mean likelihood of `shares` over that of the share `least`.

    None of them is above it, so that under any share above it the ratio is worth even less.
    """
    logs = inside * (np.log(np.maximum(shares, 1e-12)) - math.log(least))
    if outside:
        logs = logs + outside * (np.log1p(-shares) - math.log(max(1e-12, 1 - least)))
    return float(log_mean(logs))


def _weighed(empty: Weighed, inside: int, least: float, outcomes: list[int]) -> Weighed:
    shares = (np.arange(_GRID) + 0.5) / _GRID * least
    spread = QUANTILE * math.sqrt(0.25 / empty.shots)
    return replace(
        empty,
        readings=(("at most the errors of the characterization", 0.0),),
        unlisted=_log_ratio(shares, inside, empty.shots - inside, least),
        smallest=(("distance", min(1.0, 1 - least + spread + 6 / math.sqrt(empty.shots))),),
        expected=f"at least {least:.3f} of the shots with outcomes of {outcomes[:6]}",
        seen=f"{inside / empty.shots:.3f} of them",
    )


def _open(empty: Weighed, reason: str) -> Weighed:
    return replace(empty, open=reason)
