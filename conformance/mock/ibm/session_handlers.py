"""The operations on sessions."""

from __future__ import annotations

from typing import TypeAlias

from conformance.mock.http import Answer, Refusal
from conformance.mock.ibm import backends
from conformance.mock.ibm import session as sessions
from conformance.mock.ibm.accounts import Account
from conformance.mock.ibm.session import Session
from conformance.mock.ibm.world import World
from conformance.mock.rest import Call as RestCall

Call: TypeAlias = RestCall[Account, World]

DONE = Answer(status=204, raw=b"")


def create_session(call: Call) -> Answer:
    """Open a session."""
    world, body = call.world, call.body
    name = body.get("backend") or body.get("backend_name")
    if name is None or name not in backends.BACKENDS:
        raise Refusal(400, f"expected one of {', '.join(backends.BACKENDS)}, got {name!r}")
    session = Session(
        id=world.new_id("session"),
        account=call.account,
        backend=name,
        mode=body["mode"],
        created=world.clock.now(),
        max_ttl=body.get("max_ttl", sessions.DEFAULT_MAX_TTL),
        interactive_ttl=body.get("interactive_ttl", sessions.INTERACTIVE_TTL[body["mode"]]),
    )
    world.sessions[session.id] = session
    return Answer(content=sessions.described(session, session.created))


def get_session(call: Call) -> Answer:
    """Tell a session."""
    session = call.world.session(call.path["id"], call.account)
    return Answer(content=sessions.described(session, _seen_at(call, session)))


def update_session(call: Call) -> Answer:
    """Stop a session from taking jobs; what was stopped so takes none again."""
    world = call.world
    session = world.session(call.path["id"], call.account)
    now = world.clock.now()
    if session.state(now) != "closed":
        if call.body["accepting_jobs"] is False and session.accepting_until is None:
            session.accepting_until = now
        elif call.body["accepting_jobs"] is True:
            session.accepting_until = None
    return DONE


def close_session(call: Call) -> Answer:
    """End a session; one that has ended stays as it is."""
    call.world.session(call.path["id"], call.account).end(call.world.clock.now())
    return DONE


def _seen_at(call: Call, session: Session) -> float:
    """Return the moment at which somebody looks at `session`, its jobs having ended."""
    for job in session.jobs[-1:]:
        call.world.clock.await_moment(job.stops)
    return call.world.clock.now()
