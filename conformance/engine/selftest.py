"""The proof that the rules can fail: every fault of the mock, found or missed.

Each fault is judged by the smallest plan that should find it, in a process of its own, since a
mock with a fault that hangs or crashes must not disturb the others.
"""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace

from conformance.checks import RULES
from conformance.engine.options import SUITES, Options
from conformance.engine.running import run
from conformance.mock import Fault
from conformance.mock.playing import faults_of
from conformance.model import FindingMade
from conformance.providers import NAMES

FIRST = Options().provider
_PATIENCE = {"job-stuck": 0.5, "end-strands-jobs": 0.5, "session-stops-for-ever": 0.5}
_REQUEST_TIMEOUT = {"hang": 0.3}
_COVERED = frozenset({"lax-methods"})
"""Faults that only the profile `ci` looks for when nothing but the operation is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What was found on a mock with one fault."""

    fault: str
    expected: tuple[str, ...]
    """Ids of the rules that must find it."""
    found: tuple[str, ...]
    """Ids of the rules that did, sorted."""
    elapsed: float

    @property
    def caught(self) -> bool:
        """Whether every rule that must find the fault has found it."""
        return set(self.expected) <= set(self.found)

    @property
    def missed(self) -> tuple[str, ...]:
        """The rules that must find it and did not."""
        return tuple(rule for rule in self.expected if rule not in self.found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How many of the faults that a rule must find it found."""

    rule: str
    caught: int
    faults: int


def plan_for(fault: Fault, *, whole: bool = False, seed: int = 0, provider: str = FIRST) -> Options:
    """Return the smallest plan that should find `fault`, or a `whole` run of profile `ci`."""
    plan = Options(
        provider=provider,
        faults=(fault.name,),
        suites=SUITES if whole else (fault.suite,),
        profile="ci" if whole or fault.name in _COVERED else "smoke",
        patience=_PATIENCE.get(fault.name, 10.0),
        request_timeout=_REQUEST_TIMEOUT.get(fault.name, 10.0),
        seed=seed,
    )
    if whole:
        return plan
    if fault.scenario:
        return replace(plan, case=f"{fault.suite}.{fault.scenario}")
    return replace(plan, operations=(fault.operation,))


def trial(name: str, *, whole: bool = False, seed: int = 0, provider: str = FIRST) -> Trial:
    """Run the plan for the fault `name` of a provider's mock and return what it found."""
    fault = next(fault for fault in faults_of(provider) if fault.name == name)
    begun = time.monotonic()
    events = run(plan_for(fault, whole=whole, seed=seed, provider=provider))
    found = {event.finding.check for event in events if isinstance(event, FindingMade)}
    return Trial(
        fault=name,
        expected=fault.finds,
        found=tuple(sorted(found)),
        elapsed=time.monotonic() - begun,
    )


def trials(
    names: Sequence[str],
    *,
    workers: int = 0,
    whole: bool = False,
    seed: int = 0,
    provider: str = FIRST,
) -> Iterator[Trial]:
    """Yield a trial of each fault in `names`, as they end, several at a time.

    Args:
        names: Names of faults.
        workers: Processes side by side; 0 for one a core.
        whole: Whether each fault gets a whole run of profile `ci`.
        seed: Of every run.
        provider: Whose mock.
    """
    wanted = min(workers or os.cpu_count() or 1, max(len(names), 1))
    if wanted == 1:
        for name in names:
            yield trial(name, whole=whole, seed=seed, provider=provider)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=wanted, mp_context=context) as pool:
        futures = [
            pool.submit(trial, name, whole=whole, seed=seed, provider=provider) for name in names
        ]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def scores(done: Sequence[Trial]) -> list[Score]:
    """Return the score of every rule, in the order of the catalogue."""
    return [
        Score(
            rule=rule.id,
            caught=sum(rule.id in t.found for t in done if rule.id in t.expected),
            faults=sum(rule.id in t.expected for t in done),
        )
        for rule in RULES
    ]


def unproven() -> tuple[str, ...]:
    """Return the ids of the rules that no fault of any mock can trip."""
    proven = {rule for name in NAMES for fault in faults_of(name) for rule in fault.finds}
    return tuple(rule.id for rule in RULES if rule.id not in proven)
