"""ionq-core 0.2.0 and the jobs that are no circuits: maxcut by QAOA, and quantum functions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from client_core import CLIENT, api, connect, core, finish, models, submit
from client_distributions import EXACT, REASON
from client_traffic import serving

from conformance.mock import InstantClock, ionq

qiskit: Any = pytest.importorskip("qiskit", reason=REASON)
quantum_info: Any = pytest.importorskip("qiskit.quantum_info", reason=REASON)

get_job = api("default.get_job")
get_job_cost = api("default.get_job_cost")

pytestmark = pytest.mark.clients

ANSATZ = """OPENQASM 3.0;
include "stdgates.inc";
input float[64] first;
input float[64] second;
qubit[2] q;
ry(first) q[0];
cx q[0], q[1];
rx(second) q[1];
"""

EDGES = {(0, 1): 2.0, (1, 2): 1.0, (2, 3): 3.0, (3, 0): 1.0, (0, 2): 1.5}


@pytest.fixture(params=["v0.4", "v0.4-next"])
def client(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A client of the document's API, and of the newer one."""
    mock = ionq.app(seed=11, clock=InstantClock(), api_version=request.param)
    with serving(CLIENT, mock) as served, connect(served) as client:
        yield client


def energy_payload(params: list[float], **fields: Any) -> Any:
    hamiltonian = [
        {"pauli_string": "ZZ", "coefficient": 0.5},
        {"pauli_string": "XI", "coefficient": -0.7},
        {"pauli_string": "IY", "coefficient": 0.2},
    ]
    data = {"hamiltonian": hamiltonian, "ansatz": {"data": ANSATZ}}
    body = {
        "type": "quantum-function",
        "backend": "simulator",
        "input": {"data": {"type": "hamiltonian-energy", "data": data}, "params": params},
        **fields,
    }
    return models.QuantumFunctionJobCreationPayload.from_dict(body)


def maxcut_payload(**fields: Any) -> Any:
    adjacency = [
        [
            {"id": str(other), "weight": weight}
            for ends, weight in EDGES.items()
            if node in ends
            for other in ends
            if other != node
        ]
        for node in range(4)
    ]
    problem = {"nodes": [{"id": str(node)} for node in range(4)], "adjacency": adjacency}
    body = {
        "type": "qctrl.qaoa.v1",
        "backend": "simulator",
        "input": {"problem_type": "maxcut", "problem": problem},
        "external_settings": {"api_credentials": "a key of the solver"},
        **fields,
    }
    return models.QctrlQaoaJobCreationPayload.from_dict(body)


def test_the_energy_of_a_hamiltonian_is_that_of_qiskit(client: Any) -> None:
    done = finish(client, submit(client, energy_payload([0.4, -0.9])))
    assert isinstance(done, models.QuantumFunctionJob)
    circuit = qiskit.QuantumCircuit(2)
    circuit.ry(0.4, 0)
    circuit.cx(0, 1)
    circuit.rx(-0.9, 1)
    operator = quantum_info.SparsePauliOp(["ZZ", "XI", "IY"], [0.5, -0.7, 0.2])
    expected = quantum_info.Statevector(circuit).expectation_value(operator).real
    assert done.results.value == pytest.approx(expected, abs=EXACT)
    assert done.results.variance >= 0


def test_a_function_with_a_parameter_too_few_fails(client: Any) -> None:
    job = submit(client, energy_payload([0.4]))
    with pytest.raises(core.JobFailedError) as failed:
        finish(client, job)
    assert failed.value.failure.code == "InvalidInput"


def test_the_largest_cut_is_found(client: Any) -> None:
    done = finish(client, submit(client, maxcut_payload()))
    assert isinstance(done, models.QaoaJob)
    found = done.results.qaoa_results
    largest = max(map(cut, itertools.product("01", repeat=4)))
    assert found.processing_status == "complete"
    assert abs(found.optimal_cost) == largest == cut(tuple(found.optimal_bitstring))
    child = get_job.sync(done.child_job_ids[0], client=client)
    assert (child.type_, child.parent_job_id) == ("qctrl.qaoa-circuit.v1", done.id)


def cut(sides: tuple[str, ...]) -> float:
    """Return the weight of the edges between nodes on different sides."""
    return sum(weight for (one, two), weight in EDGES.items() if sides[one] != sides[two])


def test_dry_runs_of_both_cost_nothing(client: Any) -> None:
    for body in (energy_payload([0.4, 0.1], dry_run=True), maxcut_payload(dry_run=True)):
        done = finish(client, submit(client, body))
        assert (done.dry_run, done.results) == (True, None)
        assert get_job_cost.sync(done.id, client=client).cost.value == 0


def test_both_are_listed(client: Any) -> None:
    jobs = [submit(client, energy_payload([0.4, 0.1])), submit(client, maxcut_payload())]
    assert [job.id for job in core.iter_jobs(client)] == jobs[::-1]
