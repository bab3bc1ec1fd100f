"""A job: waiting, running, then completed, in error, or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from conformance.mock.clock import timestamp, timestamp_or_none
from conformance.mock.scaleway.durations import told
from conformance.mock.scaleway.session import Session

RUN = 2.0
"""Seconds that a job runs."""
CANCEL = 0.5
"""Seconds from cancelling to cancelled."""


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """One job. Its course is known when it is submitted; cancelling cuts it short."""

    id: str
    session: Session
    body: Mapping[str, Any]
    name: str
    tags: list[str]
    created: float
    starts: float
    ends: float
    result: str = ""
    problem: str = ""
    canceled: float | None = None
    updated: float = 0.0

    @property
    def stops(self) -> float:
        """When it is over."""
        return self.ends if self.canceled is None else self.canceled

    def status(self, now: float) -> str:
        """Return the status at `now`."""
        if self.canceled is not None and now >= self.canceled:
            return "cancelled" if now >= self.canceled + CANCEL else "cancelling"
        if now < self.starts:
            return "waiting"
        if now < self.ends:
            return "running"
        return "error" if self.problem else "completed"

    def is_over(self, now: float) -> bool:
        """Whether it has come to an end, or is about to by being cancelled."""
        return self.status(now) not in {"waiting", "running"}

    def cancel(self, now: float) -> None:
        """Stop the job at `now`; one that is over stays as it is."""
        if self.canceled is None and now < self.ends:
            self.canceled = now


def described(job: Job, now: float) -> dict[str, Any]:
    """Return `job` as the API tells it at `now`."""
    job.session.settle(now)
    status = job.status(now)
    started = job.starts if now >= job.starts and job.stops > job.starts else None
    ran = status in {"completed", "error"}
    return {
        "id": job.id,
        "name": job.name,
        "tags": job.tags,
        "session_id": job.session.id,
        "created_at": timestamp(job.created),
        "started_at": timestamp_or_none(started),
        "updated_at": timestamp(max(job.updated, min(now, job.stops), job.created)),
        "status": status,
        "progress_message": job.problem if status == "error" else None,
        "job_duration": told(job.ends - job.starts) if ran else None,
        "result_distribution": job.result if status == "completed" else None,
        "model_id": job.body.get("model_id"),
        "parameters": job.body.get("parameters"),
    }
