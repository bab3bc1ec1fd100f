"""Walks over characterizations: by page, by date, and those that backends name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from conformance.lifecycle.conversation import Conversation, answered

LISTING, SINGLE = "getCharacterizationsForBackend", "getCharacterization"
_BROWSED = 2
"""Backends of which one is looked for that has characterizations."""
_DAY = len("2026-01-31")


def browse(talk: Conversation, backends: Sequence[dict[str, Any]]) -> None:
    """Read the characterizations that each backend names, and those of one by page and by date."""
    for entry in backends[:_BROWSED]:
        listed = _page(talk, entry["backend"], 1)
        for each in listed:
            _read(talk, entry["backend"], each.get("id"))
        if len(listed) > 1:
            _page(talk, entry["backend"], 2)
            _page(talk, entry["backend"], 1)
            _by_date(talk, entry["backend"], listed[1].get("date"))
            break
    for entry in backends:
        _read(talk, entry["backend"], entry.get("characterization_id"))


def _page(talk: Conversation, backend: str, number: int) -> list[dict[str, Any]]:
    query = {"limit": 2, "page": number}
    entries = answered(talk.call(LISTING, {"backend": backend}, query=query)).get(
        "characterizations"
    )
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def _by_date(talk: Conversation, backend: str, date: object) -> None:
    """Ask for what was measured from a day on, before it, and on that day alone."""
    try:
        day = dt.date.fromisoformat(str(date)[:_DAY])
    except ValueError:
        return
    tomorrow = str(day + dt.timedelta(days=1))
    for query in ({"start": str(day)}, {"end": str(day)}, {"start": str(day), "end": tomorrow}):
        talk.call(LISTING, {"backend": backend}, query=query)


def _read(talk: Conversation, backend: str, identifier: object) -> None:
    if isinstance(identifier, str) and identifier:
        talk.call(SINGLE, {"backend": backend, "UUID": identifier})
