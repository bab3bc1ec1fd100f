"""Where a recording comes from: the header of our own cassettes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from conformance.model import Specification

_OLD = dt.timedelta(days=180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who was recorded, when, by what, and which document was in force then."""

    provider: str
    target: str
    """Base URL, or `embedded mock`."""
    recorded: str
    """RFC 3339, UTC."""
    tool: str
    """Version of qconform."""
    document: str = ""
    digest: str = ""
    """SHA-256 of the document and its overlay."""
    note: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the header as a cassette holds it."""
        return {name: value for name, value in asdict(self).items() if value}

    def staleness(self, specification: Specification, now: dt.datetime) -> str:
        """Return why the recording may not tell today's service any more; empty if nothing says so.

        Args:
            specification: The document that is in force now.
            now: Today, with a time zone.
        """
        reasons = []
        if self.digest and self.digest != specification.digest:
            reasons.append(
                f"the document has changed since ({self.digest[:12]}, now "
                f"{specification.digest[:12]})"
            )
        age = self._age(now)
        if age is not None and age > _OLD:
            reasons.append(f"it is {age.days} days old")
        return " and ".join(reasons)

    def _age(self, now: dt.datetime) -> dt.timedelta | None:
        try:
            moment = dt.datetime.fromisoformat(self.recorded)
        except ValueError:
            return None
        return now - (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC))


def origin_from(header: object) -> Origin | None:
    """Return the origin that `header`, a member `qconform` of a cassette, tells; None if none."""
    if not isinstance(header, Mapping):
        return None
    known: dict[str, Any] = {
        name: str(header.get(name) or "") for name in Origin.__dataclass_fields__
    }
    return Origin(**known)
