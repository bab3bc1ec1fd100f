"""Faults of what is told of a job: its right description is made first, and spoiled here."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from decimal import Decimal
from typing import Any

from conformance.mock.faults import Faults
from conformance.mock.http import Answer

Spoil = Callable[[Any], Any]
Memory = Callable[[Any, set[str]], Any]
Change = Callable[[Answer], Answer]

JOB = {"GetJob"}
_TOLD = {"GetJob", "GetJobs", "GetSessionJobs"}
_ELSEWHERE = "00000000-0000-4000-8000-0000000000ee"
_WIDE = 6
_LONG = 10_000
_CUT = 400
_CUT_LATE = 2000
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_AT_ONCE = 0.25
"""Seconds within which two submissions come at the same moment."""


def _when(condition: Callable[[Any], bool], spoil: Spoil) -> Spoil:
    return lambda job: spoil(job) if condition(job) else job


def _without(*names: str) -> Spoil:
    return lambda job: {name: value for name, value in job.items() if name not in names}


def _with(**changed: Any) -> Spoil:
    return lambda job: {**job, **changed}


def _completed(job: Any) -> bool:
    return bool(job["status"] == "completed")


def _in_session(job: Any) -> bool:
    return job["session_id"] is not None


def _metadata(change: Callable[[str], str]) -> Spoil:
    """Return what changes each value of a job's metadata."""
    return lambda job: {
        **job,
        "metadata": {name: change(text) for name, text in (job["metadata"] or {}).items()} or None,
    }


def _in_microseconds(job: Any) -> Any:
    took = job["execution_duration_ms"]
    return job if took is None else {**job, "execution_duration_ms": 1000 * took}


def _without_empty_notes(job: Any) -> Any:
    notes = {name: text for name, text in (job["metadata"] or {}).items() if text}
    return {**job, "metadata": notes or None}


def _as_number(text: str) -> str:
    return format(Decimal(text).normalize(), "f") if _NUMBER.fullmatch(text) else text


def _everywhere(spoil: Spoil) -> Spoil:
    """Return what spoils a job told by itself, and each job of a page."""
    return lambda found: (
        {**found, "jobs": [spoil(job) for job in found["jobs"]]}
        if "jobs" in found
        else spoil(found)
    )


def _settings_replaced(job: Any) -> Any:
    if not job["settings"].get("compilation"):
        return job
    return {**job, "settings": {**job["settings"], "compilation": {"opt": 7.0}}}


def _seed_lost(job: Any) -> Any:
    noise = job["noise"] or {}
    return {**job, "noise": {n: v for n, v in noise.items() if n != "seed"} or None}


def _misnamed(job: Any) -> Any:
    names = {"first": "second", "second": "third", "third": "first"}
    return {**job, "name": names.get(job["name"], job["name"])}


def _link_to_another(job: Any) -> Any:
    if not job["results"]:
        return job
    url = job["results"]["probabilities"]["url"].replace(job["id"], _ELSEWHERE)
    return {**job, "results": {"probabilities": {"url": url}}}


def _failure(**changed: Any) -> Spoil:
    def spoil(job: Any) -> Any:
        told = {**job["failure"], **changed}
        kept = {name: value for name, value in told.items() if value is not None}
        return {**job, "failure": kept}

    return _when(lambda job: job["status"] == "failed" and job["failure"] is not None, spoil)


