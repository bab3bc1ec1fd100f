"""What the simulator refuses, and why: never an error of NumPy."""

from __future__ import annotations

import reprlib
from dataclasses import dataclass


@dataclass(eq=False)
class CircuitError(ValueError):
    """A circuit cannot be simulated: it is malformed, or larger than a stated limit."""

    field: str
    """Name of the offending field, as the client wrote it: `targets`, `rotation`, `qubits` ..."""
    reason: str
    """What was expected and what was seen."""
    gate: int | None = None
    """Position of the gate in its `circuit` list, counted from 0; None for the circuit itself."""
    circuit: int | None = None
    """Position of the circuit in `circuits`, counted from 0; None for a single circuit."""

    def __str__(self) -> str:
        places = (("circuit", self.circuit), ("gate", self.gate))
        where = [f"{noun} {index}" for noun, index in places if index is not None]
        return f"{', '.join([*where, self.field])}: {self.reason}"

    def __reduce__(self) -> tuple[object, ...]:
        return (CircuitError, (self.field, self.reason, self.gate, self.circuit))


@dataclass(eq=False)
class BadArgument(ValueError):
    """An argument that is no circuit (rates, shots, a seed, a distribution) cannot be used."""

    argument: str
    expected: str
    seen: str

    def __str__(self) -> str:
        return f"{self.argument}: expected {self.expected}, got {self.seen}"

    def __reduce__(self) -> tuple[object, ...]:
        return (BadArgument, (self.argument, self.expected, self.seen))


@dataclass(eq=False)
class ProblemError(ValueError):
    """A Hamiltonian or a graph cannot be used: it is malformed, or larger than a stated limit."""

    problem: str
    """`hamiltonian` or `graph`."""
    field: str
    """Name of the offending field, as the client wrote it: `pauli_string`, `weight` ..."""
    reason: str
    """What was expected and what was seen."""
    entry: int | None = None
    """Position of the term, or of the node, in its list, counted from 0; None for the whole."""

    def __str__(self) -> str:
        where = self.problem if self.entry is None else f"{self.problem} {self.entry}"
        return f"{where}, {self.field}: {self.reason}"

    def __reduce__(self) -> tuple[object, ...]:
        return (ProblemError, (self.problem, self.field, self.reason, self.entry))


def shown(value: object) -> str:
    """Return `value` for a message, cut to a readable length.

    Integers too long to print are described by their size; Python refuses to print some of them.
    """
    if isinstance(value, int) and value.bit_length() > 100:
        return f"an integer of {value.bit_length()} bits"
    return reprlib.repr(value)
