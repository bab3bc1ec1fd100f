"""A session or batch: a machine's priority for a group of jobs, and how it lives.

    open --first job starts--> active --idle too long--> inactive --next job starts--> active
    open | active | inactive --> closed

Facts that no source gives, and what this mock does: `max_ttl` counts from the start of the first
job; the second close of a session changes nothing; a job for a session that takes none is refused
with 409; what was closed does not open again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.mock.clock import timestamp
from conformance.mock.ibm.accounts import Account

if TYPE_CHECKING:
    from conformance.mock.ibm.job import Job

DEFAULT_MAX_TTL = 28_800
"""Seconds, of the published document."""
INTERACTIVE_TTL = {"dedicated": 60, "batch": 1}
"""Seconds without a job after which a session becomes inactive; clients cannot choose it."""
UNUSED_LIFE = 1800.0
"""Seconds after which a session closes that never had a job."""


@dataclass(slots=True, kw_only=True, eq=False)
class Session:
    """One session, dedicated or batch."""

    id: str
    account: Account
    backend: str
    mode: str
    created: float
    max_ttl: int
    interactive_ttl: int
    accepting_until: float | None = None
    """When it was told to take no more jobs; None as long as it takes them."""
    ended: float | None = None
    """When somebody closed it."""
    jobs: list[Job] = field(default_factory=list)

    def states(self, now: float) -> list[tuple[str, float]]:
        """Return the states entered until `now`, each with its moment, in order."""
        close = self._close()
        entered = [("open", self.created)]
        entered += [e for e in self._activity(close) if e[1] < close]
        if close < float("inf"):
            entered.append(("closed", close))
        return [entry for entry in entered if entry[1] <= now]

    def state(self, now: float) -> str:
        """Return the state at `now`."""
        return self.states(now)[-1][0]

    def accepts(self, now: float) -> bool:
        """Whether a job may join at `now`."""
        return self.accepting_until is None and self.state(now) != "closed"

    def end(self, now: float) -> None:
        """Close the session: what runs runs on, what waits is cancelled."""
        if self.state(now) == "closed":
            return
        self.ended = now
        for job in self.jobs:
            job.cancel_if_waiting(now)

    def limit(self, moment: float) -> None:
        """Cancel the jobs that would start after the session's time is over."""
        over = self._close()
        if over <= moment:
            for job in self.jobs:
                if job.starts >= over:
                    job.cancel_if_waiting(over)

    def _runs(self) -> list[tuple[float, float]]:
        return sorted((job.starts, job.stops) for job in self.jobs if job.ran)

    def _close(self) -> float:
        """Return when the session closes, as far as is known; infinity for not yet known."""
        moments = [] if self.ended is None else [self.ended]
        runs = self._runs()
        if runs:
            moments.append(runs[0][0] + self.max_ttl)
        elif not self.jobs:
            moments.append(self.created + UNUSED_LIFE)
        if self.accepting_until is not None:
            left = [job.stops for job in self.jobs]
            moments.append(max([self.accepting_until, *left]))
        return min(moments, default=float("inf"))

    def _activity(self, close: float) -> Iterator[tuple[str, float]]:
        """Yield when the session becomes active and inactive before `close`."""
        busy_until: float | None = None
        for starts, stops in self._runs():
            idle_from = None if busy_until is None else busy_until + self.interactive_ttl
            if busy_until is None:
                yield "active", starts
            elif idle_from is not None and starts > idle_from:
                yield "inactive", idle_from
                yield "active", starts
            busy_until = max(stops, busy_until or stops)
        if busy_until is not None and busy_until + self.interactive_ttl < close:
            yield "inactive", busy_until + self.interactive_ttl


def described(session: Session, now: float) -> dict[str, Any]:
    """Return `session` as the API tells it at `now`; what has not happened is left out."""
    states = session.states(now)
    started = [job for job in session.jobs if job.ran and job.starts <= now]
    done = [job for job in started if job.stops <= now]
    told: dict[str, Any] = {
        "id": session.id,
        "backend_name": session.backend,
        "mode": session.mode,
        "state": states[-1][0],
        "accepting_jobs": session.accepts(now),
        "max_ttl": session.max_ttl,
        "interactive_ttl": session.interactive_ttl,
        "user_id": session.account.user_id,
        "timestamps": [{"status": state, "timestamp": timestamp(at)} for state, at in states],
        "elapsed_time": _usage(session, states, started, now),
    }
    moments = {
        "started_at": session.created,
        "activated_at": _last(states, "active"),
        "closed_at": _last(states, "closed"),
        "last_job_started": max((job.starts for job in started), default=None),
        "last_job_completed": max((job.stops for job in done), default=None),
    }
    told |= {name: timestamp(at) for name, at in moments.items() if at is not None}
    if moments["activated_at"] is not None:
        left = min(job.starts for job in started) + session.max_ttl - now
        told["active_ttl"] = max(1, int(left))
    return told


def _last(states: Sequence[tuple[str, float]], wanted: str) -> float | None:
    return next((at for state, at in reversed(states) if state == wanted), None)


def _usage(
    session: Session, states: Sequence[tuple[str, float]], started: Sequence[Job], now: float
) -> float | None:
    """Return seconds used: of the machine for a batch, by the wall clock for a session.

    None as long as it goes on.
    """
    if states[-1][0] != "closed":
        return None
    if not started:
        return 0.0
    if session.mode == "batch":
        return round(sum(min(job.stops, now) - job.starts for job in started), 3)
    first = min(job.starts for job in started)
    idle = [at for state, at in states if state in {"inactive", "closed"}]
    return round(max(idle[-1], max(min(job.stops, now) for job in started)) - first, 3)
