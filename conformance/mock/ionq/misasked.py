"""Faults that read what is asked of the list of characterizations wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.mock.faults import Faults

_LATE = "~"
"""Comes after every character of a time."""


def misasked(query: Mapping[str, Any], faults: Faults) -> Mapping[str, Any]:
    """Return the query as a service with `faults` reads it."""
    if faults.on("characterization-pages-repeat"):
        query = {**query, "page": 1}
    if faults.on("characterization-end-included") and "end" in query:
        query = {**query, "end": query["end"] + _LATE}
    if faults.on("characterization-start-ignored") and "end" in query:
        query = {**query, "start": ""}
    return query


def miscounted(first: int, remaining: int, size: int, faults: Faults) -> tuple[int, int]:
    """Return the place of a page's first entry, and how many pages are said to remain."""
    overlaps = first > 0 and faults.on("characterization-pages-overlap")
    each = 1 if faults.on("characterization-pages-miscounted") else size
    return first - overlaps, -(-remaining // each)
