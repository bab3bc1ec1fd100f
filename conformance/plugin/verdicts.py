"""A run, read from its log, as the verdict of each rule on each operation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from conformance.model import (
    Finding,
    FindingMade,
    Outcome,
    RunFinished,
    SuiteFinished,
    Verdict,
)
from conformance.plugin.subjects import Subject
from conformance.runlog import read


@dataclass(slots=True)
class Verdicts:
    """What a run said, as far as items ask for it."""

    judged: dict[str, dict[str, int]] = field(default_factory=dict)
    """Rule to operation to how often it was judged there."""
    undecided: dict[str, dict[str, int]] = field(default_factory=dict)
    """Likewise, how often nothing could be told."""
    findings: list[Finding] = field(default_factory=list)
    stopped: str = ""

    def of(self, subject: Subject, homes: Collection[str]) -> tuple[Verdict, list[Finding]]:
        """Return the verdict of `subject` and the findings that make it.

        Args:
            subject: A rule on an operation.
            homes: Operations that the rule has items for. What was found elsewhere belongs to
                its first item, so that no finding is without one.
        """
        rule, here = subject.rule.id, subject.operation
        found = [finding for finding in self.findings if finding.check == rule]
        first = here == next(iter(homes))
        found = [f for f in found if f.operation == here or (first and f.operation not in homes)]
        if found:
            return Verdict.VIOLATES, found
        counts = [tally.get(rule, {}) for tally in (self.judged, self.undecided)]
        whole = subject.is_history
        judged, undecided = (sum(c.values()) if whole else c.get(here, 0) for c in counts)
        outcome = Outcome(check=rule, operation=here, judged=judged, inconclusive=undecided)
        return outcome.verdict, []


def verdicts_of(log: Path) -> Verdicts:
    """Return what the run whose log this is said."""
    verdicts = Verdicts()
    for event in read(log):
        if isinstance(event, FindingMade):
            verdicts.findings.append(event.finding)
        elif isinstance(event, SuiteFinished):
            for outcome in event.outcomes:
                for tally, count in (
                    (verdicts.judged, outcome.judged),
                    (verdicts.undecided, outcome.inconclusive),
                ):
                    counts = tally.setdefault(outcome.check, {})
                    counts[outcome.operation] = counts.get(outcome.operation, 0) + count
        elif isinstance(event, RunFinished):
            verdicts.stopped = event.stopped
    return verdicts
