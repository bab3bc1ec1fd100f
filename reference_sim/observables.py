"""Energies of Hamiltonians that are written as Pauli terms.

A Hamiltonian is a list of `{"pauli_string", "coefficient"}`, as in the input of IonQ's
quantum-function jobs. All strings have one letter a qubit, and the **last** letter acts on qubit 0.
That order is our choice, the one of `pauliexp` and of qiskit's labels: IonQ's document says
nothing of it. A string may come several times; its coefficients add up.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from reference_sim.circuit import MAX_QUBITS, parse
from reference_sim.errors import CircuitError, ProblemError, shown
from reference_sim.fields import Fields, as_object, read_number
from reference_sim.gates import hermitian_sum
from reference_sim.statevector import State, evolve, pauli_letter

MAX_SPECTRUM_QUBITS: Final = 10
"""Most qubits of `energy_range`: the eigenvalues of a matrix of 1024 x 1024, about a second."""

MAX_DIAGONAL_QUBITS: Final = 20
"""The same where all letters are I and Z, so that the energies are those of basis states."""

Terms: TypeAlias = tuple[tuple[str, float], ...]


class EnergyRange(NamedTuple):
    """The ends of a spectrum: no state has an energy outside."""

    lowest: float
    highest: float


def energy(ansatz: Fields, hamiltonian: Sequence[object], *, max_qubits: int = MAX_QUBITS) -> float:
    """Return the expectation of `hamiltonian` in the state that `ansatz` prepares.

    >>> flipped = {"circuit": [{"gate": "x", "target": 0}]}
    >>> energy(flipped, [{"pauli_string": "IZ", "coefficient": 2}])
    -2.0

    Args:
        ansatz: An IonQ `input` object, as for `probabilities`; where it leaves `qubits` out, it has
            as many as the Hamiltonian has letters.
        hamiltonian: See the head of this module; in the units of its coefficients.
        max_qubits: The most qubits to simulate.

    Error: about (gates + 1) eps times the sum of |coefficient|.
    Cost: O((gates + letters that are not I) 2**qubits) time.

    Raises:
        CircuitError: The ansatz is malformed or too large.
        ProblemError: The Hamiltonian is malformed, or does not have the ansatz' qubits.
    """
    terms = _read_terms(hamiltonian)
    letters = len(terms[0][0])
    fields = as_object(ansatz, "input")
    circuit = parse({"qubits": letters, **fields}, max_qubits=max_qubits)
    if circuit.qubits != letters:
        reason = f"expected {circuit.qubits} letters, one a qubit of the ansatz, got {letters}"
        raise ProblemError("hamiltonian", "pauli_string", reason, 0)
    state = evolve(circuit)
    return math.fsum(coefficient * _expectation(state, word) for word, coefficient in terms)


def energy_range(hamiltonian: Sequence[object]) -> EnergyRange:
    """Return the lowest and the highest eigenvalue of a Hamiltonian.

    Exact within a few eps times the sum of |coefficient|.

    Raises:
        ProblemError: The Hamiltonian is malformed, or has more than `MAX_SPECTRUM_QUBITS` qubits
            (`MAX_DIAGONAL_QUBITS` with the letters I and Z alone).
    """
    terms = _read_terms(hamiltonian)
    qubits = len(terms[0][0])
    diagonal = all(set(word) <= {"I", "Z"} for word, _ in terms)
    most = MAX_DIAGONAL_QUBITS if diagonal else MAX_SPECTRUM_QUBITS
    if qubits > most:
        reason = f"expected at most {most} letters for exact eigenvalues, got {qubits}"
        raise ProblemError("hamiltonian", "pauli_string", reason, 0)
    if diagonal:
        energies = _diagonal(terms)
    else:
        words, coefficients = zip(*terms, strict=True)
        energies = np.linalg.eigvalsh(hermitian_sum(words, coefficients)).astype(np.float64)
    return EnergyRange(float(energies.min()), float(energies.max()))


def _expectation(state: State, word: str) -> float:
    tensor = state.reshape((2,) * len(word))  # axis 0 is the highest qubit: the first letter
    image = tensor
    for axis, letter in enumerate(word):
        image = pauli_letter(image, axis, letter)
    return float(np.vdot(tensor, image).real)


def _diagonal(terms: Terms) -> npt.NDArray[np.float64]:
    """Return the energy of each basis state under letters I and Z, shape (2**qubits,)."""
    energies = np.zeros((2,) * len(terms[0][0]))
    for word, coefficient in terms:
        signs = np.full((1,) * energies.ndim, coefficient)
        for axis, letter in enumerate(word):
            if letter == "Z":
                shape = [1] * energies.ndim
                shape[axis] = 2
                signs = signs * np.reshape((1.0, -1.0), shape)
        energies += signs
    return energies


# ---------------------------------------------------------------- reading


def _read_terms(hamiltonian: Sequence[object]) -> Terms:
    if not isinstance(hamiltonian, list | tuple) or not hamiltonian:
        reason = f"expected a list of at least one term, got {shown(hamiltonian)}"
        raise ProblemError("hamiltonian", "hamiltonian", reason)
    terms: list[tuple[str, float]] = []
    for entry in hamiltonian:
        try:
            terms.append(_read_term(entry, len(terms[0][0]) if terms else None))
        except CircuitError as error:
            place = len(terms)
            raise ProblemError("hamiltonian", error.field, error.reason, place) from None
    if not math.isfinite(sum(abs(coefficient) for _, coefficient in terms)):
        reason = "expected a finite sum of all terms, got an overflow"
        raise ProblemError("hamiltonian", "coefficient", reason)
    return tuple(terms)


def _read_term(entry: object, letters: int | None) -> tuple[str, float]:
    fields = as_object(entry, "hamiltonian")
    word = fields.get("pauli_string")
    if not isinstance(word, str) or not word or not set(word) <= set("IXYZ"):
        seen = shown(word) if "pauli_string" in fields else "nothing"
        raise CircuitError("pauli_string", f"expected letters of I, X, Y, Z, got {seen}")
    if letters is not None and len(word) != letters:
        reason = f"expected {letters} letters, as in the first term, got {len(word)}"
        raise CircuitError("pauli_string", reason)
    return word, read_number(fields, "coefficient")
