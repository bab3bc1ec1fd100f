"""The peers under depolarising noise, each in its own parameterisation."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from peers import Entry, qiskit, qiskit_operator, qulacs, qulacs_gate, steps


def qiskit_noisy(source: Entry, one_qubit: float, two_qubit: float) -> npt.NDArray[np.float64]:
    """Probabilities by `qiskit.quantum_info`, with the Kraus operators of IonQ's guide."""
    rho = qiskit.DensityMatrix.from_int(0, 2 ** source["qubits"])
    for name, targets, controls, parameters in steps(source):
        operator = qiskit_operator(name, parameters).data
        full = np.eye(len(operator) << len(controls), dtype=complex)
        full[-len(operator) :, -len(operator) :] = operator
        qubits = [*targets, *controls]
        rate = one_qubit if len(qubits) == 1 else two_qubit
        channel = _kraus(len(qubits), rate)
        rho = rho.evolve(qiskit.Operator(full), qubits).evolve(channel, qubits)
    return np.asarray(rho.probabilities())


def _kraus(qubits: int, rate: float) -> Any:
    words = [""]
    for _ in range(qubits):
        words = [word + letter for word in words for letter in "IXYZ"]
    share = rate / len(words)
    weights = [1 - share * (len(words) - 1), *[share] * (len(words) - 1)]
    paulis = [qiskit.Pauli(word).to_matrix() for word in words]
    return qiskit.Kraus([w**0.5 * p for w, p in zip(weights, paulis, strict=True)])


def qulacs_noisy(source: Entry, one_qubit: float, two_qubit: float) -> npt.NDArray[np.float64]:
    """Probabilities by qulacs, whose parameter is the chance of an error: 3r/4 and 15r/16."""
    rho = qulacs.DensityMatrix(source["qubits"])
    for name, targets, controls, parameters in steps(source):
        gate = qulacs.gate.to_matrix_gate(qulacs_gate(name, targets, parameters))
        for control in controls:
            gate.add_control_qubit(control, 1)
        gate.update_quantum_state(rho)
        qubits = [*targets, *controls]
        if len(qubits) == 1:
            noise = qulacs.gate.DepolarizingNoise(qubits[0], 3 * one_qubit / 4)
        else:
            noise = qulacs.gate.TwoQubitDepolarizingNoise(*qubits, 15 * two_qubit / 16)
        noise.update_quantum_state(rho)
    return np.real(np.diag(rho.get_matrix())).copy()
