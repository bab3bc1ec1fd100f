"""Circuits that cirq-ionq submits, and what cirq's own simulators say of them."""

from __future__ import annotations

import math
from typing import Any

import pytest
from client_distributions import ARIA_1, REASON, Distribution
from hypothesis import strategies as st

cirq: Any = pytest.importorskip("cirq", reason=REASON)
cirq_ionq: Any = pytest.importorskip("cirq_ionq", reason=REASON)

QUBITS = cirq.LineQubit.range(3)


def qis() -> Any:
    """Three qubits that differ from each other, so that a wrong bit order shows."""
    zero, one, two = QUBITS
    return cirq.Circuit(
        cirq.H(zero),
        cirq.CNOT(zero, one),
        cirq.ry(0.9)(two),
        cirq.XX(one, two) ** 0.3,
        cirq.X(one) ** 0.5,
        cirq.Z(zero) ** 0.4,
        cirq.H(zero),
    )


def deep() -> Any:
    """So many gates on two qubits that noise shows, and nothing else: they undo each other."""
    zero, one, _ = QUBITS
    return cirq.Circuit(cirq.X(zero), (cirq.CNOT(zero, one) for _ in range(30)))


def native(second: str = "ms") -> Any:
    """Native gates on two unlike qubits; `second` names the gate between them."""
    zero, one, _ = QUBITS
    between = cirq_ionq.MSGate(phi0=0.05, phi1=0.2, theta=0.15)
    if second == "zz":
        between = cirq_ionq.ZZGate(theta=0.15)
    return cirq.Circuit(
        cirq_ionq.GPI2Gate(phi=0.1)(zero),
        cirq_ionq.GPIGate(phi=0.3)(one),
        between(zero, one),
        cirq_ionq.GPI2Gate(phi=0.45)(zero),
        cirq_ionq.GPI2Gate(phi=0.6)(one),
    )


def measured(circuit: Any, key: str = "out") -> Any:
    """Return a copy in which every qubit is measured under one key, in order."""
    return circuit + cirq.Circuit(cirq.measure(*sorted(circuit.all_qubits()), key=key))


def ideal(circuit: Any) -> Distribution:
    """Return the exact distribution as cirq writes it: qubit 0 is the most significant bit."""
    order = cirq.LineQubit.range(1 + max(qubit.x for qubit in circuit.all_qubits()))
    state = circuit.final_state_vector(qubit_order=order, dtype=complex)
    return dict(enumerate((abs(state) ** 2).tolist()))


def noisy(circuit: Any, rates: tuple[float, float] = ARIA_1) -> Distribution:
    """Return the exact distribution when every gate is followed by a depolarising channel.

    A channel that forgets its qubits with probability r applies one of the Paulis that are
    not the identity with probability r (1 - 4**-qubits).
    """
    channels = [
        cirq.depolarize(rate * (1 - 4.0**-qubits), n_qubits=qubits)
        for qubits, rate in enumerate(rates, start=1)
    ]
    spoiled = cirq.Circuit(
        part
        for operation in circuit.all_operations()
        for part in (operation, channels[len(operation.qubits) - 1](*operation.qubits))
    )
    matrix = cirq.final_density_matrix(spoiled)
    return dict(enumerate(matrix.diagonal().real.tolist()))


ANGLES = st.floats(-2 * math.pi, 2 * math.pi).map(lambda angle: round(angle, 6))
TURNS = st.floats(-1, 1).map(lambda turns: round(turns, 6))


@st.composite
def random_qis(draw: st.DrawFn) -> Any:
    """Draw a circuit of every QIS gate that cirq-ionq writes, on one to four qubits."""
    width = draw(st.integers(1, 4))
    qubits = cirq.LineQubit.range(width)
    circuit = cirq.Circuit(cirq.H(qubit) for qubit in qubits)
    for _ in range(draw(st.integers(1, 12))):
        order = draw(st.permutations(qubits))
        angle = draw(ANGLES)
        one = [
            *(cirq.X, cirq.Y, cirq.Z, cirq.H, cirq.S, cirq.S**-1, cirq.T, cirq.T**-1),
            *(cirq.X**0.5, cirq.X**-0.5, cirq.rx(angle), cirq.ry(angle), cirq.rz(angle)),
            *(cirq.X ** (angle / 3), cirq.Y ** (angle / 3), cirq.Z ** (angle / 3)),
        ]
        power = angle / math.pi
        two = [cirq.CNOT, cirq.SWAP, cirq.XX**power, cirq.YY**power, cirq.ZZ**power]
        gate = draw(st.sampled_from(one + two if width > 1 else one))
        circuit.append(gate(*order[: cirq.num_qubits(gate)]))
    return circuit


@st.composite
def random_native(draw: st.DrawFn) -> Any:
    """Draw a circuit of native gates on one to three qubits."""
    width = draw(st.integers(1, 3))
    qubits = cirq.LineQubit.range(width)
    circuit = cirq.Circuit(cirq_ionq.GPI2Gate(phi=0.1)(qubit) for qubit in qubits)
    for _ in range(draw(st.integers(1, 10))):
        order = draw(st.permutations(qubits))
        phases = draw(TURNS), draw(TURNS)
        one = [cirq_ionq.GPIGate(phi=phases[0]), cirq_ionq.GPI2Gate(phi=phases[0])]
        angle = round(abs(phases[1]) / 4, 6)
        two = [
            cirq_ionq.MSGate(phi0=phases[0], phi1=phases[1], theta=angle),
            cirq_ionq.ZZGate(theta=angle),
        ]
        gate = draw(st.sampled_from(one + two if width > 1 else one))
        circuit.append(gate(*order[: cirq.num_qubits(gate)]))
    return circuit
