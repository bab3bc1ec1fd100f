"""The quick path for small circuits: few NumPy calls a gate, checked against `statevector`.

At these sizes a gate costs what its Python calls cost, so axes are never moved. The amplitudes lie
in any order, with `view[i]` the place of basis index i; a gate picks the amplitudes it mixes by
one precomputed index array, and leaves them where its matrix product puts them. Gates that only
permute basis states (x, cnot, swap, with any controls) change `view` alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from reference_sim.circuit import Circuit
from reference_sim.gates import matrix_of

Indices: TypeAlias = npt.NDArray[np.intp]

MOST_QUBITS: Final = 8
"""Up to here this path is quicker than `statevector`; index arrays take at most 4 KiB a gate."""

_PERMUTING: Final = frozenset({"x", "not", "cnot", "swap"})


def small_probabilities(circuit: Circuit) -> npt.NDArray[np.float64]:
    """Return the outcome probabilities of a circuit, shape (2**qubits,); bit k is qubit k.

    The same numbers as the squared amplitudes of `evolve`, within rounding.
    """
    n, gateset = circuit.qubits, circuit.gateset
    state, view = _start(n)
    for gate in circuit.gates:
        name = gate.name
        if name in _PERMUTING:
            view = view[_permutation(n, gate.targets, gate.controls)]
        elif name != "nop":
            where, back = _plan(n, gate.targets, gate.controls)
            place = view[where]
            find = _matrix if len(where) <= 4 else matrix_of
            mixed = find(gateset, name, gate.parameters, gate.words).dot(state[place])
            if back is None:
                state[place] = mixed
            else:
                state, view = mixed.ravel(), back
    probabilities: npt.NDArray[np.float64] = (state.real**2 + state.imag**2)[view]
    return probabilities


def _start(n: int) -> tuple[npt.NDArray[np.complex128], Indices]:
    state = np.zeros(2**n, dtype=np.complex128)
    state[0] = 1
    return state, _identity(n)


_matrix: Final = lru_cache(maxsize=16384)(matrix_of)
"""For gates on one or two targets: runs and variants of one circuit repeat most of their angles.
At most about 8 MB."""


@lru_cache(maxsize=32)
def _identity(n: int) -> Indices:
    return np.arange(2**n, dtype=np.intp)


def _spread(qubits: Sequence[int]) -> Indices:
    """Return, for each number, the basis index with bit j of the number on `qubits[j]`."""
    indices = np.zeros(1, dtype=np.intp)
    for qubit in qubits:
        indices = np.concatenate((indices, indices | 1 << qubit))
    return indices


@lru_cache(maxsize=4096)
def _plan(
    n: int, targets: tuple[int, ...], controls: tuple[int, ...]
) -> tuple[Indices, Indices | None]:
    """Return the basis indices that a gate mixes, and where they are after the product.

    The second is the inverse permutation of the first; None under controls, where the rest
    of the state stays in its place.
    """
    where = mixed_indices(n, targets, controls)
    return where, None if controls else np.argsort(where, axis=None)


def mixed_indices(n: int, targets: Sequence[int], controls: Sequence[int] = ()) -> Indices:
    """Return the basis indices that a matrix on `targets` mixes, shape (2**k, rest).

    Row r has those whose targets read r and whose controls are 1.
    """
    idle = [q for q in range(n) if q not in targets and q not in controls]
    return _spread(targets)[:, np.newaxis] | _spread(idle) | sum(1 << q for q in controls)


@lru_cache(maxsize=4096)
def _permutation(n: int, targets: tuple[int, ...], controls: tuple[int, ...]) -> Indices:
    """Return the basis index that each one comes from.

    One target is flipped (x), two are exchanged (swap): both are their own inverses.
    """
    source = _identity(n).copy()
    flips = sum(1 << q for q in targets)
    acts = source & sum(1 << q for q in controls) == sum(1 << q for q in controls)
    if len(targets) == 2:
        low, high = targets
        acts &= (source >> low & 1) != (source >> high & 1)
    source[acts] ^= flips
    return source
