"""What leniency lets pass, after all four clients, is what `tolerances.toml` lists, and no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
from client_circuits import QIS_WIRE, measured
from client_circuits import qis as qiskit_circuit
from client_cirq_circuits import cirq_ionq
from client_cirq_circuits import qis as cirq_circuit
from client_core import connect, create_job, get_job_probabilities, payload
from client_distributions import REASON
from client_pennylane_circuits import probabilities, qml
from client_pennylane_circuits import qis as pennylane_circuit
from client_qiskit import QUIET, provider, qiskit_ionq
from client_traffic import Recorder, Service, departures, listed_for

from conformance import spec
from conformance.mock import InstantClock, ionq, running

api_client: Any = pytest.importorskip("pennylane_ionq.api_client", reason=REASON)

pytestmark = [pytest.mark.clients, QUIET]

CLIENTS = {
    "cirq/1.7.0": "cirq-ionq 1.7.0",
    "ionq-core/0.2.0": "ionq-core 0.2.0",
    "pennylane-ionq-api-client/0.4": "pennylane-ionq 0.45.0",
    "qiskit-ionq/1.1.1": "qiskit-ionq 1.1.1",
}
"""How each client names itself, and how `tolerances.toml` names it."""


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A mock after a conversation with each of the clients."""
    recorder = Recorder(ionq.app(seed=11, clock=InstantClock()))
    with running(recorder) as started:
        served = Service(started, recorder)
        talk_with_cirq(served)
        talk_with_core(served)
        talk_with_pennylane(served, monkeypatch)
        talk_with_qiskit(served, monkeypatch)
        yield served


def talk_with_cirq(served: Service) -> None:
    service = cirq_ionq.Service(served.url, served.keys[0], default_target="simulator")
    service.create_job(cirq_circuit()).results(sharpen=True)
    service.create_batch_job([cirq_circuit()] * 2).results(sharpen=False)
    service.list_jobs(limit=1)


def talk_with_core(served: Service) -> None:
    with connect(served) as client:
        job = create_job.sync(client=client, body=payload(QIS_WIRE, 3, noise={"model": "ideal"}))
        get_job_probabilities.sync(job.id, client=client, sharpen=True)


def talk_with_pennylane(served: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_client.APIClient, "BASE_URL", served.url)
    device = qml.device("ionq.qpu", wires=3, api_key=served.keys[0], sharpen=True)
    probabilities(device, pennylane_circuit, shots=1000)


def talk_with_qiskit(served: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    account = provider(served, monkeypatch)
    simulator, machine = account.get_backend("simulator"), account.get_backend("qpu.aria-1")
    simulator.run(measured(qiskit_circuit()), shots=10).result(sharpen=True, wait=0.01)
    qiskit_ionq.Session(machine).cancel()
    asked = {"oneq_gates": 1, "twoq_gates": 1, "qubits": 2, "shots": 10}
    machine.client.estimate_job(backend="qpu.aria-1", **asked)


def test_the_report_names_what_is_listed_for_each_client(served: Service) -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for each in served.recorder.mock.leniency.report():
        found[each.client].add(each.tolerance)
    # qiskit-ionq asks for the size of a machine without its name, and without a key.
    nameless = {name for name in found if name.startswith("python-requests/")}
    for name in nameless:
        found["qiskit-ionq/1.1.1"] |= found.pop(name)
    assert nameless
    assert found == {name: listed_for(CLIENTS[name]) for name in CLIENTS if name in found}
    assert found.keys() == CLIENTS.keys() - {"ionq-core/0.2.0"}


def test_every_listed_departure_is_needed_and_none_is_missing(served: Service) -> None:
    assert departures(served.recorder.sent) == {each.id for each in spec.tolerances("ionq")}
    named = {client for each in spec.tolerances("ionq") for client in each.clients}
    assert named <= set(CLIENTS.values())
