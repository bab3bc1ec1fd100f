"""Circuits as OpenQASM text: what is written is read back as the same circuit."""

from __future__ import annotations

import random

import numpy as np
import pytest

import reference_sim
from conformance.generate import qis_circuit, specimens
from conformance.mock.program import openqasm
from conformance.providers.program_text import circuit_in, is_writable, written

_PLAIN = 'OPENQASM 3.0;\ninclude "stdgates.inc";\nqubit[1] q;\nbit[1] c;\n{}'


def writable() -> list[dict[str, object]]:
    designed = [s.inputs[0] for s in specimens() if is_writable(s.inputs[0])]
    drawn = [qis_circuit(random.Random(seed), most_qubits=4) for seed in range(60)]  # noqa: S311 - cases
    return [c for c in [*designed, *drawn] if is_writable(c) and int(c["qubits"]) <= 6]


@pytest.mark.parametrize("version", [2, 3])
def test_a_written_circuit_is_read_as_one_of_the_same_statistics(version: int) -> None:
    circuits = writable()
    assert len(circuits) >= 30
    for circuit in circuits:
        read = circuit_in(written(circuit, version=version))
        assert read is not None
        expected = reference_sim.probabilities(circuit)
        assert np.allclose(reference_sim.probabilities(read), expected, atol=1e-12)


@pytest.mark.parametrize("version", [2, 3])
def test_the_mock_reads_what_is_written_with_a_reader_of_its_own(version: int) -> None:
    for circuit in writable()[:30]:
        drawn = openqasm.read(written(circuit, version=version)).sample(400, 1)["c"]
        likely = np.flatnonzero(reference_sim.probabilities(circuit) > 1e-9)
        assert set(drawn) <= set(likely.tolist())


@pytest.mark.parametrize(
    "text",
    [
        None,
        17,
        "",
        "OPENQASM 3.0;",
        _PLAIN.format("u(1) q[0];\nc[0] = measure q[0];"),
        _PLAIN.format("x q[0];"),
        _PLAIN.format("rx q[0];\nc[0] = measure q[0];"),
    ],
)
def test_text_in_another_form_is_no_circuit_of_ours(text: object) -> None:
    assert circuit_in(text) is None


def test_gates_outside_the_library_are_not_writable() -> None:
    assert not is_writable({"qubits": 2, "circuit": [{"gate": "xx", "targets": [0, 1]}]})
    assert not is_writable({"qubits": 1, "circuit": [{"gate": "z", "target": 0, "rotation": 1.0}]})
