"""A witness made smaller: what it does not need is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from conformance.gate.forms import text_of

STEPS = 200


def shrink(value: Any, is_witness: Callable[[Any], bool]) -> Any:
    """Return a value from which nothing can be left out without `is_witness` saying no."""
    steps, again = 0, True
    while again and steps < STEPS:
        again = False
        for smaller in _smaller(value):
            steps += 1
            if steps > STEPS:
                break
            if is_witness(smaller):
                value, again = smaller, True
                break
    return value


def _smaller(value: Any) -> Iterator[Any]:
    """Yield values with one thing less, outer things first."""
    if isinstance(value, dict):
        for name in value:
            yield {k: v for k, v in value.items() if k != name}
        for name, part in value.items():
            for smaller in _smaller(part):
                yield {**value, name: smaller}
    elif isinstance(value, list):
        for index in range(len(value)):
            yield value[:index] + value[index + 1 :]
        for index, part in enumerate(value):
            for smaller in _smaller(part):
                yield [*value[:index], smaller, *value[index + 1 :]]
    elif isinstance(value, str) and len(value) > 1:
        simple = "a" * len(value)
        if text_of(simple) < text_of(value):
            yield simple
