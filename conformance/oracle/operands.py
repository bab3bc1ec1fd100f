"""What a plausible implementer gets wrong about operands: targets, terms, controls."""

from __future__ import annotations

from collections.abc import Sequence

from conformance.oracle.programs import Step
from reference_sim import Gate

INVERSES = {"s": "si", "si": "s", "t": "ti", "ti": "t", "v": "vi", "vi": "v"}
_SYMMETRIC = frozenset({"z", "s", "si", "t", "ti"})
"""Phases of 1: under controls they treat target and controls alike."""


def targets_exchanged(step: Step) -> Sequence[Step] | None:
    """Reverse the targets of a gate that does not treat them alike."""
    if step.gate.name != "pauliexp" or len(step.gate.targets) < 2:
        return None
    return (step._replace(gate=step.gate._replace(targets=step.gate.targets[::-1])),)


def first_term_only(step: Step) -> Sequence[Step] | None:
    """Apply the first term of a `pauliexp` and forget the others."""
    gate = step.gate
    if gate.name != "pauliexp" or len(gate.words) < 2:
        return None
    return (
        step._replace(gate=gate._replace(words=gate.words[:1], parameters=gate.parameters[:2])),
    )


def controls_ignored(step: Step) -> Sequence[Step] | None:
    """Act whatever the controls say."""
    return (_controlled(step, ()),) if step.gate.controls else None


def first_control_only(step: Step) -> Sequence[Step] | None:
    """Look at the first of several controls alone."""
    controls = step.gate.controls
    return (_controlled(step, controls[:1]),) if len(controls) > 1 else None


def last_control_only(step: Step) -> Sequence[Step] | None:
    """Look at the last of several controls alone."""
    controls = step.gate.controls
    return (_controlled(step, controls[-1:]),) if len(controls) > 1 else None


def two_controls_only(step: Step) -> Sequence[Step] | None:
    """Look at the first two of more controls, as a Toffoli does."""
    controls = step.gate.controls
    return (_controlled(step, controls[:2]),) if len(controls) > 2 else None


def control_and_target_exchanged(step: Step) -> Sequence[Step] | None:
    """Take the first control for the first target and the other way round."""
    gate = step.gate
    if not gate.controls or gate.name in _SYMMETRIC:
        return None
    targets = (gate.controls[0], *gate.targets[1:])
    controls = (gate.targets[0], *gate.controls[1:])
    return (step._replace(gate=gate._replace(targets=targets, controls=controls)),)


def controlled_on_zero(step: Step) -> Sequence[Step] | None:
    """Act where the controls are 0."""
    if not step.gate.controls:
        return None
    flips = _flips(step)
    return (*flips, step, *flips)


def any_control(step: Step) -> Sequence[Step] | None:
    """Act where any of several controls is 1: everywhere, and back where all are 0."""
    if len(step.gate.controls) < 2:
        return None
    flips, back = _flips(step), step._replace(gate=inverse(step.gate))
    return (_controlled(step, ()), *flips, back, *flips)


def inverse(gate: Gate) -> Gate:
    """Return the inverse of a QIS gate."""
    if gate.name == "pauliexp":
        return gate._replace(parameters=(-gate.parameters[0], *gate.parameters[1:]))
    if gate.parameters:
        return gate._replace(parameters=(-gate.parameters[0],))
    return gate._replace(name=INVERSES.get(gate.name, gate.name))


def _controlled(step: Step, controls: tuple[int, ...]) -> Step:
    gate = step.gate
    name = "x" if gate.name == "cnot" and not controls else gate.name
    return step._replace(gate=gate._replace(name=name, controls=controls))


def _flips(step: Step) -> tuple[Step, ...]:
    return tuple(Step(Gate("x", (q,)), "qis", 0.0) for q in step.gate.controls)
