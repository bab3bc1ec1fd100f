"""Changes, and what is said of each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Verdict(StrEnum):
    """What a change is for a client that kept to the old document."""

    BREAKING = "breaking"
    """A witness shows that something valid is so no more."""
    SUSPECTED = "suspected"
    """It may break, and no witness was found in the budget."""
    RISKY = "risky"
    """Nothing valid becomes invalid, and yet a client may notice."""
    COMPATIBLE = "compatible"


ORDER = tuple(Verdict)
"""The worst first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """A concrete request or response that shows a break."""

    kind: str
    """`request` or `response`."""
    message: Mapping[str, Any]
    """A request: method, path, query, headers, body; a response: status, headers, body."""
    accepted_by: str
    """`base` or `head`."""
    reason: str
    """Why the other document refuses it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What recorded traffic or a client library says about a change."""

    source: str
    text: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two documents, at one place of one operation."""

    rule: str
    """Name of a rule of the catalogue."""
    verdict: Verdict
    operation: str
    """Method and path, as the base writes it; empty for the whole API."""
    direction: str
    """`request`, `response` or `none`."""
    where: str
    """Part of the message: `request.body/shots`, `response 200.body/jobs/*/status`."""
    before: str
    after: str
    pointer: str
    """JSON pointer of the place in the head, or in the base for what is gone."""
    gone: bool = False
    """Whether `pointer` leads into the base."""
    witness: Witness | None = None
    convention: str = ""
    """The convention that decided, if one did."""
    note: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Hash of rule, operation, place and values; no wording of ours changes it."""
        parts = (self.rule, self.operation, self.direction, self.where, self.before, self.after)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One side of a comparison."""

    name: str
    title: str
    version: str
    digest: str


class Kept(StrEnum):
    """How a promise fared."""

    KEPT = "kept"
    BROKEN = "broken"
    NOT_TESTED = "not tested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a document promises to answer for one operation under one status."""

    operation: str
    status: str
    state: Kept = Kept.NOT_TESTED
    exchanges: int = 0
    seen: str = ""
    """The first departure, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two documents and every change from one to the other, the worst first."""

    base: Document
    head: Document
    changes: tuple[Change, ...]
    operations: int
    """Operations of both documents together."""
    seconds: float = 0.0
    notes: tuple[str, ...] = field(default=())
    promises: tuple[Promise, ...] = ()
    """How the promises of the base fared, where a service or a recording was judged by them."""

    def counted(self) -> dict[Verdict, int]:
        """Return how many changes have each verdict."""
        return {v: sum(c.verdict is v for c in self.changes) for v in ORDER}

    @property
    def suggested(self) -> str:
        """Return the step of a semantic version that the changes ask for."""
        counts = self.counted()
        if counts[Verdict.BREAKING]:
            return "major"
        return "minor" if self.changes else "none"
