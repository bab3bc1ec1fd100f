"""How clients write each gate, and the checked gate that comes out."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from reference_sim.errors import CircuitError, shown
from reference_sim.fields import (
    Fields,
    as_object,
    read_list,
    read_number,
    read_numbers,
    read_qubits,
)
from reference_sim.gates import MAX_EXPONENT_TARGETS, commute

Gateset: TypeAlias = Literal["qis", "native"]

MS_ANGLE: Final = 0.25
"""Interaction angle of an `ms` that gives none, in turns: fully entangling."""


class Gate(NamedTuple):
    """One gate; its qubits are distinct and inside the circuit, its numbers finite.

    A named tuple because a frozen dataclass takes twice as long to make, once for every gate.
    """

    name: str
    targets: tuple[int, ...]
    """In the order of writing. Bit j of a row of the gate's matrix belongs to targets[j]."""
    controls: tuple[int, ...] = ()
    """The gate acts where all of these are 1."""
    parameters: tuple[float, ...] = ()
    """QIS: (rotation,) in radians, or (time, coefficients ...) of a `pauliexp`.
    Native, in turns: (phase,), or (phase 0, phase 1, angle), or (angle,)."""
    words: tuple[str, ...] = ()
    """Terms of a `pauliexp`; the last letter of each acts on targets[0]."""


@dataclass(frozen=True, slots=True)
class Form:
    """How one gate is written."""

    targets: int | None
    """How many it must have; None for any number."""
    fields: frozenset[str]
    """All that it may have: what has no meaning for this gate is refused, not ignored."""
    parameters: Callable[[Fields], tuple[float, ...]] | None = None


def read_gate(raw: object, gateset: Gateset, bound: int) -> Gate:
    """Return the gate that `raw` describes, with qubits below `bound`.

    Raises:
        CircuitError: It describes none; `gate`, the index, is left for the caller to fill in.
    """
    fields = raw if type(raw) is dict else as_object(raw, "circuit")
    name = fields.get("gate")
    form = FORMS[gateset].get(name) if type(name) is str else None
    if type(name) is not str or form is None:
        raise _no_such_gate(fields, gateset)
    if not form.fields.issuperset(fields) and name != "nop":
        surplus = min(str(field) for field in fields.keys() - form.fields)
        raise CircuitError(surplus, f"{name!r} takes no such field in gateset {gateset!r}")
    targets = read_qubits(fields, "target", "targets", bound)
    controls: tuple[int, ...] = ()
    if "control" in fields or "controls" in fields:
        controls = read_qubits(fields, "control", "controls", bound)
    used = targets + controls
    repeated = len(used) > 1 and len(set(used)) < len(used)
    if len(targets) != form.targets or repeated or (controls and gateset == "native"):
        _check_targets(fields, form, targets)
        _check_controls(fields, gateset, targets, controls)
    if name == "cnot" and not controls:
        raise CircuitError("control", "expected at least one control for 'cnot', got none")
    if name == "pauliexp":
        return _read_exponent(fields, targets, controls)
    parameters = form.parameters(fields) if form.parameters else ()
    return Gate(name, targets, controls, parameters)


def _no_such_gate(fields: Fields, gateset: Gateset) -> CircuitError:
    if "gate" not in fields:
        return CircuitError("gate", "expected the name of a gate, got nothing")
    name = fields["gate"]
    other: Gateset = "native" if gateset == "qis" else "qis"
    if isinstance(name, str) and name in FORMS[other]:
        reason = f"expected a gate of gateset {gateset!r}, got {name!r}, which is of {other!r}"
    else:
        reason = f"expected one of {', '.join(sorted(FORMS[gateset]))}, got {shown(name)}"
    return CircuitError("gate", reason)


def _check_targets(fields: Fields, form: Form, targets: tuple[int, ...]) -> None:
    field = "targets" if "targets" in fields else "target"
    if form.targets is not None and len(targets) != form.targets:
        expected = "one qubit" if form.targets == 1 else f"{form.targets} qubits"
        seen = len(targets) or "none"
        raise CircuitError(field, f"expected {expected} for {fields['gate']!r}, got {seen}")
    if len(set(targets)) < len(targets):
        raise CircuitError(field, f"expected distinct qubits, got {shown(targets)}")


def _check_controls(
    fields: Fields, gateset: Gateset, targets: tuple[int, ...], controls: tuple[int, ...]
) -> None:
    field = "controls" if "controls" in fields else "control"
    if controls and gateset == "native":
        raise CircuitError(field, f"expected none on a native gate, got {shown(controls)}")
    if len(set(controls)) < len(controls):
        raise CircuitError(field, f"expected distinct qubits, got {shown(controls)}")
    both = set(controls) & set(targets)
    if both:
        raise CircuitError(field, f"expected no target among them, got {min(both)}, a target")


