"""Which machines a target offers: discovered, never assumed."""

from __future__ import annotations

from conformance.lifecycle.conversation import Conversation, Stop


def available_backends(talk: Conversation) -> list[str]:
    """Return the names of the QPUs that the target offers now."""
    listed = talk.call("getBackends")
    body = listed.response.json_or_none() if listed.response and listed.succeeded else None
    return [
        backend["backend"]
        for backend in (body if isinstance(body, list) else [])
        if isinstance(backend, dict)
        and isinstance(backend.get("backend"), str)
        and backend["backend"].startswith("qpu.")
        and backend.get("status") == "available"
    ]


def available_backend(talk: Conversation, *, preferred: str = "") -> str:
    """Return the name of a QPU that the target offers: the preferred one, if it is offered.

    Raises:
        Stop: It offers none.
    """
    names = available_backends(talk)
    if not names:
        raise Stop("the target offers no available QPU")
    return preferred if preferred in names else names[0]
