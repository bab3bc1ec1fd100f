"""Keyword by keyword: what one case of a type says that another does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction

from conformance.gate import languages
from conformance.gate.forms import FREE, NOTHING, Array, Case, Finite, Number, Object, Text
from conformance.gate.membership import in_case
from conformance.gate.sites import Here, Lean, Site
from conformance.gate.wording import listed, number, shown


def values(here: Here, one: Case, other: Case) -> Iterator[Site]:
    """Yield the values that an enum lost and won; an enum may come or go as a whole."""
    if isinstance(one, Finite) and isinstance(other, Finite):
        lost, new = one.values - other.values, other.values - one.values
        if lost:
            yield here.site("enum-value-removed", "narrower", listed(lost), "not listed")
        if new:
            yield here.site("enum-value-added", "wider", "not listed", listed(new))
        return
    few, rest = (one, other) if isinstance(one, Finite) else (other, one)
    assert isinstance(few, Finite)  # noqa: S101  # for mypy
    inside = all(in_case(here.pool, rest, json.loads(text)) for text in few.values)
    if inside and isinstance(rest, Number) and _holds_as_many(rest, few):
        return
    lean: Lean = "narrower" if few is other else "wider"
    texts = shown(here.pool, here.pool.form(one)), shown(here.pool, here.pool.form(other))
    yield here.site("enum", lean if inside else "both", *texts)


def _holds_as_many(range_: Number, few: Finite) -> bool:
    """Whether a range of integers has as many values as are listed."""
    if range_.low is None or range_.high is None or not range_.integer:
        return False
    if range_.steps or range_.formats or range_.also or few.also:
        return False
    return range_.high - range_.low + 1 == len(few.values)


def numbers(here: Here, one: Number, other: Number) -> Iterator[Site]:
    """Yield what numbers differ in."""
    if one.integer != other.integer:
        lean: Lean = "narrower" if other.integer else "wider"
        words = [("number", "integer")[case.integer] for case in (one, other)]
        yield here.site("type", lean, *words)
    low = _compared((one.low, one.low_open), (other.low, other.low_open), up=True)
    if low:
        texts = _bound(one.low, one.low_open, ">"), _bound(other.low, other.low_open, ">")
        yield here.site("minimum", low, *texts)
    high = _compared((one.high, one.high_open), (other.high, other.high_open), up=False)
    if high:
        texts = _bound(one.high, one.high_open, "<"), _bound(other.high, other.high_open, "<")
        yield here.site("maximum", high, *texts)
    if one.steps != other.steps:
        words = [", ".join(map(number, sorted(c.steps))) or "none" for c in (one, other)]
        yield here.site("multiple-of", _steps(one.steps, other.steps), *words)
    yield from _formats(here, one.formats, other.formats)


def texts(here: Here, one: Text, other: Text) -> Iterator[Site]:
    """Yield what strings differ in."""
    yield from _counts(here, "length", one, other)
    if one.patterns != other.patterns:
        words = [" and ".join(sorted(case.patterns)) or "none" for case in (one, other)]
        lean = _patterns(one.patterns, other.patterns)
        if lean != "none":
            yield here.site("pattern", lean, *words)
    yield from _formats(here, one.formats, other.formats)


def lengths(here: Here, one: Array, other: Array) -> Iterator[Site]:
    """Yield what lists differ in, their elements aside."""
    yield from _counts(here, "items", one, other)
    if one.unique != other.unique:
        words = [("may repeat", "unique")[case.unique] for case in (one, other)]
        yield here.site("unique-items", "narrower" if other.unique else "wider", *words)


def sizes(here: Here, one: Object, other: Object) -> Iterator[Site]:
    """Yield what objects differ in, their members aside."""
    yield from _counts(here, "properties", one, other)
    if one.names != other.names:
        lean: Lean = "both"
        if one.names is None or other.names is None:
            lean = "narrower" if one.names is None else "wider"
        convention = _of_free_names(one, other)
        words = ["any" if c.names is None else shown(here.pool, c.names) for c in (one, other)]
        lean = "none" if convention else lean
        yield here.site("property-names", lean, *words, convention=convention)
    if one.needs != other.needs:
        words = [
            "; ".join(f"{n} needs {', '.join(sorted(w))}" for n, w in sorted(c.needs)) or "none"
            for c in (one, other)
        ]
        yield here.site("dependent-required", _subset(one.needs, other.needs), *words)


def _of_free_names(one: Object, other: Object) -> str:
    """Return the convention for names of members that neither side describes; "" for maps.

    A described member that may not be called so any more is told as one that nothing fits.
    """
    if any(case.others not in (FREE, NOTHING) or case.patterned for case in (one, other)):
        return ""
    return "undocumented-property" if one.members or other.members else ""


def required(here: Here, one: Object, other: Object, name: str) -> Iterator[Site]:
    """Yield that a member became required or optional."""
    if (name in one.required) == (name in other.required):
        return
    if name in other.required:
        yield here.site("property-required", "narrower", "optional", "required", member=name)
    else:
        yield here.site("property-optional", "wider", "required", "optional", member=name)


def member_added(here: Here, one: Object, other: Object, name: str) -> Site:
    """Return the site of a member that is described now; a required one is a demand, too."""
    text = _word(here, other, name)
    demanded = name in other.required and name not in one.required
    return here.site(
        "property-added",
        "narrower" if demanded else "none",
        "not described",
        f"required {text}" if demanded else text,
        member=name,
        convention="property-added",
    )


def member_removed(here: Here, one: Object, other: Object, name: str) -> Site:
    """Return the site of a member that is described no more.

    A closed object refuses it from now on; in an open one it may still travel.
    """
    demanded = name in one.required and name not in other.required
    refused = name not in other.hidden and other.others == NOTHING
    lean: Lean = "wider" if demanded else "none"
    if refused:
        lean = "both" if demanded else "narrower"
    after = "not sent" if name in other.hidden else "not described"
    return here.site(
        "property-removed",
        lean,
        _word(here, one, name),
        after,
        member=name,
        convention="property-removed",
    )


def members_added(here: Here, one: Object, text: str, step: str) -> Site:
    """Return the site of members that a pattern describes now; nobody sent them before."""
    convention = "property-added"
    if one.others == FREE and not one.members and not one.patterned:
        convention = "free-object"
    return here.site(
        "property-added", "none", "not described", text, member=step, convention=convention
    )


def members_removed(here: Here, other: Object, text: str, step: str) -> Site:
    """Return the site of members that no pattern describes any more."""
    lean: Lean = "narrower" if other.others == NOTHING else "none"
    return here.site(
        "property-removed", lean, text, "not described", member=step, convention="property-removed"
    )


def others(here: Here, one: Object, other: Object) -> Site:
    """Return the site of `additionalProperties` that came, went, or became a map."""
    was, now = one.others, other.others
    words = [{FREE: "anything", NOTHING: "nothing"}.get(f, shown(here.pool, f)) for f in (was, now)]
    if was in (FREE, NOTHING):
        free = was == FREE and not one.members and not one.patterned
        convention = "free-object" if free else "undocumented-property"
        return here.site("additional-properties", "none", *words, convention=convention)
    if now == NOTHING:
        convention = "property-removed"
        return here.site("additional-properties", "narrower", *words, convention=convention)
    if other.members or other.patterned:
        return here.site("additional-properties", "none", *words, convention="map-opened")
    return here.site("additional-properties", "wider", *words)  # still free to fill


def _word(here: Here, case: Object, name: str) -> str:
    return shown(here.pool, dict(case.members).get(name, case.others))


def _counts(
    here: Here, what: str, one: Text | Array | Object, other: Text | Array | Object
) -> Iterator[Site]:
    if one.least != other.least:
        lean: Lean = "narrower" if other.least > one.least else "wider"
        yield here.site(f"min-{what}", lean, str(one.least), str(other.least))
    if one.most != other.most:
        fewer = other.most is not None and (one.most is None or other.most < one.most)
        texts_ = ("none" if m is None else str(m) for m in (one.most, other.most))
        yield here.site(f"max-{what}", "narrower" if fewer else "wider", *texts_)


def _formats(here: Here, one: frozenset[str], other: frozenset[str]) -> Iterator[Site]:
    if one == other:
        return
    words = [" and ".join(sorted(each)) or "none" for each in (one, other)]
    yield here.site("format", _subset(one, other), *words)


def _patterns(one: frozenset[str], other: frozenset[str]) -> Lean:
    try:
        return languages.lean(one, other)
    except languages.Unknown:
        return _subset(one, other)


def _subset(one: frozenset[object], other: frozenset[object]) -> Lean:
    if one < other:
        return "narrower"
    return "wider" if other < one else "both"


def _steps(one: frozenset[Fraction], other: frozenset[Fraction]) -> Lean:
    fewer = all(any(_multiple(b, a) for b in other) for a in one)
    more = all(any(_multiple(a, b) for a in one) for b in other)
    if fewer == more:
        return "both"
    return "narrower" if fewer else "wider"


def _multiple(value: Fraction, step: Fraction) -> bool:
    return step != 0 and (value / step).denominator == 1


def _compared(
    one: tuple[Fraction | None, bool], other: tuple[Fraction | None, bool], *, up: bool
) -> Lean | None:
    """Return which way a bound moved; `up` when a higher one means fewer values."""
    if one == other:
        return None
    if one[0] is None or other[0] is None:
        return "narrower" if one[0] is None else "wider"
    if one[0] == other[0]:
        return "narrower" if other[1] else "wider"
    return "narrower" if (other[0] > one[0]) is up else "wider"


def _bound(value: Fraction | None, strict: bool, sign: str) -> str:  # noqa: FBT001  # a pair's half
    if value is None:
        return "none"
    return f"{sign} {number(value)}" if strict else number(value)
