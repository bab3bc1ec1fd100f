"""What a plausible implementer gets wrong about a gate, derived from the gate table.

Each mistake is written once, as the steps that take the place of one step, or None where it
changes nothing. `of_kind` asks every mistake of every kind of gate that the reference knows: a
kind of gate that is added there gets its hypotheses here without a line of code.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from functools import partial
from types import MappingProxyType

from conformance.oracle.operands import (
    INVERSES,
    any_control,
    control_and_target_exchanged,
    controlled_on_zero,
    controls_ignored,
    first_control_only,
    first_term_only,
    last_control_only,
    targets_exchanged,
    two_controls_only,
)
from conformance.oracle.programs import Step
from reference_sim import Gate
from reference_sim.forms import FORMS, Gateset

Change = Callable[[Step], Sequence[Step] | None]

TURN = 2 * math.pi
_MOST = sys.float_info.max
SMALL = 0.05
"""The error of an angle, in radians, that must be found in one circuit of 1,000 shots."""
LARGE = 0.2

_NEIGHBOURS = {
    "x": "y", "not": "y", "y": "z", "z": "x", "h": "x", "s": "t", "si": "ti", "t": "s", "ti": "si",
    "v": "x", "vi": "x", "rx": "ry", "ry": "rz", "rz": "rx", "xx": "yy", "yy": "zz", "zz": "xx",
    "gpi": "gpi2", "gpi2": "gpi",
}  # fmt: skip
_AXES = {"x": "rx", "not": "rx", "cnot": "rx", "y": "ry", "v": "rx", "vi": "rx"}
_DETERMINANT_ONE = {
    "x": ("rx", math.pi), "not": ("rx", math.pi), "cnot": ("rx", math.pi), "y": ("ry", math.pi),
    "z": ("rz", math.pi), "s": ("rz", math.pi / 2), "si": ("rz", -math.pi / 2),
    "t": ("rz", math.pi / 4), "ti": ("rz", -math.pi / 4), "v": ("rx", math.pi / 2),
    "vi": ("rx", -math.pi / 2),
}  # fmt: skip


def kind_of(step: Step) -> str:
    """Return the kind of gate that a step is, as people read it."""
    if step.gateset == "native" and step.gate.name in FORMS["qis"]:
        return f"native {step.gate.name}"
    if step.gate.name == "z" and step.gate.parameters:
        return "z with a rotation"
    return step.gate.name


def kinds() -> tuple[str, ...]:
    """Return every kind of gate that the reference knows, but `nop`, which does nothing."""
    qis = [name for name in FORMS["qis"] if name != "z"]
    native = [n if n not in FORMS["qis"] else f"native {n}" for n in FORMS["native"] if n != "nop"]
    return (*sorted([*qis, "z", "z with a rotation"]), *sorted(native))


# ---------------------------------------------------------------- the gate itself


def lost(step: Step) -> Sequence[Step] | None:
    """Leave the gate out."""
    del step
    return ()


def inverted(step: Step) -> Sequence[Step] | None:
    """Apply the inverse of a gate that is not its own."""
    name = INVERSES.get(step.gate.name)
    return (step._replace(gate=step.gate._replace(name=name)),) if name else None


def neighbour(step: Step) -> Sequence[Step] | None:
    """Apply the gate that is next to it in every table."""
    name = _NEIGHBOURS.get(step.gate.name)
    if name is None or kind_of(step) in {"z with a rotation", "native zz"}:
        return None
    return (step._replace(gate=step.gate._replace(name=name)),)


def unphased(step: Step) -> Sequence[Step] | None:
    """Take the gate up to a phase, as a rotation: wrong under controls."""
    gate = step.gate
    if not gate.controls:
        return None
    if gate.name == "h":  # a half turn about (x + z): x after a quarter turn about y
        return (_turn(step, "ry", math.pi / 2), _turn(step, "rx", math.pi))
    if gate.name == "z" and gate.parameters:
        return (_turn(step, "rz", gate.parameters[0]),)
    if gate.name == "rz":
        return (step._replace(gate=gate._replace(name="z")),)
    if gate.name not in _DETERMINANT_ONE:
        return None
    return (_turn(step, *_DETERMINANT_ONE[gate.name]),)


# ---------------------------------------------------------------- angles, in radians


def off_by(step: Step, error: float) -> Sequence[Step] | None:
    """Turn `error` radians further about the gate's own axis."""
    gate, name = step.gate, step.gate.name
    if step.gateset == "native":
        return _native_off_by(step, error)
    if name in {"rx", "ry", "rz", "xx", "yy", "zz"} or (name == "z" and gate.parameters):
        return (_with(step, gate.parameters[0] + error),)
    if name in _AXES:
        return (step, _turn(step, _AXES[name], error))
    if name in {"z", "s", "si", "t", "ti"}:
        return (step, _turn(step, "z", error))
    if name == "h":
        axis = math.pi / 4
        return (step, _turn(step, "ry", -axis), _turn(step, "rz", error), _turn(step, "ry", axis))
    if name == "swap":
        return (step, *(_turn(step, pair, error) for pair in ("xx", "yy", "zz")))
    if name == "pauliexp":
        time, *coefficients = gate.parameters
        largest = max(map(abs, coefficients))
        return (_with(step, time + error / (2 * largest), *coefficients),) if largest else None
    return None


