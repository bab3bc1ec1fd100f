"""What Scaleway's SDK and its QaaS client send and read.

The two pin different releases of python-dateutil: each is measured where it is installed.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from watching import Watch, requests_watched, taken

from conformance.mock import running
from conformance.mock.scaleway import app
from conformance.mock.scaleway.accounts import ACCOUNTS

BELL = """OPENQASM 3.0; include "stdgates.inc"; bit[2] c; qubit[2] q;
h q[0]; cx q[0], q[1]; c = measure q;"""
PAYLOAD = {
    "client": {"user_agent": "measuring"},
    "backend": {"name": "mock", "version": "1", "options": {}},
    "run": {
        "options": {"shots": 10, "memory": False},
        "circuits": [{"serialization_format": 3, "circuit_serialization": BELL}],
    },
}
SECONDS = 60
"""For a session to be running, and for a job to be done."""


def scaleway(watch: Watch) -> None:
    """Take a session and a job of it through their lives."""
    import scaleway as client
    from scaleway.qaas import v1alpha1

    one = ACCOUNTS[0]
    with running(app(seed=3)) as served, requests_watched(watch):
        api = v1alpha1.QaasV1Alpha1API(
            client.Client(
                access_key=one.access_key,
                secret_key=one.key,
                api_url=served.url,
                default_project_id=one.project_id,
            )
        )
        platform = next(p for p in api.list_platforms_all() if not p.is_bookable)
        api.get_platform(platform_id=platform.id)
        session = api.create_session(
            platform_id=platform.id, max_duration="600s", max_idle_duration="60s", tags=["a"]
        )
        _until(lambda: api.get_session(session_id=session.id).status == "running")
        api.update_session(session_id=session.id, name="new", tags=["b"])
        api.list_sessions_all(), api.list_session_ac_ls_all(session_id=session.id)
        circuit = v1alpha1.JobCircuit(qiskit_circuit=json.dumps(PAYLOAD))
        job = api.create_job(name="j", session_id=session.id, circuit=circuit, tags=["a"])
        _until(lambda: api.get_job(job_id=job.id).status == "completed")
        api.update_job(job_id=job.id, name="new")
        api.list_jobs_all(session_id=session.id), api.list_job_results_all(job_id=job.id)
        api.get_job_circuit(job_id=job.id)
        api.delete_job(job_id=job.id)
        api.terminate_session(session_id=session.id)


def scaleway_qaas_client(watch: Watch) -> None:
    """Do the same with the client that turns every answer into a model at once.

    What it reads is what its models are others without.
    """
    import httpx
    import scaleway_qaas_client as client

    answers: list[tuple[str, Any]] = []
    plain = httpx.Client.send

    def noted(self: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        operation = watch.operation(request.method, str(request.url))
        watch.sends(operation, request.content)
        response = plain(self, request, **options)
        if response.is_success and response.content:
            answers.append((operation, response.json()))
        return response

    httpx.Client.send = noted  # type: ignore[method-assign]  # for this run
    try:
        with running(app(seed=3)) as served:
            api = client.QaaSClient(ACCOUNTS[0].project_id, ACCOUNTS[0].key, url=served.url)
            _sessions_and_jobs(api)
    finally:
        httpx.Client.send = plain  # type: ignore[method-assign]  # as it was
    for operation, answer in answers:
        model = _model_of(operation)
        if model is not None:
            watch.read.setdefault(operation, set()).update(taken(answer, model))


def _sessions_and_jobs(api: Any) -> None:
    platform = next(p for p in api.list_platforms() if not p.is_bookable)
    api.get_platform(platform.id)
    session = api.create_session(platform.id, max_duration="10m", max_idle_duration="2m")
    _until(lambda: api.get_session(session.id).status == "running")
    job = api.create_job(session.id, PAYLOAD)
    _until(lambda: api.get_job(job.id).status == "completed")
    api.list_job_results(job.id), api.list_sessions(platform.id)
    api.cancel_job(api.create_job(session.id, PAYLOAD).id)
    api.terminate_session(session.id)
    api.delete_session(session.id)


MODELS = {
    "platforms": "ScalewayQaasV1Alpha1ListPlatformsResponse",
    "platforms/{}": "ScalewayQaasV1Alpha1Platform",
    "sessions": "ScalewayQaasV1Alpha1ListSessionsResponse",
    "sessions/{}": "ScalewayQaasV1Alpha1Session",
    "jobs/{}": "ScalewayQaasV1Alpha1Job",
    "jobs/{}/results": "ScalewayQaasV1Alpha1ListJobResultsResponse",
}


def _model_of(operation: str) -> Callable[[Any], Any] | None:
    """Return what the client makes of an operation's answer, without what it does not know."""
    from attr import asdict
    from scaleway_qaas_client.quantum_as_a_service_api_client import models

    method, path = operation.split(" ")
    steps = path.split("/")[3:]
    kind = "/".join("{}" if "{" in step else step for step in steps)
    if method == "POST":
        kind = f"{steps[0]}/{{}}"
    if kind not in MODELS:
        return None
    model = getattr(models, MODELS[kind])
    return lambda answer: asdict(
        model.from_dict(answer), filter=lambda one, _: one.name != "additional_properties"
    )


def _until(met: Callable[[], bool]) -> None:
    ends = time.monotonic() + SECONDS
    while not met():
        if time.monotonic() > ends:
            raise TimeoutError(f"it did not come to pass in {SECONDS} seconds")
        time.sleep(0.2)


CLIENTS = {"scaleway": scaleway, "scaleway-qaas-client": scaleway_qaas_client}
