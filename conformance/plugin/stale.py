"""Cassettes that are stale, told at the end of a session; workers of xdist send it with reports."""

from __future__ import annotations

from typing import Any

PROPERTY = "conformance-stale"
"""Name of the property of a test under which its cassette's staleness travels."""


def tell(terminalreporter: Any) -> None:
    """Write a line for each cassette that was used and is stale."""
    told = {
        str(text)
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == PROPERTY
    }
    for text in sorted(told):
        terminalreporter.write_line(f"conformance: {text}", yellow=True)
