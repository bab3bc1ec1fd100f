from __future__ import annotations

import math
from typing import Any

import numpy as np
import peers
import pytest
import random_circuits as circuits

from reference_sim import (
    IONQ_NOISE_MODELS,
    BadArgument,
    CircuitError,
    DepolarizingNoise,
    apply_readout,
    noisy_probabilities,
    probabilities,
)

TOLERANCE = 1e-12
NOISY_PEERS = (*peers.PEERS, "aer")
NOISE = DepolarizingNoise(one_qubit=0.02, two_qubit=0.1)
H0 = {"gate": "h", "target": 0}
CNOT = {"gate": "cnot", "control": 0, "target": 1}


def qis(*entries: dict[str, Any], qubits: int) -> dict[str, Any]:
    return {"qubits": qubits, "gateset": "qis", "circuit": list(entries)}


def test_a_bell_pair_loses_the_rate_of_each_gate() -> None:
    """After h nothing shows; after cnot the pair is mixed with a uniform one at rate r2."""
    found = noisy_probabilities(qis(H0, CNOT, qubits=2), NOISE)
    kept = 0.5 * 0.9 + 0.1 / 4
    np.testing.assert_allclose(found, [kept, 0.025, 0.025, kept], rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("count", [1, 2, 5, 40])
def test_gates_in_a_row_shrink_a_qubit_by_their_rates(count: int) -> None:
    """The rate is the chance that all is lost, not that an error happens (3/4 of it)."""
    found = noisy_probabilities(qis(*count * [{"gate": "y", "target": 0}], qubits=1), NOISE)
    ideal = (-1) ** count
    np.testing.assert_allclose(found[0], (1 + ideal * 0.98**count) / 2, rtol=0, atol=TOLERANCE)


def test_a_rate_of_one_leaves_nothing() -> None:
    lost = DepolarizingNoise(one_qubit=1, two_qubit=1)
    found = noisy_probabilities(qis({"gate": "x", "target": 1}, qubits=2), lost)
    np.testing.assert_allclose(found, [0.5, 0, 0.5, 0], rtol=0, atol=TOLERANCE)


def test_controls_count_as_qubits_of_their_gate() -> None:
    spectators = [{"gate": "x", "target": 0}, CNOT]
    by_cnot = noisy_probabilities(qis(*spectators, qubits=2), NOISE)
    written = {"gate": "x", "controls": [0], "targets": [1]}
    by_controls = noisy_probabilities(qis(spectators[0], written, qubits=2), NOISE)
    np.testing.assert_array_equal(by_cnot, by_controls)


def test_a_gate_on_three_qubits_mixes_all_three_at_the_rate_for_two() -> None:
    toffoli = {"gate": "x", "controls": [0, 1], "target": 2}
    silent_first = DepolarizingNoise(one_qubit=0, two_qubit=0.1)
    x = [{"gate": "x", "target": q} for q in (0, 1)]
    found = noisy_probabilities(qis(*x, toffoli, qubits=3), silent_first)
    expected = np.full(8, 0.1 / 8)
    expected[7] += 0.9
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE)


def test_nop_is_free_of_noise() -> None:
    nop = {"gateset": "native", "circuit": [{"gate": "nop", "target": 0}]}
    assert noisy_probabilities(nop, NOISE).tolist() == [1, 0]


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_the_average_over_every_pauli_error(seed: int) -> None:
    """One noisy gate: the Kraus form of IonQ's guide, written as circuits with errors in them."""
    rng, rate = circuits.generator(seed), 0.3
    before, after = (
        [circuits.qis_gate(rng, form, range(3), 0) for form in 4 * ("ry", "rx", "t")]
        for _ in range(2)
    )
    gate = {"gate": "cnot", "control": 0, "target": 2}
    expected = np.zeros(8)
    for word in (first + second for first in "IXYZ" for second in "IXYZ"):
        error = {"gate": "pauliexp", "targets": [0, 2], "terms": [word], "time": math.pi / 2}
        source = qis(*before, gate, {**error, "coefficients": [1]}, *after, qubits=3)
        expected += (1 - 15 * rate / 16 if word == "II" else rate / 16) * probabilities(source)
    only_pairs = DepolarizingNoise(one_qubit=0, two_qubit=rate)
    found = noisy_probabilities(qis(*before, gate, *after, qubits=3), only_pairs)
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("peer", NOISY_PEERS)
@pytest.mark.parametrize("seed", range(8))
def test_noisy_circuits_agree_with_each_peer_in_its_own_parameter(peer: str, seed: int) -> None:
    source = noisy_source(seed, 2 + seed % 3)
    found = noisy_probabilities(source, NOISE)
    theirs = peers.load(peer).noisy(source, NOISE.one_qubit, NOISE.two_qubit)
    np.testing.assert_allclose(found, theirs, rtol=0, atol=1e-9)


