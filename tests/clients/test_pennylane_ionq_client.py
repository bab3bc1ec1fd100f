"""pennylane-ionq 0.45.0, unmodified, against the mock over HTTP.

The client reads no argument and no environment for the address of the service, only the class
attribute `APIClient.BASE_URL`. It cannot cancel, delete, list, price, or open a session.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import requests
from client_distributions import REASON, SHOTS, assert_exactly, distance, shot_noise_bound
from client_pennylane_circuits import (
    Gates,
    deep,
    ideal,
    native,
    node,
    noisy,
    probabilities,
    qis,
    random_gates,
)
from client_traffic import Service, departures, listed_for, serving
from hypothesis import HealthCheck, given, settings

from conformance.mock import RealClock, SteppedClock, ionq

qml: Any = pytest.importorskip("pennylane", reason=REASON)
pennylane_ionq: Any = pytest.importorskip("pennylane_ionq", reason=REASON)
api_client: Any = pytest.importorskip("pennylane_ionq.api_client", reason=REASON)

pytestmark = pytest.mark.clients

CLIENT = "pennylane-ionq 0.45.0"
FEW = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Connect = Callable[..., Any]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with serving(CLIENT) as served:
        monkeypatch.setattr(api_client.APIClient, "BASE_URL", served.url)
        yield served


@pytest.fixture
def device(served: Service) -> Connect:
    """Makes devices: three wires of the simulator, if nothing else is said."""

    def make(name: str = "ionq.simulator", **options: Any) -> Any:
        asked = {"wires": 3, "api_key": served.keys[0], "retry_delay": 0.01, **options}
        return qml.device(name, **asked)

    return make


def expectation(device: Any, *observables: Any, shots: int = 100) -> list[float]:
    def circuit() -> Any:
        qis()
        return [qml.expval(one) for one in observables]

    return [float(value) for value in node(circuit, device, shots)()]


def test_a_qis_circuit_yields_its_exact_distribution(device: Connect) -> None:
    assert_exactly(probabilities(device(), qis), ideal(qis))


def test_a_native_circuit_yields_its_exact_distribution(device: Connect) -> None:
    seen = probabilities(device(gateset="native", wires=2), native)
    assert_exactly(seen, ideal(native, wires=2))


@FEW
@given(gates=random_gates())
def test_any_qis_circuit_yields_its_exact_distribution(device: Connect, gates: Gates) -> None:
    assert_exactly(probabilities(device(), gates), ideal(gates))


@FEW
@given(gates=random_gates(native_only=True))
def test_any_native_circuit_yields_its_exact_distribution(device: Connect, gates: Gates) -> None:
    assert_exactly(probabilities(device(gateset="native"), gates), ideal(gates))


def test_an_evolution_means_what_pennylane_means(device: Connect) -> None:
    def gates() -> list[Any]:
        # These two terms commute, so that the order of exponentials does not matter.
        hamiltonian = 0.7 * qml.X(0) @ qml.Y(1) @ qml.Z(2) + 0.3 * qml.Z(0) @ qml.X(1)
        return [
            qml.Hadamard(0),
            qml.RY(0.3, 1),
            qml.evolve(hamiltonian, coeff=-0.8),
            qml.Hadamard(2),
            qml.evolve(qml.Y(1), coeff=0.4),
        ]

    with pytest.warns(UserWarning, match="num_steps"):
        seen = probabilities(device(), gates)
    assert_exactly(seen, ideal(gates))


def test_gates_of_the_plugin_mean_what_their_namesakes_mean(device: Connect) -> None:
    def mine() -> list[Any]:
        return [
            qml.RX(0.4, 0),
            pennylane_ionq.XX(0.7, wires=[0, 1]),
            pennylane_ionq.YY(0.5, wires=[1, 2]),
            qml.Hadamard(2),
            pennylane_ionq.ZZ(0.3, wires=[0, 2]),
            qml.Hadamard(2),
        ]

    def theirs() -> list[Any]:
        return [
            qml.RX(0.4, 0),
            qml.IsingXX(0.7, wires=[0, 1]),
            qml.IsingYY(0.5, wires=[1, 2]),
            qml.Hadamard(2),
            qml.IsingZZ(0.3, wires=[0, 2]),
            qml.Hadamard(2),
        ]

    assert_exactly(probabilities(device(), mine), ideal(theirs))


def test_wires_may_have_names(device: Connect) -> None:
    def gates() -> list[Any]:
        return [qml.X("b")]

    assert probabilities(device(wires=["a", "b", "c"]), gates)[0b010] == pytest.approx(1)


def test_samples_counts_and_expectations_follow_the_distribution(device: Connect) -> None:
    def circuit() -> Any:
        qis()
        return qml.sample(wires=[0, 1, 2]), qml.counts(wires=[0, 1, 2]), qml.expval(qml.Z(2))

    np.random.seed(5)  # noqa: NPY002 # the client samples with NumPy's global generator
    samples, counts, mean = node(circuit, device(), SHOTS)()
    expected = ideal(qis)
    seen = {
        outcome: float(np.mean(samples @ [4, 2, 1] == outcome)) for outcome in range(len(expected))
    }
    assert distance(seen, expected) < shot_noise_bound(8, SHOTS)
    told = {int(key, 2): int(value) / SHOTS for key, value in counts.items()}
    assert distance(told, expected) < shot_noise_bound(8, SHOTS)
    exact = sum(weight * (1 - 2 * (outcome & 1)) for outcome, weight in expected.items())
    assert mean == pytest.approx(exact, abs=shot_noise_bound(2, SHOTS))


def test_observables_of_other_bases_are_measured(device: Connect) -> None:
    observables = [qml.X(0), qml.Y(1) @ qml.Z(2)]
    tape = qml.tape.QuantumScript(qis(), [qml.expval(one) for one in observables])
    (exact,) = qml.execute([tape], qml.device("default.qubit", wires=3))
    np.random.seed(5)  # noqa: NPY002 # the client samples with NumPy's global generator
    seen = expectation(device(), *observables, shots=SHOTS)
    expected = [float(value) for value in exact]
    assert seen == pytest.approx(expected, abs=shot_noise_bound(2, SHOTS))


def test_gradients_come_from_one_job_of_several_circuits(served: Service, device: Connect) -> None:
    def circuit(angle: Any) -> Any:
        qml.RX(angle, wires=0)
        return qml.expval(qml.Z(0))

    np.random.seed(5)  # noqa: NPY002 # the client samples with NumPy's global generator
    gradient = qml.grad(node(circuit, device(wires=1), SHOTS, diff_method="parameter-shift"))(
        qml.numpy.array(0.5, requires_grad=True)
    )
    assert float(gradient) == pytest.approx(-np.sin(0.5), abs=shot_noise_bound(2, SHOTS))
    kinds = [json.loads(one.body)["type"] for one in served.recorder.sent if one.body]
    assert "ionq.multi-circuit.v1" in kinds


def test_results_of_a_batch_come_in_their_order(served: Service, device: Connect) -> None:
    circuits: list[Gates] = [qis, lambda: [qml.X(0)], lambda: qis()[::-1]]
    measured = [qml.probs(wires=range(3))]
    tapes = [qml.tape.QuantumScript(gates(), measured, shots=100) for gates in circuits]
    for seen, gates in zip(device().batch_execute(tapes), circuits, strict=True):
        assert_exactly(dict(enumerate(seen.tolist())), ideal(gates))
    asked = [one.path for one in served.recorder.sent if one.method == "GET"]
    assert asked[-1].endswith("/results/probabilities/aggregated")


def test_a_noise_model_samples_the_noisy_distribution(device: Connect) -> None:
    options = {"noise_model": "aria-1", "noise_seed": 7}
    first, again = (probabilities(device(**options), deep, SHOTS) for _ in range(2))
    assert distance(first, noisy(deep)) < shot_noise_bound(8, SHOTS)
    assert distance(first, ideal(deep)) > shot_noise_bound(8, SHOTS)
    assert first == again


def test_a_machine_gives_the_counts_of_every_shot(device: Connect) -> None:
    seen = probabilities(device("ionq.qpu", backend="aria-1"), deep, SHOTS)
    # The machine behaves like its noise model, so only shot noise is allowed for.
    assert distance(seen, noisy(deep)) < shot_noise_bound(8, SHOTS)


def test_settings_reach_the_service_and_come_back(served: Service, device: Connect) -> None:
    machine = device(
        "ionq.qpu",
        backend="aria-1",
        job_name="mine",
        metadata={"study": "7"},
        compilation={"opt": 1, "precision": "1E-3"},
        error_mitigation={"debiasing": True},
        sharpen=True,
    )
    probabilities(machine, qis, 1000)
    job = told(served, newest_job(served))
    assert (job["name"], job["backend"], job["shots"]) == ("mine", "qpu.aria-1", 1000)
    assert job["metadata"] == {"study": "7"}
    assert job["settings"]["compilation"] == {"opt": 1, "precision": "1E-3"}
    assert job["settings"]["error_mitigation"]["debiasing"] is not False
    asked = [one for one in served.recorder.sent if one.path.endswith("/results/probabilities")]
    assert asked[-1].query == (("sharpen", "True"),)


def newest_job(served: Service) -> str:
    """Return the path of the job that was read last."""
    paths = [one.path for one in served.recorder.sent if one.method == "GET"]
    return next(path for path in reversed(paths) if "/results" not in path)


def told(served: Service, path: str) -> dict[str, Any]:
    """Read a job as the client itself reads it."""
    client = api_client.APIClient(api_key=served.keys[0])
    answer: dict[str, Any] = client.get(f"jobs/{path.rpartition('/')[2]}").json()
    return answer


def test_a_dry_run_is_submitted_and_not_awaited(served: Service, device: Connect) -> None:
    machine = device("ionq.qpu", dry_run=True)
    tape = qml.tape.QuantumScript(qis(), [qml.probs(wires=[0])], shots=10)
    assert machine.batch_execute([tape]) == [[]]
    assert [(one.method, one.status) for one in served.recorder.sent] == [("POST", 201)]


def test_a_machine_without_a_name_becomes_aria_1(served: Service, device: Connect) -> None:
    with pytest.warns(UserWarning, match="Defaulting to ionq_qpu.aria-1"):
        probabilities(device("ionq.qpu", backend=None), qis)
    assert told(served, newest_job(served))["backend"] == "qpu.aria-1"


def test_a_job_is_read_by_its_id(served: Service, device: Connect) -> None:
    probabilities(device(), qis)
    job = api_client.Job(api_key=served.keys[0])
    job.manager.get(newest_job(served).rpartition("/")[2])
    assert job.is_complete
    assert not job.is_failed
    assert sum(job.data.value.values()) == pytest.approx(1)
    job.reload()
    assert job.status.cleaned_value == "completed"


def test_a_job_is_polled_until_it_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(CLIENT, ionq.app(clock=RealClock())) as served:
        monkeypatch.setattr(api_client.APIClient, "BASE_URL", served.url)
        device = qml.device("ionq.simulator", wires=3, api_key=served.keys[0])
        assert_exactly(probabilities(device, qis), ideal(qis))
        assert len(served.recorder.sent) > 3


def test_a_job_that_fails_is_told(device: Connect) -> None:
    def gates() -> list[Any]:
        return [qml.Hadamard(29)]

    with pytest.raises(api_client.JobExecutionError):
        probabilities(device(wires=30), gates)


def test_a_canceled_job_is_neither_complete_nor_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the client's devices would poll it for ever."""
    with serving(CLIENT, ionq.app(clock=SteppedClock())) as served:
        monkeypatch.setattr(api_client.APIClient, "BASE_URL", served.url)
        job = api_client.Job(api_key=served.keys[0])
        circuit = {"gateset": "qis", "qubits": 1, "circuit": [{"gate": "h", "target": 0}]}
        job.manager.create(type="ionq.circuit.v1", backend="simulator", input=circuit)
        headers = {"Authorization": f"apiKey {served.keys[0]}"}
        place = f"{served.url}/jobs/{job.id.value}/status/cancel"
        requests.put(place, headers=headers, timeout=10).raise_for_status()
        job.reload()
        assert job.status.value == "canceled"
        assert not job.is_complete
        assert not job.is_failed


