"""A fault: one deliberate misbehaviour, and the rules that must find it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One deliberate misbehaviour of the mock."""

    name: str
    summary: str
    """What the service does wrong."""
    finds: tuple[str, ...]
    """Ids of the rules that must find it, the most telling first."""
    suite: str
    """The suite whose smallest plan should find it."""
    operation: str = ""
    """Id of the operation that shows it; empty when several do."""
    scenario: str = ""
    """The scenario of its suite that shows it; empty when its operation alone does."""


def fault(
    name: str,
    summary: str,
    finds: str,
    *,
    suite: str = "contract",
    operation: str = "",
    scenario: str = "",
) -> Fault:
    """Return a fault; `finds` are ids of rules, with spaces between."""
    return Fault(
        name=name,
        summary=summary,
        finds=tuple(finds.split()),
        suite=suite,
        operation=operation,
        scenario=scenario,
    )