CONTENT: Mapping[str, tuple[Set[str], Spoil]] = {
    "wide-job-misshapen": (
        JOB,
        _when(
            lambda job: job["stats"].get("qubits", 0) > _WIDE,
            lambda job: {**job, "shots": str(job["shots"])},
        ),
    ),
    "session-job-misshapen": (JOB, _when(_in_session, _without("project_id"))),
    "failure-without-message": (JOB, _failure(message=None)),
    "failure-of-unknown-code": (JOB, _failure(code="TooManyErrors")),
    "canceled-without-results": (
        JOB,
        _when(lambda job: job["status"] == "canceled", _without("results")),
    ),
    "parent-stats-as-text": (
        JOB,
        _when(
            lambda job: job["child_job_ids"] is not None,
            lambda job: {**job, "stats": {**job["stats"], "circuits": "several"}},
        ),
    ),
    "name-trimmed": (JOB, lambda job: {**job, "name": job["name"] and job["name"].strip()}),
    "metadata-cut": (JOB, _metadata(lambda text: text[:_CUT])),
    "metadata-normalised": (JOB, _metadata(lambda text: unicodedata.normalize("NFC", text))),
    "control-characters-dropped": (
        JOB,
        _metadata(lambda text: "".join(c for c in text if c.isprintable() or c in "\n\t")),
    ),
    "duration-in-microseconds": (_TOLD, _everywhere(_in_microseconds)),
    "metadata-cut-late": (JOB, _metadata(lambda text: text[:_CUT_LATE])),
    "empty-metadata-lost": (_TOLD, _everywhere(_without_empty_notes)),
    "metadata-numbers-normalised": (_TOLD, _everywhere(_metadata(_as_number))),
    "metadata-keys-lowered": (
        JOB,
        lambda job: {
            **job,
            "metadata": {n.lower(): t for n, t in (job["metadata"] or {}).items()} or None,
        },
    ),
    "noise-seed-lost": (JOB, _seed_lost),
    "dry-run-forgotten": (JOB, _with(dry_run=False)),
    "session-forgotten": (JOB, _with(session_id=None)),
    "settings-replaced": (JOB, _settings_replaced),
    "other-job-told": (JOB, _with(id=_ELSEWHERE)),
    "cancel-names-another": ({"CancelJob"}, _with(id=_ELSEWHERE)),
    "submitter-changes": (JOB, lambda job: {**job, "submitter_id": job["id"]}),
    "project-elsewhere": (JOB, _with(project_id=_ELSEWHERE)),
    "no-start-told": (JOB, _when(_completed, _with(started_at=None))),
    "no-end-told": (JOB, _when(_completed, _with(completed_at=None))),
    "no-duration-told": (JOB, _when(_completed, _with(execution_duration_ms=None))),
    "child-misnamed": (JOB, _misnamed),
    "orphaned": (JOB, _with(parent_job_id=None)),
    "failed-job-has-duration": (
        _TOLD,
        _everywhere(_when(lambda job: job["status"] == "failed", _with(execution_duration_ms=12))),
    ),
    "failure-on-completed": (
        JOB,
        _when(_completed, _with(failure={"code": "InternalError", "message": "none"})),
    ),
    "link-to-another-job": (JOB, _link_to_another),
    "bulk-names-strangers": (
        {"CancelJobs"},
        lambda told: {**told, "ids": [*told["ids"], _ELSEWHERE]},
    ),
    "canceled-misspelt": ({"CancelJob"}, _with(status="cancelled")),
}
"""Fault to the operations that show it and what becomes of their content."""


def _is_new(told: set[str], name: str) -> bool:
    is_new = name not in told
    told.add(name)
    return is_new


def _second_read_bare(job: Any, told: set[str]) -> Any:
    return job if _is_new(told, job["id"]) else _without("stats")(job)


def _submission_moves(job: Any, told: set[str]) -> Any:
    told.add(f"{job['id']} {len(told)}")
    return {**job, "submitted_at": f"2026-01-01T00:00:{len(told) % 60:02}.000Z"}


def _renamed_later(job: Any, told: set[str]) -> Any:
    if not _completed(job) or _is_new(told, job["id"]):
        return job
    return {**job, "name": f"{job['name']} again"}


def _drifting(results: Any, told: set[str]) -> Any:
    """Move a billionth from one outcome to another the second time."""
    if len(results) < 2 or _is_new(told, " ".join(results)):
        return results
    first, second = list(results)[:2]
    moved = {first: results[first] - 1e-9, second: results[second] + 1e-9}
    return {**results, **moved}


MEMORIES: Mapping[str, tuple[Set[str], Memory]] = {
    "second-read-loses-field": (JOB, _second_read_bare),
    "submission-moves": (JOB, _submission_moves),
    "name-changes-later": (JOB, _renamed_later),
    "results-drift": ({"GetJobProbabilities"}, _drifting),
}
"""The same for faults that depend on what was told before."""


def _crashing(condition: Callable[[Any], bool]) -> Change:
    return lambda answer: crashed(answer) if condition(answer.parsed()) else answer


def crashed(_answer: Answer) -> Answer:
    """Return what a service answers that broke."""
    content = {"statusCode": 500, "error": "Internal Server Error", "message": "it broke"}
    return Answer(status=500, content=content)


def _lost(answer: Answer) -> Answer:
    if not _in_session(answer.parsed()):
        return answer
    content = {"statusCode": 404, "error": "Not Found Error", "message": "there is no such job"}
    return Answer(status=404, content=content)


ANSWERS: Mapping[str, tuple[Set[str], Change]] = {
    "control-character-crash": (
        JOB,
        _crashing(lambda job: any(c < " " for c in job["name"] or "")),
    ),
    "long-name-crash": (JOB, _crashing(lambda job: len(job["name"] or "") > _LONG)),
    "session-job-lost": (JOB, _lost),
    "delete-without-body": (
        {"DeleteJob"},
        lambda answer: replace(answer, status=204, raw=b"", content=None),
    ),
    "create-says-200": ({"CreateJob"}, lambda answer: replace(answer, status=200)),
    "results-as-octets": (
        {"GetJobProbabilities"},
        lambda answer: replace(answer, media_type="application/octet-stream"),
    ),
}
"""Fault to the operations that show it and what becomes of the whole answer."""


def given_again(job: Any, faults: Faults) -> Any:
    """Return the answer to a submission with the id of one that came at the same moment."""
    moment, before = faults.recent.get("created", (0.0, ""))
    now = time.monotonic()
    if before and now - moment < _AT_ONCE:
        return {**job, "id": before}
    faults.recent["created"] = (now, job["id"])
    return job
