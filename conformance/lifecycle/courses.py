"""Walks over jobs and sessions by a provider's table of states and operations alone.

Time passes by running jobs elsewhere until the service's own clock, as its answers tell it, has
come to where it must: so these walks take no time on a mock whose time jumps, and as long as
needed on any other.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from conformance.generate import Specimen
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.having import UNKNOWN, have, scope_of, things_of
from conformance.model import Credential, Exchange, Expectation
from conformance.providers import State

_BELL: dict[str, Any] = {
    "qubits": 2,
    "gateset": "qis",
    "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}],
}
_SHORT = 10
"""Seconds that a session with a limit may last."""
_LATE = 12.0
"""Seconds beyond a limit at which a session is looked at: more than any rule allows for."""
_MOST_PASSING = 40
"""Jobs that are run to let time pass."""


def whole_life(talk: Conversation) -> None:
    """Submit a job, follow it to its end, read its results twice, remove it, read again."""
    had = _place(talk)
    job = _submit(talk, had, valid="a Bell circuit")
    facts, ids = talk.provider.jobs, talk.job_ids(job)
    _ask_results(talk, job)
    talk.finish(job)
    for _ in range(2):
        _ask_results(talk, job)
        talk.read(job)
    _list(talk, facts.listing, had)
    if talk.call(facts.delete, ids).succeeded:
        talk.read(job)
        _ask_results(talk, job)


def cancel_at_once(talk: Conversation) -> None:
    """Stop a job right after it was submitted, behind another, and watch it."""
    had = _place(talk)
    _submit(talk, had)
    job = _submit(talk, had, valid="a Bell circuit")
    talk.call(
        talk.provider.jobs.cancel, talk.job_ids(job), body=_body(talk, talk.provider.jobs.cancel)
    )
    for _ in range(2):
        talk.finish(job)
    _ask_results(talk, job)


def cancel_too_late(talk: Conversation) -> None:
    """Stop a job that has ended: whatever is answered, it stays as it ended."""
    had = _place(talk)
    job = _submit(talk, had, valid="a Bell circuit")
    talk.finish(job)
    facts = talk.provider.jobs
    talk.call(facts.cancel, talk.job_ids(job), body=_body(talk, facts.cancel))
    talk.read(job)
    _ask_results(talk, job)


def unknown_job(talk: Conversation) -> None:
    """An id that nobody was given names nothing, by every route."""
    facts = talk.provider.jobs
    for operation in filter(None, (facts.read, facts.results, facts.cancel, facts.delete)):
        talk.call(
            operation,
            talk.job_ids(UNKNOWN),
            body=_body(talk, operation),
            expects=Expectation.REFUSED,
            because="no job has this id",
        )


def several_jobs(talk: Conversation) -> None:
    """Submit several jobs, each with a name of its own where there are names."""
    had = _place(talk)
    jobs = [_submit(talk, had, valid="a Bell circuit") for _ in range(3)]
    for job in reversed(jobs):
        talk.finish(job)
        _ask_results(talk, job)
    _list(talk, talk.provider.jobs.listing, had)


def whole_session(talk: Conversation) -> None:
    """Open a session, run jobs in it, end it twice, try to go on."""
    had = _place(talk)
    session = _open(talk, had)
    _read(talk, session)
    for _ in range(2):
        job = _submit(talk, had, session=session, valid="a job in an open session")
        talk.finish(job)
        _read(talk, session)
    _list(talk, talk.provider.sessions.listing, had)
    for _ in range(2):
        _end(talk, session)
        _read(talk, session)
    _try_job(talk, had, session)
    _read(talk, session)


def end_with_jobs(talk: Conversation) -> None:
    """End a session in which jobs wait, then look at them and at the session."""
    had = _place(talk)
    session = _open(talk, had)
    jobs = [_submit(talk, had, session=session) for _ in range(3)]
    _end(talk, session)
    for job in jobs:
        talk.finish(job)
    _read(talk, session)


def end_at_last(talk: Conversation) -> None:
    """Let a session last longer than it may, with jobs before and one after."""
    had = _place(talk)
    elsewhere = _elsewhere(talk, had)
    session = _open(talk, had, longest=_SHORT)
    talk.finish(_submit(talk, had, session=session))
    begun = _read(talk, session)
    _let_pass(talk, elsewhere, _moment(begun, talk.provider.sessions.counted_from), _SHORT + _LATE)
    _read(talk, session)
    _try_job(talk, had, session)
    _read(talk, session)


def wait_idly(talk: Conversation) -> None:
    """Leave a session idle for longer than it says, then go on with it."""
    had = _place(talk)
    facts = talk.provider.sessions
    elsewhere = _elsewhere(talk, had)
    session = _open(talk, had, **facts.idly)
    talk.finish(_submit(talk, had, session=session))
    reading = _read(talk, session)
    idle = facts.seconds(reading.get(facts.idle))
    if idle is None:
        raise Stop("the session does not say how long it may be idle")
    _let_pass(talk, elsewhere, _now(talk), idle + _LATE)
    _read(talk, session)
    if facts.busy & {after for _, after in facts.returns}:
        talk.finish(_submit(talk, had, session=session, valid="a job in an idle session"))
        _read(talk, session)
    _end(talk, session)


def close_to_new_jobs(talk: Conversation) -> None:
    """Close a session to new jobs: those it has run to their end, no other joins."""
    facts = talk.provider.sessions
    had = _place(talk)
    session = _open(talk, had)
    jobs = [_submit(talk, had, session=session, valid="a job in an open session") for _ in range(2)]
    for _ in range(2):
        talk.call(facts.close, talk.session_ids(session), body=facts.closing)
    _read(talk, session)
    _try_job(talk, had, session)
    for job in jobs:
        talk.finish(job)
    _read(talk, session)


def same_name(talk: Conversation) -> None:
    """Open a session twice under one deduplication id; again after it has ended."""
    facts = talk.provider.sessions
    had = _place(talk)
    name = {facts.deduplication: f"qconform-{talk.random.getrandbits(48):x}"}
    first = _open(talk, had, **name)
    _open(talk, had, **name)
    _open(talk, had, **{facts.deduplication: f"qconform-{talk.random.getrandbits(48):x}"})
    _end(talk, first)
    _read(talk, first)
    _open(talk, had, **name)


def remove_session(talk: Conversation) -> None:
    """Remove a session with a job in it; neither can be read any more."""
    facts = talk.provider.sessions
    had = _place(talk)
    session = _open(talk, had)
    job = _submit(talk, had, session=session)
    talk.finish(job)
    _read(talk, session)
    if talk.call(facts.remove, talk.session_ids(session)).succeeded:
        _read(talk, session)
        talk.read(job)


def unknown_session(talk: Conversation) -> None:
    """Beside one that is open, a session that nobody opened cannot be read, ended or used."""
    facts = talk.provider.sessions
    had = _place(talk)
    opened = _open(talk, had)
    for operation in filter(None, (facts.read, facts.end, facts.close, facts.remove)):
        body = facts.closing if operation == facts.close else _body(talk, operation)
        talk.call(
            operation,
            talk.session_ids(UNKNOWN),
            body=body,
            expects=Expectation.REFUSED,
            because="no session has this id",
        )
    _try_job(talk, had, UNKNOWN)
    _end(talk, opened)


def run_specimen(talk: Conversation, *, specimen: Specimen) -> None:
    """Run a designed circuit where there is no noise, and read its counts."""
    run_circuit(talk, circuit=specimen.inputs[0], name=specimen.name)


def run_circuit(talk: Conversation, *, circuit: dict[str, Any], name: str) -> None:
    """Run a circuit on a backend that says it is a simulator without noise.

    Raises:
        Stop: None of the backends says so.
    """
    had = scope_of(talk)
    facts, place = talk.provider.jobs, things_of(talk).place
    simulators = _simulators(talk, had)
    if not simulators:
        raise Stop("no backend says that it has no noise")
    had[place] = simulators[0]
    session = _open(talk, had)
    body = facts.circuit(circuit, backend=had[place], shots=2000, session_id=session)
    job = talk.submit(body, valid=f"a circuit that shows {name}")
    if talk.state(talk.finish(job)) is State.COMPLETED:
        talk.call(facts.results, talk.job_ids(job))
    _end(talk, session)


def _simulators(talk: Conversation, had: dict[str, str]) -> list[str]:
    """Return the backends that say they are simulators, after asking each."""
    table = things_of(talk)
    thing = table.named(table.place)
    entries = answered(talk.call(thing.listing)).get(thing.member)
    found: list[str] = []
    for entry in entries if isinstance(entries, list) else []:
        name = entry.get(thing.field) if isinstance(entry, dict) else None
        if isinstance(name, str) and thing.wanted(entry):
            operation = talk.specification.operation(table.place_read)
            parameter = operation.path.partition("{")[2].partition("}")[0]
            told = answered(talk.call(table.place_read, {parameter: name}))
            found += talk.provider.jobs.simulators(told)
    return found


def _place(talk: Conversation) -> dict[str, str]:
    """Return what requests name, with a backend that the target offers."""
    had = scope_of(talk)
    have(talk, things_of(talk).place, had)
    return had


def _elsewhere(talk: Conversation, had: dict[str, str]) -> str:
    """Return a session of its own in which time is let pass; empty where none is needed."""
    alone = "session" not in things_of(talk).named("job").needs
    return "" if alone else _open(talk, had)


def _open(talk: Conversation, had: dict[str, str], **fields: Any) -> str:
    place = had[things_of(talk).place]
    return talk.open_session(
        {**talk.provider.sessions.request(backend=place, **fields), **scope_of(talk)}
    )


def _submit(talk: Conversation, had: dict[str, str], *, session: str = "", valid: str = "") -> str:
    return talk.submit(_job(talk, had, session), valid=valid)


def _job(talk: Conversation, had: dict[str, str], session: str) -> dict[str, Any]:
    """Return a payload for `session`; where every job needs one, for a session that is open."""
    if not session and "session" in things_of(talk).named("job").needs:
        had.setdefault("session", "")
        had["session"] = had["session"] or _open(talk, had)
        session = had["session"]
    named = {"session_id": session} if session else {}
    place = had[things_of(talk).place]
    return talk.provider.jobs.circuit(_BELL, backend=place, shots=100, **named)


def _try_job(talk: Conversation, had: dict[str, str], session: str) -> None:
    """Submit where a refusal is due; follow to its end what was taken."""
    answer = answered(talk.call(talk.provider.jobs.create, body=_job(talk, had, session)))
    if isinstance(answer.get("id"), str):
        talk.finish(answer["id"])


def _read(talk: Conversation, session: str) -> dict[str, Any]:
    return answered(talk.call(talk.provider.sessions.read, talk.session_ids(session)))


def _end(talk: Conversation, session: str) -> Exchange:
    operation = talk.provider.sessions.end
    return talk.call(operation, talk.session_ids(session), body=_body(talk, operation))


def _body(talk: Conversation, operation: str) -> Any:
    made = things_of(talk).bodies.get(operation)
    return made({}) if made is not None else None


def _ask_results(talk: Conversation, job: str) -> None:
    """Ask for results where an operation returns them; a job may carry its own."""
    operation = talk.provider.jobs.results
    if operation:
        talk.call(operation, talk.job_ids(job))


def _list(talk: Conversation, operation: str, had: dict[str, str]) -> None:
    if not operation:
        return
    known = {p.name for p in talk.specification.operation(operation).parameters}
    query = {name: value for name, value in had.items() if name in known}
    talk.call(operation, query=query)
    if talk.has_second_key:
        theirs = scope_of(talk, Credential.SECOND)
        query = {name: value for name, value in theirs.items() if name in known}
        talk.call(operation, query=query, credential=Credential.SECOND)


def _let_pass(talk: Conversation, session: str, since: float | None, seconds: float) -> None:
    """Run jobs elsewhere until the service's clock is `seconds` after `since`.

    Raises:
        Stop: The service does not tell what time it is there, or it takes too long.
    """
    had = {**_place(talk), "session": session}
    for _ in range(_MOST_PASSING):
        now = _now(talk)
        if since is None or now is None:
            raise Stop("the service does not tell what time it is there")
        if now > since + seconds:
            return
        talk.finish(_submit(talk, had, session=session))
    raise Stop(f"{seconds:g} seconds took too long to pass")


def _now(talk: Conversation) -> float | None:
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


def _moment(body: dict[str, Any], fields: tuple[str, ...]) -> float | None:
    """Return the first of `fields` that is set, in seconds since 1970."""
    found = (moment for name in fields if (moment := _parsed(body.get(name))) is not None)
    return next(found, None)


def _parsed(value: object) -> float | None:
    try:
        return dt.datetime.fromisoformat(value).timestamp() if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None


JOBS: dict[str, Any] = {
    "whole-life": whole_life,
    "cancel-at-once": cancel_at_once,
    "cancel-too-late": cancel_too_late,
    "several-jobs": several_jobs,
    "unknown-job": unknown_job,
}
SESSIONS: dict[str, Any] = {
    "whole-session": whole_session,
    "end-with-jobs": end_with_jobs,
    "end-at-last": end_at_last,
    "unknown-session": unknown_session,
}
"""Of every provider with sessions."""
FURTHER: dict[str, tuple[str, Any]] = {
    "idle-session": ("idle", wait_idly),
    "closed-to-new-jobs": ("close", close_to_new_jobs),
    "same-name": ("deduplication", same_name),
    "removed-session": ("remove", remove_session),
}
"""Name to what the provider's sessions must have for it, and the walk."""