def _native_off_by(step: Step, error: float) -> Sequence[Step] | None:
    gate = step.gate
    if gate.name in {"gpi", "gpi2"}:
        azimuth = TURN * math.fmod(gate.parameters[0], 1.0)
        return (
            step,
            _turn(step, "rz", -azimuth),
            _turn(step, "rx", error),
            _turn(step, "rz", azimuth),
        )
    *phases, angle = gate.parameters
    return (_with(step, *phases, angle + error / TURN),) if gate.name in {"ms", "zz"} else None


def phase_off_by(step: Step, error: float) -> Sequence[Step] | None:
    """Turn the axis of a native gate by `error` radians."""
    return _phases(step, lambda phase: phase + error / TURN)


def scaled(step: Step, factor: float) -> Sequence[Step] | None:
    """Turn `factor` times as far as asked."""
    name, parameters = step.gate.name, step.gate.parameters
    if not parameters or name in {"gpi", "gpi2"}:
        return None
    if name == "pauliexp":
        return (_with(step, parameters[0] * factor, *parameters[1:]),)
    return (_with(step, *parameters[:-1], parameters[-1] * factor),)


def radians_scaled(step: Step, factor: float) -> Sequence[Step] | None:
    """Multiply an angle that is in radians."""
    return scaled(step, factor) if step.gateset == "qis" and step.gate.name != "pauliexp" else None


def turns_scaled(step: Step, factor: float) -> Sequence[Step] | None:
    """Multiply every parameter of a native gate, which are all in turns."""
    if step.gateset != "native":
        return None
    return (_with(step, *(p * factor for p in step.gate.parameters)),)


def unsigned(step: Step) -> Sequence[Step] | None:
    """Take the magnitude of an angle."""
    parameters = step.gate.parameters
    if step.gateset == "native" or not parameters or step.gate.name == "pauliexp":
        return None
    return (_with(step, abs(parameters[0])),) if parameters[0] < 0 else None


def reduced(step: Step) -> Sequence[Step] | None:
    """Take an angle modulo a whole turn, which a rotation is not: wrong under controls."""
    gate = step.gate
    rotates = step.gateset == "qis" and gate.name in {"rx", "ry", "rz", "xx", "yy", "zz"}
    if not rotates or 0 <= gate.parameters[0] < TURN:
        return None
    return (_with(step, gate.parameters[0] % TURN),)


def rotation_ignored(step: Step) -> Sequence[Step] | None:
    """Read a `z` with a rotation as a plain `z`."""
    if step.gate.name != "z" or not step.gate.parameters:
        return None
    return (step._replace(gate=step.gate._replace(parameters=())),)


# ---------------------------------------------------------------- native parameters, in turns


def phases_scaled(step: Step, factor: float) -> Sequence[Step] | None:
    """Multiply the phases of a native gate."""
    return _phases(step, lambda phase: phase * factor)


def phases_shifted(step: Step) -> Sequence[Step] | None:
    """Count phases from the y axis."""
    return _phases(step, lambda phase: phase + 0.25)


def phases_exchanged(step: Step) -> Sequence[Step] | None:
    """Give each target of an `ms` the other one's phase."""
    if step.gate.name != "ms":
        return None
    first, second, angle = step.gate.parameters
    return (_with(step, second, first, angle),)


def first_phase_only(step: Step) -> Sequence[Step] | None:
    """Give both targets of an `ms` the first phase."""
    if step.gate.name != "ms":
        return None
    first, _, angle = step.gate.parameters
    return (_with(step, first, first, angle),)


def default_angle(step: Step) -> Sequence[Step] | None:
    """Entangle fully, whatever angle an `ms` has."""
    if step.gate.name != "ms" or step.implicit:
        return None
    return (_with(step, *step.gate.parameters[:2], 0.25),)


def default_misread(step: Step, angle: float) -> Sequence[Step] | None:
    """Take another default, in turns, for the angle of an `ms` that has none."""
    if step.gate.name != "ms" or not step.implicit:
        return None
    return (_with(step, *step.gate.parameters[:2], angle),)


# ---------------------------------------------------------------- parts of the above


def _with(step: Step, *parameters: float) -> Step:
    """Return `step` with other parameters; one that overflows is the largest that does not."""
    most = _MOST
    if step.gate.name == "pauliexp":
        most /= max(1.0, sum(map(abs, parameters[1:])))
    held = tuple(max(-most, min(most, parameter)) for parameter in parameters)
    return step._replace(gate=step.gate._replace(parameters=held))