@pytest.mark.parametrize("peer", ["qulacs", "cirq"])
def test_a_peer_that_takes_the_chance_of_an_error_is_wrong_with_the_rate_itself(peer: str) -> None:
    """The trap: r in place of 3r/4 and 15r/16 is an r larger by 4/3 and 16/15."""
    source = noisy_source(3, 3)
    one, two = 4 * NOISE.one_qubit / 3, 16 * NOISE.two_qubit / 15
    trapped = peers.load(peer).noisy(source, one, two)  # so it is given r1 and r2 as they are
    meant = noisy_probabilities(source, DepolarizingNoise(one_qubit=one, two_qubit=two))
    np.testing.assert_allclose(trapped, meant, rtol=0, atol=1e-9)
    assert np.abs(trapped - noisy_probabilities(source, NOISE)).max() > 1e-4


def noisy_source(seed: int, qubits: int) -> dict[str, Any]:
    """Random gates on at most two qubits each, which is all that the peers' channels cover."""
    source = circuits.qis_input(seed, qubits, gates=60)
    kept = [
        entry
        for entry in source["circuit"]
        if len(entry.get("targets", [0])) + len(entry.get("controls", [])) <= 2
    ]
    return {**source, "circuit": kept}


def test_ten_qubits_are_simulated_always_and_twelve_on_request() -> None:
    ghz = [H0, *({"gate": "cnot", "control": q, "target": q + 1} for q in range(9))]
    found = noisy_probabilities(qis(*ghz, qubits=10), NOISE)
    assert found.shape == (1024,)
    assert found.sum() == pytest.approx(1, abs=TOLERANCE)
    with pytest.raises(CircuitError, match="qubits: expected from 1 to 10, got 12"):
        noisy_probabilities(qis(H0, qubits=12), NOISE)
    with pytest.raises(BadArgument, match="max_qubits: expected a number from 1 to 12"):
        noisy_probabilities(qis(H0, qubits=2), NOISE, max_qubits=13)
    assert noisy_probabilities(qis(H0, qubits=11), NOISE, max_qubits=12).shape == (2048,)


@pytest.mark.parametrize("rate", [-0.1, 1.1, math.nan, True, "0.1", None])
def test_a_rate_is_a_number_from_0_to_1(rate: Any) -> None:
    with pytest.raises(BadArgument, match="one_qubit: expected a number from 0 to 1"):
        DepolarizingNoise(one_qubit=rate, two_qubit=0)


def test_the_models_of_the_document_have_their_published_rates() -> None:
    published = {
        name: (model.one_qubit, model.two_qubit)
        for name, model in IONQ_NOISE_MODELS.items()
        if model is not None
    }
    assert published == {
        "ideal": (0, 0),
        "aria-1": (0.0005, 0.0133),
        "aria-2": (0.00065733, 0.01856),
        "forte-1": (0.00026667, 0.00494933),
    }
    unpublished = {name for name, model in IONQ_NOISE_MODELS.items() if model is None}
    assert unpublished == {"forte-enterprise-1", "harmony", "harmony-1", "harmony-2"}


def test_readout_errors_act_on_each_qubit_by_itself() -> None:
    read = apply_readout([0, 0, 1, 0], p01=[0.1, 0.2], p10=[0.3, 0.4])  # qubit 0 is 0, qubit 1 is 1
    np.testing.assert_allclose(
        read, [0.9 * 0.4, 0.1 * 0.4, 0.9 * 0.6, 0.1 * 0.6], rtol=0, atol=TOLERANCE
    )


def test_readout_errors_equal_the_product_of_their_matrices() -> None:
    rng = np.random.default_rng(1)
    distribution = rng.dirichlet(np.ones(8))
    one = np.array([[0.97, 0.08], [0.03, 0.92]])
    expected = np.kron(one, np.kron(one, one)) @ distribution
    found = apply_readout(distribution, 0.03, 0.08)
    np.testing.assert_allclose(found, expected, rtol=0, atol=TOLERANCE)
    assert distribution.sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("argument", "arguments"),
    [
        ("p01", ([1, 0], 1.5, 0)),
        ("p10", ([1, 0], 0, [0.1, 0.1])),
        ("probabilities", ([1, 0, 0], 0, 0)),
        ("probabilities", ([[1, 0]], 0, 0)),
    ],
)
def test_a_bad_readout_argument_is_named(argument: str, arguments: tuple[Any, Any, Any]) -> None:
    with pytest.raises(BadArgument) as caught:
        apply_readout(*arguments)
    assert caught.value.argument == argument
