"""Qiskit's own binary form of circuits, read by Qiskit where it is installed."""

from __future__ import annotations

import base64
import binascii
import io
import zlib
from typing import Any

from conformance.mock.program.gate_names import gates_of
from conformance.mock.program.measured import (
    Gate,
    MeasuredCircuit,
    ProgramProblem,
    Register,
    compact,
)

LARGEST = 50_000_000
"""Bytes of a circuit once unpacked; more is refused."""


def read(text: str) -> MeasuredCircuit:
    """Return the circuit in base64 text of QPY, compressed by zlib or not.

    Raises:
        ProgramProblem: It is no such text, Qiskit is missing, or the circuit does more than gates
            and final measurements.
    """
    try:
        from qiskit import qpy  # type: ignore[import-untyped]  # it ships no types
    except ImportError as problem:
        raise ProgramProblem(
            "expected Qiskit for a circuit in QPY form: pip install 'qconform[ibm]'"
        ) from problem
    try:
        circuits = qpy.load(io.BytesIO(_unpacked(text)))
    except Exception as problem:
        raise ProgramProblem(f"expected a circuit in QPY form, got: {problem}") from problem
    if len(circuits) != 1:
        raise ProgramProblem(f"expected one circuit, got {len(circuits)}")
    return _converted(circuits[0])


def _unpacked(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as problem:
        raise ProgramProblem("expected a circuit as base64 text") from problem
    if raw[:6] == b"QISKIT":
        return raw
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(raw, LARGEST)
    except zlib.error as problem:
        raise ProgramProblem("expected a circuit that zlib has packed") from problem
    if unpacker.unconsumed_tail:
        raise ProgramProblem(f"expected at most {LARGEST} bytes of circuit")
    return unpacked


def _converted(circuit: Any) -> MeasuredCircuit:
    gates: list[Gate] = []
    bits: dict[Any, int] = {}
    measured: set[int] = set()
    for instruction in circuit.data:
        name = instruction.operation.name
        qubits = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
        if name in {"barrier", "delay"}:
            continue
        if measured.intersection(qubits):
            raise ProgramProblem(f"expected nothing after a measurement of a qubit, got {name}")
        if name == "measure":
            measured.update(qubits)
            bits[instruction.clbits[0]] = qubits[0]
            continue
        gates += gates_of(name, _angles(instruction.operation), qubits)
    registers = [
        Register(name=register.name, bits=tuple(bits.get(bit) for bit in register))
        for register in circuit.cregs
    ]
    return compact(gates, registers)


def _angles(operation: Any) -> list[float]:
    try:
        return [float(parameter) for parameter in operation.params]
    except TypeError as problem:
        raise ProgramProblem(
            f"expected numbers as parameters of {operation.name}, got unbound ones"
        ) from problem
