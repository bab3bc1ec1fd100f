"""Scaleway's Quantum as a Service: what it does and its clients rely on, beyond the document.

Sources: specs/scaleway/v1alpha1 (provenance.toml); Scaleway's SDK 2.12.0 and scaleway-qaas-client
0.1.11 as they send and read. Where no source says, a rule stays silent: what a second terminate
answers, whether a job may be sent to a session that starts, what changes a stopped session.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conformance.providers.base import JobFacts, Json, Provider, SessionFacts, State, Words
from conformance.providers.program_text import circuit_in, width_of, written
from conformance.providers.scaleway_lists import LISTS
from conformance.providers.things import Ids, Thing, Things

_PREFIX = "/qaas/v1alpha1"
_DURATION = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)s")
_QASM3 = 3
"""Number of OpenQASM 3 among the forms in which a circuit is written."""
_BELL: Json = {
    "qubits": 2,
    "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}],
}


def _session(*, backend: str, longest: int = 7200, **fields: Any) -> Json:
    limits = {"max_duration": f"{longest}s", "max_idle_duration": "1200s"}
    return {"platform_id": backend, "name": "qconform", **limits, **fields}


def _job(circuit: Mapping[str, Any], *, shots: int = 1000, **fields: Any) -> Json:
    """Return a job for one circuit, in the text that Qiskit's users send."""
    entry = {
        "serialization_format": _QASM3,
        "circuit_serialization": written(circuit, version=3),
    }
    text = {
        "client": {"user_agent": "qconform"},
        "backend": {"name": "any", "version": "1", "options": {}},
        "run": {"options": {"shots": shots, "memory": False}, "circuits": [entry]},
    }
    known = {name: value for name, value in fields.items() if name != "backend"}
    return {"name": "qconform", "circuit": {"qiskit_circuit": json.dumps(text)}, **known}


def _several(circuits: Iterable[Mapping[str, Any]], *, shots: int = 1000, **fields: Any) -> Json:
    """Return a job for several circuits."""
    jobs = [_job(circuit, shots=shots, **fields) for circuit in circuits]
    text = json.loads(jobs[0]["circuit"]["qiskit_circuit"])
    text["run"]["circuits"] = [one for job in jobs for one in _run_of(job)["circuits"]]
    return {**jobs[0], "circuit": {"qiskit_circuit": json.dumps(text)}}


def _misshapen(payload: Json, results: Json) -> str:
    """Return how counts are not of as many shots, and bits, as were asked for."""
    asked = _run_of(payload).get("circuits")
    if not asked:
        return ""
    try:
        widths = [width_of(one.get("circuit_serialization")) for one in asked]
        told = json.loads(results["job_results"][0]["result"])["results"]
        if len(told) != len(widths):
            return f"{len(told)} results for {len(widths)} circuits"
        for number, (one, width) in enumerate(zip(told, widths, strict=True)):
            counts, shots = one["data"]["counts"], _shots_of(payload)
            if width and any(int(key, 16) >> width for key in counts):
                return f"an outcome beyond {width} bits in result {number}"
            if shots and sum(counts.values()) != shots:
                return f"{sum(counts.values())} shots in result {number}, of {shots}"
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return ""  # another form, which is not judged
    return ""


def _run_of(payload: Json) -> Json:
    """Return the part of a job that says what is run; empty where it cannot be read."""
    try:
        run = json.loads(payload["circuit"]["qiskit_circuit"])["run"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return {}
    return run if isinstance(run, dict) else {}


def _circuits_of(payload: Json) -> tuple[Json, ...]:
    listed = _run_of(payload).get("circuits")
    one = listed[0] if isinstance(listed, list) and len(listed) == 1 else None
    circuit = circuit_in(one.get("circuit_serialization")) if isinstance(one, dict) else None
    return () if circuit is None else (circuit,)


def _shots_of(payload: Json) -> Any:
    options = _run_of(payload).get("options")
    return options.get("shots") if isinstance(options, dict) else None


def _measured(body: Json) -> object:
    """Return the probability of each outcome, from Qiskit's counts under hexadecimal keys."""
    try:
        told = json.loads(body["job_results"][0]["result"])["results"][0]
        counts, shots = told["data"]["counts"], told["shots"]
        return {str(int(key, 16)): n / shots for key, n in counts.items()}
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, ArithmeticError):
        return None


