"""What a report shows, as values; `conformance.report.collect` makes them from a run log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from conformance.model import (
    Exchange,
    Finding,
    Judgement,
    NoteMade,
    Outcome,
    RunFinished,
    RunStarted,
    Severity,
    Verdict,
)
from conformance.report.causes import Cause, causes_of


class Reach(StrEnum):
    """How far the run got with an operation."""

    SUCCESS = "success"
    """At least one success status."""
    REFUSAL = "refusal"
    """Answers, none of them a success."""
    SILENCE = "silence"
    """Requests without any answer."""
    NEVER = "never"
    """No request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationTally:
    """What the run saw of one operation of the document."""

    id: str
    method: str
    path: str
    requests: int = 0
    statuses: tuple[tuple[str, int], ...] = ()
    """(status or problem, count), statuses first, ascending."""
    reach: Reach = Reach.NEVER
    outcomes: tuple[Outcome, ...] = ()
    """One for each rule that was judged on it."""

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of its rules."""
        return worst(self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """How one rule fared over all operations."""

    check: str
    outcomes: tuple[Outcome, ...] = ()
    findings: int = 0

    @property
    def verdict(self) -> Verdict:
        """Violated if it is violated anywhere; holds only if nothing was left open."""
        return worst(self.outcomes)

    @property
    def judged(self) -> int:
        """How often it was judged."""
        return sum(outcome.judged for outcome in self.outcomes)

    @property
    def violated(self) -> int:
        """How often it was violated."""
        return sum(outcome.violated for outcome in self.outcomes)

    @property
    def inconclusive(self) -> int:
        """How often nothing could be told."""
        return sum(outcome.inconclusive for outcome in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteTally:
    """How one suite went; a suite that never started has no exchanges and no end."""

    name: str
    started: bool = False
    ended: bool = False
    planned: int = 0
    exchanges: int = 0
    elapsed: float = 0.0
    """Seconds; 0 unless it ended."""
    stopped: str = ""
    findings: int = 0
    outcomes: tuple[Outcome, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Violated if it made findings; a suite that did not end cannot hold."""
        if self.findings:
            return Verdict.VIOLATES
        if self.started and not self.ended:
            return Verdict.INCONCLUSIVE
        return worst(self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowExchange:
    """One of the slowest answers."""

    number: int
    method: str
    path: str
    status: int
    elapsed: float
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything that the reports of one run show."""

    run: RunStarted
    finished: RunFinished | None
    """None when the run was killed."""
    requests: int
    elapsed: float
    """Seconds; of a killed run, until the last answer."""
    suites: tuple[SuiteTally, ...]
    rules: tuple[RuleTally, ...]
    """Those that were judged, by id."""
    operations: tuple[OperationTally, ...]
    """In the order of the document."""
    outside: int
    """Requests for no operation of the document: undeclared methods and paths."""
    findings: tuple[Finding, ...]
    """Each once, with its count; errors first, then by rule and operation."""
    exchanges: Mapping[int, Exchange]
    """Those that findings point to, by number."""
    slowest: tuple[SlowExchange, ...]
    notes: tuple[NoteMade, ...]
    judgement: Judgement | None = None
    """What the results of all circuits weigh together; None where none were weighed."""

    @property
    def ended(self) -> bool:
        """Whether the run came to its end."""
        return self.finished is not None

    @property
    def errors(self) -> int:
        """Number of distinct findings that fail the run."""
        return sum(finding.severity is Severity.ERROR for finding in self.findings)

    @property
    def warnings(self) -> int:
        """Number of distinct findings that are only shown."""
        return len(self.findings) - self.errors

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The findings, put together by what they likely come from."""
        return causes_of(self.findings)

    @property
    def verdict(self) -> Verdict:
        """The run's own verdict; one that did not end is violated or cannot be told."""
        if self.finished is not None:
            return self.finished.verdict
        return Verdict.VIOLATES if self.errors else Verdict.INCONCLUSIVE

    @property
    def open_rules(self) -> tuple[RuleTally, ...]:
        """Rules of which nothing could be told."""
        return tuple(rule for rule in self.rules if rule.verdict is Verdict.INCONCLUSIVE)

    @property
    def judged_rules(self) -> int:
        """How many rules were judged at least once."""
        return sum(rule.judged > 0 for rule in self.rules)

    @property
    def asked_operations(self) -> int:
        """How many operations of the document got at least one request."""
        return sum(operation.requests > 0 for operation in self.operations)

    @property
    def reached_operations(self) -> int:
        """How many operations of the document answered with success at least once."""
        return sum(operation.reach is Reach.SUCCESS for operation in self.operations)


def worst(outcomes: tuple[Outcome, ...]) -> Verdict:
    """Return violated over cannot tell over holds; not tested when there is nothing."""
    verdicts = {outcome.verdict for outcome in outcomes}
    for verdict in (Verdict.VIOLATES, Verdict.INCONCLUSIVE, Verdict.CONFORMS):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_TESTED
