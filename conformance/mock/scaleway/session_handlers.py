"""The operations on sessions and bookings."""

from __future__ import annotations

from typing import Any, TypeAlias

from conformance.mock.clock import timestamp
from conformance.mock.http import Answer, Refusal
from conformance.mock.rest import Call as RestCall
from conformance.mock.scaleway import session as sessions
from conformance.mock.scaleway.accounts import Account
from conformance.mock.scaleway.durations import seconds
from conformance.mock.scaleway.pages import equal, page, tagged
from conformance.mock.scaleway.platforms import PLATFORMS, Platform
from conformance.mock.scaleway.session import Session
from conformance.mock.scaleway.world import Record, World

Call: TypeAlias = RestCall[Account, World]

GONE = Answer(status=204, raw=b"")


def create_session(call: Call) -> Answer:
    """Open a session; the deduplication id of a live one gives that one."""
    world, body = call.world, call.body
    now = world.clock.now()
    platform = PLATFORMS.get(body["platform_id"])
    if platform is None:
        raise Refusal(404, "there is no such thing", ("platform", body["platform_id"]))
    own_project(call, body["project_id"])
    twin = _twin(call, now)
    if twin is not None:
        return Answer(content=sessions.described(twin, now))
    session = Session(
        id=world.new_id("session"),
        account=call.account,
        platform=platform,
        name=body.get("name") or "session",
        created=now,
        starts=now + sessions.START,
        max_duration=_duration(body, "max_duration", sessions.USUAL_DURATION),
        max_idle=_duration(body, "max_idle_duration", sessions.USUAL_IDLE),
        asked=body,
        tags=list(body.get("tags") or ()),
    )
    if platform.is_bookable:
        session.booking = _book(call, platform, session)
    world.sessions[session.id] = session
    return Answer(content=sessions.described(session, now))


def own_project(call: Call, project: str) -> None:
    """Raise unless `project` is that of the key.

    Raises:
        Refusal: It is another's.
    """
    if project != call.account.project_id:
        raise Refusal(403, "expected a project of this key", ("project", "write"))


def _twin(call: Call, now: float) -> Session | None:
    wanted = call.body.get("deduplication_id")
    live = (
        session
        for session in call.world.sessions.values()
        if session.account is call.account and session.is_live(now)
    )
    if not wanted:
        return None
    return next((s for s in live if s.asked.get("deduplication_id") == wanted), None)


def _duration(body: Any, name: str, usual: float) -> float:
    value = body.get(name)
    found = usual if value is None else seconds(value, name)
    if found <= 0:
        raise Refusal(400, f"expected {name} above zero, got {value!r}", (name,))
    return found


def _book(call: Call, platform: Platform, session: Session) -> str:
    """Book the platform for the session; it starts with its booking."""
    demand = call.body.get("booking_demand") or {}
    booking = call.world.new_id("booking")
    told = {
        "id": booking,
        "platform_id": platform.id,
        "project_id": call.account.project_id,
        "created_at": timestamp(session.created),
        "started_at": timestamp(session.starts),
        "updated_at": timestamp(session.created),
        "finished_at": timestamp(session.starts + session.max_duration),
        "status": "validated",
        "description": demand.get("description") or "",
        "progress_message": "",
        "time_zone": demand.get("time_zone"),
    }
    call.world.bookings[booking] = Record(account=call.account, told=told)
    return booking


def seen_at(call: Call, session: Session) -> float:
    """Return the moment at which somebody looks at `session`: its start, or end, awaited."""
    clock = call.world.clock
    clock.await_moment(session.starts if session.ended is None else session.ended + sessions.STOP)
    return clock.now()


def get_session(call: Call) -> Answer:
    """Tell a session."""
    session = call.world.session(call.path["session_id"], call.account)
    return Answer(content=sessions.described(session, seen_at(call, session)))


def list_sessions(call: Call) -> Answer:
    """Tell a page of sessions."""
    now = call.world.clock.now()
    told = [
        sessions.described(session, now)
        for session in call.world.sessions.values()
        if session.account is call.account
    ]
    names = {"platform_id": "platform_id", "project_id": "project_id"}
    kept = [e for e in told if equal(e, call.query, names) and tagged(e, call.query)]
    return page("sessions", kept, call.query, "name_asc")


def update_session(call: Call) -> Answer:
    """Change what can be changed; null leaves as it is."""
    world, body = call.world, call.body
    session = world.session(call.path["session_id"], call.account)
    now = world.clock.now()
    if not session.is_live(now):
        raise Refusal(412, "expected a session that is not over", ("attribute_must_be_set",))
    longest = _duration(body, "max_duration", session.max_duration)
    idle = _duration(body, "max_idle_duration", session.max_idle)
    session.max_duration, session.max_idle = longest, idle
    if body.get("name") is not None:
        session.name = body["name"]
    if body.get("tags") is not None:
        session.tags = list(body["tags"])
    session.updated = now
    return Answer(content=sessions.described(session, now))


def terminate_session(call: Call) -> Answer:
    """End a session; what still runs in it is cancelled, and so is its booking."""
    world = call.world
    session = world.session(call.path["session_id"], call.account)
    now = world.clock.now()
    session.end(now)
    if session.booking is not None:
        world.bookings[session.booking].told["status"] = "cancelled"
    return Answer(content=sessions.described(session, now))


def delete_session(call: Call) -> Answer:
    """Remove a session, live or not, with all that belongs to it."""
    call.world.forget(call.world.session(call.path["session_id"], call.account))
    return GONE


def list_acls(call: Call) -> Answer:
    """Tell who may do what in a session: its owner alone, who is not listed."""
    call.world.session(call.path["session_id"], call.account)
    return page("acls", (), call.query, "access_asc")


def list_bookings(call: Call) -> Answer:
    """Tell a page of bookings."""
    mine = [r.told for r in call.world.bookings.values() if r.account is call.account]
    names = {"platform_id": "platform_id", "project_id": "project_id"}
    kept = [entry for entry in mine if equal(entry, call.query, names)]
    return page("bookings", kept, call.query, "created_at_desc")


def get_booking(call: Call) -> Answer:
    """Tell a booking."""
    return Answer(content=call.world.record("booking", call.path["booking_id"], call.account).told)


def update_booking(call: Call) -> Answer:
    """Change the text of a booking."""
    booking = call.world.record("booking", call.path["booking_id"], call.account).told
    if call.body.get("description") is not None:
        booking["description"] = call.body["description"]
        booking["updated_at"] = timestamp(call.world.clock.now())
    return Answer(content=booking)
