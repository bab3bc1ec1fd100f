"""Findings and runs in words, as failed tests and the end of a session show them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from conformance.checks import RULES
from conformance.model import Finding
from conformance.report import summarize, terminal
from conformance.report.visible import no_command, shortened, visible
from conformance.runlog import read

_LONGEST = 600
_NAMES = {rule.id: rule.name for rule in RULES}


def words_of(finding: Finding) -> str:
    """Return a finding as a failed test shows it; no terminal obeys what a server put into it."""
    head = f"{finding.check} {_NAMES.get(finding.check, '')}  {finding.operation}".rstrip()
    times = f", {finding.count} times" if finding.count > 1 else ""
    lines = [f"{head}  violated{times}"]
    for label in ("expected", "seen", "where", "note", "curl", "again"):
        text = getattr(finding, label)
        if text:
            lines.append(f"  {label:9} {no_command(shortened(visible(text), _LONGEST))}")
    return "\n".join(lines)


def all_words_of(findings: Iterable[Finding]) -> str:
    """Return findings as `words_of` does, one after the other."""
    return "\n\n".join(map(words_of, findings))


def summary_of(log: Path) -> str:
    """Return the verdict of the run whose log this is, in a line."""
    return terminal(summarize(list(read(log)))).rstrip().splitlines()[-1]
