"""The simulators to compare: each turns a parsed `input` object into probabilities.

Each adapter is what a fair user of that library would write: its own gates where it has them, a
matrix where it has none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Engine = Callable[[Mapping[str, Any]], npt.NDArray[np.float64]]
Steps = Iterator[tuple[str, list[int], list[int], dict[str, Any]]]


def steps(source: Mapping[str, Any]) -> Steps:
    """Yield name, targets, controls and the whole entry of each gate; native zz is `native_zz`."""
    for entry in source["circuit"]:
        targets = entry["targets"] if "targets" in entry else [entry["target"]]
        controls = [entry["control"]] if "control" in entry else entry.get("controls", [])
        name = entry["gate"]
        native = source["gateset"] == "native" and name == "zz"
        yield "native_zz" if native else name, targets, controls, entry


def matrix(name: str, entry: dict[str, Any]) -> npt.NDArray[np.complex128]:
    """Return the matrix of a gate that a peer does not have."""
    from reference_sim import gates

    if name == "native_zz":
        return gates.native_zz(entry["angle"])
    if name == "ms":
        return gates.ms(*entry["phases"], entry.get("angle", 0.25))
    return {"gpi": gates.gpi, "gpi2": gates.gpi2}[name](entry["phase"])


def ours() -> Engine:
    """This project."""
    import reference_sim

    return reference_sim.probabilities


def qulacs() -> Engine:
    """qulacs, gate by gate on its state, without its circuit object."""
    import qulacs as library

    gate = library.gate
    plain = {
        "x": gate.X, "y": gate.Y, "z": gate.Z, "h": gate.H, "s": gate.S, "si": gate.Sdag,
        "t": gate.T, "ti": gate.Tdag, "v": gate.sqrtX, "vi": gate.sqrtXdag, "swap": gate.SWAP,
    }  # fmt: skip
    turned = {"rx": gate.RotX, "ry": gate.RotY, "rz": gate.RotZ}
    letters = {"I": 0, "X": 1, "Y": 2, "Z": 3}

    def built(name: str, targets: list[int], controls: list[int], entry: dict[str, Any]) -> Any:
        if name == "cnot":
            return gate.CNOT(controls[0], targets[0])
        if name in plain:
            made = plain[name](*targets)
            if controls:
                made = gate.to_matrix_gate(made)
                for control in controls:
                    made.add_control_qubit(control, 1)
            return made
        if name in turned:
            return turned[name](targets[0], entry["rotation"])
        if name in {"xx", "yy", "zz"}:  # PauliRotation is exp(+i angle/2 P)
            return gate.PauliRotation(targets, [letters[name[0].upper()]] * 2, -entry["rotation"])
        if name == "pauliexp":
            word = [letters[letter] for letter in reversed(entry["terms"][0])]
            return gate.PauliRotation(targets, word, -2 * entry["time"] * entry["coefficients"][0])
        return gate.DenseMatrix(targets, matrix(name, entry))

    def run(source: Mapping[str, Any]) -> npt.NDArray[np.float64]:
        state = library.QuantumState(source["qubits"])
        for step in steps(source):
            built(*step).update_quantum_state(state)
        amplitudes = state.get_vector()
        found: npt.NDArray[np.float64] = amplitudes.real**2 + amplitudes.imag**2
        return found

    return run


def translator() -> Callable[[Mapping[str, Any]], Any]:
    """Return what makes a QuantumCircuit of an `input` object."""
    from qiskit import QuantumCircuit
    from qiskit.circuit import library
    from qiskit.quantum_info import SparsePauliOp

    gates = {
        "x": library.XGate, "y": library.YGate, "z": library.ZGate, "h": library.HGate,
        "s": library.SGate, "si": library.SdgGate, "t": library.TGate, "ti": library.TdgGate,
        "v": library.SXGate, "vi": library.SXdgGate, "swap": library.SwapGate,
        "cnot": library.XGate, "rx": library.RXGate, "ry": library.RYGate, "rz": library.RZGate,
        "xx": library.RXXGate, "yy": library.RYYGate, "zz": library.RZZGate,
    }  # fmt: skip

    def translated(source: Mapping[str, Any]) -> Any:
        circuit = QuantumCircuit(source["qubits"])
        for name, targets, controls, entry in steps(source):
            if name == "pauliexp":
                terms = SparsePauliOp(entry["terms"], entry["coefficients"])
                made = library.PauliEvolutionGate(terms, entry["time"])
            elif name in gates:
                made = gates[name](*([entry["rotation"]] if "rotation" in entry else []))
            else:
                made = library.UnitaryGate(matrix(name, entry))
            circuit.append(made.control(len(controls)) if controls else made, [*controls, *targets])
        return circuit

    return translated


def qiskit() -> Engine:
    """Qiskit's Statevector of a QuantumCircuit."""
    from qiskit.quantum_info import Statevector

    circuit_of = translator()
    return lambda source: np.asarray(Statevector(circuit_of(source)).probabilities())


def aer() -> Engine:
    """qiskit-aer's state vector; what it does not know becomes a matrix.

    To transpile each circuit instead takes twenty times as long.
    """
    from qiskit.circuit.library import UnitaryGate
    from qiskit.quantum_info import Operator
    from qiskit_aer import AerSimulator

    circuit_of = translator()
    simulator = AerSimulator(method="statevector", max_parallel_threads=1)
    known = set(simulator.configuration().basis_gates)

    def run(source: Mapping[str, Any]) -> npt.NDArray[np.float64]:
        written = circuit_of(source)
        circuit = written.copy_empty_like()
        for step in written.data:
            made = step.operation
            if made.name not in known:
                made = UnitaryGate(Operator(made))
            circuit.append(made, step.qubits)
        circuit.save_probabilities()
        return np.asarray(simulator.run(circuit).result().data()["probabilities"])

    return run


ENGINES: dict[str, Callable[[], Engine]] = {
    "ours": ours,
    "qulacs": qulacs,
    "qiskit": qiskit,
    "aer": aer,
}
OPTIONAL = {"aer": "qiskit_aer"}
"""Engines that the extra `test` does not bring, and the module that each needs."""
