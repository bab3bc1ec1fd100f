"""For every fault of the mock the smallest plan that should find it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.engine import Options, run
from conformance.engine.selftest import plan_for
from conformance.mock import FAULTS
from conformance.model import Event, Finding, FindingMade

__all__ = ["BY_NAME", "events", "findings", "first_finding", "plan_for"]

BY_NAME = {fault.name: fault for fault in FAULTS}


def findings(options: Options) -> list[Finding]:
    """Run the plan and return what it finds."""
    return [event.finding for event in events(options) if isinstance(event, FindingMade)]


def first_finding(options: Options, rule: str) -> Finding | None:
    """Run the plan until `rule` finds something, and return that."""
    with _closing(events(options)) as stream:
        for event in stream:
            if isinstance(event, FindingMade) and event.finding.check == rule:
                return event.finding
    return None


def events(options: Options) -> Iterator[Event]:
    """Run the plan and yield its events."""
    return run(options)


@contextmanager
def _closing(stream: Iterator[Event]) -> Iterator[Iterator[Event]]:
    try:
        yield stream
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()
