"""Maxcut jobs: the circuits of the iterations, progress, and a last word that is right."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from mock_driver import Driver, qis

import reference_sim
from conformance.mock import InstantClock, SteppedClock, ionq
from conformance.mock.ionq import TENANTS

Weights = dict[tuple[int, int], float]
PENTAGON: Weights = {(k, (k + 1) % 5): 1.0 for k in range(5)}
WEIGHTED: Weights = {(0, 1): 2.5, (1, 2): -1.0, (2, 3): 0.5, (0, 3): 3.0, (1, 3): 1.25}


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


def graph(weights: Weights, nodes: int) -> dict[str, Any]:
    adjacency: list[list[dict[str, Any]]] = [[] for _ in range(nodes)]
    for (a, b), weight in weights.items():
        adjacency[a].append({"id": b, "weight": weight})
        adjacency[b].append({"id": a, "weight": weight})
    named = [{"id": node} for node in range(nodes)]
    return {"directed": False, "multigraph": False, "graph": [], "nodes": named,
            "adjacency": adjacency}  # fmt: skip


def maxcut(problem: Any, **fields: Any) -> dict[str, Any]:
    return {
        "type": "qctrl.qaoa.v1",
        "backend": "simulator",
        "shots": 200,
        "input": {"problem_type": "maxcut", "problem": problem},
        "external_settings": {"api_credentials": "solver-key-of-somebody"},
        **fields,
    }


def cut(weights: Weights, sides: str) -> float:
    return sum(weight for (a, b), weight in weights.items() if sides[a] != sides[b])


@pytest.mark.parametrize(("weights", "nodes"), [(PENTAGON, 5), (WEIGHTED, 4), ({}, 3)])
@pytest.mark.parametrize("backend", ["simulator", "qpu.forte-1"])
def test_the_solver_ends_with_a_cut_that_none_exceeds(
    driver: Driver, weights: Weights, nodes: int, backend: str
) -> None:
    job = driver.get(f"/jobs/{driver.submit(maxcut(graph(weights, nodes), backend=backend))}")
    found = job["results"]["qaoa_results"]
    assert found["processing_status"] == "complete"
    assert found["optimal_cost"] == cut(weights, found["optimal_bitstring"])
    every = ("".join(sides) for sides in product("01", repeat=nodes))
    assert found["optimal_cost"] == max(cut(weights, sides) for sides in every)
    assert job["output"]["qaoa_results"] == found


def test_each_iteration_is_a_job_of_its_own_with_the_circuit_it_ran(driver: Driver) -> None:
    parent = driver.submit(maxcut(graph(PENTAGON, 5)))
    children = driver.get(f"/jobs/{parent}")["child_job_ids"]
    assert len(children) == 4
    listed = driver.get(f"/jobs?parent_job_id={parent}")["jobs"]
    assert {job["id"] for job in listed} == set(children)
    layers = []
    for child in children:
        told = driver.get(f"/jobs/{child}")
        assert (told["type"], told["parent_job_id"]) == ("qctrl.qaoa-circuit.v1", parent)
        layers.append(told["stats"]["gate_counts"])
        assert abs(sum(driver.get(f"/jobs/{child}/results/probabilities").values()) - 1) < 1e-12
    assert layers == [{"1q": 5 + 5 * k, "2q": 5 * k} for k in range(1, 5)]


def test_deeper_iterations_find_better_cuts_on_average(driver: Driver) -> None:
    parent = driver.submit(maxcut(graph(PENTAGON, 5)))
    found = driver.get(f"/jobs/{parent}/results/probabilities/aggregated")
    means = [
        sum(p * cut(PENTAGON, f"{int(key):05b}"[::-1]) for key, p in each.items())
        for each in found.values()
    ]
    assert means == sorted(means)
    assert means[0] > 2.5  # what a coin for each node gives


def test_progress_is_told_while_it_runs_and_never_falls() -> None:
    clock = SteppedClock()
    driver = Driver(ionq.app(clock=clock))
    job = driver.submit(maxcut(graph(WEIGHTED, 4), shots=2))
    seen, born = [], []
    for _ in range(40):
        told = driver.get(f"/jobs/{job}")
        born.append(len(told["child_job_ids"] or ()))
        if told["status"] == "started":
            seen.append(told["output"]["qaoa_results"])
            assert told["results"] is None
        clock.advance(0.001)
    assert {each["processing_status"] for each in seen} == {"running"}
    assert all(each["optimal_cost"] == cut(WEIGHTED, each["optimal_bitstring"]) for each in seen)
    costs = [each["optimal_cost"] for each in seen]
    assert costs == sorted(costs)
    assert costs[0] == 0.0 < costs[-1]
    assert born == sorted(born)
    assert {0, 1, 2, 3, 4} == set(born)
    assert driver.get(f"/jobs/{job}")["status"] == "completed"


def test_iterations_that_ended_before_a_cancel_stay_completed() -> None:
    clock = SteppedClock()
    driver = Driver(ionq.app(clock=clock))
    job = driver.submit(maxcut(graph(PENTAGON, 5)))
    clock.advance(0.016)
    assert driver.send("PUT", f"/jobs/{job}/status/cancel").status == 200
    clock.advance(1)
    told = driver.get(f"/jobs/{job}")
    assert (told["status"], told["results"]) == ("canceled", None)
    states = [driver.get(f"/jobs/{child}")["status"] for child in told["child_job_ids"]]
    assert set(states) == {"completed", "canceled"}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (maxcut({"nodes": [], "adjacency": []}), "InvalidInput"),
        (maxcut({}), "InvalidInput"),
        (maxcut({**graph(PENTAGON, 5), "directed": True}), "InvalidInput"),
        (maxcut({"nodes": [{"id": 0}], "adjacency": [[{"id": 7}]]}), "InvalidInput"),
        (maxcut({"nodes": 5, "adjacency": "x"}), "InvalidInput"),
        (maxcut(graph({}, 21)), "TooLongPredictedExecutionTime"),
        (maxcut(graph({}, 30)), "NotEnoughQubits"),
        (maxcut(graph(PENTAGON, 5), shots=0), "InvalidInput"),
        (maxcut(graph(PENTAGON, 5), external_settings={"api_credentials": ""}), "PreflightError"),
    ],
)
def test_a_problem_without_meaning_fails_and_says_why(
    driver: Driver, payload: dict[str, Any], code: str
) -> None:
    told = driver.get(f"/jobs/{driver.submit(payload)}")
    assert (told["status"], told["failure"]["code"]) == ("failed", code)
    assert told["failure"]["message"]
    assert told["results"] is None


def test_a_dry_run_is_priced_and_not_solved(driver: Driver) -> None:
    job = driver.submit(maxcut(graph(PENTAGON, 5), backend="qpu.aria-1", dry_run=True))
    told = driver.get(f"/jobs/{job}")
    assert (told["status"], told["results"], told["output"]) == ("completed", None, {})
    assert driver.get(f"/jobs/{job}/cost")["cost"]["value"] == 0.0


def test_a_solver_job_costs_what_its_iterations_take_and_is_spent_once(driver: Driver) -> None:
    job = driver.submit(maxcut(graph(PENTAGON, 5), backend="qpu.aria-1", shots=5000))
    counts = driver.get(f"/jobs/{job}")["stats"]["gate_counts"]
    query = f"shots=5000&1q_gates={counts['1q']}&2q_gates={counts['2q']}"
    estimate = driver.get(f"/jobs/estimate?backend=qpu.aria-1&{query}")["estimated_cost"]
    assert driver.get(f"/jobs/{job}/cost")["cost"]["value"] == estimate > 100
    place = f"/organizations/{TENANTS[0].organization_id}/usage"
    dates = "start_date=2025-12-01&end_date=2026-02-01&group_by=job&modality=monthly"
    usage = driver.get(f"{place}?{dates}")
    assert (usage["amount_total"], usage["job_count"]) == (estimate, 1)


def test_the_credentials_of_the_solver_are_told_to_nobody(driver: Driver) -> None:
    job = driver.submit(maxcut(graph(PENTAGON, 5)))
    told = driver.send("GET", f"/jobs/{job}").raw + driver.send("GET", "/jobs").raw
    assert b"solver-key-of-somebody" not in told
    kept = driver.app.world.jobs[job].payload
    assert "solver-key-of-somebody" not in repr(kept)


def test_fields_that_the_document_leaves_open_do_no_harm(driver: Driver) -> None:
    odd = {"noise": [1], "settings": {"compilation": 7}, "anything": {"nodes": None}}
    payload = maxcut({**graph(PENTAGON, 5), "more": True}, **odd)
    payload["input"]["qubits"] = "many"
    assert driver.get(f"/jobs/{driver.submit(payload)}")["status"] == "completed"


def test_the_circuits_prepare_what_they_say(driver: Driver) -> None:
    parent = driver.submit(maxcut(graph(PENTAGON, 5)))
    child = driver.get(f"/jobs/{parent}")["child_job_ids"][0]
    source = driver.app.world.jobs[child].payload["input"]
    again = driver.probabilities(qis(*source["circuit"], qubits=5))
    assert driver.get(f"/jobs/{child}/results/probabilities") == again
    assert abs(reference_sim.probabilities(source)[0] - again["0"]) < 1e-12


def test_ionq_core_reads_the_jobs_and_their_results() -> None:
    models: Any = pytest.importorskip("ionq_core.models", reason="install the extra 'test'")
    driver = Driver(ionq.app(clock=InstantClock()))
    told = driver.get(f"/jobs/{driver.submit(maxcut(graph(PENTAGON, 5)))}")
    solved = models.QaoaJob.from_dict(told).results.qaoa_results
    assert (solved.optimal_cost, str(solved.processing_status)) == (4.0, "complete")
    energy = {"hamiltonian": [{"pauli_string": "Z", "coefficient": 2}],
              "ansatz": {"data": "qubit q; x q;"}}  # fmt: skip
    whole = {"data": {"type": "hamiltonian-energy", "data": energy}}
    payload = {"type": "quantum-function", "backend": "simulator", "input": whole}
    function = models.QuantumFunctionJob.from_dict(driver.get(f"/jobs/{driver.submit(payload)}"))
    assert (function.results.value, function.results.variance) == (-2.0, 0.0)
