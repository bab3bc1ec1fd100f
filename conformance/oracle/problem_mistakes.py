"""What else an energy or the cost of a cut could be: mistakes that somebody could have made."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import reference_sim

Graph = Mapping[str, Any]
Terms = Sequence[Mapping[str, Any]]

_FACTORS = (
    ("the opposite sign of every angle", -1.0),
    ("half of every angle", 0.5),
    ("twice every angle", 2.0),
    ("degrees for radians", math.pi / 180),
)
_ENDS = {"control": "target", "target": "control"}


def mistaken_energies(ansatz: Graph, hamiltonian: Terms) -> Iterator[tuple[str, float]]:
    """Yield (mistake, energy) for mistakes with an ansatz and a Hamiltonian that have a meaning."""
    right = reference_sim.energy(ansatz, hamiltonian)
    yield "the opposite sign of the energy", -right
    yield "the energy without its sign", abs(right)
    for name, other in _ansatzes(ansatz):
        yield name, reference_sim.energy(other, hamiltonian)
    for name, terms in _hamiltonians(hamiltonian):
        yield name, reference_sim.energy(ansatz, terms)


def _ansatzes(ansatz: Graph) -> Iterator[tuple[str, Graph]]:
    gates = ansatz["circuit"]
    angles = [gate["rotation"] for gate in gates if "rotation" in gate]
    yield "the parameters last one first", _turned(ansatz, angles[::-1])
    yield "each parameter for its neighbour", _turned(ansatz, [*angles[1:], *angles[:1]])
    for name, factor in _FACTORS:
        yield name, _turned(ansatz, [factor * angle for angle in angles])
    pairs = [
        {_ENDS.get(k, k): v for k, v in gate.items()} if gate["gate"] == "cnot" else gate
        for gate in gates
    ]
    yield "control and target exchanged", {**ansatz, "circuit": pairs}
    single = [gate for gate in gates if gate["gate"] != "cnot"]
    yield "cnot left out", {**ansatz, "circuit": single}


def _turned(ansatz: Graph, angles: Sequence[float]) -> Graph:
    left = iter(angles)
    gates = [{**g, "rotation": next(left)} if "rotation" in g else g for g in ansatz["circuit"]]
    return {**ansatz, "circuit": gates}


def _hamiltonians(hamiltonian: Terms) -> Iterator[tuple[str, Terms]]:
    for place, term in enumerate(hamiltonian):
        left = [*hamiltonian[:place], *hamiltonian[place + 1 :]]
        if left:
            yield f"{term['pauli_string']} left out", left
    yield "coefficients ignored", [{**term, "coefficient": 1.0} for term in hamiltonian]
    for letter, other in (("X", "Z"), ("Y", "Z"), ("Y", "X")):
        if any(letter in term["pauli_string"] for term in hamiltonian):
            read = [
                {**term, "pauli_string": term["pauli_string"].replace(letter, other)}
                for term in hamiltonian
            ]
            yield f"{letter} read as {other}", read


def mistaken_costs(graph: Graph, sides: str) -> Iterator[tuple[str, float]]:
    """Yield (mistake, cost) for mistakes with a cut of a graph that has a meaning."""
    yield "every edge taken to weigh 1", reference_sim.cut_value(_unweighted(graph), sides)
    yield "each edge counted from both ends", 2 * reference_sim.cut_value(graph, sides)
    for shift in (1, -1):
        turned = sides[shift:] + sides[:shift]
        yield "the side of each node for its neighbour", reference_sim.cut_value(graph, turned)


def _unweighted(graph: Graph) -> Graph:
    adjacency = [
        [{**other, "weight": 1} for other in neighbours] for neighbours in graph["adjacency"]
    ]
    return {**graph, "adjacency": adjacency}