def _turn(step: Step, name: str, angle: float) -> Step:
    """Return a silent QIS gate on the qubits of `step`, under its controls.

    One-target gates stand for the first target alone.
    """
    targets = step.gate.targets if name in {"xx", "yy", "zz"} else step.gate.targets[:1]
    gate = Gate(name, targets, step.gate.controls, (angle,))
    return Step(gate, "qis", 0.0)


def _phases(step: Step, change: Callable[[float], float]) -> Sequence[Step] | None:
    gate = step.gate
    if gate.name in {"gpi", "gpi2"}:
        return (_with(step, change(gate.parameters[0])),)
    if gate.name != "ms":
        return None
    first, second, angle = gate.parameters
    return (_with(step, change(first), change(second), angle),)


MISTAKES: MappingProxyType[str, Change] = MappingProxyType(
    {
        "the inverse gate": inverted,
        "a neighbouring gate": neighbour,
        "a lost gate": lost,
        "the gate up to a phase only": unphased,
        "the opposite sign of the angle": partial(scaled, factor=-1.0),
        "half the angle": partial(scaled, factor=0.5),
        "twice the angle": partial(scaled, factor=2.0),
        "degrees for radians": partial(radians_scaled, factor=math.pi / 180),
        "turns for radians": partial(radians_scaled, factor=TURN),
        "units of pi for radians": partial(radians_scaled, factor=math.pi),
        "the magnitude of the angle": unsigned,
        "the angle modulo one turn": reduced,
        "the rotation of z ignored": rotation_ignored,
        "radians for turns": partial(turns_scaled, factor=1 / TURN),
        "radians for turns of phase": partial(phases_scaled, factor=1 / TURN),
        "degrees for turns": partial(turns_scaled, factor=1 / 360),
        "the opposite sign of the phase": partial(phases_scaled, factor=-1.0),
        "units of pi for turns": partial(phases_scaled, factor=0.5),
        "the phase ignored": partial(phases_scaled, factor=0.0),
        "the phase counted from the y axis": phases_shifted,
        "the phases exchanged": phases_exchanged,
        "the first phase for both": first_phase_only,
        "the default angle whatever is asked": default_angle,
        "a default angle of an eighth of a turn": partial(default_misread, angle=0.125),
        "a default angle of zero": partial(default_misread, angle=0.0),
        "the targets exchanged": targets_exchanged,
        "the first term only": first_term_only,
        "controls ignored": controls_ignored,
        "the first control only": first_control_only,
        "the last control only": last_control_only,
        "the first two controls only": two_controls_only,
        "control and target exchanged": control_and_target_exchanged,
        "controls that act on 0": controlled_on_zero,
        "any control instead of all": any_control,
        f"an angle {SMALL:g} rad too large": partial(off_by, error=SMALL),
        f"an angle {SMALL:g} rad too small": partial(off_by, error=-SMALL),
        f"an angle {LARGE:g} rad too large": partial(off_by, error=LARGE),
        f"an angle {LARGE:g} rad too small": partial(off_by, error=-LARGE),
        f"a phase {SMALL:g} rad too large": partial(phase_off_by, error=SMALL),
        f"a phase {SMALL:g} rad too small": partial(phase_off_by, error=-SMALL),
    }
)
"""Name to mistake; the name completes "The data fit: ..."."""


INVISIBLE = frozenset(
    name
    for name, change in MISTAKES.items()
    if "phase" in name
    and (change is phases_shifted or getattr(change, "func", None) is phase_off_by)
)
"""Made on every native gate alike they turn the whole frame about z, which nobody can see."""


def possible(mistake: Change, kind: str) -> bool:
    """Whether `mistake` can be made on gates of this kind at all."""
    return any(mistake(sample) is not None for sample in _samples(kind))


def _samples(kind: str) -> list[Step]:
    """Return steps of a kind in every form that a mistake may ask for."""
    gateset: Gateset = "native" if kind in {"gpi", "gpi2", "ms", "native zz"} else "qis"
    name = kind.removeprefix("native ").partition(" ")[0]
    form = FORMS[gateset][name]
    targets = (0, 1) if form.targets in {2, None} else (0,)
    parameters: tuple[float, ...] = ()
    if name in {"gpi", "gpi2"} or "rotation" in form.fields or kind == "native zz":
        parameters = (-0.3,)
    if kind == "z":
        parameters = ()
    if name == "ms":
        parameters = (0.1, 0.2, 0.2)
    if name == "pauliexp":
        gate = Gate(name, targets, (), (0.3, 0.4, 0.5), ("XY", "ZI"))
        return [Step(gate._replace(controls=c), gateset) for c in ((), (2,), (2, 3, 4))]
    controls: tuple[tuple[int, ...], ...] = ((), (2,), (2, 3, 4)) if gateset == "qis" else ((),)
    steps = [Step(Gate(name, targets, c, parameters), gateset) for c in controls]
    return [*steps, steps[0]._replace(implicit=True)] if name == "ms" else steps
