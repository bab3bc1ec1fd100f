"""All that the mock remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.mock.clock import Clock
from conformance.mock.http import Refusal
from conformance.mock.ibm.accounts import Account
from conformance.mock.ibm.job import Job
from conformance.mock.ibm.session import Session
from conformance.mock.ionq.identifiers import identifier


@dataclass(slots=True, kw_only=True)
class World:
    """The state of one mock."""

    seed: int
    clock: Clock
    jobs: dict[str, Job] = field(default_factory=dict)
    """By id, oldest first."""
    sessions: dict[str, Session] = field(default_factory=dict)
    limits: dict[str, int | None] = field(default_factory=dict)
    """The limit of each account's instance, once set."""
    free: dict[str, float] = field(default_factory=dict)
    """When each machine has done all it was given."""
    named: int = 0

    def new_id(self, kind: str) -> str:
        """Return the next identifier; the seed fixes the whole series."""
        self.named += 1
        return identifier(self.seed, kind, self.named)

    def job(self, wanted: str, account: Account) -> Job:
        """Return the job with id `wanted`.

        Raises:
            Refusal: There is none that belongs to `account`.
        """
        found = self.jobs.get(wanted)
        if found is None or found.account is not account:
            raise Refusal(404, f"expected the id of a job, got {wanted!r}")
        return found

    def session(self, wanted: str, account: Account) -> Session:
        """Return the session with id `wanted`; errors as those of `job`."""
        found = self.sessions.get(wanted)
        if found is None or found.account is not account:
            raise Refusal(404, f"expected the id of a session, got {wanted!r}")
        return found

    def seen_at(self, job: Job) -> float:
        """Return the moment at which somebody looks at `job`."""
        self.clock.await_moment(job.stops)
        return self.clock.now()
