"""A compiler to a machine's own gates: gpi and gpi2, with ms on Aria and zz on Forte systems.

The result equals what it was made from as a unitary, up to a global phase. Turns about Z cost
nothing before an interaction: they are carried past it, in the phases of ms. Only at the end of
the circuit is what was carried made of pulses.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import reference_sim
from conformance.mock.ionq.lowering import Interaction, NotCompiled, Step, lowered
from reference_sim.gates import IDENTITY, H, Matrix, X, Z, rz

Entangler: TypeAlias = Literal["ms", "zz"]
NativeGate: TypeAlias = dict[str, Any]

MOST_COMPILED = 200_000
"""Native gates of the largest circuit that is compiled."""

_SAME = 1e-12
"""Angles (radians) closer than this are the same: a few hundred roundings of double precision."""


def compiled(circuit: reference_sim.Circuit, entangler: Entangler) -> list[NativeGate]:
    """Return `circuit` in native gates, with the one interaction that a machine has.

    A native circuit that has no other interaction stays as it is.

    Raises:
        NotCompiled: A gate has no exact decomposition here, or there are too many gates.
    """
    if circuit.gateset == "native" and _is_own(circuit, entangler):
        return [_written(gate) for gate in circuit.gates if gate.name != "nop"]
    pulses = Pulses(entangler)
    pulses.play(lowered(circuit))
    return pulses.finished()


def _is_own(circuit: reference_sim.Circuit, entangler: Entangler) -> bool:
    return {gate.name for gate in circuit.gates} <= {"gpi", "gpi2", "nop", entangler}


def _written(gate: reference_sim.Gate) -> NativeGate:
    if gate.name == "ms":
        *phases, angle = gate.parameters
        return {"gate": "ms", "targets": list(gate.targets), "phases": phases, "angle": angle}
    if gate.name == "zz":
        return {"gate": "zz", "targets": list(gate.targets), "angle": gate.parameters[0]}
    return {"gate": gate.name, "target": gate.targets[0], "phase": gate.parameters[0]}


class Pulses:
    """Native gates as they are made; what each qubit still owes is kept as one matrix."""

    def __init__(self, entangler: Entangler) -> None:
        self._entangler = entangler
        self._owed: dict[int, Matrix] = {}
        self._gates: list[NativeGate] = []

    def play(self, steps: Iterable[Step]) -> None:
        """Add `steps`, in their order."""
        for step in steps:
            if isinstance(step, Interaction):
                self._interact(step)
            else:
                self._turn(step.qubit, step.matrix)
            if len(self._gates) > MOST_COMPILED:
                raise NotCompiled(f"expected at most {MOST_COMPILED} native gates, got more")

    def finished(self) -> list[NativeGate]:
        """Return all gates; nothing is owed any more."""
        for qubit in sorted(self._owed):
            self._pay(qubit)
        return self._gates

    def _turn(self, qubit: int, matrix: Matrix) -> None:
        owed = self._owed.get(qubit)
        self._owed[qubit] = matrix if owed is None else matrix @ owed

    def _interact(self, step: Interaction) -> None:
        """Add exp(-i angle/2 ZZ), brought to an angle from 0 to a quarter turn."""
        pair = (step.first, step.second)
        angle = math.remainder(step.angle, 2 * math.pi)
        if abs(angle) > math.pi / 2:  # by pi further, ZZ itself
            angle = math.remainder(angle - math.pi, 2 * math.pi)
            for qubit in pair:
                self._turn(qubit, Z)
        if abs(angle) < _SAME:
            return
        if angle < 0:  # X on one side changes the sign of ZZ
            self._turn(step.first, X)
        self._entangle(pair, abs(angle))
        if angle < 0:
            self._turn(step.first, X)

    def _entangle(self, pair: tuple[int, int], angle: float) -> None:
        if self._entangler == "zz":
            for qubit in pair:
                self._pay_but_z(qubit)
            turns = angle / (2 * math.pi)
            self._gates.append({"gate": "zz", "targets": list(pair), "angle": turns})
            return
        for qubit in pair:
            self._turn(qubit, H)
        phases = [_turns(-self._pay_but_z(qubit)) for qubit in pair]
        turns = angle / (2 * math.pi)
        self._gates.append({"gate": "ms", "targets": list(pair), "phases": phases, "angle": turns})
        for qubit in pair:
            self._turn(qubit, H)

    def _pay_but_z(self, qubit: int) -> float:
        """Play what `qubit` owes but for a last turn about Z; return that turn, in radians."""
        after, middle, before = _euler(self._owed.pop(qubit, IDENTITY))
        if middle < _SAME:
            left = after + before
        elif math.pi - middle < _SAME:
            self._pulse("gpi", qubit, math.pi - before)
            left = after + before - math.pi
        elif abs(middle - math.pi / 2) < _SAME:
            self._pulse("gpi2", qubit, math.pi / 2 - before)
            left = after + before
        else:
            self._pulse("gpi2", qubit, math.pi - before)
            self._pulse("gpi2", qubit, middle - before)
            left = after - (middle - before)
        self._owed[qubit] = rz(left)
        return left

    def _pay(self, qubit: int) -> None:
        """Play all that `qubit` owes."""
        after, middle, before = _euler(self._owed.pop(qubit))
        around = abs(math.remainder(after + before, 2 * math.pi))
        if middle < _SAME:
            if around > _SAME:
                self._pulse("gpi", qubit, 0.0)
                self._pulse("gpi", qubit, (after + before) / 2)
        elif math.pi - middle < _SAME:
            self._pulse("gpi", qubit, (after - before + math.pi) / 2)
        elif abs(middle - math.pi / 2) < _SAME and around < _SAME:
            self._pulse("gpi2", qubit, math.pi / 2 - before)
        else:
            self._pulse("gpi2", qubit, -before)
            self._pulse("gpi", qubit, (after - before - middle) / 2)
            self._pulse("gpi2", qubit, after)

    def _pulse(self, name: str, qubit: int, phase: float) -> None:
        self._gates.append({"gate": name, "target": qubit, "phase": _turns(phase)})


def _euler(matrix: Matrix) -> tuple[float, float, float]:
    """Return (a, b, c) in radians with `matrix` = rz(a) ry(b) rz(c) up to a phase, b from 0 to pi.

    Source: Nielsen and Chuang (2010), theorem 4.1.
    """
    middle = 2 * math.atan2(abs(matrix[1, 0]), abs(matrix[0, 0]))
    # The two large entries give a + c, or a - c; the small ones only how it is shared out.
    if middle < math.pi / 2:
        total = cmath.phase(matrix[1, 1] / matrix[0, 0])
        after = total if middle < _SAME else cmath.phase(matrix[1, 0] / matrix[0, 0])
        return after, middle, total - after
    apart = cmath.phase(-matrix[1, 0] / matrix[0, 1])
    after = apart if math.pi - middle < _SAME else cmath.phase(matrix[1, 0] / matrix[0, 0])
    return after, middle, after - apart


def _turns(radians: float) -> float:
    """Return an angle in turns, from -1/2 to 1/2."""
    return math.remainder(radians / (2 * math.pi), 1.0)