def _simulators(body: Json) -> Iterator[str]:
    if body.get("type") == "simulator" and isinstance(body.get("id"), str):
        yield body["id"]


def _runs_gates(entry: Mapping[str, Any]) -> bool:
    """Whether a platform runs circuits of gates, now, for whoever asks."""
    free = entry.get("is_bookable") is not True and entry.get("technology") != "photonic"
    return free and entry.get("availability") != "maintenance"


def _seconds(value: object) -> float | None:
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return float(found[1]) if found else None


def _scope(words: Words) -> dict[str, str]:
    return {"project_id": words[-1]} if len(words) > 1 else {}


def _plain_session(ids: Ids) -> Json:
    platform = ids.get("platform", "")
    made = _session(backend=platform, project_id=ids["project_id"], tags=["one", "two"])
    return {**made, "deduplication_id": None}


_JOBS = JobFacts(
    create="CreateJob",
    read="GetJob",
    listing="ListJobs",
    cancel="CancelJob",
    delete="DeleteJob",
    results="ListJobResults",
    change="UpdateJob",
    kept={name: (name,) for name in ("name", "tags", "session_id", "parameters")},
    several=_several,
    misshapen=_misshapen,
    id_parameter="job_id",
    states={
        "waiting": State.WAITING,
        "running": State.RUNNING,
        "completed": State.COMPLETED,
        "error": State.FAILED,
        "cancelling": State.RUNNING,
        "cancelled": State.CANCELED,
    },
    order=("waiting", "running", "cancelling"),
    times=("created_at", "started_at"),
    made_at="created_at",
    last_changed="updated_at",
    lasted="job_duration",
    given=("GetJobCircuit", "circuit"),
    circuit=_job,
    circuits_of=_circuits_of,
    shots_of=_shots_of,
    samples=True,
    is_result=lambda body: bool(body.get("job_results")),
    measured=_measured,
    simulators=_simulators,
)

_SESSIONS = SessionFacts(
    create="CreateSession",
    read="GetSession",
    listing="ListSessions",
    end="TerminateSession",
    id_parameter="session_id",
    states=("starting", "running", "stopping", "stopped"),
    request=_session,
    over=frozenset({"stopping", "stopped"}),
    ready=frozenset({"running"}),
    waiting_jobs="waiting_job_count",
    finished_jobs="finished_job_count",
    busy=frozenset({"starting", "running"}),
    times=("created_at", "started_at", "terminated_at"),
    ended_at="terminated_at",
    backend="platform_id",
    runs_on="platform_id",
    kept={
        "name": "name",
        "max_duration": "max_duration",
        "max_idle_duration": "max_idle_duration",
        "project_id": "project_id",
        "tags": "tags",
        "deduplication_id": "deduplication_id",
        "parameters": "parameters",
    },
    longest="max_duration",
    counted_from=("started_at",),
    idle="max_idle_duration",
    idly={"max_idle_duration": "5s"},
    idle_from=("started_at",),
    seconds=_seconds,
    change="UpdateSession",
    remove="DeleteSession",
    deduplication="deduplication_id",
)

