"""IBM's Qiskit Runtime API: what the service does and its client relies on, beyond the document.

Sources: specs/ibm/v1 (provenance.toml); qiskit-ibm-runtime 0.51.0 as it sends and reads; IBM's
guides on sessions. Where no source says, a rule stays silent: what a second close answers, with
which status a closed session refuses a job, whether one closed to new jobs may open again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from conformance.providers.base import (
    JobFacts,
    Json,
    Provider,
    SessionFacts,
    State,
    UsageFacts,
    Words,
)
from conformance.providers.listing import (
    Filter,
    How,
    ListFacts,
    Paging,
    at,
    moment_at,
)
from conformance.providers.program_text import circuit_in, width_of, written
from conformance.providers.things import Ids, Thing, Things

_VERSION = "2026-03-15"
"""Newest version of the API that its document lists."""
_BELL = (
    'OPENQASM 3.0; include "stdgates.inc"; qubit[2] q; bit[2] c; '
    "h q[0]; cx q[0], q[1]; c = measure q;"
)


def _session(*, backend: str, longest: int = 7200, **fields: Any) -> Json:
    return {"mode": "dedicated", "backend": backend, "max_ttl": longest, **fields}


def _job(circuit: Mapping[str, Any], *, backend: str, shots: int = 1000, **fields: Any) -> Json:
    """Return a sampler job for one circuit; the answer is asked for in the plain form."""
    params = {"pubs": [[written(circuit, version=3), None, shots]], "version": 2}
    return {"program_id": "sampler", "backend": backend, "params": params, **fields}


def _several(
    circuits: Iterable[Mapping[str, Any]], *, backend: str, shots: int = 1000, **fields: Any
) -> Json:
    """Return a sampler job for several circuits."""
    pubs = [[written(circuit, version=3), None, shots] for circuit in circuits]
    params = {"pubs": pubs, "version": 2}
    return {"program_id": "sampler", "backend": backend, "params": params, **fields}


def _misshapen(payload: Json, results: Json) -> str:
    """Return how samples are not as many, or not of as many bits, as were asked for."""
    params = payload.get("params")
    pubs = params.get("pubs") if isinstance(params, dict) else None
    try:
        told = results["results"]
        if not pubs or not all(len(pub) == 3 and width_of(pub[0]) for pub in pubs):
            return ""
        if len(told) != len(pubs):
            return f"{len(told)} results for {len(pubs)} pubs"
        for number, (one, (program, _, shots)) in enumerate(zip(told, pubs, strict=True)):
            register, width = one["data"].get("c"), width_of(program)
            if register is None:
                return f"no register c in result {number}, but {', '.join(one['data'])}"
            samples = [int(text, 16) for text in register["samples"]]
            if len(samples) != shots:
                return f"{len(samples)} samples in result {number}, of {shots} shots"
            if register["num_bits"] != width or any(value >> width for value in samples):
                return f"not {width} bits in result {number}"
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        return ""  # another form, which is not judged
    return ""


def _pub(payload: Json) -> list[Any]:
    """Return the one pub of a sampler job; empty for any other payload."""
    params = payload.get("params")
    pubs = params.get("pubs") if isinstance(params, dict) else None
    one = pubs[0] if isinstance(pubs, list) and len(pubs) == 1 else None
    return one if isinstance(one, list) and len(one) == 3 else []


def _circuits_of(payload: Json) -> tuple[Json, ...]:
    pub = _pub(payload)
    circuit = circuit_in(pub[0]) if pub else None
    return () if circuit is None else (circuit,)


def _measured(body: Json) -> object:
    """Return the probability of each value of register c, from its samples in hexadecimal."""
    try:
        samples = [int(text, 16) for text in body["results"][0]["data"]["c"]["samples"]]
    except (KeyError, IndexError, TypeError, ValueError):
        return None
    return {str(value): n / len(samples) for value, n in Counter(samples).items()}


def _simulators(body: Json) -> Iterator[str]:
    if body.get("simulator") is True and isinstance(body.get("backend_name"), str):
        yield body["backend_name"]


def _further(words: Words) -> tuple[tuple[str, str], ...]:
    instance = words[1] if len(words) > 1 else ""
    return (("Service-CRN", instance), ("IBM-API-Version", _VERSION))


def _seconds(value: object) -> float | None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return float(value) if whole and isinstance(value, int) else None


def _plain_job(ids: Ids) -> Json:
    return {
        "program_id": "sampler",
        "backend": ids["backend"],
        "params": {"pubs": [[_BELL, None, 100]], "version": 2},
        "tags": ["qconform"],
        "log_level": "info",
        "private": False,
        "cost": 60,
    }


_JOBS = JobFacts(
    create="create_job",
    read="get_job_by_id",
    listing="list_jobs",
    cancel="cancel_job",
    delete="delete_job",
    results="get_job_results",
    id_parameter="id",
    states={
        "Queued": State.WAITING,
        "Running": State.RUNNING,
        "Completed": State.COMPLETED,
        "Cancelled": State.CANCELED,
        "Failed": State.FAILED,
    },
    order=("Queued", "Running"),
    change="replace_job_tags",
    stays=True,
    made_at="created",
    kept={
        "program_id": ("program", "id"),
        "backend": ("backend",),
        "session_id": ("session_id",),
        "tags": ("tags",),
        "private": ("private",),
        "params/pubs": ("params", "pubs"),
    },
    metrics="get_job_metrics",
    metric_times=("created", "running", "finished"),
    metric_use="quantum_seconds",
    several=_several,
    misshapen=_misshapen,
    circuit=_job,
    circuits_of=_circuits_of,
    shots_of=lambda payload: (_pub(payload) or [None])[-1],
    samples=True,
    is_result=bool,
    measured=_measured,
    simulators=_simulators,
)

_SESSIONS = SessionFacts(
    create="create_session",
    read="get_session",
    listing="list_workloads",
    end="delete_session_close",
    id_parameter="id",
    states=("open", "active", "inactive", "closed"),
    request=_session,
    state="state",
    returns=frozenset({("inactive", "active")}),
    finishes=True,
    opening={"accepting_jobs": True},
    log="timestamps",
    entered={"active": "activated_at", "closed": "closed_at"},
    last_end="last_job_completed",
    used="elapsed_time",
    lowered=frozenset({"max_ttl"}),
    busy=frozenset({"active"}),
    times=("started_at", "closed_at"),
    ended_at="closed_at",
    last_start="last_job_started",
    runs_on="backend_name",
    kept={"mode": "mode", "max_ttl": "max_ttl"},
    longest="max_ttl",
    counted_from=("activated_at", "started_at"),
    idle="interactive_ttl",
    idle_from=("activated_at", "last_job_started", "last_job_completed"),
    seconds=_seconds,
    idly={"mode": "batch", "interactive_ttl": 2},
    idly_else={"mode": "batch"},
    unused=1800.0,
    close="update_session",
    closing={"accepting_jobs": False},
    closes=lambda body: body.get("accepting_jobs") is False,
)

_THINGS = Things(
    things=(
        Thing(
            name="backend",
            paths=("/v1/backends",),
            listing="list_backends",
            member="devices",
            field="name",
            owned=False,
        ),
        Thing(name="session", paths=("/v1/sessions",), create="create_session", needs=("backend",)),
        Thing(name="job", paths=("/v1/jobs",), create="create_job", needs=("backend",)),
    ),
    bodies={
        "create_session": lambda ids: _session(backend=ids["backend"]),
        "update_session": lambda _ids: {"accepting_jobs": True},
        "create_job": _plain_job,
        "replace_job_tags": lambda _ids: {"tags": ["one", "two"]},
        "replace_instance_configuration": lambda _ids: {"instance_limit": None},
    },
    place="backend",
    place_read="get_backend_configuration",
    not_while_running=frozenset({"delete_job"}),
    elsewhere=frozenset({"replace_instance_configuration", "cancel_job"}),
)

_ENDED = frozenset({"Completed", "Cancelled", "Failed"})
_WORDS = {"Completed": "completed", "Cancelled": "canceled", "Failed": "failed"}
"""States of a job to what a list of workloads calls them."""
_MOMENTS = (
    Filter(parameter="created_after", told=at("created"), how=How.AFTER),
    Filter(parameter="created_before", told=at("created"), how=How.BEFORE),
)


def _pending(entry: Mapping[str, Any]) -> object:
    status = entry.get("status")
    return None if status is None else status not in _ENDED


def _status(entry: Mapping[str, Any]) -> object:
    """Return what a list of workloads calls the state that a job, or an entry, is in."""
    status = entry.get("status")
    return _WORDS.get(str(status), status)


_LISTS = (
    ListFacts(
        operation="list_jobs",
        member="jobs",
        thing="job",
        read="get_job_by_id",
        fields=lambda number, mark: {
            "tags": [mark, f"number-{number}"],
            "private": number == 1,
        },
        mark="tags",
        filters=(
            Filter(parameter="tags", told=at("tags"), how=How.ALL),
            Filter(parameter="backend", told=at("backend")),
            Filter(parameter="program", told=at("program", "id")),
            Filter(parameter="session_id", told=at("session_id")),
            Filter(parameter="pending", told=_pending, lasting=False),
            *_MOMENTS,
        ),
        order="sort",
        orders={"ASC": (moment_at("created"), False), "DESC": (moment_at("created"), True)},
        paging=Paging.OFFSET,
        size="limit",
        start="offset",
        total="count",
        same={name: at(name) for name in ("created", "program", "backend", "session_id", "tags")},
        ended={"status": at("status"), "state": at("state")},
        final=lambda job: job.get("status") in _ENDED,
    ),
    ListFacts(
        operation="list_workloads",
        member="workloads",
        thing="job",
        read="get_job_by_id",
        fields=lambda number, mark: {"tags": [mark, f"number-{number}"]},
        mark="tags",
        filters=(
            Filter(parameter="tags", told=at("tags"), how=How.ALL),
            Filter(parameter="backend", told=at("backend")),
            Filter(parameter="mode", told=at("mode")),
            Filter(parameter="status", told=_status, lasting=False),
            *_MOMENTS,
        ),
        order="sort",
        orders={
            "createdAt": (moment_at("created"), False),
            "-createdAt": (moment_at("created"), True),
        },
        paging=Paging.LINK,
        size="limit",
        total="total_count",
        same={name: at(name) for name in ("created", "backend", "tags")},
        ended={"status": _status},
        final=lambda job: job.get("status") in _ENDED,
    ),
)

IBM = Provider(
    name="ibm",
    title="IBM Qiskit Runtime REST API",
    url="https://quantum.cloud.ibm.com/api",
    key_variables=("QCONFORM_IBM_KEY",),
    second_key_variable="QCONFORM_SECOND_IBM_KEY",
    key_prefix="apikey ",
    key_words=("an API key", "the CRN of its instance"),
    further_headers=_further,
    takes_tokens=True,
    wrong_key="qconform-key-of-nobody-5f1c",
    free_parameters=frozenset(),
    free_access=frozenset(),
    probe="list_versions",
    list_lag=2.0,
    jobs=_JOBS,
    sessions=_SESSIONS,
    things=_THINGS,
    repeats=dict.fromkeys(("get_backend_configuration", "get_backend_properties"), "backend_name"),
    usage=UsageFacts(
        operation="get_usage",
        used="usage_consumed_seconds",
        limit="usage_limit_seconds",
        reached="usage_limit_reached",
        period=("usage_period", "start_time", "end_time"),
    ),
    lists=_LISTS,
    unjudged={
        "ACCESS-009": "a key may come in two forms here, both documented",
        **{f"COST-00{number}": "the API states no prices" for number in range(1, 7)},
        "INPUT-003": "a refusal states no status of its own",
        "LIFE-033": "no operation tells a job's circuits apart from the job: LIFE-007 judges them",
        "LIFE-006": "a job states one moment only, that of its submission",
        "LIFE-011": "the document does not promise a reason with every failure",
        "LIFE-013": "a job has no children",
        "LIFE-015": "no operation lists the jobs of one session",
        "LIFE-017": "a job does not say where its results are",
        "LIFE-018": "a session has no limit of cost",
        "LIFE-021": "no operation lists sessions alone",
        "LIFE-026": "no walk submits to another backend than that of the session yet",
        "LIFE-027": "a job states one moment only, that of its submission",
        "LIFE-028": "no operation acts on many jobs",
        "LIST-001": "lists are paged in another way: LIST-008 judges it",
        "LIST-002": "lists are filtered in another way: LIST-007 judges it",
        "LIST-003": "jobs have other members: LIST-010 judges them",
        "LIST-004": "lists are filtered in another way: LIST-007 judges it",
        "LIST-005": "backends are listed with other members than they are read with",
        "LIST-006": "no operation lists sessions alone",
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
        "SESSION-005": "a session has no deduplication id",
        "SESSION-007": "a session cannot be removed",
        "SESSION-009": "a session does not count its jobs",
    },
    live=False,
)
