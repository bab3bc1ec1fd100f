"""Bodies for people: indented JSON, plain text, or the first bytes in hexadecimal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn

from conformance.report.visible import visible
from conformance.runlog import CutBody

SHORT = 60
"""Characters of an object or array that stays in one line."""

_flat = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


class _Misleading(ValueError):
    """Indenting would hide something: a member that occurs twice, a number that is none."""


def pretty(body: bytes, limit: int) -> str:
    """Return `body` for reading, at most about `limit` characters of it.

    JSON is indented unless that would hide something (a member that occurs twice, a number
    that is none); other text stays as it is; bytes that are no UTF-8 are shown as such.
    """
    text = _text(body, limit)
    if len(text) > limit:
        text = f"{text[:limit].rstrip()}\n... (the run log has more)"
    if isinstance(body, CutBody):
        text += f"\n(cut in the log: {body.length:,} bytes in all)"
    return text


def _text(body: bytes, limit: int) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        shown = body[: min(limit // 3, 96)].hex(" ")
        return f"{len(body):,} bytes that are no UTF-8, beginning with\n{shown}"
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
        text = _beginning(_lines(value, ""), limit)
    except (ValueError, RecursionError):
        text = text[: limit + 1]
    return visible(text, lines=True)


def _beginning(pieces: Iterator[str], limit: int) -> str:
    """Return `pieces` together, as far as `limit` and one piece more."""
    text, size = [], 0
    for piece in pieces:
        text.append(piece)
        size += len(piece)
        if size > limit:
            break
    return "".join(text)


def _lines(value: Any, margin: str) -> Iterator[str]:
    """Yield `value` as JSON in which whatever is short, a gate for one, keeps to its line."""
    if not isinstance(value, dict | list) or _is_short(value):
        yield _flat(value)
        return
    inner = f"{margin}  "
    named = isinstance(value, dict)
    yield "{" if named else "["
    for number, item in enumerate(value):
        yield f"{',' if number else ''}\n{inner}"
        if named:
            yield f"{_flat(item)}: "
        yield from _lines(value[item] if named else item, inner)
    yield f"\n{margin}{'}' if named else ']'}"


def _is_short(value: dict[str, Any] | list[Any]) -> bool:
    return len(value) <= SHORT // 3 and len(_flat(value)) <= SHORT


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise _Misleading
    return members


def _no_number(_name: str) -> NoReturn:
    raise _Misleading
