"""Whether a value belongs to a form: the quick judge that looks for witnesses.

It decides no verdict. What it proposes is put to two validators, on the documents themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from conformance.gate.forms import (
    FREE,
    NOTHING,
    Array,
    Case,
    Conjunct,
    Finite,
    Form,
    Number,
    Object,
    Pool,
    Text,
    kind_of,
    text_of,
)
from conformance.gate.texts import fits_format, matches


def holds(pool: Pool, form: Form, value: Any, *, tolerant: bool = False) -> bool:
    """Return whether `form` accepts `value`.

    Args:
        pool: Of the form.
        form: The set.
        value: Any JSON value.
        tolerant: Read as a client does that ignores members which it does not know.
    """
    if form == FREE:
        return True
    kind = kind_of(value)
    return any(
        case.kind == kind and _fits(pool, case, value, tolerant=tolerant)
        for case in pool.list(form)
    )


def in_case(pool: Pool, case: Case, value: Any, *, tolerant: bool = False) -> bool:
    """Return whether one case of a form accepts `value`."""
    return case.kind == kind_of(value) and _fits(pool, case, value, tolerant=tolerant)


def member_of(pool: Pool, case: Object, name: str) -> Form | None:
    """Return what the member `name` must be; None where nothing but `others` speaks of it."""
    for known, form in case.members:
        if known == name:
            return form
    forms = [form for pattern, form in case.patterned if matches(pattern, name)]
    if len(forms) > 1 and pool.meet is not None:
        return pool.meet(forms)
    return forms[0] if forms else None


def is_described(pool: Pool, form: Form, value: Any) -> bool:
    """Return whether every member of every object in `value` is one that `form` speaks of.

    In an object of which nothing is described, and in a map, any member is. What conditions
    speak of is described, too.
    """
    if form == FREE or not isinstance(value, dict | list):
        return True
    finite = [c for c in pool.list(form) if isinstance(c, Finite)]
    if any(text_of(value) in case.values for case in finite):
        return True
    if isinstance(value, list):
        lists = [c for c in pool.list(form) if isinstance(c, Array)]
        return any(
            all(is_described(pool, case.item(i), part) for i, part in enumerate(value))
            for case in lists
        )
    if form not in pool.described:
        pool.described[form] = _describing(pool, form)
    cases = pool.described[form]
    return all(_is_member(pool, cases, name, part) for name, part in value.items())


def _describing(pool: Pool, form: Form) -> list[Object]:
    """Return the cases of `form` and of its conditions that speak of members."""
    cases = [c for c in pool.list(form) if isinstance(c, Object)]
    inner = {part for case in cases for condition in case.also for part in condition.forms}
    numbers = sorted({number for part in inner - {FREE} for number in pool.open(part)})
    parts = (pool.cases[number] for number in numbers)
    return cases + [p for p in parts if isinstance(p, Object) and p != Object(others=FREE)]


def _is_member(pool: Pool, cases: list[Object], name: str, value: Any) -> bool:
    for case in cases:
        form = member_of(pool, case, name)
        bare = not (case.members or case.patterned)
        if form is None and (bare or case.others not in (FREE, NOTHING)):
            form = case.others
        if form is not None and is_described(pool, form, value):
            return True
    return False


def _fits(pool: Pool, case: Case, value: Any, *, tolerant: bool) -> bool:
    if isinstance(case, Finite):
        fine = text_of(value) in case.values
    elif isinstance(case, Number):
        fine = _number_fits(case, value)
    elif isinstance(case, Text):
        fine = _text_fits(case, value)
    elif isinstance(case, Array):
        fine = _array_fits(pool, case, value, tolerant=tolerant)
    elif isinstance(case, Object):
        fine = _object_fits(pool, case, value, tolerant=tolerant)
    else:
        raise TypeError(case)  # `Pool.list` opens what comes later
    return fine and all(_meets(pool, one, value, tolerant=tolerant) for one in case.also)


def _number_fits(case: Number, value: float) -> bool:
    exact = Fraction(value)
    if case.integer and exact.denominator != 1:
        return False
    if case.low is not None and (exact < case.low or (case.low_open and exact == case.low)):
        return False
    if case.high is not None and (exact > case.high or (case.high_open and exact == case.high)):
        return False
    decimal = Fraction(str(value)) if isinstance(value, float) else exact
    return all((decimal / step).denominator == 1 for step in case.steps)


def _text_fits(case: Text, value: str) -> bool:
    if len(value) < case.least or (case.most is not None and len(value) > case.most):
        return False
    if not all(fits_format(one, value) for one in case.formats):
        return False
    return all(matches(pattern, value) for pattern in case.patterns)


def _array_fits(pool: Pool, case: Array, value: list[Any], *, tolerant: bool) -> bool:
    if len(value) < case.least or (case.most is not None and len(value) > case.most):
        return False
    if case.unique and len({text_of(part) for part in value}) < len(value):
        return False
    return all(
        holds(pool, case.item(index), part, tolerant=tolerant) for index, part in enumerate(value)
    )


def _object_fits(pool: Pool, case: Object, value: Mapping[str, Any], *, tolerant: bool) -> bool:
    if not case.required <= value.keys() or len(value) < case.least:
        return False
    if case.most is not None and len(value) > case.most and not tolerant:
        return False
    if any(name in value and not with_it <= value.keys() for name, with_it in case.needs):
        return False
    for name, part in value.items():
        form = member_of(pool, case, name)
        if form is None:
            form = FREE if tolerant and not case.others else case.others
        if not holds(pool, form, part, tolerant=tolerant):
            return False
        if case.names is not None and not holds(pool, case.names, name):
            return False
    return True


def _meets(pool: Pool, condition: Conjunct, value: Any, *, tolerant: bool) -> bool:
    forms = condition.forms
    if condition.word == "not":
        return not holds(pool, forms[0], value)
    if condition.word == "one":
        strict = sum(holds(pool, form, value) for form in forms)
        return strict == 1 or (tolerant and strict == 0)
    if condition.word == "if":
        branch = forms[1] if holds(pool, forms[0], value) else forms[2]
        return holds(pool, branch, value, tolerant=tolerant)
    found = sum(holds(pool, forms[0], part, tolerant=tolerant) for part in value)
    least, most = condition.numbers
    return (least is None or found >= least) and (most is None or found <= most)


def values_of(case: Finite) -> list[Any]:
    """Return the values of a finite case in a stable order."""
    return [json.loads(text) for text in sorted(case.values)]
