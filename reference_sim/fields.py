"""Reading the fields of a JSON object: the value, or a `CircuitError` that names the field."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

import numpy as np

from reference_sim.errors import CircuitError, shown

Fields: TypeAlias = Mapping[str, object]


def as_object(value: object, field: str) -> Fields:
    """Return `value`, which must be a JSON object."""
    if isinstance(value, Mapping):
        return cast("Fields", value)
    raise CircuitError(field, f"expected an object, got {shown(value)}")


def read_list(fields: Fields, field: str) -> Sequence[object]:
    """Return the list in `field`, which must be there."""
    try:
        value = fields[field]
    except KeyError:
        raise CircuitError(field, "expected a list, got nothing") from None
    if isinstance(value, list | tuple):
        return value
    raise CircuitError(field, f"expected a list, got {shown(value)}")


def as_integer(value: object, field: str) -> int:
    """Return `value` as an integer; floats count when they are whole, booleans never do."""
    if not isinstance(value, bool):
        if isinstance(value, int | np.integer):
            return int(value)
        if isinstance(value, float | np.floating) and float(value).is_integer():
            return int(value)
    raise CircuitError(field, f"expected a whole number, got {shown(value)}")


def as_number(value: object, field: str) -> float:
    """Return `value` as a finite float; booleans are no numbers."""
    if type(value) is not float:
        if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
            raise CircuitError(field, f"expected a number, got {shown(value)}")
        try:
            value = float(value)
        except OverflowError:
            value = math.inf
    if not math.isfinite(value):
        raise CircuitError(field, "expected a finite number, got NaN, an infinity or an overflow")
    return value


def read_number(fields: Fields, field: str) -> float:
    """Return the number in `field`, which must be there."""
    try:
        value = fields[field]
    except KeyError:
        raise CircuitError(field, "expected a number, got nothing") from None
    return as_number(value, field)


def read_numbers(fields: Fields, field: str) -> tuple[float, ...]:
    """Return the list of numbers in `field`, which must be there."""
    return tuple([as_number(value, field) for value in read_list(fields, field)])


def read_qubits(fields: Fields, single: str, several: str, bound: int) -> tuple[int, ...]:
    """Return the qubits that `single`, a number, or `several`, a list, names; () for neither.

    Both may stand there when they say the same.
    """
    if single not in fields:
        if several not in fields:
            return ()
        return tuple([_qubit(value, several, bound) for value in read_list(fields, several)])
    value = fields[single]
    if type(value) is not int or not 0 <= value < bound:
        value = _qubit(value, single, bound)
    one = (value,)
    if several in fields:
        many = tuple([_qubit(value, several, bound) for value in read_list(fields, several)])
        if many and many != one:
            raise CircuitError(several, f"expected what {single!r} says, got {shown(many)}")
    return one


def _qubit(value: object, field: str, bound: int) -> int:
    if type(value) is not int:
        value = as_integer(value, field)
    if 0 <= value < bound:
        return value
    raise CircuitError(field, f"expected a qubit from 0 to {bound - 1}, got {shown(value)}")