# ---------------------------------------------------------------- parameters


def _rotation(fields: Fields) -> tuple[float, ...]:
    return (read_number(fields, "rotation"),)


def _optional_rotation(fields: Fields) -> tuple[float, ...]:
    return _rotation(fields) if "rotation" in fields else ()


def _phase(fields: Fields) -> tuple[float, ...]:
    return (read_number(fields, "phase"),)


def _ms(fields: Fields) -> tuple[float, ...]:
    phases = read_numbers(fields, "phases")
    if len(phases) != 2:
        raise CircuitError("phases", f"expected two numbers, got {len(phases)}")
    return (*phases, read_number(fields, "angle") if "angle" in fields else MS_ANGLE)


def _native_zz(fields: Fields) -> tuple[float, ...]:
    """Read `angle` (the document, qiskit-ionq) or `phase` (cirq-ionq): two names for one number."""
    if "angle" not in fields and "phase" in fields:
        return (read_number(fields, "phase"),)
    angle = read_number(fields, "angle")
    if "phase" in fields and read_number(fields, "phase") != angle:
        raise CircuitError("phase", f"expected what 'angle' says, got {shown(fields['phase'])}")
    return (angle,)


def _read_exponent(fields: Fields, targets: tuple[int, ...], controls: tuple[int, ...]) -> Gate:
    if not targets:
        raise CircuitError("targets", "expected at least one qubit for 'pauliexp', got none")
    words = tuple([_word(term, len(targets)) for term in read_list(fields, "terms")])
    coefficients = read_numbers(fields, "coefficients")
    time = read_number(fields, "time")
    if len(coefficients) != len(words):
        reason = f"expected {len(words)} numbers, one a term, got {len(coefficients)}"
        raise CircuitError("coefficients", reason)
    if not math.isfinite(sum(abs(c) for c in coefficients)) or not math.isfinite(
        sum(abs(time * c) for c in coefficients)
    ):
        raise CircuitError("coefficients", "expected a finite sum times 'time', got an overflow")
    if len(targets) > MAX_EXPONENT_TARGETS and not commute(words):
        most = MAX_EXPONENT_TARGETS
        reason = f"expected commuting terms on more than {most} targets, got some that do not"
        raise CircuitError("terms", reason)
    if not words:  # nothing in the exponent
        words, coefficients = ("I" * len(targets),), (0.0,)
    return Gate("pauliexp", targets, controls, (time, *coefficients), words)


def _word(term: object, length: int) -> str:
    if isinstance(term, str) and len(term) == length and set(term) <= set("IXYZ"):
        return term
    expected = f"{length} letters of I, X, Y, Z, one a target"
    raise CircuitError("terms", f"expected {expected}, got {shown(term)}")


# ---------------------------------------------------------------- the two gatesets


def _qis(
    targets: int | None,
    *fields: str,
    parameters: Callable[[Fields], tuple[float, ...]] | None = None,
) -> Form:
    qubits = ("target", "targets", "control", "controls")
    return Form(targets, frozenset({"gate", *qubits, *fields}), parameters)


def _native(
    targets: int | None,
    *fields: str,
    parameters: Callable[[Fields], tuple[float, ...]] | None = None,
) -> Form:
    qubits = ("target", "targets", "controls")  # the document has the last; it must be empty
    return Form(targets, frozenset({"gate", *qubits, *fields}), parameters)


_PLAIN: Final = dict.fromkeys(
    ("x", "not", "cnot", "y", "h", "s", "si", "t", "ti", "v", "vi"), _qis(1)
)
_TURNED_ONE: Final = dict.fromkeys(("rx", "ry", "rz"), _qis(1, "rotation", parameters=_rotation))
_TURNED_TWO: Final = dict.fromkeys(("xx", "yy", "zz"), _qis(2, "rotation", parameters=_rotation))

FORMS: Final[Mapping[Gateset, Mapping[str, Form]]] = MappingProxyType(
    {
        "qis": {
            **_PLAIN,
            **_TURNED_ONE,
            **_TURNED_TWO,
            "z": _qis(1, "rotation", parameters=_optional_rotation),
            "swap": _qis(2),
            "pauliexp": _qis(None, "terms", "coefficients", "time"),
        },
        "native": {
            "gpi": _native(1, "phase", parameters=_phase),
            "gpi2": _native(1, "phase", parameters=_phase),
            "ms": _native(2, "phases", "angle", parameters=_ms),
            "zz": _native(2, "angle", "phase", parameters=_native_zz),
            "nop": _native(None),  # the identity, so whatever else it carries does not matter
        },
    }
)
