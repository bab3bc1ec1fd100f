from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import reference_sim
from reference_sim import CircuitError, multi_probabilities, probabilities

Entry = dict[str, Any]


def qis(*entries: Entry, **fields: Any) -> Entry:
    return {"gateset": "qis", "circuit": list(entries), **fields}


def native(*entries: Entry, **fields: Any) -> Entry:
    return {"gateset": "native", "circuit": list(entries), **fields}


TURN = {"gate": "rx", "target": 0, "rotation": 0.9}
CASES: list[tuple[str, Entry, Entry]] = [
    ("targets", qis({"gate": "h", "targets": [1]}), qis({"gate": "h", "target": 1})),
    ("float qubits", qis({"gate": "h", "targets": [1.0]}), qis({"gate": "h", "target": 1})),
    ("float width", qis(TURN, qubits=2.0), qis(TURN, qubits=2)),
    ("integer angle", qis({**TURN, "rotation": 1}), qis({**TURN, "rotation": 1.0})),
    ("both spellings", qis({**TURN, "targets": [0]}), qis(TURN)),
    ("empty controls", qis({**TURN, "controls": []}), qis(TURN)),
    ("empty native controls", native({"gate": "gpi2", "target": 0, "phase": 0.1, "controls": []}),
     native({"gate": "gpi2", "target": 0, "phase": 0.1})),
    ("controls of cnot", qis(TURN, {"gate": "cnot", "controls": [0], "target": 1}),
     qis(TURN, {"gate": "cnot", "control": 0, "target": 1})),
    ("x with control", qis(TURN, {"gate": "x", "control": 0, "target": 1}),
     qis(TURN, {"gate": "cnot", "control": 0, "target": 1})),
    ("not", qis({"gate": "not", "target": 0}), qis({"gate": "x", "target": 0})),
    ("registers", qis(TURN, registers={"a": [0, None]}, name="n"), qis(TURN)),
    ("gateset left out", {"circuit": [TURN]}, qis(TURN)),
    ("nop", native({"gate": "gpi2", "target": 0, "phase": 0}, {"gate": "nop", "time": 1}),
     native({"gate": "gpi2", "target": 0, "phase": 0})),
    ("ms default", native({"gate": "ms", "targets": [0, 1], "phases": [0, 0.1]}),
     native({"gate": "ms", "targets": [0, 1], "phases": [0, 0.1], "angle": 0.25})),
    ("empty exponent", qis(TURN, {"gate": "pauliexp", "targets": [0], "terms": [],
     "coefficients": [], "time": 1}), qis(TURN)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "plain"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_every_form_of_a_gate_means_the_same(written: Entry, plain: Entry) -> None:
    np.testing.assert_array_equal(probabilities(written), probabilities(plain))


def test_qubit_0_is_the_least_significant_bit() -> None:
    found = probabilities(qis({"gate": "x", "target": 0}, qubits=3))
    assert found.tolist() == [0, 1, 0, 0, 0, 0, 0, 0]


def test_qubits_left_out_are_the_highest_used_index_and_one() -> None:
    assert probabilities(qis({"gate": "x", "controls": [4], "target": 0})).shape == (32,)
    assert probabilities(qis()).tolist() == [1, 0]
    assert probabilities(native({"gate": "nop"})).tolist() == [1, 0]


def test_z_with_a_rotation_is_a_phase_and_no_rz() -> None:
    """Under a control, rz would turn the control by half the angle too."""
    h = [{"gate": "h", "target": 0}, {"gate": "x", "target": 1}]
    phase = {"gate": "z", "controls": [0], "targets": [1], "rotation": math.pi}
    found = probabilities(qis(*h, phase, h[0]))
    np.testing.assert_allclose(found, [0, 0, 0, 1], rtol=0, atol=1e-15)


def test_native_zz_takes_its_angle_by_either_name() -> None:
    turn = [{"gate": "gpi2", "target": q, "phase": 0} for q in (0, 1)]
    one, other, both = (
        probabilities(native(*turn, {"gate": "zz", "targets": [0, 1], **angle}, *turn))
        for angle in ({"angle": 0.2}, {"phase": 0.2}, {"angle": 0.2, "phase": 0.2})
    )
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(one, both)
    assert abs(one[0] - probabilities(native(*turn, *turn, qubits=2))[0]) > 0.01


def test_the_last_letter_of_a_term_acts_on_the_first_target() -> None:
    exponent = {"gate": "pauliexp", "terms": ["IX"], "coefficients": [1], "time": math.pi / 2}
    found = probabilities(qis({**exponent, "targets": [2, 0]}))
    assert np.argmax(found) == 0b100


def test_a_pauli_exponential_has_no_factor_of_a_half() -> None:
    exponent = {
        "gate": "pauliexp",
        "targets": [0],
        "terms": ["X"],
        "coefficients": [0.5],
        "time": 1,
    }
    assert probabilities(qis(exponent))[1] == pytest.approx(math.sin(0.5) ** 2, abs=1e-15)


def test_terms_that_do_not_commute_may_weigh_nothing() -> None:
    exponent = {"gate": "pauliexp", "targets": [0], "terms": ["X", "Z"], "coefficients": [0, 0]}
    assert probabilities(qis({**exponent, "time": 1})).round(15).tolist() == [1, 0]


def test_commuting_terms_may_act_on_many_targets() -> None:
    """exp(-i pi/4 XX..X) takes zero halfway to all ones."""
    many = {"gate": "pauliexp", "targets": list(range(12)), "coefficients": [1, 2]}
    found = probabilities(qis({**many, "terms": ["X" * 12, "I" * 12], "time": math.pi / 4}))
    assert found[0] == pytest.approx(0.5, abs=1e-15)
    assert found[-1] == pytest.approx(0.5, abs=1e-15)


def test_each_circuit_of_a_batch_may_have_its_own_gateset_and_qubits() -> None:
    source = {
        "gateset": "native",
        "qubits": 2,
        "circuits": [
            {"gateset": "qis", "circuit": [{"gate": "x", "target": 1}]},
            {"circuit": [{"gate": "gpi", "target": 0, "phase": 0.3}], "registers": {"a": [0]}},
            {"qubits": 1, "circuit": []},
        ],
    }
    found = multi_probabilities(source)
    assert [each.round(12).tolist() for each in found] == [[0, 0, 1, 0], [0, 1, 0, 0], [1, 0]]


def test_parsed_gates_keep_the_order_of_writing() -> None:
    circuit = reference_sim.parse(
        qis({"gate": "swap", "targets": [2, 0], "controls": [3, 1]}), max_qubits=4
    )
    assert circuit.qubits == 4
    assert circuit.gates == (reference_sim.Gate("swap", (2, 0), (3, 1)),)


def test_a_large_finite_angle_is_no_error_of_arithmetic() -> None:
    huge = 1e308
    found = [
        probabilities(qis({**TURN, "rotation": huge})),
        probabilities(native({"gate": "gpi2", "target": 0, "phase": huge})),
        probabilities(
            native({"gate": "ms", "targets": [0, 1], "phases": [huge, 0], "angle": huge})
        ),
    ]
    assert all(abs(each.sum() - 1) < 1e-12 for each in found)


def test_the_limit_of_qubits_is_the_callers() -> None:
    source = qis({"gate": "x", "target": 3})
    with pytest.raises(CircuitError, match="expected a qubit from 0 to 2, got 3"):
        probabilities(source, max_qubits=3)
    assert probabilities(source, max_qubits=4).argmax() == 8
