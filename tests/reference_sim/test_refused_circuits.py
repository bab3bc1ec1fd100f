from __future__ import annotations

import math
import pickle
from typing import Any

import pytest

from reference_sim import CircuitError, multi_probabilities, parse, probabilities

OK: dict[str, Any] = {"gate": "h", "target": 0}


def exponent(**fields: Any) -> dict[str, Any]:
    whole = {"gate": "pauliexp", "targets": [0, 1], "terms": ["XY"], "coefficients": [1], "time": 1}
    return {**whole, **fields}


def without(entry: dict[str, Any], field: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key != field}


MANY = exponent(targets=list(range(11)), terms=["X" * 11, "Z" * 11], coefficients=[1, 1])
MS = {"gate": "ms", "targets": [0, 1], "phases": [0, 0]}

QIS_GATES: list[tuple[Any, str]] = [
    ({"gate": "swap", "targets": [1, 1]}, "targets"),
    ({"gate": "x", "target": 3}, "target"),
    ({"gate": "x", "targets": [3]}, "targets"),
    ({"gate": "x", "target": -1}, "target"),
    ({"gate": "x", "target": 0.5}, "target"),
    ({"gate": "x", "target": math.nan}, "target"),
    ({"gate": "x", "target": math.inf}, "target"),
    ({"gate": "x", "target": True}, "target"),
    ({"gate": "x", "target": "0"}, "target"),
    ({"gate": "x", "target": None}, "target"),
    ({"gate": "x", "target": 10**5000}, "target"),
    ({"gate": "x", "target": [0]}, "target"),
    ({"gate": "x", "targets": 0}, "targets"),
    ({"gate": "x", "targets": "0"}, "targets"),
    ({"gate": "x", "targets": [[0]]}, "targets"),
    ({"gate": "x", "targets": []}, "targets"),
    ({"gate": "x", "targets": [0, 1]}, "targets"),
    ({"gate": "x", "target": 0, "targets": [1]}, "targets"),
    ({"gate": "x"}, "target"),
    ({"gate": "swap", "target": 0}, "target"),
    ({"gate": "xx", "targets": [0], "rotation": 1}, "targets"),
    ({"gate": "x", "control": 0, "target": 0}, "control"),
    ({"gate": "x", "controls": [1, 0], "target": 0}, "controls"),
    ({"gate": "x", "controls": [1, 1], "target": 0}, "controls"),
    ({"gate": "x", "controls": [3], "target": 0}, "controls"),
    ({"gate": "x", "controls": 1, "target": 0}, "controls"),
    ({"gate": "x", "controls": None, "target": 0}, "controls"),
    ({"gate": "x", "control": 1, "controls": [2], "target": 0}, "controls"),
    ({"gate": "cnot", "target": 0}, "control"),
    ({"gate": "cnot", "controls": [], "target": 0}, "control"),
    ({"gate": "rx", "target": 0}, "rotation"),
    ({"gate": "rx", "target": 0, "rotation": math.nan}, "rotation"),
    ({"gate": "rx", "target": 0, "rotation": -math.inf}, "rotation"),
    ({"gate": "rx", "target": 0, "rotation": True}, "rotation"),
    ({"gate": "rx", "target": 0, "rotation": "1"}, "rotation"),
    ({"gate": "rx", "target": 0, "rotation": None}, "rotation"),
    ({"gate": "rx", "target": 0, "rotation": 10**400}, "rotation"),
    ({"gate": "rx", "target": 0, "rotation": 1j}, "rotation"),
    ({"gate": "z", "target": 0, "rotation": math.nan}, "rotation"),
    ({"gate": "h", "target": 0, "rotation": 1}, "rotation"),
    ({"gate": "h", "target": 0, "phase": 1}, "phase"),
    ({"gate": "h", "target": 0, "contols": [1]}, "contols"),
    ({"gate": "gpi", "target": 0, "phase": 0.1}, "gate"),
    ({"gate": "u3", "target": 0}, "gate"),
    ({"gate": "H", "target": 0}, "gate"),
    ({"gate": ["h"], "target": 0}, "gate"),
    ({"gate": None, "target": 0}, "gate"),
    ({"target": 0}, "gate"),
    ({}, "gate"),
    ("h", "circuit"),
    (None, "circuit"),
    ([OK], "circuit"),
    (exponent(terms=["X"]), "terms"),
    (exponent(terms=["xy"]), "terms"),
    (exponent(terms="XY"), "terms"),
    (exponent(terms=[["X", "Y"]]), "terms"),
    (exponent(terms=["XY", "ZZ"]), "coefficients"),
    (exponent(coefficients=[math.nan]), "coefficients"),
    (exponent(coefficients=[1e308], time=1e308), "coefficients"),
    (exponent(coefficients=["1"]), "coefficients"),
    (exponent(coefficients=1), "coefficients"),
    (exponent(time=math.inf), "time"),
    (exponent(targets=[]), "targets"),
    (exponent(targets=[0, 0]), "targets"),
    *((without(exponent(), field), field) for field in ("terms", "coefficients", "time")),
]

