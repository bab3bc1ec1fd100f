"""A job: submitted, queued, running, and one of the three ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.mock.clock import timestamp, timestamp_or_none
from conformance.mock.ibm.accounts import Account
from conformance.mock.ibm.session import Session

WAIT = 1.0
"""Seconds from submission to start on a free machine."""
RUN = 2.0
"""Seconds that a job runs, and a thousandth more for each ten shots."""


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """One job. Its course is known when it is submitted; cancelling cuts it short."""

    id: str
    account: Account
    body: Mapping[str, Any]
    created: float
    starts: float
    ends: float
    session: Session | None
    results: Mapping[str, Any] | None
    problem: str = ""
    """Why it fails; empty when it completes."""
    canceled: float | None = None
    tags: list[str] = field(default_factory=list)

    @property
    def ran(self) -> bool:
        """Whether it starts at all."""
        return self.canceled is None or self.canceled > self.starts

    @property
    def stops(self) -> float:
        """When it is over."""
        return self.ends if self.canceled is None else self.canceled

    def status(self, now: float) -> str:
        """Return the status at `now`."""
        if self.session is not None:
            self.session.limit(now)
        if self.canceled is not None and now >= self.canceled:
            return "Cancelled"
        if now < self.starts:
            return "Queued"
        if now < self.ends:
            return "Running"
        return "Failed" if self.problem else "Completed"

    def is_over(self, now: float) -> bool:
        """Whether it has come to one of its ends."""
        return self.status(now) in {"Completed", "Failed", "Cancelled"}

    def cancel(self, now: float) -> None:
        """Stop the job at `now`; one that is over stays as it is."""
        if not self.is_over(now):
            self.canceled = now

    def cancel_if_waiting(self, moment: float) -> None:
        """Drop the job if it has not started at `moment`."""
        if self.canceled is None and self.starts >= moment:
            self.canceled = moment

    def seconds_used(self, now: float) -> float:
        """Return the seconds on the machine by `now`."""
        if not self.ran or now < self.starts:
            return 0.0
        return round(min(now, self.stops) - self.starts, 3)


def described(job: Job, now: float, *, with_params: bool = True) -> dict[str, Any]:
    """Return `job` as the API tells it at `now`."""
    status = job.status(now)
    state: dict[str, Any] = {"status": status}
    if status == "Failed":
        state |= {
            "reason": job.problem,
            "reason_code": 1521,
            "reason_solution": "Mend the circuit.",
        }
    told: dict[str, Any] = {
        "id": job.id,
        "created": timestamp(job.created),
        "program": {"id": job.body["program_id"]},
        "state": state,
        "status": status,
        "cost": job.body.get("cost", 0),
        "backend": job.body["backend"],
        "tags": job.tags,
        "user_id": job.account.user_id,
        "private": job.body.get("private", False),
        "usage": {"qpu_charge_time_seconds": job.seconds_used(now), "status": _usage_state(status)},
        "estimated_running_time_seconds": round(job.ends - job.starts, 3),
    }
    if job.session is not None:
        told["session_id"] = job.session.id
    if "calibration_id" in job.body:
        told["calibration_id"] = job.body["calibration_id"]
    if with_params:
        told["params"] = job.body.get("params", {})
    return told


def metrics(job: Job, now: float) -> dict[str, Any]:
    """Return the times and the use of `job` at `now`."""
    over = job.is_over(now)
    running = job.starts if job.ran and job.starts <= now else None
    return {
        "timestamps": {
            "created": timestamp(job.created),
            "running": timestamp_or_none(running),
            "finished": timestamp(job.stops) if over else None,
        },
        "usage": {"quantum_seconds": job.seconds_used(now), "seconds": job.seconds_used(now)},
    }


def _usage_state(status: str) -> str:
    return "final" if status in {"Completed", "Failed", "Cancelled"} else "preliminary"
