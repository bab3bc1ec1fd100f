"""The scenarios of `cassettes/` for providers known by their table of things.

Walks of the harness, played to a mock in this process: no port, one request after the other.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from conformance import spec
from conformance.engine.keys import key_headers, keys_by_credential
from conformance.lifecycle import Conversation, Walk, walks_over_things
from conformance.mock import InstantClock
from conformance.mock.http import AsgiApp
from conformance.mock.playing import keys_of, mock_of
from conformance.model import Case, Exchange, Response
from conformance.providers import provider
from conformance.traffic import Origin
from conformance.transport import Redactor

PROVIDERS = ("ibm", "scaleway")
_BY_NAME = {
    "ibm": (
        "access.create_session-keys", "access.get_session-other-tenant",
        "access.list_jobs-other-tenant", "contract.wrong-create_session-0",
        "contract.wrong-query-list_workloads", "contract.unknown-paths",
    ),
    "scaleway": (
        "access.CreateSession-keys", "access.GetSession-other-tenant",
        "access.ListSessions-other-tenant", "contract.wrong-CreateSession-0",
        "contract.wrong-query-ListSessions", "contract.unknown-paths",
    ),
}  # fmt: skip
_PHYSICS = ("order-x-on-qubit-0", "gate-h")


class Recorder:
    """Sends cases to a mock of its own and keeps the exchanges, secrets removed."""

    def __init__(self, name: str) -> None:
        self._facts = provider(name)
        self._base = spec.load(name).base_path
        self._mock: AsgiApp = mock_of(name, seed=1, strict=False, clock=InstantClock())
        first, second = keys_of(name)
        self.keys = keys_by_credential(self._facts, first, second)
        self._redactor = Redactor(map(self._facts.secret, (first, second)))
        self.kept: list[Exchange] = []

    def send(self, case: Case) -> Exchange:
        request = case.request
        headers = key_headers(self._facts, case.credential, self.keys)
        request = replace(request, headers=(*request.headers, *headers))
        sent = replace(case, request=request)
        response = asyncio.run(answer(self._mock, self._base, sent))
        exchange = Exchange(case=sent, response=response, number=len(self.kept) + 1)
        self.kept.append(self._redactor.exchange(exchange))
        return exchange


async def answer(mock: AsgiApp, base: str, case: Case) -> Response:
    """Return what the application answers, without a server between."""
    path, _, query = case.request.path.partition("?")
    scope = {
        "type": "http",
        "method": case.request.method,
        "path": unquote(base + path),
        "raw_path": (base + path).encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(k.lower().encode(), v.encode()) for k, v in case.request.headers],
        "client": ("127.0.0.1", 1),
    }
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": case.request.body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await mock(scope, receive, send)
    headers = tuple((k.decode(), v.decode()) for k, v in sent[0]["headers"])
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Response(status=sent[0]["status"], headers=headers, body=body)


def scenarios(name: str) -> dict[str, Walk]:
    """Return what is recorded of a provider, by the name of its cassette."""
    document, facts = spec.load(name), provider(name)
    suites = ("access", "lifecycle", "physics", "contract")
    walks = [w for suite in suites for w in walks_over_things(suite, document, facts, 0)]
    return {
        walk.name: walk
        for walk in walks
        if walk.suite == "lifecycle"
        or walk.name.startswith("right-")
        or f"{walk.suite}.{walk.name}" in _BY_NAME[name]
        or (walk.suite == "physics" and walk.name in _PHYSICS)
    }


def recorded(name: str, walk: Walk) -> list[Exchange]:
    """Play `walk` to a fresh mock and return its exchanges."""
    recorder = Recorder(name)
    facts = provider(name)
    talk = Conversation(
        name=walk.name,
        suite=walk.suite,
        specification=spec.load(name),
        lenient=spec.load(name, lenient=True),
        provider=facts,
        send=recorder.send,
        random=random.Random(1),  # noqa: S311 - cases, not secrets
        has_second_key=True,
        scopes={who: facts.scope(key) for who, key in recorder.keys.items()},
    )
    walk.run(talk)
    return recorder.kept


def origin(name: str) -> Origin:
    """Return what a cassette says of where it is from."""
    document = spec.load(name)
    return Origin(
        provider=name,
        target="embedded mock",
        recorded="2026-11-21T00:00:00+00:00",
        tool="0.1.0",
        document=document.source,
        digest=document.digest,
        note="Recorded from the mock of qconform, not from the service.",
    )
