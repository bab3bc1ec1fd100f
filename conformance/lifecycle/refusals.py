"""Walks over what the document forbids: each request breaks it in one known way."""

from __future__ import annotations

from typing import Any

from conformance.lifecycle.conversation import Conversation, answered
from conformance.lifecycle.jobs import BELL
from conformance.lifecycle.sessions import available_backend


def invalid_submissions(talk: Conversation) -> None:
    """Submit jobs that the document forbids; one that is made all the same is to be removed."""
    facts = talk.provider.jobs
    valid = facts.circuit(BELL, name="invalid")
    changes: tuple[dict[str, Any], ...] = (
        {"shots": 0},
        {"shots": 1_000_001},
        {"shots": "many"},
        {"color": "red"},
        {"name": 7},
        {"type": "ionq.no-such-type.v1"},
        {"input": []},
    )
    for change in changes:
        answer = answered(talk.call(facts.create, body=valid | change))
        if isinstance(answer.get("id"), str):
            talk.created.append((facts.delete, answer["id"]))


def invalid_sessions(talk: Conversation) -> None:
    """Open sessions that the document forbids; one that is opened all the same is to be ended."""
    facts = talk.provider.sessions
    backend = available_backend(talk)
    bodies: tuple[dict[str, Any], ...] = (
        {},
        {"backend": 7},
        facts.request(backend=backend, job_count_limit="two"),
    )
    for body in bodies:
        answer = answered(talk.call(facts.create, body=body))
        if isinstance(answer.get("id"), str):
            talk.created.append((facts.end, answer["id"]))


WALKS: dict[str, Any] = {"invalid-submissions": invalid_submissions}
SESSION_WALKS: dict[str, Any] = {"invalid-sessions": invalid_sessions}
