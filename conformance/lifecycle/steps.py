"""What walks over jobs and sessions do again and again, by a provider's table alone.

Time passes by running jobs elsewhere until the service's own clock, as its answers tell it, has
come to where it must: so it takes no time on a mock whose time jumps, and as long as needed on
any other.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.having import have, scope_of, things_of
from conformance.model import Credential, Exchange

_BELL: dict[str, Any] = {
    "qubits": 2,
    "gateset": "qis",
    "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}],
}
_MOST_PASSING = 60
"""Jobs that are run to let time pass."""
_QUICK = 1.0
"""Seconds: where the service's clock goes on by less with a job, we wait besides."""


def place(talk: Conversation) -> dict[str, str]:
    """Return what requests name, with a backend that the target offers."""
    had = scope_of(talk)
    have(talk, things_of(talk).place, had)
    return had


def elsewhere(talk: Conversation, had: dict[str, str]) -> str:
    """Return a session of its own in which time is let pass; empty where none is needed."""
    alone = "session" not in things_of(talk).named("job").needs
    return "" if alone else open_session(talk, had)


def open_session(talk: Conversation, had: dict[str, str], **fields: Any) -> str:
    """Open a session on what `had` names as the place, and return its id."""
    place = had[things_of(talk).place]
    return talk.open_session(
        {**talk.provider.sessions.request(backend=place, **fields), **scope_of(talk)}
    )


def submit(talk: Conversation, had: dict[str, str], *, session: str = "", valid: str = "") -> str:
    """Submit a job into `session`, or where jobs go without one, and return its id."""
    return talk.submit(job_in(talk, had, session), valid=valid)


def job_in(talk: Conversation, had: dict[str, str], session: str) -> dict[str, Any]:
    """Return a payload for `session`; where every job needs one, for a session that is open."""
    if not session and "session" in things_of(talk).named("job").needs:
        had.setdefault("session", "")
        had["session"] = had["session"] or open_session(talk, had)
        session = had["session"]
    named = {"session_id": session} if session else {}
    place = had[things_of(talk).place]
    return talk.provider.jobs.circuit(_BELL, backend=place, shots=100, **named)


def try_job(talk: Conversation, had: dict[str, str], session: str) -> None:
    """Submit where a refusal is due; follow to its end what was taken."""
    answer = answered(talk.call(talk.provider.jobs.create, body=job_in(talk, had, session)))
    if isinstance(answer.get("id"), str):
        talk.finish(answer["id"])


def read_session(talk: Conversation, session: str) -> dict[str, Any]:
    """Read a session; an empty mapping when it cannot be read."""
    return answered(talk.call(talk.provider.sessions.read, talk.session_ids(session)))


def end_session(talk: Conversation, session: str) -> Exchange:
    """Call what ends a session."""
    operation = talk.provider.sessions.end
    return talk.call(operation, talk.session_ids(session), body=body_of(talk, operation))


def await_end(talk: Conversation, session: str) -> None:
    """Read a session that was told to end until it has, or has had its time."""
    facts = talk.provider.sessions
    until, pause = time.monotonic() + talk.patience, 0.01
    while read_session(talk, session).get(facts.state) in facts.over - {facts.states[-1]}:
        if time.monotonic() + pause > until:
            return
        time.sleep(pause)
        pause = min(pause * 1.5, 1.0)


def body_of(talk: Conversation, operation: str) -> Any:
    """Return the right body of an operation that needs no ids; None where it takes none."""
    made = things_of(talk).bodies.get(operation)
    return made({}) if made is not None else None


def ask_metrics(talk: Conversation, job: str) -> None:
    """Ask for the times and the use of a job where an operation tells them."""
    if talk.provider.jobs.metrics:
        talk.call(talk.provider.jobs.metrics, talk.job_ids(job))


def ask_results(talk: Conversation, job: str) -> None:
    """Ask for results where an operation returns them; a job may carry its own."""
    operation = talk.provider.jobs.results
    if operation:
        talk.call(operation, talk.job_ids(job))


def ask_list(talk: Conversation, operation: str, had: dict[str, str]) -> None:
    """Ask for a list as its owner and as the second account."""
    if not operation:
        return
    known = {p.name for p in talk.specification.operation(operation).parameters}
    query = {name: value for name, value in had.items() if name in known}
    talk.call(operation, query=query)
    if talk.has_second_key:
        theirs = scope_of(talk, Credential.SECOND)
        query = {name: value for name, value in theirs.items() if name in known}
        talk.call(operation, query=query, credential=Credential.SECOND)


def let_pass(talk: Conversation, session: str, since: float | None, seconds: float) -> None:
    """Run jobs elsewhere until the service's clock is `seconds` after `since`.

    Raises:
        Stop: The service does not tell what time it is there, or it takes too long.
    """
    had = {**place(talk), "session": session}
    for _ in range(_MOST_PASSING):
        now = service_time(talk)
        if since is None or now is None:
            raise Stop("the service does not tell what time it is there")
        if now > since + seconds:
            return
        talk.finish(submit(talk, had, session=session))
        later = service_time(talk)
        if later is not None and later - now < _QUICK:
            time.sleep(min(_QUICK / 2, max(since + seconds - later, 0.0) + 0.05))
    raise Stop(f"{seconds:g} seconds took too long to pass")


def service_time(talk: Conversation) -> float | None:
    """Return the latest moment at which the service says that a job was made."""
    field, create = talk.provider.jobs.made_at, talk.provider.jobs
    named = {create.create, create.read}
    moments = [
        moment
        for e in talk.history
        if e.operation is not None and e.operation.id in named
        if (moment := _parsed(answered(e).get(field))) is not None
    ]
    return max(moments, default=None)


def moment_of(body: dict[str, Any], fields: tuple[str, ...]) -> float | None:
    """Return the first of `fields` that is set, in seconds since 1970."""
    found = (moment for name in fields if (moment := _parsed(body.get(name))) is not None)
    return next(found, None)


def _parsed(value: object) -> float | None:
    try:
        return dt.datetime.fromisoformat(value).timestamp() if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
