"""What requests have changed and no file knows yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from conformance.mock.ionq.job import Job
from conformance.mock.ionq.money import Spent
from conformance.mock.ionq.session import Session


@dataclass(slots=True)
class Changes:
    """Jobs and sessions to write, jobs and sessions to strike out, and what the latter cost."""

    jobs: dict[str, Job] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    forgotten_jobs: dict[str, Job] = field(default_factory=dict)
    forgotten_sessions: dict[str, Session] = field(default_factory=dict)
    spent: list[tuple[Job, Spent]] = field(default_factory=list)
    everything: bool = False
    """Whether all that was known before is forgotten."""
    moved: bool = False
    """Whether the clock was moved by hand."""

    def __bool__(self) -> bool:
        return bool(
            self.jobs
            or self.sessions
            or self.forgotten_jobs
            or self.forgotten_sessions
            or self.spent
            or self.everything
            or self.moved
        )
