"""Circuits that pennylane-ionq submits, and what PennyLane's own simulator says of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from client_distributions import ARIA_1, REASON, Distribution
from hypothesis import strategies as st

qml: Any = pytest.importorskip("pennylane", reason=REASON)
pennylane_ionq: Any = pytest.importorskip("pennylane_ionq", reason=REASON)

Gates = Callable[[], Sequence[Any]]
"""Makes the gates of a circuit, in order."""


def qis() -> list[Any]:
    """Three wires that differ from each other, so that a wrong bit order shows."""
    return [
        qml.Hadamard(0),
        qml.CNOT([0, 1]),
        qml.RY(0.9, 2),
        qml.IsingXX(0.7, [1, 2]),
        qml.SX(1),
        qml.RZ(0.4, 0),
        qml.Hadamard(0),
    ]


def deep() -> list[Any]:
    """So many gates on two wires that noise shows, and nothing else would: they undo each other."""
    return [qml.X(0), *(qml.CNOT([0, 1]) for _ in range(30))]


def native() -> list[Any]:
    """Native gates on two unlike wires."""
    return [
        pennylane_ionq.GPI2(0.1, wires=0),
        pennylane_ionq.GPI(0.3, wires=1),
        pennylane_ionq.MS(0.05, 0.2, 0.15, wires=[0, 1]),
        pennylane_ionq.GPI2(0.45, wires=0),
        pennylane_ionq.GPI2(0.6, wires=1),
    ]


def probabilities(device: Any, gates: Gates, shots: int = 100) -> Distribution:
    """Run `gates` on a device; wire 0 is the most significant bit, as PennyLane has it."""
    made = gates()

    def circuit() -> Any:
        for gate in made:
            qml.apply(gate)
        return qml.probs(wires=device.wires)

    values = np.asarray(node(circuit, device, shots)(), dtype=float)
    return dict(enumerate(values.tolist()))


def node(circuit: Callable[..., Any], device: Any, shots: int, **options: Any) -> Any:
    """Return what runs `circuit` on `device`."""
    return qml.set_shots(qml.QNode(circuit, device, **options), shots=shots)


def ideal(gates: Gates, wires: int = 3) -> Distribution:
    """Return the exact distribution according to PennyLane."""
    return _computed(map(_unitary, gates()), "default.qubit", wires)


def noisy(gates: Gates, wires: int = 3, rates: tuple[float, float] = ARIA_1) -> Distribution:
    """Return the exact distribution when every gate is followed by a depolarising channel."""
    spoiled = [
        part
        for gate in gates()
        for part in (
            _unitary(gate),
            qml.QubitChannel(
                _depolarizing(rates[len(gate.wires) - 1], len(gate.wires)), gate.wires
            ),
        )
    ]
    return _computed(spoiled, "default.mixed", wires)


def _computed(gates: Iterable[Any], device: str, wires: int) -> Distribution:
    tape = qml.tape.QuantumScript(list(gates), [qml.probs(wires=range(wires))])
    (values,) = qml.execute([tape], qml.device(device, wires=wires))
    return dict(enumerate(np.asarray(values, dtype=float).tolist()))


def _unitary(gate: Any) -> Any:
    """Return `gate`, or the matrix of a native one: those of the client are no unitaries.

    Source of the matrices: IonQ's guide to native gates; phases and angle in turns.
    """
    if gate.name not in {"GPI", "GPI2", "MS"}:
        return gate
    turns = [float(value) for value in gate.parameters]
    if gate.name == "MS":
        angle = math.pi * turns[2]
        both = np.kron(_gpi(turns[0]), _gpi(turns[1]))
        matrix = math.cos(angle) * np.eye(4) - 1j * math.sin(angle) * both
    elif gate.name == "GPI":
        matrix = _gpi(turns[0])
    else:
        matrix = (np.eye(2) - 1j * _gpi(turns[0])) / math.sqrt(2)
    return qml.QubitUnitary(matrix, wires=gate.wires)


def _gpi(phase: float) -> Any:
    turn = np.exp(2j * math.pi * phase)
    return np.array([[0, 1 / turn], [turn, 0]])


def _depolarizing(rate: float, wires: int) -> list[Any]:
    """Return the Kraus operators of forgetting the state of `wires` wires with probability."""
    paulis = [qml.matrix(kind(0)) for kind in (qml.Identity, qml.X, qml.Y, qml.Z)]
    every = paulis if wires == 1 else [np.kron(a, b) for a in paulis for b in paulis]
    share = rate / len(every)
    weights = [1 - rate + share, *[share] * (len(every) - 1)]
    return [math.sqrt(weight) * matrix for weight, matrix in zip(weights, every, strict=True)]


ANGLES = st.floats(-2 * math.pi, 2 * math.pi).map(lambda angle: round(angle, 6))
TURNS = st.floats(-1, 1).map(lambda turns: round(turns, 6))


@st.composite
def random_gates(draw: st.DrawFn, *, native_only: bool = False) -> Gates:
    """Draw a circuit on three wires of the gates that pennylane-ionq writes."""
    steps = [
        (draw(st.integers(0, 30)), draw(st.permutations(range(3))), draw(TURNS), draw(TURNS))
        for _ in range(draw(st.integers(1, 12)))
    ]
    kinds = _native_kinds() if native_only else _qis_kinds()
    return lambda: [
        pennylane_ionq.GPI2(0.1, wires=0) if native_only else qml.Hadamard(0),
        *(kinds[number % len(kinds)](wires, one, two) for number, wires, one, two in steps),
    ]


def _qis_kinds() -> list[Callable[[Sequence[int], float, float], Any]]:
    fixed = [qml.X, qml.Y, qml.Z, qml.Hadamard, qml.S, qml.T, qml.SX]
    turned = [qml.RX, qml.RY, qml.RZ, qml.PhaseShift]
    pairs = [qml.IsingXX, qml.IsingYY, qml.IsingZZ]
    return [
        *(lambda w, _a, _b, kind=kind: kind(w[0]) for kind in fixed),
        *(lambda w, _a, _b, kind=kind: qml.adjoint(kind(w[0])) for kind in (qml.S, qml.T, qml.SX)),
        *(lambda w, a, _b, kind=kind: kind(2 * math.pi * a, w[0]) for kind in turned),
        *(lambda w, a, _b, kind=kind: kind(2 * math.pi * a, list(w[:2])) for kind in pairs),
        *(lambda w, _a, _b, kind=kind: kind(list(w[:2])) for kind in (qml.CNOT, qml.SWAP, qml.CZ)),
        lambda w, _a, _b: qml.Toffoli(list(w)),
    ]


def _native_kinds() -> list[Callable[[Sequence[int], float, float], Any]]:
    return [
        lambda w, a, _b: pennylane_ionq.GPI(a, wires=w[0]),
        lambda w, a, _b: pennylane_ionq.GPI2(a, wires=w[0]),
        lambda w, a, b: pennylane_ionq.MS(a, b, round(abs(a) / 4, 6), wires=list(w[:2])),
    ]
