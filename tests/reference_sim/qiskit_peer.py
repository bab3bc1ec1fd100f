"""`qiskit.quantum_info`; controlled gates as block matrices."""

from __future__ import annotations

from typing import Any

import numpy as np
from peers import Entry, Probabilities, optional, steps

gates: Any = optional("qiskit.circuit.library")
qiskit: Any = optional("qiskit.quantum_info")
linalg: Any = optional("scipy.linalg")

NAMES = {
    "x": "XGate", "y": "YGate", "z": "ZGate", "h": "HGate", "s": "SGate", "si": "SdgGate",
    "t": "TGate", "ti": "TdgGate", "v": "SXGate", "vi": "SXdgGate", "swap": "SwapGate",
    "rx": "RXGate", "ry": "RYGate", "rz": "RZGate", "phase": "PhaseGate",
    "xx": "RXXGate", "yy": "RYYGate", "zz": "RZZGate",
}  # fmt: skip


def operator_of(name: str, parameters: tuple[Any, ...]) -> Any:
    if name != "pauliexp":
        return qiskit.Operator(getattr(gates, NAMES[name])(*parameters))
    terms, coefficients, time = parameters
    hamiltonian = qiskit.SparsePauliOp(terms, coefficients).to_matrix()
    return qiskit.Operator(linalg.expm(-1j * time * hamiltonian))


def probabilities(source: Entry) -> Probabilities:
    state = qiskit.Statevector.from_int(0, 2 ** source["qubits"])
    for name, targets, controls, parameters in steps(source):
        operator = operator_of(name, parameters).data
        full = np.eye(len(operator) << len(controls), dtype=complex)
        full[-len(operator) :, -len(operator) :] = operator
        state = state.evolve(qiskit.Operator(full), [*targets, *controls])
    return np.asarray(state.probabilities())


def noisy(source: Entry, one_qubit: float, two_qubit: float) -> Probabilities:
    """With the Kraus operators of IonQ's guide."""
    rho = qiskit.DensityMatrix.from_int(0, 2 ** source["qubits"])
    for name, targets, controls, parameters in steps(source):
        operator = operator_of(name, parameters).data
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
