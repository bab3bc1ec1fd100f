"""Values of a form drawn, and shrunk, by Hypothesis: the second way to a witness."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from conformance.gate.examples import Examples, numbers
from conformance.gate.forms import Array, Case, Finite, Form, Number, Object, Pool, Text
from conformance.gate.membership import in_case, values_of

DRAWS = 300
DEEP = 4
"""Levels below which only small values are drawn."""
_SETTINGS = settings(
    max_examples=DRAWS,
    database=None,
    derandomize=True,
    deadline=None,
    verbosity=Verbosity.quiet,
    phases=(Phase.generate, Phase.shrink),
    suppress_health_check=list(HealthCheck),
)


def draw(pool: Pool, form: Form, wanted: Callable[[Any], bool], *, seconds: float) -> Any:
    """Return a small value of `form` for which `wanted` says yes; the same each time.

    Raises:
        LookupError: None was drawn in time.
    """
    strategy = _Strategies(pool).of(form, 0)
    if strategy is None:
        raise LookupError("nothing to draw from")
    until = time.monotonic() + seconds
    found: list[Any] = []

    def judged(value: Any) -> bool:
        if time.monotonic() >= until:
            raise _OutOfTime
        if wanted(value):
            found.append(value)
        return bool(found) and found[-1] is value

    with contextlib.suppress(HypothesisException, _OutOfTime):
        return find(strategy, judged, settings=_SETTINGS)
    if found:
        return found[-1]
    raise LookupError("nothing drawn is a witness")


class _OutOfTime(BaseException):
    """Stops Hypothesis, which goes on after every `Exception`."""


class _Strategies:
    """Strategies for forms."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._examples = Examples(pool)

    def of(self, form: Form, depth: int) -> st.SearchStrategy[Any] | None:
        """Return a strategy; None where nothing belongs to the form."""
        if depth >= DEEP:
            small = self._examples.of(form, 4)
            return st.sampled_from(small) if small else None
        cases = [s for c in self._pool.list(form) if (s := self._case(c, depth)) is not None]
        return st.one_of(cases) if cases else None

    def _case(self, case: Case, depth: int) -> st.SearchStrategy[Any] | None:
        if isinstance(case, Finite):
            return st.sampled_from(values_of(case))
        if isinstance(case, Number):
            strategy = _numbers(case)
        elif isinstance(case, Text):
            strategy = self._texts(case)
        elif isinstance(case, Array):
            inner = self.of(case.item(len(case.prefix)), depth + 1)
            most = min(case.least + 3, case.most if case.most is not None else case.least + 3)
            strategy = (
                st.just([])
                if inner is None
                else st.lists(inner, min_size=case.least, max_size=most)
            )
        elif isinstance(case, Object):
            return self._objects(case, depth)
        else:
            return None
        return strategy.filter(lambda value: in_case(self._pool, case, value))

    def _texts(self, case: Text) -> st.SearchStrategy[Any]:
        known = [v for v in self._examples.cases(case, 12) if isinstance(v, str)]
        if case.patterns or case.formats:
            return st.sampled_from(known) if known else st.nothing()
        most = case.most if case.most is not None else case.least + 8
        return st.text(min_size=case.least, max_size=min(most, case.least + 8))

    def _objects(self, case: Object, depth: int) -> st.SearchStrategy[Any] | None:
        parts: dict[str, st.SearchStrategy[Any]] = {}
        for name, form in case.members:
            strategy = None if name in case.hidden else self.of(form, depth + 1)
            if strategy is None and name in case.required:
                return None
            if strategy is not None:
                parts[name] = strategy
        for key in (*self._examples.keys(case)[:3], *sorted(case.required - parts.keys())):
            extra = self.of(case.others, depth + 1)
            if extra is not None:
                parts.setdefault(key, extra)
        must = {n: s for n, s in parts.items() if n in case.required}
        may = {n: s for n, s in parts.items() if n not in case.required}
        return st.fixed_dictionaries(must, optional=may)


def _numbers(case: Number) -> st.SearchStrategy[Any]:
    ends = [value for value in numbers(case) if isinstance(value, int) or not case.integer]
    if case.integer:
        low = None if case.low is None else int(case.low)
        high = None if case.high is None else int(case.high)
        return st.one_of(st.sampled_from(ends), st.integers(low, high))
    low_, high_ = (None if end is None else float(end) for end in (case.low, case.high))
    floats = st.floats(low_, high_, allow_nan=False, allow_infinity=False)
    return st.one_of(st.sampled_from(ends), floats)