NATIVE_GATES: list[tuple[Any, str]] = [
    (OK, "gate"),
    ({"gate": "gpi", "target": 0}, "phase"),
    ({"gate": "gpi2", "target": 0, "phases": [0.1]}, "phases"),
    ({"gate": "gpi2", "target": 0, "phase": math.nan}, "phase"),
    ({"gate": "gpi2", "targets": [0, 1], "phase": 0}, "targets"),
    ({"gate": "gpi", "target": 0, "phase": 0, "controls": [1]}, "controls"),
    ({"gate": "gpi", "target": 0, "phase": 0, "control": 1}, "control"),
    (without(MS, "phases"), "phases"),
    ({**MS, "phases": [0]}, "phases"),
    ({**MS, "phases": [0, 0, 0]}, "phases"),
    ({**MS, "phases": [0, False]}, "phases"),
    ({**MS, "phases": 0.1}, "phases"),
    ({**MS, "angle": None}, "angle"),
    ({**MS, "angle": math.nan}, "angle"),
    ({**MS, "targets": [1, 1]}, "targets"),
    ({**MS, "targets": [0]}, "targets"),
    ({"gate": "zz", "targets": [0, 1]}, "angle"),
    ({"gate": "zz", "targets": [0, 1], "angle": 0.1, "phase": 0.2}, "phase"),
    ({"gate": "zz", "targets": [0, 1], "rotation": 0.1}, "rotation"),
    ({"gate": "nop", "target": 9}, "target"),
]


def refusal(source: Any) -> CircuitError:
    with pytest.raises(CircuitError) as caught:
        probabilities(source)
    return caught.value


@pytest.mark.parametrize(("entry", "field"), QIS_GATES)
def test_a_bad_qis_gate_is_refused_with_its_index_and_field(entry: Any, field: str) -> None:
    error = refusal({"qubits": 3, "gateset": "qis", "circuit": [OK, OK, entry]})
    assert (error.circuit, error.gate, error.field) == (None, 2, field)
    assert str(error).startswith(f"gate 2, {field}: ")


@pytest.mark.parametrize(("entry", "field"), NATIVE_GATES)
def test_a_bad_native_gate_is_refused_with_its_index_and_field(entry: Any, field: str) -> None:
    error = refusal({"qubits": 3, "gateset": "native", "circuit": [{"gate": "nop"}, entry]})
    assert (error.circuit, error.gate, error.field) == (None, 1, field)


@pytest.mark.parametrize(
    ("source", "field"),
    [
        (None, "input"),
        ([], "input"),
        ("circuit", "input"),
        ({}, "circuit"),
        ({"circuit": None}, "circuit"),
        ({"circuit": {}}, "circuit"),
        ({"circuit": "h"}, "circuit"),
        ({"circuits": []}, "circuit"),
        ({"circuit": [], "gateset": "QIS"}, "gateset"),
        ({"circuit": [], "gateset": None}, "gateset"),
        ({"circuit": [], "gateset": ["qis"]}, "gateset"),
        ({"circuit": [], "qubits": 0}, "qubits"),
        ({"circuit": [], "qubits": -1}, "qubits"),
        ({"circuit": [], "qubits": 30}, "qubits"),
        ({"circuit": [], "qubits": 10**5000}, "qubits"),
        ({"circuit": [], "qubits": 2.5}, "qubits"),
        ({"circuit": [], "qubits": True}, "qubits"),
        ({"circuit": [], "qubits": "2"}, "qubits"),
        ({"circuit": [], "qubits": None}, "qubits"),
        ({"circuit": [], "qubits": math.nan}, "qubits"),
    ],
)
def test_a_bad_circuit_is_refused_with_its_field(source: Any, field: str) -> None:
    error = refusal(source)
    assert (error.circuit, error.gate, error.field) == (None, None, field)


@pytest.mark.parametrize(
    ("circuits", "place"),
    [
        (None, (None, None, "circuits")),
        ([{"circuit": []}, None], (1, None, "circuits")),
        ([{"circuit": []}, {}], (1, None, "circuit")),
        ([{"circuit": [], "qubits": 99}], (0, None, "qubits")),
        ([{"circuit": []}, {"circuit": [OK, {"gate": "x", "target": 2}]}], (1, 1, "target")),
        ([{"circuit": [{"gate": "gpi", "target": 0, "phase": 0}]}], (0, 0, "gate")),
    ],
)
def test_a_bad_circuit_of_a_batch_is_refused_with_its_index(
    circuits: Any, place: tuple[int | None, int | None, str]
) -> None:
    with pytest.raises(CircuitError) as caught:
        multi_probabilities({"gateset": "qis", "qubits": 2, "circuits": circuits})
    assert (caught.value.circuit, caught.value.gate, caught.value.field) == place


def test_terms_that_do_not_commute_are_refused_beyond_ten_targets() -> None:
    error = refusal({"gateset": "qis", "circuit": [MANY]})
    assert str(error) == (
        "gate 0, terms: expected commuting terms on more than 10 targets, got some that do not"
    )


def test_a_gate_of_the_other_gateset_is_named_as_such() -> None:
    with pytest.raises(CircuitError) as caught:
        parse({"gateset": "native", "circuit": [OK]})
    assert caught.value.reason == "expected a gate of gateset 'native', got 'h', which is of 'qis'"


def test_a_refusal_is_a_value_error_and_survives_pickling() -> None:
    error = refusal({"gateset": "qis", "circuit": [{}]})
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes, as pytest-xdist does)
    assert isinstance(again, ValueError)
    assert str(again) == str(error) == "gate 0, gate: expected the name of a gate, got nothing"
