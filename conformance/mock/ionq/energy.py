"""Quantum functions: the energy of a Hamiltonian in the state that an ansatz prepares.

An ansatz is an OpenQASM 3 program whose inputs take the parameters, in the order in which they are
declared. Terms that can be read in one basis are read together, from one circuit: the ansatz and
a turn of each qubit into that basis. On the ideal simulator the energy is exact, elsewhere it is
the mean over the shots; the variance told is that of the mean of `shots` readings of each circuit.

With a penalty, or a part of the distribution asked for (`cvar_alpha`), each outcome needs an
energy of its own, so that all terms must be of I and Z. The penalty is added times the sum of what
each constraint is exceeded by; bit k of an outcome is x_k. Of the outcomes in order of energy the
lowest `cvar_alpha` of the probability are averaged.

Source: IonQ's document for the input, IonQ's SDK and ionq-core 0.2.0 for OpenQASM and for the
names of the results. The forms of penalty and variance are not public, and so the mock's choice.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from conformance.mock.ionq import execution
from conformance.mock.ionq.backends import Backend
from conformance.mock.ionq.circuits import Circuit, JobFailure, runnable
from conformance.mock.ionq.job import Job
from conformance.mock.program import ProgramProblem, openqasm

KIND = "hamiltonian-energy"

MOST_TERMS = 1000

MOST_WORK = 2**24
"""Gates and terms times amplitudes of one job, about half a second."""

MOST_READ = 2**26
"""Shots times qubits times bases of one job that is measured, some seconds."""

LARGEST = 1e50
"""Largest number of a problem, so that no product of them overflows."""

_INTO_Z: Mapping[str, tuple[str, ...]] = {"X": ("h",), "Y": ("si", "h")}
"""Gates that turn a letter's basis into that of Z."""

