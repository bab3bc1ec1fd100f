"""Cuts and energies: every open reading is right, and what no reading explains is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

import reference_sim
from conformance.generate.functions import SHOTS, energies, graph
from conformance.oracle.functions import (
    judge_cut,
    judge_energy,
    judge_spectrum,
    sampling_bound,
)
from conformance.oracle.problem_mistakes import mistaken_energies

ALPHA = 1e-6
SIDES = "01100"
CUT = reference_sim.cut_value(graph(), SIDES)
TOTAL = 9.0
"""Weight of all edges of the graph."""


@pytest.mark.parametrize("cost", [CUT, -CUT, TOTAL - 2 * CUT, 2 * CUT - TOTAL])
@pytest.mark.parametrize("sides", [SIDES, SIDES[::-1]])
def test_a_cost_is_right_in_each_reading_of_sign_order_and_counting(
    cost: float, sides: str
) -> None:
    assert judge_cut(graph(), cost, sides) == []


def test_a_cut_that_is_not_the_largest_is_no_departure() -> None:
    assert judge_cut(graph(), reference_sim.cut_value(graph(), "10000"), "10000") == []


def test_a_cost_in_single_precision_is_right() -> None:
    weighted = {
        "nodes": [{"id": 0}, {"id": 1}, {"id": 2}],
        "adjacency": [[{"id": 1, "weight": 0.1}], [{"id": 2, "weight": 0.7}], []],
    }
    assert judge_cut(weighted, float(np.float32(0.1) + np.float32(0.7)), "010") == []


def test_a_cost_that_is_not_that_of_the_sides_is_found() -> None:
    (odd,) = judge_cut(graph(), CUT - 0.5, SIDES)
    assert odd.clause == "cut/cost"
    assert "7.75" in odd.expected


def test_a_cost_above_the_exact_optimum_is_told_as_that() -> None:
    best = reference_sim.maxcut(graph()).value
    (odd,) = judge_cut(graph(), best + 0.5, SIDES)
    assert odd.clause == "cut/above-optimum"
    assert f"No cut weighs more than {best:g}" in odd.expected


@pytest.mark.parametrize("sides", ["0110", "01102", 6, None, "011001"])
def test_sides_that_are_not_one_a_node_are_found(sides: object) -> None:
    assert [odd.clause for odd in judge_cut(graph(), CUT, sides)] == ["cut/bitstring"]


def test_a_cut_without_a_cost_says_nothing_wrong() -> None:
    assert judge_cut(graph(), None, SIDES) == []


def test_a_graph_without_a_meaning_is_not_judged() -> None:
    with pytest.raises(reference_sim.ProblemError):
        judge_cut({"nodes": [{"id": 0}], "adjacency": []}, 1.0, "0")


# ---------------------------------------------------------------- energies


@pytest.mark.parametrize("name", energies())
def test_an_energy_is_right_with_its_identity_terms_or_without(name: str) -> None:
    ansatz, hamiltonian = energies()[name]
    value = reference_sim.energy(ansatz, hamiltonian)
    for offset in {
        0.0,
        *(t["coefficient"] for t in hamiltonian if set(t["pauli_string"]) == {"I"}),
    }:
        assert judge_energy(ansatz, hamiltonian, value - offset, 1_000_000, ALPHA) == []
        assert judge_spectrum(hamiltonian, value - offset, 1_000_000, ALPHA) == []


@pytest.mark.parametrize("name", energies())
@pytest.mark.parametrize("shots", [100, 10_000])
def test_energies_that_are_sampled_are_right(name: str, shots: int) -> None:
    """Each term is read by itself, `shots` times, as often as 300 services would."""
    ansatz, hamiltonian = energies()[name]
    rng = np.random.default_rng(7)
    for _ in range(300):
        value = 0.0
        for term in hamiltonian:
            mean = reference_sim.energy(ansatz, [{**term, "coefficient": 1.0}])
            ups = rng.binomial(shots, min(max((1 + mean) / 2, 0.0), 1.0))
            value += term["coefficient"] * (2 * ups / shots - 1)
        assert judge_energy(ansatz, hamiltonian, value, shots, ALPHA) == []
        assert judge_spectrum(hamiltonian, value, shots, ALPHA) == []


ONLY_WITH_PHASES = {"diagonal": {"the opposite sign of every angle"}, "several-bases": set[str]()}
"""Mistakes that an energy without phases cannot show."""


@pytest.mark.parametrize("name", energies())
def test_every_plausible_mistake_is_seen_in_the_designed_energies(name: str) -> None:
    ansatz, hamiltonian = energies()[name]
    right = reference_sim.energy(ansatz, hamiltonian)
    free = {"III left out", "the energy without its sign"} | ONLY_WITH_PHASES[name]
    wrong = {m: v for m, v in mistaken_energies(ansatz, hamiltonian) if m not in free}
    assert len(wrong) > 8
    assert right not in wrong.values()
    unseen = {
        mistake: value
        for mistake, value in wrong.items()
        if not judge_energy(ansatz, hamiltonian, value, SHOTS, ALPHA)
        or not clear(ansatz, hamiltonian, value)
    }
    assert unseen == {}


def clear(
    ansatz: Mapping[str, Any], hamiltonian: Sequence[Mapping[str, Any]], value: float
) -> bool:
    """Whether a wrong energy is seen when it is sampled, too: it is two bounds away."""
    bound = sampling_bound(hamiltonian, SHOTS, ALPHA)
    return all(
        judge_energy(ansatz, hamiltonian, value + off, SHOTS, ALPHA) for off in (bound, -bound)
    )


@pytest.mark.parametrize("name", energies())
def test_a_mistaken_energy_is_told_by_name_if_it_is_exact(name: str) -> None:
    ansatz, hamiltonian = energies()[name]
    for mistake, value in mistaken_energies(ansatz, hamiltonian):
        for odd in judge_energy(ansatz, hamiltonian, value, SHOTS, ALPHA):
            assert mistake in odd.note


def test_an_energy_that_nothing_explains_is_said_to_be_unexplained() -> None:
    ansatz, hamiltonian = energies()["several-bases"]
    far = 7.0 + max(value for _, value in mistaken_energies(ansatz, hamiltonian))
    (odd,) = judge_energy(ansatz, hamiltonian, far, SHOTS, ALPHA)
    assert odd.note == "No known mistake explains it."


def test_a_mistaken_cost_is_told_by_name() -> None:
    (odd,) = judge_cut(graph(), -4, SIDES)
    assert odd.note == "The data fit: every edge taken to weigh 1."
    (odd,) = judge_cut(graph(), 2 * CUT, SIDES)
    assert odd.note == "The data fit: each edge counted from both ends."


def test_an_energy_that_no_state_has_is_outside_of_the_spectrum() -> None:
    _, hamiltonian = energies()["several-bases"]
    bound = sampling_bound(hamiltonian, SHOTS, ALPHA)
    highest = reference_sim.energy_range(hamiltonian).highest
    assert judge_spectrum(hamiltonian, highest + bound / 2, SHOTS, ALPHA) == []
    (odd,) = judge_spectrum(hamiltonian, highest + 2 * bound, SHOTS, ALPHA)
    assert odd.clause == "energy/spectrum"


def test_a_hamiltonian_without_a_meaning_is_not_judged() -> None:
    ansatz, _ = energies()["several-bases"]
    several: list[list[dict[str, Any]]] = [[{"pauli_string": "QQ", "coefficient": 1.0}], [{}], []]
    for wrong in several:
        with pytest.raises(reference_sim.ProblemError):
            judge_energy(ansatz, wrong, 0.0, 100, ALPHA)
