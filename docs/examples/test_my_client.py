"""Does qiskit-ionq survive what a quantum cloud may do to it? An example to start from.

    pip install qconform qiskit-ionq
    pytest test_my_client.py

The fixtures and the marker come from qconform. Nothing leaves this machine.
"""

from __future__ import annotations

from typing import Any

import pytest

qiskit = pytest.importorskip("qiskit", reason="the example needs qiskit")
qiskit_ionq = pytest.importorskip("qiskit_ionq", reason="the example needs qiskit-ionq")

pytestmark = [
    pytest.mark.filterwarnings("ignore:Transpiler default optimization_level:UserWarning"),
    pytest.mark.filterwarnings("ignore:Retrying:UserWarning"),
]
SHOTS = 1000


@pytest.fixture
def backend(conformance_mock: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The simulator of a mock of this test's own, as the client sees it."""
    for name in ("QISKIT_IONQ_API_URL", "IONQ_API_URL"):
        monkeypatch.setenv(name, conformance_mock.url)
    provider = qiskit_ionq.IonQProvider(conformance_mock.api_key, conformance_mock.url)
    return provider.get_backend("simulator")


def x_on_qubit_0() -> Any:
    """One qubit of two is turned: the result says which."""
    circuit = qiskit.QuantumCircuit(2, 2)
    circuit.x(0)
    circuit.measure([0, 1], [0, 1])
    return circuit


def counts_of(backend: Any) -> dict[str, int]:
    """Run the circuit and return the counts, as a user of the client does."""
    job = backend.run(x_on_qubit_0(), shots=SHOTS)
    counts: dict[str, int] = job.result(timeout=20, wait=0.1).get_counts()
    return counts


def test_the_client_gets_the_result(backend: Any) -> None:
    assert counts_of(backend) == {"01": SHOTS}


@pytest.mark.conformance_faults("rate-limited", "unavailable", "slow-queue", "slow-answers")
def test_the_client_outlasts_a_busy_service(backend: Any) -> None:
    assert counts_of(backend) == {"01": SHOTS}


@pytest.mark.conformance_faults("failed-job")
def test_the_client_tells_why_a_job_failed(backend: Any) -> None:
    with pytest.raises(qiskit_ionq.exceptions.IonQJobFailureError, match="SystemCancel"):
        counts_of(backend)


@pytest.mark.conformance_faults("results-withheld", "job-stuck")
def test_the_client_raises_and_does_not_hang_when_the_service_is_broken(
    backend: Any,
) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - which one is the client's to choose
        backend.run(x_on_qubit_0(), shots=SHOTS).result(timeout=2, wait=0.1).get_counts()


@pytest.mark.conformance_faults("reversed-bits")
def test_a_service_that_reverses_the_bits_is_noticed_here_and_not_by_the_client(
    backend: Any, conformance_check: Any
) -> None:
    counts = {str(int(key, 2)): count for key, count in counts_of(backend).items()}
    circuit = {"qubits": 2, "gateset": "qis", "circuit": [{"gate": "x", "target": 0}]}
    with pytest.raises(AssertionError, match="reversed bit order"):
        conformance_check.result(circuit, counts=counts)
