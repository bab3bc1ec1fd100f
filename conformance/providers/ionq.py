"""IonQ Cloud v0.4: what the service does and its clients rely on, beyond the document.

Sources: the published document of 15 May 2026; the sources of qiskit-ionq 1.1.1,
cirq-ionq 1.7.0, ionq-core 0.2.0 and pennylane-ionq 0.45.0; IonQ's public guides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from conformance.providers.base import JobFacts, Json, Provider, SessionFacts, State
from conformance.providers.ionq_functions import FUNCTIONS, VARIANTS
from conformance.providers.ionq_spending import SPENDING

UNPUBLISHED_NOISE_MODELS = frozenset({"forte-enterprise-1", "harmony", "harmony-1", "harmony-2"})
"""Noise models whose rates IonQ has not published: nobody can say what their results should be."""


def circuit_job(
    circuit: Mapping[str, Any],
    *,
    backend: str = "simulator",
    shots: int = 1000,
    **fields: Any,
) -> Json:
    """Return a creation payload for one circuit, an `input` object with its gateset."""
    body = {"type": "ionq.circuit.v1", "backend": backend, "shots": shots, "input": dict(circuit)}
    return {**body, **{name: value for name, value in fields.items() if value is not None}}


def multi_circuit_job(
    circuits: Sequence[Mapping[str, Any]],
    *,
    qubits: int,
    gateset: str = "qis",
    backend: str = "simulator",
    shots: int = 1000,
    **fields: Any,
) -> Json:
    """Return a creation payload for several circuits; one may set its own `gateset`."""
    whole = {"gateset": gateset, "qubits": qubits, "circuits": [dict(c) for c in circuits]}
    body = {"type": "ionq.multi-circuit.v1", "backend": backend, "shots": shots, "input": whole}
    return {**body, **{name: value for name, value in fields.items() if value is not None}}


def circuits_of(payload: Mapping[str, Any]) -> tuple[Json, ...]:
    """Return the circuits of a payload; what one leaves out it has from the parent."""
    whole = payload.get("input")
    if not isinstance(whole, dict):
        return ()
    inherited = {name: whole[name] for name in ("gateset", "qubits") if name in whole}
    if payload.get("type") == "ionq.circuit.v1" and isinstance(whole.get("circuit"), list):
        return ({**inherited, "circuit": whole["circuit"]},)
    circuits = whole.get("circuits")
    if payload.get("type") != "ionq.multi-circuit.v1" or not isinstance(circuits, list):
        return ()
    return tuple({**inherited, **one} for one in circuits if isinstance(one, dict))


def is_ideal(payload: Mapping[str, Any]) -> bool:
    """Whether the payload is for the simulator without a noise model."""
    noise = payload.get("noise") or {}
    model = noise.get("model", "ideal") if isinstance(noise, dict) else ""
    return payload.get("backend") == "simulator" and model == "ideal"


def model_of(payload: Mapping[str, Any]) -> str:
    """Return the noise model that the payload asks for; empty for a machine."""
    noise = payload.get("noise") or {}
    model = noise.get("model", "ideal") if isinstance(noise, dict) else "unknown"
    return str(model) if payload.get("backend") == "simulator" else ""


def session_request(*, backend: str, **settings: Any) -> Json:
    """Return a session creation payload; `settings` are its limits."""
    return {"backend": backend, "settings": settings} if settings else {"backend": backend}


_JOBS = JobFacts(
    create="CreateJob",
    read="GetJob",
    listing="GetJobs",
    cancel="CancelJob",
    delete="DeleteJob",
    cancel_many="CancelJobs",
    delete_many="DeleteJobs",
    cost="GetJobCost",
    estimate="EstimateJobCost",
    results="GetJobProbabilities",
    results_of_many="GetJobAggregatedProbabilities",
    id_parameter="UUID",
    ideal_backend="simulator",
    schemas=("job",),
    states={
        "submitted": State.WAITING,
        "ready": State.WAITING,
        "started": State.RUNNING,
        "completed": State.COMPLETED,
        "failed": State.FAILED,
        "canceled": State.CANCELED,
    },
    order=("submitted", "ready", "started"),
    excusable_failures=frozenset(
        {
            "ContractExpiredError",
            "InternalError",
            "QuantumComputerError",
            "QuotaExhaustedError",
            "SimulationTimeout",
            "SystemCancel",
            "UnknownBillingError",
        }
    ),
    limit_failures=frozenset(
        {
            "NotEnoughQubits",
            "QuantumCircuitComplexityError",
            "TooLongPredictedExecutionTime",
            "TooManyControls",
            "TooManyGates",
        }
    ),
    times=("submitted_at", "started_at", "completed_at"),
    ended_at="completed_at",
    links="results",
    made_at="submitted_at",
    set_when_done=("started_at", "completed_at", "execution_duration_ms"),
    circuit=circuit_job,
    circuits=multi_circuit_job,
    circuits_of=circuits_of,
    is_ideal=is_ideal,
    default_shots=100,
    model_of=model_of,
)

_SESSIONS = SessionFacts(
    create="CreateSession",
    read="GetSession",
    listing="GetSessions",
    end="EndSession",
    jobs="GetSessionJobs",
    id_parameter="session_id",
    states=("created", "started", "ended"),
    times=("created_at", "started_at", "ended_at"),
    ended_at="ended_at",
    request=session_request,
)

IONQ = Provider(
    name="ionq",
    title="IonQ Cloud Platform API v0.4",
    url="https://api.ionq.co/v0.4",
    key_variables=("QCONFORM_API_KEY", "IONQ_API_KEY", "QISKIT_IONQ_API_TOKEN"),
    second_key_variable="QCONFORM_SECOND_API_KEY",
    key_prefix="apiKey ",
    wrong_key="qconform-key-of-nobody-5f1c",
    free_parameters=frozenset({"backend"}),
    free_access=frozenset({"getCharacterization"}),
    probe="getBackends",
    list_lag=2.0,
    jobs=_JOBS,
    sessions=_SESSIONS,
    unjudged={
        "COST-007": "COST-003 judges what an account has used",
        "LIFE-030": "no operation changes what was made",
        "LIFE-033": "no operation tells a job's circuits",
        "LIFE-031": "LIFE-004 judges what a cancellation does; refusing one is free",
        "LIFE-032": "no operation tells the times of a job apart from the job",
        "LIST-007": "LIST-002 and LIST-004 judge its filters",
        "LIST-008": "LIST-001 judges its pages",
        "LIST-009": "no operation takes an order",
        "LIST-010": "LIST-003, LIST-005 and LIST-006 judge its entries",
        "SESSION-001": "the shortest limit of a session is a minute: LIFE-010 judges its others",
        "SESSION-002": "a session states no idle time",
        "SESSION-003": "a session cannot be closed to new jobs and go on with those it has",
        "SESSION-004": "a session states no start of a job: LIFE-010 judges late ones",
        "SESSION-005": "a session has no deduplication id",
        "PHYS-012": "results are probabilities: PHYS-002 judges their form",
        "SESSION-007": "a session cannot be removed",
        "SESSION-008": "what ending a session does to its jobs is not said",
        "SESSION-009": "a session does not count its jobs",
        "SESSION-010": "a session tells each of its moments once: LIFE-009 judges them",
    },
    spending=SPENDING,
    functions=FUNCTIONS,
    variants=VARIANTS,
)
