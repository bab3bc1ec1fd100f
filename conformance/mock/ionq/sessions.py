"""The operations on sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.ionq.call import Call
from conformance.mock.ionq.session import Session, described
from conformance.mock.ionq.world import World

LARGEST_LIMIT = 2**31 - 1
"""Limits come back as int32."""


def create_session(call: Call) -> Answer:
    """Reserve a backend and answer with the session."""
    world = call.world
    wanted = call.body.get("backend", "simulator")
    backend = world.backends.get(wanted)
    if backend is None:
        raise Refusal(404, f"there is no backend {wanted!r}")
    settings = call.body.get("settings") or {}
    _check_limits(settings)
    if world.faults.on("cost-limit-forgotten"):
        settings = {name: limit for name, limit in settings.items() if name != "cost_limit"}
    room = world.room(call.tenant)
    room.opened += 1
    session = Session(
        id=world.new_id("session"),
        number=room.opened,
        tenant=call.tenant,
        backend=backend,
        settings=settings,
        created=world.clock.now(),
        minute=3600.0 if world.faults.on("session-minutes-are-hours") else 60.0,
    )
    world.add_session(session)
    return Answer(status=201, content=described(session, session.created))


def _check_limits(settings: Mapping[str, Any]) -> None:
    """Refuse limits under which no job could ever run.

    The document allows them, so that the refusal is a conflict and not a bad request.
    """
    for name in ("job_count_limit", "duration_limit_min"):
        limit = settings.get(name, 1)
        if not 1 <= limit <= LARGEST_LIMIT:
            raise Refusal(409, f"expected a {name} from 1 to {LARGEST_LIMIT}, got {limit}")
    cost = settings.get("cost_limit", {"unit": "usd", "value": 0})
    if cost["unit"] != "usd" or cost["value"] < 0:
        raise Refusal(409, "expected a cost_limit in usd that is not negative")


def get_session(call: Call) -> Answer:
    """Answer with one session."""
    session = call.world.session(call.path["session_id"], call.tenant, "session-readable")
    return Answer(content=described(session, _seen_at(call.world, session)))


def get_sessions(call: Call) -> Answer:
    """Answer with the tenant's sessions, newest first; `active` keeps those in that state."""
    world = call.world
    wanted = call.query.get("active")
    found = [
        described(session, _seen_at(world, session))
        for session in reversed(world.room(call.tenant).sessions.values())
    ]
    active = wanted in {True, "True", "true"}
    unheard = not active and world.faults.on("inactive-filter-shows-all")
    if wanted is not None and not unheard and not world.faults.on("active-ignored"):
        found = [entry for entry in found if entry["active"] is active]
    content = {"organization_id": call.tenant.organization_id, "sessions": found}
    return Answer(content=content)


def end_session(call: Call) -> Answer:
    """End a session. One that has ended stays as it is, and the answer tells when it did."""
    world = call.world
    session = world.session(call.path["session_id"], call.tenant, "session-endable")
    if not world.faults.on("session-never-ends"):
        world.end_session(session, call.tenant)
    if world.faults.on("sessions-end-together"):
        for other in world.room(call.tenant).sessions.values():
            world.end_session(other, call.tenant)
    return Answer(content=described(session, world.clock.now()))


def _seen_at(world: World, session: Session) -> float:
    """Return the moment at which somebody looks at `session`, its jobs having ended."""
    for job in [*session.jobs.values()][-1:]:
        world.clock.await_moment(job.times.ends)
    return world.clock.now()
