"""Outcome probabilities under noise for circuits too large for a density matrix.

A trajectory is a run of the circuit in which the noise has happened in one definite way: a random
Pauli word after some of the gates. The mean over all of them is the exact channel of `noise`.

The algorithm, so that anybody can repeat it:

1. Philox4x64-10 as in `sampling`, the seed as its key, but with a counter that starts from 1 with
   its highest word at 1: shots drawn with the same seed are independent of it.
2. Two words for each gate but `nop`, in the order of the circuit, trajectory by trajectory.
3. The gate's qubits are lost where the upper 53 bits of the first word are less than
   round(r * 2**53), half to even; r is `noise.rate`.
4. What replaces them is a Pauli word drawn evenly from all 4**k, the identity included: the upper
   2k bits of the second word, two a letter, 0 to 3 for I, X, Y, Z, the highest two for the gate's
   last qubit (targets come before controls).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from reference_sim.circuit import Circuit, parse
from reference_sim.errors import BadArgument
from reference_sim.fields import Fields
from reference_sim.forms import Gate
from reference_sim.noise import DepolarizingNoise
from reference_sim.sampling import checked_integer
from reference_sim.statevector import State, apply_gate, apply_pauli_exponential

TRAJECTORY_QUBITS: Final = 20
"""Most qubits of `noisy_trajectories` unless asked for more."""

MOST_TRAJECTORIES: Final = 2**24
"""Most trajectories of one call."""

Errors: TypeAlias = tuple[tuple[int, str], ...]
"""What went wrong in a trajectory: number of the gate, Pauli word on its qubits."""


class TrajectoryMean(NamedTuple):
    """An estimate of outcome probabilities; bit k of an index is qubit k."""

    mean: npt.NDArray[np.float64]
    """Shape (2**qubits,), summing to 1 within rounding."""
    standard_error: npt.NDArray[np.float64]
    """Of each entry of `mean`: sqrt(sum_t (p_t - mean)**2 / (T (T - 1))) for T trajectories.

    0 says that all of these trajectories agreed, not that the mean is exact.
    """


def noisy_trajectories(
    input: Fields,  # noqa: A002 (the name of this object in the API)
    noise: DepolarizingNoise,
    *,
    trajectories: int,
    seed: int,
    max_qubits: int = TRAJECTORY_QUBITS,
) -> TrajectoryMean:
    """Estimate the outcome probabilities of an IonQ `input` object under `noise`.

    No sampling of outcomes is involved: each trajectory gives all of its probabilities. The
    expectation is what `noisy_probabilities` returns.

    Args:
        input: As for `probabilities`.
        noise: As for `noisy_probabilities`.
        trajectories: How many, 2 to `MOST_TRAJECTORIES`.
        seed: From 0 to 2**128 - 1; the same seed gives the same errors on every platform.
        max_qubits: The most qubits to simulate; n of them take about 100 * 2**n bytes.

    Cost: O(2**n) time a gate for each distinct set of errors, counted from its first error on.
    Source: Dalibard, Castin and Molmer (1992), for a channel that mixes unitaries.

    Raises:
        CircuitError: The circuit is malformed or too large.
        BadArgument: `trajectories` or `seed` is out of range.
    """
    if checked_integer("trajectories", trajectories, MOST_TRAJECTORIES + 1) < 2:
        raise BadArgument("trajectories", "at least 2, for a standard error", str(trajectories))
    circuit = parse(input, max_qubits=max_qubits)
    drawn = Counter(_draw_errors(circuit, noise, trajectories, seed))
    mean = np.zeros(2**circuit.qubits)
    squares = np.zeros(2**circuit.qubits)
    seen = 0
    for state, count in _end_states(circuit, drawn):
        seen += count
        apart = state.real**2 + state.imag**2 - mean
        mean += apart * (count / seen)
        squares += apart**2 * (count * (seen - count) / seen)
    error = np.sqrt(squares / (trajectories * (trajectories - 1.0)))
    return TrajectoryMean(mean, error)


def _draw_errors(
    circuit: Circuit, noise: DepolarizingNoise, trajectories: int, seed: int
) -> Iterator[Errors]:
    """Yield the errors of each trajectory; words of I alone are left out."""
    from numpy.random import Philox  # a simulation without noise need not wait for it

    key = checked_integer("seed", seed, 2**128)
    words = Philox(key=key, counter=1 << 192)
    noisy = [(place, gate) for place, gate in enumerate(circuit.gates) if gate.name != "nop"]
    sizes = [len(gate.targets) + len(gate.controls) for _, gate in noisy]
    bounds = np.array([round(noise.rate(size) * 2**53) for size in sizes], dtype=np.uint64)
    for _ in range(trajectories):
        pairs = words.random_raw(2 * len(noisy)).reshape(-1, 2)
        lost = np.flatnonzero((pairs[:, 0] >> np.uint64(11)) < bounds).tolist()
        replaced = [(k, _pauli_word(int(pairs[k, 1]), sizes[k])) for k in lost]
        yield tuple([(noisy[k][0], word) for k, word in replaced if set(word) != {"I"}])


def _pauli_word(word: int, qubits: int) -> str:
    """Return a Pauli word; its last letter belongs to the gate's first qubit."""
    upper = word >> (64 - 2 * qubits)
    return "".join(["IXYZ"[upper >> 2 * k & 3] for k in reversed(range(qubits))])


def _end_states(circuit: Circuit, drawn: Counter[Errors]) -> Iterator[tuple[State, int]]:
    """Yield the end state of each distinct set of errors, and how often it was drawn.

    One state runs through the circuit without errors; each set of errors starts from a copy of it
    where its first error happens. The order is that of the first errors.
    """
    clean = np.zeros(2**circuit.qubits, dtype=np.complex128)
    clean[0] = 1
    starting: dict[int, list[Errors]] = {}
    for errors in sorted(filter(None, drawn)):
        starting.setdefault(errors[0][0], []).append(errors)
    for place, gate in enumerate(circuit.gates):
        apply_gate(clean, gate, circuit.gateset)
        for errors in starting.get(place, ()):
            yield _finish(clean.copy(), circuit, place, errors), drawn[errors]
    if drawn[()]:
        yield clean, drawn[()]


def _finish(state: State, circuit: Circuit, place: int, errors: Errors) -> State:
    """Change `state` by the errors from gate `place` on and the gates after it; return it."""
    words = dict(errors)
    _apply_error(state, circuit.gates[place], words[place])
    for later, gate in enumerate(circuit.gates[place + 1 :], place + 1):
        apply_gate(state, gate, circuit.gateset)
        if later in words:
            _apply_error(state, gate, words[later])
    return state


def _apply_error(state: State, gate: Gate, word: str) -> None:
    """Change `state` by `word`, up to a global phase: exp(-i pi/2 word) = -i word."""
    qubits: Sequence[int] = gate.targets + gate.controls
    apply_pauli_exponential(state, word, math.pi / 2, qubits)
