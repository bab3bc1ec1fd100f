"""The scenarios of `cassettes/ionq/`: walks of the harness, played to a mock in this process.

No port, no clock of the wall, one request after the other: the same bytes each time.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from conformance import spec
from conformance.lifecycle import (
    Conversation,
    Walk,
    access_walks,
    input_walks,
    lifecycle_walks,
    physics_walks,
)
from conformance.mock import InstantClock
from conformance.mock.ionq import IonqMock, app
from conformance.model import Case, Credential, Exchange, Expectation, Response
from conformance.providers import provider
from conformance.traffic import Origin
from conformance.transport import Redactor

IONQ = provider("ionq")
DOCUMENT = spec.load("ionq")
ORIGIN = Origin(
    provider="ionq",
    target="embedded mock",
    recorded="2026-11-21T00:00:00+00:00",
    tool="0.1.0",
    document=DOCUMENT.source,
    digest=DOCUMENT.digest,
    note="Recorded from the mock of qconform, not from the service.",
)


class Recorder:
    """Sends cases to a mock of its own and keeps the exchanges, secrets removed."""

    def __init__(self, mock: IonqMock) -> None:
        self._mock = mock
        self._redactor = Redactor(mock.keys)
        self.kept: list[Exchange] = []

    def send(self, case: Case) -> Exchange:
        first, second = self._mock.keys[:2]
        keys = {
            Credential.FIRST: first,
            Credential.SECOND: second,
            Credential.WRONG: IONQ.wrong_key,
            Credential.CUT: first[: len(first) // 2],
            Credential.LONGER: f"{first}0",
        }
        request = case.request
        if case.credential in keys:
            header = IONQ.authorization(keys[case.credential])
            request = replace(request, headers=(*request.headers, header))
        response = asyncio.run(answer(self._mock, replace(case, request=request)))
        exchange = Exchange(
            case=replace(case, request=request), response=response, number=len(self.kept) + 1
        )
        self.kept.append(self._redactor.exchange(exchange))
        return exchange


async def answer(mock: IonqMock, case: Case) -> Response:
    """Return what the application answers, without a server between."""
    path, _, query = case.request.path.partition("?")
    whole = mock.base_path + path
    scope = {
        "type": "http",
        "method": case.request.method,
        "path": unquote(whole),
        "raw_path": whole.encode(),
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
    return Response(
        status=sent[0]["status"],
        headers=headers,
        body=b"".join(message.get("body", b"") for message in sent[1:]),
    )


def conversation(walk: Walk, send: Callable[[Case], Exchange]) -> Conversation:
    return Conversation(
        name=walk.name,
        suite=walk.suite,
        specification=DOCUMENT,
        lenient=spec.load("ionq", lenient=True),
        provider=IONQ,
        send=send,
        random=random.Random(1),  # noqa: S311 - cases, not secrets
        has_second_key=True,
    )


def all_walks() -> dict[str, Walk]:
    walks = [
        *access_walks(DOCUMENT),
        *lifecycle_walks(),
        *input_walks(DOCUMENT, IONQ),
        *physics_walks(0),
    ]
    return {f"{walk.suite}.{walk.name}": walk for walk in walks}


def recorded(walk: Walk) -> list[Exchange]:
    """Play `walk` to a fresh mock and return its exchanges."""
    recorder = Recorder(app(seed=1, clock=InstantClock()))
    walk.run(conversation(walk, recorder.send))
    return recorder.kept


def artifacts(talk: Conversation) -> None:
    """Ask for what a job leaves beside its results."""
    job = talk.submit(IONQ.jobs.circuit(CIRCUIT), valid="a small circuit")
    talk.finish(job)
    ids = talk.job_ids(job)
    talk.call("GetCompiledFile", {**ids, "lang": "qasm3"})
    for kind in ("Probabilities", "Histogram", "Shots"):
        talk.call(f"GetVariant{kind}", {**ids, "variantId": "0"})


def refusals_of_http(talk: Conversation) -> None:
    """Ask for what HTTP itself refuses: another method, another media type."""
    because = "nobody offers it"
    talk.ask("PATCH", "/backends", expects=Expectation.REFUSED, because=because)
    plain = (("Content-Type", "text/plain"),)
    talk.call("CreateSession", body={"backend": "simulator"}, headers=plain)


CIRCUIT = {"qubits": 1, "gateset": "qis", "circuit": [{"gate": "h", "target": 0}]}
OWN = (
    Walk(suite="lifecycle", name="artifacts", run=artifacts),
    Walk(suite="contract", name="refusals-of-http", run=refusals_of_http),
)
NAMES = (
    "lifecycle.whole-life", "lifecycle.cancel-at-once", "lifecycle.cancel-too-late",
    "lifecycle.dry-run", "lifecycle.impossible-jobs", "lifecycle.several-circuits",
    "lifecycle.plain-submissions", "lifecycle.many-at-once", "lifecycle.unknown-job",
    "lifecycle.pages", "lifecycle.filters", "lifecycle.filtered-pages", "lifecycle.newest",
    "lifecycle.backends", "lifecycle.estimates", "lifecycle.usage", "lifecycle.whole-session",
    "lifecycle.job-count", "lifecycle.active-sessions", "lifecycle.cost-limit",
    "lifecycle.other-backend", "lifecycle.unknown-session",
    "access.getWhoami-keys", "access.CreateJob-keys", "access.GetJob-keys",
    "access.GetJob-other-tenant", "access.CancelJob-other-tenant", "access.GetSession-other-tenant",
    "access.EndSession-other-tenant", "access.getCharacterization-keys", "access.get-usages-keys",
    "access.DeleteJobs-keys", "contract.plain-reads", "contract.unknown-paths",
    "contract.wrong-paths", "contract.wrong-session-0", "contract.wrong-DeleteJobs-1",
    "contract.wrong-CancelJobs-1", "contract.wrong-query-EstimateJobCost",
    "contract.wrong-query-GetJobs", "contract.wrong-query-get-usages", "contract.wrong-qis-job-0",
    "physics.order-x-on-qubit-0", "physics.native-gpi", "physics.controlled-x",
    "physics.gate-s", "physics.several-gatesets",
)  # fmt: skip
"""Suite and name of each walk that is recorded."""


def scenarios() -> dict[str, Walk]:
    """Return what is recorded, by the name of its cassette."""
    walks = all_walks()
    return {walk.name: walk for walk in (*(walks[name] for name in NAMES), *OWN)}
