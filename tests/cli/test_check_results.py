"""`qconform check-results`: results that somebody already has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main

BELL = {
    "qubits": 2,
    "gateset": "qis",
    "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}],
}
QASM = (
    'OPENQASM 2.0; include "qelib1.inc"; qreg q[3]; creg c[3]; x q[0]; cx q[0],q[1]; measure q->c;'
)


def written(tmp_path: Path, content: Any) -> str:
    file = tmp_path / "results.json"
    file.write_text(json.dumps(content))
    return str(file)


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"circuit": BELL, "counts": {"0": 502, "3": 498}}, 0),
        ({"circuit": BELL, "counts": {"00": 502, "11": 498}}, 0),
        ({"input": BELL, "probabilities": {"0": 0.5, "3": 0.5}}, 0),
        ({"input": BELL, "probabilities": {"0": 0.49, "3": 0.51}}, 1),
        ({"circuit": BELL, "counts": {"00": 1000}}, 1),
        ({"circuit": BELL, "counts": {"00": 1000}, "noise": {"model": "harmony"}}, 3),
        ({"qasm": QASM, "counts": {"011": 300}}, 0),
        ({"qasm": QASM, "counts": {"110": 300}}, 1),
        ({"qasm": QASM, "counts": {"110": 300}, "bit_order": "big"}, 0),
    ],
)
def test_results_are_judged_in_every_form(tmp_path: Path, entry: dict[str, Any], code: int) -> None:
    assert main(["check-results", written(tmp_path, entry)]) == code


def test_results_of_cirq_are_read_with_the_first_qubit_first(tmp_path: Path) -> None:
    cirq = pytest.importorskip("cirq")
    qubits = cirq.LineQubit.range(3)
    whole = cirq.Circuit(cirq.X(qubits[0]), cirq.CCX(*qubits), cirq.measure(*qubits))
    entry = {"cirq": cirq.to_json(whole), "counts": {"100": 200}}
    assert main(["check-results", written(tmp_path, entry)]) == 0


def test_a_folder_is_judged_as_one_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(3):
        entry = {"circuit": BELL, "counts": {"0": 500 + number, "3": 500 - number}}
        (tmp_path / f"{number}.json").write_text(json.dumps(entry))
    assert main(["check-results", str(tmp_path), "--format", "json"]) == 0
    assert "3 sampled" in json.loads(capsys.readouterr().out)["results"]


def test_the_likeliest_mistake_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entry = {"circuit": BELL, "counts": {"00": 1000}}
    main(["check-results", written(tmp_path, entry)])
    assert "a lost gate (h)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        ("no object", "expected an object"),
        ({"counts": {"0": 1}}, "expected a circuit"),
        ({"circuit": BELL}, "expected one of counts"),
        ({"circuit": BELL, "counts": {"7": 1}}, "outcomes of 2 qubits"),
        ({"circuit": BELL, "counts": {"0": "1"}}, "with numbers"),
        ({"circuit": BELL, "counts": {"0": 0.5}}, "whole numbers"),
        ({"circuit": {"circuit": [{"gate": "w", "target": 0}]}, "counts": {"0": 1}}, "meaning"),
        ({"qasm": "OPENQASM 2.0; nonsense", "counts": {"0": 1}}, "OpenQASM"),
        ({"cirq": "{}", "counts": {"0": 1}}, "Cirq"),
        ({"circuit": BELL, "probabilities": {"0": 0.2}}, "sum to 1"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Any, hint: str
) -> None:
    assert main(["check-results", written(tmp_path, content)]) in {2, 3}
    said = capsys.readouterr().err
    assert hint in said
    assert "results.json" in said
