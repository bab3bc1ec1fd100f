"""A graph and energies whose right answers differ from what a plausible mistake gives."""

from __future__ import annotations

from typing import Any, Final

SHOTS: Final = 20_000
"""Of an energy: a service may sample it, and its error must stay below what a mistake does."""

_WEIGHTS: Final = {(0, 1): 1.5, (0, 2): 2.25, (1, 2): 0.75, (1, 3): 3.0, (2, 4): 1.0, (3, 4): 0.5}


def graph() -> dict[str, Any]:
    """Return a weighted graph of five nodes, in NetworkX's adjacency form.

    Reading its nodes in the other order changes the weight of the largest cut.
    """
    adjacency: list[list[dict[str, Any]]] = [[] for _ in range(5)]
    for (a, b), weight in _WEIGHTS.items():
        adjacency[a].append({"id": b, "weight": weight})
        adjacency[b].append({"id": a, "weight": weight})
    return {
        "directed": False,
        "multigraph": False,
        "graph": [],
        "nodes": [{"id": node} for node in range(5)],
        "adjacency": adjacency,
    }


def energies() -> dict[str, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return ansatz and Hamiltonian of each energy, by name.

    The letters of one are I and Z alone, those of the other need several bases; the first has an
    identity term, which services count or leave out. Parameters in another order, halved or
    doubled, a lost term or gate, a sign and another letter each change the energy by more than
    twice what `SHOTS` readings may be off by.
    """
    turned: list[dict[str, Any]] = [
        {"gate": "ry", "target": 0, "rotation": -2.7},
        {"gate": "rx", "target": 1, "rotation": 0.3},
        {"gate": "cnot", "control": 0, "target": 2},
        {"gate": "cnot", "control": 2, "target": 1},
    ]
    entangled: list[dict[str, Any]] = [
        {"gate": "ry", "target": 0, "rotation": 2.0},
        {"gate": "rz", "target": 0, "rotation": -1.6},
        {"gate": "cnot", "control": 0, "target": 1},
        {"gate": "rx", "target": 1, "rotation": -1.8},
    ]
    return {
        "diagonal": (_ansatz(3, turned), _terms(III=0.4, IIZ=1.0, ZZI=-0.7, IZI=0.9)),
        "several-bases": (_ansatz(2, entangled), _terms(XY=0.6, YZ=-0.75, IZ=1.0)),
    }


def _ansatz(qubits: int, gates: list[dict[str, Any]]) -> dict[str, Any]:
    return {"gateset": "qis", "qubits": qubits, "circuit": gates}


def _terms(**coefficients: float) -> list[dict[str, Any]]:
    return [{"pauli_string": word, "coefficient": c} for word, c in coefficients.items()]
