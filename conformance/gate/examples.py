"""Small values of a form: what a client that keeps to the document would send."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import islice
from typing import Any

from conformance.gate import languages, texts
from conformance.gate.forms import (
    ANY_KEY,
    FREE,
    NOTHING,
    Array,
    Case,
    Finite,
    Form,
    Number,
    Object,
    Pool,
    Text,
    text_of,
)
from conformance.gate.membership import in_case, member_of, values_of
from conformance.gate.patterns import fitting

DEPTH = 7
"""Levels of a value below which only what is required is filled in."""
DEEPEST = 24
"""Levels beyond which a value is given up: a schema that demands itself for ever."""
KEYS = ("key", "0", "1", "a", "key-2", "A", "00", "x_y", "a" * 40)
"""Names for members of a map."""
FEW = 6

_NUMBERS: tuple[Fraction, ...] = tuple(map(Fraction, (0, 1, -1, 2, 10, 100)))
LONGEST = 10_000
"""Elements of a list beyond which none is made."""
_EXACT = 2**53
_FRACTIONS = (Fraction(1, 2), Fraction(-5, 2))


class Examples:
    """Makes values of forms, each form once."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[tuple[Form, int], list[Any]] = {}

    def of(self, form: Form, limit: int = FEW, depth: int = 0) -> list[Any]:
        """Return up to `limit` values of `form` that differ, the smallest first."""
        key = (form, min(depth, DEPTH) if depth <= DEPTH else depth)
        if key not in self._known or len(self._known[key]) < limit:
            sources = [self._case(case, depth) for case in self._pool.list(form)]
            self._known[key] = list(islice(_distinct(in_turn(sources)), max(limit, FEW)))
        return self._known[key][:limit]

    def least(self, form: Form, depth: int = 0) -> Any:
        """Return the smallest value of `form`.

        Raises:
            LookupError: None was found.
        """
        found = self.of(form, 1, depth)
        if not found:
            raise LookupError(form)
        return found[0]

    def cases(self, case: Case, limit: int = FEW) -> list[Any]:
        """Return up to `limit` values of one case."""
        return list(islice(_distinct(self._case(case, 0)), limit))

    def _case(self, case: Case, depth: int) -> Iterator[Any]:
        found = (value for value in self._made(case, depth) if in_case(self._pool, case, value))
        return islice(found, 400)

    def _made(self, case: Case, depth: int) -> Iterator[Any]:
        if depth > DEEPEST:
            return
        if isinstance(case, Finite):
            yield from sorted(values_of(case), key=lambda v: (len(text_of(v)), text_of(v)))
        elif isinstance(case, Number):
            yield from numbers(case)
        elif isinstance(case, Text):
            yield from strings(case)
        elif isinstance(case, Array):
            yield from self._arrays(case, depth)
        elif isinstance(case, Object):
            yield from self.objects(case, depth)

    def _arrays(self, case: Array, depth: int) -> Iterator[Any]:
        sizes = [case.least] + ([1, 2] if depth < DEPTH else [])
        if case.most is not None:
            sizes.append(min(case.most, 40))
        for size in sizes:
            if case.least <= size <= LONGEST and (case.most is None or size <= case.most):
                try:
                    yield self.filled(case, size, depth)
                except LookupError:
                    continue
        if depth < DEPTH and case.least <= LONGEST:
            for value in self.of(case.item(0), FEW, depth + 1):
                rest = self.filled(case, max(1, case.least), depth)[1:]
                yield [value, *rest]

    def filled(self, case: Array, size: int, depth: int = 0) -> list[Any]:
        """Return a list of `size` elements, all different where they must be.

        Raises:
            LookupError: There are not so many.
        """
        if not case.unique:
            return [self.least(case.item(index), depth + 1) for index in range(size)]
        elements: list[Any] = []
        for index in range(size):
            taken = {text_of(one) for one in elements}
            pool = self.of(case.item(index), size + FEW, depth + 1)
            free = (one for one in pool if text_of(one) not in taken)
            elements.append(_first(free))
        return elements

    def objects(self, case: Object, depth: int = 0) -> Iterator[dict[str, Any]]:
        """Yield objects: only what is required, then with each optional member, then with all."""
        try:
            least = {n: self.least(self._form(case, n), depth + 1) for n in sorted(case.required)}
        except LookupError:
            return
        yield from self._enough(case, least, depth)
        if depth >= DEPTH:
            return
        for name in sorted(case.required):
            for value in self.of(self._form(case, name), FEW, depth + 1)[1:]:
                yield {**least, name: value}
        optional = [n for n, _ in case.members if n not in case.required | case.hidden]
        for name in optional:
            for value in self.of(self._form(case, name), 2, depth + 1):
                yield {**least, name: value}
        whole = dict(least)
        for name in optional:
            for value in self.of(self._form(case, name), 1, depth + 1):
                whole[name] = value
        yield whole
        for key in self.keys(case)[:2]:
            for value in self.of(self._form(case, key), 2, depth + 1):
                yield {**least, key: value}

    def keys(self, case: Object) -> list[str]:
        """Return names that a map may have beside those that are listed."""
        found = [n for pattern, form in case.patterned if form for n in fitting(pattern)]
        if case.others not in (FREE, NOTHING):
            known = {name for name, _ in case.members}
            found += [
                key for key in KEYS if key not in known and member_of(self._pool, case, key) is None
            ]
            if case.names is not None:
                found += [v for v in self.of(case.names, 3) if isinstance(v, str)]
        return list(dict.fromkeys(found))

    def _enough(self, case: Object, least: dict[str, Any], depth: int) -> Iterator[dict[str, Any]]:
        """Yield the least object, filled up to as many members as it must have."""
        optional = [n for n, _ in case.members if n not in case.required | case.hidden]
        value = dict(least)
        for name in [*optional, *self.keys(case)]:
            if len(value) >= case.least:
                break
            for inner in self.of(self._form(case, name), 1, depth + 1):
                value[name] = inner
        yield value

    def _form(self, case: Object, name: str) -> Form:
        form = member_of(self._pool, case, name)
        return case.others if form is None else form

    def embedded(self, case: Case, step: str, value: Any) -> Iterator[Any]:
        """Yield values of `case` that hold `value` at `step`, the smallest first."""
        if isinstance(case, Array):
            yield from self._in_array(case, step, value)
        elif isinstance(case, Object):
            names = [step] if step != ANY_KEY and not step.startswith("{") else self.keys(case)
            for around in islice(self.objects(case), 30):
                for name in names[:3]:
                    yield {**around, name: value}

    def _in_array(self, case: Array, step: str, value: Any) -> Iterator[Any]:
        index = int(step) if step.isdigit() else len(case.prefix)
        if case.least > LONGEST:
            return
        for size in dict.fromkeys((max(case.least, index + 1), max(case.least, index + 2))):
            try:
                around = self.filled(case, size)
            except LookupError:
                continue
            around[index] = value
            yield around


