"""A scenario's side of the talk: operations by name, live ids, patient polling."""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from conformance.model import (
    Case,
    Credential,
    Delivery,
    Exchange,
    Expectation,
    Headers,
    Operation,
    Request,
    Specification,
)
from conformance.providers import Provider, State
from conformance.spec import match

Query = Mapping[str, Any]
"""Texts, integers, booleans, and lists of texts that become repeated parameters."""

_JSON = ("Content-Type", "application/json")
_FIRST_PAUSE = 0.004
_LONGEST_PAUSE = 1.0


class Stop(Exception):
    """A walk cannot go on: what it needed was not to be had. What was seen is judged."""


class Forbidden(Stop):
    """A request was not sent because the run may not send it; others may follow."""


@dataclass(slots=True, kw_only=True)
class Conversation:
    """What a walk may do: call operations, and wait for a job to end.

    Args:
        send: Sends a case and returns the exchange, recorded and judged by itself.
        random: The scenario's own generator, seeded by run, suite and scenario.
        patience: Seconds that a job may take from submission to its end.
        owns_target: Whether the target is loopback, so that it may be asked for more than
            reads and simulator jobs.
    """

    name: str
    suite: str
    specification: Specification
    lenient: Specification
    """The document widened by the tolerances: what only it accepts may be refused or not."""
    provider: Provider
    send: Callable[[Case], Exchange]
    random: random.Random
    patience: float = 30.0
    owns_target: bool = True
    has_second_key: bool = False
    scopes: Mapping[Credential, Mapping[str, str]] = field(default_factory=dict)
    """What requests of each account name: its project, for one."""
    objections: Callable[[Sequence[Exchange]], frozenset[str]] = lambda _history: frozenset()
    """Names the departures in a history that the run has not reported yet."""
    history: list[Exchange] = field(default_factory=list)
    _steps: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def _next_id(self) -> str:
        return f"{self.suite}.{self.name}.{next(self._steps)}"

    def call(
        self,
        operation: str,
        ids: Mapping[str, str] | None = None,
        *,
        query: Query | None = None,
        body: Any = None,
        raw: bytes | None = None,
        expects: Expectation = Expectation.FREE,
        because: str = "",
        credential: Credential = Credential.FIRST,
        headers: Headers = (),
        delivery: Delivery = Delivery.WHOLE,
    ) -> Exchange:
        """Call `operation` and return the exchange; `ids` fill its path, `raw` replaces `body`.

        Raises:
            Stop: The provider names no such operation.
        """
        if not operation:
            raise Stop("the API has no operation for this")
        described = self.specification.operation(operation)
        request = build_request(described, ids or {}, query or {}, body, headers)
        if raw is not None:
            labelled = any(name.lower() == "content-type" for name, _ in headers)
            request = replace(request, body=raw, headers=headers if labelled else (_JSON, *headers))
        case = Case(
            id=self._next_id(),
            suite=self.suite,
            operation=described,
            request=replace(request, delivery=delivery),
            expects=expects,
            because=because,
            credential=credential,
        )
        exchange = self.send(case)
        self.history.append(exchange)
        return exchange

    def ask(self, method: str, path: str, *, expects: Expectation, because: str) -> Exchange:
        """Send a request that is for no operation of the document."""
        case = Case(
            id=self._next_id(),
            suite=self.suite,
            operation=None,
            request=Request(method=method, path=path),
            expects=expects,
            because=because,
        )
        exchange = self.send(case)
        self.history.append(exchange)
        return exchange

    def at_once(self, calls: Sequence[Callable[[], Exchange]]) -> list[Exchange]:
        """Make `calls` at the same moment, as far as threads can, and return their exchanges."""
        ready = threading.Barrier(len(calls))

        def make(call: Callable[[], Exchange]) -> Exchange:
            ready.wait(timeout=10.0)
            return call()

        with ThreadPoolExecutor(max_workers=len(calls)) as pool:
            return list(pool.map(make, calls))

    def fetch(self, url: str) -> Exchange | None:
        """Get what a response named by its URL, if it is on the target: nothing else is asked."""
        base = self.specification.base_path
        path = url.removeprefix(base) if url.startswith(f"{base}/") else ""
        found = match(self.specification, "GET", path) if path else None
        if found is None:
            return None
        case = Case(
            id=self._next_id(),
            suite=self.suite,
            operation=found[0],
            request=Request(method="GET", path=path),
        )
        exchange = self.send(case)
        self.history.append(exchange)
        return exchange

    def tolerant(self, operation: Operation) -> Operation:
        """Return `operation` as the widened document has it."""
        return self.lenient.operation(operation.id)

    def submit(self, body: Mapping[str, Any], *, valid: str = "", **options: Any) -> str:
        """Create a job and return its id; `valid` says why it must be accepted.

        Raises:
            Stop: The service refused, or the answer holds no id.
        """
        if valid:
            options = {"expects": Expectation.ACCEPTED, "because": valid, **options}
        exchange = self.call(self.provider.jobs.create, body=body, **options)
        return self._made(exchange)

    def open_session(self, body: Mapping[str, Any]) -> str:
        """Create a session and return its id, once it takes jobs.

        Raises:
            Stop: The service refused, or the answer holds no id.
        """
        exchange = self.call(self.provider.sessions.create, body=body)
        made = self._made(exchange)
        self.await_start(made)
        return made

    def await_start(self, session: str) -> None:
        """Poll until `session` takes jobs, where it need not take them at once."""
        facts = self.provider.sessions
        deadline, pause = time.monotonic() + self.patience, _FIRST_PAUSE * 8
        while facts.ready:
            told = answered(self.call(facts.read, self.session_ids(session)))
            waits = told.get(facts.state) == facts.states[0]
            if not waits or time.monotonic() + pause > deadline:
                return
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _made(self, exchange: Exchange) -> str:
        answer = answered(exchange)
        identifier = answer.get("id")
        if not exchange.succeeded or not isinstance(identifier, str) or not identifier:
            raise Stop(f"{exchange.case.request.method} {exchange.case.request.path} made nothing")
        return identifier

    def read(self, job: str, **options: Any) -> dict[str, Any]:
        """Read a job; an empty mapping when it cannot be read."""
        return answered(self.call(self.provider.jobs.read, self.job_ids(job), **options))

    def job_ids(self, job: str) -> dict[str, str]:
        """Return the path parameters that name `job`."""
        return {self.provider.jobs.id_parameter: job}

    def session_ids(self, session: str) -> dict[str, str]:
        """Return the path parameters that name `session`."""
        return {self.provider.sessions.id_parameter: session}

    def state(self, job: Mapping[str, Any]) -> State:
        """Return where `job` is in its life."""
        return self.provider.jobs.states.get(str(job.get("status")), State.UNKNOWN)

    def settle(self, ask: Callable[[], bool]) -> None:
        """Ask for lists until `ask` says that they are up to date, or have had time to be."""
        until = time.monotonic() + self.provider.list_lag
        pause = _FIRST_PAUSE * 8
        while True:
            late = time.monotonic() >= until
            if ask() or late:
                return
            time.sleep(min(pause, max(until - time.monotonic(), 0.0) + 0.001))
            pause *= 2

    def finish(self, job: str, **options: Any) -> dict[str, Any]:
        """Poll until `job` has ended and return its last reading; `options` are those of `call`.

        Raises:
            Stop: It does not end within the patience of the run, or cannot be read.
        """
        begun = time.monotonic()
        deadline = begun + self.patience
        pause = _FIRST_PAUSE
        while True:
            asked_after = time.monotonic() - begun
            reading = self.read(job, **options)
            state = self.state(reading)
            if state.terminal:
                return reading
            if state is State.UNKNOWN and not self._may_come(asked_after):
                raise Stop(f"job {job} cannot be read")
            if time.monotonic() + pause > deadline:
                raise Stop(f"job {job} did not end within {self.patience:g} s")
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _may_come(self, asked_after: float) -> bool:
        """Whether what was just answered 404 may be there later: a service may read a copy."""
        response = self.history[-1].response
        late = asked_after > self.provider.list_lag
        return response is not None and response.status == 404 and not late


def answered(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object of a successful answer, or an empty one."""
    if exchange.response is None or not exchange.succeeded:
        return {}
    body = exchange.response.json_or_none()
    return body if isinstance(body, dict) else {}


def build_request(
    operation: Operation, ids: Mapping[str, str], query: Query, body: Any, headers: Headers = ()
) -> Request:
    """Return the request for `operation`; lists in the query are repeated parameters."""
    path = operation.path
    for parameter in operation.parameters:
        if parameter.location == "path":
            value = quote(str(ids.get(parameter.name, "")), safe="")
            path = path.replace(f"{{{parameter.name}}}", value)
    if query:
        path += "?" + urlencode({name: _text(value) for name, value in query.items()}, doseq=True)
    if body is None:
        return Request(method=operation.method, path=path, headers=headers)
    return Request(
        method=operation.method,
        path=path,
        headers=(_JSON, *headers),
        body=json.dumps(body).encode(),
    )


def _text(value: Any) -> str | list[str]:
    if isinstance(value, bool):
        return "true" if value else "false"
    return list(value) if isinstance(value, list) else str(value)
