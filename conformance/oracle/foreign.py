"""Circuits of other libraries as `input` objects, through those libraries where installed."""

from __future__ import annotations

import math
from typing import Any

from conformance.errors import UnreadableDocument

Gate = dict[str, Any]

_QISKIT_BASIS = ("x", "y", "z", "h", "s", "t", "rx", "ry", "rz", "p", "cx", "swap", "rzz")


def from_openqasm(text: str, place: str) -> dict[str, Any]:
    """Return the circuit of OpenQASM 2 or 3 text, by qiskit; measurements are left out.

    Raises:
        UnreadableDocument: qiskit is not installed, or cannot read it.
    """
    try:
        from qiskit import qasm2, qasm3, transpile  # type: ignore[import-untyped] # it has no types
    except ImportError:
        repair = "pip install qiskit qiskit-qasm3-import"
        raise UnreadableDocument(place, "qiskit, to read OpenQASM", "none", repair) from None
    try:
        newer = "OPENQASM 3" in text
        whole = qasm3.loads(text) if newer else qasm2.loads(text)
        whole.remove_final_measurements()
        plain = transpile(whole, basis_gates=[*_QISKIT_BASIS], optimization_level=0)
    except Exception as error:
        first = str(error).strip('"').partition("\n")[0][:120]
        raise UnreadableDocument(place, "OpenQASM that qiskit reads", first) from error
    index = {qubit: number for number, qubit in enumerate(plain.qubits)}
    gates = [
        _qiskit_gate(step.operation.name, [index[q] for q in step.qubits], step.operation.params)
        for step in plain.data
        if step.operation.name not in {"barrier", "id"}
    ]
    if any(gate is None for gate in gates):
        raise UnreadableDocument(place, "a circuit of gates", "measurements or resets inside")
    return {"qubits": plain.num_qubits, "gateset": "qis", "circuit": gates}


def _qiskit_gate(name: str, qubits: list[int], parameters: list[Any]) -> Gate | None:
    if name == "cx":
        return {"gate": "cnot", "control": qubits[0], "target": qubits[1]}
    if name == "p":
        return {"gate": "z", "target": qubits[0], "rotation": float(parameters[0])}
    if name == "rzz":
        return {"gate": "zz", "targets": qubits, "rotation": float(parameters[0])}
    if name not in _QISKIT_BASIS:
        return None
    turned = {"rotation": float(parameters[0])} if parameters else {}
    return {"gate": name, "targets": qubits, **turned}


def from_cirq(text: str, place: str) -> dict[str, Any]:
    """Return the circuit of Cirq's JSON, by cirq; qubits are numbered in their sorted order.

    Raises:
        UnreadableDocument: cirq is not installed, or cannot read it.
    """
    try:
        import cirq
    except ImportError:
        repair = "pip install cirq-core"
        raise UnreadableDocument(place, "cirq, to read its JSON", "none", repair) from None
    try:
        whole = cirq.read_json(json_text=text)
        index = {qubit: number for number, qubit in enumerate(sorted(whole.all_qubits()))}
        kept = cirq.decompose(
            whole,
            keep=lambda op: cirq.is_measurement(op) or _cirq_gate(op, index) is not None,
        )
    except Exception as error:
        first = str(error).partition("\n")[0][:120]
        raise UnreadableDocument(place, "a circuit in Cirq's JSON", first) from error
    gates = [_cirq_gate(op, index) for op in kept if not cirq.is_measurement(op)]
    if any(gate is None for gate in gates):
        raise UnreadableDocument(place, "a circuit of unitary gates", "others among them")
    return {"qubits": max(1, len(index)), "gateset": "qis", "circuit": gates}


def _cirq_gate(operation: Any, index: dict[Any, int]) -> Gate | None:
    """Return an operation that is a power of x, y, z, h or a controlled x or z; else None."""
    import cirq

    gate, qubits = operation.gate, [index[q] for q in operation.qubits]
    if isinstance(gate, cirq.HPowGate) and gate.exponent == 1:
        return {"gate": "h", "target": qubits[0]}
    if isinstance(gate, cirq.CXPowGate) and gate.exponent == 1:
        return {"gate": "cnot", "control": qubits[0], "target": qubits[1]}
    if isinstance(gate, cirq.CZPowGate):
        turn = math.pi * float(gate.exponent)
        return {"gate": "z", "targets": qubits[1:], "controls": qubits[:1], "rotation": turn}
    for kind, name in ((cirq.XPowGate, "rx"), (cirq.YPowGate, "ry"), (cirq.ZPowGate, "rz")):
        if isinstance(gate, kind):
            return {"gate": name, "target": qubits[0], "rotation": math.pi * float(gate.exponent)}
    return None
