"""The rest of what qiskit-ionq 1.1.1 offers: random circuits, sessions, retries, refusals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from client_circuits import deep, ideal, measured, native, noisy, qis, random_native, random_qis
from client_distributions import (
    REASON,
    SHOTS,
    assert_exactly,
    distance,
    shot_noise_bound,
)
from client_qiskit import (
    CLIENT,
    EVERY,
    QUIET,
    as_numbers,
    distributions,
    provider,
    qiskit,
    qiskit_ionq,
)
from client_traffic import Service, departures, listed_for, serving
from hypothesis import HealthCheck, given, settings

from conformance.mock import SteppedClock, ionq

providers: Any = pytest.importorskip("qiskit.providers", reason=REASON)
constants: Any = pytest.importorskip("qiskit_ionq.constants", reason=REASON)
exceptions: Any = pytest.importorskip("qiskit_ionq.exceptions", reason=REASON)

pytestmark = [pytest.mark.clients, QUIET]

FEW = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def served() -> Iterator[Service]:
    with serving(CLIENT) as served:
        yield served


@pytest.fixture
def account(served: Service, monkeypatch: pytest.MonkeyPatch) -> Any:
    return provider(served, monkeypatch)


@pytest.fixture
def simulator(account: Any) -> Any:
    return account.get_backend("simulator")


@pytest.fixture
def native_simulator(account: Any) -> Any:
    return account.get_backend("simulator", gateset="native")


@pytest.fixture
def machine(account: Any) -> Any:
    return account.get_backend("qpu.aria-1")


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A machine of a mock whose time stands still: no job leaves its first state."""
    with serving(CLIENT, ionq.app(clock=SteppedClock())) as served:
        yield provider(served, monkeypatch).get_backend("qpu.aria-1")


def assert_answered_exactly(backend: Any, circuit: Any) -> None:
    """Compare what the service answered: the client leaves out what its sampling never drew."""
    job = backend.run(measured(circuit), shots=10)
    job.wait_for_final_state(timeout=20, wait=0.01)
    url = backend.client.retrieve_job(job.job_id())["results"]["probabilities"]["url"]
    answer = backend.client.get_results(url)
    assert_exactly({int(key): value for key, value in answer.items()}, ideal(circuit))


@FEW
@given(circuit=random_qis())
def test_any_qis_circuit_yields_its_exact_distribution(simulator: Any, circuit: Any) -> None:
    assert_answered_exactly(simulator, circuit)


@FEW
@given(circuit=random_native())
def test_any_native_circuit_yields_its_exact_distribution(
    native_simulator: Any, circuit: Any
) -> None:
    assert_answered_exactly(native_simulator, circuit)


@pytest.mark.parametrize(
    ("name", "gateset"),
    [
        ("simulator", "qis"),
        ("simulator", "native"),
        ("qpu.aria-1", "native"),
        ("qpu.forte-1", "native"),
    ],
)
def test_a_circuit_compiled_for_a_backend_keeps_its_distribution(
    account: Any, simulator: Any, native_simulator: Any, name: str, gateset: str
) -> None:
    circuit = qiskit.QuantumCircuit(3, 3)
    circuit.ccx(0, 1, 2)
    circuit.h([0, 2])
    circuit.ecr(0, 2)
    circuit.ry(0.3, 1)
    target = account.get_backend(name, gateset=gateset)
    compiled = qiskit.transpile(
        circuit, target, optimization_level=1, initial_layout=[0, 1, 2], seed_transpiler=1
    )
    narrow = qiskit.QuantumCircuit(3, 3)
    for instruction in compiled.data:
        narrow.append(
            instruction.operation, [compiled.find_bit(q).index for q in instruction.qubits]
        )
    backend = simulator if gateset == "qis" else native_simulator
    (seen,) = distributions(backend.run(measured(narrow), shots=EVERY, sampler_seed=3))
    assert_exactly(seen, ideal(circuit))


def test_a_noise_model_samples_the_noisy_distribution(simulator: Any) -> None:
    simulator.set_options(noise_model="aria-1", sampler_seed=7)
    (seen,) = distributions(simulator.run(measured(deep()), shots=SHOTS))
    assert distance(seen, noisy(deep())) < shot_noise_bound(4, SHOTS)
    assert distance(seen, ideal(deep())) > shot_noise_bound(4, SHOTS)


def test_registers_split_the_bits_of_a_count(simulator: Any) -> None:
    first, second = qiskit.ClassicalRegister(1, "a"), qiskit.ClassicalRegister(2, "b")
    circuit = qiskit.QuantumCircuit(qiskit.QuantumRegister(3), first, second)
    circuit.x([0, 2])
    circuit.measure([0, 1, 2], [first[0], second[0], second[1]])
    assert simulator.run(circuit, shots=10).get_counts() == {"10 1": 10}


def test_counts_and_probabilities_of_one_circuit_among_many(simulator: Any) -> None:
    circuits = [measured(qis("one")), measured(qis("two"))]
    result = simulator.run(circuits, shots=EVERY, sampler_seed=3).result(wait=0.01)
    assert sum(result.get_counts("two").values()) == EVERY
    assert_exactly(as_numbers(result.get_probabilities("one")), ideal(qis()))


