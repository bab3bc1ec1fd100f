"""Faults that were written from the documents alone, before any rule was read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from conformance.mock.faults import Faults
from conformance.mock.ionq.job import Job
from conformance.mock.ionq.mistold_jobs import Memory, Spoil

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_NARROW = 4
"""Qubits up to which small shares are told."""
_SMALL = 0.02
_FEW = 2
"""Circuits of a job up to which the results are whole."""
_LISTS = {"GetJobs", "GetSessionJobs"}
_SESSION = {"GetSession"}


def misread_submission(payload: Mapping[str, Any], faults: Faults) -> Mapping[str, Any]:
    """Return the job that a service with `faults` understands."""
    if payload.get("shots") is None and faults.on("default-shots-raised"):
        payload = {**payload, "shots": 1000}
    if payload.get("session_id") is not None and faults.on("session-dry-run-runs"):
        payload = {**payload, "dry_run": False}
    return payload


def dearer(cost: Mapping[str, Any], job: str, faults: Faults) -> Mapping[str, Any]:
    """Return `cost` with a cent more for every time that it was told of `job` before."""
    if not faults.on("cost-grows-when-read"):
        return cost
    return {**cost, "value": cost["value"] + 0.01 * _times_told(job, faults.told)}


def unseeded(job: Job, faults: Faults) -> Job:
    """Return `job` without the seed of its noise, if a fault forgets it."""
    noise = job.payload.get("noise") or {}
    if "seed" not in noise or not faults.on("noise-seed-ignored"):
        return job
    kept = {name: value for name, value in noise.items() if name != "seed"}
    return replace(job, payload={**job.payload, "noise": kept})


def coarser(found: dict[int, float], qubits: int, faults: Faults) -> dict[int, float]:
    """Return the distribution `found` of so many `qubits`, small shares left out by a fault."""
    if qubits <= _NARROW or not faults.on("small-shares-dropped"):
        return found
    return {outcome: share for outcome, share in found.items() if share >= _SMALL}


def _times_told(name: str, told: set[str]) -> int:
    """Return how often this was called with `name` before."""
    times = 0
    while f"{name} {times}" in told:
        times += 1
    told.add(f"{name} {times}")
    return times


def _every_job(change: Spoil) -> Spoil:
    """Return what changes a job by itself, and each job of a page."""
    return lambda found: (
        {**found, "jobs": [change(job) for job in found["jobs"]]}
        if "jobs" in found
        else change(found)
    )


def _with_duration(job: Any) -> Any:
    return {**job, "execution_duration_ms": 12} if job["status"] == "failed" else job


def _normalised(job: Any) -> Any:
    sent = job["metadata"]
    told = sent and {name: _as_number(text) for name, text in sent.items()}
    return {**job, "metadata": told}


def _as_number(text: str) -> str:
    return format(Decimal(text).normalize(), "f") if _NUMBER.fullmatch(text) else text


def _two_hours_on(job: Any) -> Any:
    return {**job, "submitted_at": _later(job["submitted_at"], timedelta(hours=2))}


def _later(text: str, by: timedelta) -> str:
    moment = datetime.fromisoformat(text) + by
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cheapest_first(usage: Any) -> Any:
    parts = [{**part, "group_usages": part["group_usages"][::-1]} for part in usage["usage_data"]]
    return {**usage, "usage_data": parts}


def _without_last(found: Any) -> Any:
    kept = list(found)[:-1] if len(found) > _FEW else list(found)
    return {child: found[child] for child in kept}


CONTENT: Mapping[str, tuple[Set[str], Spoil]] = {
    "failed-job-has-duration": (_LISTS | {"GetJob"}, _every_job(_with_duration)),
    "metadata-numbers-normalised": (_LISTS | {"GetJob"}, _every_job(_normalised)),
    "list-in-local-time": (_LISTS, _every_job(_two_hours_on)),
    "usage-cheapest-first": ({"get-usages"}, _cheapest_first),
    "third-circuit-missing": ({"GetJobAggregatedProbabilities"}, _without_last),
}
"""Fault to the operations that show it and what becomes of their content."""


def _drifting(session: Any, told: set[str]) -> Any:
    if session["started_at"] is None:
        return session
    by = timedelta(milliseconds=7 * _times_told(session["id"], told))
    return {**session, "started_at": _later(session["started_at"], by)}


MEMORIES: Mapping[str, tuple[Set[str], Memory]] = {"session-start-drifts": (_SESSION, _drifting)}
"""The same for faults that depend on what was told before."""
