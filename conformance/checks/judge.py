"""A value against a JSON Schema: a fast judge that decides and a slow one that explains.

jsonschema-rs decides; where it sees a departure, jsonschema judges too and says why. The two
must agree: where they do not, the error is ours and is raised.
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from conformance.errors import ConformanceError, ExitCode
from conformance.model import Schema

_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_SHOWN = 160
_MOST_ERRORS = 1000
"""Departures of one value that are looked at: a hostile one has as many as it likes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """One place where a value is not what its schema says."""

    pointer: str
    """JSON pointer into the value; empty for the value itself."""
    keyword: str
    expected: str
    seen: str


@dataclass(eq=False)
class JudgesDisagree(ConformanceError):
    """Two validators differ on one value: a defect of ours or of theirs, never a finding."""

    value: str
    fast: bool
    exit_code = ExitCode.BUG

    def __str__(self) -> str:
        first, second = ("accepts", "refuses") if self.fast else ("refuses", "accepts")
        return f"jsonschema-rs {first} and jsonschema {second} {self.value}"


class Judge:
    """A schema, compiled twice; make one with `judge_for`.

    Formats `date-time` and `date` are judged (RFC 3339). `uuid` is not: what an identifier
    looks like is the provider's to choose.
    """

    def __init__(self, schema: Schema) -> None:
        import jsonschema_rs

        self._schema = schema
        self._fast = jsonschema_rs.Draft202012Validator(
            dict(schema), validate_formats=True, formats=dict(_FORMATS), ignore_unknown_formats=True
        )

    def accepts(self, value: object) -> bool:
        """Whether `value` conforms, by the fast judge alone."""
        return self._fast.is_valid(value)

    def accepts_by_both(self, value: object) -> bool:
        """Whether `value` conforms.

        Raises:
            JudgesDisagree: The judges differ.
        """
        fast = self._fast.is_valid(value)
        if fast != self._slow.is_valid(value):
            raise JudgesDisagree(value=shown(value), fast=fast)
        return fast

    def departures(self, value: object, *, most: int = 5) -> list[Departure]:
        """Return the first `most` departures of `value`, deepest reason first.

        The slow judge is asked only where the fast one objects: it takes a hundred times as
        long, and its import a second.

        Raises:
            JudgesDisagree: The slow judge has no objection.
        """
        if self.accepts(value) or self.accepts_by_both(value):
            return []
        errors = sorted(
            _explained(itertools.islice(self._slow.iter_errors(value), _MOST_ERRORS)), key=_position
        )
        seen = {(d.pointer, d.keyword): d for d in map(_departure, errors)}
        return list(seen.values())[:most]

    @functools.cached_property
    def _slow(self) -> Any:
        import jsonschema

        checker = jsonschema.FormatChecker(formats=())
        for name, accepts in _FORMATS.items():
            checker.checks(name)(accepts)
        return jsonschema.Draft202012Validator(dict(self._schema), format_checker=checker)


_JUDGES: dict[int, tuple[Schema, Judge]] = {}


def judge_for(schema: Schema) -> Judge:
    """Return the judge of `schema`, compiled once for each schema object."""
    kept = _JUDGES.get(id(schema))
    if kept is None or kept[0] is not schema:
        kept = (schema, Judge(schema))
        _JUDGES[id(schema)] = kept
    return kept[1]


def shown(value: object) -> str:
    """Return `value` as JSON text of bounded length, for people."""
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    if not _DATE_TIME.fullmatch(value):
        return False
    return _parses(re.sub(r"\.\d+", "", value.upper()).replace(":60", ":59"))


def _is_date(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return len(value) == len("2025-01-01") and _parses(value)


def _parses(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _anything(_value: object) -> bool:
    return True


_FORMATS = {
    "date-time": _is_date_time,
    "date": _is_date,
    **dict.fromkeys(
        ("uuid", "email", "uri", "hostname", "time", "duration", "regex", "ipv4", "ipv6"), _anything
    ),
}


def _explained(errors: Iterable[Any]) -> Iterator[Any]:
    """Replace each anyOf or oneOf error by the reasons of its likeliest branch."""
    for error in errors:
        if not error.context:
            yield error
            continue
        branches: dict[int, list[Any]] = {}
        for reason in error.context:
            branches.setdefault(reason.schema_path[0], []).append(reason)
        yield from _explained(min(branches.values(), key=_distance))


def _distance(reasons: Iterable[Any]) -> tuple[bool, int, int]:
    """How far a value is from a branch: one whose own discriminating value is wrong is farthest."""
    reasons = list(reasons)
    discriminated = any(
        r.validator in {"enum", "const", "type"} and len(r.path) <= 1 for r in reasons
    )
    return discriminated, len(reasons), -max(len(r.absolute_path) for r in reasons)


def _position(error: Any) -> tuple[int, str]:
    return len(error.absolute_path), _pointer(error.absolute_path)


def _pointer(path: Iterable[object]) -> str:
    return "".join(f"/{str(p).replace('~', '~0').replace('/', '~1')}" for p in path)


def _departure(error: Any) -> Departure:
    value = error.validator_value
    match error.validator:
        case "required":
            missing = [name for name in value if name not in error.instance]
            expected = (
                f"properties {', '.join(missing)}" if missing[1:] else f"property {missing[0]}"
            )
            seen = f"only {', '.join(sorted(error.instance)) or 'an empty object'}"
        case "additionalProperties":
            extra = sorted(set(error.instance) - set(error.schema.get("properties", ())))
            expected, seen = "no property beyond the documented ones", f"also {', '.join(extra)}"
        case "type":
            expected = value if isinstance(value, str) else " or ".join(value)
            seen = shown(error.instance)
        case "enum":
            expected = f"one of {', '.join(map(shown, value))}"
            seen = shown(error.instance)
        case "format":
            expected, seen = f"format {value}", shown(error.instance)
        case keyword:
            expected, seen = f"{keyword} {shown(value)}", shown(error.instance)
    return Departure(
        pointer=_pointer(error.absolute_path),
        keyword=str(error.validator),
        expected=expected,
        seen=seen if len(seen) <= _SHOWN else f"{seen[: _SHOWN - 3]}...",
    )
