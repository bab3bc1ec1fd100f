"""One proven, or refuted, claim about a provider's folder."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A claim and whether it holds."""

    area: str
    """`documents`, `overlay`, `provenance`, `normative`, `disagreements` or `tolerances`."""
    holds: bool
    text: str
    """The claim in a line; when it does not hold, followed by what is wrong."""