def test_an_empty_circuit_runs(device: Connect) -> None:
    with pytest.warns(UserWarning, match="Circuit is empty"):
        seen = probabilities(device(), list)
    assert seen[0] == pytest.approx(1)


def test_a_refusal_is_an_exception_with_the_body(served: Service, device: Connect) -> None:
    with pytest.raises(Exception, match='"statusCode":400'):
        probabilities(device(), qis, shots=10**7)
    with pytest.raises(Exception, match='"statusCode":401'):
        probabilities(device(api_key="nobody's key"), qis)
    job = api_client.Job(api_key=served.keys[0])
    with pytest.raises(Exception, match='"statusCode":404'):
        job.manager.get("00000000-0000-4000-8000-000000000000")
    assert job.manager.http_response_status_code == 404
    probabilities(device(), qis)
    stranger = api_client.Job(api_key=served.keys[1])
    with pytest.raises(Exception, match='"statusCode":404'):
        stranger.manager.get(newest_job(served).rpartition("/")[2])


@pytest.mark.parametrize("status", [409, 429, 500, 502, 503, 504, 520])
def test_reading_a_job_is_tried_again(served: Service, device: Connect, status: int) -> None:
    served.recorder.refusals[("GET", "/results/probabilities")] = [status, status]
    assert_exactly(probabilities(device(), qis), ideal(qis))
    assert served.recorder.statuses("GET", "/results/probabilities")[:3] == [status, status, 200]


def test_a_submission_is_not_tried_again(served: Service, device: Connect) -> None:
    served.recorder.refusals[("POST", "/jobs")] = [503]
    with pytest.raises(Exception, match="try again"):
        probabilities(device(), qis)
    assert served.recorder.statuses("POST", "/jobs") == [503]


def test_retries_end(served: Service, device: Connect) -> None:
    probabilities(device(), qis)
    path = newest_job(served)
    served.recorder.refusals[("GET", path)] = [503] * 9
    job = api_client.Job(api_key=served.keys[0], max_retries=2, retry_delay=0.01)
    with pytest.raises(Exception, match="try again"):
        job.manager.get(path.rpartition("/")[2])
    assert served.recorder.statuses("GET", path)[-3:] == [503] * 3


def test_it_departs_in_exactly_the_listed_ways(served: Service, device: Connect) -> None:
    probabilities(device("ionq.qpu", sharpen=False), qis, 1000)
    assert departures(served.recorder.sent) == listed_for(CLIENT)
