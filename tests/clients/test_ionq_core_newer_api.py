"""ionq-core 0.2.0 against the newer API that it is made for, and qiskit-ionq beside it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema
import pytest
from client_circuits import QIS_WIRE, ideal, measured, qis
from client_core import (
    CLIENT,
    NOBODY,
    api,
    connect,
    core,
    distribution,
    finish,
    models,
    multi_payload,
    payload,
    submit,
)
from client_distributions import Distribution, assert_exactly
from client_qiskit import CLIENT as QISKIT
from client_qiskit import EVERY, QUIET, distributions, provider
from client_traffic import Service, serving

from conformance.mock import InstantClock, SteppedClock, ionq

clone_job = api("default.clone_job")
create_job = api("default.create_job")
estimate_job_cost = api("default.estimate_job_cost")
get_backend = api("backends.get_backend")
get_backends = api("backends.get_backends")
get_format_schema = api("schemas.get_format_schema")
get_job = api("default.get_job")
get_job_artifact = api("default.get_job_artifact")
get_jobs = api("default.get_jobs")
get_sessions = api("default.get_sessions")
get_usages = api("usage.get_usages")
move_job = api("default.move_job")

pytestmark = [pytest.mark.clients, QUIET]

RESULT = "ionq.result"


def newer(clock: Any = None) -> ionq.IonqMock:
    return ionq.app(seed=11, clock=clock or InstantClock(), api_version="v0.4-next")


@pytest.fixture
def client() -> Iterator[Any]:
    with serving(CLIENT, newer()) as served, connect(served) as client:
        yield client


@pytest.fixture
def standing() -> Iterator[Any]:
    """A client of a mock whose time stands still: no job leaves its first state."""
    with serving(CLIENT, newer(SteppedClock())) as served, connect(served) as client:
        yield client


def artifact(client: Any, job: str, name: str) -> Any:
    answer = get_job_artifact.sync_detailed(job, name, client=client)
    assert answer.headers["content-type"] == "application/json"
    return json.loads(answer.content)


def as_numbers(told: dict[str, float]) -> Distribution:
    return {int(outcome): value for outcome, value in told.items()}


def test_an_estimate_is_read(client: Any) -> None:
    asked = {"backend": "qpu.forte-1", "field_1q_gates": 10, "field_2q_gates": 5, "shots": 10_000}
    estimate = estimate_job_cost.sync(client=client, **asked)
    context = estimate.estimate_context
    assert (context.backend, context.shots, context.field_2q_gates) == ("qpu.forte-1", 10_000, 5)
    assert context.project is not None
    (rate,) = estimate.rate_card.rates
    expected = 10_000 * (10 * rate.cost_1q_gate + 5 * rate.cost_2q_gate)
    assert estimate.estimated_total_cost == pytest.approx(max(expected, rate.job_cost_minimum))
    assert isinstance(estimate.estimated_execution_time, int)


def test_results_of_an_ideal_simulation_are_found_by_their_format(client: Any) -> None:
    done = finish(client, submit(client, payload(QIS_WIRE, 3)))
    assert isinstance(done, models.SingleCircuitJob)
    assert not done.shots
    descriptor = done.results[f"{RESULT}.probabilities.json.v1"]
    assert descriptor.media_type == "application/json"
    assert_exactly(as_numbers(artifact(client, done.id, descriptor.id)), ideal(qis()))
    with pytest.raises(core.NotFoundError):
        artifact(client, done.id, "histogram")


def test_results_of_a_machine_agree_with_each_other(client: Any) -> None:
    job = submit(client, payload(QIS_WIRE, 3, backend="qpu.aria-1", shots=1000))
    done = finish(client, job)
    assert done.shots == 1000
    names = [f"{RESULT}.{kind}.json.v1" for kind in ("probabilities", "histogram", "shots")]
    found = {name: artifact(client, job, done.results[name].id) for name in names}
    for name, content in found.items():
        schema = get_format_schema.sync(name, client=client)
        assert schema.id == name
        jsonschema.validate(content, schema.to_dict())
    probabilities, histogram, shots = found.values()
    assert histogram == {outcome: shots.count(outcome) for outcome in set(shots)}
    assert probabilities == {outcome: count / 1000 for outcome, count in histogram.items()}


def test_results_of_several_circuits_are_one_artifact(client: Any) -> None:
    parent = finish(client, submit(client, multi_payload([{"circuit": QIS_WIRE}] * 2, 3)))
    assert isinstance(parent, models.MultiCircuitJob)
    descriptor = parent.results[f"{RESULT}.probabilities-aggregate.json.v1"]
    found = artifact(client, parent.id, descriptor.id)
    assert list(found) == parent.child_job_ids
    for each in found.values():
        assert_exactly(as_numbers(each), ideal(qis()))


def test_a_job_is_cloned_with_changes(client: Any) -> None:
    fields = {"name": "first", "metadata": {"study": "7"}, "shots": 50}
    source = finish(client, submit(client, payload(QIS_WIRE, 3, **fields)))
    changed = models.CloneJobPayload(name="second", backend="qpu.aria-1", shots=200)
    created = clone_job.sync(source.id, client=client, body=changed)
    done = finish(client, created.id)
    assert (done.name, done.backend, done.shots) == ("second", "qpu.aria-1", 200)
    metadata = {"study": "7", "original_job_id": source.id}
    assert done.metadata.additional_properties == metadata
    assert get_job.sync(source.id, client=client).name == "first"


def test_a_waiting_job_is_moved(standing: Any) -> None:
    source = submit(standing, payload(QIS_WIRE, 3, backend="qpu.aria-1"))
    changed = models.CloneJobPayload(backend="qpu.forte-1")
    moved = move_job.sync(source, client=standing, body=changed)
    assert get_job.sync(source, client=standing).status == "canceled"
    assert get_job.sync(moved.id, client=standing).backend == "qpu.forte-1"


def test_a_job_that_has_ended_is_not_moved(client: Any) -> None:
    source = finish(client, submit(client, payload(QIS_WIRE, 3)))
    with pytest.raises(core.APIError, match="completed") as refused:
        move_job.sync(source.id, client=client, body=models.CloneJobPayload())
    assert refused.value.status_code == 409
    assert len(list(core.iter_jobs(client))) == 1


def test_a_job_of_nobody_is_not_cloned(client: Any) -> None:
    with pytest.raises(core.NotFoundError):
        clone_job.sync(NOBODY, client=client, body=models.CloneJobPayload())


def test_a_bad_change_is_refused_and_nothing_canceled(standing: Any) -> None:
    source = submit(standing, payload(QIS_WIRE, 3))
    changed = models.CloneJobPayload(shots=0)
    with pytest.raises(core.BadRequestError, match="shots"):
        move_job.sync(source, client=standing, body=changed)
    assert get_job.sync(source, client=standing).status == "submitted"


def test_backends_tell_their_gates(client: Any) -> None:
    backends = {each.backend: each for each in get_backends.sync(client=client)}
    assert backends["qpu.aria-1"].supported_native_gates == ["gpi", "gpi2", "ms"]
    forte = get_backend.sync("qpu.forte-1", client=client)
    assert forte.supported_native_gates == ["gpi", "gpi2", "zz"]
    assert "cnot" in forte.supported_gates
    assert forte.supported_error_mitigations == ["debiasing"]


def test_lists_and_usage_are_read(client: Any) -> None:
    job = finish(client, submit(client, payload(QIS_WIRE, 3, backend="qpu.aria-1")))
    (listed,) = get_jobs.sync(client=client).jobs
    assert listed.id == job.id
    with core.SessionManager(client, "qpu.aria-1"):
        organization = get_sessions.sync(client=client).sessions[0].organization_id
    dates = {"start_date": job.submitted_at[:10], "end_date": "2026-02-01"}
    asked = {name: date.fromisoformat(day) for name, day in dates.items()}
    usage = get_usages.sync(
        organization, client=client, group_by="project", modality="daily", **asked
    )
    (total,) = usage.amount_totals
    assert (total.amount, total.unit) == (usage.amount_total, "USD")
    (period,) = usage.usage_data
    assert [amount.amount for amount in period.amounts] == [period.amount]


def test_qiskit_ionq_reads_the_results_of_the_newer_api_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(QISKIT, newer()) as served:
        simulator = provider(served, monkeypatch).get_backend("simulator")
        job = simulator.run(measured(qis()), shots=EVERY, sampler_seed=3)
        (seen,) = distributions(job)
        assert_exactly(seen, ideal(qis()))


def test_strangers_see_nothing_of_the_newer_api() -> None:
    with serving(CLIENT, newer()) as served:
        with connect(served) as owner:
            job = finish(owner, submit(owner, payload(QIS_WIRE, 3))).id
        assert_refused(served, served.keys[1], job, core.NotFoundError)
        assert_refused(served, "nobody's key", job, core.AuthenticationError)


def assert_refused(served: Service, key: str, job: str, kind: type[Exception]) -> None:
    changed = models.CloneJobPayload()
    with connect(served, key) as client:
        for operation in (clone_job, move_job):
            with pytest.raises(kind):
                operation.sync(job, client=client, body=changed)
        with pytest.raises(kind):
            get_job_artifact.sync_detailed(job, "probabilities", client=client)


def test_variants_of_a_debiased_job_add_up_to_it(client: Any) -> None:
    settings = {"error_mitigation": {"debiasing": True}}
    body = payload(QIS_WIRE, 3, backend="qpu.aria-1", shots=1000, settings=settings)
    done = finish(client, submit(client, body))
    variants = done.output.error_mitigation.debiasing.variants
    assert sum(variant.shots for variant in variants) == 1000
    total: Counter[str] = Counter()
    for variant in variants:
        kinds = ("probabilities", "histogram", "shots")
        ids = [variant.results[f"{RESULT}.{kind}.json.v1"].id for kind in kinds]
        probabilities, histogram, shots = (artifact(client, done.id, each) for each in ids)
        assert Counter(shots) == Counter(histogram)
        assert probabilities == {key: count / variant.shots for key, count in histogram.items()}
        total.update(histogram)
    assert artifact(client, done.id, "histogram") == dict(total)


def test_a_compiled_circuit_has_the_distribution_of_the_source(client: Any) -> None:
    done = finish(client, submit(client, payload(QIS_WIRE, 3)))
    descriptor = done.output.compilation.compiled_circuits["ionq.native.v1"]
    compiled = artifact(client, done.id, descriptor.id)
    jsonschema.validate(compiled, get_format_schema.sync("ionq.native.v1", client=client).to_dict())
    again = submit(client, payload(compiled["circuit"], compiled["qubits"], gateset="native"))
    finish(client, again)
    assert_exactly(distribution(client, again), ideal(qis()))


def test_qiskit_ionq_reads_the_compiled_circuit_of_a_dry_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(QISKIT, newer()) as served:
        machine = provider(served, monkeypatch).get_backend("qpu.forte-1")
        job = machine.run(measured(qis()), shots=10, dry_run=True)
        job.wait_for_final_state(timeout=20, wait=0.01)
        gates = {gate["gate"] for gate in job.compiled_circuit("native")["circuit"]}
    assert "zz" in gates
    assert gates <= {"gpi", "gpi2", "zz"}
