"""From gates to rotations of one qubit and exp(-i t/2 ZZ) on two: what a compiler starts from.

All of it holds up to one global phase of the whole circuit. Phases under controls are kept: they
become rotations of the controls.
"""

from __future__ import annotations

import cmath
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np

import reference_sim
from conformance.mock.ionq.twolevel import TwoLevel, decomposed
from reference_sim.gates import SI, H, Matrix, X, commute, phase, rz

MOST_CONTROLS = 12
"""Most qubits of a gate that are compiled as controls: k of them cost about 2**k interactions."""

MOST_MIXED = 5
"""Most targets of an exponential whose terms do not commute: its matrix is taken apart."""


class Turn(NamedTuple):
    """A unitary of one qubit, shape (2, 2), up to a phase."""

    qubit: int
    matrix: Matrix


class Interaction(NamedTuple):
    """exp(-i angle/2 ZZ) on two qubits; radians."""

    first: int
    second: int
    angle: float


Step: TypeAlias = Turn | Interaction


@dataclass(eq=False)
class NotCompiled(Exception):
    """A gate that this compiler has no exact decomposition for."""

    reason: str

    def __str__(self) -> str:
        return self.reason


def lowered(circuit: reference_sim.Circuit) -> Iterator[Step]:
    """Yield steps that together are the unitary of `circuit`, up to a global phase.

    Raises:
        NotCompiled: A gate has more than `MOST_CONTROLS` controls, or is a `pauliexp` on more than
            `MOST_MIXED` targets whose terms do not commute.
    """
    for number, gate in enumerate(circuit.gates):
        if len(gate.controls) > MOST_CONTROLS:
            seen = len(gate.controls)
            reason = f"gate {number}: expected at most {MOST_CONTROLS} controls, got {seen}"
            raise NotCompiled(reason)
        if len(gate.targets) > MOST_MIXED and not commute(gate.words):
            reason = f"gate {number}: expected commuting terms on more than {MOST_MIXED} targets"
            raise NotCompiled(f"{reason}, got some that do not")
        yield from _native(gate) if circuit.gateset == "native" else _qis(gate)


def _native(gate: reference_sim.Gate) -> Iterator[Step]:
    if gate.name == "nop":
        return
    if gate.name == "zz":
        first, second = gate.targets
        yield Interaction(first, second, 2 * math.pi * gate.parameters[0])
    elif gate.name == "ms":
        first, second = gate.targets
        *phases, angle = gate.parameters
        # gpi(p) is X seen from axes that are turned by p about Z.
        axes = [H @ rz(-2 * math.pi * math.fmod(p, 1.0)) for p in phases]
        for qubit, axis in zip(gate.targets, axes, strict=True):
            yield Turn(qubit, axis)
        yield Interaction(first, second, 2 * math.pi * angle)
        for qubit, axis in zip(gate.targets, axes, strict=True):
            yield Turn(qubit, axis.conj().T)
    else:
        matrix = reference_sim.matrix_of("native", gate.name, gate.parameters)
        yield Turn(gate.targets[0], matrix)


def _qis(gate: reference_sim.Gate) -> Iterator[Step]:
    controls, targets = gate.controls, gate.targets
    if gate.name == "pauliexp":
        time, *coefficients = gate.parameters
        if not commute(gate.words):
            matrix = reference_sim.matrix_of("qis", gate.name, gate.parameters, gate.words)
            yield from _unitary(matrix, targets, controls)
            return
        for word, coefficient in zip(gate.words, coefficients, strict=True):
            yield from _pauli_exponential(word, time * coefficient, targets, controls)
    elif gate.name in {"xx", "yy", "zz"}:
        word = gate.name.upper()
        yield from _pauli_exponential(word, gate.parameters[0] / 2, targets, controls)
    elif gate.name == "swap":
        first, second = targets
        yield from _cnot(second, first)
        yield from _controlled(X, (*controls, first), second)
        yield from _cnot(second, first)
    else:
        matrix = reference_sim.matrix_of("qis", gate.name, gate.parameters)
        yield from _controlled(matrix, controls, targets[0])


