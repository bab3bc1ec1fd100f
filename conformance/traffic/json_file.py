"""JSON files in bounded memory: no key twice, no NaN, a limit on size and on values."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from conformance.traffic.unreadable import UnreadableTraffic

LARGEST = 48 * 1024 * 1024
"""Bytes of a JSON file, which is read as a whole; run logs and YAML have no such limit."""
_MOST_VALUES = 2_000_000
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{,]', re.DOTALL)
_SPLIT = "Split it, or record YAML, which is read piece by piece."


def load(path: Path) -> dict[str, Any]:
    """Return the object that the file holds.

    Raises:
        UnreadableTraffic: It holds something else, or more than is read.
    """
    name = str(path)
    size = path.stat().st_size
    if size > LARGEST:
        raise UnreadableTraffic(name, f"at most {LARGEST} bytes", f"{size}", repair=_SPLIT)
    content = path.read_bytes()
    if _values(content) > _MOST_VALUES:
        raise UnreadableTraffic(name, f"at most {_MOST_VALUES} values", "more", repair=_SPLIT)
    try:
        value = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_refuse
        )
    except json.JSONDecodeError as problem:
        raise UnreadableTraffic(name, "JSON", problem.msg, f"line {problem.lineno}") from None
    except RecursionError:
        raise UnreadableTraffic(name, "JSON", "nesting too deep to read") from None
    except UnicodeDecodeError:
        raise UnreadableTraffic(name, "UTF-8", "other bytes") from None
    except ValueError as problem:
        raise UnreadableTraffic(name, "JSON", str(problem)) from None
    if not isinstance(value, dict):
        raise UnreadableTraffic(name, "an object with recorded exchanges", type(value).__name__)
    return value


def _values(content: bytes) -> int:
    """Return how many values there are at most; strings are looked into only when it matters."""
    most = sum(map(content.count, (b",", b"[", b"{")))
    if most <= _MOST_VALUES:
        return most
    count = 0
    for token in _TOKEN.finditer(content):
        count += token.group()[:1] != b'"'
        if count > _MOST_VALUES:
            break
    return count


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {ascii(twice)[:60]} a second time")
    return made


def _refuse(name: str) -> Any:
    raise ValueError(f"{name}, which is no JSON")
