"""Walks over jobs and sessions by a provider's table of states and operations alone.

What they have in common, and how they let time pass, is in `lifecycle.steps`.
"""

from __future__ import annotations

import time
from typing import Any

from conformance.generate import Specimen
from conformance.lifecycle import steps
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.having import UNKNOWN, scope_of, things_of
from conformance.model import Credential, Expectation
from conformance.providers import State

_SHORT = 3
"""Seconds that a session with a limit may last."""
_LATE, _IDLE_LATE = 6.0, 10.0
"""Seconds beyond a limit at which a session is looked at: more than any rule allows for."""
_CATCHING = 3.0
"""Seconds for which a job is watched, to see it run."""


def whole_life(talk: Conversation) -> None:
    """Submit a job, follow it to its end, read its results twice, remove it, read again."""
    had = steps.place(talk)
    used = _used(talk)
    job = steps.submit(talk, had, valid="a Bell circuit")
    facts, ids = talk.provider.jobs, talk.job_ids(job)
    steps.ask_results(talk, job)
    steps.ask_metrics(talk, job)
    talk.finish(job)
    for _ in range(2):
        steps.ask_results(talk, job)
        steps.ask_metrics(talk, job)
        talk.read(job)
    if facts.given[0]:
        talk.call(facts.given[0], ids)
    talk.settle(lambda: _used(talk) >= used)
    steps.ask_list(talk, facts.listing, had)
    if talk.call(facts.delete, ids).succeeded:
        talk.read(job)
        steps.ask_results(talk, job)


def _used(talk: Conversation) -> float:
    """Ask what the account has used; 0 where nothing tells."""
    facts = talk.provider.usage
    told = answered(talk.call(facts.operation)).get(facts.used) if facts.operation else None
    return told if isinstance(told, int | float) else 0.0


def cancel_at_once(talk: Conversation) -> None:
    """Stop a job right after it was submitted, behind another, and watch it."""
    had = steps.place(talk)
    steps.submit(talk, had)
    job = steps.submit(talk, had, valid="a Bell circuit")
    talk.call(
        talk.provider.jobs.cancel,
        talk.job_ids(job),
        body=steps.body_of(talk, talk.provider.jobs.cancel),
    )
    for _ in range(2):
        talk.finish(job)
    steps.ask_results(talk, job)
    steps.ask_metrics(talk, job)


def cancel_too_late(talk: Conversation) -> None:
    """Stop a job that has ended: whatever is answered, it stays as it ended."""
    had = steps.place(talk)
    job = steps.submit(talk, had, valid="a Bell circuit")
    talk.finish(job)
    facts = talk.provider.jobs
    talk.call(facts.cancel, talk.job_ids(job), body=steps.body_of(talk, facts.cancel))
    talk.read(job)
    steps.ask_results(talk, job)


def several_circuits(talk: Conversation) -> None:
    """Submit circuits of different widths as one job, and read their results."""
    had = steps.place(talk)
    facts = talk.provider.jobs
    session = (
        steps.open_session(talk, had) if "session" in things_of(talk).named("job").needs else ""
    )
    circuits = [
        {"qubits": width, "gateset": "qis", "circuit": [{"gate": "x", "target": width - 1}]}
        for width in (3, 2, 1)
    ]
    named = {"session_id": session} if session else {}
    place = had[things_of(talk).place]
    if facts.several is None:
        raise Stop("a job has one circuit")
    job = talk.submit(facts.several(circuits, backend=place, shots=100, **named))
    if talk.state(talk.finish(job)) is State.COMPLETED:
        steps.ask_results(talk, job)


def unknown_job(talk: Conversation) -> None:
    """An id that nobody was given names nothing, by every route."""
    facts = talk.provider.jobs
    for operation in filter(None, (facts.read, facts.results, facts.cancel, facts.delete)):
        talk.call(
            operation,
            talk.job_ids(UNKNOWN),
            body=steps.body_of(talk, operation),
            expects=Expectation.REFUSED,
            because="no job has this id",
        )


