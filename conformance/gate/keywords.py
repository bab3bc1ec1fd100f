"""What single keywords of a schema say: bounds, counts, steps, and the rest of a list."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

_LOOKING = {
    "$dynamicRef", "$ref", "allOf", "anyOf", "contains", "dependentSchemas", "if", "oneOf",
}  # fmt: skip
"""Keywords that may evaluate elements, so that `unevaluatedItems` says less than `items`."""


def bound(schema: Mapping[str, Any], word: str, strict: str) -> tuple[Fraction | None, bool]:
    """Return a bound and whether it is outside; of two, the one that says more."""
    plain, other = schema.get(word), schema.get(strict)
    if isinstance(other, bool) or other is None:
        return (None if plain is None else exact(plain)), plain is not None and other is True
    if plain is None:
        return exact(other), True
    tighter = exact(other) >= exact(plain)
    if word == "maximum":
        tighter = exact(other) <= exact(plain)
    return (exact(other), True) if tighter else (exact(plain), False)


def positive(value: Any) -> Fraction:
    """Return a step of numbers.

    Raises:
        ValueError: It is not above 0.
    """
    step = exact(value)
    if step <= 0:
        raise ValueError(f"multipleOf {value}, which should be above 0")
    return step


def exact(value: Any) -> Fraction:
    """Return a number of JSON as it is written, 0.1 being a tenth."""
    return Fraction(str(value)) if isinstance(value, float) else Fraction(value)


def rest(schema: Mapping[str, Any]) -> Any:
    """Return the schema of elements that no prefix names.

    `unevaluatedItems` is `items` where nothing beside it looks at elements; else it is left to
    the validators.
    """
    if "items" in schema or _LOOKING & schema.keys():
        return schema.get("items", True)
    return schema.get("unevaluatedItems", True)


def count(schema: Mapping[str, Any], word: str) -> int | None:
    """Return how many a keyword says; None where it is not there."""
    value = schema.get(word)
    return None if value is None else int(value)
