"""The exact maximum cut of a small graph, as the truth beside IonQ's maxcut jobs.

A graph is an object in the form of NetworkX's `adjacency_data`, as IonQ's document shows it:
`{"nodes": [{"id": 0}, ...], "adjacency": [[{"id": 1, "weight": 0.5}, ...], ...]}`, where list k of
`adjacency` holds the neighbours of node k. An edge weighs 1 unless it says otherwise. It may stand
in the list of one of its ends or of both; an edge from a node to itself cuts nothing.

A partition is a string of 0 and 1; its k-th character from the left is the side of the k-th node
in `nodes`. That order is our choice: IonQ's document says nothing of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from reference_sim.errors import CircuitError, ProblemError, shown
from reference_sim.fields import Fields, as_object, read_list, read_number

MAX_CUT_NODES: Final = 24
"""Most nodes of `maxcut`: 2**23 partitions, about a second and 200 MiB."""

NodeId: TypeAlias = int | str
Edges: TypeAlias = Mapping[tuple[int, int], float]
"""Weights by the places of both ends, the lower first."""


class Cut(NamedTuple):
    """A partition, and the weight of the edges between its sides."""

    value: float
    partition: str


@dataclass(frozen=True, slots=True)
class _Graph:
    size: int
    edges: Edges


def maxcut(graph: Fields) -> Cut:
    """Return the largest cut of a graph, and one partition that reaches it.

    Of several, the partition is the one that is lowest as a binary number with the first node as
    its lowest bit; so the last node is always on side 0. The value is the correctly rounded sum.

    Cost: O(2**nodes) time and memory, whatever the number of edges.

    Raises:
        ProblemError: The graph is malformed, or has more than `MAX_CUT_NODES` nodes.
    """
    checked = _read_graph(graph)
    if checked.size > MAX_CUT_NODES:
        reason = f"expected at most {MAX_CUT_NODES} for an exact optimum, got {checked.size}"
        raise ProblemError("graph", "nodes", reason)
    best = int(np.argmax(_cuts_of_half(checked)))
    partition = "".join(str(best >> node & 1) for node in range(checked.size))
    return Cut(_value(checked, partition), partition)


def cut_value(graph: Fields, partition: str) -> float:
    """Return the weight of the edges that a partition cuts, for a graph of any size.

    >>> path = {"nodes": [{"id": "a"}, {"id": "b"}], "adjacency": [[{"id": "b"}], []]}
    >>> cut_value(path, "01")
    1.0

    Raises:
        ProblemError: The graph is malformed, or the partition is not one of its nodes.
    """
    checked = _read_graph(graph)
    fits = isinstance(partition, str) and len(partition) == checked.size
    if not fits or not set(partition) <= {"0", "1"}:
        reason = f"expected {checked.size} characters of 0 and 1, got {shown(partition)}"
        raise ProblemError("graph", "partition", reason)
    return _value(checked, partition)


def _value(graph: _Graph, partition: str) -> float:
    cut = (weight for (a, b), weight in graph.edges.items() if partition[a] != partition[b])
    return math.fsum(cut)


def _cuts_of_half(graph: _Graph) -> npt.NDArray[np.float64]:
    """Return the cut of each partition with the last node on side 0, shape (2**(nodes - 1),).

    Bit k of an index is the side of node k. Nodes come one by one. A new one on side 0 cuts its
    edges to the nodes on side 1, on side 1 the others.
    """
    cuts = np.zeros(1)
    for node in range(graph.size):
        weights = [graph.edges.get((earlier, node), 0.0) for earlier in range(node)]
        ones = np.zeros(1)
        for weight in weights:
            ones = np.concatenate((ones, ones + weight))
        if node == graph.size - 1:
            return cuts + ones
        cuts = np.concatenate((cuts + ones, cuts + (math.fsum(weights) - ones)))
    return cuts


# ---------------------------------------------------------------- reading


def _read_graph(graph: Fields) -> _Graph:
    try:
        fields = as_object(graph, "graph")
        for field in ("directed", "multigraph"):
            if fields.get(field, False) is not False:
                raise CircuitError(field, f"expected false, got {shown(fields[field])}")
        entries, lists = read_list(fields, "nodes"), read_list(fields, "adjacency")
        if not entries:
            raise CircuitError("nodes", "expected at least one, got none")
        if len(lists) != len(entries):
            raise CircuitError("adjacency", f"expected {len(entries)} lists, got {len(lists)}")
    except CircuitError as error:
        raise ProblemError("graph", error.field, error.reason) from None
    places = _read_nodes(entries)
    edges: dict[tuple[int, int], float] = {}
    for node, neighbours in enumerate(lists):
        try:
            for other, weight in _read_neighbours(neighbours, places):
                _add_edge(edges, node, other, weight)
        except CircuitError as error:
            raise ProblemError("graph", error.field, error.reason, node) from None
    if not math.isfinite(sum(abs(weight) for weight in edges.values())):
        raise ProblemError("graph", "weight", "expected a finite sum of all, got an overflow")
    return _Graph(len(entries), edges)


def _read_nodes(entries: Sequence[object]) -> dict[NodeId, int]:
    places: dict[NodeId, int] = {}
    for entry in entries:
        try:
            name = _read_id(as_object(entry, "nodes"))
            if name in places:
                raise CircuitError("id", f"expected distinct nodes, got {shown(name)} again")
        except CircuitError as error:
            raise ProblemError("graph", error.field, error.reason, len(places)) from None
        places[name] = len(places)
    return places


def _read_id(fields: Fields) -> NodeId:
    name = fields.get("id")
    if isinstance(name, int | str) and not isinstance(name, bool):
        return name
    seen = shown(name) if "id" in fields else "nothing"
    raise CircuitError("id", f"expected a whole number or a string, got {seen}")


def _read_neighbours(
    neighbours: object, places: Mapping[NodeId, int]
) -> Iterator[tuple[int, float]]:
    for entry in read_list({"adjacency": neighbours}, "adjacency"):
        fields = as_object(entry, "adjacency")
        name = _read_id(fields)
        if name not in places:
            raise CircuitError("id", f"expected a node of the graph, got {shown(name)}")
        yield places[name], read_number(fields, "weight") if "weight" in fields else 1.0


def _add_edge(edges: dict[tuple[int, int], float], node: int, other: int, weight: float) -> None:
    if node == other:
        return
    ends = (min(node, other), max(node, other))
    if edges.setdefault(ends, weight) != weight:
        reason = f"expected {shown(edges[ends])}, as at the edge's other end, got {shown(weight)}"
        raise CircuitError("weight", reason)