def numbers(case: Number) -> Iterator[Any]:
    """Yield numbers at the ends of a case and some in between."""
    ends = [end for end in (case.low, case.high) if end is not None]
    steps = [step * k for step in sorted(case.steps) for k in (1, 2, 3, -1)]
    steps_aside = (0, 1, -1, Fraction(1, 2), Fraction(-1, 2))
    near = [end + d for end in ends if case.integer or abs(end) <= _EXACT for d in steps_aside]
    near += [end * k for end in ends if abs(end) > _EXACT for k in (1, 2)]  # floats of their own
    middle = [sum(ends, Fraction(0)) / 2] if len(ends) == 2 else []
    for value in (*_NUMBERS, *steps, *near, *middle, *_FRACTIONS):
        yield plain(value)


def strings(case: Text) -> Iterator[str]:
    """Yield strings: of the formats and patterns, and as short and as long as allowed."""
    for name in sorted(case.formats):
        yield from texts.EXAMPLES.get(name, ())
    for pattern in sorted(case.patterns):
        yield from fitting(pattern)
    if case.patterns:
        with suppress(languages.Unknown):
            shortest = languages.common(case.patterns, case.least, case.most)
            yield from () if shortest is None else (shortest,)
    yield from ("a", "", "b", "0", "text")
    for size in (case.least, case.most):
        if size is not None and size <= 100_000:
            yield "a" * size


def plain(value: Fraction) -> int | float:
    """Return a fraction as the number that JSON would hold."""
    if value.denominator == 1 or abs(value) > sys.float_info.max:
        return int(value)
    return float(value)


def _first(values: Iterator[Any]) -> Any:
    for value in values:
        return value
    raise LookupError


def _distinct(values: Iterator[Any]) -> Iterator[Any]:
    seen: set[str] = set()
    for value in values:
        text = text_of(value)
        if text not in seen:
            seen.add(text)
            yield value


def in_turn(sources: Iterable[Iterator[Any]]) -> Iterator[Any]:
    """Yield the first of each source, then the second of each, and so on; none before its turn."""
    end = object()
    left: Iterable[Iterator[Any]] = sources
    while True:
        alive = []
        for source in left:
            value = next(source, end)
            if value is not end:
                yield value
                alive.append(source)
        if not alive:
            return
        left = alive
