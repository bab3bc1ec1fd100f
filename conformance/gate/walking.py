"""Two forms side by side: where they differ, and which way.

A walk proves nothing about breaking; it localises. Each difference is a `Site` that carries the two
sets at its place, so that a witness can be looked for there and put back into a whole body.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from conformance.gate import facets
from conformance.gate.forms import (
    ANY_KEY,
    FREE,
    ITEM,
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
)
from conformance.gate.membership import member_of
from conformance.gate.pairing import pair
from conformance.gate.sites import Frame, Here, Lean, Site
from conformance.gate.wording import shown

PLACES_WALKED = 20_000
"""Pairs of forms that one walk looks at; a body has some hundred."""


@dataclass(slots=True)
class Walker:
    """Walks pairs of forms; a pair inside itself is met once."""

    pool: Pool
    met: set[tuple[Form, Form]] = field(default_factory=set)
    walked: int = 0

    def walk(self, base: Form, head: Form, frames: tuple[Frame, ...] = ()) -> Iterator[Site]:
        """Yield every difference between two forms."""
        self.walked += 1
        if base == head or (base, head) in self.met or self.walked > PLACES_WALKED:
            return
        self.met.add((base, head))
        yield from self._walk(self.pool.open(base), self.pool.open(head), frames)
        self.met.discard((base, head))

    def _walk(self, base: Form, head: Form, frames: tuple[Frame, ...]) -> Iterator[Site]:
        here = Here(
            pool=self.pool, base=base, head=head, base_all=base, head_all=head, frames=frames
        )
        pairs, gone, come = pair(self.pool, base - head, head - base)
        yield from here.kinds()
        kinds = {self.pool.cases[n].kind for n in base}, {self.pool.cases[n].kind for n in head}
        yield from (here.gone(c) for c in gone if c.kind in kinds[1] - self._free(head))
        yield from (here.come(c) for c in come if c.kind in kinds[0] - self._free(base))
        for one, other in pairs:
            yield from self._pair(here.of(one, other), one, other)

    def _free(self, form: Form) -> set[str]:
        """Return the types of which a form has every value: no alternative of theirs matters."""
        return {self.pool.cases[number].kind for number in form & self.pool.open(FREE)}

    def _pair(self, here: Here, one: Case, other: Case) -> Iterator[Site]:
        fields = list(self._fields(here, one, other))
        yield from fields
        was, now = _also(one), _also(other)
        if not fields or {c.word for c in was} != {c.word for c in now}:
            yield from here.conditions(was, now)

    def _fields(self, here: Here, one: Case, other: Case) -> Iterator[Site]:
        if isinstance(one, Finite) or isinstance(other, Finite):
            yield from facets.values(here, one, other)
        elif isinstance(one, Number) and isinstance(other, Number):
            yield from facets.numbers(here, one, other)
        elif isinstance(one, Text) and isinstance(other, Text):
            yield from facets.texts(here, one, other)
        elif isinstance(one, Array) and isinstance(other, Array):
            yield from facets.lengths(here, one, other)
            yield from self._items(here, one, other)
        elif isinstance(one, Object) and isinstance(other, Object):
            yield from facets.sizes(here, one, other)
            yield from self._members(here, one, other)

    def _items(self, here: Here, one: Array, other: Array) -> Iterator[Site]:
        for index in range(max(len(one.prefix), len(other.prefix))):
            frames = here.inner(one, other, str(index))
            yield from self.walk(one.item(index), other.item(index), frames)
        rest = (one.rest, other.rest)
        if NOTHING in rest and rest != (NOTHING, NOTHING):  # the length says it
            if one.most == other.most:
                lean: Lean = "narrower" if other.rest == NOTHING else "wider"
                yield here.site("items", lean, shown(self.pool, rest[0]), shown(self.pool, rest[1]))
            return
        yield from self.walk(*rest, here.inner(one, other, ITEM))

    def _members(self, here: Here, one: Object, other: Object) -> Iterator[Site]:
        names = sorted({n for n, _ in one.members} | {n for n, _ in other.members})
        for name in names:
            yield from self._member(here, one, other, name)
        for name in sorted((one.required ^ other.required) - set(names)):
            yield from facets.required(here, one, other, name)
        for pattern in sorted({p for p, _ in one.patterned} | {p for p, _ in other.patterned}):
            yield from self._patterned(here, one, other, pattern)
        yield from self._others(here, one, other)

    def _patterned(self, here: Here, one: Object, other: Object, pattern: str) -> Iterator[Site]:
        mine, theirs = dict(one.patterned), dict(other.patterned)
        was, now = mine.get(pattern, one.others), theirs.get(pattern, other.others)
        step, plain = f"{{{pattern}}}", (FREE, NOTHING)
        if pattern not in mine and was in plain:
            yield facets.members_added(here, one, shown(self.pool, now), step)
        elif pattern not in theirs and now in plain:
            yield facets.members_removed(here, other, shown(self.pool, was), step)
        else:
            yield from self.walk(was, now, here.inner(one, other, step))

    def _member(self, here: Here, one: Object, other: Object, name: str) -> Iterator[Site]:
        was, now = _described(self.pool, one, name), _described(self.pool, other, name)
        if was is not None and now is not None:
            yield from self.walk(was, now, here.inner(one, other, name))
            yield from facets.required(here, one, other, name)
        elif now is not None:
            yield facets.member_added(here, one, other, name)
        elif was is not None:
            yield facets.member_removed(here, one, other, name)

    def _others(self, here: Here, one: Object, other: Object) -> Iterator[Site]:
        if one.others == other.others:
            return
        plain = (FREE, NOTHING)
        if one.others not in plain and other.others not in plain:
            yield from self.walk(one.others, other.others, here.inner(one, other, ANY_KEY))
        else:
            yield facets.others(here, one, other)


def _described(pool: Pool, case: Object, name: str) -> Form | None:
    """Return what a case says of a member, as one of a map if need be; None for no word."""
    if name in case.hidden:
        return None
    form = member_of(pool, case, name)
    if form is not None:
        return form
    return case.others if case.others not in (FREE, NOTHING) else None


def _also(case: Case) -> frozenset[Conjunct]:
    return frozenset() if case.kind == "later" else case.also  # type: ignore[union-attr]  # no Later