def test_the_children_of_a_batch_are_counted(simulator: Any) -> None:
    job = simulator.run([measured(qis("one")), measured(qis("two"))], shots=10)
    job.result(wait=0.01)
    detail = job.status(detailed=True)
    assert (detail["total"], detail["completed"], detail["percentage_complete"]) == (2, 2, 1)


def test_metadata_and_settings_come_back(machine: Any) -> None:
    settings = {"compilation": {"opt": 1, "precision": "1E-3"}}
    job = machine.run(
        measured(qis()),
        shots=1000,
        name="mine",
        extra_metadata={"study": "7"},
        job_settings=settings,
        error_mitigation=qiskit_ionq.ErrorMitigation.DEBIASING,
    )
    seen = job.result(sharpen=True, wait=0.01).get_counts()
    assert sum(seen.values()) == pytest.approx(1000, abs=8)
    told = machine.client.retrieve_job(job.job_id())
    assert (told["name"], told["shots"], told["metadata"]["study"]) == ("mine", 1000, "7")
    assert told["settings"]["compilation"] == settings["compilation"]


def test_an_extra_parameter_is_told_and_sent(simulator: Any) -> None:
    job = simulator.run(measured(qis()), shots=EVERY, sampler_seed=3)
    with pytest.warns(UserWarning, match="not checked by default"):
        job.result(wait=0.01, extra_query_params={"sharpen": False})
    assert sum(job.get_counts().values()) == EVERY


def test_several_jobs_are_found_and_canceled(standing: Any) -> None:
    jobs = [standing.run(measured(qis()), shots=10) for _ in range(3)]
    ids = [job.job_id() for job in jobs]
    assert [job.status() for job in standing.retrieve_jobs(ids)] == [
        providers.JobStatus.INITIALIZING
    ] * 3
    assert [one["status"] for one in standing.cancel_jobs(ids[:2])] == ["canceled"] * 2
    assert standing.cancel_job(ids[2])["id"] == ids[2]


def test_a_job_that_does_not_end_in_time_is_given_up(standing: Any) -> None:
    job = standing.run(measured(qis()), shots=10)
    with pytest.raises(exceptions.IonQJobTimeoutError):
        job.result(timeout=0.02, wait=0.01)


def test_no_memory_of_single_shots_is_kept(simulator: Any) -> None:
    """The document has no results but probabilities; the client then answers that it has none."""
    job = simulator.run(measured(qis()), shots=10, memory=True, noise_model="aria-1")
    result = job.result(wait=0.01)
    with pytest.raises(qiskit.QiskitError, match="No memory"):
        result.get_memory()


def test_a_session_is_run_found_and_closed(machine: Any) -> None:
    session = qiskit_ionq.Session(machine, max_jobs=2, max_time=10, max_cost=1000)
    job = session.run(measured(qis()), shots=10)
    job.wait_for_final_state(timeout=20, wait=0.01)
    found = qiskit_ionq.Session.from_id(session.session_id, backend=machine)
    details = found.details()
    assert (details["status"], details["backend"]) == ("started", "qpu.aria-1")
    assert details["settings"]["cost_limit"] == {"unit": "usd", "value": 1000}
    found.close()
    assert session.details()["active"] is False


def test_a_session_that_breaks_off_is_closed(machine: Any) -> None:
    session = qiskit_ionq.Session(machine)
    with pytest.raises(ZeroDivisionError), session:
        raise ZeroDivisionError
    assert session.details()["status"] == "ended"


def test_fields_of_sessions_of_another_version_are_empty(machine: Any) -> None:
    session = qiskit_ionq.Session(machine)
    assert (session.status(), session.usage()) == (None, None)


def test_canceling_a_session_finds_no_job(standing: Any) -> None:
    """It looks for jobs that are `queued`, a status that v0.4 does not have."""
    session = qiskit_ionq.Session(standing)
    job = session.run(measured(qis()), shots=10)
    session.cancel()
    assert job.status() is providers.JobStatus.INITIALIZING


def test_an_unknown_session_is_refused(machine: Any) -> None:
    lost = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(exceptions.IonQAPIError) as refused:
        machine.run(measured(qis()), shots=10, session_id=lost)
    assert refused.value.status_code == 404


def test_characterizations_are_listed(machine: Any, simulator: Any) -> None:
    listed = machine.client.get_calibration_data("qpu.aria-1", limit=3)
    assert len(listed) == 3
    assert listed[0] == machine.client.get_latest_calibration("qpu.aria-1")
    assert listed[0].date > listed[1].date
    assert len(listed[0].connectivity) == 25 * 24 // 2
    assert listed[0].timing["t1"] > 0
    assert simulator.calibration() is None


def test_backends_are_found_by_name(account: Any) -> None:
    names = {backend.name for backend in account.backends()}
    assert names == {"ionq_simulator", "ionq_qpu"}
    assert account.backends.ionq_simulator == account.get_backend("ionq_simulator")
    with pytest.raises(providers.exceptions.QiskitBackendNotFoundError):
        account.get_backend("nowhere")


