"""A circuit with what is measured at its end, and its outcomes shot by shot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import reference_sim

Gate = dict[str, Any]
"""A gate as `reference_sim` reads it: `gate`, `targets`, and what its kind takes besides."""

MOST_QUBITS = 20
"""Qubits that a program may touch; one more doubles the time and the memory."""


class ProgramProblem(Exception):
    """A program that cannot be run: what was expected, what it has, and where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A classical register and where its bits come from."""

    name: str
    bits: tuple[int | None, ...]
    """Bit k holds the outcome of this qubit; None for a bit that nothing was measured into, 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredCircuit:
    """Gates on the qubits 0 .. qubits-1, then measurements."""

    qubits: int
    gates: tuple[Gate, ...]
    registers: tuple[Register, ...]

    def sample(self, shots: int, seed: int) -> dict[str, list[int]]:
        """Return each register's value shot by shot; bit k of a value is bit k of the register.

        Raises:
            ProgramProblem: It touches more than `MOST_QUBITS` qubits, or has no meaning.
        """
        drawn = reference_sim.sample_outcomes(self._probabilities(), shots, seed)
        return {register.name: _read(register, drawn) for register in self.registers}

    def _probabilities(self) -> npt.NDArray[np.float64]:
        if self.qubits > MOST_QUBITS:
            raise ProgramProblem(f"expected at most {MOST_QUBITS} qubits in use, got {self.qubits}")
        circuit = {"qubits": max(self.qubits, 1), "gateset": "qis", "circuit": list(self.gates)}
        try:
            return reference_sim.probabilities(circuit)
        except reference_sim.CircuitError as problem:
            raise ProgramProblem(str(problem)) from problem


def _read(register: Register, drawn: npt.NDArray[np.int64]) -> list[int]:
    """Return the values of a register; Python's integers, since a register may be wide."""
    values = [0] * len(drawn)
    for bit, qubit in enumerate(register.bits):
        if qubit is not None:
            ones = np.flatnonzero((drawn >> qubit) & 1)
            for shot in ones.tolist():
                values[shot] |= 1 << bit
    return values


def compact(gates: Sequence[Gate], registers: Sequence[Register]) -> MeasuredCircuit:
    """Return the circuit on the qubits in use alone: a machine's other qubits stay 0.

    Args:
        gates: On qubits of any numbers.
        registers: Measured from them.
    """
    used = {qubit for gate in gates for qubit in _qubits(gate)}
    used |= {qubit for register in registers for qubit in register.bits if qubit is not None}
    place = {qubit: number for number, qubit in enumerate(sorted(used))}
    return MeasuredCircuit(
        qubits=len(used),
        gates=tuple(_moved(gate, place) for gate in gates),
        registers=tuple(
            Register(
                name=register.name,
                bits=tuple(None if q is None else place[q] for q in register.bits),
            )
            for register in registers
        ),
    )


def _qubits(gate: Gate) -> list[int]:
    return [*gate["targets"], *gate.get("controls", ())]


def _moved(gate: Gate, place: Mapping[int, int]) -> Gate:
    moved = {**gate, "targets": [place[qubit] for qubit in gate["targets"]]}
    if "controls" in gate:
        moved["controls"] = [place[qubit] for qubit in gate["controls"]]
    return moved
