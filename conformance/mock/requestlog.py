"""The request log: one line a request, and nothing in it that could be a secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TextIO

from conformance.mock.http import Request

_LONGEST = 400
"""Characters of a line; clients choose their paths."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One request that was answered."""

    request: Request
    shown: frozenset[str]
    """Query parameters whose values are shown; any other might carry a key."""
    tenant: str
    """Whose key it carried; empty for none or an unknown one."""
    status: int
    seconds: float
    """From its arrival until the answer was handed over."""


def line(entry: Entry, moment: datetime) -> str:
    """Return `entry` as a line of text, in which every character can be seen."""
    request = entry.request
    agent = request.client.partition(" ")[0] or "-"
    shown = (
        f"{moment.isoformat(timespec='milliseconds').replace('+00:00', 'Z')} "
        f"{entry.status} {entry.seconds * 1000:7.1f} ms  {entry.tenant or '-':6}  "
        f"{request.method} {request.path}{_query(request.query, entry.shown)}  {agent}"
    )
    return "".join(c if c.isprintable() else "?" for c in shown[:_LONGEST])


def log_to(stream: TextIO) -> Callable[[Entry], None]:
    """Return a log that writes to `stream`, each line at once."""

    def log(entry: Entry) -> None:
        stream.write(f"{line(entry, datetime.now(UTC))}\n")
        stream.flush()

    return log


def _query(raw: bytes, shown: frozenset[str]) -> str:
    if not raw:
        return ""
    parts = []
    for part in raw.decode("latin-1").split("&"):
        name, equals, value = part.partition("=")
        parts.append(f"{name}{equals}{value if name in shown else '...' if value else ''}")
    return "?" + "&".join(parts)
