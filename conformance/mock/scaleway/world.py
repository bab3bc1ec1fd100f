"""All that the mock remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from conformance.mock.clock import Clock
from conformance.mock.http import Refusal
from conformance.mock.ionq.identifiers import identifier
from conformance.mock.scaleway.accounts import Account
from conformance.mock.scaleway.job import Job
from conformance.mock.scaleway.session import Session


@dataclass(slots=True, kw_only=True)
class Record:
    """A booking, model or process: what is told of it, and whose it is."""

    account: Account
    told: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class World:
    """The state of one mock; everything by id, oldest first."""

    seed: int
    clock: Clock
    sessions: dict[str, Session] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    bookings: dict[str, Record] = field(default_factory=dict)
    models: dict[str, Record] = field(default_factory=dict)
    processes: dict[str, Record] = field(default_factory=dict)
    named: int = 0

    def new_id(self, kind: str) -> str:
        """Return the next identifier; the seed fixes the whole series."""
        self.named += 1
        return identifier(self.seed, kind, self.named)

    def session(self, wanted: str, account: Account) -> Session:
        """Return the session with id `wanted`.

        Raises:
            Refusal: There is none that belongs to `account`.
        """
        found = self.sessions.get(wanted)
        if found is None or found.account is not account:
            raise Refusal(404, "there is no such thing", ("session", wanted))
        return found

    def job(self, wanted: str, account: Account) -> Job:
        """Return the job with id `wanted`; errors as those of `session`."""
        found = self.jobs.get(wanted)
        if found is None or found.session.account is not account:
            raise Refusal(404, "there is no such thing", ("job", wanted))
        return found

    def record(self, kind: str, wanted: str, account: Account) -> Record:
        """Return the booking, model or process with id `wanted`; errors as those of `session`."""
        kept: dict[str, Record] = getattr(self, {"process": "processes"}.get(kind, f"{kind}s"))
        found = kept.get(wanted)
        if found is None or found.account is not account:
            raise Refusal(404, "there is no such thing", (kind, wanted))
        return found

    def forget(self, session: Session) -> None:
        """Remove a session with its jobs and its booking."""
        self.sessions.pop(session.id, None)
        for job in session.jobs:
            self.jobs.pop(job.id, None)
        if session.booking is not None:
            self.bookings.pop(session.booking, None)
