"""A session: a backend reserved for a run of jobs, until one of its limits is met."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.mock.clock import timestamp, timestamp_or_none
from conformance.mock.ionq.backends import Backend
from conformance.mock.ionq.job import TERMINAL, Job
from conformance.mock.ionq.tenants import Tenant

LONGEST = 24 * 3600.0
"""Seconds after which a session ends whatever it was asked: a choice of the mock."""


@dataclass(slots=True)
class Gone:
    """What a session still has to know of jobs that were deleted or forgotten."""

    jobs: int = 0
    spent: float = 0.0
    ends: float = 0.0
    """When the last of them ended, or would have."""


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """One session. It starts with its first job and ends for good."""

    id: str
    number: int
    """Position among the tenant's sessions, from 1."""
    tenant: Tenant
    backend: Backend
    settings: Mapping[str, Any]
    created: float
    started: float | None = None
    ended: float | None = None
    ender: Tenant | None = None
    jobs: dict[str, Job] = field(default_factory=dict)
    """The jobs that are still known, by id."""
    gone: Gone = field(default_factory=Gone)
    """The jobs that are not."""
    minute: float = 60.0
    """Seconds that a minute of a limit lasts; a fault counts hours."""

    @property
    def expires(self) -> float:
        """When the session ends by itself at the latest, as far as is known by now."""
        limit = self.settings.get("duration_limit_min")
        latest = self.created + LONGEST
        if limit is None or self.started is None:
            return latest
        return min(latest, self.started + float(limit) * self.minute)

    def status(self, now: float) -> str:
        """Return `created`, `started` or `ended`; what time or limits ended is noted here."""
        self._note_end(now)
        if self.ended is not None:
            return "ended"
        return "created" if self.started is None else "started"

    def end(self, now: float, ender: Tenant) -> None:
        """End the session by request; one that has ended stays as it is."""
        if self.status(now) != "ended":
            self.ended = now
            self.ender = ender

    def refuses(self, cost: float, now: float) -> str:
        """Return why a job that costs `cost` cannot join at `now`, or nothing when it can."""
        if self.status(now) == "ended":
            return f"session {self.id} has ended"
        limit = self.settings.get("job_count_limit")
        if limit is not None and self.taken >= limit:
            return f"session {self.id} has taken the {limit} jobs of its limit"
        most = self.settings.get("cost_limit")
        if most is not None and self._spent() + cost > most["value"]:
            return f"session {self.id} may cost {most['value']} {most['unit']} and would cost more"
        return ""

    def admit(self, job: Job) -> None:
        """Take `job` in; the first one starts the session."""
        self.jobs[job.id] = job
        if self.started is None:
            self.started = job.times.submitted

    def let_go(self, job: Job) -> None:
        """Forget `job`, but not that it was here; one that was not is ignored."""
        if self.jobs.pop(job.id, None) is None:
            return
        self.gone.jobs += 1
        self.gone.ends = max(self.gone.ends, _end(job))
        if job.canceled is None:
            self.gone.spent += job.estimated_cost()

    @property
    def taken(self) -> int:
        """Number of jobs that were ever taken in."""
        return len(self.jobs) + self.gone.jobs

    def _spent(self) -> float:
        known = (job for job in self.jobs.values() if job.canceled is None)
        return self.gone.spent + sum(job.estimated_cost() for job in known)

    def _note_end(self, now: float) -> None:
        if self.ended is not None:
            return
        full = self._full_since(now)
        moments = [self.expires] if full is None else [self.expires, full]
        if min(moments) <= now:
            self.ended = min(moments)

    def _full_since(self, now: float) -> float | None:
        """Return when the last job ended that the limits leave room for."""
        count = self.settings.get("job_count_limit")
        most = self.settings.get("cost_limit")
        full = count is not None and self.taken >= count
        broke = most is not None and self.taken and self._spent() >= most["value"] > 0
        known = self.jobs.values()
        if not (full or broke) or any(job.status(now) not in TERMINAL for job in known):
            return None
        if self.gone.ends > now:
            return None
        return max([self.created, self.gone.ends, *map(_end, known)])


def _end(job: Job) -> float:
    """Return when a job ends, or was canceled."""
    return job.times.ends if job.canceled is None else job.canceled


def described(session: Session, now: float) -> dict[str, Any]:
    """Return `session` as the API tells it at `now`."""
    status = session.status(now)
    return {
        "id": session.id,
        "created_at": timestamp(session.created),
        "organization_id": session.tenant.organization_id,
        "backend": session.backend.name,
        "project_id": session.tenant.project_id,
        "creator_id": session.tenant.user_id,
        "ended_at": timestamp_or_none(session.ended),
        "ender_id": None if session.ender is None else session.ender.user_id,
        "settings": {**session.settings, "expires_at": timestamp(session.expires)},
        "active": status != "ended",
        "status": status,
        "started_at": timestamp_or_none(session.started),
    }
