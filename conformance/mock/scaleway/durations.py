"""Durations as protobuf writes them in JSON: seconds with an s behind, `3600s` or `2.5s`."""

from __future__ import annotations

import re

from conformance.mock.http import Refusal

_FORM = re.compile(r"\d{1,12}(\.\d{1,9})?s")


def seconds(value: str | int, name: str) -> float:
    """Return a duration in seconds; a bare number means seconds, as one client sends it.

    Raises:
        Refusal: It is no duration.
    """
    if isinstance(value, int):
        return float(value)
    if not _FORM.fullmatch(value):
        raise Refusal(400, f"expected {name} as seconds with an s behind, got {value!r}", (name,))
    return float(value[:-1])


def told(duration: float) -> str:
    """Return a duration in seconds as text: `2.5s`, `3600s`."""
    return f"{round(duration, 9):.9f}".rstrip("0").rstrip(".") + "s"
