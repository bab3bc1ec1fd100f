"""`[[waiver]]` of a configuration file: findings that somebody has accepted."""

from __future__ import annotations

import datetime as dt
import difflib
from typing import Any

from conformance.config.files import Found, UnreadableConfiguration, shown
from conformance.model import Waiver

FIELDS = ("fingerprint", "reason", "owner", "expires")
SHORTEST = 8
"""Characters of a fingerprint that name a finding."""
_HEXADECIMAL = frozenset("0123456789abcdef")


def waivers_of(found: Found) -> tuple[Waiver, ...]:
    """Return the waivers of a configuration file.

    Raises:
        UnreadableConfiguration: One is no table, lacks a fingerprint or a reason, or holds what
            a waiver does not have.
    """
    entries = found.tables.get("waiver", [])
    if not isinstance(entries, list):
        raise UnreadableConfiguration(
            str(found.path), "tables [[waiver]]", shown(entries), f"{found.prefix}waiver"
        )
    return tuple(_Entry(found, number).read(entry) for number, entry in enumerate(entries, 1))


class _Entry:
    def __init__(self, found: Found, number: int) -> None:
        self._path = str(found.path)
        self._key = f"{found.prefix}waiver[{number}]"

    def read(self, entry: Any) -> Waiver:
        if not isinstance(entry, dict):
            raise self._wrong("", "a table", entry)
        for name in entry:
            if name not in FIELDS:
                near = difflib.get_close_matches(name, FIELDS, n=1, cutoff=0.5)
                repair = f"Did you mean {near[0]!r}?" if near else ""
                raise self._wrong("", f"only {', '.join(FIELDS)}", name, repair)
        return Waiver(
            fingerprint=self._fingerprint(entry.get("fingerprint")),
            reason=self._text(entry, "reason", required=True),
            owner=self._text(entry, "owner"),
            expires=self._day(entry.get("expires")),
        )

    def _fingerprint(self, value: Any) -> str:
        text = value.lower() if isinstance(value, str) else ""
        if len(text) < SHORTEST or not set(text) <= _HEXADECIMAL:
            expected = f"at least {SHORTEST} hexadecimal digits of a finding's fingerprint"
            raise self._wrong(".fingerprint", expected, value)
        return text

    def _text(self, entry: dict[str, Any], name: str, *, required: bool = False) -> str:
        value = entry.get(name, "")
        if not isinstance(value, str) or (required and not value.strip()):
            raise self._wrong(f".{name}", "a text", value)
        return value

    def _day(self, value: Any) -> dt.date | None:
        if isinstance(value, str):
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                value = (value,)
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        raise self._wrong(".expires", "a day such as 2027-01-31", value)

    def _wrong(
        self, field: str, expected: str, seen: object, repair: str = ""
    ) -> UnreadableConfiguration:
        return UnreadableConfiguration(
            self._path, expected, shown(seen), f"{self._key}{field}", repair
        )
