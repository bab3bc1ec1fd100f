"""Walks over sessions: made, used, limited, ended. Only on targets that are ours."""

from __future__ import annotations

from typing import Any

from conformance.lifecycle.backends import available_backend, available_backends
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.jobs import BELL, job_entries
from conformance.lifecycle.lists import follow


def whole_session(talk: Conversation) -> None:
    """Open a session, run a job in it, list its jobs, end it, try to go on."""
    backend = available_backend(talk)
    most = {"unit": "usd", "value": 1_000_000}
    settings = {"job_count_limit": 5, "duration_limit_min": 30, "cost_limit": most}
    session = talk.open_session(talk.provider.sessions.request(backend=backend, **settings))
    _read(talk, session)
    job = _submit(talk, backend, session, "in the session")
    talk.finish(job)
    _read(talk, session)
    second = _submit(talk, backend, session, "in the session, too")
    talk.finish(second)
    _await_jobs(talk, session, {job, second})
    failed = {"status": "failed", "target": backend}
    talk.call(talk.provider.sessions.jobs, talk.session_ids(session), query=failed)
    dry = _try(talk, {**_body(talk, backend, session, "a dry run in the session"), "dry_run": True})
    if dry:
        talk.call(talk.provider.jobs.cost, talk.job_ids(dry))
    one = {"limit": 1}
    follow(talk, talk.provider.sessions.jobs, talk.session_ids(session), one, pages=4)
    _await_sessions(talk, session)
    talk.call(talk.provider.sessions.end, talk.session_ids(session))
    _read(talk, session)
    talk.call(talk.provider.sessions.end, talk.session_ids(session))
    _read(talk, session)
    _try_job(talk, backend, session, "after the end")
    _try(talk, _several(talk, backend, session, "after the end"))
    talk.call(talk.provider.sessions.jobs, talk.session_ids(session))


def job_count(talk: Conversation) -> None:
    """A session for one job does not run a second one."""
    backend = available_backend(talk)
    request = talk.provider.sessions.request(backend=backend, job_count_limit=1)
    session = talk.open_session(request)
    talk.finish(_submit(talk, backend, session, "the only one"))
    _try_job(talk, backend, session, "one too many")
    _try(talk, _several(talk, backend, session, "two too many"))
    talk.call(talk.provider.sessions.jobs, talk.session_ids(session))
    talk.call(talk.provider.sessions.end, talk.session_ids(session))


def active_sessions(talk: Conversation) -> None:
    """The filter `active` tells open sessions from ended ones."""
    backend = available_backend(talk)
    opened = talk.open_session(talk.provider.sessions.request(backend=backend))
    ended = talk.open_session(talk.provider.sessions.request(backend=backend))
    talk.call(talk.provider.sessions.end, talk.session_ids(ended))
    _read(talk, opened)
    _await_sessions(talk, opened, ended)
    talk.call(talk.provider.sessions.listing, query={"active": True})
    talk.call(talk.provider.sessions.listing, query={"active": False})
    talk.call(talk.provider.sessions.end, talk.session_ids(opened))


def other_backend(talk: Conversation) -> None:
    """A session for one machine does not run jobs on another."""
    backend, *others = available_backends(talk) or [""]
    if not backend:
        raise Stop("the target offers no available QPU")
    session = talk.open_session(talk.provider.sessions.request(backend=backend))
    _read(talk, session)
    for other in (*others[:1], talk.provider.jobs.ideal_backend):
        _try_job(talk, other, session, "on another machine")
    talk.call(talk.provider.sessions.end, talk.session_ids(session))


def cost_limit(talk: Conversation) -> None:
    """A session that may spend a cent does not run job after job, of one circuit or several."""
    backend = available_backend(talk)
    limit = {"unit": "usd", "value": 0.01}
    session = talk.open_session(talk.provider.sessions.request(backend=backend, cost_limit=limit))
    one = _body(talk, backend, session, "a job")
    several = _several(talk, backend, session, "several circuits")
    for body in (one, several):
        for _ in range(3):
            job = _try(talk, body)
            if not job:
                break
            talk.call(talk.provider.jobs.cost, talk.job_ids(job))
    talk.call(talk.provider.sessions.end, talk.session_ids(session))


def unknown_session(talk: Conversation) -> None:
    """A job for a session that does not exist is refused, or fails."""
    backend = available_backend(talk)
    nobody = "00000000-0000-4000-8000-00000000dead"
    _read(talk, nobody)
    _try_job(talk, backend, nobody, "in no session")


def _await_jobs(talk: Conversation, session: str, jobs: set[str]) -> None:
    """List the jobs of a session until these are among them, or have had time to be."""

    def ask() -> bool:
        page = answered(talk.call(talk.provider.sessions.jobs, talk.session_ids(session)))
        return jobs <= {entry["id"] for entry in job_entries(page)}

    talk.settle(ask)


def _await_sessions(talk: Conversation, *wanted: str) -> None:
    """List the sessions until these are among them, or have had time to be."""

    def ask() -> bool:
        listed = answered(talk.call(talk.provider.sessions.listing)).get("sessions")
        entries = listed if isinstance(listed, list) else []
        return all(any(isinstance(e, dict) and e.get("id") == w for e in entries) for w in wanted)

    talk.settle(ask)


def _submit(talk: Conversation, backend: str, session: str, name: str) -> str:
    return talk.submit(_body(talk, backend, session, name))


def _body(talk: Conversation, backend: str, session: str, name: str) -> dict[str, Any]:
    return talk.provider.jobs.circuit(
        BELL, backend=backend, shots=100, name=name, session_id=session
    )


def _several(talk: Conversation, backend: str, session: str, name: str) -> dict[str, Any]:
    fields = {"backend": backend, "shots": 100, "name": name, "session_id": session}
    return talk.provider.jobs.circuits([{"circuit": BELL["circuit"]}] * 2, qubits=2, **fields)


def _try_job(talk: Conversation, backend: str, session: str, name: str) -> str:
    """Submit where a refusal is due; follow to its end what was taken, and return its id."""
    return _try(talk, _body(talk, backend, session, name))


def _try(talk: Conversation, body: dict[str, Any]) -> str:
    """Submit what may be refused; follow to its end what was taken, and return its id."""
    answer = answered(talk.call(talk.provider.jobs.create, body=body))
    job = answer.get("id")
    if not isinstance(job, str):
        return ""
    talk.finish(job)
    return job


def _read(talk: Conversation, session: str) -> dict[str, Any]:
    return answered(talk.call(talk.provider.sessions.read, talk.session_ids(session)))


WALKS: dict[str, Any] = {
    "whole-session": whole_session,
    "job-count": job_count,
    "active-sessions": active_sessions,
    "cost-limit": cost_limit,
    "other-backend": other_backend,
    "unknown-session": unknown_session,
}
