"""ionq-core 0.2.0, unmodified, against the mock over HTTP.

Left out, because the client is made from a newer document than the one of May 2026 that the
mock serves: `estimate_job_cost` (the answer's fields were renamed), clone, move, artifacts and
format schemas (operations that the document does not have).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from client_circuits import QIS_WIRE, ideal, native, native_wire, noisy, qis
from client_core import (
    CLIENT,
    api,
    connect,
    core,
    distribution,
    finish,
    get_job_probabilities,
    models,
    multi_payload,
    payload,
    submit,
)
from client_distributions import SHOTS, assert_exactly, distance, shot_noise_bound
from client_traffic import Service, serving

from conformance.mock import SteppedClock, ionq

cancel_job = api("default.cancel_job")
cancel_jobs = api("default.cancel_jobs")
create_session = api("default.create_session")
delete_job = api("default.delete_job")
delete_jobs = api("default.delete_jobs")
end_session = api("default.end_session")
get_backend = api("backends.get_backend")
get_backends = api("backends.get_backends")
get_characterization = api("characterizations.get_characterization")
get_characterizations = api("characterizations.get_characterizations_for_backend")
get_job = api("default.get_job")
get_job_cost = api("default.get_job_cost")
get_jobs = api("default.get_jobs")
get_session = api("default.get_session")
get_session_jobs = api("default.get_session_jobs")
get_sessions = api("default.get_sessions")
get_usages = api("usage.get_usages")
get_whoami = api("whoami.get_whoami")

pytestmark = pytest.mark.clients


@pytest.fixture
def served() -> Iterator[Service]:
    with serving(CLIENT, ionq.app(seed=11)) as served:
        yield served


@pytest.fixture
def client(served: Service) -> Iterator[Any]:
    with connect(served) as client:
        yield client


@pytest.fixture
def standing() -> Iterator[Any]:
    """A client of a mock whose time stands still: no job leaves its first state."""
    with (
        serving(CLIENT, ionq.app(clock=SteppedClock())) as served,
        connect(served) as client,
    ):
        yield client


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
    circuits: list[dict[str, Any]] = [
        {"name": "first", "circuit": QIS_WIRE},
        {"name": "second", "gateset": "native", "circuit": native_wire()},
    ]
    parent = finish(client, submit(client, multi_payload(circuits, 3)))
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


def test_another_account_cannot_read_a_job(served: Service, client: Any) -> None:
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


def test_the_clients_own_matrices_of_native_gates_give_the_distribution(client: Any) -> None:
    state = np.array([1, 0, 0, 0], dtype=complex)
    for gate in native_wire():
        state = own_matrix(gate) @ state
    job = submit(client, payload(native_wire(), 2, gateset="native"))
    finish(client, job)
    # The client's matrices have the first qubit as the more significant bit.
    little_endian = [0, 2, 1, 3]
    expected = dict(enumerate((abs(state) ** 2)[little_endian].tolist()))
    assert_exactly(distribution(client, job), expected)


def own_matrix(gate: Mapping[str, Any]) -> Any:
    """Return what `ionq_core.gates` says that a native gate on two qubits does to both."""
    if gate["gate"] == "ms":
        return np.array(core.ms_matrix(*gate["phases"], gate["angle"]))
    one = np.array(getattr(core, f"{gate['gate']}_matrix")(gate["phase"]))
    return np.kron(one, np.eye(2)) if gate["target"] == 0 else np.kron(np.eye(2), one)


def test_results_of_all_circuits_are_fetched_at_once(client: Any) -> None:
    circuits: list[dict[str, Any]] = [
        {"circuit": QIS_WIRE},
        {"gateset": "native", "circuit": native_wire()},
    ]
    parent = finish(client, submit(client, multi_payload(circuits, 3)))
    url = parent.results["probabilities"]["url"]
    answer = client.get_httpx_client().get(url.removeprefix("/v0.4")).json()
    assert list(answer) == parent.child_job_ids
    first, second = ({int(key): value for key, value in one.items()} for one in answer.values())
    assert_exactly(first, ideal(qis()))
    assert_exactly(second, ideal(native()))


@pytest.mark.parametrize("sharpen", [True, False])
def test_sharpened_results_are_asked_for(client: Any, sharpen: bool) -> None:  # noqa: FBT001 # a parameter
    settings = {"error_mitigation": {"debiasing": True}, "compilation": {"opt": 1.0}}
    fields = {"backend": "qpu.aria-1", "shots": 1000, "settings": settings}
    job = submit(client, payload(QIS_WIRE, 3, **fields))
    assert finish(client, job).settings.compilation.opt == 1.0
    answer = get_job_probabilities.sync(job, client=client, sharpen=sharpen)
    assert sum(answer.additional_properties.values()) == pytest.approx(1)


def test_lists_are_filtered(client: Any) -> None:
    fields = {"backend": "qpu.aria-1", "metadata": {"study": "7"}}
    machine = submit(client, payload(QIS_WIRE, 3, **fields))
    parent = submit(client, multi_payload([{"circuit": QIS_WIRE}], 3))
    failed = submit(client, payload([{"gate": "h", "target": 3}], 2))
    for job in (machine, parent):
        finish(client, job)
    with pytest.raises(core.JobFailedError):
        finish(client, failed)
    assert [one.id for one in core.iter_jobs(client, target="qpu.aria-1")] == [machine]
    assert [one.id for one in core.iter_jobs(client, status="failed")] == [failed]
    children = get_jobs.sync(client=client, parent_job_id=parent).jobs
    assert [one.id for one in children] == get_job.sync(parent, client=client).child_job_ids
    found = get_job.sync(machine, client=client)
    assert found.metadata.additional_properties == {"study": "7"}
    assert len(list(core.iter_jobs(client, submitter_id=found.submitter_id))) == 3


def test_a_job_that_fails_tells_why(client: Any) -> None:
    job = submit(client, payload([{"gate": "h", "target": 3}], 2))
    with pytest.raises(core.JobFailedError) as failed:
        finish(client, job)
    assert failed.value.failure.code == "InvalidInput"
    done = core.wait_for_job(client, job, poll_interval=0.01, raise_on_failure=False)
    assert "qubit" in done.failure.message


def test_a_job_that_does_not_end_in_time_is_given_up(standing: Any) -> None:
    job = submit(standing, payload(QIS_WIRE, 3))
    with pytest.raises(core.JobTimeoutError) as late:
        core.wait_for_job(standing, job, poll_interval=0.01, timeout=0.03)
    assert late.value.last_status == "submitted"


def test_a_session_is_made_read_and_ended_by_hand(client: Any) -> None:
    limits = {"job_count_limit": 3, "duration_limit_min": 5}
    cost = {"cost_limit": {"unit": "usd", "value": 100.0}}
    body = {"backend": "qpu.aria-1", "settings": {**limits, **cost}}
    request = models.CreateSessionRequest.from_dict(body)
    session = create_session.sync(client=client, body=request)
    assert (session.status, session.active, session.ended_at) == ("created", True, None)
    assert session.settings.cost_limit.value == 100
    job = submit(client, payload(QIS_WIRE, 3, backend="qpu.aria-1", session_id=session.id))
    listed = get_session_jobs.sync(session.id, client=client, limit=1)
    assert [one.id for one in listed.jobs] == [job]
    ended = end_session.sync(session.id, client=client)
    assert (ended.status, ended.active) == ("ended", False)
    assert get_session.sync(session.id, client=client).ended_at == ended.ended_at
    assert get_sessions.sync(client=client, active=True).sessions == []


def test_usage_is_grouped_and_summed(client: Any) -> None:
    jobs = [submit(client, payload(QIS_WIRE, 3, backend="qpu.aria-1")) for _ in range(2)]
    for job in jobs:
        finish(client, job)
    today = datetime.now(UTC).date()
    dates = {"start_date": today - timedelta(days=40), "end_date": today + timedelta(days=1)}
    for group, modality in (("user", "weekly"), ("job", "monthly"), ("project", "daily")):
        asked = {"group_by": group, "modality": modality, **dates}
        usage = get_usages.sync(organization_of(client), client=client, **asked)
        assert (usage.group_type, usage.modality, usage.job_count) == (group, modality, 2)
        assert sum(period.amount for period in usage.usage_data) == pytest.approx(
            usage.amount_total
        )


def test_what_this_version_lacks_is_not_found(client: Any) -> None:
    job = submit(client, payload(QIS_WIRE, 3))
    finish(client, job)
    changed = models.CloneJobPayload.from_dict({"name": "again"})
    with pytest.raises(core.NotFoundError):
        api("default.clone_job").sync(job, client=client, body=changed)
    with pytest.raises(core.NotFoundError):
        api("default.move_job").sync(job, client=client, body=changed)
    with pytest.raises(core.NotFoundError):
        api("default.get_job_artifact").sync_detailed(job, "probabilities", client=client)
    with pytest.raises(core.NotFoundError):
        api("schemas.get_format_schema").sync("ionq.result.shots.json.v1", client=client)


def test_an_estimate_of_this_version_cannot_be_read(client: Any) -> None:
    """The client knows other names of the answer's fields, all of them required."""
    with pytest.raises(KeyError, match="estimate_context"):
        api("default.estimate_job_cost").sync(client=client, backend="qpu.forte-1")
