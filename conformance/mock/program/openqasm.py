"""OpenQASM 2 and 3 to a circuit: straight lines of gates, then measurements.

Read are: declarations of qubits, bits, constants and inputs; gates of the standard library, those
that the program defines, and the modifiers ctrl, negctrl and inv; barriers and measurements. What
a simulator of state vectors cannot honour is refused by name: control flow, resets, gates after a
measurement of the same qubit.

Source: the OpenQASM 2 and 3 specifications; the programs that qiskit and IonQ's SDK write.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from conformance.mock.program.measured import MeasuredCircuit, ProgramProblem, Register, compact

if TYPE_CHECKING:
    from conformance.mock.program.reading import Reader


def read(text: str) -> MeasuredCircuit:
    """Return the circuit that a program describes, on the qubits that it uses.

    Raises:
        ProgramProblem: It is no program, takes inputs, or does more than gates and final
            measurements.
    """
    reader = _reader_of(text, ())
    registers = [Register(name=name, bits=tuple(bits)) for name, bits in reader.bits.items()]
    return compact(reader.gates, registers)


def circuit_of(text: str, parameters: Sequence[float]) -> dict[str, Any]:
    """Return the circuit of a program that measures nothing, such as an ansatz.

    Args:
        text: The program.
        parameters: Values of its inputs, in the order in which they are declared.

    Returns:
        An `input` object: qubits (numbered as declared), gateset and circuit.

    Raises:
        ProgramProblem: It is no program or no circuit, measures, or does not take so many
            parameters.
    """
    reader = _reader_of(text, parameters)
    if reader.measured:
        raise ProgramProblem("expected a circuit that measures nothing")
    if not reader.qubits:
        raise ProgramProblem("expected at least one qubit, got none")
    return {"qubits": reader.qubits, "gateset": "qis", "circuit": reader.gates}


def _reader_of(text: str, parameters: Sequence[float]) -> Reader:
    """Return a reader that has read `text`."""
    from conformance.mock.program.reading import Reader  # a tenth of a second, for its parser
    from conformance.mock.program.syntax import statements

    reader = Reader(waiting=list(parameters))
    try:
        for statement in statements(text):
            reader.read(statement)
    except RecursionError:
        raise ProgramProblem("expected a program of some depth, got one nested too deep") from None
    if reader.waiting:
        taken = len(parameters) - len(reader.waiting)
        raise ProgramProblem(f"expected {taken} parameters, got {len(parameters)}")
    return reader
