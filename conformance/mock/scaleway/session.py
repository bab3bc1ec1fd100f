"""A session: a platform for a while, until it is ended or one of its times is over.

    starting --> running --terminate | max_duration | max_idle_duration--> stopping --> stopped

Facts that no source gives, and what this mock does: a session without durations has the usual
values of the clients; a job may be sent to a session that is starting and waits; a second
terminate changes nothing; a session that is over cannot be changed (412).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.mock.clock import timestamp, timestamp_or_none
from conformance.mock.scaleway.accounts import Account
from conformance.mock.scaleway.durations import told
from conformance.mock.scaleway.platforms import Platform

if TYPE_CHECKING:
    from conformance.mock.scaleway.job import Job

START, STOP = 1.0, 1.0
"""Seconds that starting and stopping take."""
USUAL_DURATION, USUAL_IDLE = 3540.0, 1200.0
"""Seconds: the defaults of Scaleway's Qiskit client."""


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """One session."""

    id: str
    account: Account
    platform: Platform
    name: str
    created: float
    starts: float
    max_duration: float
    max_idle: float
    asked: Mapping[str, Any]
    """The creating request."""
    tags: list[str]
    booking: str | None = None
    updated: float = 0.0
    ended: float | None = None
    """When somebody ended it."""
    jobs: list[Job] = field(default_factory=list)

    @property
    def stops(self) -> float:
        """When it begins to stop, as far as is known."""
        moments = [self.starts + self.max_duration, self._idle_since() + self.max_idle]
        return min(moments if self.ended is None else [*moments, self.ended])

    def status(self, now: float) -> str:
        """Return the status at `now`."""
        stops = self.stops
        if now >= stops + STOP:
            return "stopped"
        if now >= stops:
            return "stopping"
        return "running" if now >= self.starts else "starting"

    def is_live(self, now: float) -> bool:
        """Whether jobs may be sent to it."""
        return self.status(now) in {"starting", "running"}

    def end(self, now: float) -> None:
        """End the session at `now` with all its jobs; one that is over stays as it is."""
        if self.is_live(now):
            self.ended = now
            for job in self.jobs:
                job.cancel(now)

    def settle(self, now: float) -> None:
        """Cancel what is left of the jobs where the time of the session is over."""
        stops = self.stops
        if stops <= now:
            for job in self.jobs:
                if job.ends > stops:
                    job.cancel(stops)

    def _idle_since(self) -> float:
        """Return when the last job was over; the start where there is none."""
        return max([self.starts, *(job.stops for job in self.jobs)])


def described(session: Session, now: float) -> dict[str, Any]:
    """Return `session` as the API tells it at `now`."""
    session.settle(now)
    status = session.status(now)
    over = [job for job in session.jobs if job.is_over(now)]
    waiting = [job for job in session.jobs if job.status(now) == "waiting"]
    started = session.starts if now >= session.starts and session.stops >= session.starts else None
    return {
        "id": session.id,
        "name": session.name,
        "platform_id": session.platform.id,
        "created_at": timestamp(session.created),
        "started_at": timestamp_or_none(started),
        "updated_at": timestamp(max(session.updated, started or 0.0, session.created)),
        "terminated_at": timestamp(session.stops + STOP) if status == "stopped" else None,
        "max_idle_duration": told(session.max_idle),
        "max_duration": told(session.max_duration),
        "waiting_job_count": len(waiting),
        "finished_job_count": len(over),
        "status": status,
        "project_id": session.account.project_id,
        "tags": session.tags,
        "deduplication_id": session.asked.get("deduplication_id") or "",
        "origin_type": "customer",
        "origin_id": None,
        "progress_message": None,
        "booking_id": session.booking,
        "model_id": session.asked.get("model_id"),
        "parameters": session.asked.get("parameters"),
    }