def several_jobs(talk: Conversation) -> None:
    """Submit several jobs, each with a name of its own where there are names."""
    had = steps.place(talk)
    jobs = [steps.submit(talk, had, valid="a Bell circuit") for _ in range(3)]
    for job in reversed(jobs):
        talk.finish(job)
        steps.ask_results(talk, job)
    steps.ask_list(talk, talk.provider.jobs.listing, had)


def whole_session(talk: Conversation) -> None:
    """Open a session, run jobs in it, end it twice, try to go on."""
    had = steps.place(talk)
    session = steps.open_session(talk, had)
    steps.read_session(talk, session)
    for _ in range(2):
        job = steps.submit(talk, had, session=session, valid="a job in an open session")
        talk.finish(job)
        steps.read_session(talk, session)
    steps.ask_list(talk, talk.provider.sessions.listing, had)
    talk.settle(lambda: _counts(talk, session, 2))
    for _ in range(2):
        steps.end_session(talk, session)
        steps.await_end(talk, session)
    steps.try_job(talk, had, session)
    if talk.provider.sessions.opening:
        facts = talk.provider.sessions
        talk.call(facts.close, talk.session_ids(session), body=facts.opening)
    steps.read_session(talk, session)


def _counts(talk: Conversation, session: str, ended: int) -> bool:
    """Read a session; whether it says that so many of its jobs have ended, if it counts them."""
    told = steps.read_session(talk, session)
    field = talk.provider.sessions.finished_jobs
    return not field or told.get(field) == ended


def end_with_jobs(talk: Conversation) -> None:
    """End a session in which jobs wait, then look at them and at the session."""
    had = steps.place(talk)
    session = steps.open_session(talk, had)
    jobs = [steps.submit(talk, had, session=session) for _ in range(3)]
    steps.end_session(talk, session)
    for job in jobs:
        talk.finish(job)
    steps.read_session(talk, session)


def end_while_running(talk: Conversation) -> None:
    """End a session as soon as its first job is seen to run, then look at that job."""
    had = steps.place(talk)
    session = steps.open_session(talk, had)
    jobs = [steps.submit(talk, had, session=session) for _ in range(2)]
    _catch_running(talk, jobs[0])
    steps.end_session(talk, session)
    for job in jobs:
        talk.finish(job)
    steps.read_session(talk, session)


def _catch_running(talk: Conversation, job: str) -> None:
    """Poll quickly until a job runs, or has run."""
    until = time.monotonic() + _CATCHING
    while time.monotonic() < until:
        if talk.state(talk.read(job)) is not State.WAITING:
            return
        time.sleep(0.004)


def end_at_last(talk: Conversation) -> None:
    """Let a session last longer than it may, with jobs before and one after."""
    had = steps.place(talk)
    elsewhere = steps.elsewhere(talk, had)
    session = steps.open_session(talk, had, longest=_SHORT)
    talk.finish(steps.submit(talk, had, session=session))
    begun = steps.read_session(talk, session)
    steps.let_pass(
        talk, elsewhere, steps.moment_of(begun, talk.provider.sessions.counted_from), _SHORT + _LATE
    )
    steps.read_session(talk, session)
    steps.try_job(talk, had, session)
    steps.read_session(talk, session)


def wait_idly(talk: Conversation) -> None:
    """Leave a session idle for longer than it says, then go on with it."""
    had = steps.place(talk)
    facts = talk.provider.sessions
    elsewhere = steps.elsewhere(talk, had)
    try:
        session = steps.open_session(talk, had, **facts.idly)
    except Stop:
        session = steps.open_session(talk, had, **(facts.idly_else or facts.idly))
    talk.finish(steps.submit(talk, had, session=session))
    reading = steps.read_session(talk, session)
    idle = facts.seconds(reading.get(facts.idle))
    if idle is None:
        raise Stop("the session does not say how long it may be idle")
    steps.let_pass(talk, elsewhere, steps.service_time(talk), idle + _IDLE_LATE)
    steps.read_session(talk, session)
    if facts.busy & {after for _, after in facts.returns}:
        talk.finish(steps.submit(talk, had, session=session, valid="a job in an idle session"))
        steps.read_session(talk, session)
    steps.end_session(talk, session)


