"""One request to one answer: which operation, whose, whether it may, what it says."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from conformance.errors import UnusableState
from conformance.mock.faults import Faults
from conformance.mock.http import (
    Answer,
    ClientGone,
    Receive,
    Refusal,
    Request,
    read_body,
    wait_for_disconnect,
)
from conformance.mock.ionq import submission
from conformance.mock.ionq.call import Call
from conformance.mock.ionq.contracts import Contracts
from conformance.mock.ionq.misbehaviour import misjudged, spoiled
from conformance.mock.ionq.routing import Router
from conformance.mock.ionq.tenants import TENANTS, Tenant
from conformance.mock.ionq.validation import Validation
from conformance.mock.ionq.world import World
from conformance.mock.leniency import Leniency
from conformance.mock.pacing import RateLimit
from conformance.model import Operation

Handler: TypeAlias = Callable[[Call], Answer | Awaitable[Answer]]

_SLOW = 0.3
"""Seconds for a body that a service with a fault has no patience for."""
NOBODY = ""
"""Who asks without a key, for the limit of requests."""


class Serving:
    """Serves the operations of the document."""

    def __init__(
        self,
        contracts: Contracts,
        world: World,
        handlers: Mapping[str, Handler],
        *,
        leniency: Leniency,
        limit: RateLimit | None,
        save: Callable[[], None] | None,
    ) -> None:
        self._world = world
        self._faults: Faults = world.faults
        self._handlers = handlers
        self._leniency = leniency
        self._limit = limit
        self._save = save
        self._validation = Validation(contracts, world.faults)
        self._router = Router(contracts.served.operations, contracts.served.base_path)
        self._tenant_of = {tenant.key.encode("ascii"): tenant for tenant in TENANTS}

    def tenant_named(self, request: Request) -> str:
        """Return the name of the tenant whose key `request` carries, or nothing."""
        tenant = self._tenant_of.get(request.key)
        return NOBODY if tenant is None else tenant.name

    async def answer(self, request: Request, receive: Receive) -> Answer | None:
        """Return what is answered to `request`; None when nothing ever is."""
        operation_id = ""
        try:
            operation, path = self._operation(request)
            operation_id = operation.id
            if self._faults.on("hang") and operation_id == "GetSessions":
                await wait_for_disconnect(receive)
                return None
            tenant = self._tenant(operation, request)
            body = await self._body(receive)
            try:
                answer = await self._answer(operation, path, tenant, request, body)
            except Refusal:
                if self._faults.on("refused-job-kept") and operation_id == "CreateJob":
                    submission.keep_refused(self._world, tenant, body)
                raise
        except Refusal as refusal:
            answer = refusal.answer()
        if self._faults:
            key = request.key.decode("latin-1")
            answer = spoiled(answer, operation_id, key, self._faults)
        return answer

    async def _body(self, receive: Receive) -> bytes:
        began = time.monotonic()
        try:
            body = await read_body(receive)
        except ClientGone as gone:
            if not self._faults.on("broken-off-kept"):
                raise
            body = gone.received
        if self._faults.on("slow-body-crash") and time.monotonic() - began > _SLOW:
            raise Refusal(500, "the body took too long")
        return body

    async def _answer(
        self,
        operation: Operation,
        path: Mapping[str, str],
        tenant: Tenant,
        request: Request,
        body: bytes,
    ) -> Answer:
        self._check_rate(request)
        departures: list[str] = []
        with self._world.lock:
            self._validation.path(operation, path, departures)
            call = Call(
                operation=operation,
                tenant=tenant,
                path=path,
                query=self._validation.query(operation, request.query, departures),
                body=self._validation.body(operation, body, request.media_type, departures),
                world=self._world,
            )
            if departures:
                self._leniency.note(request.client, departures, operation.id)
            answer = self._handlers[operation.id](call)
        if self._save is not None and self._world.changes:
            await self._saved(self._save)
        return answer if isinstance(answer, Answer) else await answer

    async def _saved(self, save: Callable[[], None]) -> None:
        """Return when all changes are written, those of requests that came together at once."""
        await asyncio.sleep(0)
        try:
            save()
        except UnusableState as problem:
            raise Refusal(503, f"what was asked for could not be kept: {problem}") from problem

    def _check_rate(self, request: Request) -> None:
        if self._limit is None:
            return
        seconds = self._limit.wait(self.tenant_named(request))
        if seconds > 0:
            message = f"expected at most {self._limit.rate:g} requests a second; slow down"
            retry = str(math.ceil(seconds)).encode("ascii")
            raise Refusal(429, message, headers=((b"retry-after", retry),))

    def _operation(self, request: Request) -> tuple[Operation, dict[str, str]]:
        try:
            return self._router.find(request.method, request.path)
        except Refusal as refusal:
            if refusal.status == 405 and self._faults.on("lax-methods"):
                return self._router.any_operation(request.path)
            raise

    def _tenant(self, operation: Operation, request: Request) -> Tenant:
        key = request.key
        tenant = self._tenant_of.get(key)
        if tenant is not None:
            return tenant
        taken = misjudged(request.headers.get(b"authorization", b""), self._tenant_of, self._faults)
        if taken is not None:
            return taken
        forgiven = self._faults.on("any-key-accepted" if key else "no-key-needed")
        closed = self._faults.on("open-needs-key") and operation.id == "getBackends"
        is_open = not operation.authenticated and not closed
        if is_open or forgiven:
            return TENANTS[0]
        seen = "an unknown key" if key else "no key"
        message = f"expected the header Authorization with apiKey and a key, got {seen}"
        raise Refusal(401, message, headers=((b"www-authenticate", b"apiKey"),))
