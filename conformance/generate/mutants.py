"""Values that are wrong in exactly one way, made from a valid one.

One edit at one place, at every depth. Whether an edit makes the value invalid is not decided
here: the caller keeps those that its schemas refuse, so the edits may be generous.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_ABSENT: Any = object()
_EXTRA = "qconform_undocumented"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A value after one edit."""

    pointer: str
    """JSON pointer to the edited place."""
    edit: str
    """What was done there, in words."""
    value: Any


def mutants(value: Any) -> Iterator[Mutant]:
    """Yield `value` after each single edit: left out, added to, of another type, out of range."""
    for path in _places(value, ()):
        for edit, replacement in _edits(_at(value, path), path):
            changed = copy.deepcopy(value)
            if not path:
                changed = replacement
            elif replacement is _ABSENT:
                del _at(changed, path[:-1])[path[-1]]
            else:
                _at(changed, path[:-1])[path[-1]] = replacement
            yield Mutant(pointer="".join(f"/{p}" for p in path), edit=edit, value=changed)


def _edits(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    if path:
        yield "null", None
    if path and isinstance(path[-1], str):
        yield "left out", _ABSENT
    if isinstance(value, dict):
        yield "with an undocumented property", {**value, _EXTRA: 1}
        yield "a list", [value]
    elif isinstance(value, list):
        yield "a text", "0"
    elif isinstance(value, bool):
        yield "a text", "perhaps"
        yield "a number", 2
    elif isinstance(value, int | float):
        yield "a text", "many"
        for number in (0, -1, 1.5, 1_000_001):
            yield f"{number}", number
    elif isinstance(value, str):
        yield "a number", 17
        yield "another word", "no-such-word"


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every place in `value`; of a list only its first and last elements."""
    yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _places(inner, (*path, name))
    elif isinstance(value, list):
        for index in sorted({0, len(value) - 1} if value else ()):
            yield from _places(value[index], (*path, index))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        value = value[part]
    return value
