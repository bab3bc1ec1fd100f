"""One result to what it weighs: exact ones by comparison, sampled ones by their counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from conformance.model import Weighed
from conformance.oracle.exact import dense, exact_bound
from conformance.oracle.hardware import weigh_machine
from conformance.oracle.hypotheses import (
    MOST_EXPLAINED,
    Setting,
    differs,
    explained,
    predictions,
    readable,
)
from conformance.oracle.programs import Program, distribution, read
from conformance.oracle.readings import noise_of, readings, why_open
from conformance.oracle.sampled import MOST_OUTCOMES, counts_of, weigh
from conformance.oracle.verdict import threshold_of_one

Circuit = Mapping[str, Any]
MOST_COMPARED = 20
"""Qubits up to which an exact result is compared with the reference."""
_PRINTED = 1e-5
"""How far a probability may be from the exact one of a noise model that is not sampled."""


def weigh_exact(
    circuit: Circuit, answer: Mapping[str, float], others: Sequence[tuple[str, Circuit]] = ()
) -> Weighed:
    """Return what an exact result of the ideal simulator fits, if it is wrong.

    What a right one tells apart is left to `with_tells`.
    """
    program = read(circuit)
    if program.qubits > MOST_COMPARED:
        return _open("", 0, program, f"{program.qubits} qubits: too many to compute")
    setting = Setting(program=program)
    seen, bound = dense(answer, setting.declared.size), exact_bound(circuit)
    wrong = differs(seen, setting.declared, bound)
    setting.others = readable(others) if wrong else {}
    tells, fits = [], []
    for hypothesis, predicted in predictions(setting) if wrong and explained(program) else ():
        if differs(predicted, setting.declared, 2 * bound):
            tells.append(hypothesis.name)
            if not differs(predicted, seen, bound):
                fits.append(hypothesis.name)
    return Weighed(
        case="", qubits=program.qubits, wrong=wrong, tells=tuple(tells), fits=tuple(fits)
    )


def with_tells(results: Iterable[tuple[Weighed, Circuit]]) -> list[Weighed]:
    """Return the results in canonical order, right exact ones with what they tell apart.

    Each hypothesis is given to one result that shows it, unless something is wrong: then what
    every right result rules out is needed to find the cause.
    """
    ordered = sorted(results, key=lambda pair: (pair[0].case, pair[0].position))
    rows = [row for row, _ in ordered]
    wanted = any(row.wrong or row.impossible or row.unlisted > 0 for row in rows)
    told = {name for row in rows for name in row.tells}
    found = []
    for row, circuit in ordered:
        if not row.shots and not row.wrong and not row.open and row.qubits <= MOST_EXPLAINED:
            setting, bound = Setting(program=read(circuit)), exact_bound(circuit)
            tells = tuple(
                hypothesis.name
                for hypothesis, predicted in predictions(setting, set() if wanted else told)
                if differs(predicted, setting.declared, 2 * bound)
            )
            told.update(tells)
            row = replace(row, tells=tells)
        found.append(row)
    return found


def weigh_counts(
    circuit: Circuit,
    answer: Mapping[str, float],
    *,
    shots: int,
    model: str,
    alpha: float,
    others: Sequence[tuple[str, Circuit]] = (),
) -> Weighed:
    """Return what a sampled result says about every hypothesis.

    Args:
        circuit: An `input` object of one circuit.
        answer: Decimal outcome to probability, multiples of 1/shots.
        shots: How many were asked for.
        model: Name of the noise model; `ideal` for none.
        alpha: Bound on false alarms of the run.
        others: Circuits whose results may have been taken for this one's, by name.
    """
    program = read(circuit)
    if 2**program.qubits > MOST_OUTCOMES:
        return _open(model, shots, program, f"{program.qubits} qubits are too many to test")
    reason = "" if model == "ideal" else why_open(program, model)
    if reason:
        return _open(model, shots, program, reason)
    setting = Setting(program=program, model=model, noise=noise_of(model), others=readable(others))
    counts = counts_of(answer, shots, setting.declared.size)
    if counts is None:
        return _not_counts(setting, answer, shots)
    sums = weigh(setting, counts, threshold_of_one(alpha))
    return Weighed(
        case="",
        model=model,
        shots=shots,
        qubits=program.qubits,
        readings=sums.readings,
        evidence=sums.evidence,
        unlisted=sums.unlisted,
        impossible=sums.impossible,
        tells=sums.tells,
        smallest=sums.smallest,
        expected=sums.expected,
        seen=sums.seen,
    )


def weigh_counts_of_machine(
    circuit: Circuit,
    answer: Mapping[str, float],
    characterization: Mapping[str, Any],
    shots: int,
    backend: str,
) -> Weighed:
    """Return what a machine's result weighs against the bound from its characterization."""
    program = read(circuit)
    if 2**program.qubits > MOST_OUTCOMES:
        return _open(backend, shots, program, f"{program.qubits} qubits are too many to test")
    counts = counts_of(answer, shots, 2**program.qubits)
    if counts is None:
        return _open(backend, shots, program, f"the probabilities are no multiples of 1/{shots}")
    return weigh_machine(program, counts, characterization, backend)


def _not_counts(setting: Setting, answer: Mapping[str, float], shots: int) -> Weighed:
    """Return what probabilities that are no multiples of 1/shots say: exact, or not testable."""
    seen = dense(answer, setting.declared.size)
    for _, program in readings(setting.program):
        if np.abs(distribution(program, setting.noise) - seen).max() <= _PRINTED:
            return Weighed(case="", model=setting.model, qubits=setting.program.qubits)
    reason = (
        f"the probabilities are neither multiples of 1/{shots} nor those of a published reading"
    )
    return _open(setting.model, shots, setting.program, reason)


def _open(model: str, shots: int, program: Program, reason: str) -> Weighed:
    return Weighed(case="", model=model or "ideal", shots=shots, qubits=program.qubits, open=reason)
