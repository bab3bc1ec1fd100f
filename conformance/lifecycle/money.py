"""Walks over money: estimates, costs and usage."""

from __future__ import annotations

import datetime as dt
from typing import Any

from conformance.lifecycle.conversation import Conversation, answered


def estimates(talk: Conversation) -> None:
    """Ask for estimates that differ in one quantity at a time."""
    base: dict[str, Any] = {
        "backend": "qpu.aria-1",
        "qubits": 5,
        "shots": 1000,
        "1q_gates": 100,
        "2q_gates": 50,
    }
    larger: tuple[dict[str, int], ...] = ({}, {"shots": 4000}, {"1q_gates": 800}, {"2q_gates": 400})
    for change in larger:
        talk.call(talk.provider.jobs.estimate, query=base | change)


def usage(talk: Conversation) -> None:
    """Read the usage of the caller's organisation by every grouping and modality."""
    organization = organization_of(talk)
    if organization is None:
        return
    today = dt.datetime.now(dt.UTC).date()
    dates = {"start_date": str(today - dt.timedelta(days=40)), "end_date": str(today)}
    for group in ("project", "user", "job"):
        for modality in ("daily", "weekly", "monthly"):
            query = {**dates, "group_by": group, "modality": modality}
            talk.call("get-usages", {"organization_id": organization}, query=query)


def organization_of(talk: Conversation) -> str | None:
    """Return the id of the caller's organisation, as its sessions tell it."""
    listed = answered(talk.call(talk.provider.sessions.listing))
    organization = listed.get("organization_id")
    return organization if isinstance(organization, str) else None


WALKS: dict[str, Any] = {"estimates": estimates, "usage": usage}
