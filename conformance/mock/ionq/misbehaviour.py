"""Faults of the answers: the right answer is made first, and spoiled here on its way out."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from typing import Any

from conformance.mock.faults import Faults
from conformance.mock.http import Answer
from conformance.mock.ionq import mistold_functions, mistold_jobs, mistold_others
from conformance.mock.ionq.mistold_jobs import Memory, Spoil, crashed, given_again
from conformance.mock.ionq.tenants import Tenant

_HALF = 4
"""Characters that are enough of a key for a service that compares prefixes."""


def spoiled(answer: Answer, operation: str, key: str, faults: Faults) -> Answer:
    """Return `answer` as a service with `faults` gives it.

    Args:
        answer: The right answer to a request.
        operation: Id of the operation that was asked for, empty when there is none.
        key: The key that the request carried.
        faults: Those that are on.
    """
    if answer.status >= 400:
        return _spoiled_refusal(answer, operation, key, faults)
    for name, (operations, spoil) in _CONTENT.items():
        if faults.on(name) and operation in operations:
            answer = replace(answer, content=spoil(answer.parsed()), raw=None)
    for name, (operations, remember) in _MEMORIES.items():
        if faults.on(name) and operation in operations:
            changed = remember(answer.parsed(), faults.told)
            answer = replace(answer, content=changed, raw=None)
    for name, (operations, change) in _ANSWERS.items():
        if faults.on(name) and operation in operations:
            answer = change(answer)
    if faults.on("id-given-twice") and operation == "CreateJob":
        answer = replace(answer, content=given_again(answer.parsed(), faults), raw=None)
    if faults.on("key-in-header") and key:
        answer = replace(answer, headers=[*answer.headers, (b"x-caller", key.encode("latin-1"))])
    return answer


def misjudged(header: bytes, tenants: Mapping[bytes, Tenant], faults: Faults) -> Tenant | None:
    """Return whom a service with `faults` takes the sender of this Authorization for."""
    scheme, _, rest = header.partition(b" ")
    if faults.on("bare-key-accepted"):
        return tenants.get(header.strip())
    if faults.on("bearer-accepted") and scheme == b"Bearer":
        return tenants.get(rest.strip())
    if faults.on("longer-key-accepted") and scheme == b"apiKey":
        return next((t for key, t in tenants.items() if rest.startswith(key)), None)
    if faults.on("half-key-accepted") and scheme == b"apiKey" and len(rest) >= _HALF:
        return next((t for key, t in tenants.items() if key.startswith(rest.strip())), None)
    return None


def _spoiled_refusal(answer: Answer, operation: str, key: str, faults: Faults) -> Answer:
    if faults.on("unknown-id-crash") and operation == "DeleteJob" and answer.status == 404:
        return crashed(answer)
    content = answer.parsed()
    if faults.on("bare-refusal"):
        del content["statusCode"]
    if faults.on("contradicting-refusal"):
        content["statusCode"] = 500
    if faults.on("trace-shown"):
        content["message"] += ' Traceback (most recent call last): File "jobs.py", line 7'
    if faults.on("java-trace-shown"):
        content["message"] += " at com.example.jobs.Store.find(Store.java:77)"
    if faults.on("key-echoed") and key:
        content["message"] += f" (key {key})"
    if faults.on("key-echoed-encoded") and key:
        content["message"] += f" ({base64.b64encode(key.encode('latin-1')).decode()})"
    media_type = "text/plain" if faults.on("errors-as-text") else answer.media_type
    return replace(answer, content=content, raw=None, media_type=media_type)


def _without_stats(job: Any) -> Any:
    return {name: value for name, value in job.items() if name != "stats"}


def _unknown_backend_status(found: Any) -> Any:
    return [{**backend, "status": "online"} for backend in found]


def _stats_off(job: Any) -> Any:
    if "qubits" not in job["stats"]:
        return job
    return {**job, "stats": {**job["stats"], "qubits": job["stats"]["qubits"] + 1}}


def _metadata_altered(job: Any) -> Any:
    metadata = job["metadata"] or {}
    return {**job, "metadata": {name: text.lower() + " " for name, text in metadata.items()}}


def _times_disordered(job: Any) -> Any:
    if job["completed_at"] is None:
        return job
    return {**job, "completed_at": "2001-01-01T00:00:00.000Z"}


def _steps_back(job: Any, told: set[str]) -> Any:
    """Tell a job as completed once, and as started ever after."""
    if job["status"] != "completed" or _is_new(job["id"], told):
        return job
    changed = {"status": "started", "completed_at": None, "execution_duration_ms": None}
    return {**job, **changed, "results": None}


def _requeued(job: Any, told: set[str]) -> Any:
    """Tell a job as started once, and as ready as long as it runs on."""
    if job["status"] != "started" or _is_new(job["id"], told):
        return job
    return {**job, "status": "ready", "started_at": None}


def _is_new(job: str, told: set[str]) -> bool:
    is_new = job not in told
    told.add(job)
    return is_new


def _child_lost(job: Any) -> Any:
    children = job["child_job_ids"]
    return {**job, "child_job_ids": children[:-1] if children else children}


def _results_elsewhere(job: Any) -> Any:
    results = job["results"] or {}
    moved = {name: {"url": each["url"].removeprefix("/v0.4")} for name, each in results.items()}
    return {**job, "results": moved or None}


def _never_starts(session: Any) -> Any:
    if session["status"] != "started":
        return session
    return {**session, "status": "created", "started_at": None}


def _limit_raised(session: Any) -> Any:
    settings = session["settings"]
    if "job_count_limit" not in settings:
        return session
    return {**session, "settings": {**settings, "job_count_limit": settings["job_count_limit"] + 1}}


def _reopened(session: Any) -> Any:
    if session["status"] != "ended":
        return session
    return {**session, "status": "created", "active": True, "ended_at": None, "ender_id": None}


def _dropping(page: Any) -> Any:
    return {**page, "jobs": page["jobs"][:-1]} if page["next"] is not None else page


def _repeating(page: Any) -> Any:
    if page["next"] is None:
        return page
    return {**page, "jobs": [page["jobs"][0], *page["jobs"]]}


def _disagreeing(page: Any) -> Any:
    return {**page, "jobs": [{**job, "name": f"{job['name']}."} for job in page["jobs"]]}


def _estimate_falls(estimate: Any) -> Any:
    return {**estimate, "estimated_cost": 1000 / max(estimate["input_values"]["shots"], 1)}


def _estimate_misread(estimate: Any) -> Any:
    asked = estimate["input_values"]
    return {**estimate, "input_values": {**asked, "shots": asked["shots"] + 1}}


def _dry_run_billed(cost: Any) -> Any:
    if not cost["dry_run"]:
        return cost
    billed = {"value": 12.5, "unit": "usd"}
    return {**cost, "estimated_cost": billed, "cost": billed}


def _usage_forgets(usage: Any) -> Any:
    return {**usage, "amount_total": usage["amount_total"] / 2}


def _with(**changed: Any) -> Spoil:
    return lambda content: {**content, **changed}


_JOB = {"GetJob"}
_JOBS = {"GetJobs", "GetSessionJobs"}
_SESSION = {"CreateSession", "GetSession", "EndSession"}

_CONTENT: Mapping[str, tuple[Set[str], Spoil]] = {
    "missing-field": (_JOB, _without_stats),
    "wrong-type": (_JOB, lambda job: {**job, "shots": str(job["shots"])}),
    "extra-field": (_JOB, _with(debug={"node": 7})),
    "unknown-status": ({"CreateJob"}, _with(status="queued")),
    "null-list": (
        {"GetSessions"},
        lambda found: {**found, "sessions": found["sessions"] or None},
    ),
    "unknown-backend-status": ({"getBackends"}, _unknown_backend_status),
    "naked-date": (_SESSION, _with(created_at="this morning")),
    "wrong-stats": (_JOB, _stats_off),
    "metadata-altered": (_JOB, _metadata_altered),
    "shots-off-by-one": (_JOB, lambda job: {**job, "shots": job["shots"] + 1}),
    "times-disordered": (_JOB, _times_disordered),
    "results-withheld": (_JOB, _with(results=None)),
    "silent-failure": (_JOB, _with(failure=None)),
    "session-reopens": (_SESSION, _reopened),
    "page-drops-entry": (_JOBS, _dropping),
    "page-repeats-entry": (_JOBS, _repeating),
    "list-disagrees": (_JOBS, _disagreeing),
    "estimate-falls": ({"EstimateJobCost"}, _estimate_falls),
    "estimate-misread": ({"EstimateJobCost"}, _estimate_misread),
    "dry-run-billed": ({"GetJobCost"}, _dry_run_billed),
    "usage-forgets": ({"get-usages"}, _usage_forgets),
    "child-lost": (_JOB, _child_lost),
    "session-forgets-jobs": ({"GetSessionJobs"}, _with(jobs=[], next=None)),
    "session-limit-raised": (_SESSION, _limit_raised),
    "results-elsewhere": (_JOB, _results_elsewhere),
    "session-never-starts": (_SESSION, _never_starts),
    "session-unlisted": (
        {"GetSessions"},
        lambda found: {**found, "sessions": found["sessions"][1:]},
    ),
    **mistold_jobs.CONTENT,
    **mistold_others.CONTENT,
    **mistold_functions.CONTENT,
}
"""Fault to the operations that show it and what becomes of their content."""

_MEMORIES: Mapping[str, tuple[Set[str], Memory]] = {
    "job-steps-back": (_JOB, _steps_back),
    "job-requeued": (_JOB, _requeued),
    **mistold_jobs.MEMORIES,
    **mistold_others.MEMORIES,
}
"""The same for faults that depend on what was told before."""


def _nan(answer: Answer) -> Answer:
    cost = str(answer.parsed()["estimated_cost"]).encode()
    raw = answer.encoded().replace(b'"estimated_cost":' + cost, b'"estimated_cost":NaN')
    return replace(answer, raw=raw)


_ANSWERS: Mapping[str, tuple[Set[str], Callable[[Answer], Answer]]] = {
    "nan-cost": ({"EstimateJobCost"}, _nan),
    "cut-body": ({"getWhoami"}, lambda answer: replace(answer, raw=answer.encoded()[:-1])),
    "crash": ({"GetJobCost"}, crashed),
    "undeclared-status": ({"CreateJob"}, lambda answer: replace(answer, status=202)),
    "html-answer": ({"getBackends"}, lambda answer: replace(answer, media_type="text/html")),
    **mistold_jobs.ANSWERS,
    **mistold_others.ANSWERS,
}
"""Fault to the operations that show it and what becomes of the whole answer."""
