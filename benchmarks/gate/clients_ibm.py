"""What qiskit-ibm-runtime sends to IBM and reads of its answers."""

from __future__ import annotations

import os
from typing import Any

from watching import Watch, requests_watched

from conformance.mock import running
from conformance.mock.ibm import app


def qiskit_ibm_runtime(watch: Watch) -> None:
    """Run jobs alone, in a session and in a batch, and ask for all that the client can tell."""
    import qiskit
    import qiskit_ibm_runtime as client

    made = app(seed=3)
    with running(made) as served, requests_watched(watch):
        os.environ["IAM_URL"] = served.url.removesuffix(made.base_path)
        os.environ["QISKIT_FUNCTIONS_EXPERIMENTAL"] = "1"  # else it asks IBM's search for instances
        service = client.QiskitRuntimeService(
            channel="ibm_quantum_platform",
            token=made.keys[0],
            instance=made.instances[0],
            url_resolver=lambda *_args, **_options: served.url,
        )
        backend = _looked_at(service)
        circuit = qiskit.QuantumCircuit(2)
        circuit.h(0)
        circuit.measure_all()
        prepared = qiskit.transpile(circuit, backend, optimization_level=0)
        with client.Session(backend=backend, max_time=600) as session:
            job = client.SamplerV2(mode=session).run([prepared], shots=10)
            job.result()[0].data.meas.get_counts()
            session.status(), session.details(), session.usage()
        client.Session.from_id(session.session_id, service).details()
        _talked_about(service, job)
        with client.Batch(backend=backend) as batch:
            last = client.SamplerV2(mode=batch).run([prepared], shots=10)
            last.result()
            batch.status()
        batch.cancel()
        service.delete_job(last.job_id())
        service.usage()


def _looked_at(service: Any) -> Any:
    service.backends()
    service.least_busy()
    backend = service.backend("mock_line_7")
    backend.status(), backend.configuration(), backend.properties()
    backend.target  # noqa: B018  # made of what is read when it is asked for
    return backend


def _talked_about(service: Any, job: Any) -> None:
    job.metrics(), job.status(), job.usage(), job.logs(), job.error_message()
    job.update_tags(["mine"])
    service.jobs(job_tags=["mine"])
    found = service.job(job.job_id())
    found.inputs, found.tags, found.creation_date, found.session_id, found.backend()


CLIENTS = {"qiskit-ibm-runtime": qiskit_ibm_runtime}