FloatArray = npt.NDArray[np.float64]
Term = tuple[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """An energy that has a meaning."""

    ansatz: Mapping[str, Any]
    """An `input` object."""
    bases: Mapping[str, Sequence[Term]]
    """A letter for each qubit, the last for qubit 0, to the terms that are read in that basis."""
    penalty: float
    linear: Sequence[tuple[FloatArray, float]]
    quadratic: Sequence[tuple[FloatArray, FloatArray, float]]
    alpha: float

    @property
    def is_plain(self) -> bool:
        """Whether the energy is the expectation of the Hamiltonian and nothing else."""
        constrained = self.penalty != 0 and bool(self.linear or self.quadratic)
        return self.alpha == 1 and not constrained


def circuits_of(payload: Mapping[str, Any], backend: Backend) -> tuple[Circuit, ...]:
    """Return the circuits that are read, one for each basis.

    Raises:
        JobFailure: The function has no meaning here, or is too large.
    """
    problem = _problem(payload["input"])
    gates, qubits = problem.ansatz["circuit"], problem.ansatz["qubits"]
    first = runnable(problem.ansatz, payload, backend, "ansatz: ")
    terms = sum(map(len, problem.bases.values()))
    work = len(problem.bases) * (len(gates) + 1) + terms
    if work << min(qubits, 24) > MOST_WORK:
        message = f"{len(problem.bases)} readings of {len(gates)} gates on {qubits} qubits"
        raise JobFailure("TooManyGates", f"{message} take this mock too long")
    measured = backend.is_qpu or payload.get("noise", {}).get("model", "ideal") != "ideal"
    shots = payload.get("shots", 100)
    if measured and shots * (qubits + 10) * len(problem.bases) > MOST_READ:
        message = f"{shots} shots in {len(problem.bases)} bases take this mock too long"
        raise JobFailure("TooManyShots", message)
    if all(set(basis) <= {"I", "Z"} for basis in problem.bases):
        return (first,)
    return tuple(
        runnable(_turned(problem.ansatz, basis), payload, backend, "ansatz: ")
        for basis in problem.bases
    )


def _turned(ansatz: Mapping[str, Any], basis: str) -> dict[str, Any]:
    turns = [
        {"gate": gate, "target": qubit}
        for qubit, letter in enumerate(reversed(basis))
        for gate in _INTO_Z.get(letter, ())
    ]
    return {**ansatz, "circuit": [*ansatz["circuit"], *turns]}


def result(job: Job) -> dict[str, float]:
    """Return the value of a completed job, and the variance of its estimate."""
    if job.outcome is None:
        problem = _problem(job.payload["input"])
        pairs = zip(job.circuits, problem.bases.values(), strict=True)
        read = [_reading(job, problem, *pair, number) for number, pair in enumerate(pairs)]
        means, variances = zip(*read, strict=True)
        job.outcome = {
            "value": math.fsum(means),
            "variance": math.fsum(variances) / (problem.alpha * job.shots),
        }
    return dict(job.outcome)


def _reading(
    job: Job, problem: Problem, circuit: Circuit, terms: Sequence[Term], number: int
) -> tuple[float, float]:
    """Return the mean and the variance of the energy of one shot of `circuit`."""
    share = MOST_WORK // len(job.circuits)
    found = execution.distribution(job, circuit, circuit.input, number, share)
    outcomes = np.array(list(found), dtype=np.int64)
    weights = np.array(list(found.values()))
    energies = _energies(outcomes, terms)
    if not problem.is_plain:
        energies += problem.penalty * _excess(outcomes, problem)
        order = np.argsort(energies, kind="stable")
        energies, weights = energies[order], weights[order]
        before = np.concatenate(([0.0], np.cumsum(weights)[:-1]))
        weights = np.clip(problem.alpha - before, 0.0, weights)
    weights = weights / math.fsum(weights)
    mean = math.fsum(weights * energies)
    return mean, math.fsum(weights * (energies - mean) ** 2)


def _energies(outcomes: npt.NDArray[np.int64], terms: Sequence[Term]) -> FloatArray:
    """Return the energy of each outcome: a term is read as the parity of its letters' bits."""
    total = np.zeros(len(outcomes))
    for word, coefficient in terms:
        bits = int("".join("0" if letter == "I" else "1" for letter in word), 2)
        total += coefficient * (1.0 - 2.0 * _parity(outcomes & bits))
    return total


def _parity(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    for half in (32, 16, 8, 4, 2, 1):
        values = values ^ values >> half
    return values & 1


def _excess(outcomes: npt.NDArray[np.int64], problem: Problem) -> FloatArray:
    """Return by how much each outcome exceeds the constraints, all together."""
    places = np.arange(problem.ansatz["qubits"])
    x = (outcomes[:, np.newaxis] >> places & 1).astype(np.float64)
    total = np.zeros(len(outcomes))
    for coefficients, bound in problem.linear:
        total += np.maximum(0.0, x @ coefficients - bound)
    for matrix, linear, bound in problem.quadratic:
        total += np.maximum(0.0, np.einsum("oi,ij,oj->o", x, matrix, x) + x @ linear - bound)
    return total


# ---------------------------------------------------------------- reading


def _problem(whole: Mapping[str, Any]) -> Problem:
    fields = _fields(whole)
    ansatz = fields.get("ansatz")
    text = ansatz.get("data") if isinstance(ansatz, dict) else None
    if not isinstance(text, str):
        raise _invalid("ansatz.data: expected an OpenQASM 3 program, got none")
    try:
        circuit = openqasm.circuit_of(text, whole.get("params") or ())
    except ProgramProblem as error:
        raise _invalid(f"ansatz: {error}") from error
    terms = _terms(fields.get("hamiltonian"), circuit["qubits"])
    problem = Problem(
        ansatz=circuit,
        bases=_bases(terms),
        penalty=_number(fields, "penalty", 0.0),
        alpha=_number(fields, "cvar_alpha", 1.0),
        linear=_linear(fields, circuit["qubits"]),
        quadratic=_quadratic(fields, circuit["qubits"]),
    )
    if not 0 < problem.alpha <= 1:
        raise _invalid(f"cvar_alpha: expected more than 0 and at most 1, got {problem.alpha}")
    if not problem.is_plain and any(set(word) - {"I", "Z"} for word, _ in terms):
        raise _invalid("hamiltonian: expected the letters I and Z alone, for a penalty or a part")
    return problem


def _invalid(message: str) -> JobFailure:
    return JobFailure("InvalidInput", message)


def _fields(whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what describes the energy, in either of the two forms that the document has."""
    data = whole["data"]
    if data.get("type") == KIND and isinstance(data.get("data"), dict):
        inner: Mapping[str, Any] = data["data"]
        return inner
    if whole.get("type") == KIND:
        return dict(data)
    seen = whole.get("type", data.get("type", "nothing"))
    message = f"expected {KIND!r}, the one function of this mock, got {seen!r:.80}"
    raise JobFailure("PreflightError", message)


def _terms(hamiltonian: Any, qubits: int) -> list[Term]:
    if not isinstance(hamiltonian, list) or not 1 <= len(hamiltonian) <= MOST_TERMS:
        raise _invalid(f"hamiltonian: expected a list of 1 to {MOST_TERMS} terms")
    terms = []
    for place, entry in enumerate(hamiltonian):
        word = entry.get("pauli_string") if isinstance(entry, dict) else None
        if not isinstance(word, str) or len(word) != qubits or set(word) - set("IXYZ"):
            reason = f"expected {qubits} letters of I, X, Y, Z, got {word!r:.80}"
            raise _invalid(f"hamiltonian, term {place}: {reason}")
        terms.append((word, _number(entry, "coefficient")))
    return terms


def _bases(terms: Sequence[Term]) -> dict[str, list[Term]]:
    """Return terms by the basis that they are read in; each goes to the first that it fits."""
    bases: list[tuple[list[str], list[Term]]] = []
    for word, coefficient in terms:
        place = next((k for k, (letters, _) in enumerate(bases) if _fits(word, letters)), None)
        if place is None:
            place = len(bases)
            bases.append((["I"] * len(word), []))
        letters, members = bases[place]
        letters[:] = [b if a == "I" else a for a, b in zip(word, letters, strict=True)]
        members.append((word, coefficient))
    return {"".join(letters): members for letters, members in bases}


def _fits(word: str, letters: Sequence[str]) -> bool:
    return all(a in {"I", b} or b == "I" for a, b in zip(word, letters, strict=True))


def _number(fields: Mapping[str, Any], name: str, default: float | None = None) -> float:
    value = fields.get(name)
    if value is None and default is not None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST:
        raise _invalid(f"{name}: expected a number of at most {LARGEST}, got {value!r:.80}")
    return float(value)


def _linear(fields: Mapping[str, Any], qubits: int) -> list[tuple[FloatArray, float]]:
    return [
        (_array(entry, "coeffs", (qubits,)), _number(entry, "rhs"))
        for entry in _entries(fields, "linear_constraints")
    ]


def _quadratic(
    fields: Mapping[str, Any], qubits: int
) -> list[tuple[FloatArray, FloatArray, float]]:
    return [
        (
            _array(entry, "quadratic_coeff", (qubits, qubits)),
            _array(entry, "linear_coeff", (qubits,)),
            _number(entry, "rhs"),
        )
        for entry in _entries(fields, "quadratic_constraints")
    ]


def _entries(fields: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    entries = fields.get(name) or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise _invalid(f"{name}: expected a list of objects")
    return entries


def _array(entry: Mapping[str, Any], name: str, shape: tuple[int, ...]) -> FloatArray:
    try:
        values = np.array(entry.get(name), dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        values = np.zeros(0)
    if values.shape != shape or not (np.abs(values) <= LARGEST).all():
        wanted = " by ".join(map(str, shape))
        raise _invalid(f"{name}: expected {wanted} numbers, one a qubit, of at most {LARGEST}")
    return values
