from __future__ import annotations

import math
from functools import reduce
from typing import Any

import numpy as np
import pytest
import random_circuits as circuits

import reference_sim
from reference_sim import matrix_of

TOLERANCE = 1e-12
Entry = dict[str, Any]

NEGATED = ("rotation", "time", "angle")
PARTNER = {"s": "si", "si": "s", "t": "ti", "ti": "t", "v": "vi", "vi": "v"}
PAULI = {
    "I": np.eye(2),
    "X": np.array([[0, 1], [1, 0]]),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.diag([1, -1]),
}


def outcome(*entries: Entry, gateset: str = "qis", qubits: int = 3) -> Any:
    source = {"qubits": qubits, "gateset": gateset, "circuit": list(entries)}
    return reference_sim.probabilities(source)


def inverse(entry: Entry) -> Entry:
    if entry["gate"] == "gpi2":
        return {**entry, "phase": entry["phase"] + 0.5}
    if entry["gate"] == "ms" and "angle" not in entry:
        return {**entry, "angle": -0.25}
    if entry["gate"] == "zz" and "phase" in entry:
        return {**entry, "phase": -entry["phase"]}
    turned = {key: -entry[key] for key in NEGATED if key in entry}
    return {**entry, "gate": PARTNER.get(entry["gate"], entry["gate"]), **turned}


@pytest.mark.parametrize("seed", range(20))
def test_a_qis_circuit_and_its_inverse_leave_zero(seed: int) -> None:
    source = circuits.qis_input(seed, 5, gates=30)
    there = source["circuit"]
    both = {**source, "circuit": [*there, *(inverse(entry) for entry in reversed(there))]}
    assert abs(reference_sim.probabilities(both)[0] - 1) < TOLERANCE


@pytest.mark.parametrize("seed", range(10))
def test_a_native_circuit_and_its_inverse_leave_zero(seed: int) -> None:
    source = circuits.native_input(seed, 4, gates=30)
    there = [entry for entry in source["circuit"] if entry["gate"] != "nop"]
    both = {**source, "circuit": [*there, *(inverse(entry) for entry in reversed(there))]}
    assert abs(reference_sim.probabilities(both)[0] - 1) < TOLERANCE


@pytest.mark.parametrize(
    ("name", "square"), [("s", "z"), ("t", "s"), ("v", "x"), ("si", "z"), ("ti", "si"), ("vi", "x")]
)
def test_the_square_of_a_root_is_its_gate_phase_included(name: str, square: str) -> None:
    root = matrix_of("qis", name)
    np.testing.assert_allclose(root @ root, matrix_of("qis", square), rtol=0, atol=1e-15)


@pytest.mark.parametrize(("name", "word"), [("rx", "X"), ("ry", "Y"), ("rz", "Z")])
@pytest.mark.parametrize("angle", [0.3, -2.0, math.pi, 11.0])
def test_a_rotation_is_a_pauli_exponential_of_half_the_angle(
    name: str, word: str, angle: float
) -> None:
    for gate, letters in ((name, word), (2 * word.lower(), 2 * word)):
        exponential = matrix_of("qis", "pauliexp", (angle / 2, 1.0), (letters,))
        np.testing.assert_allclose(
            matrix_of("qis", gate, (angle,)), exponential, rtol=0, atol=1e-15
        )


@pytest.mark.parametrize("word", ["Y", "XZ", "YIX", "ZZY", "IIII", "XYZI"])
def test_a_pauli_word_reads_from_the_highest_bit_down(word: str) -> None:
    product: Any = reduce(np.kron, [PAULI[letter] for letter in word])
    quarter = matrix_of("qis", "pauliexp", (math.pi / 2, 1.0), (word,))
    np.testing.assert_allclose(quarter, -1j * product, rtol=0, atol=1e-15)


