"""Circuits as matrices, by the reference simulator alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

import reference_sim

Matrix = npt.NDArray[np.complex128]
FLIP: Mapping[str, Mapping[str, Any]] = {
    "qis": {"gate": "x"},
    "native": {"gate": "gpi", "phase": 0},
}


def unitary(circuit: Mapping[str, Any]) -> Matrix:
    """Return the matrix of an `input` object; column k is what becomes of basis state k."""
    flip, qubits = FLIP[circuit.get("gateset", "qis")], int(circuit["qubits"])
    columns = []
    for state in range(2**qubits):
        flips = [{**flip, "target": q} for q in range(qubits) if state >> q & 1]
        whole = {**circuit, "circuit": [*flips, *circuit["circuit"]]}
        columns.append(reference_sim.evolve(reference_sim.parse(whole)))
    return np.array(columns).T


def distance(one: Matrix, other: Matrix) -> float:
    """Return the largest difference of two unitaries, their global phases made the same."""
    overlap = np.vdot(one, other)
    return float(np.abs(one * overlap / abs(overlap) - other).max())
