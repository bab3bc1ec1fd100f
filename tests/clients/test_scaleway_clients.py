"""Scaleway's SDK and its QaaS client, unmodified, through whole sessions of the mock.

The two pin different releases of python-dateutil, so that each is tested where it is installed.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from client_clock import Fast

from conformance.mock import Running, running
from conformance.mock.scaleway import ScalewayMock, app
from conformance.mock.scaleway.accounts import ACCOUNTS

WHY = "the client is optional: make test-other-clients"
ONE = ACCOUNTS[0]
BELL = """OPENQASM 3.0; include "stdgates.inc"; bit[2] c; qubit[2] q;
h q[0]; cx q[0], q[1]; c = measure q;"""

pytestmark = [
    pytest.mark.clients,
    # The clients leave their connections to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def mock() -> Iterator[Running]:
    made: ScalewayMock = app(seed=3, clock=Fast())
    with running(made) as served:
        yield served


def wait_until(met: Callable[[], bool]) -> None:
    for _ in range(200):
        if met():
            return
        time.sleep(0.05)
    pytest.fail("it did not come to pass in ten seconds")


def payload(shots: int = 400) -> dict[str, Any]:
    circuit = {"serialization_format": 3, "circuit_serialization": BELL}
    run = {"options": {"shots": shots, "memory": False}, "circuits": [circuit]}
    backend = {"name": "mock", "version": "1", "options": {}}
    return {"client": {"user_agent": "test"}, "backend": backend, "run": run}


def dropped(client: Any) -> None:
    """Let go of the connections of a client that has no way to close them."""
    vars(client).clear()
    gc.collect()


@pytest.fixture
def qaas(mock: Running) -> Iterator[Any]:
    if sys.version_info < (3, 12):
        pytest.skip("scaleway-qaas-client 0.1.11 needs Python 3.12")
    client = pytest.importorskip("scaleway_qaas_client", reason=WHY)
    made = client.QaaSClient(ONE.project_id, ONE.key, url=mock.url)
    yield made
    dropped(made)


def test_the_qaas_client_runs_a_job_in_a_session(qaas: Any) -> None:
    platform = next(p for p in qaas.list_platforms() if not p.is_bookable)
    assert qaas.get_platform(platform.id).name == platform.name
    session = qaas.create_session(platform.id, max_duration="59m", max_idle_duration="20m")
    assert (session.max_duration, session.max_idle_duration) == ("3540s", "1200s")
    wait_until(lambda: qaas.get_session(session.id).status == "running")
    job = qaas.create_job(session.id, payload())
    wait_until(lambda: qaas.get_job(job.id).status == "completed")
    (result,) = qaas.list_job_results(job.id)
    counts = json.loads(result.result)["results"][0]["data"]["counts"]
    assert set(counts) == {"0x0", "0x3"}
    assert 100 < counts["0x0"] < 300  # 10 standard deviations of 400 fair throws
    assert [found.id for found in qaas.list_sessions(platform.id)] == [session.id]


def test_the_qaas_client_ends_and_removes_a_session(qaas: Any) -> None:
    platform = qaas.list_platforms()[0]
    session = qaas.create_session(platform.id, "10m", "2m", deduplication_id="mine")
    same = qaas.create_session(platform.id, max_duration=600, max_idle_duration=120,
                               deduplication_id="mine")  # fmt: skip
    assert same.id == session.id
    job = qaas.create_job(session.id, payload())
    assert qaas.cancel_job(job.id).status in {"cancelling", "cancelled"}
    assert qaas.terminate_session(session.id).status == "stopping"
    wait_until(lambda: qaas.get_session(session.id).status == "stopped")
    qaas.terminate_session(session.id)
    with pytest.raises(Exception, match="precondition_failed"):
        qaas.create_job(session.id, payload())
    qaas.delete_session(session.id)
    with pytest.raises(Exception, match="not_found"):
        qaas.get_session(session.id)


def test_the_qaas_client_tells_a_bad_key(mock: Running, qaas: Any) -> None:
    stranger = type(qaas)(ONE.project_id, "33333333-3333-4333-8333-333333333333", url=mock.url)
    with pytest.raises(Exception, match="denied_authentication"):
        stranger.list_platforms()


@pytest.fixture
def sdk(mock: Running) -> Iterator[Any]:
    scaleway = pytest.importorskip("scaleway", reason=WHY)
    api = pytest.importorskip("scaleway.qaas.v1alpha1", reason=WHY)
    client = scaleway.Client(
        access_key=ONE.access_key,
        secret_key=ONE.key,
        api_url=mock.url,
        default_project_id=ONE.project_id,
    )
    made = api.QaasV1Alpha1API(client)
    yield made
    dropped(made)


def test_the_sdk_takes_a_session_through_its_life(sdk: Any) -> None:
    platform = next(p for p in sdk.list_platforms_all() if not p.is_bookable)
    session = sdk.create_session(
        platform_id=platform.id, max_duration="600s", max_idle_duration="60s", tags=["a", "b"]
    )
    assert sdk.wait_for_session(session_id=session.id).status == "running"
    assert sdk.update_session(session_id=session.id, name="new").name == "new"
    assert [s.id for s in sdk.list_sessions_all(tags=["a", "b"])] == [session.id]
    assert sdk.list_sessions_all(tags=["c"]) == []
    assert sdk.list_session_ac_ls_all(session_id=session.id) == []
    sdk.terminate_session(session_id=session.id)
    assert sdk.wait_for_session(session_id=session.id).status == "stopped"
    sdk.delete_session(session_id=session.id)
    with pytest.raises(Exception, match="not_found"):
        sdk.get_session(session_id=session.id)


def test_the_sdk_runs_a_job(sdk: Any) -> None:
    api = pytest.importorskip("scaleway.qaas.v1alpha1", reason=WHY)
    platform = next(p for p in sdk.list_platforms_all() if not p.is_bookable)
    session = sdk.create_session(platform_id=platform.id, name="n")
    circuit = api.JobCircuit(qiskit_circuit=json.dumps(payload()))
    job = sdk.create_job(name="j", session_id=session.id, circuit=circuit)
    assert sdk.wait_for_job(job_id=job.id).status == "completed"
    assert sdk.list_job_results_all(job_id=job.id)[0].job_id == job.id
    assert [found.id for found in sdk.list_jobs_all(session_id=session.id)] == [job.id]
    assert sdk.get_job_circuit(job_id=job.id).qiskit_circuit == circuit.qiskit_circuit
    sdk.delete_job(job_id=job.id)
    assert sdk.list_jobs_all(session_id=session.id) == []
