"""Maxcut by Q-CTRL's QAOA solver: the circuits of its iterations, and what it has found so far.

Iteration k runs k layers of a linear ramp from the mixer to the problem, each a job of its own
whose shots are cuts. The solver keeps the best cut seen, and ends with an exact search, so that
its last word is the largest cut there is.

Costs are the weight of the cut edges. The k-th character of a bit string is the side of the k-th
node in `nodes`. Source: IonQ's document for the form of problem and answer; it says neither how
costs are counted nor how strings are ordered, which are our choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.mock.ionq import execution
from conformance.mock.ionq.backends import Backend
from conformance.mock.ionq.circuits import Circuit, JobFailure, runnable
from conformance.mock.ionq.identifiers import seed_of
from conformance.mock.ionq.job import Job

ITERATIONS = 4

MOST_NODES = 20
"""Nodes of the largest graph: the exact search doubles with each, and takes a second for 24."""

_RAMP = 0.75
"""Angle at the steep end of a ramp, in radians."""

Edges = Mapping[tuple[int, int], float]


def circuits_of(payload: Mapping[str, Any], backend: Backend) -> tuple[Circuit, ...]:
    """Return the circuits of all iterations.

    Raises:
        JobFailure: The problem has no meaning, is too large, or there are no credentials for the
            solver.
    """
    if not payload["solver_authorised"]:
        raise JobFailure("PreflightError", "expected credentials of the solver, got empty ones")
    problem = payload["input"]["problem"]
    nodes = len(problem["nodes"]) if isinstance(problem.get("nodes"), list) else 0
    if nodes > backend.qubits:
        message = f"the graph has {nodes} nodes, this backend {backend.qubits} qubits"
        raise JobFailure("NotEnoughQubits", message)
    if nodes > MOST_NODES:
        message = f"the graph has {nodes} nodes, this mock solves {MOST_NODES}"
        raise JobFailure("TooLongPredictedExecutionTime", message)
    edges = _edges(problem)
    return tuple(
        runnable(_layered(nodes, edges, layers), payload, backend, f"iteration {layers}: ")
        for layers in range(1, ITERATIONS + 1)
    )


def _edges(problem: Mapping[str, Any]) -> Edges:
    """Return the weights of a graph by the places of both ends, the lower first."""
    import reference_sim

    try:
        reference_sim.maxcut(problem)
    except reference_sim.ProblemError as error:
        raise JobFailure("InvalidInput", str(error)) from error
    places = {node["id"]: place for place, node in enumerate(problem["nodes"])}
    edges = {}
    for place, neighbours in enumerate(problem["adjacency"]):
        for neighbour in neighbours:
            other = places[neighbour["id"]]
            if other != place:
                ends = (min(place, other), max(place, other))
                edges[ends] = float(neighbour.get("weight", 1))
    return edges


def _layered(nodes: int, edges: Edges, layers: int) -> dict[str, Any]:
    """Return a circuit that turns the mixer's ground state towards the problem's.

    One layer is exp(-i b sum -X) exp(-i g sum w/2 ZZ), with g rising and b falling.
    """
    largest = max(map(abs, edges.values()), default=0.0) or 1.0
    gates: list[dict[str, Any]] = [{"gate": "h", "target": node} for node in range(nodes)]
    for layer in range(layers):
        share = (layer + 0.5) / layers
        rising, falling = _RAMP * share, _RAMP * (1 - share)
        gates += (
            {"gate": "zz", "targets": list(ends), "rotation": rising * weight / largest}
            for ends, weight in edges.items()
        )
        gates += ({"gate": "rx", "target": node, "rotation": -2 * falling} for node in range(nodes))
    return {"gateset": "qis", "qubits": nodes, "circuit": gates}


def progress(job: Job, now: float) -> dict[str, Any]:
    """Return what the solver can tell of `job` at `now`: the state, and the best cut so far."""
    import reference_sim

    problem = job.payload["input"]["problem"]
    if now >= job.times.ends:
        if job.outcome is None:
            job.outcome = reference_sim.maxcut(problem)
        best, state = job.outcome, "complete"
    else:
        nothing = "0" * len(problem["nodes"])
        cuts = [reference_sim.Cut(0.0, nothing)]
        cuts += (_best(child, problem) for child in job.children if now >= child.times.ends)
        best, state = max(cuts, key=lambda cut: cut.value), "running"
    return {
        "processing_status": state,
        "optimal_cost": best.value,
        "optimal_bitstring": best.partition,
    }


def _best(child: Job, problem: Mapping[str, Any]) -> Any:
    """Return the largest cut among the shots of one iteration."""
    import reference_sim

    if child.outcome is None:
        width = len(problem["nodes"])
        partitions = (f"{shot:0{width}b}"[::-1] for shot in _seen(child))
        cuts = (reference_sim.Cut(reference_sim.cut_value(problem, p), p) for p in partitions)
        child.outcome = max(cuts, key=lambda cut: cut.value)
    return child.outcome


def _seen(child: Job) -> list[int]:
    """Return the outcomes that the shots of an iteration had."""
    circuit = child.circuits[0]
    if child.backend.is_qpu or child.noise_model != "ideal":
        return list(execution.distribution(child, circuit, circuit.input))
    import reference_sim

    exact = reference_sim.probabilities(circuit.input)
    counts = reference_sim.sample(exact, child.shots, seed_of(child.id, "seen"))
    found: list[int] = counts.nonzero()[0].tolist()
    if circuit.places is None:
        return found
    return [sum((shot >> b & 1) << q for b, q in enumerate(circuit.places)) for shot in found]
