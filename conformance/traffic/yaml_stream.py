"""YAML of any size, one recorded exchange at a time: no code, no key twice, bounded nesting.

PyYAML composes a whole file before it gives anything; libyaml's events are five times as
quick and need the memory of one exchange.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from conformance.traffic.unreadable import Broken, UnreadableTraffic, shown

LISTS = frozenset({"interactions", "http_interactions", "unanswered"})
"""Top-level members that are given item by item."""
EMPTY: Any = object()
"""Comes before the items of such a member, so that one without items is seen."""
_DEEPEST = 60
_MOST_VALUES = 500_000
"""In one exchange, or one other member of the file."""
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PREFIX = "tag:yaml.org,2002:"
_TEXTS = frozenset({None, "!", *(f"{_PREFIX}{n}" for n in (
    "str", "int", "float", "bool", "timestamp", "python/str", "python/unicode"))})  # fmt: skip
_COLLECTIONS = frozenset(
    {None, "!", *(f"{_PREFIX}{name}" for name in ("map", "seq", "python/tuple"))}
)
_FILE_BODY = f"{_PREFIX}python/object/new:_io.BytesIO"


def members(path: Path) -> Iterator[tuple[str, Any, int]]:
    """Yield (name, value, line) for each member of the mapping that the file holds.

    The items of a member in `LISTS` come one by one under its name, after `EMPTY`.
    Scalars are text as written, None for null, bytes for `!!binary`.

    Raises:
        UnreadableTraffic: It is no YAML mapping, or holds what is not read.
    """
    with path.open("rb") as file:
        stream = _Events(file)
        try:
            yield from _members(stream)
        except Broken as problem:
            place = f"line {stream.line}"
            raise UnreadableTraffic(str(path), problem.expected, problem.seen, place) from None
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            place = f"line {mark.line + 1}" if mark else ""
            said = str(getattr(problem, "problem", None) or problem).splitlines()[0]
            raise UnreadableTraffic(str(path), "YAML", said, place) from None
        except UnicodeDecodeError:
            raise UnreadableTraffic(str(path), "UTF-8", "other bytes") from None


def _members(stream: _Events) -> Iterator[tuple[str, Any, int]]:
    stream.enter()
    seen: set[str] = set()
    while (event := stream.next()) is not None and not isinstance(event, yaml.MappingEndEvent):
        name = _new_key(stream.value(event), seen)
        event = stream.next()
        if name in LISTS and isinstance(event, yaml.SequenceStartEvent):
            yield name, EMPTY, stream.line
            while not isinstance(event := stream.next(), yaml.SequenceEndEvent):
                line = stream.line
                stream.left = _MOST_VALUES
                yield name, stream.value(event), line
        else:
            stream.left = _MOST_VALUES
            line = stream.line
            yield name, stream.value(event), line
    stream.leave()


class _Events:
    """The events of one document, and values made of them."""

    def __init__(self, file: Any) -> None:
        self._parser = _LOADER(file)
        self._anchors: dict[str, Any] = {}
        self.left = _MOST_VALUES
        self.line = 1

    def next(self) -> Any:
        """Return the next event."""
        event = self._parser.get_event()
        self.line = event.start_mark.line + 1
        return event

    def enter(self) -> None:
        """Read up to the first member of the mapping."""
        self.next()  # the stream
        first = self.next()
        if isinstance(first, yaml.StreamEndEvent):
            raise Broken("recorded exchanges", "an empty file")
        if not isinstance(event := self.next(), yaml.MappingStartEvent):
            kind = "a list" if isinstance(event, yaml.SequenceStartEvent) else "text"
            raise Broken("a mapping with recorded exchanges", kind)

    def leave(self) -> None:
        """Check that nothing follows the mapping."""
        self.next()
        if not isinstance(self.next(), yaml.StreamEndEvent):
            raise Broken("one YAML document", "a second one")

    def value(self, event: Any, depth: int = 0) -> Any:
        """Return the value that begins with `event`."""
        self.left -= 1
        if self.left < 0:
            raise Broken(f"at most {_MOST_VALUES} values in an exchange", "more")
        if depth > _DEEPEST:
            raise Broken(f"nesting of at most {_DEEPEST}", "more")
        if isinstance(event, yaml.ScalarEvent):
            made: Any = _scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            return self._anchored(event.anchor)
        elif isinstance(event, yaml.SequenceStartEvent):
            _check_tag(event.tag)
            made = self._sequence(depth)
        else:
            made = self._mapping(event.tag, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = made
        return made

    def _anchored(self, name: str | None) -> Any:
        if name is None or name not in self._anchors:
            raise Broken("an alias of something before it", f"*{name}")
        return self._anchors[name]

    def _sequence(self, depth: int) -> list[Any]:
        found = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            found.append(self.value(event, depth + 1))
        return found

    def _mapping(self, tag: str | None, depth: int) -> Any:
        found: dict[str, Any] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = _new_key(self.value(event, depth + 1), found)
            found[key] = self.value(self.next(), depth + 1)
        if tag == _FILE_BODY:  # how older vcrpy kept the body that a client read from a file
            state = found.get("state")
            return state[0] if isinstance(state, list) and state else ""
        _check_tag(tag)
        return found


def _new_key(key: object, seen: Any) -> str:
    if not isinstance(key, str):
        raise Broken("keys that are text", shown(key))
    if key in seen:
        raise Broken("each key once", f"{shown(key)} a second time")
    if isinstance(seen, set):
        seen.add(key)
    return key


def _scalar(event: Any) -> str | bytes | None:
    text: str = event.value
    if event.tag in _TEXTS:
        plain = event.implicit[0] and event.tag is None
        return None if plain and text in {"", "~", "null", "Null", "NULL"} else text
    if event.tag == f"{_PREFIX}null":
        return None
    if event.tag == f"{_PREFIX}binary":
        try:
            return base64.b64decode(text.encode("ascii"))
        except (binascii.Error, UnicodeEncodeError):
            raise Broken("base64 under !!binary", shown(text)) from None
    raise Broken("plain values", f"the tag {shown(event.tag)}")


def _check_tag(tag: str | None) -> None:
    if tag not in _COLLECTIONS:
        raise Broken("plain values", f"the tag {shown(tag)}")
