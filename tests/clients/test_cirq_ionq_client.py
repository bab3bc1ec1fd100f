"""cirq-ionq 1.7.0, unmodified, against the mock over HTTP.

Left out, because v0.4 does not have what the client asks for: `get_current_calibration` and
`list_calibrations` find nothing, as they find nothing at IonQ.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from client_cirq_circuits import (
    QUBITS,
    deep,
    ideal,
    measured,
    native,
    noisy,
    qis,
    random_native,
    random_qis,
)
from client_distributions import (
    REASON,
    SHOTS,
    Distribution,
    assert_exactly,
    distance,
    shot_noise_bound,
)
from client_traffic import Service, departures, listed_for, serving
from hypothesis import HealthCheck, given, settings

from conformance.mock import SteppedClock, ionq

cirq: Any = pytest.importorskip("cirq", reason=REASON)
cirq_ionq: Any = pytest.importorskip("cirq_ionq", reason=REASON)
sympy: Any = pytest.importorskip("sympy", reason=REASON)

pytestmark = pytest.mark.clients

CLIENT = "cirq-ionq 1.7.0"
FEW = settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def connect(served: Service, key: str | None = None, **options: Any) -> Any:
    options = {"default_target": "simulator", "max_retry_seconds": 5, **options}
    return cirq_ionq.Service(served.url, key or served.keys[0], **options)


@pytest.fixture
def served() -> Iterator[Service]:
    with serving(CLIENT) as served:
        yield served


@pytest.fixture
def service(served: Service) -> Any:
    return connect(served)


@pytest.fixture
def standing() -> Iterator[Any]:
    """A client of a mock whose time stands still: no job leaves its first state."""
    with serving(CLIENT, ionq.app(clock=SteppedClock())) as served:
        yield connect(served)


def frequencies(result: Any, key: str = "out") -> Distribution:
    """Return how often each outcome of a `cirq.Result` was seen."""
    histogram = result.histogram(key=key)
    return {outcome: count / result.repetitions for outcome, count in histogram.items()}


def test_a_qis_circuit_yields_its_exact_distribution(service: Any) -> None:
    result = service.create_job(qis(), repetitions=50).results()
    assert_exactly(result.probabilities(), ideal(qis()))
    assert (result.num_qubits(), result.repetitions()) == (3, 50)


@pytest.mark.parametrize("second", ["ms", "zz"])
def test_a_native_circuit_yields_its_exact_distribution(service: Any, second: str) -> None:
    circuit = native(second)
    assert_exactly(service.create_job(circuit).results().probabilities(), ideal(circuit))


@FEW
@given(circuit=random_qis())
def test_any_qis_circuit_yields_its_exact_distribution(service: Any, circuit: Any) -> None:
    assert_exactly(service.create_job(circuit).results().probabilities(), ideal(circuit))


@FEW
@given(circuit=random_native())
def test_any_native_circuit_yields_its_exact_distribution(service: Any, circuit: Any) -> None:
    assert_exactly(service.create_job(circuit).results().probabilities(), ideal(circuit))


def test_a_pauli_string_phasor_means_what_cirq_means(service: Any) -> None:
    zero, one, two = QUBITS
    pauli = cirq.DensePauliString("XYZ")
    phasor = cirq.PauliStringPhasorGate(pauli, exponent_neg=0.4, exponent_pos=0.0)
    circuit = cirq.Circuit(cirq.H(zero), cirq.H(two), phasor(zero, one, two), cirq.H(two))
    assert_exactly(service.create_job(circuit).results().probabilities(), ideal(circuit))


@pytest.mark.parametrize(
    "gateset", ["IonQTargetGateset", "AriaNativeGateset", "ForteNativeGateset"]
)
def test_a_circuit_compiled_for_a_machine_keeps_its_distribution(
    service: Any, gateset: str
) -> None:
    zero, one, two = QUBITS
    circuit = cirq.Circuit(
        cirq.H(zero), cirq.CCX(zero, one, two), cirq.ISWAP(zero, two), cirq.ry(0.3)(one)
    )
    compiled = cirq.optimize_for_target_gateset(circuit, gateset=getattr(cirq_ionq, gateset)())
    # A global phase acts on no qubit, and the client does not write it.
    kept = cirq.Circuit(op for op in compiled.all_operations() if op.qubits)
    assert_exactly(service.create_job(kept).results().probabilities(), ideal(circuit))


def test_run_samples_the_measured_qubits_in_their_order(service: Any) -> None:
    zero, one, two = QUBITS
    circuit = cirq.Circuit(cirq.X(zero), cirq.X(two))
    circuit.append([cirq.measure(two, one, key="a"), cirq.measure(zero, key="b")])
    result = service.run(circuit, repetitions=5, name="mine", seed=1)
    assert result.measurements["a"].tolist() == [[1, 0]] * 5
    assert result.measurements["b"].tolist() == [[1]] * 5


def test_run_samples_the_distribution_that_the_simulator_answers(service: Any) -> None:
    seen = frequencies(service.run(measured(qis()), repetitions=SHOTS, seed=3))
    assert distance(seen, ideal(qis())) < shot_noise_bound(8, SHOTS)


def test_a_sampler_sweeps_over_parameters(service: Any) -> None:
    angle = sympy.Symbol("angle")
    circuit = cirq.Circuit(cirq.X(QUBITS[0]) ** angle, cirq.measure(QUBITS[0], key="out"))
    sampler = service.sampler(seed=5)
    results = sampler.run_sweep(circuit, cirq.Points("angle", [0.0, 1.0]), repetitions=7)
    assert [sum(result.measurements["out"])[0] for result in results] == [0, 7]
    assert sampler.sample(circuit, repetitions=3, params={"angle": 1})["out"].tolist() == [1] * 3


def test_results_of_a_batch_come_in_their_order_and_width(service: Any) -> None:
    narrow = cirq.Circuit(cirq.X(QUBITS[0]), cirq.ry(0.5)(QUBITS[1]))
    circuits = [measured(qis()), measured(narrow), measured(qis()[::-1])]
    job = service.create_batch_job(circuits, repetitions=20, name="three")
    assert [job.num_qubits(index) for index in range(3)] == [3, 2, 3]
    for index, (result, circuit) in enumerate(zip(job.results(), circuits, strict=True)):
        assert_exactly(result.probabilities(), ideal(circuit[:-1]))
        assert result.measurement_dict() == {"out": list(range(job.num_qubits(index)))}


def test_a_batch_is_run_and_sampled(service: Any) -> None:
    circuits = [measured(qis(), "a"), measured(native(), "b")]
    with pytest.raises(cirq_ionq.IonQSerializerMixedGatesetsException):
        service.run_batch(circuits, repetitions=10)
    circuits[1] = measured(cirq.Circuit(cirq.H(QUBITS[0])), "b")
    first, second = service.run_batch(circuits, repetitions=SHOTS, seed=3, sharpen=False)
    assert distance(frequencies(first, "a"), ideal(qis())) < shot_noise_bound(8, SHOTS)
    assert distance(frequencies(second, "b"), {0: 0.5, 1: 0.5}) < shot_noise_bound(2, SHOTS)


def test_a_single_job_is_read_after_a_batch(service: Any) -> None:
    single = service.create_job(qis())
    service.create_batch_job([qis(), qis()])
    # The client remembers the last submission and now asks for aggregated results.
    assert_exactly(single.results().probabilities(), ideal(qis()))


def test_a_noise_model_samples_the_noisy_distribution(service: Any) -> None:
    noise = {"model": "aria-1", "seed": 7}
    jobs = [service.create_job(deep(), repetitions=SHOTS, noise=noise) for _ in range(2)]
    first, again = (job.results().probabilities() for job in jobs)
    assert distance(first, noisy(deep())) < shot_noise_bound(4, SHOTS)
    assert distance(first, ideal(deep())) > shot_noise_bound(4, SHOTS)
    assert again == first


def test_a_machine_gives_counts_of_every_shot(service: Any) -> None:
    job = service.create_job(measured(deep()), repetitions=SHOTS, target="qpu.aria-1")
    result = job.results()
    assert (job.target(), result.repetitions()) == ("qpu.aria-1", SHOTS)
    assert sum(result.counts("out").values()) == len(result.ordered_results("out")) == SHOTS
    seen = {outcome: count / SHOTS for outcome, count in result.counts().items()}
    # The machine behaves like its noise model, so only shot noise is allowed for.
    assert distance(seen, noisy(deep())) < shot_noise_bound(4, SHOTS)
    assert frequencies(result.to_cirq_result()) == seen


def test_a_machine_gives_counts_of_every_circuit_of_a_batch(service: Any) -> None:
    circuits = [deep(), cirq.Circuit(cirq.X(QUBITS[0]), cirq.ry(0.5)(QUBITS[1]))]
    job = service.create_batch_job(circuits, repetitions=SHOTS, target="qpu.aria-1")
    for result, circuit in zip(job.results(), circuits, strict=True):
        seen = {outcome: count / SHOTS for outcome, count in result.counts().items()}
        assert distance(seen, noisy(circuit)) < shot_noise_bound(2 ** result.num_qubits(), SHOTS)


def test_a_job_is_found_again_and_tells_what_was_asked(service: Any) -> None:
    metadata = {"mine": "kept, \u00e9\u4e2d too"}
    job = service.create_job(measured(qis(), "k" * 90), name="mine", metadata=metadata)
    found = service.get_job(job.job_id())
    assert (found.status(), found.name(), found.target()) == ("completed", "mine", "simulator")
    assert (found.num_qubits(), found.repetitions()) == (3, 100)
    assert found.measurement_dict() == {"k" * 90: [0, 1, 2]}
    assert str(found) == f"cirq_ionq.Job(job_id={job.job_id()})"
    assert_exactly(found.results().probabilities(), ideal(qis()))


def test_settings_of_compilation_and_mitigation_are_accepted(served: Service) -> None:
    service = connect(served, job_settings={"error_mitigation": {"debiasing": False}})
    result = service.run(
        measured(qis()),
        repetitions=1000,
        target="qpu.aria-1",
        compilation={"opt": 0, "precision": "1E-3"},
        error_mitigation={"debiasing": True},
        sharpen=True,
    )
    # Sharpened shares are no multiples of a shot; the client rounds each of eight by itself.
    assert result.repetitions == pytest.approx(1000, abs=4)


def test_a_dry_run_is_completed_without_results(service: Any) -> None:
    job = service.create_job(qis(), target="qpu.aria-1", dry_run=True)
    assert job.status() == "completed"
    with pytest.raises(cirq_ionq.IonQNotFoundException):
        job.results()
    with pytest.warns(UserWarning, match="no effect on the simulator"):
        service.create_job(qis(), dry_run=True)


def test_a_job_runs_in_a_session_that_the_caller_names(served: Service, service: Any) -> None:
    headers = {"Authorization": f"apiKey {served.keys[0]}"}
    body = {"backend": "qpu.aria-1", "settings": {"job_count_limit": 1}}
    session = requests.post(f"{served.url}/sessions", json=body, headers=headers, timeout=10).json()
    extra = {"session_id": session["id"]}
    job = service.create_job(qis(), target="qpu.aria-1", extra_query_params=extra)
    listed = requests.get(
        f"{served.url}/sessions/{session['id']}/jobs", headers=headers, timeout=10
    )
    assert [entry["id"] for entry in listed.json()["jobs"]] == [job.job_id()]
    with pytest.raises(cirq_ionq.IonQException) as refused:
        service.create_job(qis(), target="qpu.aria-1", extra_query_params=extra)
    assert refused.value.status_code == 409


def test_pages_of_the_list_give_every_job_once(service: Any) -> None:
    jobs = [service.create_job(measured(cirq.Circuit(cirq.X(QUBITS[0])))) for _ in range(27)]
    listed = service.list_jobs(limit=27)
    assert {job.job_id() for job in listed} == {job.job_id() for job in jobs}
    assert [job.status() for job in service.list_jobs(status="completed", limit=2)] == [
        "completed"
    ] * 2
    assert service.list_jobs(limit=0) == ()


def test_a_list_with_too_high_a_limit_repeats_the_jobs_that_there_are(service: Any) -> None:
    """The last page has `next: null`, as the document demands; the client reads on from it."""
    first, second = (service.create_job(qis()).job_id() for _ in range(2))
    assert [job.job_id() for job in service.list_jobs(limit=3)] == [second, first, second]


def test_a_waiting_job_is_canceled_and_another_deleted(standing: Any) -> None:
    first, second = standing.create_job(qis()), standing.create_job(qis())
    assert first.status() == "submitted"
    first.cancel()
    assert first.status() == standing.get_job(first.job_id()).status() == "canceled"
    with pytest.raises(cirq_ionq.IonQUnsuccessfulJobException):
        first.target()
    with pytest.raises(RuntimeError, match="canceled"):
        standing.get_job(first.job_id()).results()
    second.delete()
    assert second.status() == "deleted"
    with pytest.raises(cirq_ionq.IonQNotFoundException):
        standing.get_job(second.job_id())


def test_a_job_that_does_not_end_in_time_is_given_up(standing: Any) -> None:
    """The client stumbles over the `failure: null` that the document demands of such a job."""
    with pytest.raises(TypeError):
        standing.create_job(qis()).results(timeout_seconds=0.02, polling_seconds=0.01)


def test_a_job_that_fails_is_no_result(service: Any) -> None:
    wide = cirq.Circuit(cirq.H(cirq.LineQubit(29)))
    job = service.create_job(wide)
    with pytest.raises(RuntimeError, match="failed"):
        job.results()


def test_a_refusal_says_why(served: Service, service: Any) -> None:
    with pytest.raises(cirq_ionq.IonQException, match="shots") as refused:
        service.create_job(qis(), repetitions=0)
    assert refused.value.status_code == 400
    with pytest.raises(cirq_ionq.IonQNotFoundException):
        service.get_job("00000000-0000-4000-8000-000000000000")
    with pytest.raises(cirq_ionq.IonQException, match="Not authorized"):
        connect(served, "nobody's key").create_job(qis())
    with pytest.raises(cirq_ionq.IonQNotFoundException):
        connect(served, served.keys[1]).get_job(service.create_job(qis()).job_id())


def test_calibrations_are_not_part_of_this_version(service: Any) -> None:
    with pytest.raises(cirq_ionq.IonQNotFoundException):
        service.get_current_calibration()
    with pytest.raises(cirq_ionq.IonQNotFoundException):
        service.list_calibrations()


@pytest.mark.parametrize("status", [429, 500, 502, 503, 520])
def test_a_submission_is_tried_again(served: Service, service: Any, status: int) -> None:
    served.recorder.refusals[("POST", "/jobs")] = [status]
    result = service.create_job(qis()).results()
    assert_exactly(result.probabilities(), ideal(qis()))
    assert served.recorder.statuses("POST", "/jobs") == [status, 201]


def test_reading_and_canceling_are_tried_again(served: Service, service: Any) -> None:
    job = service.create_job(qis())
    served.recorder.refusals[("GET", job.job_id())] = [503, 409]
    served.recorder.refusals[("GET", "/probabilities")] = [429]
    served.recorder.refusals[("PUT", "/status/cancel")] = [502]
    found = service.get_job(job.job_id())
    assert_exactly(found.results().probabilities(), ideal(qis()))
    found.cancel()
    assert served.recorder.statuses("GET", "/probabilities") == [429, 200]
    assert served.recorder.statuses("PUT", "/status/cancel") == [502, 200]


def test_retries_end(served: Service) -> None:
    served.recorder.refusals[("POST", "/jobs")] = [429] * 10
    with pytest.raises(TimeoutError, match="retries"):
        connect(served, max_retry_seconds=0).create_job(qis())
    assert served.recorder.statuses("POST", "/jobs") == [429]


def test_it_departs_in_exactly_the_listed_ways(served: Service, service: Any) -> None:
    service.create_job(qis()).results(sharpen=True)
    service.list_jobs(limit=1)
    assert departures(served.recorder.sent) == listed_for(CLIENT)
