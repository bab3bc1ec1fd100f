"""All that the mock remembers, and the one place that decides who may see what."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice

from conformance.mock.clock import Clock
from conformance.mock.faults import Faults
from conformance.mock.http import Refusal
from conformance.mock.ionq.backends import BACKENDS, Backend
from conformance.mock.ionq.changes import Changes
from conformance.mock.ionq.identifiers import identifier
from conformance.mock.ionq.job import TERMINAL, Job
from conformance.mock.ionq.money import Spent, condensed
from conformance.mock.ionq.session import Session
from conformance.mock.ionq.tenants import Tenant

SLACK = 64
"""One part in so many more than `keep` may be there before something is forgotten."""

LOOKED_AT = 64
"""How many of the oldest are searched for some that have ended, so that no search takes long."""

LEDGER = 500
"""Costs of jobs that are gone, of one tenant, beyond which they are condensed."""


@dataclass(slots=True)
class Room:
    """What belongs to one tenant, oldest first."""

    jobs: dict[str, Job] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    deleted: list[Spent] = field(default_factory=list)
    """What jobs cost that are gone: usage still tells it."""
    condensed: int = 0
    """How many of these there were when they were last condensed."""
    submitted: int = 0
    """Number of jobs ever submitted."""
    opened: int = 0
    """Number of sessions ever created."""
    ends: float = 0.0
    """When the last job ends."""

    def bill(self, spent: Spent) -> None:
        """Remember what a job cost that is gone, in few words when there are many."""
        self.deleted.append(spent)
        if len(self.deleted) > LEDGER + 2 * self.condensed:
            self.deleted = condensed(self.deleted)
            self.condensed = len(self.deleted)


@dataclass(slots=True, kw_only=True)
class World:
    """The state of one mock."""

    seed: int
    clock: Clock
    faults: Faults
    backends: Mapping[str, Backend] = field(default_factory=lambda: BACKENDS)
    keep: int | None = None
    """Jobs, and sessions, that a tenant may have before the oldest that ended are forgotten."""
    changes: Changes | None = None
    """What was changed since somebody last wrote it down; None when nobody does."""
    jobs: dict[str, Job] = field(default_factory=dict)
    """Every job, children too, by id."""
    sessions: dict[str, Session] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Held while a request is served: an application may be driven from several threads."""
    named: int = 0

    def clear(self) -> None:
        """Forget everything that requests have made."""
        for held in (self.jobs, self.sessions, self.rooms):
            held.clear()
        self.named = 0
        if self.changes is not None:
            self.changes = Changes(everything=True)

    def room(self, tenant: Tenant) -> Room:
        """Return what belongs to `tenant`."""
        return self.rooms.setdefault(tenant.name, Room())

    def new_id(self, kind: str) -> str:
        """Return the next identifier; the seed fixes the whole series."""
        self.named += 1
        return identifier(self.seed, kind, self.named)

    def job(self, wanted: str, tenant: Tenant, fault: str) -> Job:
        """Return the job with id `wanted`.

        Args:
            wanted: The id as the client wrote it.
            tenant: Who asks.
            fault: Name of the fault that lets other tenants in.

        Raises:
            Refusal: There is none that belongs to `tenant`; what others own is not there.
        """
        found = self.jobs.get(wanted)
        if found is None or not (found.tenant is tenant or self.faults.on(fault)):
            raise Refusal(404, f"expected the id of a job, got {wanted!r}")
        return found

    def session(self, wanted: str, tenant: Tenant, fault: str = "") -> Session:
        """Return the session with id `wanted`; arguments and errors as those of `job`."""
        found = self.sessions.get(wanted)
        if found is None or not (found.tenant is tenant or self.faults.on(fault)):
            raise Refusal(404, f"expected the id of a session, got {wanted!r}")
        return found

    def seen_at(self, job: Job) -> float:
        """Return the moment at which somebody looks at `job`."""
        self.clock.await_moment(job.times.ends)
        return self.clock.now()

    def add_job(self, job: Job) -> None:
        """Remember `job` and its children; what is too much by then is forgotten."""
        room = self.room(job.tenant)
        room.jobs[job.id] = job
        room.ends = max(room.ends, job.times.ends)
        for each in (job, *job.children):
            self.jobs[each.id] = each
        if self.changes is not None:
            self.changes.jobs[job.id] = job
        if self.keep is not None and len(room.jobs) > self.keep + self.keep // SLACK:
            self._make_room_for_jobs(room, self.keep)

    def cancel_job(self, job: Job) -> None:
        """Cancel `job` and its children, unless it has ended."""
        job.cancel(self.clock.now())
        if self.changes is not None:
            self.changes.jobs[job.id] = job

    def forget_job(self, job: Job) -> None:
        """Forget `job` and its children, but not what it cost, nor that its session had it."""
        room = self.room(job.tenant)
        spent = spent_on(job, self.clock.now())
        room.jobs.pop(job.id, None)
        for each in (job, *job.children):
            self.jobs.pop(each.id, None)
        session = self.sessions.get(job.session_id or "")
        if session is not None:
            session.let_go(job)
        if spent is not None:
            room.bill(spent)
        if self.changes is not None:
            self.changes.jobs.pop(job.id, None)
            self.changes.forgotten_jobs[job.id] = job
            if session is not None:
                self.changes.sessions[session.id] = session
            if spent is not None:
                self.changes.spent.append((job, spent))
        job.children = ()  # they know their parent; a circle would outlive all of them

    def add_session(self, session: Session) -> None:
        """Remember `session`; what is too much by then is forgotten."""
        room = self.room(session.tenant)
        self.sessions[session.id] = session
        room.sessions[session.id] = session
        if self.changes is not None:
            self.changes.sessions[session.id] = session
        if self.keep is not None and len(room.sessions) > self.keep + self.keep // SLACK:
            self._make_room_for_sessions(room, self.keep)

    def end_session(self, session: Session, ender: Tenant) -> None:
        """End `session` by request; one that has ended stays as it is."""
        session.end(self.clock.now(), ender)
        if self.changes is not None:
            self.changes.sessions[session.id] = session

    def _make_room_for_jobs(self, room: Room, keep: int) -> None:
        now = self.clock.now()
        surplus = len(room.jobs) - keep
        oldest = [*islice(room.jobs.values(), surplus + LOOKED_AT)]
        for job in [job for job in oldest if job.status(now) in TERMINAL][:surplus]:
            self.forget_job(job)

    def _make_room_for_sessions(self, room: Room, keep: int) -> None:
        now = self.clock.now()
        surplus = len(room.sessions) - keep
        oldest = [*islice(room.sessions.values(), surplus + LOOKED_AT)]
        for session in [each for each in oldest if each.status(now) == "ended"][:surplus]:
            del room.sessions[session.id], self.sessions[session.id]
            if self.changes is not None:
                self.changes.sessions.pop(session.id, None)
                self.changes.forgotten_sessions[session.id] = session


def spent_on(job: Job, now: float) -> Spent | None:
    """Return what `job` has cost by `now`; None while it has not run on a machine."""
    if job.status(now) != "completed" or job.dry_run or not job.backend.is_qpu:
        return None
    return Spent(
        day=datetime.fromtimestamp(job.times.ends, UTC).date(),
        job=job.id,
        job_name=job.payload.get("name") or job.id,
        amount=job.price(),
        time_us=job.compute_time_us(),
    )
