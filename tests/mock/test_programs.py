"""Programs that clients submit, read as circuits; beside Qiskit's own reading."""

from __future__ import annotations

import base64
import io
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import reference_sim
from conformance.mock.program import MeasuredCircuit, ProgramProblem, openqasm, qpy

WHY = "Qiskit is optional: install the extra 'test'"
qiskit = pytest.importorskip("qiskit", reason=WHY)
for name in ("qasm2", "qasm3", "qpy"):
    pytest.importorskip(f"qiskit.{name}", reason=WHY)
quantum_info = pytest.importorskip("qiskit.quantum_info", reason=WHY)

ONE = ("x", "y", "z", "h", "s", "sdg", "t", "tdg", "sx", "sxdg", "id")
TURNS = ("rx", "ry", "rz", "p")
TWO = ("cx", "cy", "cz", "ch", "csx", "swap", "ecr")
TWO_TURNS = ("cp", "crx", "cry", "crz", "rxx", "ryy", "rzz", "rzx")
THREE = ("ccx", "cswap")


def probabilities(circuit: MeasuredCircuit) -> npt.NDArray[np.float64]:
    form = {"qubits": circuit.qubits, "gateset": "qis", "circuit": list(circuit.gates)}
    return reference_sim.probabilities(form)


def scrambled(seed: int) -> Any:
    """Return a circuit of Qiskit with every gate once, amplitudes everywhere in between."""
    drawn = np.random.default_rng(seed)
    circuit = qiskit.QuantumCircuit(3, 3)

    def qubits(count: int) -> list[int]:
        return [int(q) for q in drawn.permutation(3)[:count]]

    for name in drawn.permutation([*ONE, *TURNS, *TWO, *TWO_TURNS, *THREE, "u"]):
        angle = float(drawn.uniform(-4, 4))
        circuit.ry(float(drawn.uniform(0, 3)), int(drawn.integers(3)))
        if name == "u":
            circuit.u(angle, 0.3, -1.1, *qubits(1))
        else:
            count = 1 if name in ONE + TURNS else 3 if name in THREE else 2
            angles = [angle] if name in TURNS + TWO_TURNS else []
            getattr(circuit, str(name))(*angles, *qubits(count))
    circuit.measure(range(3), range(3))
    return circuit


def expected(circuit: Any) -> npt.NDArray[np.float64]:
    bare = circuit.remove_final_measurements(inplace=False)
    return np.asarray(quantum_info.Statevector(bare).probabilities())


@pytest.mark.parametrize("seed", range(8))
def test_qpy_and_openqasm_are_read_as_qiskit_reads_them(seed: int) -> None:
    circuit = scrambled(seed)
    packed = io.BytesIO()
    qiskit.qpy.dump(circuit, packed)
    text = base64.b64encode(zlib.compress(packed.getvalue())).decode()
    right = expected(circuit)
    np.testing.assert_allclose(probabilities(qpy.read(text)), right, atol=1e-9)
    for program in (qiskit.qasm2.dumps(circuit), qiskit.qasm3.dumps(circuit)):
        np.testing.assert_allclose(probabilities(openqasm.read(program)), right, atol=1e-9)


def test_bits_come_from_the_qubits_that_were_measured_into_them() -> None:
    circuit = openqasm.read(
        "OPENQASM 3.0; bit[3] a; bit b; qubit[90] q; x q[89]; a[2] = measure q[89]; "
        "b = measure q[3];"
    )
    assert circuit.qubits == 2
    assert circuit.sample(2, seed=1) == {"a": [4, 4], "b": [0, 0]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "OpenQASM program"),
        ("OPENQASM 3; qubit q; if (true) { x q; }", "BranchingStatement"),
        ("OPENQASM 3; qubit q; reset q;", "QuantumReset"),
        ("OPENQASM 3; qubit q; bit c; c = measure q; x q;", "after a measurement"),
        ("OPENQASM 3; qubit q; foo q;", "standard library"),
        ("OPENQASM 3; qubit[2] q; cx q[0], q[0];", "different qubits"),
        ("OPENQASM 3; qubit[2] q; x q[2];", "index of q below 2"),
        ("OPENQASM 3; qubit q; rx(1/0) q;", "expected a number"),
        ("OPENQASM 3; qubit q; rx q;", "1 parameters"),
        ("OPENQASM 3; x q;", "declared register"),
        ("OPENQASM 3; qubit[2] q; bit c; c = measure q;", "2 bits"),
        ("x" * 1_000_001, "characters"),
    ],
)
def test_a_program_that_is_not_simulated_says_what_was_expected(text: str, said: str) -> None:
    with pytest.raises(ProgramProblem, match=said):
        openqasm.read(text)


def test_nothing_is_read_from_a_disk() -> None:
    circuit = openqasm.read('OPENQASM 3; include "/etc/passwd"; qubit q; bit c; c = measure q;')
    assert circuit.sample(1, seed=0) == {"c": [0]}


@pytest.mark.parametrize("text", ["", "????", base64.b64encode(b"not packed").decode()])
def test_what_is_no_qpy_says_so(text: str) -> None:
    with pytest.raises(ProgramProblem, match="expected a circuit"):
        qpy.read(text)


def test_too_many_qubits_are_refused_before_they_are_simulated() -> None:
    circuit = openqasm.read("OPENQASM 3; qubit[30] q; bit[30] c; h q; c = measure q;")
    with pytest.raises(ProgramProblem, match="at most 20 qubits"):
        circuit.sample(1, seed=0)
