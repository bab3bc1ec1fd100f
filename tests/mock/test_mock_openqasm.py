"""OpenQASM 3 as the mock reads an ansatz, beside qiskit's reading of the same program."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from unitaries import distance, unitary

from conformance.mock.program import ProgramProblem
from conformance.mock.program.openqasm import circuit_of

REASON = "install the extra 'test'"
qasm3: Any = pytest.importorskip("qiskit.qasm3", reason=REASON)
quantum_info: Any = pytest.importorskip("qiskit.quantum_info", reason=REASON)
pytest.importorskip("qiskit_qasm3_import", reason=REASON)
circuits: Any = pytest.importorskip("qiskit.circuit", reason=REASON)
EPS = 2.0**-52

PROGRAM = """OPENQASM 3.0;
include "stdgates.inc";
gate mixed(a) x, y { ctrl @ rx(a / 2) x, y; inv @ s x; gphase(a); u2(a, -a) y; }
gate deep(p) x, y { mixed(2 * p) x, y; inv @ mixed(p) y, x; }
qubit[3] q;
h q;
ctrl @ deep(0.3) q[2], q[0], q[1];
x q[0];
ctrl @ ctrl @ U(0.3, 0.5, -0.7) q[0], q[1], q[2];
x q[0];
cu(0.1, 0.2, 0.3, 0.4) q[2], q[1];
ctrl(2) @ x q[0], q[1], q[2];
cswap q[0], q[1], q[2];
crz(2 * pi / 3) q[1], q[0];
sx q[0]; tdg q[1]; cp(-pi / 3) q[2], q[0]; ccx q[2], q[1], q[0]; ch q[0], q[1];
"""


def test_a_program_is_the_circuit_that_qiskit_reads() -> None:
    expected = np.asarray(quantum_info.Operator(qasm3.loads(PROGRAM)).data)
    assert distance(expected, unitary(circuit_of(PROGRAM, []))) < 1000 * EPS


def test_inputs_take_the_parameters_in_the_order_of_declaration() -> None:
    angles = circuits.ParameterVector("t", 4)
    circuit = circuits.QuantumCircuit(3)
    for qubit in range(3):
        circuit.ry(angles[qubit], qubit)
    circuit.rzz(2 * angles[3] + 0.5, 0, 2)
    circuit.cx(0, 1)
    values = [0.1, 0.7, -1.3, 2.9]
    expected = quantum_info.Operator(circuit.assign_parameters(values)).data
    found = circuit_of(qasm3.dumps(circuit), values)
    assert distance(np.asarray(expected), unitary(found)) < 1000 * EPS


def test_numbers_may_be_computed() -> None:
    found = circuit_of("const float a = 2; qubit q; rx(-sin(0.4) + (a + pi) ** 2 / tau) q;", [])
    expected = -math.sin(0.4) + (2 + math.pi) ** 2 / math.tau
    assert found["circuit"] == [{"gate": "rx", "rotation": expected, "targets": [0]}]


def test_an_input_may_be_a_list_of_numbers() -> None:
    program = "input float first; input array[float[64], 2] t; qubit[2] q; rx(t[1]) q[first];"
    assert circuit_of(program, [1, 5, 7])["circuit"] == [
        {"gate": "rx", "rotation": 7, "targets": [1]}
    ]


def test_a_negative_control_acts_where_its_qubit_is_zero() -> None:
    found = circuit_of("qubit[2] q; negctrl @ x q[0], q[1];", [])
    expected = np.diag([0j, 1, 0, 1])
    expected[0, 2] = expected[2, 0] = 1
    assert distance(expected, unitary(found)) < 10 * EPS


def test_a_phase_by_itself_is_nothing_and_under_a_control_a_phase() -> None:
    found = circuit_of("qubit[2] q; gphase(1); ctrl @ gphase(pi / 2) q[1];", [])
    assert found["circuit"] == [{"gate": "z", "rotation": math.pi / 2, "targets": [1]}]


@pytest.mark.parametrize(
    ("program", "parameters", "reason"),
    [
        ("nonsense", [], "expected an OpenQASM program"),
        ("qubit q; h q", [], "expected an OpenQASM program"),
        ("OPENQASM 3.0;", [], "at least one qubit"),
        ("qubit[2] q;\nh q[5];", [], "line 2: expected an index of q below 2, got 5"),
        ("qubit q; foo q;", [], "line 1: expected a gate of the standard library, got 'foo'"),
        ("qubit q; h p;", [], "expected a declared register, got 'p'"),
        ("qubit q; measure q;", [], "measures nothing"),
        ("qubit q; rx(1 / 0) q;", [], "expected a number"),
        ("qubit q; rx(2 ** 100000) q;", [], "expected a number"),
        ("qubit q; rx((-1) ** 0.5) q;", [], "finite number"),
        ("qubit q; rx(t) q;", [], "an input or their sums"),
        ("qubit q; rx q;", [], "expected 1 parameters and 1 qubits for rx, got 0 and 1"),
        ("qubit[2] q; cx q[0], q[0];", [], "different qubits"),
        ("qubit[3] q; qubit[2] p; cx q, p;", [], "registers of one size"),
        ("qubit q; pow(2) @ x q;", [], "ctrl, negctrl or inv"),
        ("qubit q; ctrl(0) @ x q;", [], "at least one control"),
        ("qubit q; input float t;", [], "more parameters"),
        ("qubit q; input float t;", [1, 2], "expected 1 parameters, got 2"),
        ("qubit q; gate a x { a x; } a q;", [], "got one nested too deep"),
        ("qubit q; rx(" + 3000 * "(" + "1" + 3000 * ")" + ") q;", [], "at most 40 open brackets"),
        ("qubit q; rx(" + 5000 * "-" + "1) q;", [], "at most 40 open brackets"),
        ("qubit q; rx(1" + 3000 * " + 1" + ") q;", [], "nested too deep"),
        ("qubit[1e400] q;", [], "finite number"),
        ("qubit[2000] q;", [], "a register of 1 to 1000, got 2000"),
        ("//" + 100_000 * "x", [], "at most 100000 characters"),
    ],
)
def test_what_is_no_circuit_is_refused_with_a_reason(
    program: str, parameters: list[float], reason: str
) -> None:
    with pytest.raises(ProgramProblem) as caught:
        circuit_of(program, parameters)
    assert reason in str(caught.value)


def test_definitions_that_multiply_are_stopped() -> None:
    levels = "".join(
        f"gate g{k} x {{ {40 * f'g{k - 1} x; '} }}" if k else "gate g0 x { }" for k in range(6)
    )
    with pytest.raises(ProgramProblem) as caught:
        circuit_of(f"{levels} qubit q; g5 q;", [])
    assert "at most 20000 gates" in str(caught.value)
