"""What was judged, and what departed from the contract."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Result of judging a rule; the shown words are those of `shown`."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    INCONCLUSIVE = "inconclusive"
    NOT_TESTED = "not-tested"

    @property
    def shown(self) -> str:
        """The word that people read."""
        return _SHOWN[self]


_SHOWN = {
    Verdict.CONFORMS: "holds",
    Verdict.VIOLATES: "violated",
    Verdict.INCONCLUSIVE: "cannot tell",
    Verdict.NOT_TESTED: "not tested",
}


class Severity(StrEnum):
    """How much a finding weighs: an error fails the run, a warning is shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One departure from the contract.

    A check fills the first four fields; the engine adds the rest.
    """

    clause: str
    """The part of the promise that is broken: `responses`, `schema`, `probabilities` ..."""
    where: str
    """The place: `response.status`, `response.body/jobs/0/status` ..."""
    expected: str
    seen: str
    note: str = ""
    """What it probably is, in words; never part of the fingerprint."""
    check: str = ""
    operation: str = ""
    case: str = ""
    source: str = ""
    """Document and pointer of the broken promise."""
    severity: Severity = Severity.ERROR
    exchanges: tuple[int, ...] = ()
    """Numbers of the exchanges that show it, in order; the last one is judged."""
    curl: str = ""
    """The judged request as a curl line, key left out."""
    again: str = ""
    """Command that reproduces it."""
    count: int = 1

    @property
    def fingerprint(self) -> str:
        """Identity over runs: check, operation, clause and place, never prose."""
        text = f"{self.check}\x1f{self.operation}\x1f{self.clause}\x1f{self.place}"
        return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:12]

    @property
    def place(self) -> str:
        """`where` with every array index and id replaced by `*`."""
        parts = self.where.split("/")
        return "/".join("*" if part.isdigit() or _looks_like_id(part) else part for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """One way in which an oracle sees that an answer is not what a circuit gives."""

    clause: str
    where: str
    expected: str
    seen: str
    note: str = ""


def _looks_like_id(part: str) -> bool:
    return len(part) >= 16 and any(c.isdigit() for c in part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one rule fared on one operation: how often it was judged, and to what end."""

    check: str
    operation: str
    judged: int
    violated: int = 0
    inconclusive: int = 0

    @property
    def verdict(self) -> Verdict:
        """The verdict; a rule judged never is not tested."""
        if self.violated:
            return Verdict.VIOLATES
        if self.inconclusive:
            return Verdict.INCONCLUSIVE
        return Verdict.CONFORMS if self.judged else Verdict.NOT_TESTED
