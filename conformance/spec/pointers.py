"""JSON pointers (RFC 6901): into documents, and as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote


def escape(part: str) -> str:
    """Return `part` as one step of a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")


def steps(pointer: str) -> list[str]:
    """Return the steps of a pointer; a leading `#` makes it a URI fragment."""
    text = unquote(pointer[1:]) if pointer.startswith("#") else pointer
    return [part.replace("~1", "/").replace("~0", "~") for part in text.split("/")[1:]]


def join(parts: Iterable[str]) -> str:
    """Return the pointer with these steps; none give the empty pointer."""
    return "".join(f"/{escape(part)}" for part in parts)


def find(document: Any, pointer: str) -> Any:
    """Return what `pointer` names in `document`.

    Raises:
        KeyError: There is nothing; the argument is the pointer.
    """
    value = document
    for part in steps(pointer):
        if isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict) and part in value:
            value = value[part]
        else:
            raise KeyError(pointer)
    return value


def put(document: Any, pointer: str, value: Any) -> None:
    """Set what `pointer` names to `value`; the object or list that holds it must exist.

    Raises:
        KeyError: Nothing holds it; the argument is the pointer.
    """
    *above, last = steps(pointer)
    holder = find(document, join(above))
    if isinstance(holder, list):
        holder[int(last)] = value
    elif isinstance(holder, dict):
        holder[last] = value
    else:
        raise KeyError(pointer)
