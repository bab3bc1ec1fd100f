"""What the mocks of all providers share: from an ASGI request to a handler and back."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from conformance import spec
from conformance.mock.clock import Clock
from conformance.mock.faults import Faults
from conformance.mock.faults.shared import faults_for
from conformance.mock.http import (
    Answer,
    ClientGone,
    Receive,
    Refusal,
    Request,
    Scope,
    Send,
    live_and_die,
    read_body,
    request_of,
    send_answer,
)
from conformance.mock.ionq.contracts import Contracts
from conformance.mock.ionq.routing import Router
from conformance.mock.ionq.validation import Validation
from conformance.mock.leniency import Leniency
from conformance.mock.misdeeds import MISDEEDS, Scene
from conformance.model import Operation
from conformance.providers import provider as facts_of

Who = TypeVar("Who")
World = TypeVar("World")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[Who, World]):
    """One request after its shape has been checked, as a handler sees it."""

    operation: Operation
    account: Who
    """Who asks; for operations that need no key, the first account stands for anybody."""
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    world: World


Handlers: TypeAlias = Mapping[str, Callable[[Any], Answer]]
"""Operation id to what serves it."""


class RestMock(ABC, Generic[Who, World]):
    """A provider's API as an ASGI application; what is the provider's own is in its subclass."""

    provider: ClassVar[str]
    """Name of the folder of `specs/`."""
    base_path: ClassVar[str]
    """Path prefix that a client is given."""
    handlers: ClassVar[Handlers]
    accounts: ClassVar[tuple[Any, ...]]
    """Every account, the first one first."""

    def __init__(
        self, *, clock: Clock, world: World, strict: bool, faults: Iterable[str] = ()
    ) -> None:
        letter = spec.load(self.provider)
        served = letter if strict else spec.load(self.provider, lenient=True)
        contracts = Contracts(
            served=served,
            letter=letter,
            tolerances=spec.tolerances(self.provider),
            strict=strict,
        )
        self.clock = clock
        self.world = world
        self._facts = facts_of(self.provider)
        self.leniency = Leniency()
        self.faults = Faults(faults, known=faults_for(self._facts))
        self._memory: dict[str, Any] = {}
        self._lock = threading.RLock()
        self._validation = Validation(contracts, self.faults)
        self._router = Router(served.operations, served.base_path)

    @property
    @abstractmethod
    def keys(self) -> tuple[str, ...]:
        """The key of every account."""

    @abstractmethod
    def account(self, operation: Operation, headers: Mapping[bytes, bytes]) -> Who:
        """Return who sends these headers.

        Raises:
            Refusal: They name nobody who may.
        """

    @abstractmethod
    def refused(self, refusal: Refusal, operation_id: str) -> Answer:
        """Return a refusal in the provider's shape; the id is empty where nothing was found."""

    @abstractmethod
    def change_outcomes(self, content: dict[str, Any], change: Callable[[int, int], int]) -> None:
        """Change every outcome in results; `change` is given an outcome and its number of bits."""

    @abstractmethod
    def secret(self, headers: Mapping[bytes, bytes]) -> str:
        """Return the secret that these headers carry, for a mock that repeats it."""

    def aside(self, method: str, path: str, body: bytes) -> Answer | None:
        """Return the answer to what is no operation of the document; None for all that is."""
        del method, path, body
        return None

    def query_string(self, operation: Operation, raw: bytes) -> bytes:
        """Return the query string without what means nothing to this provider."""
        del operation
        return raw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await live_and_die(receive, send)
            return
        request = request_of(scope)
        found: list[str] = []
        try:
            body = await read_body(receive)
            answer = self.aside(request.method, request.path, body)
            if answer is None:
                operation, values = self._router.find(request.method, request.path)
                found.append(operation.id)
                answer = self._answer(operation, values, request, body)
        except ClientGone:
            return
        except Refusal as refusal:
            answer = self.refused(refusal, "".join(found))
            if not found and refusal.status == 404 and self.faults.on("unknown-path-served"):
                answer = Answer(content={})
        await send_answer(send, answer)

    def _answer(
        self, operation: Operation, path: dict[str, str], request: Request, body: bytes
    ) -> Answer:
        departures: list[str] = []
        with self._lock:
            account = self._whose(operation, request.headers)
            self._validation.path(operation, path, departures)
            call = Call(
                operation=operation,
                account=account,
                path=path,
                query=self._query(operation, request, departures),
                body=self._body(operation, body, request.media_type, departures),
                world=self.world,
            )
            if departures:
                self.leniency.note(request.client, departures, operation.id)
            return self._served(call, request) if self.faults else self._handled(call)

    def _handled(self, call: Call[Who, World]) -> Answer:
        return self.handlers[call.operation.id](call)

    def _whose(self, operation: Operation, headers: Mapping[bytes, bytes]) -> Who:
        try:
            return self.account(operation, headers)
        except Refusal as refusal:
            forgiven = "any-key" if self.secret(headers) else "no-key-needed"
            if refusal.status != 401 or not self.faults.on(forgiven):
                raise
            first: Who = self.accounts[0]
            return first

    def _query(
        self, operation: Operation, request: Request, departures: list[str]
    ) -> Mapping[str, Any]:
        sent = self.query_string(operation, request.query)
        try:
            return self._validation.query(operation, sent, departures)
        except Refusal:
            if not self.faults.on("lax-queries"):
                raise
            return {}

    def _body(
        self, operation: Operation, body: bytes, media_type: str | None, departures: list[str]
    ) -> Any:
        try:
            return self._validation.body(operation, body, media_type, departures)
        except Refusal:
            if not self.faults.on("lax-bodies"):
                raise
        try:
            sent = json.loads(body)
        except ValueError:
            sent = None
        if not isinstance(sent, dict):
            raise Refusal(400, "expected a JSON object")
        return sent

    def _served(self, call: Call[Who, World], request: Request) -> Answer:
        """Serve a call as the faults that are on would have it."""

        def serve() -> Answer:
            try:
                return self._handled(call)
            except (KeyError, TypeError, ValueError, AttributeError) as problem:
                raise Refusal(400, f"expected another body: {problem!r}") from problem

        def serve_other(operation: str, body: Any) -> Answer:
            return self.handlers[operation](replace(call, body=body))

        def serve_asking(query: Mapping[str, Any]) -> Answer:
            return self._handled(replace(call, query=query))

        def serve_as_other(*, keep_query: bool) -> Answer:
            other = next(each for each in self.accounts if each is not call.account)
            query = call.query if keep_query else {}
            return self._handled(replace(call, account=other, query=query))

        for name in self.faults.names:
            misdeed = MISDEEDS.get(name)
            if misdeed is not None:
                scene = Scene(
                    operation=call.operation.id,
                    method=call.operation.method,
                    path=call.path,
                    query=call.query,
                    body=call.body,
                    key=self.secret(request.headers),
                    facts=self._facts,
                    change=self.change_outcomes,
                    memory=self._memory,
                    serve=serve,
                    serve_asking=serve_asking,
                    serve_other=serve_other,
                    serve_as_other=serve_as_other,
                )
                return misdeed(scene)
        return serve()
