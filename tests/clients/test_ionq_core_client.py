"""ionq-core 0.2.0, unmodified, against the mock over HTTP.

Left out, because the client is made from a newer document than the one of May 2026 that the
mock serves: `estimate_job_cost` (the answer's fields were renamed), clone, move, artifacts and
format schemas (operations that the document does not have).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from client_circuits import QIS_WIRE, ideal, native, native_wire, noisy, qis
from client_distributions import (
    REASON,
    SHOTS,
    Distribution,
    assert_exactly,
    distance,
    shot_noise_bound,
)

from conformance.mock import Running, SteppedClock, ionq, running

core: Any = pytest.importorskip("ionq_core", reason=REASON)
models: Any = pytest.importorskip("ionq_core.models", reason=REASON)


def api(path: str) -> Any:
    """Return the client's module of one operation."""
    return pytest.importorskip(f"ionq_core.api.{path}", reason=REASON)


cancel_job = api("default.cancel_job")
cancel_jobs = api("default.cancel_jobs")
create_job = api("default.create_job")
delete_job = api("default.delete_job")
delete_jobs = api("default.delete_jobs")
get_backend = api("backends.get_backend")
get_backends = api("backends.get_backends")
get_characterization = api("characterizations.get_characterization")
get_characterizations = api("characterizations.get_characterizations_for_backend")
get_job = api("default.get_job")
get_job_cost = api("default.get_job_cost")
get_job_probabilities = api("default.get_job_probabilities")
get_jobs = api("default.get_jobs")
get_sessions = api("default.get_sessions")
get_usages = api("usage.get_usages")
get_whoami = api("whoami.get_whoami")

pytestmark = pytest.mark.clients


def connect(served: Running, key: str | None = None) -> Any:
    with pytest.warns(UserWarning, match="does not use HTTPS"):
        return core.IonQClient(api_key=key or served.keys[0], base_url=served.url, max_retries=0)


@pytest.fixture
def served() -> Iterator[Running]:
    with running(ionq.app(seed=11)) as served:
        yield served


@pytest.fixture
def client(served: Running) -> Iterator[Any]:
    with connect(served) as client:
        yield client


@pytest.fixture
def standing() -> Iterator[Any]:
    """A client of a mock whose time stands still: no job leaves its first state."""
    with running(ionq.app(clock=SteppedClock())) as served, connect(served) as client:
        yield client


def payload(circuit: list[dict[str, Any]], qubits: int, **fields: Any) -> Any:
    body: dict[str, Any] = {"backend": "simulator", "type": "ionq.circuit.v1", **fields}
    body["input"] = {"gateset": body.pop("gateset", "qis"), "qubits": qubits, "circuit": circuit}
    return models.CircuitJobCreationPayload.from_dict(body)


def submit(client: Any, body: Any) -> str:
    created = create_job.sync(client=client, body=body)
    assert created is not None
    assert created.status == "submitted"
    return str(created.id)


def finish(client: Any, job: str) -> Any:
    return core.wait_for_job(client, job, poll_interval=0.01, timeout=20)


def distribution(client: Any, job: str) -> Distribution:
    answer = get_job_probabilities.sync(job, client=client)
    return {int(key): value for key, value in answer.additional_properties.items()}


def test_a_qis_circuit_yields_its_exact_distribution(client: Any) -> None:
    job = submit(client, payload(QIS_WIRE, 3, name="three", shots=50))
    done = finish(client, job)
    assert (done.status, done.name, done.shots) == ("completed", "three", 50)
    assert done.stats.qubits == 3
    assert_exactly(distribution(client, job), ideal(qis()))


@pytest.mark.parametrize("second", ["ms", "zz"])
def test_a_native_circuit_yields_its_exact_distribution(client: Any, second: str) -> None:
    job = submit(client, payload(native_wire(second=second), 2, gateset="native"))
    assert finish(client, job).status == "completed"
    assert_exactly(distribution(client, job), ideal(native(second=second)))


def test_every_circuit_of_a_multi_circuit_job_has_its_own_result(client: Any) -> None:
    body = {
        "backend": "simulator",
        "type": "ionq.multi-circuit.v1",
        "input": {
            "gateset": "qis",
            "qubits": 3,
            "circuits": [
                {"name": "first", "circuit": QIS_WIRE},
                {"name": "second", "gateset": "native", "circuit": native_wire()},
            ],
        },
    }
    parent = finish(client, submit(client, models.JSONMultiCircuitJob.from_dict(body)))
    first, second = parent.child_job_ids
    assert get_job.sync(first, client=client).parent_job_id == parent.id
    assert_exactly(distribution(client, first), ideal(qis()))
    assert_exactly(distribution(client, second), ideal(native()))


def test_a_noise_model_samples_the_noisy_distribution(client: Any) -> None:
    noise = {"model": "aria-1", "seed": 7}
    body = payload(QIS_WIRE, 3, shots=SHOTS, noise=noise)
    first, again = submit(client, body), submit(client, body)
    done = finish(client, first)
    finish(client, again)
    seen = distribution(client, first)
    assert (done.noise.model, done.noise.seed) == ("aria-1", 7)
    assert distance(seen, noisy(qis())) < shot_noise_bound(8, SHOTS)
    assert distribution(client, again) == seen


def test_jobs_of_a_session_run_on_its_machine(client: Any) -> None:
    with core.SessionManager(client, "qpu.aria-1", max_jobs=2) as session:
        created = session.status()
        fields = {"backend": "qpu.aria-1", "shots": SHOTS, "session_id": session.session_id}
        job = submit(client, payload(QIS_WIRE, 3, **fields))
        done = finish(client, job)
        assert (created, session.status()) == ("created", "started")
        assert done.session_id == session.session_id
        assert [entry.id for entry in core.iter_session_jobs(client, session.session_id)] == [job]
        assert len(get_sessions.sync(client=client, active=True).sessions) == 1
    assert core.SessionManager.from_id(client, session.session_id).status() == "ended"
    # The machine behaves like its noise model, so only shot noise is allowed for.
    assert distance(distribution(client, job), noisy(qis())) < shot_noise_bound(8, SHOTS)


