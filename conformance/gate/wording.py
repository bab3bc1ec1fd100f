"""Forms, cases and bounds in a few words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from conformance.gate.forms import FREE, Array, Case, Finite, Form, Number, Object, Pool, Text

VALUES_SHOWN = 8
TEXT_SHOWN = 120


def shown(pool: Pool, form: Form) -> str:
    """Return a few words for a form."""
    if form == FREE:
        return "anything"
    words = [_case(case) for case in pool.list(form)]
    return " or ".join(dict.fromkeys(words)) or "nothing"


def number(value: Fraction | None) -> str:
    """Return a bound as JSON would write it."""
    if value is None:
        return "none"
    return str(value.numerator) if value.denominator == 1 else repr(float(value))


def listed(texts: Iterable[str]) -> str:
    """Return some JSON texts, shortened."""
    ordered = sorted(texts)
    more = f" and {len(ordered) - VALUES_SHOWN} more" if len(ordered) > VALUES_SHOWN else ""
    return ", ".join(ordered[:VALUES_SHOWN]) + more


def brief(value: Any, limit: int = TEXT_SHOWN) -> str:
    """Return a value as JSON text of at most some characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else f"{text[:limit]}... ({len(text) - limit} more)"


def _case(case: Case) -> str:
    if isinstance(case, Finite):
        if case.kind in {"null", "boolean"} and len(case.values) != 1:
            return case.kind
        return listed(case.values)
    if isinstance(case, Number):
        return "integer" if case.integer else "number"
    if isinstance(case, Text):
        names = " ".join(sorted(case.formats))
        return f"string ({names})" if names else "string"
    if isinstance(case, Array):
        return "array"
    if isinstance(case, Object):
        names = ", ".join(sorted(case.required)[:3])
        return f"object with {names}" if names else "object"
    return "something"
