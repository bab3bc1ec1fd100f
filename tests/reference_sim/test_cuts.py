from __future__ import annotations

import itertools
import math
from typing import Any

import pytest
import random_circuits as circuits

from reference_sim import ProblemError, cut_value, energy_range, maxcut

Edge = tuple[int, int, float]


def graph_of(size: int, edges: list[Edge]) -> dict[str, Any]:
    """The form of IonQ's document: each edge in the lists of both ends."""
    adjacency: list[list[dict[str, Any]]] = [[] for _ in range(size)]
    for a, b, weight in edges:
        adjacency[a].append({"id": b, "weight": weight})
        adjacency[b].append({"id": a, "weight": weight})
    nodes = [{"id": k} for k in range(size)]
    flags = {"directed": False, "multigraph": False, "graph": []}
    return {**flags, "nodes": nodes, "adjacency": adjacency}


def plain(pairs: Any) -> list[Edge]:
    return [(a, b, 1.0) for a, b in pairs]


def path(size: int) -> list[Edge]:
    return plain(itertools.pairwise(range(size)))


def cycle(size: int) -> list[Edge]:
    return [*path(size), (size - 1, 0, 1.0)]


def random_edges(seed: int, size: int) -> list[Edge]:
    rng = circuits.generator(seed)
    pairs = [pair for pair in itertools.combinations(range(size), 2) if rng.random() < 0.6]
    return [(a, b, rng.uniform(-1, 3)) for a, b in pairs]


def by_hand(edges: list[Edge], partition: tuple[int, ...]) -> float:
    return sum(weight for a, b, weight in edges if partition[a] != partition[b])


@pytest.mark.parametrize("size", [1, 2, 3, 8, 15])
def test_a_path_is_cut_everywhere(size: int) -> None:
    assert maxcut(graph_of(size, path(size))).value == size - 1


@pytest.mark.parametrize("size", [3, 4, 9, 14])
def test_a_cycle_is_cut_everywhere_but_once_when_odd(size: int) -> None:
    assert maxcut(graph_of(size, cycle(size))).value == size - size % 2