def test_a_session_refuses_a_job_beyond_its_limit(client: Any) -> None:
    with core.SessionManager(client, "qpu.aria-1", max_jobs=1) as session:
        fields = {"backend": "qpu.aria-1", "session_id": session.session_id}
        submit(client, payload(QIS_WIRE, 3, **fields))
        with pytest.raises(core.APIError) as refused:
            submit(client, payload(QIS_WIRE, 3, **fields))
    assert 400 <= refused.value.status_code < 500


def test_a_job_is_awaited_asynchronously(served: Running) -> None:
    async def play() -> tuple[str, Distribution]:
        async with connect(served) as client:
            created = await create_job.asyncio(client=client, body=payload(QIS_WIRE, 3))
            done = await core.async_wait_for_job(client, created.id, poll_interval=0.01)
            answer = await get_job_probabilities.asyncio(created.id, client=client)
            return done.status, {int(key): answer[key] for key in answer.additional_keys}

    status, seen = asyncio.run(play())
    assert status == "completed"
    assert_exactly(seen, ideal(qis()))


def test_pages_of_one_list_every_job_once(client: Any) -> None:
    jobs = [submit(client, payload(QIS_WIRE, 3)) for _ in range(4)]
    assert sorted(entry.id for entry in core.iter_jobs(client, limit=1)) == sorted(jobs)
    asked = get_jobs.sync(client=client, ids=jobs[:2])
    assert {entry.id for entry in asked.jobs} == set(jobs[:2])


def test_a_waiting_job_is_canceled_and_another_deleted(standing: Any) -> None:
    first, second = (submit(standing, payload(QIS_WIRE, 3)) for _ in range(2))
    assert cancel_job.sync(first, client=standing).status == "canceled"
    assert get_job.sync(first, client=standing).status == "canceled"
    assert delete_job.sync(second, client=standing).status == "deleted"
    with pytest.raises(core.NotFoundError):
        get_job.sync(second, client=standing)


def test_many_jobs_are_canceled_and_deleted_at_once(standing: Any) -> None:
    jobs = [submit(standing, payload(QIS_WIRE, 3)) for _ in range(3)]
    asked = models.JobsBulkOperationRequest(ids=jobs)
    canceled = cancel_jobs.sync(client=standing, body=asked)
    assert (sorted(canceled.ids), canceled.status) == (sorted(jobs), "canceled")
    deleted = delete_jobs.sync(client=standing, body=asked)
    assert (sorted(deleted.ids), deleted.status) == (sorted(jobs), "deleted")
    assert list(core.iter_jobs(standing)) == []


def test_a_job_on_a_machine_costs_and_counts_as_usage(client: Any) -> None:
    job = submit(client, payload(QIS_WIRE, 3, backend="qpu.aria-1", shots=100))
    finish(client, job)
    cost = get_job_cost.sync(job, client=client)
    assert cost.dry_run is False
    assert cost.cost.value > 0
    today = datetime.now(UTC).date()
    usage = get_usages.sync(
        organization_of(client),
        client=client,
        start_date=today - timedelta(days=1),
        end_date=today + timedelta(days=1),
        group_by="project",
        modality="daily",
    )
    assert usage.job_count == 1


def organization_of(client: Any) -> str:
    """Return the organisation of the key: a session names it, `whoami` does not."""
    with core.SessionManager(client, "qpu.aria-1"):
        return str(get_sessions.sync(client=client).sessions[0].organization_id)


def test_a_free_job_and_a_dry_run_cost_nothing(client: Any) -> None:
    jobs = [payload(QIS_WIRE, 3), payload(QIS_WIRE, 3, backend="qpu.aria-1", dry_run=True)]
    for body in jobs:
        job = submit(client, body)
        assert finish(client, job).status == "completed"
        assert get_job_cost.sync(job, client=client).cost.value == 0


def test_errors_arrive_as_the_classes_of_the_client(served: Running, client: Any) -> None:
    with pytest.raises(core.BadRequestError, match="qubit"):
        submit(client, payload(QIS_WIRE, -1))
    with pytest.raises(core.NotFoundError):
        get_job.sync("00000000-0000-4000-8000-000000000000", client=client)
    stranger = connect(served, "nobody's key")
    with stranger, pytest.raises(core.AuthenticationError) as refused:
        get_whoami.sync(client=stranger)
    assert refused.value.body["statusCode"] == 401


def test_another_account_cannot_read_a_job(served: Running, client: Any) -> None:
    job = submit(client, payload(QIS_WIRE, 3))
    with connect(served, served.keys[1]) as other, pytest.raises(core.APIError) as refused:
        get_job.sync(job, client=other)
    assert refused.value.status_code in {403, 404}


def test_machines_and_their_characterizations_are_read(client: Any) -> None:
    names = {entry.backend for entry in get_backends.sync(client=client)}
    assert "qpu.forte-1" in names
    backend = get_backend.sync("qpu.forte-1", client=client)
    assert (backend.backend, backend.qubits) == ("qpu.forte-1", 36)
    page = get_characterizations.sync("qpu.forte-1", client=client, limit=2)
    assert len(page.characterizations) == 2
    newest = page.characterizations[0]
    assert get_characterization.sync("qpu.forte-1", newest.id, client=client) == newest


def test_the_key_says_who_it_is(client: Any) -> None:
    assert get_whoami.sync(client=client).key_name == "key of the first tenant"