def _pauli_exponential(
    word: str, angle: float, targets: Sequence[int], controls: Sequence[int]
) -> Iterator[Step]:
    """Yield exp(-i angle word); the last letter of `word` acts on targets[0]."""
    acted = [
        (q, letter) for q, letter in zip(targets, reversed(word), strict=True) if letter != "I"
    ]
    if not acted:
        yield from _phase(controls, -angle)
        return
    axes = [(q, H if letter == "X" else H @ SI) for q, letter in acted if letter != "Z"]
    qubits = [q for q, _ in acted]
    yield from (Turn(q, axis) for q, axis in axes)
    if len(qubits) == 2 and not controls:
        yield Interaction(qubits[0], qubits[1], 2 * angle)
    else:
        parities = list(itertools.pairwise(qubits))
        for pair in parities:
            yield from _cnot(*pair)
        yield from _controlled(rz(2 * angle), controls, qubits[-1])
        for pair in reversed(parities):
            yield from _cnot(*pair)
    yield from (Turn(q, axis.conj().T) for q, axis in axes)


def _unitary(matrix: Matrix, targets: Sequence[int], controls: Sequence[int]) -> Iterator[Step]:
    """Yield any unitary, bit j of whose index belongs to targets[j], under `controls`."""
    angle, factors = decomposed(matrix)
    yield from _phase((*controls, *targets), angle)
    for factor in factors:
        yield from _two_level(factor, targets, controls)


def _two_level(factor: TwoLevel, targets: Sequence[int], controls: Sequence[int]) -> Iterator[Step]:
    """Yield a rotation of two states: brought to differ in one bit, the others as controls."""
    apart = factor.low ^ factor.high
    pivot = apart.bit_length() - 1  # 0 in `low`, the lesser, and 1 in `high`
    bits = [bit for bit in range(len(targets)) if bit != pivot]
    joining = [(targets[pivot], targets[bit]) for bit in bits if apart >> bit & 1]
    zeros = [targets[bit] for bit in bits if not factor.low >> bit & 1]
    for pair in joining:
        yield from _cnot(*pair)
    yield from (Turn(qubit, X) for qubit in zeros)
    others = [targets[bit] for bit in bits]
    yield from _controlled(factor.matrix, (*controls, *others), targets[pivot])
    yield from (Turn(qubit, X) for qubit in zeros)
    for pair in reversed(joining):
        yield from _cnot(*pair)


def _controlled(matrix: Matrix, controls: Sequence[int], target: int) -> Iterator[Step]:
    """Yield `matrix` on `target` where all of `controls` are 1: phases between its eigenvectors."""
    if not controls:
        yield Turn(target, matrix)
        return
    half = cmath.phase(np.linalg.det(matrix)) / 2
    special = matrix * cmath.rect(1, -half)
    cosine = float(np.trace(special).real) / 2
    sines, vectors = np.linalg.eigh(1j * (special - cosine * np.eye(2)))
    zero, one = (half + math.atan2(-sine, cosine) for sine in sines.tolist())
    yield Turn(target, vectors.conj().T)
    yield from _phase(controls, zero)
    yield from _phase((*controls, target), one - zero)
    yield Turn(target, vectors)


def _phase(qubits: Sequence[int], angle: float) -> Iterator[Step]:
    """Yield exp(i angle) where all of `qubits` are 1.

    The projector on all ones is the product of (1 - Z)/2, so the exponent is a sum over the
    subsets of `qubits`: each parity of k qubits is turned by (-1)**k angle / 2**n. The parities
    that end at one qubit are collected there one after the other, each one CNOT from the one
    before (a Gray code).
    """
    angle = math.remainder(angle, 2 * math.pi)
    if angle == 0.0 or not qubits:
        return
    share = angle / 2 ** len(qubits)
    for place, last in enumerate(qubits):
        lower = qubits[:place]
        yield Turn(last, rz(2 * share))
        if len(lower) == 1:
            yield Interaction(lower[0], last, -2 * share)
            continue
        for step in range(1, 2**place):
            yield from _cnot(lower[(step & -step).bit_length() - 1], last)
            members = (step ^ step >> 1).bit_count()
            yield Turn(last, rz(2 * share * (-1) ** members))
        if lower:
            yield from _cnot(lower[-1], last)


def _cnot(control: int, target: int) -> Iterator[Step]:
    yield Turn(target, H)
    yield Turn(control, phase(math.pi / 2))
    yield Turn(target, phase(math.pi / 2))
    yield Interaction(control, target, -math.pi / 2)
    yield Turn(target, H)
