"""cirq's own simulators; controls by its own controlled gates."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from peers import Entry, Probabilities, optional, steps

cirq: Any = optional("cirq")
linalg: Any = optional("scipy.linalg")

PLAIN = {
    "x": cirq.X, "y": cirq.Y, "z": cirq.Z, "h": cirq.H, "s": cirq.S, "si": cirq.S**-1,
    "t": cirq.T, "ti": cirq.T**-1, "v": cirq.X**0.5, "vi": cirq.X**-0.5, "swap": cirq.SWAP,
}  # fmt: skip
TURNED = {"rx": cirq.rx, "ry": cirq.ry, "rz": cirq.rz}
PAIRS = {"xx": cirq.XXPowGate, "yy": cirq.YYPowGate, "zz": cirq.ZZPowGate}
LETTERS = {"X": cirq.X, "Y": cirq.Y, "Z": cirq.Z}


def gate_of(name: str, parameters: tuple[Any, ...]) -> Any:
    if name in PLAIN:
        return PLAIN[name]
    if name == "pauliexp":
        return cirq.MatrixGate(linalg.expm(-1j * parameters[2] * hamiltonian(*parameters[:2])))
    if name == "phase":
        return cirq.ZPowGate(exponent=parameters[0] / math.pi)
    if name in TURNED:
        return TURNED[name](parameters[0])
    return PAIRS[name](exponent=parameters[0] / math.pi, global_shift=-0.5)


def hamiltonian(terms: list[str], coefficients: list[float]) -> Any:
    """The matrix of a sum; the last letter belongs to the first line of a gate, its highest bit."""
    lines = cirq.LineQubit.range(len(terms[0]))
    total = cirq.PauliSum()
    for term, coefficient in zip(terms, coefficients, strict=True):
        letters = {q: LETTERS[c] for q, c in zip(lines, reversed(term), strict=True) if c != "I"}
        total += cirq.PauliString(letters, coefficient=coefficient)
    return total.matrix(lines)


def operations(source: Entry) -> Any:
    """Each gate on cirq's line qubits, which have the numbers of ours."""
    for name, targets, controls, parameters in steps(source):
        gate = gate_of(name, parameters)
        if controls:
            gate = gate.controlled(len(controls))
        yield gate(*lines(controls + targets))


def lines(qubits: tuple[int, ...]) -> list[Any]:
    return [cirq.LineQubit(q) for q in qubits]


def order(source: Entry) -> list[Any]:
    """cirq counts the first qubit as the highest bit."""
    return lines(tuple(reversed(range(source["qubits"]))))


def probabilities(source: Entry) -> Probabilities:
    simulator = cirq.Simulator(dtype=np.complex128)
    circuit = cirq.Circuit(operations(source))
    state = simulator.simulate(circuit, qubit_order=order(source)).final_state_vector
    return np.asarray(np.abs(state) ** 2)


def noisy(source: Entry, one_qubit: float, two_qubit: float) -> Probabilities:
    """Its parameter is the chance of an error: 3r/4 and 15r/16."""
    rates = {1: 3 * one_qubit / 4, 2: 15 * two_qubit / 16}
    circuit = cirq.Circuit()
    for operation in operations(source):
        count = len(operation.qubits)
        circuit.append(operation)
        circuit.append(cirq.depolarize(rates[count], n_qubits=count)(*operation.qubits))
    simulator = cirq.DensityMatrixSimulator(dtype=np.complex128)
    rho = simulator.simulate(circuit, qubit_order=order(source)).final_density_matrix
    return np.real(np.diag(rho)).copy()
