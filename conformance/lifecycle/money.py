"""Walks over money: estimates, costs and usage."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.jobs import BELL

_MANY_SHOTS = 100_000
"""Enough for two gates to cost more than any job does."""


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
    gates = {name: base[name] for name in ("backend", "1q_gates", "2q_gates")}
    talk.call(talk.provider.jobs.estimate, query=gates)
    talk.call(talk.provider.jobs.estimate, query=_defaults(talk) | gates)


def _defaults(talk: Conversation) -> dict[str, Any]:
    """Return what an estimate is for where nothing is said, as the document has it."""
    parameters = talk.specification.operation(talk.provider.jobs.estimate).parameters
    return {p.name: p.schema["default"] for p in parameters if "default" in p.schema}


def usage(talk: Conversation) -> None:
    """Read the usage of the caller's organisation by every grouping and modality.

    On a target that is ours jobs are paid for first, so that there is something to add up.
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
    ended = {**dates, "end_date": str(today), "group_by": "project", "modality": "daily"}
    talk.call("get-usages", {"organization_id": organization}, query=ended)
    for group in ("project", "user", "job"):
        for modality in ("daily", "weekly", "monthly"):
            query = {**dates, "group_by": group, "modality": modality}
            talk.call("get-usages", {"organization_id": organization}, query=query)


def _spend(talk: Conversation) -> None:
    """Pay for two jobs of different prices, and ask twice what the dearer one has cost."""
    backend, facts = available_backend(talk), talk.provider.jobs
    for shots in (1000, _MANY_SHOTS):
        job = talk.submit(facts.circuit(BELL, backend=backend, shots=shots, name="paid"))
        talk.finish(job)
        talk.call(facts.cost, talk.job_ids(job))
    talk.call(facts.cost, talk.job_ids(job))


def organization_of(talk: Conversation, **options: Any) -> str | None:
    """Return the id of the caller's organisation, as its sessions tell it."""
    listed = answered(talk.call(talk.provider.sessions.listing, **options))
    organization = listed.get("organization_id")
    return organization if isinstance(organization, str) else None


WALKS: dict[str, Any] = {"estimates": estimates, "usage": usage}
