"""The document's rules for one operation, compiled, and which tolerance a request needed."""

from __future__ import annotations

import copy
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from conformance.model import Operation, Parameter
from conformance.spec import Tolerance

Validator = jsonschema_rs.Draft202012Validator

JSON = "application/json"

UNTYPED = "json-without-content-type"
NEEDLESS_BODY = "body-on-job-list"
"""Departures in how a request travels, which no schema can show: known by their ids."""


@dataclass(eq=False)
class Shape:
    """What requests for one operation may look like, and what they may look like by the letter.

    Both are the same where nothing is tolerated. Validators are compiled when first needed.
    """

    operation: Operation
    letter: Operation
    """The operation as the document has it, without tolerances."""
    tolerances: tuple[Tolerance, ...]
    """Those that concern this operation."""
    ids: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self.ids = frozenset(tolerance.id for tolerance in self.tolerances)
        self.queries = self._parameters("query")
        self.paths = self._parameters("path")
        self.departing = {
            tolerance.parameter.removeprefix("query/"): tolerance.id
            for tolerance in self.tolerances
            if tolerance.parameter.startswith("query/")
        }
        """Query parameter to the tolerance that concerns it."""

    @functools.cached_property
    def body(self) -> Validator:
        """What a body may be."""
        return _compiled(self.operation.body[JSON])

    @functools.cached_property
    def letter_body(self) -> Validator:
        """What a body may be by the letter."""
        return self.body if self.letter is self.operation else _compiled(self.letter.body[JSON])

    def needed_by_body(self, value: Any) -> list[str]:
        """Return the tolerances that a `value` needs which is accepted, but not by the letter."""
        return [wanted for wanted, rest in self._without.items() if not rest.is_valid(value)]

    def needed_by_parameter(self, parameter: Checked, value: Any) -> list[str]:
        """Return the tolerance without which an accepted `value` would not be."""
        place = f"{parameter.parameter.location}/{parameter.name}"
        needed = [tolerance.id for tolerance in self.tolerances if tolerance.parameter == place]
        if not needed:
            return []
        letter = next((p for p in self.letter.parameters if _same(p, parameter.parameter)), None)
        return needed if letter is None or not Checked(letter).allows(value) else []

    @functools.cached_property
    def _without(self) -> dict[str, Validator]:
        """Tolerance of the body to the schema that has all the others."""
        whole, letter = self.operation.body[JSON], self.letter.body[JSON]
        return {
            tolerance.id: _compiled(_narrowed(whole, letter, tolerance.places))
            for tolerance in self.tolerances
            if tolerance.kind == "body"
        }

    def _parameters(self, location: str) -> tuple[Checked, ...]:
        return tuple(Checked(p) for p in self.operation.parameters if p.location == location)


@dataclass(eq=False)
class Checked:
    """A parameter with its compiled schema."""

    parameter: Parameter

    def __post_init__(self) -> None:
        self.name = self.parameter.name

    def allows(self, value: Any) -> bool:
        """Return whether the document allows `value`."""
        return self._validator.is_valid(value)

    @functools.cached_property
    def _validator(self) -> Validator:
        return _compiled(_within_int32(self.parameter.schema))


_INLINE = "/requestBody/content/application~1json/schema/"


def _same(one: Parameter, other: Parameter) -> bool:
    return (one.location, one.name) == (other.location, other.name)


def _within_int32(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the schema of a parameter with `int32` as the bounds that it means.

    In bodies the format stays an annotation, as JSON Schema has it: a number that is too
    large makes a job fail, or a session conflict, later.
    """
    if schema.get("format") != "int32":
        return schema
    return {"minimum": -(2**31), "maximum": 2**31 - 1, **schema}


def _compiled(schema: Mapping[str, Any]) -> Validator:
    return Validator(dict(schema), validate_formats=True)


def _narrowed(
    whole: Mapping[str, Any], letter: Mapping[str, Any], places: Iterable[str]
) -> dict[str, Any]:
    """Return the schema `whole` with `places` as `letter` has them."""
    result = copy.deepcopy(dict(whole))
    for place in places:
        _, inline, below = place.partition(_INLINE)  # a body that is no component
        *steps, last = (below or place.removeprefix("#/components/schemas/")).split("/")
        target: Any = result if inline else result["$defs"]
        source: Any = letter if inline else letter["$defs"]
        for step in steps:
            target, source = target[step], source[step]
        if last in source:
            target[last] = source[last]
        else:
            target.pop(last, None)
    return result
