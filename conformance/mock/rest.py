"""What the mocks of all providers share: from an ASGI request to a handler and back."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from conformance import spec
from conformance.mock.clock import Clock
from conformance.mock.faults import Faults
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
from conformance.model import Operation

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

    def __init__(self, *, clock: Clock, world: World, strict: bool) -> None:
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
        self.leniency = Leniency()
        self._lock = threading.RLock()
        self._validation = Validation(contracts, Faults())
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
        await send_answer(send, answer)

    def _answer(
        self, operation: Operation, path: dict[str, str], request: Request, body: bytes
    ) -> Answer:
        departures: list[str] = []
        query = self.query_string(operation, request.query)
        with self._lock:
            account = self.account(operation, request.headers)
            self._validation.path(operation, path, departures)
            call = Call(
                operation=operation,
                account=account,
                path=path,
                query=self._validation.query(operation, query, departures),
                body=self._validation.body(operation, body, request.media_type, departures),
                world=self.world,
            )
            if departures:
                self.leniency.note(request.client, departures, operation.id)
            return self.handlers[operation.id](call)
