"""A run, made once or read from its log, as the verdict of each rule on each operation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from conformance.engine import SUITES, Options, run
from conformance.errors import ConformanceError
from conformance.model import (
    Finding,
    FindingMade,
    RunFinished,
    SuiteFinished,
    Verdict,
)
from conformance.plugin.subjects import Subject
from conformance.providers import provider as facts_of
from conformance.runlog import read


@dataclass(slots=True)
class Verdicts:
    """What a run said, as far as items ask for it."""

    judged: dict[str, dict[str, int]] = field(default_factory=dict)
    """Rule to operation to how often it was judged there."""
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
        counts = self.judged.get(rule, {})
        count = sum(counts.values()) if subject.is_history else counts.get(here, 0)
        return (Verdict.CONFORMS if count else Verdict.NOT_TESTED), []


def options_of(config: pytest.Config, selected: Collection[Subject], all_of_them: int) -> Options:
    """Return the run that the command line asks for, as small as the selection allows."""
    import os

    provider = config.getoption("--conformance")
    facts = facts_of(provider)
    url = config.getoption("--conformance-url")
    whole = len(selected) == all_of_them
    wide = whole or any(subject.is_history for subject in selected)
    live = config.getoption("--conformance-live")

    def key(*names: str) -> str:
        return next((os.environ[name] for name in names if os.environ.get(name)), "")

    return Options(
        provider=provider,
        url=url,
        key=key(*facts.key_variables) if url else "",
        second_key=key(facts.second_key_variable) if url else "",
        seed=config.getoption("--conformance-seed"),
        profile=config.getoption("--conformance-profile"),
        suites=tuple(config.getoption("--conformance-suite")) or SUITES,
        rules=() if whole else tuple(sorted({s.rule.id for s in selected})),
        operations=() if wide else tuple(sorted({s.operation for s in selected})),
        patience=300.0 if live else 30.0,
        live=live,
        faults=tuple(config.getoption("--conformance-fault")),
    )


def make(options: Options, out: Path) -> str:
    """Run, leave log and reports in `out`, and return an empty text, or why there is no run."""
    from conformance.cli.results import record, write_reports

    log = out / "run.ndjson"
    try:
        record(run(options), log, on_event=lambda _event: None)
        write_reports(log, out)
    except ConformanceError as error:
        return str(error)
    return ""


def verdicts_of(log: Path) -> Verdicts:
    """Return what the run whose log this is said."""
    verdicts = Verdicts()
    for event in read(log):
        if isinstance(event, FindingMade):
            verdicts.findings.append(event.finding)
        elif isinstance(event, SuiteFinished):
            for outcome in event.outcomes:
                counts = verdicts.judged.setdefault(outcome.check, {})
                counts[outcome.operation] = counts.get(outcome.operation, 0) + outcome.judged
        elif isinstance(event, RunFinished):
            verdicts.stopped = event.stopped
    return verdicts
