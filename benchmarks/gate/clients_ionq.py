"""What qiskit-ionq and ionq-core send to IonQ and read of its answers."""

from __future__ import annotations

import os
from typing import Any

from watching import Watch, places, requests_watched, without

from conformance.mock import ionq, running


def qiskit_ionq(watch: Watch) -> None:
    """Submit a circuit and read its counts, probabilities and metadata."""
    import qiskit
    import qiskit_ionq as client

    with running(ionq.app(seed=1)) as served, requests_watched(watch):
        os.environ["IONQ_API_URL"] = os.environ["QISKIT_IONQ_API_URL"] = served.url
        provider = client.IonQProvider(served.keys[0], served.url)
        backend = provider.get_backend("ionq_simulator")
        circuit = qiskit.QuantumCircuit(2, 2)
        circuit.h(0)
        circuit.cx(0, 1)
        circuit.measure([0, 1], [0, 1])
        job = backend.run(circuit, shots=100)
        result = job.result()
        result.get_counts(), result.get_probabilities(), job.status()
        provider.backends()


def ionq_core(watch: Watch) -> None:
    """Find what the client's models of a job, a list of jobs and a session fail without."""
    import requests
    from ionq_core import models

    body = {
        "type": "ionq.circuit.v1", "backend": "simulator", "shots": 10,
        "input": {"gateset": "qis", "qubits": 1, "circuit": [{"gate": "h", "target": 0}]},
    }  # fmt: skip
    with running(ionq.app(seed=1)) as served, requests.Session() as plain:
        plain.headers["Authorization"] = f"apiKey {served.keys[0]}"
        made = plain.post(f"{served.url}/jobs", json=body, timeout=10).json()
        qpu = {"backend": "qpu.aria-1"}
        subjects: list[tuple[str, Any, str]] = [
            ("POST /jobs", made, "JobCreationResponse"),
            ("POST /sessions", plain.post(f"{served.url}/sessions", json=qpu, timeout=10).json(),
             "Session"),
            ("GET /jobs/{UUID}", plain.get(f"{served.url}/jobs/{made['id']}", timeout=10).json(),
             "SingleCircuitJob"),
            ("GET /jobs", plain.get(f"{served.url}/jobs", timeout=10).json(), "GetJobsResponse"),
        ]  # fmt: skip
    for operation, answer, name in subjects:
        model = getattr(models, name)
        model.from_dict(answer)
        needed = {p for p in set(places(answer)) if not _reads(model, without(answer, p))}
        watch.read.setdefault(operation, set()).update(needed)


def _reads(model: Any, answer: Any) -> bool:
    try:
        model.from_dict(answer)
    except Exception:  # noqa: BLE001  # whatever the client raises is what is measured
        return False
    return True


CLIENTS = {"qiskit-ionq": qiskit_ionq, "ionq-core": ionq_core}
