"""qulacs; controls by its own controlled gates."""

from __future__ import annotations

from typing import Any

import numpy as np
from peers import Entry, Probabilities, optional, steps

qulacs: Any = optional("qulacs")
linalg: Any = optional("scipy.linalg")

NAMES = {
    "x": "X", "y": "Y", "z": "Z", "h": "H", "s": "S", "si": "Sdag", "t": "T", "ti": "Tdag",
    "v": "sqrtX", "vi": "sqrtXdag", "swap": "SWAP", "rx": "RotX", "ry": "RotY", "rz": "RotZ",
    "phase": "U1",
}  # fmt: skip


def gate_of(name: str, targets: tuple[int, ...], parameters: tuple[Any, ...]) -> Any:
    gate = qulacs.gate
    if name in {"xx", "yy", "zz"}:  # PauliRotation is exp(+i angle/2 P), the Rot gates are not
        return gate.PauliRotation(list(targets), ["ixyz".index(name[0])] * 2, -parameters[0])
    if name != "pauliexp":
        return getattr(gate, NAMES[name])(*targets, *parameters)
    terms, coefficients, time = parameters
    if len(terms) == 1:
        letters = ["IXYZ".index(letter) for letter in reversed(terms[0])]
        return gate.PauliRotation(list(targets), letters, -2 * time * coefficients[0])
    observable = qulacs.Observable(len(targets))
    for term, coefficient in zip(terms, coefficients, strict=True):
        word = " ".join(f"{letter} {q}" for q, letter in enumerate(reversed(term)))
        observable.add_operator(coefficient, word)
    dense = observable.get_matrix().toarray()
    return gate.DenseMatrix(list(targets), linalg.expm(-1j * time * dense))


def probabilities(source: Entry) -> Probabilities:
    state = qulacs.QuantumState(source["qubits"])
    for name, targets, controls, parameters in steps(source):
        gate = gate_of(name, targets, parameters)
        if controls:
            gate = qulacs.gate.to_matrix_gate(gate)
            for control in controls:
                gate.add_control_qubit(control, 1)
        gate.update_quantum_state(state)
    amplitudes = np.asarray(state.get_vector())
    found: Probabilities = amplitudes.real**2 + amplitudes.imag**2
    return found


def noisy(source: Entry, one_qubit: float, two_qubit: float) -> Probabilities:
    """Its parameter is the chance of an error: 3r/4 and 15r/16."""
    rho = qulacs.DensityMatrix(source["qubits"])
    for name, targets, controls, parameters in steps(source):
        gate = qulacs.gate.to_matrix_gate(gate_of(name, targets, parameters))
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