def test_terms_that_do_not_commute_are_not_multiplied_out() -> None:
    """exp(-i t (X + Z)) is a rotation about the axis between, by 2 t sqrt(2)."""
    time = 0.7
    found = matrix_of("qis", "pauliexp", (time, 1.0, 1.0), ("X", "Z"))
    angle = time * math.sqrt(2)
    axis = (PAULI["X"] + PAULI["Z"]) / math.sqrt(2)
    expected = math.cos(angle) * np.eye(2) - 1j * math.sin(angle) * axis
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("phase", [0.0, 0.1, -0.4, 1.0])
def test_native_one_qubit_gates_are_turns_about_an_axis_in_the_plane(phase: float) -> None:
    axis = math.cos(2 * math.pi * phase) * PAULI["X"] + math.sin(2 * math.pi * phase) * PAULI["Y"]
    np.testing.assert_allclose(matrix_of("native", "gpi", (phase,)), axis, rtol=0, atol=1e-15)
    quarter = (np.eye(2) - 1j * axis) / math.sqrt(2)
    np.testing.assert_allclose(matrix_of("native", "gpi2", (phase,)), quarter, rtol=0, atol=1e-15)


@pytest.mark.parametrize(("phases", "angle"), [((0.1, 0.3), 0.25), ((0.9, -0.2), 0.1)])
def test_ms_mixes_by_the_product_of_two_gpi_with_the_first_target_last(
    phases: tuple[float, float], angle: float
) -> None:
    first, second = (matrix_of("native", "gpi", (phase,)) for phase in phases)
    expected = math.cos(math.pi * angle) * np.eye(4) - 1j * math.sin(math.pi * angle) * np.kron(
        second, first
    )
    found = matrix_of("native", "ms", (*phases, angle))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("turns", [0.25, 0.1, -0.7, 3.2])
def test_native_two_qubit_gates_equal_qis_ones_of_two_pi_times_the_turns(turns: float) -> None:
    for native, parameters, qis in (("ms", (0.0, 0.0, turns), "xx"), ("zz", (turns,), "zz")):
        np.testing.assert_allclose(
            matrix_of("native", native, parameters),
            matrix_of("qis", qis, (2 * math.pi * turns,)),
            rtol=0,
            atol=1e-14,
        )


@pytest.mark.parametrize("form", [*circuits.QIS_FORMS])
def test_every_matrix_is_unitary(form: str) -> None:
    entry = circuits.qis_gate(circuits.generator(4), form, range(5), 1 if form == "cnot" else 0)
    gate = reference_sim.parse({"gateset": "qis", "circuit": [entry]}).gates[0]
    matrix = matrix_of("qis", gate.name, gate.parameters, gate.words)
    np.testing.assert_allclose(matrix @ matrix.conj().T, np.eye(len(matrix)), rtol=0, atol=1e-14)


def test_h_turns_x_into_z_and_cnot_copies_a_flip() -> None:
    h = {"gate": "h", "target": 1}
    flipped = outcome(h, {"gate": "z", "target": 1}, h)
    np.testing.assert_allclose(flipped, outcome({"gate": "x", "target": 1}), rtol=0, atol=TOLERANCE)
    copied = outcome({"gate": "x", "target": 0}, {"gate": "cnot", "control": 0, "target": 2})
    assert copied[0b101] == 1


def test_a_phase_shows_under_a_control() -> None:
    """v is rx(pi/2) times exp(i pi/4); under a control, two of them need an s to be equal."""
    h, s = {"gate": "h", "target": 0}, {"gate": "s", "target": 0}
    rx = {"gate": "rx", "controls": [0], "target": 1, "rotation": math.pi / 2}
    v = {"gate": "v", "controls": [0], "target": 1}
    x = outcome(h, {"gate": "cnot", "control": 0, "target": 1}, h)
    np.testing.assert_allclose(outcome(h, v, v, h), x, rtol=0, atol=TOLERANCE)
    np.testing.assert_allclose(outcome(h, rx, rx, s, h), x, rtol=0, atol=TOLERANCE)
    cnot_then_h = outcome(h, v, v, {"gate": "h", "target": 1}, h)
    rx_then_h = outcome(h, rx, rx, {"gate": "h", "target": 1}, h)
    assert np.abs(cnot_then_h - rx_then_h).max() > 0.2
