"""Walks over money: estimates, costs and usage."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.jobs import BELL


def estimates(talk: Conversation) -> None:
    """Ask for estimates that differ in one quantity at a time."""
    base: dict[str, Any] = {
        "backend": "qpu.aria-1",
        "qubits": 5,
        "shots": 100_000,
        "1q_gates": 1000,
        "2q_gates": 500,
    }
    larger: tuple[dict[str, int], ...] = (
        {},
        {"shots": 400_000},
        {"1q_gates": 8000},
        {"2q_gates": 4000},
    )
    for change in larger:
        talk.call(talk.provider.jobs.estimate, query=base | change)
    small = {"shots": 1, "1q_gates": 1, "2q_gates": 0}
    talk.call(talk.provider.jobs.estimate, query=base | small)
    talk.call(talk.provider.jobs.estimate, query={"backend": base["backend"]})


def usage(talk: Conversation) -> None:
    """Read the usage of the caller's organisation by every grouping and modality.

    On a target that is ours a job is paid for first, so that there is something to add up.
    """
    if talk.owns_target:
        with contextlib.suppress(Stop):
            _spend(talk)
    organization = organization_of(talk)
    if organization is None:
        return
    today = dt.datetime.now(dt.UTC).date()
    dates = {
        "start_date": str(today - dt.timedelta(days=40)),
        "end_date": str(today + dt.timedelta(days=1)),
    }
    for group in ("project", "user", "job"):
        for modality in ("daily", "weekly", "monthly"):
            query = {**dates, "group_by": group, "modality": modality}
            talk.call("get-usages", {"organization_id": organization}, query=query)


def _spend(talk: Conversation) -> None:
    body = talk.provider.jobs.circuit(BELL, backend=available_backend(talk), name="paid")
    job = talk.submit(body)
    talk.finish(job)
    talk.call(talk.provider.jobs.cost, talk.job_ids(job))


def organization_of(talk: Conversation, **options: Any) -> str | None:
    """Return the id of the caller's organisation, as its sessions tell it."""
    listed = answered(talk.call(talk.provider.sessions.listing, **options))
    organization = listed.get("organization_id")
    return organization if isinstance(organization, str) else None


WALKS: dict[str, Any] = {"estimates": estimates, "usage": usage}
