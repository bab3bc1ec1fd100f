"""qiskit-aer, for noise alone: its parameter is IonQ's r. Not in the extra `test`."""

from __future__ import annotations

from typing import Any

import numpy as np
from peers import Entry, Probabilities, optional, steps
from qiskit_peer import operator_of

qiskit: Any = optional("qiskit")
library: Any = optional("qiskit.circuit.library")
aer: Any = optional("qiskit_aer")
noise: Any = optional("qiskit_aer.noise")


def probabilities(source: Entry) -> Probabilities:
    return noisy(source, 0.0, 0.0)


def noisy(source: Entry, one_qubit: float, two_qubit: float) -> Probabilities:
    """Every gate is a unitary with its own noise behind it."""
    circuit = qiskit.QuantumCircuit(source["qubits"])
    for name, targets, controls, parameters in steps(source):
        operator = operator_of(name, parameters).data
        full = np.eye(len(operator) << len(controls), dtype=complex)
        full[-len(operator) :, -len(operator) :] = operator
        qubits = [*targets, *controls]
        circuit.append(library.UnitaryGate(full), qubits)
        rate = one_qubit if len(qubits) == 1 else two_qubit
        circuit.append(noise.depolarizing_error(rate, len(qubits)), qubits)
    circuit.save_density_matrix()
    result = aer.AerSimulator(method="density_matrix").run(circuit).result()
    return np.real(np.diag(np.asarray(result.data()["density_matrix"]))).copy()
