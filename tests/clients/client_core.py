"""What the tests of ionq-core share: connecting, submitting, reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from client_distributions import REASON, Distribution
from client_traffic import Service

core: Any = pytest.importorskip("ionq_core", reason=REASON)
models: Any = pytest.importorskip("ionq_core.models", reason=REASON)

CLIENT = "ionq-core 0.2.0"
NOBODY = "00000000-0000-4000-8000-000000000000"


def api(path: str) -> Any:
    """Return the client's module of one operation."""
    return pytest.importorskip(f"ionq_core.api.{path}", reason=REASON)


create_job = api("default.create_job")
get_job_probabilities = api("default.get_job_probabilities")


def connect(served: Service, key: str | None = None, **options: Any) -> Any:
    """Return a client that gives up at the first refusal, unless `options` say otherwise."""
    asked = {"api_key": key or served.keys[0], "max_retries": 0, **options}
    with pytest.warns(UserWarning, match="does not use HTTPS"):
        return core.IonQClient(base_url=served.url, **asked)


def payload(circuit: list[dict[str, Any]], qubits: int, **fields: Any) -> Any:
    """Return the typed body of a job with one circuit."""
    body: dict[str, Any] = {"backend": "simulator", "type": "ionq.circuit.v1", **fields}
    body["input"] = {"gateset": body.pop("gateset", "qis"), "qubits": qubits, "circuit": circuit}
    return models.CircuitJobCreationPayload.from_dict(body)


def multi_payload(circuits: Sequence[Mapping[str, Any]], qubits: int, **fields: Any) -> Any:
    """Return the typed body of a job with several circuits."""
    body: dict[str, Any] = {"backend": "simulator", "type": "ionq.multi-circuit.v1", **fields}
    body["input"] = {"gateset": "qis", "qubits": qubits, "circuits": circuits}
    return models.JSONMultiCircuitJob.from_dict(body)


def submit(client: Any, body: Any) -> str:
    """Submit a job and return its id."""
    created = create_job.sync(client=client, body=body)
    assert created is not None
    assert created.status == "submitted"
    return str(created.id)


def finish(client: Any, job: str) -> Any:
    """Wait until a job has ended, and return it."""
    return core.wait_for_job(client, job, poll_interval=0.01, timeout=20)


def distribution(client: Any, job: str) -> Distribution:
    """Return the distribution of a job's circuit; bit k of an outcome is qubit k."""
    answer = get_job_probabilities.sync(job, client=client)
    return {int(key): value for key, value in answer.additional_properties.items()}
