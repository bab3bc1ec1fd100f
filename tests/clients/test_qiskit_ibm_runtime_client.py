"""qiskit-ibm-runtime, unmodified, through whole sessions and batches of IBM's mock."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from client_clock import Fast

from conformance.mock import Running, running
from conformance.mock.ibm import IbmMock, app

WHY = "the client is optional: make test-other-clients"
runtime = pytest.importorskip("qiskit_ibm_runtime", reason=WHY)
qiskit = pytest.importorskip("qiskit", reason=WHY)

pytestmark = [
    pytest.mark.clients,
    # The client says of its own classes that later releases replace them.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def mock() -> Iterator[tuple[IbmMock, Running]]:
    made = app(seed=3, clock=Fast())
    with running(made) as served:
        yield made, served


def connect(mock: tuple[IbmMock, Running], account: int = 0, key: str = "") -> Any:
    made, served = mock
    root = served.url.removesuffix(made.base_path)
    os.environ["IAM_URL"] = root
    os.environ["QISKIT_FUNCTIONS_EXPERIMENTAL"] = "1"
    return runtime.QiskitRuntimeService(
        channel="ibm_quantum_platform",
        token=key or made.keys[account],
        instance=made.instances[account],
        url_resolver=lambda *_args, **_options: served.url,
    )


@pytest.fixture
def service(mock: tuple[IbmMock, Running]) -> Any:
    return connect(mock)


def prepared(backend: Any) -> Any:
    circuit = qiskit.QuantumCircuit(3)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.x(2)
    circuit.measure_all()
    return qiskit.transpile(circuit, backend, optimization_level=1)


def test_a_session_lives_from_creation_to_its_close(service: Any) -> None:
    backend = service.backend("mock_line_7")
    with runtime.Session(backend=backend, max_time=600) as session:
        assert session.status() == "Pending"
        job = runtime.SamplerV2(mode=session).run([prepared(backend)], shots=800)
        counts = job.result()[0].data.meas.get_counts()
        assert set(counts) == {"100", "111"}
        assert 260 < counts["100"] < 540  # 10 standard deviations of 800 fair throws
        assert session.status() == "In progress, accepting new jobs"
        assert job.session_id == session.session_id
        assert job.metrics()["usage"]["quantum_seconds"] > 0
    assert session.status() == "Closed"
    assert session.usage() > 0
    assert session.details()["timestamps"][-1]["status"] == "closed"
    again = runtime.Session.from_id(session.session_id, service)
    assert again.details()["max_time"] == 600


def test_a_closed_session_takes_no_job(service: Any) -> None:
    backend = service.backend("mock_line_7")
    session = runtime.Session(backend=backend)
    other = runtime.Session.from_id(session.session_id, service)
    session.close()
    with pytest.raises(runtime.exceptions.IBMRuntimeError, match="409"):
        runtime.SamplerV2(mode=other).run([prepared(backend)])
    session.close()
    session.cancel()
    assert session.status() == "Closed"


def test_a_batch_is_cancelled_with_what_waits_in_it() -> None:
    made = app(seed=3)  # by the wall clock: thirty jobs take a minute
    with running(made) as served:
        backend = connect((made, served)).backend("mock_line_16")
        batch, circuit = runtime.Batch(backend=backend), prepared(backend)
        sampler = runtime.SamplerV2(mode=batch)
        jobs = [sampler.run([circuit], shots=10) for _ in range(30)]
        batch.cancel()
        assert jobs[-1].status() == "CANCELLED"
        assert batch.status() == "Closed"
        assert batch.details()["mode"] == "batch"


def test_jobs_are_listed_tagged_cancelled_and_removed(service: Any) -> None:
    backend = service.backend("mock_line_7")
    job = runtime.SamplerV2(mode=backend).run([prepared(backend), (prepared(backend), None, 5)])
    assert len(job.result()) == 2
    assert job.result()[1].data.meas.num_shots == 5
    job.update_tags(["mine"])
    assert [found.job_id() for found in service.jobs(job_tags=["mine"])] == [job.job_id()]
    assert service.job(job.job_id()).inputs is not None
    with pytest.raises(runtime.exceptions.RuntimeInvalidStateError):
        job.cancel()
    service.delete_job(job.job_id())
    with pytest.raises(runtime.exceptions.RuntimeJobNotFound):
        service.job(job.job_id())


def test_backends_are_found_and_usage_is_told(service: Any) -> None:
    names = {"mock_line_7", "mock_line_16", "mock_exact_5"}
    assert {backend.name for backend in service.backends()} == names
    backend = service.least_busy()
    assert backend.status().operational
    assert backend.target.num_qubits == backend.configuration().n_qubits
    assert backend.properties().t1(0) > 0
    assert service.usage()["usage_consumed_seconds"] == 0


def test_a_bad_key_and_unknown_ids_are_the_clients_own_errors(
    mock: tuple[IbmMock, Running], service: Any
) -> None:
    with pytest.raises(runtime.exceptions.RuntimeJobNotFound):
        service.job("00000000-0000-4000-8000-000000000000")
    with pytest.raises(runtime.exceptions.IBMInputValueError):
        runtime.Session.from_id("nothing", service)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        stranger = connect(mock, key="nobody")
        with pytest.raises(runtime.exceptions.IBMNotAuthorizedError):
            stranger.jobs()
    assert any("API Key will be used instead" in str(each.message) for each in warned)