@pytest.mark.parametrize("size", [2, 3, 6, 11])
def test_a_complete_graph_is_cut_in_halves(size: int) -> None:
    found = maxcut(graph_of(size, plain(itertools.combinations(range(size), 2))))
    assert found.value == size**2 // 4
    assert found.partition.count("1") in {size // 2, size - size // 2}


def test_the_example_of_the_document_has_its_cut() -> None:
    """A triangle; neighbours without weights."""
    adjacency = [[{"id": 1}, {"id": 2}], [{"id": 0}, {"id": 2}], [{"id": 0}, {"id": 1}]]
    triangle = {"nodes": [{"id": 0}, {"id": 1}, {"id": 2}], "adjacency": adjacency}
    assert maxcut(triangle) == (2, "100")
    assert [cut_value(triangle, each) for each in ("000", "010", "011")] == [0, 2, 2]


@pytest.mark.parametrize("seed", range(10))
def test_the_optimum_is_the_best_of_all_partitions(seed: int) -> None:
    size = 2 + seed
    edges = random_edges(seed, size)
    graph = graph_of(size, edges)
    best = max(by_hand(edges, sides) for sides in itertools.product((0, 1), repeat=size))
    found = maxcut(graph)
    assert found.value == pytest.approx(best, abs=1e-12)
    assert cut_value(graph, found.partition) == found.value
    assert by_hand(edges, tuple(map(int, found.partition))) == pytest.approx(best, abs=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_is_the_lowest_energy_of_its_ising_model(seed: int) -> None:
    """An edge of weight w is w (1 - ZZ) / 2."""
    size = 4 + seed
    edges = random_edges(seed, size)
    terms = [{"pauli_string": "I" * size, "coefficient": -sum(w for _, _, w in edges) / 2}]
    for a, b, weight in edges:
        word = "".join("Z" if q in (a, b) else "I" for q in reversed(range(size)))
        terms.append({"pauli_string": word, "coefficient": weight / 2})
    lowest = energy_range(terms).lowest
    assert maxcut(graph_of(size, edges)).value == pytest.approx(-lowest, abs=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_graphs_as_networkx_writes_them_are_read(seed: int) -> None:
    networkx = pytest.importorskip("networkx", reason="install the extra 'test'")
    graph = networkx.Graph()
    graph.add_nodes_from("edcba")
    edges = random_edges(seed, 5)
    graph.add_weighted_edges_from([("edcba"[a], "edcba"[b], weight) for a, b, weight in edges])
    graph.add_edge("a", "a")  # cuts nothing
    written = networkx.adjacency_data(graph)
    assert maxcut(written) == maxcut(graph_of(5, edges))
    sides = {"e", "b"}
    partition = "".join("1" if name in sides else "0" for name in "edcba")
    expected = networkx.cut_size(graph, sides, weight="weight")
    assert cut_value(written, partition) == pytest.approx(expected, abs=1e-12)


def test_an_edge_may_stand_in_one_list_alone() -> None:
    graph = {"nodes": [{"id": 7}, {"id": "b"}], "adjacency": [[], [{"id": 7, "weight": 2.5}]]}
    assert maxcut(graph) == (2.5, "10")


def test_nothing_is_cut_where_every_weight_is_negative() -> None:
    assert maxcut(graph_of(3, [(0, 1, -1.0), (1, 2, -2.0)])) == (0, "000")


def test_a_graph_of_twenty_nodes_is_cut_at_once() -> None:
    assert maxcut(graph_of(20, cycle(20))).value == 20


def test_a_graph_beyond_the_limit_is_refused_but_its_partitions_are_valued() -> None:
    graph = graph_of(25, path(25))
    with pytest.raises(ProblemError, match=r"graph, nodes: expected at most 24 .* got 25"):
        maxcut(graph)
    assert cut_value(graph, "01" * 12 + "0") == 24


NODES = [{"id": 0}, {"id": 1}]


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        ([], "graph, graph: expected an object"),
        ({"adjacency": []}, "graph, nodes: expected a list, got nothing"),
        ({"nodes": [], "adjacency": []}, "graph, nodes: expected at least one, got none"),
        ({"nodes": NODES}, "graph, adjacency: expected a list, got nothing"),
        ({"nodes": NODES, "adjacency": [[]]}, "graph, adjacency: expected 2 lists, got 1"),
        (
            {"nodes": NODES, "adjacency": [[], []], "directed": True},
            "graph, directed: expected false, got True",
        ),
        (
            {"nodes": NODES, "adjacency": [[], []], "multigraph": 1},
            "graph, multigraph: expected false, got 1",
        ),
        ({"nodes": [{"id": 0}, {}], "adjacency": [[], []]}, "graph 1, id: .* got nothing"),
        ({"nodes": [{"id": [0]}], "adjacency": [[]]}, "graph 0, id: expected a whole number"),
        ({"nodes": [{"id": 0}] * 2, "adjacency": [[], []]}, "graph 1, id: .* got 0 again"),
        ({"nodes": NODES, "adjacency": [[], 3]}, "graph 1, adjacency: expected a list, got 3"),
        ({"nodes": NODES, "adjacency": [[], [3]]}, "graph 1, adjacency: expected an object"),
        ({"nodes": NODES, "adjacency": [[{"id": 5}], []]}, "graph 0, id: expected a node"),
        (
            {"nodes": NODES, "adjacency": [[{"id": 1, "weight": "2"}], []]},
            "graph 0, weight: expected a number, got '2'",
        ),
        (
            {"nodes": NODES, "adjacency": [[{"id": 1, "weight": math.nan}], []]},
            "graph 0, weight: expected a finite number",
        ),
        (
            {"nodes": NODES, "adjacency": [[{"id": 1}], [{"id": 0, "weight": 2}]]},
            "graph 1, weight: expected 1.0, as at the edge's other end, got 2.0",
        ),
    ],
)
def test_a_malformed_graph_is_refused_with_its_node(graph: Any, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        maxcut(graph)
    with pytest.raises(ProblemError, match=message):
        cut_value(graph, "00")


@pytest.mark.parametrize("partition", ["0", "000", "0a", "\u0660\u0660", 0, None, ["0", "1"]])
def test_a_partition_of_other_nodes_is_refused(partition: Any) -> None:
    with pytest.raises(ProblemError, match="graph, partition: expected 2 characters of 0 and 1"):
        cut_value(graph_of(2, path(2)), partition)


def test_weights_that_overflow_are_refused() -> None:
    with pytest.raises(ProblemError, match=r"graph, weight: .* got an overflow"):
        maxcut(graph_of(3, [(0, 1, 1e308), (1, 2, 1e308)]))
