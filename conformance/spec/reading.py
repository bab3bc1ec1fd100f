"""Files to mappings: YAML, JSON and TOML, each refused with its place when it is broken."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import yaml

from conformance.errors import UnreadableDocument

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _JsonLoader(_Base):  # type: ignore[misc]  # the base is chosen at run time
    """Reads YAML as the JSON it stands for: text keys, no dates, no key twice."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # PyYAML's own class attribute
        first: [(tag, form) for tag, form in rules if tag != "tag:yaml.org,2002:timestamp"]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002  # PyYAML's signature
        """Return the mapping; refuse a key that stands in it twice."""
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key that is no text", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} a second time", key.start_mark
                )
            seen.add(key.value)
            if key.tag != "tag:yaml.org,2002:merge":
                key.tag = "tag:yaml.org,2002:str"
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Put what `<<` merges into the mapping; each key once, so that merges cannot multiply."""
        before = node.value
        super().flatten_mapping(node)
        if node.value is not before:
            once = {
                k.value if isinstance(k, yaml.ScalarNode) else id(k): (k, v) for k, v in node.value
            }
            node.value = list(once.values())


LARGEST = 32 * 1024 * 1024
"""Bytes of a document."""
MOST_VALUES = 2_000_000
"""Values of a document, those that aliases repeat counted each time."""


def read_bytes(path: Path, *, what: str) -> bytes:
    """Return the bytes of `path`, which should be `what`.

    Raises:
        UnreadableDocument: It is missing, a folder, too large, or may not be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UnreadableDocument(str(path), what, "no such file") from None
    except OSError as problem:
        seen = problem.strerror or type(problem).__name__
        raise UnreadableDocument(str(path), what, seen.lower()) from None
    if len(content) > LARGEST:
        raise UnreadableDocument(str(path), what, f"more than {LARGEST} bytes")
    return content


def read_document(path: Path, *, what: str = "an OpenAPI document") -> dict[str, Any]:
    """Return the mapping that a YAML or JSON file holds.

    Keys are text as written (`200`, `on`), dates stay text.

    Raises:
        UnreadableDocument: It cannot be read, is neither YAML nor JSON, holds a key
            twice, or is no mapping.
    """
    return parse_document(read_bytes(path, what=what), str(path), what=what)


def parse_document(content: bytes, name: str, *, what: str) -> dict[str, Any]:
    """Return the mapping that `content` holds; `name` stands for it in errors.

    Raises:
        UnreadableDocument: As in `read_document`.
    """
    if _looks_bottomless(content):
        raise UnreadableDocument(name, what, "nesting too deep to read")
    try:
        value = yaml.load(content, Loader=_JsonLoader)  # noqa: S506  # derived from SafeLoader
        if b"*" in content and (size := _unfolded(value, {})) > MOST_VALUES:
            expected = f"{what} of at most {MOST_VALUES:,} values"
            raise UnreadableDocument(name, expected, f"aliases that stand for {size:,}")
    except yaml.YAMLError as problem:
        raise UnreadableDocument(name, what, _yaml_problem(problem)) from None
    except RecursionError:
        seen = "nesting too deep to read, or an alias within itself"
        raise UnreadableDocument(name, what, seen) from None
    except UnicodeDecodeError:
        raise UnreadableDocument(name, what, "bytes that are no UTF-8") from None
    except ValueError as problem:  # a number of more digits than Python reads
        raise UnreadableDocument(name, what, f"a value that cannot be read ({problem})") from None
    if not isinstance(value, dict):
        raise UnreadableDocument(name, f"{what}, a mapping", _kind(value))
    return value


def read_json(path: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds.

    Raises:
        UnreadableDocument: It cannot be read, is no JSON, or no object.
    """
    content = read_bytes(path, what="a JSON Schema")
    try:
        value = json.loads(content)
    except ValueError as problem:
        raise UnreadableDocument(str(path), "a JSON Schema", f"no JSON: {problem}") from None
    if not isinstance(value, dict):
        raise UnreadableDocument(str(path), "a JSON Schema, an object", _kind(value))
    return value


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises:
        UnreadableDocument: It cannot be read or is no TOML.
    """
    content = read_bytes(path, what="a TOML file")
    try:
        return tomllib.loads(content.decode())
    except ValueError as problem:
        raise UnreadableDocument(str(path), "a TOML file", f"no TOML: {problem}") from None


def digest(contents: Sequence[bytes]) -> str:
    """Return the SHA-256 of the contents one after the other, hexadecimal."""
    total = hashlib.sha256()
    for content in contents:
        total.update(content)
    return total.hexdigest()


_BRACKETS = re.compile(rb"[\[\]{}]")
_INDENTED = re.compile(rb"(?:[-?][ \t]+){200}|^[ \t]{1000}", re.MULTILINE)


def _looks_bottomless(content: bytes) -> bool:
    """Whether `content` nests by hundreds: libyaml then runs out of stack and takes us with it."""
    if _INDENTED.search(content):
        return True
    depth = 0
    for bracket in _BRACKETS.finditer(content):
        depth += 1 if bracket.group() in b"[{" else -1
        if depth > 500:
            return True
    return False


def _unfolded(value: Any, known: dict[int, int]) -> int:
    """Return how many values `value` has when every alias is written out.

    Raises:
        RecursionError: An alias stands within what it stands for.
    """
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        known[id(value)] = -1
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_unfolded(part, known) for part in parts)
    if known[id(value)] < 0:
        raise RecursionError
    return known[id(value)]


def _yaml_problem(problem: yaml.YAMLError) -> str:
    mark = getattr(problem, "problem_mark", None)
    said = getattr(problem, "problem", None) or str(problem).splitlines()[0]
    place = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"{said}{place}"


def _kind(value: object) -> str:
    names = {list: "a list", str: "text", int: "a number", float: "a number", bool: "a boolean"}
    return "nothing" if value is None else names.get(type(value), type(value).__name__)
