"""The state of a circuit, gate by gate: with `gates`, the oracle of record.

Every other path to the same numbers is compared with this one in the tests.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product
from types import EllipsisType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from reference_sim.circuit import Circuit
from reference_sim.forms import Gate, Gateset
from reference_sim.gates import Matrix, commute, matrix_of

State: TypeAlias = npt.NDArray[np.complex128]

BLOCK_QUBITS: Final = 16
"""A gate is applied to 2**16 amplitudes (1 MiB) at a time: they and the temporaries stay in the
cache, and a state of 29 qubits needs no second array of its size."""


def evolve(circuit: Circuit) -> State:
    """Return the amplitudes after all gates, from |0...0>: shape (2**qubits,), unit 2-norm.

    Bit k of an index is qubit k. Cost: O(gates 2**qubits) time, the state and 3 MiB in memory.
    Error: about gates * eps in 2-norm.
    """
    state = np.zeros(2**circuit.qubits, dtype=np.complex128)
    state[0] = 1
    for gate in circuit.gates:
        apply_gate(state, gate, circuit.gateset)
    return state


def apply_gate(state: State, gate: Gate, gateset: Gateset) -> None:
    """Change `state`, shape (2**n,), to what it is after `gate`."""
    if gate.name == "nop":
        return
    if gate.name == "pauliexp" and commute(gate.words):
        time, *coefficients = gate.parameters
        for word, coefficient in zip(gate.words, coefficients, strict=True):
            apply_pauli_exponential(state, word, time * coefficient, gate.targets, gate.controls)
        return
    matrix = matrix_of(gateset, gate.name, gate.parameters, gate.words)
    apply_matrix(state, matrix, gate.targets, gate.controls)


def apply_matrix(
    state: State, matrix: Matrix, targets: Sequence[int], controls: Sequence[int] = ()
) -> None:
    """Change `state` by `matrix` on `targets`, where all `controls` are 1.

    Args:
        state: Amplitudes, shape (2**n,), contiguous; changed in place.
        matrix: Shape (2**k, 2**k); bit j of a row or column belongs to `targets[j]`.
        targets: k distinct qubits out of range(n).
        controls: Other qubits out of range(n).

    Error: at most about 2**(3*k/2) eps in 2-norm (Higham 2002, section 3.5).
    Cost: O(2**(n+k)) time.
    Source: Nielsen and Chuang (2010), sections 2.2.8 and 4.3.
    """
    for block in blocks(state, targets, controls):
        columns = block.reshape(len(matrix), -1)
        block[...] = (matrix @ columns).reshape(block.shape)


def apply_pauli_exponential(
    state: State, word: str, angle: float, targets: Sequence[int], controls: Sequence[int] = ()
) -> None:
    """Change `state` by exp(-i angle word) = cos(angle) - i sin(angle) word, on any many targets.

    The arguments are those of `apply_matrix`; the last letter of `word` acts on targets[0].

    Cost: O(k 2**n) time, where a matrix would cost O(2**(n+k)).
    """
    for block in blocks(state, targets, controls):
        image = block
        for axis, letter in enumerate(word):
            image = pauli_letter(image, axis, letter)
        block[...] = math.cos(angle) * block - 1j * math.sin(angle) * image


def pauli_letter(amplitudes: State, axis: int, letter: str) -> State:
    """Return I, X, Y or Z applied to the qubit on `axis`: Y|0> = i|1>, Y|1> = -i|0>.

    A new array, but for I: `amplitudes` itself.
    """
    if letter == "I":
        return amplitudes
    factors = {"X": (1, 1), "Y": (-1j, 1j), "Z": (1, -1)}[letter]  # of the new |0> and |1>
    source = amplitudes if letter == "Z" else np.flip(amplitudes, axis)
    shape = [1] * amplitudes.ndim
    shape[axis] = 2
    image: State = source * np.reshape(factors, shape)
    return image


def blocks(state: State, targets: Sequence[int], controls: Sequence[int]) -> Iterator[State]:
    """Yield views of all amplitudes with every control at 1, the targets on the leading axes.

    The last target comes first, so that the leading axes, flattened, count rows of a matrix. A
    large state comes in blocks, one for each setting of the highest qubits that are not touched.
    """
    n = state.size.bit_length() - 1
    tensor = state.reshape((2,) * n)  # axis n-1-q is qubit q
    touched = {*targets, *controls}
    idle = [q for q in reversed(range(n)) if q not in touched]
    fixed = idle[: max(0, n - BLOCK_QUBITS)]
    rest = [q for q in idle if q not in fixed]
    order = [n - 1 - q for q in (*fixed, *controls, *reversed(targets), *rest)]
    ordered = tensor.transpose(order)
    ones = (1,) * len(controls)
    for setting in product((0, 1), repeat=len(fixed)):
        place: tuple[int | EllipsisType, ...] = (*setting, *ones, ...)
        yield ordered[place]
