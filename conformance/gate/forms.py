"""Schemas as sets of values: one form for every way of writing the same set.

A `Form` is a union of cases, each of one JSON type; the union is a set, so order says nothing.
References, `allOf`, `anyOf`, `type` lists, `nullable`, `const` and `enum` are all gone. Cases are
interned in a `Pool` that both documents share: two forms are equal when their numbers are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Form = frozenset[int]
"""Numbers of cases in a pool; the empty form accepts nothing."""

NOTHING: Form = frozenset()
KINDS = ("null", "boolean", "number", "string", "array", "object")
ITEM = "*"
"""Step of a path that stands for every element of an array."""
ANY_KEY = "{*}"
"""Step of a path that stands for every further member of an object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conjunct:
    """A further condition on a case that no field of it can hold."""

    word: str
    """`not`, `one`, `if` or `contains`."""
    forms: tuple[Form, ...]
    numbers: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finite:
    """Some values of one type: `enum`, `const`, null, booleans."""

    kind: str
    values: frozenset[str]
    """JSON text with sorted keys; 1.0 is 1."""
    also: frozenset[Conjunct] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Numbers between two bounds."""

    kind: str = "number"
    integer: bool = False
    low: Fraction | None = None
    low_open: bool = False
    high: Fraction | None = None
    high_open: bool = False
    steps: frozenset[Fraction] = frozenset()
    formats: frozenset[str] = frozenset()
    """Formats that no validator knows."""
    also: frozenset[Conjunct] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Strings."""

    kind: str = "string"
    least: int = 0
    most: int | None = None
    patterns: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    also: frozenset[Conjunct] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Array:
    """Lists."""

    rest: Form
    kind: str = "array"
    prefix: tuple[Form, ...] = ()
    least: int = 0
    most: int | None = None
    unique: bool = False
    also: frozenset[Conjunct] = frozenset()

    def item(self, index: int) -> Form:
        """Return what the element at `index` must be."""
        return self.prefix[index] if index < len(self.prefix) else self.rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """Objects; `others` is what a member that is neither named nor patterned must be."""

    others: Form
    kind: str = "object"
    members: tuple[tuple[str, Form], ...] = ()
    required: frozenset[str] = frozenset()
    patterned: tuple[tuple[str, Form], ...] = ()
    least: int = 0
    most: int | None = None
    names: Form | None = None
    needs: frozenset[tuple[str, frozenset[str]]] = frozenset()
    """`dependentRequired`: a member, and those that must come with it."""
    hidden: frozenset[str] = frozenset()
    """Members that do not travel in this direction: readOnly in requests, writeOnly in answers."""
    also: frozenset[Conjunct] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """The meeting of components that are still being read: a schema that contains itself."""

    names: frozenset[Hashable]
    forms: frozenset[Form] = frozenset()
    kind: str = "later"


Case = Finite | Number | Text | Array | Object | Later


@dataclass(slots=True)
class Pool:
    """Cases by number, and components by name."""

    cases: list[Case] = field(default_factory=list)
    numbers: dict[Case, int] = field(default_factory=dict)
    components: dict[Hashable, Form] = field(default_factory=dict)
    opened: dict[int, Form] = field(default_factory=dict)
    described: dict[Form, list[Object]] = field(default_factory=dict)
    """The cases that speak of members, by the form that they are of."""
    meet: Callable[[Iterable[Form]], Form] | None = None

    def number(self, case: Case) -> int:
        """Return the number of `case`, which is a new one for a new case."""
        if case not in self.numbers:
            self.numbers[case] = len(self.cases)
            self.cases.append(case)
        return self.numbers[case]

    def form(self, *cases: Case) -> Form:
        """Return the form of these cases, as they are."""
        return frozenset(self.number(case) for case in cases)

    def open(self, form: Form) -> Form:
        """Return `form` with what was read later, and everything, spelled out."""
        if form == FREE:
            return frozenset(self.number(case) for case in EVERYTHING)
        if not any(isinstance(self.cases[n], Later) for n in form):
            return form
        found: set[int] = set()
        for number in form:
            case = self.cases[number]
            found |= self._opened(number, case) if isinstance(case, Later) else {number}
        return frozenset(found)

    def _opened(self, number: int, case: Later) -> Form:
        if number not in self.opened:
            if not case.names <= self.components.keys():
                return NOTHING  # a component that is nothing but itself
            self.opened[number] = NOTHING
            parts = [self.components[name] for name in case.names] + list(case.forms)
            whole = parts[0] if len(parts) == 1 or self.meet is None else self.meet(parts)
            self.opened[number] = self.open(whole)
        return self.opened[number]

    def tidy(self, form: Form) -> Form:
        """Return `FREE` for the form that spells everything out, else `form`."""
        return FREE if form == self.open(FREE) else form

    def list(self, form: Form) -> list[Case]:
        """Return the cases of `form`, opened, in a stable order."""
        return [self.cases[number] for number in sorted(self.open(form))]


FREE: Form = frozenset({-1})
"""Accepts every value, as an absent schema does; always written like this."""
NULL = Finite(kind="null", values=frozenset({"null"}))
BOOLEAN = Finite(kind="boolean", values=frozenset({"true", "false"}))
ANY_ARRAY = Array(rest=FREE)
ANY_OBJECT = Object(others=FREE)
EVERYTHING: tuple[Case, ...] = (NULL, BOOLEAN, Number(), Text(), ANY_ARRAY, ANY_OBJECT)


def text_of(value: Any) -> str:
    """Return `value` as JSON text that is equal for equal values.

    Raises:
        ValueError: It holds a number that JSON has not.
    """
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def kind_of(value: Any) -> str:
    """Return the JSON type of `value`, integers being numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"
