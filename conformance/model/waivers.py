"""What somebody has accepted, for a reason and until a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding, or a change of a document, that is known and accepted for a while."""

    fingerprint: str
    """Of the finding or the change; the first eight characters are enough."""
    reason: str
    owner: str = ""
    expires: date | None = None
    """The last day on which it holds; None for ever."""

    def covers(self, fingerprint: str) -> bool:
        """Tell whether this waiver speaks of what has this fingerprint."""
        return fingerprint.startswith(self.fingerprint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """How some waivers fared against what was found."""

    used: tuple[Waiver, ...] = ()
    unused: tuple[Waiver, ...] = ()
    """They cover nothing that was found: mended, or misspelt."""
    expired: tuple[Waiver, ...] = ()
    """They accept nothing any more, whether or not they would cover something."""
    accepted: frozenset[str] = frozenset()
    """Fingerprints that a waiver in force covers."""


def waived(waivers: Iterable[Waiver], fingerprints: Collection[str], today: date) -> Waived:
    """Return which of `fingerprints` are accepted on the day `today`, and by what."""
    waivers = tuple(waivers)
    expired = tuple(w for w in waivers if w.expires is not None and w.expires < today)
    in_force = [w for w in waivers if w not in expired]
    covered = {w: {f for f in fingerprints if w.covers(f)} for w in in_force}
    return Waived(
        used=tuple(w for w in in_force if covered[w]),
        unused=tuple(w for w in in_force if not covered[w]),
        expired=expired,
        accepted=frozenset().union(*covered.values()),
    )
