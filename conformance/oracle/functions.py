"""Cuts and energies against exact ones; what public material leaves open is never a departure.

Open are the sign of a cost, whether it counts the cut edges or is the Ising energy of the sides, in
which order sides and Pauli letters stand, and whether identity terms are counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import reference_sim
from conformance.model import Oddity
from conformance.oracle.exact import SINGLE, exact_bound
from conformance.oracle.problem_mistakes import mistaken_costs, mistaken_energies

RISK = 1e-6
"""Share of a run's alpha at which the sampling error of one energy may pass its bound."""

MOST_NAMED = 4

Graph = Mapping[str, Any]
Terms = Sequence[Mapping[str, Any]]


def judge_cut(graph: Graph, cost: float | None, sides: object) -> list[Oddity]:
    """Return in what a cut, told as a solver's last word, is not one of `graph`.

    A cut that is not the largest is none: solvers are heuristics.

    Raises:
        ProblemError: The graph has no meaning.
    """
    named = graph.get("nodes")
    nodes = len(named) if isinstance(named, list) else 0
    reference_sim.cut_value(graph, "0" * nodes)
    if not isinstance(sides, str) or len(sides) != nodes or set(sides) - {"0", "1"}:
        wanted = f"a side, 0 or 1, for each of the {nodes} nodes"
        return [_odd("cut/bitstring", "optimal_bitstring", wanted, repr(sides))]
    if cost is None:
        return []
    weights = _weights(graph)
    cuts = sorted({reference_sim.cut_value(graph, sides[::step]) for step in (1, -1)})
    bound = 2 * (len(weights) + 2) * SINGLE * math.fsum(map(abs, weights))
    total = math.fsum(weights)
    known = [abs(value) for cut in cuts for value in (cut, total - 2 * cut)]
    if any(abs(abs(cost) - value) <= bound for value in known):
        return []
    shown = " or ".join(f"{cut:g}" for cut in cuts)
    expected = f"{shown}, the weight of the edges that {sides} cuts; the sign is free"
    costs = [(name, abs(value)) for name, value in mistaken_costs(graph, sides)]
    note = _fitting(costs, abs(cost), bound, bound)
    if nodes <= reference_sim.MAX_CUT_NODES:
        best = reference_sim.maxcut(graph).value
        if abs(cost) > best + bound:
            expected += f". No cut weighs more than {best:g}"
            return [_odd("cut/above-optimum", "optimal_cost", expected, f"{cost:g}", note)]
    return [_odd("cut/cost", "optimal_cost", expected, f"{cost:g}", note)]


def judge_spectrum(hamiltonian: Terms, value: float, shots: int, alpha: float) -> list[Oddity]:
    """Return whether no state has an energy like `value`.

    Raises:
        ProblemError: The Hamiltonian has no meaning, or too many qubits.
    """
    found = reference_sim.energy_range(hamiltonian)
    bound = sampling_bound(hamiltonian, shots, alpha)
    offsets = {0.0, _identity(hamiltonian)}
    for offset in offsets:
        if found.lowest - offset - bound <= value <= found.highest - offset + bound:
            return []
    expected = f"an energy from {found.lowest:.6g} to {found.highest:.6g}, the Hamiltonian's"
    expected += f" spectrum, within {bound:.2g}"
    return [_odd("energy/spectrum", "value", expected, f"{value:.6g}")]


def judge_energy(
    ansatz: Graph, hamiltonian: Terms, value: float, shots: int, alpha: float
) -> list[Oddity]:
    """Return whether `value` is not the energy of the state that `ansatz` prepares.

    Raises:
        CircuitError: The ansatz has no meaning.
        ProblemError: The Hamiltonian has none.
    """
    declared = reference_sim.energy(ansatz, hamiltonian)
    mirrored = [{**term, "pauli_string": term["pauli_string"][::-1]} for term in hamiltonian]
    energies = (declared, reference_sim.energy(ansatz, mirrored))
    size = math.fsum(abs(term["coefficient"]) for term in hamiltonian)
    rounding = size * exact_bound(ansatz)
    bound = sampling_bound(hamiltonian, shots, alpha) + rounding
    offsets = (0.0, _identity(hamiltonian))
    if any(abs(value - (e - offset)) <= bound for e in energies for offset in offsets):
        return []
    expected = f"{declared:.6g}, the energy of the ansatz, within {bound:.2g} for {shots} shots"
    note = _fitting(mistaken_energies(ansatz, hamiltonian), value, rounding, bound)
    return [_odd("energy/value", "value", expected, f"{value:.6g}", note)]


def _fitting(
    mistakes: Iterable[tuple[str, float]], seen: float, rounding: float, bound: float
) -> str:
    """Return which mistakes give what was seen: but for rounding, or else within its bound."""
    known = [(abs(value - seen), name) for name, value in mistakes]
    exact = dict.fromkeys(name for off, name in known if off <= rounding)
    near = exact or dict.fromkeys(name for off, name in sorted(known) if off <= bound)
    named = list(near)[:MOST_NAMED]
    return f"The data fit: {'; '.join(named)}." if named else "No known mistake explains it."


def sampling_bound(hamiltonian: Terms, shots: int, alpha: float) -> float:
    """Return how far a mean over `shots` readings of each term may be from the expectation.

    A reading of a term is 1 or -1. By Hoeffding's inequality its mean is off by t with
    probability 2 exp(-shots t^2 / 2) at most, for each term, however terms share readings. An exact
    service has no such error; which kind a service is does not show.

    Source: Hoeffding (1963), theorem 2.
    """
    read = [abs(t["coefficient"]) for t in hamiltonian if set(t["pauli_string"]) != {"I"}]
    if not read:
        return 0.0
    worst = math.sqrt(2 * math.log(2 * len(read) / (RISK * alpha)) / max(shots, 1))
    return math.fsum(read) * min(worst, 2.0)


def _identity(hamiltonian: Terms) -> float:
    words = (t for t in hamiltonian if set(t["pauli_string"]) == {"I"})
    return math.fsum(term["coefficient"] for term in words)


def _weights(graph: Graph) -> list[float]:
    """Return the weight of each edge of a graph that has a meaning."""
    edges = {
        frozenset((node["id"], other["id"])): float(other.get("weight", 1))
        for node, neighbours in zip(graph["nodes"], graph["adjacency"], strict=True)
        for other in neighbours
        if other["id"] != node["id"]
    }
    return list(edges.values())


def _odd(clause: str, field: str, expected: str, seen: str, note: str = "") -> Oddity:
    return Oddity(clause=clause, where=field, expected=expected, seen=seen[:80], note=note)
