"""A witness for a difference: a value that one side accepts and the other does not.

Candidates are made on purpose: values at the ends of both sets at the place of the difference, put
back into the smallest whole values around it. Where none of them will do, Hypothesis draws from
the source. What is found is made smaller, and at last put to the validators.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, product
from typing import Any

from conformance.gate import languages
from conformance.gate.examples import LONGEST, Examples, in_turn, numbers, strings
from conformance.gate.forms import (
    Array,
    Case,
    Conjunct,
    Finite,
    Form,
    Later,
    Number,
    Object,
    Pool,
    Text,
    text_of,
)
from conformance.gate.meeting import TooManyCases, meet
from conformance.gate.membership import holds, is_described, values_of
from conformance.gate.patterns import refused
from conformance.gate.shrinking import shrink
from conformance.gate.sites import Frame, Site
from conformance.gate.texts import ODD

CANDIDATES = 60
"""Values tried at the place itself."""
WHOLES = 600
"""Whole values tried for one difference."""
LARGEST = 200_000
"""Characters of a string that is still built to exceed a bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Two sets, and whether a value of the first is a witness for the documents themselves."""

    source: Form
    """Who speaks: the base for requests, the head for responses."""
    sink: Form
    tolerant: bool
    """Whether the sink ignores members that it does not know."""
    accepts: Callable[[Any], bool]
    """Whether the sink accepts a value, as far as forms tell."""
    confirm: Callable[[Any], bool]
    """Whether both validators accept the value in the source and refuse it in the sink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A whole value, the candidate in it, and what would do no harm in its place."""

    whole: Any
    value: Any
    fine: tuple[Any] | None


@dataclass(slots=True)
class Search:
    """Looks for witnesses within a budget of seconds."""

    pool: Pool
    budget: float
    examples: Examples = field(init=False)
    until: float = field(init=False)

    def __post_init__(self) -> None:
        self.examples = Examples(self.pool)
        self.until = time.monotonic() + self.budget

    def witness(self, question: Question, site: Site, *, response: bool) -> Any:
        """Return a small witness for the difference at `site`.

        Raises:
            LookupError: None was found in time.
        """
        for tried, trial in enumerate(self._trials(question, site, response=response)):
            if self._is(question, trial, trial.whole) and question.confirm(trial.whole):
                return self._smallest(question, trial)
            if tried >= WHOLES or time.monotonic() > self.until:
                break
        if site.derived:
            raise LookupError(site.rule)
        return self._drawn(question)

    def _smallest(self, question: Question, trial: Trial) -> Any:
        def still(value: Any) -> bool:
            return self._is(question, trial, value) and question.confirm(value)

        return shrink(trial.whole, still)

    def _is(self, question: Question, trial: Trial, value: Any) -> bool:
        """Whether forms take `value` for a witness, and for one of this difference."""
        if not self._is_said(question, value) or question.accepts(value):
            return False
        return trial.fine is None or question.accepts(_swapped(value, trial.value, trial.fine[0]))

    def _is_said(self, question: Question, value: Any) -> bool:
        """Whether the source may say `value`; a client sends nothing undocumented."""
        if not holds(self.pool, question.source, value):
            return False
        return question.tolerant or is_described(self.pool, question.source, value)

    def _drawn(self, question: Question) -> Any:
        """Return a witness that Hypothesis draws and shrinks.

        Raises:
            LookupError: None was found in time.
        """
        from conformance.gate.drawing import draw

        left = self.until - time.monotonic()
        if left <= 0:
            raise LookupError("no time is left")

        def witness(value: Any) -> bool:
            inside = self._is_said(question, value)
            return inside and not question.accepts(value) and question.confirm(value)

        return draw(self.pool, question.source, witness, seconds=left)

    def _trials(self, question: Question, site: Site, *, response: bool) -> Iterator[Trial]:
        """Yield whole values that hold a candidate at the place of the difference.

        First those that are fine but for the candidate, so that the witness is one of this
        difference and of no other.
        """
        source, sink = (site.head, site.base_all) if response else (site.base, site.head_all)
        found = self._candidates(source, sink, tolerant=question.tolerant)
        fine = self._agreed(source, sink, tolerant=question.tolerant)
        if fine is not None:
            found.sort(key=lambda value: not _is_beyond(site.rule, value, fine[0]))
        for agreed in (fine, None) if fine is not None else (None,):
            for value in found:
                for whole in islice(self._around(list(site.frames), value, response=response), 60):
                    yield Trial(whole=whole, value=value, fine=agreed)

    def _agreed(self, source: Form, sink: Form, *, tolerant: bool) -> tuple[Any] | None:
        """Return a value, alone in a tuple, that both sides accept at the place."""
        for value in (*self.examples.of(source, 12), *self.examples.of(sink, 12)):
            heard = holds(self.pool, sink, value, tolerant=tolerant)
            if heard and holds(self.pool, source, value):
                return (value,)
        return None

    def _around(self, frames: list[Frame], value: Any, *, response: bool) -> Iterator[Any]:
        """Yield whole values with `value` at the end of the frames.

        What stands right beside the value varies first: it tells alternatives apart, which what
        is further outside seldom does.
        """
        if not frames:
            yield value
            return
        last = frames[-1]
        case = last.head if response else last.base
        yield from in_turn(
            self._around(frames[:-1], around, response=response)
            for around in self.examples.embedded(case, last.step, value)
        )

    def _candidates(self, source: Form, sink: Form, *, tolerant: bool) -> list[Any]:
        """Return values of the source that the sink refuses, at the place of the difference."""
        near = (v for form in (source, sink) for c in self.pool.list(form) for v in self._ends(c))
        found: dict[str, Any] = {}
        between = self._between(source, sink)
        for value in (*between, *self.examples.of(source, CANDIDATES), *islice(near, 4000)):
            inside = holds(self.pool, source, value)
            if inside and not holds(self.pool, sink, value, tolerant=tolerant):
                found.setdefault(text_of(value), value)
            if len(found) >= CANDIDATES or time.monotonic() > self.until:
                break
        return sorted(found.values(), key=lambda v: (len(text_of(v)), text_of(v)))

    def _between(self, source: Form, sink: Form) -> Iterator[str]:
        """Yield texts that have the patterns of the source and not those of the sink."""
        cases = [[c for c in self.pool.list(f) if isinstance(c, Text)] for f in (source, sink)]
        for one, other in product(*cases):
            with suppress(languages.Unknown):
                text = languages.differing(one.patterns, other.patterns, one.least, one.most)
                if text is not None:
                    yield text

    def _ends(self, case: Case) -> Iterator[Any]:
        """Yield values at and just beyond the ends of a case, and of its conditions."""
        if isinstance(case, Later):
            return
        for condition in case.also:
            bare = self.pool.form(replace(case, also=frozenset()))
            for form in condition.forms if condition.word != "contains" else ():
                with suppress(TooManyCases):
                    yield from self.examples.of(meet(self.pool, (bare, form)), CANDIDATES)
            if condition.word == "contains" and isinstance(case, Array):
                yield from self._containing(case, condition)
            for form in condition.forms:
                yield from self.examples.of(form)
            if condition.word == "one":
                for pair in combinations(condition.forms, 2):
                    yield from self.examples.of(meet(self.pool, pair))
        if isinstance(case, Finite):
            yield from values_of(case)
        elif isinstance(case, Number):
            yield from numbers(case)
        elif isinstance(case, Text):
            yield from _long(case)
        elif isinstance(case, Array):
            yield from self._lists(case)
        elif isinstance(case, Object):
            yield from self._objects(case)

    def _containing(self, case: Array, condition: Conjunct) -> Iterator[Any]:
        """Yield lists that contain just as many as they must or may, and one less or more."""
        with suppress(TooManyCases):
            for value in self.examples.of(meet(self.pool, (case.rest, condition.forms[0])), 1):
                for count in condition.numbers:
                    for size in () if count is None else (count - 1, count, count + 1):
                        if 0 <= size <= LONGEST:
                            yield [value] * size

    def _lists(self, case: Array) -> Iterator[Any]:
        for size in {case.least - 1, case.least + 1, (case.most or 0) + 1, case.most or 0, 2}:
            if 0 <= size <= 10_000:
                try:
                    same = self.examples.least(case.item(0))
                    yield [same] * size
                    yield self.examples.filled(case, size)
                except LookupError:
                    continue

    def _objects(self, case: Object) -> Iterator[Any]:
        whole: dict[str, Any] = {}
        for name, form in case.members:
            values = self.examples.of(form, 1)
            if values:
                whole[name] = values[0]
        yield whole
        for name in sorted(case.required):
            yield {k: v for k, v in whole.items() if k != name}
        for name in whole:
            rest = {k: v for k, v in whole.items() if k == name or k in case.required}
            yield rest
        keys = [f"key-{n}" for n in range(1, (case.most or 1) + 2)][:200]
        filler = self.examples.of(case.others, 1)
        for size in range(len(keys) + 1):
            yield whole | {key: value for key in keys[:size] for value in filler}


def _long(case: Text) -> Iterator[str]:
    yield from strings(case)
    yield from ODD
    for pattern in sorted(case.patterns):
        yield from refused(pattern)
    for size in (case.least - 1, case.least + 1, (case.most or 0) + 1):
        if 0 <= size <= LARGEST:
            yield "a" * size


def _swapped(whole: Any, value: Any, other: Any) -> Any:
    """Return `whole` with `other` wherever `value` itself stands."""
    if whole is value:
        return other
    if isinstance(whole, dict):
        return {k: _swapped(v, value, other) for k, v in whole.items()}
    if isinstance(whole, list):
        return [_swapped(part, value, other) for part in whole]
    return whole


def _is_beyond(rule: str, value: Any, fine: Any) -> bool:
    """Whether a value is on that side of a fine one on which the bound is that changed."""
    if not rule.startswith(("min", "max")):
        return True
    if type(value) is not type(fine) and not isinstance(value, int | float):
        return False
    if isinstance(value, int | float) and isinstance(fine, int | float):
        return value < fine if rule.startswith("min") else value > fine
    try:
        return len(value) < len(fine) if rule.startswith("min") else len(value) > len(fine)
    except TypeError:
        return False
