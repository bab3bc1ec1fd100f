"""Circuits that the clients submit, and what qiskit's own simulators say of them."""

from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
from client_distributions import ARIA_1, REASON, Distribution
from hypothesis import strategies as st

qiskit: Any = pytest.importorskip("qiskit", reason=REASON)
quantum_info: Any = pytest.importorskip("qiskit.quantum_info", reason=REASON)
library: Any = pytest.importorskip("qiskit.circuit.library", reason=REASON)
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


def deep() -> Any:
    """So many gates on two qubits that noise shows, and nothing else: they undo each other."""
    circuit = qiskit.QuantumCircuit(2, 2)
    circuit.x(0)
    for _ in range(30):
        circuit.cx(0, 1)
    return circuit


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


@st.composite
def random_qis(draw: st.DrawFn) -> Any:
    """Draw a circuit of the gates that qiskit-ionq writes, with controls, on four qubits."""
    circuit = qiskit.QuantumCircuit(4, 4)
    circuit.h(range(4))
    for _ in range(draw(st.integers(1, 12))):
        order = draw(st.permutations(range(4)))
        angle = round(draw(st.floats(-2 * math.pi, 2 * math.pi)), 6)
        gate = draw(st.sampled_from([*_FIXED, *(kind(angle) for kind in _TURNED)]))
        circuit.append(gate, order[: gate.num_qubits])
    return circuit


_FIXED = [
    *(library.XGate(), library.YGate(), library.ZGate(), library.HGate(), library.SGate()),
    *(library.SdgGate(), library.TGate(), library.TdgGate(), library.SXGate(), library.SXdgGate()),
    *(library.CXGate(), library.CYGate(), library.CZGate(), library.CHGate(), library.CSXGate()),
    *(library.SwapGate(), library.CCXGate(), library.MCXGate(3)),
]
_TURNED = [
    *(library.RXGate, library.RYGate, library.RZGate, library.PhaseGate, library.CPhaseGate),
    *(library.CRXGate, library.CRYGate, library.CRZGate, library.RXXGate, library.RYYGate),
    *(library.RZZGate, lambda angle: library.MCPhaseGate(angle, 2)),
]


@st.composite
def random_native(draw: st.DrawFn) -> Any:
    """Draw a circuit of native gates on three qubits."""
    circuit = qiskit.QuantumCircuit(3, 3)
    for qubit in range(3):
        circuit.append(gates.GPI2Gate(0.1), [qubit])
    for _ in range(draw(st.integers(1, 10))):
        order = draw(st.permutations(range(3)))
        one, two = (round(draw(st.floats(-1, 1)), 6) for _ in range(2))
        angle = round(abs(two) / 4, 6)
        kinds = [gates.GPIGate(one), gates.GPI2Gate(one), gates.MSGate(one, two, angle)]
        gate = draw(st.sampled_from([*kinds, gates.ZZGate(angle)]))
        circuit.append(gate, order[: gate.num_qubits])
    return circuit
