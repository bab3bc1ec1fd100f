"""Changes that somebody accepted, those that fail the gate, and the exit code."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from conformance.errors import ExitCode
from conformance.gate.changes import ORDER, Change, Comparison, Kept, Verdict
from conformance.model import Waived, Waiver, waived

NEVER = "never"
LEVELS = (*map(str, ORDER), NEVER)
"""What `--fail-on` may name: this verdict and every worse one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A comparison as it was judged: what fails, what was accepted, and where it stands."""

    comparison: Comparison
    waivers: Waived
    fail_on: str
    base_file: str = ""
    head_file: str = ""
    line: Callable[[Change], int] = lambda change: 1

    def is_accepted(self, change: Change) -> bool:
        """Whether a waiver in force covers the change."""
        return change.fingerprint in self.waivers.accepted

    def fails(self, change: Change) -> bool:
        """Whether the change alone makes the gate fail."""
        if self.fail_on == NEVER or self.is_accepted(change):
            return False
        return ORDER.index(change.verdict) <= LEVELS.index(self.fail_on)

    @property
    def failing(self) -> tuple[Change, ...]:
        """The changes for which the gate fails."""
        return tuple(change for change in self.comparison.changes if self.fails(change))

    @property
    def exit_code(self) -> ExitCode:
        """0, or 1 when a change fails the gate or a service broke a promise."""
        return ExitCode.VIOLATED if self.has_failed else ExitCode.OK

    @property
    def has_failed(self) -> bool:
        """Whether a change fails the gate, or a service broke a promise of the base."""
        broken = any(p.state is Kept.BROKEN for p in self.comparison.promises)
        return bool(self.failing) or (broken and self.fail_on != NEVER)

    @property
    def sentence(self) -> str:
        """The verdict in one line."""
        counts = self.comparison.counted()
        parts = [f"{counts[verdict]} {verdict}" for verdict in ORDER if counts[verdict]]
        total = len(self.comparison.changes)
        told = f"{total} changes: {', '.join(parts)}" if total > 1 else ", ".join(parts)
        accepted = sum(map(self.is_accepted, self.comparison.changes))
        more = f"; {accepted} accepted" if accepted else ""
        return f"{told or 'no change'}{more}"

    def file(self, change: Change) -> str:
        """The file that the change's pointer leads into."""
        return self.base_file if change.gone else self.head_file


def judge(
    comparison: Comparison, waivers: Iterable[Waiver], today: dt.date, fail_on: str
) -> Result:
    """Return the comparison with its waivers applied."""
    prints = {c.fingerprint for c in comparison.changes if c.verdict is not Verdict.COMPATIBLE}
    return Result(comparison=comparison, waivers=waived(waivers, prints, today), fail_on=fail_on)
