"""Circuits as lists of steps, so that a mistake can be written as other steps in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

import reference_sim
from reference_sim import DepolarizingNoise, Gate
from reference_sim.density import apply_noisy_gate
from reference_sim.forms import Gateset
from reference_sim.statevector import apply_gate

FloatArray = npt.NDArray[np.float64]

_SILENT = DepolarizingNoise(one_qubit=0.0, two_qubit=0.0)
MOST_KEPT_QUBITS = 8
"""Qubits up to which results are remembered: many mistakes make the same of a circuit."""
MOST_NOISY_QUBITS = 8
"""Connected qubits up to which a noisy distribution is computed: some 0.1 s at 8."""


class Step(NamedTuple):
    """One gate of a program. A mistake may mix gates of both gatesets."""

    gate: Gate
    gateset: Gateset
    noise: float = 1.0
    """How often a noise model acts after it: 0 for a virtual gate; 3 for one made of three."""
    implicit: bool = False
    """Whether the interaction angle of an `ms` was left to its default."""


@dataclass(frozen=True, slots=True)
class Program:
    """A circuit whose steps are known to be valid."""

    qubits: int
    steps: tuple[Step, ...]

    def with_steps(self, steps: Iterable[Step]) -> Program:
        """Return the program with other steps."""
        return replace(self, steps=tuple(steps))


def read(circuit: Mapping[str, Any]) -> Program:
    """Return the program of an `input` object.

    Raises:
        CircuitError: It describes none.
    """
    parsed = reference_sim.parse(circuit)
    steps = tuple(
        Step(gate, parsed.gateset, implicit=gate.name == "ms" and "angle" not in raw)
        for gate, raw in zip(parsed.gates, circuit["circuit"], strict=True)
    )
    return Program(parsed.qubits, steps)


def distribution(program: Program, noise: DepolarizingNoise | None = None) -> FloatArray:
    """Return the exact outcome probabilities of `program`, shape (2**qubits,); bit k is qubit k.

    Qubits that no gate connects are simulated apart: their outcomes are independent, also under
    noise that acts on the qubits of a gate.

    Raises:
        BadArgument: With noise, more than `MOST_NOISY_QUBITS` qubits are connected.
    """
    whole = np.ones(1)
    order: list[int] = []
    for members in components(program):
        part = _part(program, members, noise)
        whole = np.multiply.outer(part, whole).reshape(-1)
        order += members
    return _rearranged(whole, order)


def components(program: Program) -> list[list[int]]:
    """Return the qubits of `program` in groups that no gate connects, each sorted."""
    group = list(range(program.qubits))
    for step in program.steps:
        used = step.gate.targets + step.gate.controls
        joined = {group[q] for q in used}
        if len(joined) > 1:
            lowest = min(joined)
            group = [lowest if g in joined else g for g in group]
    return [[q for q in range(program.qubits) if group[q] == g] for g in sorted(set(group))]


def _part(program: Program, members: Sequence[int], noise: DepolarizingNoise | None) -> FloatArray:
    place = {qubit: index for index, qubit in enumerate(members)}
    alone = len(members) == program.qubits
    steps = program.steps if alone else tuple(_moved(program.steps, place))
    if noise is None:
        quick = _ideal if len(members) <= MOST_KEPT_QUBITS else _ideal.__wrapped__
        return quick(len(members), steps)
    if len(members) > MOST_NOISY_QUBITS:
        expected = f"at most {MOST_NOISY_QUBITS} connected qubits under noise"
        raise reference_sim.BadArgument("circuit", expected, str(len(members)))
    return _noisy(len(members), steps, noise)


def _moved(steps: Sequence[Step], place: Mapping[int, int]) -> Iterator[Step]:
    """Yield the steps on the qubits that have a place, there."""
    for step in steps:
        gate = step.gate
        if gate.targets[0] in place:
            targets = tuple(place[q] for q in gate.targets)
            controls = tuple(place[q] for q in gate.controls)
            yield step._replace(gate=gate._replace(targets=targets, controls=controls))


@lru_cache(maxsize=512)
def _ideal(qubits: int, steps: tuple[Step, ...]) -> FloatArray:
    gatesets = {step.gateset for step in steps}
    if len(gatesets) <= 1:
        gates = tuple(step.gate for step in steps)
        whole = reference_sim.Circuit(qubits, gates, next(iter(gatesets), "qis"))
        return reference_sim.circuit_probabilities(whole)
    state = np.zeros(2**qubits, dtype=np.complex128)
    state[0] = 1
    for step in steps:
        apply_gate(state, step.gate, step.gateset)
    found: FloatArray = state.real**2 + state.imag**2
    return found


@lru_cache(maxsize=512)
def _noisy(qubits: int, steps: tuple[Step, ...], noise: DepolarizingNoise) -> FloatArray:
    rho = np.zeros(4**qubits, dtype=np.complex128)
    rho[0] = 1
    for step in steps:
        apply_noisy_gate(rho, step.gate, step.gateset, _scaled(noise, step.noise))
    found: FloatArray = np.maximum(rho[:: 2**qubits + 1].real, 0.0)
    return found


def _scaled(noise: DepolarizingNoise, times: float) -> DepolarizingNoise:
    """Return the noise that acts `times` over, as one channel: what is kept multiplies."""
    if times == 1.0:
        return noise
    if times == 0.0:
        return _SILENT
    return DepolarizingNoise(
        one_qubit=1 - (1 - noise.one_qubit) ** times,
        two_qubit=1 - (1 - noise.two_qubit) ** times,
    )


def _rearranged(whole: FloatArray, order: Sequence[int]) -> FloatArray:
    """Return `whole`, whose bit i is qubit order[i], with bit k for qubit k."""
    n = len(order)
    if list(order) == list(range(n)):
        return whole
    tensor = whole.reshape((2,) * n)  # axis n-1-i is order[i]
    axis_of = {qubit: n - 1 - i for i, qubit in enumerate(order)}
    axes = [axis_of[qubit] for qubit in reversed(range(n))]
    return np.ascontiguousarray(tensor.transpose(axes)).reshape(-1)
