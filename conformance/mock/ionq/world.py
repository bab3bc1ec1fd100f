"""All that the mock remembers, and the one place that decides who may see what."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

from conformance.mock.clock import Clock
from conformance.mock.faults import Faults
from conformance.mock.http import Refusal
from conformance.mock.ionq.identifiers import identifier
from conformance.mock.ionq.job import Job
from conformance.mock.ionq.money import Spent
from conformance.mock.ionq.session import Session
from conformance.mock.ionq.tenants import Tenant


@dataclass(slots=True)
class Room:
    """What belongs to one tenant, oldest first."""

    jobs: dict[str, Job] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    deleted: list[Spent] = field(default_factory=list)
    """What deleted jobs cost: usage still tells it."""
    submitted: int = 0
    """Number of jobs ever submitted."""
    ends: float = 0.0
    """When the last job ends."""


@dataclass(slots=True, kw_only=True)
class World:
    """The state of one mock."""

    seed: int
    clock: Clock
    faults: Faults
    jobs: dict[str, Job] = field(default_factory=dict)
    """Every job, children too, by id."""
    sessions: dict[str, Session] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    """Held while a request is served: an application may be driven from several threads."""
    named: int = 0

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
        """Remember `job` and its children."""
        room = self.room(job.tenant)
        room.jobs[job.id] = job
        room.ends = max(room.ends, job.times.ends)
        for each in (job, *job.children):
            self.jobs[each.id] = each

    def forget_job(self, job: Job) -> None:
        """Forget `job` and its children, but not what it cost."""
        room = self.room(job.tenant)
        spent = spent_on(job, self.clock.now())
        if spent is not None:
            room.deleted.append(spent)
        room.jobs.pop(job.id, None)
        for each in (job, *job.children):
            self.jobs.pop(each.id, None)


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
