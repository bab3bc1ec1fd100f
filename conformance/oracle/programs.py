"""Circuits as lists of steps, so that a mistake can be written as other steps in their place."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

import reference_sim
from reference_sim import Circuit, DepolarizingNoise, Gate
from reference_sim.density import noisy_outcomes
from reference_sim.forms import Gateset
from reference_sim.statevector import apply_gate

FloatArray = npt.NDArray[np.float64]

_SILENT = DepolarizingNoise(one_qubit=0.0, two_qubit=0.0)
MOST_KEPT_QUBITS = 8
"""Qubits up to which results are remembered: many mistakes make the same of a circuit."""
MOST_NOISY_QUBITS = 8
"""Connected qubits up to which a noisy distribution is computed: some 0.1 s at 8."""


_MOST_KEPT_BYTES = 16_384
"""Length up to which a parsed circuit is remembered, as `marshal` writes it: some 200 gates."""
_PLAIN = 2
"""The format of `marshal` in which equal values are equal bytes: without references."""


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
    whole = parsed(circuit)
    steps = tuple(
        Step(gate, whole.gateset, implicit=gate.name == "ms" and "angle" not in raw)
        for gate, raw in zip(whole.gates, circuit["circuit"], strict=True)
    )
    return Program(whole.qubits, steps)


def parsed(circuit: Mapping[str, Any]) -> Circuit:
    """Return the circuit of an `input` object; every rule asks, so short ones are remembered.

    Raises:
        CircuitError: It describes none.
    """
    plain: Any = circuit
    try:
        written = marshal.dumps(plain, _PLAIN)
    except ValueError:  # no plain JSON: whether it describes a circuit, the parser says
        return reference_sim.parse(circuit)
    if len(written) > _MOST_KEPT_BYTES:
        return reference_sim.parse(circuit)
    return _parsed(written)


@lru_cache(maxsize=512)
def _parsed(written: bytes) -> Circuit:
    return reference_sim.parse(marshal.loads(written))  # noqa: S302 (our own bytes of a line above)


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
    for used in {step.gate.targets + step.gate.controls for step in program.steps}:
        joined = {group[q] for q in used} if len(used) > 1 else used
        if len(joined) > 1:
            lowest = min(joined)
            group = [lowest if g in joined else g for g in group]
    return [[q for q in range(program.qubits) if group[q] == g] for g in sorted(set(group))]


def _part(program: Program, members: Sequence[int], noise: DepolarizingNoise | None) -> FloatArray:
    """Return the distribution of some of the qubits, which no gate connects with others."""
    own, steps = tuple(members), program.steps
    if len(own) < program.qubits:
        steps = tuple(step for step in steps if step.gate.targets[0] in own)
    if noise is None:
        quick = _ideal if len(own) <= MOST_KEPT_QUBITS else _ideal.__wrapped__
        return quick(own, steps)
    if len(own) > MOST_NOISY_QUBITS:
        expected = f"at most {MOST_NOISY_QUBITS} connected qubits under noise"
        raise reference_sim.BadArgument("circuit", expected, str(len(own)))
    return _noisy(own, steps, noise)


def _moved(members: Sequence[int], steps: Sequence[Step]) -> Iterator[Gate]:
    """Yield the gates of the steps with each of `members` at its index there."""
    place = {qubit: index for index, qubit in enumerate(members)}
    for gate, *_ in steps:
        targets = tuple(map(place.__getitem__, gate.targets))
        controls = tuple(map(place.__getitem__, gate.controls))
        yield Gate(gate.name, targets, controls, gate.parameters, gate.words)


@lru_cache(maxsize=512)
def _ideal(members: tuple[int, ...], steps: tuple[Step, ...]) -> FloatArray:
    gatesets = {step.gateset for step in steps}
    gates = tuple(_moved(members, steps))
    if len(gatesets) <= 1:
        whole = Circuit(len(members), gates, next(iter(gatesets), "qis"))
        return reference_sim.circuit_probabilities(whole)
    state = np.zeros(2 ** len(members), dtype=np.complex128)
    state[0] = 1
    for gate, step in zip(gates, steps, strict=True):
        apply_gate(state, gate, step.gateset)
    found: FloatArray = state.real**2 + state.imag**2
    return found


@lru_cache(maxsize=512)
def _noisy(
    members: tuple[int, ...], steps: tuple[Step, ...], noise: DepolarizingNoise
) -> FloatArray:
    rates = {times: _scaled(noise, times) for times in {step.noise for step in steps}}
    gates = zip(_moved(members, steps), steps, strict=True)
    return noisy_outcomes(len(members), ((g, s.gateset, rates[s.noise]) for g, s in gates))


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
