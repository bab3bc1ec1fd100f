"""Circuits that the clients submit, and what qiskit's own simulators say of them."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from client_distributions import ARIA_1, REASON, Distribution

qiskit: Any = pytest.importorskip("qiskit", reason=REASON)
quantum_info: Any = pytest.importorskip("qiskit.quantum_info", reason=REASON)
gates: Any = pytest.importorskip("qiskit_ionq", reason=REASON)


def qis(name: str = "qis") -> Any:
    """Three qubits that differ from each other, so that a wrong bit order shows."""
    circuit = qiskit.QuantumCircuit(3, 3, name=name)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.ry(0.9, 2)
    circuit.rxx(0.7, 1, 2)
    circuit.sx(1)
    circuit.p(0.4, 0)
    circuit.h(0)
    return circuit


QIS_WIRE: list[dict[str, Any]] = [
    {"gate": "h", "target": 0},
    {"gate": "cnot", "control": 0, "target": 1},
    {"gate": "ry", "target": 2, "rotation": 0.9},
    {"gate": "xx", "targets": [1, 2], "rotation": 0.7},
    {"gate": "v", "target": 1},
    {"gate": "z", "target": 0, "rotation": 0.4},
    {"gate": "h", "target": 0},
]
"""`qis` as the API spells it."""


def native(name: str = "native", *, second: str = "ms") -> Any:
    """Native gates on two unlike qubits; `second` names the gate between them."""
    circuit = qiskit.QuantumCircuit(2, 2, name=name)
    circuit.append(gates.GPI2Gate(0.1), [0])
    circuit.append(gates.GPIGate(0.3), [1])
    if second == "ms":
        circuit.append(gates.MSGate(0.05, 0.2, 0.15), [0, 1])
    else:
        circuit.append(gates.ZZGate(0.15), [0, 1])
    circuit.append(gates.GPI2Gate(0.45), [0])
    circuit.append(gates.GPI2Gate(0.6), [1])
    return circuit


def native_wire(*, second: str = "ms") -> list[dict[str, Any]]:
    """`native` as the API spells it."""
    between: dict[str, Any] = {"gate": "zz", "targets": [0, 1], "angle": 0.15}
    if second == "ms":
        between = {"gate": "ms", "targets": [0, 1], "phases": [0.05, 0.2], "angle": 0.15}
    return [
        {"gate": "gpi2", "target": 0, "phase": 0.1},
        {"gate": "gpi", "target": 1, "phase": 0.3},
        between,
        {"gate": "gpi2", "target": 0, "phase": 0.45},
        {"gate": "gpi2", "target": 1, "phase": 0.6},
    ]


def measured(circuit: Any) -> Any:
    """Return a copy in which qubit k is measured into bit k."""
    copy = circuit.copy()
    copy.measure(range(circuit.num_qubits), range(circuit.num_qubits))
    return copy


def ideal(circuit: Any) -> Distribution:
    """Return the exact distribution; bit k of an outcome is qubit k."""
    return dict(enumerate(quantum_info.Statevector(circuit).probabilities().tolist()))


def noisy(circuit: Any, rates: tuple[float, float] = ARIA_1) -> Distribution:
    """Return the exact distribution when every gate is followed by a depolarising channel."""
    state = quantum_info.DensityMatrix.from_label("0" * circuit.num_qubits)
    for instruction in circuit.data:
        qubits = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
        state = state.evolve(instruction.operation, qubits)
        state = state.evolve(_depolarizing(len(qubits), rates[len(qubits) - 1]), qubits)
    return dict(enumerate(state.probabilities().tolist()))


def _depolarizing(qubits: int, rate: float) -> Any:
    """Return the channel that with probability `rate` forgets the state of `qubits` qubits."""
    labels = ["".join(letters) for letters in itertools.product("IXYZ", repeat=qubits)]
    share = rate / len(labels)
    weights = [1 - rate + share, *[share] * (len(labels) - 1)]
    pairs = zip(weights, labels, strict=True)
    return quantum_info.Kraus(
        [math.sqrt(weight) * quantum_info.Pauli(label).to_matrix() for weight, label in pairs]
    )
