"""Two simulators that are not ours, fed from the API's form by their own gates.

Nothing here uses a matrix of `reference_sim`: each gate is built from what the peer offers, and
native gates from QIS ones (gpi, gpi2 and ms are x, a quarter turn and xx between phase gates).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

REASON = "the peer simulators are optional: install the extra 'test'"
qiskit_gates: Any = pytest.importorskip("qiskit.circuit.library", reason=REASON)
qiskit: Any = pytest.importorskip("qiskit.quantum_info", reason=REASON)
qulacs: Any = pytest.importorskip("qulacs", reason=REASON)
linalg: Any = pytest.importorskip("scipy.linalg", reason=REASON)

Entry = Mapping[str, Any]
Step = tuple[str, tuple[int, ...], tuple[int, ...], tuple[Any, ...]]
"""Name of a QIS gate, targets, controls, parameters."""


def steps(source: Entry) -> Iterator[Step]:
    for entry in source["circuit"]:
        name = entry["gate"]
        targets = tuple(entry.get("targets", [entry.get("target")]))
        controls = tuple(entry.get("controls", ()))
        if "control" in entry:
            controls = (entry["control"],)
        if source["gateset"] == "native":
            yield from _native_steps(name, targets, entry)
        elif name == "pauliexp":
            parameters = (entry["terms"], entry["coefficients"], entry["time"])
            yield name, targets, controls, parameters
        elif name == "z" and "rotation" in entry:
            yield "phase", targets, controls, (entry["rotation"],)
        else:
            rotation = (entry["rotation"],) if "rotation" in entry else ()
            yield {"not": "x", "cnot": "x"}.get(name, name), targets, controls, rotation


def _native_steps(name: str, targets: tuple[Any, ...], entry: Entry) -> Iterator[Step]:
    turn = 2 * math.pi
    if name == "nop":
        return
    if name == "zz":
        yield "zz", targets, (), (turn * entry.get("angle", entry.get("phase")),)
        return
    inner: tuple[str, tuple[float, ...]] = {
        "gpi": ("x", ()),
        "gpi2": ("rx", (math.pi / 2,)),
        "ms": ("xx", (turn * entry.get("angle", 0.25),)),
    }[name]
    phases = entry["phases"] if name == "ms" else [entry["phase"]]
    for qubit, phase in zip(targets, phases, strict=True):
        yield "phase", (qubit,), (), (-turn * phase,)
    yield inner[0], targets, (), inner[1]
    for qubit, phase in zip(targets, phases, strict=True):
        yield "phase", (qubit,), (), (turn * phase,)


# ---------------------------------------------------------------- qiskit.quantum_info

QISKIT = {
    "x": "XGate", "y": "YGate", "z": "ZGate", "h": "HGate", "s": "SGate", "si": "SdgGate",
    "t": "TGate", "ti": "TdgGate", "v": "SXGate", "vi": "SXdgGate", "swap": "SwapGate",
    "rx": "RXGate", "ry": "RYGate", "rz": "RZGate", "phase": "PhaseGate",
    "xx": "RXXGate", "yy": "RYYGate", "zz": "RZZGate",
}  # fmt: skip


def qiskit_operator(name: str, parameters: tuple[Any, ...]) -> Any:
    if name != "pauliexp":
        return qiskit.Operator(getattr(qiskit_gates, QISKIT[name])(*parameters))
    terms, coefficients, time = parameters
    hamiltonian = qiskit.SparsePauliOp(terms, coefficients).to_matrix()
    return qiskit.Operator(linalg.expm(-1j * time * hamiltonian))


def qiskit_probabilities(source: Entry) -> npt.NDArray[np.float64]:
    """Probabilities by `qiskit.quantum_info`; controlled gates as block matrices."""
    state = qiskit.Statevector.from_int(0, 2 ** source["qubits"])
    for name, targets, controls, parameters in steps(source):
        operator = qiskit_operator(name, parameters).data
        full = np.eye(len(operator) << len(controls), dtype=complex)
        full[-len(operator) :, -len(operator) :] = operator
        state = state.evolve(qiskit.Operator(full), [*targets, *controls])
    return np.asarray(state.probabilities())


# ---------------------------------------------------------------- qulacs

QULACS = {
    "x": "X", "y": "Y", "z": "Z", "h": "H", "s": "S", "si": "Sdag", "t": "T", "ti": "Tdag",
    "v": "sqrtX", "vi": "sqrtXdag", "swap": "SWAP", "rx": "RotX", "ry": "RotY", "rz": "RotZ",
    "phase": "U1",
}  # fmt: skip


def qulacs_gate(name: str, targets: tuple[int, ...], parameters: tuple[Any, ...]) -> Any:
    gate = qulacs.gate
    if name in {"xx", "yy", "zz"}:  # PauliRotation is exp(+i angle/2 P), the Rot gates are not
        return gate.PauliRotation(list(targets), ["ixyz".index(name[0])] * 2, -parameters[0])
    if name != "pauliexp":
        return getattr(gate, QULACS[name])(*targets, *parameters)
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


def qulacs_probabilities(source: Entry) -> npt.NDArray[np.float64]:
    """Probabilities by qulacs, controls by its own controlled gates."""
    state = qulacs.QuantumState(source["qubits"])
    for name, targets, controls, parameters in steps(source):
        gate = qulacs_gate(name, targets, parameters)
        if controls:
            gate = qulacs.gate.to_matrix_gate(gate)
            for control in controls:
                gate.add_control_qubit(control, 1)
        gate.update_quantum_state(state)
    amplitudes = np.asarray(state.get_vector())
    probabilities: npt.NDArray[np.float64] = amplitudes.real**2 + amplitudes.imag**2
    return probabilities
