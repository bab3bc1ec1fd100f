"""Faults of cuts, energies and variants: problems read wrongly, and answers told wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from typing import Any

from conformance.mock.faults import Faults

Spoil = Callable[[Any], Any]
Payload = Mapping[str, Any]

Votes = Mapping[int, float]

_JOB = {"GetJob"}
_HISTOGRAM = {"GetVariantHistogram"}


def misread_problem(payload: Payload, faults: Faults) -> Payload:
    """Return a payload as a service with `faults` understands the problem in it."""
    for name, (kind, change) in _PROBLEMS.items():
        if faults.on(name) and payload["type"] == kind:
            payload = {**payload, "input": change(payload["input"])}
    return payload


def _weights_ignored(whole: Payload) -> Payload:
    problem = whole["problem"]
    adjacency = [
        [{**other, "weight": 1} for other in neighbours] for neighbours in problem["adjacency"]
    ]
    return {**whole, "problem": {**problem, "adjacency": adjacency}}


def _parameters_reversed(whole: Payload) -> Payload:
    return {**whole, "params": (whole.get("params") or [])[::-1]}


def _last_term_lost(whole: Payload) -> Payload:
    outer = whole["data"]
    inner = outer.get("data")
    if not isinstance(inner, dict) or not isinstance(inner.get("hamiltonian"), list):
        return whole
    fewer = {**inner, "hamiltonian": inner["hamiltonian"][:-1]}
    return {**whole, "data": {**outer, "data": fewer}}


_PROBLEMS: Mapping[str, tuple[str, Callable[[Payload], Payload]]] = {
    "edge-weights-ignored": ("qctrl.qaoa.v1", _weights_ignored),
    "parameters-reversed": ("quantum-function", _parameters_reversed),
    "last-term-lost": ("quantum-function", _last_term_lost),
}
"""Fault to the type of job that shows it, and what becomes of its input."""


def _cut(**changes: Callable[[Any], Any]) -> Spoil:
    """Return what changes the cut that a completed job tells, wherever it does."""

    def spoil(job: Any) -> Any:
        return {**job, **{member: told(job[member]) for member in ("results", "output")}}

    def told(member: Any) -> Any:
        if not member or "qaoa_results" not in member:
            return member
        cut = member["qaoa_results"]
        changed = {name: change(cut[name]) for name, change in changes.items()}
        return {**member, "qaoa_results": {**cut, **changed}}

    return spoil


def _value(change: Callable[[float, Any], float]) -> Spoil:
    """Return what changes the energy that a completed job tells."""

    def spoil(job: Any) -> Any:
        results = job["results"] or {}
        if "value" not in results:
            return job
        return {**job, "results": {**results, "value": change(results["value"], job)}}

    return spoil


def _variant_forgotten(job: Any) -> Any:
    mitigation = job["output"].get("error_mitigation")
    if not mitigation:
        return job
    fewer = {"debiasing": {"variants": mitigation["debiasing"]["variants"][:-1]}}
    return {**job, "output": {**job["output"], "error_mitigation": fewer}}


def _miscounted(counts: Any) -> Any:
    first = next(iter(counts))
    return {**counts, first: counts[first] + 1}


def _disordered(counts: Any) -> Any:
    return dict(zip(counts, reversed(counts.values()), strict=True))


def missharpened(found: Votes, shots: int, faults: Faults) -> Votes:
    """Return what a service with `faults` tells as the sharpened result `found`."""
    if faults.on("votes-for-probabilities"):
        found = {outcome: share * shots for outcome, share in found.items()}
    if faults.on("sharpened-cut-off"):
        likeliest = max(found, key=lambda outcome: found[outcome])
        found = {outcome: share for outcome, share in found.items() if outcome != likeliest}
    return found


CONTENT: Mapping[str, tuple[Set[str], Spoil]] = {
    "cut-beyond-optimum": (_JOB, _cut(optimal_cost=lambda cost: 1.5 * cost)),
    "cut-sides-shifted": (_JOB, _cut(optimal_bitstring=lambda sides: sides[1:] + sides[:1])),
    "cut-node-forgotten": (_JOB, _cut(optimal_bitstring=lambda sides: sides[:-1])),
    "energy-summed": (_JOB, _value(lambda value, job: value * job["shots"])),
    "energy-sign-lost": (_JOB, _value(lambda value, _job: abs(value))),
    "variant-forgotten": (_JOB, _variant_forgotten),
    "histogram-miscounts": (_HISTOGRAM, _miscounted),
    "histogram-disordered": (_HISTOGRAM, _disordered),
    "first-shot-invented": (
        {"GetVariantShots"},
        lambda shots: {**shots, "0": shots["0"] ^ 1},
    ),
    "variant-in-percent": (
        {"GetVariantProbabilities"},
        lambda found: {outcome: 100 * share for outcome, share in found.items()},
    ),
}
"""Fault to the operations that show it and what becomes of their content."""
