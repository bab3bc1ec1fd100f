"""Whether a document accepts a value: two validators, on what the document itself says.

The forms of this package only propose. Here the schemas come from `spec.conversion`, which knows
nothing of forms, so that a mistake of ours costs a witness and never makes a false one.
"""

from __future__ import annotations

import contextlib
import functools
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.gate.shaping import Direction
from conformance.gate.texts import BASE64, LARGEST_SINGLE, NUMERIC_FORMATS
from conformance.spec.conversion import Converter

SECONDS = 2.0
"""Time of one validation; a pattern on which matching never ends is stopped by it."""
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
_ONE: tuple[str, ...] = (
    "items",
    "additionalProperties",
    "not",
    "contains",
    "propertyNames",
    "if",
    "then",
    "else",
)
_ONE += ("unevaluatedProperties", "unevaluatedItems")
_STRICT = "strict:"


class Unsure(Exception):
    """The validators disagree, or one of them cannot tell."""


@dataclass(slots=True)
class Judge:
    """Judges values by the schemas of one document, in one direction."""

    document: Mapping[str, Any]
    source: str
    direction: Direction
    tolerant: bool = False
    """Read as a client that ignores members which its document does not know."""
    _converter: Converter = field(init=False)
    _ready: dict[int, tuple[Any, list[Callable[[Any], bool]]]] = field(default_factory=dict)

    _hopeless: dict[int, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._converter = Converter(self.document, self.source)

    def accepts(self, schema: Any, value: Any) -> bool:
        """Return whether both validators accept `value` by `schema` of the document.

        Raises:
            Unsure: They differ, the schema is broken, or one of them took too long.
        """
        if id(schema) in self._hopeless:
            raise Unsure("no validator copes with this schema")
        if id(schema) not in self._ready:
            self._hopeless[id(schema)] = schema  # unless it can be prepared
            self._ready[id(schema)] = schema, self._prepared(schema)
            del self._hopeless[id(schema)]
        try:
            with within(SECONDS):
                verdicts = {judge(value) for judge in self._ready[id(schema)][1]}
        except (RecursionError, TimeoutError) as problem:
            self._hopeless[id(schema)] = schema
            raise Unsure(str(problem)) from None
        except (ValueError, OverflowError, re.error) as problem:
            raise Unsure(str(problem)) from None
        if len(verdicts) != 1:
            raise Unsure("the validators disagree")
        return verdicts.pop()

    def _prepared(self, schema: Any) -> list[Callable[[Any], bool]]:
        import jsonschema
        import jsonschema_rs

        whole = constrained(dict(self._converter.convert(schema, self.direction)))
        if ends_nowhere(whole):
            raise Unsure("a schema contains itself at its own place")
        if self.tolerant:
            whole = opened(whole)
        try:
            fast = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        except ValueError as problem:
            raise Unsure(str(problem)) from None
        kind = jsonschema.Draft202012Validator
        return [fast.is_valid, kind(whole, format_checker=kind.FORMAT_CHECKER).is_valid]


def ends_nowhere(schema: Mapping[str, Any]) -> bool:
    """Whether a definition of the schema leads to itself for the same value: validators never end.

    That is a circle of references in which no step goes into a member or an element.
    """
    left = {name: set(_here(part)) for name, part in schema.get("$defs", {}).items()}
    while left:
        ending = [name for name, wanted in left.items() if not wanted & left.keys()]
        if not ending:
            return True
        for name in ending:
            del left[name]
    return False


def _here(schema: Any) -> Iterator[str]:
    """Yield the names of definitions by which the same value is judged, too."""
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if not isinstance(part, dict):
            continue
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix("#/$defs/")
        for word in ("allOf", "anyOf", "oneOf"):
            waiting += part.get(word) or ()
        waiting += [part[word] for word in ("not", "if", "then", "else") if word in part]
        waiting += (part.get("dependentSchemas") or {}).values()


def constrained(schema: Any) -> Any:
    """Return a schema in which the formats of numbers and of base64 are bounds and patterns."""
    if not isinstance(schema, dict):
        return schema
    result = _inside(schema, constrained)
    name = schema.get("format")
    if name in NUMERIC_FORMATS or name == "float":
        low, high = NUMERIC_FORMATS.get(name, (-LARGEST_SINGLE, LARGEST_SINGLE))
        result["allOf"] = [*result.get("allOf", []), {"minimum": low, "maximum": high}]
    elif name == "byte":
        result["allOf"] = [*result.get("allOf", []), {"pattern": BASE64}]
    return result


def opened(schema: Any) -> Any:
    """Return a schema that also accepts members of objects that it does not know.

    Opening makes alternatives overlap that are apart when closed. So where a value fits one of
    them as they are written, `oneOf` counts them so; only where none fits, they are opened.
    """
    definitions = schema.get("$defs", {})
    whole = _opened({k: v for k, v in schema.items() if k != "$defs"})
    if definitions:
        whole["$defs"] = {name: _opened(part) for name, part in definitions.items()}
        whole["$defs"] |= {_STRICT + name: _strict(part) for name, part in definitions.items()}
    return whole


def _opened(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    result = _inside(schema, _opened, but=("not", "if", "propertyNames"))
    for word in ("additionalProperties", "unevaluatedProperties"):
        if result.get(word) is False:
            del result[word]
    result.pop("maxProperties", None)
    for word in ("not", "if"):
        if word in result:
            result[word] = _strict(schema[word])
    if "oneOf" in schema:
        strict = [_strict(part) for part in schema["oneOf"]]
        choice = {"if": {"anyOf": strict}, "then": {"oneOf": strict}}
        choice["else"] = {"anyOf": result.pop("oneOf")}
        result["allOf"] = [*result.get("allOf", []), choice]
    return result


def _strict(schema: Any) -> Any:
    """Return a schema as it is, its references leading to definitions as they are."""
    if not isinstance(schema, dict):
        return schema
    result = _inside(schema, _strict)
    if "$ref" in result:
        result["$ref"] = f"#/$defs/{_STRICT}{result['$ref'].removeprefix('#/$defs/')}"
    return result


def _inside(
    schema: Mapping[str, Any], change: Callable[[Any], Any], but: tuple[str, ...] = ()
) -> dict[str, Any]:
    result = dict(schema)
    for word in result.keys() - set(but):
        value = result[word]
        if word in _LISTS and isinstance(value, list):
            result[word] = [change(part) for part in value]
        elif word in _MAPS and isinstance(value, dict):
            result[word] = {name: change(part) for name, part in value.items()}
        elif word in _ONE:
            result[word] = change(value)
    return result


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `TimeoutError` when the block takes longer.

    Where there is no such alarm (Windows, other threads) it only looks at the clock afterwards.
    """
    alarm = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    started = time.monotonic()
    if alarm:
        before = signal.signal(signal.SIGALRM, _ring)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        if alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
    if not alarm and time.monotonic() - started > seconds:
        raise TimeoutError("it took too long")


def _ring(number: int, frame: object) -> None:
    del number, frame
    raise TimeoutError("it took too long")


@functools.cache
def versions() -> tuple[str, str]:
    """Return the names and versions of the two validators."""
    from importlib.metadata import version

    return f"jsonschema {version('jsonschema')}", f"jsonschema-rs {version('jsonschema_rs')}"