def test_an_estimate_tells_what_it_was_asked(machine: Any) -> None:
    asked = {"oneq_gates": 10, "twoq_gates": 5, "qubits": 5, "shots": 1000}
    estimate = machine.client.estimate_job(backend="ionq_qpu.aria-1", **asked, session=True)
    seen = (estimate.oneq_gates, estimate.twoq_gates, estimate.qubits, estimate.shots)
    assert (estimate.backend, *seen) == ("qpu.aria-1", 10, 5, 5, 1000)
    assert (estimate.cost_unit, estimate.error_mitigation) == ("usd", False)
    assert estimate.total_runtime > estimate.queue_time > 0


def test_a_circuit_with_a_reset_is_of_a_type_that_this_version_lacks(simulator: Any) -> None:
    circuit = qiskit.QuantumCircuit(1, 1)
    circuit.reset(0)
    circuit.measure(0, 0)
    with pytest.raises(exceptions.IonQAPIError, match="type") as refused:
        simulator.run(circuit, shots=10)
    assert refused.value.status_code == 400


def test_compiled_circuits_are_looked_for_under_names_of_another_version(machine: Any) -> None:
    job = machine.run(measured(qis()), shots=10, dry_run=True)
    job.wait_for_final_state(timeout=20, wait=0.01)
    assert job.dry_run
    with pytest.raises(exceptions.IonQJobError, match="No compiled circuit"):
        job.compiled_circuit("ore")


def test_headers_of_the_caller_are_sent(served: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    account = provider(served, monkeypatch, custom_headers={"X-Study": "7"})
    account.get_backend("simulator").run(measured(qis()), shots=10)
    sent = next(one for one in served.recorder.sent if one.method == "POST")
    assert sent.headers["x-study"] == "7"
    assert sent.headers["user-agent"].startswith("qiskit-ionq/1.1.1 ")
    assert json.loads(sent.body)["metadata"]["user_agent"] == sent.headers["user-agent"]


@pytest.mark.parametrize("status", [429, 502, 503, 504, 520])
def test_a_submission_is_tried_again(served: Service, simulator: Any, status: int) -> None:
    served.recorder.refusals[("POST", "/jobs")] = [status, status]
    with pytest.warns(UserWarning, match="Retrying submit_job"):
        job = simulator.run(measured(qis()), shots=EVERY, sampler_seed=3)
    (seen,) = distributions(job)
    assert_exactly(seen, ideal(qis()))
    assert served.recorder.statuses("POST", "/jobs") == [status, status, 201]


def test_reading_and_canceling_are_tried_again(served: Service, simulator: Any) -> None:
    served.recorder.refusals[("GET", "/results/probabilities")] = [409]
    served.recorder.refusals[("PUT", "/status/cancel")] = [503]
    job = simulator.run(measured(qis()), shots=EVERY, sampler_seed=3)
    with pytest.warns(UserWarning, match="Retrying get_results"):
        (seen,) = distributions(job)
    assert_exactly(seen, ideal(qis()))
    with pytest.warns(UserWarning, match="Retrying cancel_job 4 more"):
        job.cancel()


def test_a_submission_is_given_up_after_five_tries(served: Service, simulator: Any) -> None:
    served.recorder.refusals[("POST", "/jobs")] = [503] * 9
    with (
        pytest.warns(UserWarning, match="Retrying submit_job"),
        pytest.raises(exceptions.IonQRetriableError, match="try again"),
    ):
        simulator.run(measured(qis()), shots=10)
    assert served.recorder.statuses("POST", "/jobs") == [503] * 5


def test_an_error_of_the_service_is_not_tried_again(served: Service, simulator: Any) -> None:
    served.recorder.refusals[("POST", "/jobs")] = [500]
    with pytest.raises(exceptions.IonQAPIError, match="try again") as refused:
        simulator.run(measured(qis()), shots=10)
    assert (refused.value.status_code, refused.value.error_type) == (500, "Not now")


def test_it_departs_in_exactly_the_listed_ways(served: Service, machine: Any) -> None:
    session = qiskit_ionq.Session(machine)
    session.cancel()
    asked = {"oneq_gates": 1, "twoq_gates": 1, "qubits": 2, "shots": 10}
    machine.client.estimate_job(backend="qpu.aria-1", **asked)
    simulator = machine.provider.get_backend("simulator")
    simulator.run(measured(qis()), shots=10).result(sharpen=True, wait=0.01)
    assert departures(served.recorder.sent) == listed_for(CLIENT)


def test_a_native_circuit_with_gates_of_both_kinds_is_refused_by_the_client(
    native_simulator: Any,
) -> None:
    mixed = native()
    mixed.h(0)
    with pytest.raises(exceptions.IonQGateError):
        native_simulator.run(measured(mixed), shots=10)


def test_a_session_on_the_simulator_asks_for_a_backend_that_is_not_there(simulator: Any) -> None:
    with pytest.raises(exceptions.IonQAPIError, match="ionq_simulator") as refused:
        qiskit_ionq.Session(simulator)
    assert refused.value.status_code in {400, 404}
