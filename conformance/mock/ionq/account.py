"""The operations on keys, usage, backends and characterizations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.ionq import backends, money
from conformance.mock.ionq.call import Call
from conformance.mock.ionq.misasked import misasked, miscounted
from conformance.mock.ionq.tenants import TENANTS
from conformance.mock.ionq.world import spent_on

CHARACTERIZATIONS_A_PAGE = 10


def whoami(call: Call) -> Answer:
    """Answer with the key that the request carries, by its id and name."""
    tenant = call.tenant
    content = {
        "key_id": tenant.key_id,
        "key_name": tenant.key_name,
        "project_id": tenant.project_id,
    }
    return Answer(content=content)


def get_backends(call: Call) -> Answer:
    """Answer with every backend."""
    return Answer(content=[backends.described(each) for each in call.world.backends.values()])


def get_backend(call: Call) -> Answer:
    """Answer with one backend."""
    if call.path["backend"] == backends.ANY_QPU.name:
        return Answer(content=backends.described(backends.ANY_QPU))
    return Answer(content=backends.described(_backend(call)))


def get_characterizations(call: Call) -> Answer:
    """Answer with a page of a backend's characterizations, newest first.

    `start` and `end` are compared as text, which orders ISO dates and refuses nothing.
    """
    query, faults = misasked(call.query, call.world.faults), call.world.faults
    start, end = query.get("start", ""), query.get("end")
    found = [
        each
        for each in backends.characterizations(_backend(call))
        if start <= each["date"] and (end is None or each["date"] < end)
    ]
    size = query.get("limit", CHARACTERIZATIONS_A_PAGE)
    first = (query.get("page", 1) - 1) * size
    first, pages = miscounted(first, max(0, len(found) - first - size), size, faults)
    content = {"characterizations": found[first : first + size], "pages": pages}
    return Answer(content=content)


def get_characterization(call: Call) -> Answer:
    """Answer with one characterization."""
    for each in backends.characterizations(_backend(call)):
        if each["id"] == call.path["UUID"].lower():
            return Answer(content=each)
    raise Refusal(404, f"there is no characterization {call.path['UUID']!r}")


def _backend(call: Call) -> backends.Backend:
    found = call.world.backends.get(call.path["backend"])
    if found is None:
        raise Refusal(404, f"there is no backend {call.path['backend']!r}")
    return found


def get_usage(call: Call) -> Answer:
    """Answer with what the tenant's jobs on machines cost, by period and group."""
    tenant, query, world = call.tenant, call.query, call.world
    asked = call.path["organization_id"].lower()
    if world.faults.on("usage-of-any-organization"):
        tenant = next((each for each in TENANTS if each.organization_id == asked), tenant)
    if asked != tenant.organization_id:
        raise Refusal(404, f"there is no organization {call.path['organization_id']!r}")
    room = world.room(tenant)
    world.clock.await_moment(room.ends)
    now = world.clock.now()
    spent = [s for job in room.jobs.values() if (s := spent_on(job, now)) is not None]
    start, end = (date.fromisoformat(query[name]) for name in ("start_date", "end_date"))
    counted_to = end + timedelta(days=1) if world.faults.on("usage-end-included") else end
    groups = {
        "project": {tenant.project_id: tenant.project_name},
        "user": {tenant.user_id: tenant.user_name},
        "job": {},
    }[query["group_by"]]
    content: dict[str, Any] = {
        "organization": tenant.organization_id,
        "group_type": query["group_by"],
        "modality": query["modality"],
        # The document requires the first two names and describes the other two.
        "start_date": query["start_date"],
        "end_date": query["end_date"],
        "usage_from": f"{start.isoformat()}T00:00:00Z",
        "usage_to": f"{end.isoformat()}T00:00:00Z",
        **money.usage(
            [*room.deleted, *spent],
            start=start,
            end=counted_to,
            modality=query["modality"],
            groups=groups,
        ),
    }
    return Answer(content=content)