def close_to_new_jobs(talk: Conversation) -> None:
    """Close a session to new jobs: those it has run to their end, no other joins."""
    facts = talk.provider.sessions
    had = steps.place(talk)
    session = steps.open_session(talk, had)
    jobs = [
        steps.submit(talk, had, session=session, valid="a job in an open session") for _ in range(2)
    ]
    for _ in range(2):
        talk.call(facts.close, talk.session_ids(session), body=facts.closing)
    steps.read_session(talk, session)
    steps.try_job(talk, had, session)
    for job in jobs:
        talk.finish(job)
    steps.read_session(talk, session)


def same_name(talk: Conversation) -> None:
    """Open a session twice under one deduplication id; again after it has ended."""
    facts = talk.provider.sessions
    had = steps.place(talk)
    name = {facts.deduplication: f"qconform-{talk.random.getrandbits(48):x}"}
    first = steps.open_session(talk, had, **name)
    steps.open_session(talk, had, **name)
    steps.open_session(
        talk, had, **{facts.deduplication: f"qconform-{talk.random.getrandbits(48):x}"}
    )
    if talk.has_second_key:
        theirs = facts.request(backend=had[things_of(talk).place], **name)
        body = {**theirs, **scope_of(talk, Credential.SECOND)}
        talk.call(facts.create, body=body, credential=Credential.SECOND)
    steps.end_session(talk, first)
    steps.read_session(talk, first)
    steps.open_session(talk, had, **name)


def remove_session(talk: Conversation) -> None:
    """Remove a session with a job in it; neither can be read any more."""
    facts = talk.provider.sessions
    had = steps.place(talk)
    session = steps.open_session(talk, had)
    job = steps.submit(talk, had, session=session)
    talk.finish(job)
    steps.read_session(talk, session)
    if talk.call(facts.remove, talk.session_ids(session)).succeeded:
        steps.read_session(talk, session)
        talk.read(job)


def unknown_session(talk: Conversation) -> None:
    """Beside one that is open, a session that nobody opened cannot be read, ended or used."""
    facts = talk.provider.sessions
    had = steps.place(talk)
    opened = steps.open_session(talk, had)
    for operation in filter(None, (facts.read, facts.end, facts.close, facts.remove)):
        body = facts.closing if operation == facts.close else steps.body_of(talk, operation)
        talk.call(
            operation,
            talk.session_ids(UNKNOWN),
            body=body,
            expects=Expectation.REFUSED,
            because="no session has this id",
        )
    steps.try_job(talk, had, UNKNOWN)
    steps.end_session(talk, opened)


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
    session = steps.open_session(talk, had)
    body = facts.circuit(circuit, backend=had[place], shots=2000, session_id=session)
    job = talk.submit(body, valid=f"a circuit that shows {name}")
    if talk.state(talk.finish(job)) is State.COMPLETED:
        talk.call(facts.results, talk.job_ids(job))
    steps.end_session(talk, session)


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


JOBS: dict[str, Any] = {
    "whole-life": whole_life,
    "cancel-at-once": cancel_at_once,
    "cancel-too-late": cancel_too_late,
    "several-jobs": several_jobs,
    "unknown-job": unknown_job,
}
OF_JOBS: dict[str, tuple[str, Any]] = {"several-circuits": ("several", several_circuits)}
"""Name to what the provider's jobs must have for it, and the walk."""
SESSIONS: dict[str, Any] = {
    "whole-session": whole_session,
    "end-with-jobs": end_with_jobs,
    "end-while-running": end_while_running,
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
