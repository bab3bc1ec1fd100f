"""A unitary as a product of rotations that touch two basis states each, and one phase."""

from __future__ import annotations

import cmath
from typing import NamedTuple

import numpy as np

from reference_sim.gates import Matrix


class TwoLevel(NamedTuple):
    """A unitary that mixes the basis states `low` < `high` and leaves all others alone."""

    low: int
    high: int
    matrix: Matrix
    """Shape (2, 2); its first row and column belong to `low`."""


def decomposed(unitary: Matrix) -> tuple[float, list[TwoLevel]]:
    """Return a phase of the last basis state, in radians, and what is to be applied after it.

    Columns are cleared one by one as in Givens' QR decomposition: of a unitary nothing is left
    but phases, and all of these but the last are rotated away too.

    Error: a few eps times the number of rows. Cost: O(size**3).
    Source: Nielsen and Chuang (2010), section 4.5.1.
    """
    left = np.array(unitary, dtype=np.complex128)
    undone = []
    for low in range(len(left) - 1):
        for high in range(low + 1, len(left)):
            a, b = left[low, low], left[high, low]
            norm = float(np.hypot(abs(a), abs(b)))
            if abs(b) == 0 and a == norm:
                continue
            exact = ((a.conjugate() / norm, b.conjugate() / norm), (-b / norm, a / norm))
            rows = np.array(exact, dtype=np.complex128)
            left[[low, high]] = rows @ left[[low, high]]
            undone.append(TwoLevel(low, high, rows.conj().T))
    return cmath.phase(left[-1, -1]), undone[::-1]