_THINGS = Things(
    things=(
        Thing(
            name="platform",
            paths=(f"{_PREFIX}/platforms",),
            listing="ListPlatforms",
            member="platforms",
            wanted=_runs_gates,
            owned=False,
        ),
        Thing(
            name="application",
            paths=(f"{_PREFIX}/applications",),
            listing="ListApplications",
            member="applications",
            owned=False,
        ),
        Thing(
            name="session",
            paths=(f"{_PREFIX}/sessions",),
            create="CreateSession",
            needs=("platform",),
        ),
        Thing(name="job", paths=(f"{_PREFIX}/jobs",), create="CreateJob", needs=("session",)),
        Thing(name="model", paths=(f"{_PREFIX}/models",), create="CreateModel"),
        Thing(
            name="process",
            paths=(f"{_PREFIX}/processes",),
            create="CreateProcess",
            needs=("platform", "application"),
        ),
        Thing(
            name="bookable platform",
            paths=(),
            listing="ListPlatforms",
            member="platforms",
            wanted=lambda entry: entry.get("is_bookable") is True,
            owned=False,
        ),
        Thing(
            name="booking",
            paths=(f"{_PREFIX}/bookings",),
            create="CreateSession",
            needs=("bookable platform",),
            request=lambda ids: {**_plain_session(ids), "platform_id": ids["bookable platform"]},
            listing="ListBookings",
            member="bookings",
        ),
    ),
    bodies={
        "CreateSession": _plain_session,
        "UpdateSession": lambda _ids: {"name": "renamed", "tags": ["three"]},
        "TerminateSession": lambda _ids: {},
        "CreateJob": lambda ids: _job(_BELL, session_id=ids["session"], tags=["one"]),
        "UpdateJob": lambda _ids: {"name": "renamed", "tags": ["two"]},
        "CancelJob": lambda _ids: {},
        "CreateModel": lambda ids: {"project_id": ids["project_id"], "payload": "{}"},
        "CreateProcess": lambda ids: {
            "project_id": ids["project_id"],
            "platform_id": ids["platform"],
            "application_id": ids["application"],
            "name": "qconform",
            "input": "{}",
            "tags": ["one"],
        },
        "UpdateProcess": lambda _ids: {"name": "renamed", "tags": ["two"]},
        "CancelProcess": lambda _ids: {},
        "UpdateBooking": lambda _ids: {"description": "changed"},
    },
    place="platform",
    place_read="GetPlatform",
    not_while_running=frozenset({"DeleteJob"}),
    elsewhere=frozenset({"CancelJob", "CancelProcess", "DeleteProcess", "ListJobs"}),
)

SCALEWAY = Provider(
    name="scaleway",
    title="Scaleway Quantum as a Service API v1alpha1",
    url="https://api.scaleway.com",
    key_variables=("QCONFORM_SCALEWAY_KEY",),
    second_key_variable="QCONFORM_SECOND_SCALEWAY_KEY",
    key_header="X-Auth-Token",
    key_prefix="",
    key_words=("a secret key", "the id of its project"),
    scope_of=_scope,
    wrong_key="5f1c5f1c-0000-4000-8000-00000000dead",
    free_parameters=frozenset(),
    presumed=frozenset({"project_id"}),
    free_access=frozenset(),
    probe="ListPlatforms",
    list_lag=2.0,
    jobs=_JOBS,
    sessions=_SESSIONS,
    things=_THINGS,
    lists=LISTS,
    unjudged={
        "ACCESS-007": "no operation is open to everybody",
        "ACCESS-009": "a key stands alone in its header",
        **{f"COST-00{number}": "the API states no cost of a job" for number in range(1, 7)},
        "COST-007": "no operation tells what an account has used",
        "INPUT-003": "a refusal states no status of its own",
        "LIFE-011": "the document does not promise a reason with every failure",
        "LIFE-013": "a job has no children",
        "LIFE-015": "no operation lists the jobs of one session",
        "LIFE-017": "a job does not say where its results are",
        "LIFE-018": "a session has no limit of cost",
        "LIFE-026": "a job names no backend of its own",
        "LIFE-027": "a job states no moment of its end",
        "LIFE-028": "no operation acts on many jobs",
        "LIFE-032": "no operation tells the times of a job apart from the job",
        "LIST-001": "lists are paged in another way: LIST-008 judges it",
        "LIST-002": "lists are filtered in another way: LIST-007 judges it",
        "LIST-003": "jobs have other members: LIST-010 judges them",
        "LIST-004": "lists are filtered in another way: LIST-007 judges it",
        "LIST-005": "platforms have other members: LIST-010 judges them",
        "LIST-006": "sessions have other members: LIST-010 judges them",
        "LIST-011": "it has no list of characterizations",
        "LIST-012": "it has no list of characterizations",
        "LIST-013": "a backend names no characterization",
        "PHYS-001": "results are drawn, not computed: STAT-001 judges them",
        "PHYS-003": "jobs of one circuit are submitted",
        "PHYS-004": "a job states no statistics of its circuits",
        "PHYS-005": "no job for a cut of a graph is submitted",
        "PHYS-006": "no job for an energy is submitted",
        "PHYS-007": "no job for an energy is submitted",
        "PHYS-008": "the API tells of no parts of a job",
        "PHYS-009": "the API tells of no parts of a job",
        "PHYS-011": "the API tells of no parts of a job",
        "PHYS-010": "results are drawn, not computed: STAT-001 judges them",
        "SESSION-003": "a session cannot be closed to new jobs and go on with those it has",
        "SESSION-010": "a session tells each of its moments once: LIFE-009 judges them",
    },
    live=False,
)
