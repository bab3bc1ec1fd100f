"""Counts to evidence: what one sampled result says for and against every hypothesis."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from conformance.oracle import evidence, power
from conformance.oracle.evidence import FloatArray, IntArray
from conformance.oracle.hypotheses import Hypothesis, Setting, predictions
from conformance.oracle.mistakes import SMALL
from conformance.oracle.programs import distribution
from conformance.oracle.readings import FIRST, readings

TINY = 1e-24
"""A computed probability below this is zero: rounding alone makes amplitudes of 1e-15."""
SHOWN = 6
MOST_OUTCOMES = 2**12
"""Outcomes up to which counts are tested."""

_TOO_LARGE = f"an angle {SMALL:g} rad too large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The sums of one sampled result; the members are those of `model.Weighed`."""

    readings: tuple[tuple[str, float], ...]
    evidence: tuple[tuple[str, float], ...]
    unlisted: float
    impossible: int
    tells: tuple[str, ...]
    smallest: tuple[tuple[str, float], ...]
    expected: str
    seen: str


def counts_of(answer: Mapping[str, float], shots: int, size: int) -> IntArray | None:
    """Return the counts behind probabilities that are multiples of 1/shots; None if they are not.

    Args:
        answer: Decimal outcome to probability; each may be rounded to six decimals.
        shots: How many were asked for.
        size: Outcomes of the register, 2**n.
    """
    counts = np.zeros(size, dtype=np.int64)
    slack = max(1e-3, shots * 1e-6)
    for key, value in answer.items():
        times = value * shots
        if abs(times - round(times)) > min(slack, 0.25) or int(key) >= size:
            return None
        counts[int(key)] = round(times)
    return counts if counts.sum() == shots else None


def weigh(setting: Setting, counts: IntArray, threshold: float) -> Sums:
    """Return what `counts`, shape (2**n,), say about every hypothesis.

    Args:
        setting: What was asked for; its noise is that of the named model, or None.
        counts: How often each outcome came.
        threshold: Log evidence that names one hypothesis, which `tells` is measured by.
    """
    declared = setting.declared
    shots = int(counts.sum())
    admissible = _admissible(setting)
    came = counts.nonzero()[0]
    found: list[tuple[str, float]] = []
    tells: list[str] = []
    errors: dict[str, float] = {}
    for hypothesis, predicted in predictions(setting):
        ratios = evidence.log_ratios(declared, predicted)
        if not np.abs(ratios).max() > 1e-9:
            continue
        found.append((hypothesis.name, math.fsum((counts[came] * ratios[came]).tolist())))
        mean, spread = power.log_expected(declared, predicted, shots)
        if mean - power.QUANTILE * spread >= threshold:
            tells.append(hypothesis.name)
        _note_error(errors, hypothesis, declared, predicted, shots, threshold)
    possible = int((declared > TINY).sum())
    distance = power.smallest_distance(possible, shots, threshold)
    expected, seen = _worst(declared, counts / max(1, shots))
    return Sums(
        readings=_likelihoods(admissible, counts),
        evidence=tuple(found),
        unlisted=float(_unlisted(admissible, counts)),
        impossible=int(counts[_impossible(admissible)].sum()),
        tells=tuple(tells),
        smallest=(("distance", distance), *sorted(errors.items())),
        expected=expected,
        seen=seen,
    )


def _admissible(setting: Setting) -> list[tuple[str, FloatArray]]:
    if setting.noise is None:
        return [(FIRST, setting.declared)]
    return [
        (name, distribution(program, setting.noise)) for name, program in readings(setting.program)
    ]


def _likelihoods(
    admissible: Iterable[tuple[str, FloatArray]], counts: IntArray
) -> tuple[tuple[str, float], ...]:
    """Return each reading's log likelihood over the first one's."""
    logs = {name: evidence.log_floored(p) for name, p in admissible}
    first = next(iter(logs.values()))
    return tuple((name, math.fsum((counts * (log - first)).tolist())) for name, log in logs.items())


def _unlisted(admissible: list[tuple[str, FloatArray]], counts: IntArray) -> float:
    """Return the evidence for an unlisted distribution over the first reading.

    Around each reading in turn; over its own reading each is a valid ratio, and the smallest of
    them is one over all.
    """
    logs = dict(_likelihoods(admissible, counts))
    terms = [
        float(evidence.log_unlisted(p, counts[np.newaxis])[0]) + logs[name]
        for name, p in admissible
    ]
    return float(evidence.log_mean(np.array(terms)))


def _impossible(
    admissible: list[tuple[str, FloatArray]],
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    never = np.ones(admissible[0][1].size, dtype=np.bool_)
    for _, p in admissible:
        never &= p <= TINY
    return never


def _note_error(
    errors: dict[str, float],
    hypothesis: Hypothesis,
    declared: FloatArray,
    predicted: FloatArray,
    shots: int,
    threshold: float,
) -> None:
    if hypothesis.family != _TOO_LARGE or not hypothesis.kind:
        return
    smallest = power.smallest_error(declared, predicted, SMALL, shots, threshold)
    if smallest < math.pi:
        errors[hypothesis.kind] = smallest


def _worst(expected: FloatArray, seen: FloatArray) -> tuple[str, str]:
    """Return the outcomes that differ most, as JSON objects, which reports draw as a chart."""
    order = np.argsort(-np.abs(expected - seen), kind="stable")[:SHOWN]
    keys = sorted(int(k) for k in order)
    return (
        json.dumps({str(k): round(float(expected[k]), 6) + 0.0 for k in keys}),
        json.dumps({str(k): round(float(seen[k]), 6) + 0.0 for k in keys}),
    )
