"""Walks over access: no key, a wrong key, and another tenant's key on every operation."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.jobs import BELL
from conformance.lifecycle.money import organization_of
from conformance.lifecycle.physics import read_results
from conformance.model import Credential, Expectation, Operation

_UNKNOWN = "00000000-0000-4000-8000-00000000dead"


@dataclass(slots=True)
class _Material:
    """A call of an operation that its owner could make."""

    ids: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    job: str = ""
    unfinished: bool = False
    """Whether the job was left as it was submitted, so that a stranger could still stop it."""
    session: str = ""


def needs_session(operation: Operation) -> bool:
    """Whether calling the operation takes a session, which a QPU would run."""
    return operation.path.startswith("/sessions")


def has_owner(operation: Operation) -> bool:
    """Whether what the operation reads or changes belongs to one tenant."""
    owned = ("/jobs", "/sessions", "/organizations")
    made_by_caller = operation.method == "POST" and "{" not in operation.path
    return (
        operation.authenticated
        and operation.path.startswith(owned)
        and operation.path != "/jobs/estimate"
        and not made_by_caller
    )


def try_keys(talk: Conversation, *, operation: Operation) -> None:
    """Call `operation` without a key and with a wrong one, all else being right."""
    made = _material(talk, operation)
    for credential in (Credential.NONE, Credential.WRONG, Credential.CUT):
        if operation.authenticated:
            expects, because = Expectation.REFUSED, f"the key is {credential}"
        elif credential is Credential.NONE and "{UUID}" not in operation.path:
            expects, because = Expectation.ACCEPTED, "the operation is open"
        else:
            continue
        talk.call(
            operation.id,
            made.ids,
            query=made.query,
            body=made.body,
            credential=credential,
            expects=expects,
            because=because,
        )
    if operation.id in {"getWhoami", talk.provider.jobs.read}:
        talk.call(
            operation.id,
            made.ids,
            query=made.query,
            credential=Credential.LONGER,
            expects=Expectation.REFUSED,
            because="the key has a character more",
        )
        for form in (Credential.BARE, Credential.OTHER_SCHEME):
            talk.call(operation.id, made.ids, query=made.query, credential=form)
    _read_again(talk, made)


def try_other_tenant(talk: Conversation, *, operation: Operation) -> None:
    """Call `operation` on the first tenant's things with the second tenant's key.

    Raises:
        Stop: There is no second key, or both keys belong to one owner.
    """
    if not talk.has_second_key:
        raise Stop("no second key was given")
    require_two_owners(talk, operation)
    made = _material(talk, operation)
    named = "{" in operation.path
    talk.call(
        operation.id,
        made.ids,
        query=made.query,
        body=made.body,
        credential=Credential.SECOND,
        expects=Expectation.REFUSED if named else Expectation.FREE,
        because="it belongs to another tenant" if named else "",
    )
    if operation.id == talk.provider.jobs.listing:
        _list_by_filters(talk, made)
    if operation.id == talk.provider.jobs.results_of_many:
        query = {"parent_job_id": made.job}
        talk.call(talk.provider.jobs.listing, query=query, credential=Credential.SECOND)
    if made.session:
        _intrude(talk, made.session)
    if made.unfinished:
        talk.finish(made.job)
    _read_again(talk, made)


def require_two_owners(talk: Conversation, operation: Operation) -> None:
    """Stop where both keys may see the same things: in one project, or one organisation."""
    keys = (Credential.FIRST, Credential.SECOND)
    projects = [answered(talk.call("getWhoami", credential=k)).get("project_id") for k in keys]
    if projects[0] is not None and projects[0] == projects[1]:
        raise Stop("both keys belong to one project")
    if operation.path.startswith("/organizations"):
        organizations = [organization_of(talk, credential=k) for k in keys]
        if organizations[0] == organizations[1]:
            raise Stop("both keys belong to one organisation")


def _intrude(talk: Conversation, session: str) -> None:
    """Look for a session's jobs, and submit into it, with the second tenant's key."""
    facts = talk.provider.jobs
    stranger = Credential.SECOND
    talk.call(facts.listing, query={"session_id": session}, credential=stranger)
    body = facts.circuit(BELL, backend=available_backend(talk), shots=100, session_id=session)
    answer = answered(talk.call(facts.create, body=body, credential=stranger))
    if isinstance(answer.get("id"), str):
        talk.finish(answer["id"], credential=stranger)
    talk.call(talk.provider.sessions.jobs, talk.session_ids(session))


def _list_by_filters(talk: Conversation, made: _Material) -> None:
    reading = talk.read(made.job)
    submitter = reading.get("submitter_id")
    queries: tuple[dict[str, Any], ...] = (
        {"ids": [made.job]},
        {"submitter_id": submitter},
        {"limit": 50},
    )
    for query in queries:
        talk.call(talk.provider.jobs.listing, query=query, credential=Credential.SECOND)


def _read_again(talk: Conversation, made: _Material) -> None:
    if made.job:
        talk.read(made.job)
    if made.session:
        talk.call(talk.provider.sessions.read, talk.session_ids(made.session))


def _material(talk: Conversation, operation: Operation) -> _Material:
    """Make what the operation needs: a finished job, a session, ids, query and body."""
    made = _Material()
    path = operation.path
    if path.startswith("/jobs") and operation.id not in {
        talk.provider.jobs.create,
        talk.provider.jobs.estimate,
    }:
        made.unfinished = operation.id in {
            talk.provider.jobs.cancel,
            talk.provider.jobs.cancel_many,
        }
        made.job = _make_job(talk, operation)
        if not made.unfinished:
            read_results(talk, made.job)
        made.ids = {**talk.job_ids(made.job), "variantId": _UNKNOWN, "lang": "native"}
    if path.startswith("/sessions"):
        backend = available_backend(talk)
        if "{session_id}" in path or operation.method == "GET":
            made.session = talk.open_session(talk.provider.sessions.request(backend=backend))
            made.ids = talk.session_ids(made.session)
            if operation.id == talk.provider.sessions.jobs:
                body = talk.provider.jobs.circuit(
                    BELL, backend=backend, shots=100, session_id=made.session
                )
                made.job = talk.submit(body)
        else:
            made.body = talk.provider.sessions.request(backend=backend)
    if path.startswith("/backends"):
        made.ids = _backend_ids(talk, path)
    if path.startswith("/organizations"):
        made.ids = {"organization_id": organization_of(talk) or _UNKNOWN}
        today = dt.datetime.now(dt.UTC).date()
        made.query = {
            "start_date": str(today - dt.timedelta(days=7)),
            "end_date": str(today),
            "group_by": "project",
            "modality": "daily",
        }
    if operation.id == talk.provider.jobs.estimate:
        made.query = {"backend": talk.provider.jobs.ideal_backend}
    if operation.id == talk.provider.jobs.create:
        made.body = talk.provider.jobs.circuit(BELL)
    elif operation.body and made.body is None:
        made.body = {"ids": [made.job]}
    return made


def _make_job(talk: Conversation, operation: Operation) -> str:
    facts = talk.provider.jobs
    if operation.id == facts.results_of_many:
        entry = {"circuit": BELL["circuit"]}
        return talk.submit(facts.circuits([entry, entry], qubits=2, name="access"))
    return talk.submit(facts.circuit(BELL, name="access"))


def _backend_ids(talk: Conversation, path: str) -> dict[str, str]:
    if "{" not in path:
        return {}
    backend = available_backend(talk)
    ids = {"backend": backend}
    if "{UUID}" in path:
        answer = talk.call("getCharacterizationsForBackend", ids)
        entries = answered(answer).get("characterizations") or [{}]
        if not isinstance(entries[0], dict) or "id" not in entries[0]:
            raise Stop(f"{backend} has no characterization")
        ids["UUID"] = entries[0]["id"]
    return ids
