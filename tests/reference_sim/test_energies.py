from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest
import random_circuits as circuits

from reference_sim import CircuitError, ProblemError, energy, energy_range, evolve, parse

TOLERANCE = 1e-12
X0 = {"gate": "x", "target": 0}


def term(word: str, coefficient: float = 1.0) -> dict[str, Any]:
    return {"pauli_string": word, "coefficient": coefficient}


def random_hamiltonian(seed: int, qubits: int, letters: str = "IXYZ") -> list[dict[str, Any]]:
    rng = circuits.generator(seed)
    words = ["".join(rng.choices(letters, k=qubits)) for _ in range(12)]
    return [term(word, rng.uniform(-2, 2)) for word in words]


def test_the_last_letter_acts_on_qubit_0() -> None:
    ansatz = {"qubits": 2, "circuit": [X0]}
    assert energy(ansatz, [term("IZ", 3)]) == -3
    assert energy(ansatz, [term("ZI", 3)]) == 3


@pytest.mark.parametrize(
    ("gates", "word", "expected"),
    [
        ([{"gate": "h", "target": 0}], "X", 1),
        ([{"gate": "h", "target": 0}, {"gate": "s", "target": 0}], "Y", 1),
        ([{"gate": "h", "target": 0}, {"gate": "si", "target": 0}], "Y", -1),
        ([{"gate": "ry", "target": 0, "rotation": 0.7}], "Z", math.cos(0.7)),
        ([{"gate": "ry", "target": 0, "rotation": 0.7}], "X", math.sin(0.7)),
        ([{"gate": "rx", "target": 0, "rotation": 0.7}], "Y", -math.sin(0.7)),
        ([], "I", 1),
    ],
)
def test_energies_of_one_qubit_are_the_places_on_its_sphere(
    gates: list[dict[str, Any]], word: str, expected: float
) -> None:
    assert energy({"circuit": gates}, [term(word)]) == pytest.approx(expected, abs=TOLERANCE)


def test_a_bell_pair_is_correlated_in_every_direction() -> None:
    bell = {"circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}]}
    found = [energy(bell, [term(word)]) for word in ("XX", "YY", "ZZ", "XY", "ZI")]
    np.testing.assert_allclose(found, [1, -1, 1, 0, 0], rtol=0, atol=TOLERANCE)


def test_qubits_left_out_are_those_of_the_hamiltonian() -> None:
    assert energy({"circuit": [X0]}, [term("ZZZ")]) == -1


@pytest.mark.parametrize("seed", range(12))
def test_energies_agree_with_qiskit(seed: int) -> None:
    quantum = pytest.importorskip("qiskit.quantum_info", reason="install the extra 'test'")
    qubits = 2 + seed % 5
    ansatz, hamiltonian = circuits.qis_input(seed, qubits, 20), random_hamiltonian(seed, qubits)
    pairs = [(each["pauli_string"], each["coefficient"]) for each in hamiltonian]
    operator = quantum.SparsePauliOp.from_list(pairs)
    state = quantum.Statevector(evolve(parse(ansatz)))
    expected = state.expectation_value(operator).real
    assert energy(ansatz, hamiltonian) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("letters", ["IXYZ", "IZ"])
@pytest.mark.parametrize("seed", range(6))
def test_the_ends_of_the_spectrum_agree_with_qiskit(seed: int, letters: str) -> None:
    quantum = pytest.importorskip("qiskit.quantum_info", reason="install the extra 'test'")
    hamiltonian = random_hamiltonian(seed, 1 + seed, letters)
    pairs = [(each["pauli_string"], each["coefficient"]) for each in hamiltonian]
    energies = np.linalg.eigvalsh(quantum.SparsePauliOp.from_list(pairs).to_matrix())
    found = energy_range(hamiltonian)
    np.testing.assert_allclose(found, [energies[0], energies[-1]], rtol=0, atol=1e-9)


@pytest.mark.parametrize("qubits", [2, 4, 7])
def test_a_critical_ising_chain_has_its_closed_form(qubits: int) -> None:
    """Open chain, -sum ZZ - sum X: 1 - 1/sin(pi / (4n + 2)) (Pfeuty 1970)."""
    bonds = [term("I" * k + "ZZ" + "I" * (qubits - k - 2), -1) for k in range(qubits - 1)]
    fields = [term("I" * k + "X" + "I" * (qubits - k - 1), -1) for k in range(qubits)]
    expected = 1 - 1 / math.sin(math.pi / (4 * qubits + 2))
    assert energy_range(bonds + fields).lowest == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("seed", range(5))
def test_no_state_has_an_energy_outside_the_range(seed: int) -> None:
    hamiltonian = random_hamiltonian(seed, 5)
    lowest, highest = energy_range(hamiltonian)
    for other in range(5):
        found = energy(circuits.qis_input(other, 5, 30), hamiltonian)
        assert lowest - 1e-9 <= found <= highest + 1e-9


def test_a_diagonal_hamiltonian_may_be_larger() -> None:
    words = ["I" * k + "Z" + "I" * (15 - k) for k in range(16)]
    assert energy_range([term(word, 0.5) for word in words]) == (-8, 8)


@pytest.mark.parametrize(
    ("hamiltonian", "message"),
    [
        ([], "hamiltonian, hamiltonian: expected a list of at least one term, got []"),
        ("ZZ", "hamiltonian, hamiltonian: expected a list of at least one term, got 'ZZ'"),
        ([term("Z"), 1], "hamiltonian 1, hamiltonian: expected an object, got 1"),
        ([{"coefficient": 1}], "hamiltonian 0, pauli_string: expected letters of .*, got nothing"),
        ([term("Z"), term("z")], "hamiltonian 1, pauli_string: expected letters .*, got 'z'"),
        ([term("")], "hamiltonian 0, pauli_string: expected letters of I, X, Y, Z, got ''"),
        ([term("Z"), term("ZZ")], "hamiltonian 1, pauli_string: expected 1 letters, .*, got 2"),
        ([{"pauli_string": "Z"}], "hamiltonian 0, coefficient: expected a number, got nothing"),
        ([term("Z", math.nan)], "hamiltonian 0, coefficient: expected a finite number"),
        ([term("Z", 1e308), term("X", 1e308)], "hamiltonian, coefficient: .* got an overflow"),
        ([term("Z" * 3)], "hamiltonian 0, pauli_string: expected 2 letters, .* got 3"),
    ],
)
def test_a_malformed_hamiltonian_is_refused_with_its_term(hamiltonian: Any, message: str) -> None:
    with pytest.raises(ProblemError, match=message.replace("[]", r"\[\]")) as caught:
        energy({"qubits": 2, "circuit": []}, hamiltonian)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 (ours)


def test_a_spectrum_beyond_the_limit_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"expected at most 10 letters .* got 11"):
        energy_range([term("X" * 11)])
    with pytest.raises(ProblemError, match=r"expected at most 20 letters .* got 21"):
        energy_range([term("Z" * 21)])


def test_a_malformed_ansatz_is_refused_as_a_circuit() -> None:
    with pytest.raises(CircuitError, match="gate 0, target: expected a qubit from 0 to 1"):
        energy({"circuit": [{"gate": "x", "target": 2}]}, [term("ZZ")])
