"""Forms met and joined: `allOf` and `anyOf` as operations on sets."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import TypeVar

from conformance.gate import languages
from conformance.gate.forms import (
    BOOLEAN,
    FREE,
    NOTHING,
    Array,
    Case,
    Finite,
    Form,
    Later,
    Number,
    Object,
    Pool,
    Text,
)
from conformance.gate.membership import holds, in_case, member_of

CASES_KEPT = 256
"""Cases of a form beyond which a product of alternatives is no longer multiplied out."""

_ANY_OBJECT = Object(others=FREE)
_T = TypeVar("_T", int, Fraction)


class TooManyCases(Exception):
    """A product of alternatives has more cases than anybody wants to look at."""


def meet(pool: Pool, forms: Iterable[Form]) -> Form:
    """Return what all of `forms` accept."""
    return reduce(lambda one, other: _meet(pool, one, other), forms, FREE)


def join(pool: Pool, forms: Iterable[Form]) -> Form:
    """Return what any of `forms` accepts, with what is said twice left out."""
    whole: set[int] = set()
    for form in forms:
        if form == FREE:
            return FREE
        whole |= form
    return pool.tidy(_tidy(pool, frozenset(whole)))


def _meet(pool: Pool, one: Form, other: Form) -> Form:
    if one in (FREE, other):
        return other
    if other == FREE:
        return one
    waiting = [c for form in (one, other) for n in form if isinstance(c := pool.cases[n], Later)]
    if waiting:
        return _wait(pool, one, other)
    if len(one) * len(other) > CASES_KEPT * 16:
        raise TooManyCases
    cases = [_meet_cases(pool, pool.cases[a], pool.cases[b]) for a in one for b in other]
    met = frozenset(pool.number(case) for case in cases if case is not None)
    if len(met) > CASES_KEPT:
        raise TooManyCases
    return pool.tidy(_tidy(pool, met))


def _wait(pool: Pool, one: Form, other: Form) -> Form:
    """Return the meeting of forms one of which is still being read."""
    names: set[object] = set()
    forms: set[Form] = set()
    for form in (one, other):
        case = pool.cases[next(iter(form))] if len(form) == 1 else None
        if isinstance(case, Later):
            names |= case.names
            forms |= case.forms
        else:
            forms.add(form)
    if not names:  # alternatives one of which comes later: named when they are all there
        return one | other
    return pool.form(Later(names=frozenset(names), forms=frozenset(forms)))


def _meet_cases(pool: Pool, one: Case, other: Case) -> Case | None:
    """Return what both cases accept; None for nothing."""
    if one.kind != other.kind or isinstance(one, Later) or isinstance(other, Later):
        return None
    if isinstance(one, Finite) or isinstance(other, Finite):
        few, rest = (one, other) if isinstance(one, Finite) else (other, one)
        assert isinstance(few, Finite)  # noqa: S101  # for mypy
        kept = frozenset(t for t in few.values if in_case(pool, rest, json.loads(t)))
        return replace(few, values=kept) if kept else None
    if isinstance(one, Number) and isinstance(other, Number):
        return _meet_numbers(one, other)
    if isinstance(one, Text) and isinstance(other, Text):
        return _meet_texts(one, other)
    if isinstance(one, Array) and isinstance(other, Array):
        return _meet_arrays(pool, one, other)
    if isinstance(one, Object) and isinstance(other, Object):
        return _meet_objects(pool, one, other)
    return None


def _meet_numbers(one: Number, other: Number) -> Number | None:
    low, low_open = max(_low(one), _low(other))
    high, high_closed = min(_high(one), _high(other))
    met = Number(
        integer=one.integer or other.integer,
        low=None if low == -math.inf else Fraction(low),
        low_open=bool(low_open),
        high=None if high == math.inf else Fraction(high),
        high_open=not high_closed,
        steps=one.steps | other.steps,
        formats=one.formats | other.formats,
        also=one.also | other.also,
    )
    return canonical_number(met)


def _low(case: Number) -> tuple[Fraction | float, bool]:
    return (-math.inf if case.low is None else case.low, case.low_open)


def _high(case: Number) -> tuple[Fraction | float, bool]:
    return (math.inf if case.high is None else case.high, not case.high_open)


def canonical_number(case: Number) -> Number | None:
    """Return the case with integers bounded by integers; None when it is empty."""
    low, high = case.low, case.high
    if case.integer or (case.steps and all(s.denominator == 1 for s in case.steps)):
        if low is not None:
            low = Fraction(math.floor(low) + 1 if case.low_open else math.ceil(low))
        if high is not None:
            high = Fraction(math.ceil(high) - 1 if case.high_open else math.floor(high))
        steps = frozenset(s for s in _one_step(case.steps) if s != 1)
        case = replace(
            case, integer=True, low=low, low_open=False, high=high, high_open=False, steps=steps
        )
    if low is not None and high is not None:
        empty = low > high or (low == high and (case.low_open or case.high_open))
        return None if empty else case
    return replace(
        case,
        low_open=case.low_open and low is not None,
        high_open=case.high_open and high is not None,
    )


def _one_step(steps: frozenset[Fraction]) -> frozenset[Fraction]:
    """Return the one step that says as much as several."""
    if len(steps) < 2:
        return steps
    over = math.lcm(*(s.numerator for s in steps))
    return frozenset({Fraction(over, math.gcd(*(s.denominator for s in steps)))})


def _meet_texts(one: Text, other: Text) -> Text | None:
    most = _least_of(one.most, other.most)
    least = max(one.least, other.least)
    if most is not None and least > most:
        return None
    patterns = one.patterns | other.patterns
    if len(patterns) > 1 and _is_empty(patterns, least, most):
        return None
    return Text(
        least=least,
        most=most,
        patterns=patterns,
        formats=one.formats | other.formats,
        also=one.also | other.also,
    )


def _is_empty(patterns: frozenset[str], least: int, most: int | None) -> bool:
    """Whether no text has all of `patterns`; a no may be wrong."""
    try:
        return languages.common(patterns, least, most) is None
    except languages.Unknown:
        return False


def _meet_arrays(pool: Pool, one: Array, other: Array) -> Array | None:
    size = max(len(one.prefix), len(other.prefix))
    met = Array(
        prefix=tuple(_meet(pool, one.item(i), other.item(i)) for i in range(size)),
        rest=_meet(pool, one.rest, other.rest),
        least=max(one.least, other.least),
        most=_least_of(one.most, other.most),
        unique=one.unique or other.unique,
        also=one.also | other.also,
    )
    return canonical_array(met)


def canonical_array(case: Array) -> Array | None:
    """Return the case without what its length makes pointless; None when it is empty."""
    prefix, rest, most = case.prefix, case.rest, case.most
    if NOTHING in prefix:
        most, prefix = _least_of(most, prefix.index(NOTHING)), prefix[: prefix.index(NOTHING)]
    if not rest:
        most = _least_of(most, len(prefix))
    if most is not None and most <= len(prefix):
        prefix, rest = prefix[:most], NOTHING
    while prefix and prefix[-1] == rest:
        prefix = prefix[:-1]
    if most is not None and case.least > most:
        return None
    if most == 0:
        prefix, rest = (), NOTHING
    return replace(case, prefix=prefix, rest=rest, most=most)


def _meet_objects(pool: Pool, one: Object, other: Object) -> Object | None:
    names = sorted({n for n, _ in one.members} | {n for n, _ in other.members})
    patterns = sorted({p for p, _ in one.patterned} | {p for p, _ in other.patterned})
    mine, theirs = dict(one.patterned), dict(other.patterned)
    met = Object(
        members=tuple(
            (n, _meet(pool, _member(pool, one, n), _member(pool, other, n))) for n in names
        ),
        required=one.required | other.required,
        others=_meet(pool, one.others, other.others),
        patterned=tuple(
            (p, _meet(pool, mine.get(p, one.others), theirs.get(p, other.others))) for p in patterns
        ),
        least=max(one.least, other.least),
        most=_least_of(one.most, other.most),
        names=other.names if one.names is None else _names(pool, one.names, other.names),
        needs=one.needs | other.needs,
        hidden=one.hidden | other.hidden,
        also=one.also | other.also,
    )
    return canonical_object(met)


def _names(pool: Pool, one: Form, other: Form | None) -> Form:
    return one if other is None else _meet(pool, one, other)


def _member(pool: Pool, case: Object, name: str) -> Form:
    if case.names is not None and not holds(pool, case.names, name):
        return NOTHING
    form = member_of(pool, case, name)
    return case.others if form is None else form


def canonical_object(case: Object) -> Object | None:
    """Return the case without members that may not be there; None when it is empty."""
    known = dict(case.members)
    for name in case.required:
        if known.get(name, case.others if not case.patterned else FREE) == NOTHING:
            return None
    if case.most is not None and len(case.required) > case.most:
        return None
    least = case.least if case.least > len(case.required) else 0
    if not case.others and not case.patterned:
        kept = tuple((n, f) for n, f in case.members if f)
        return replace(case, members=kept, least=least)
    return replace(case, least=least)


def _least_of(one: _T | None, other: _T | None) -> _T | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _tidy(pool: Pool, form: Form) -> Form:
    """Return `form` with its finite cases made one, and cases within another left out."""
    cases = [pool.cases[number] for number in sorted(form)]
    finite: dict[tuple[str, frozenset[object]], Finite] = {}
    rest: list[Case] = []
    for case in cases:
        if isinstance(case, Finite):
            key = (case.kind, frozenset[object](case.also))
            before = finite.get(key)
            finite[key] = replace(case, values=case.values | before.values) if before else case
        else:
            rest.append(case)
    wide = [c for c in rest if not isinstance(c, Object) or c == _ANY_OBJECT]
    rest = [c for c in rest if not any(o is not c and _covers(o, c) for o in wide)]
    rest = _merged(rest)
    for case in finite.values():
        left = frozenset(
            t for t in case.values if not any(in_case(pool, o, json.loads(t)) for o in _ready(rest))
        )
        if left:
            rest.append(BOOLEAN if case == BOOLEAN else replace(case, values=left))
    return pool.form(*rest)


def _merged(cases: list[Case]) -> list[Case]:
    """Return cases with those joined that differ in nothing but ranges, and whose ranges touch."""
    groups: dict[Case, list[Case]] = {}
    for case in cases:
        key = case
        if isinstance(case, Number):
            key = replace(case, low=None, low_open=False, high=None, high_open=False)
        elif isinstance(case, Text):
            key = replace(case, least=0, most=None)
        groups.setdefault(key, []).append(case)
    return [one for group in groups.values() for one in _joined(group)]


def _joined(group: list[Case]) -> list[Case]:
    if len(group) == 1:
        return group
    found: list[Case] = []
    for case in sorted(group, key=_start):
        last = found[-1] if found else None
        if isinstance(last, Number) and isinstance(case, Number) and _touch(last, case):
            high, closed = max(_high(last), _high(case))
            end = None if high == math.inf else Fraction(high)
            found[-1] = replace(last, high=end, high_open=end is not None and not closed)
        elif (
            isinstance(last, Text)
            and isinstance(case, Text)
            and (last.most is None or last.most + 1 >= case.least)
        ):
            endless = last.most is None or case.most is None
            found[-1] = replace(last, most=None if endless else max(last.most or 0, case.most or 0))
        else:
            found.append(case)
    return found


def _start(case: Case) -> tuple[Fraction | float, bool]:
    return _low(case) if isinstance(case, Number) else (getattr(case, "least", 0), False)


def _touch(one: Number, other: Number) -> bool:
    """Whether no number lies between two cases, of which `one` starts first."""
    (high, closed), (low, strict) = _high(one), _low(other)
    if one.integer:
        return high + 1 >= low
    return high > low or (high == low and (closed or not strict))


def _ready(cases: list[Case]) -> list[Case]:
    return [case for case in cases if not isinstance(case, Later)]


def _covers(wide: Case, narrow: Case) -> bool:
    """Whether `narrow` says nothing that `wide` does not accept; a no may be wrong."""
    if isinstance(wide, Number) and isinstance(narrow, Number):
        return _meet_numbers(wide, narrow) == narrow
    if isinstance(wide, Text) and isinstance(narrow, Text):
        return _meet_texts(wide, narrow) == narrow
    if isinstance(wide, Array) and isinstance(narrow, Array):
        return replace(wide, least=0, most=None) == Array(rest=FREE) and _within(wide, narrow)
    if isinstance(wide, Object) and isinstance(narrow, Object):
        return wide == _ANY_OBJECT
    return False


def _within(wide: Array, narrow: Array) -> bool:
    most = wide.most is None or (narrow.most is not None and narrow.most <= wide.most)
    return narrow.least >= wide.least and most
