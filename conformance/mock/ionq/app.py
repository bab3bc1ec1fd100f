"""The application: from an ASGI request through key, shape and handler to an answer."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeAlias

from conformance import spec
from conformance.mock.clock import Clock, RealClock
from conformance.mock.faults import Faults
from conformance.mock.http import (
    Answer,
    Receive,
    Refusal,
    Scope,
    Send,
    live_and_die,
    read_body,
    send_answer,
    wait_for_disconnect,
)
from conformance.mock.ionq import account, jobs, results, sessions, submission
from conformance.mock.ionq.call import Call
from conformance.mock.ionq.misbehaviour import misjudged, spoiled
from conformance.mock.ionq.routing import Router
from conformance.mock.ionq.tenants import TENANTS, Tenant, keys
from conformance.mock.ionq.validation import Validation
from conformance.mock.ionq.world import World
from conformance.model import Operation, Specification

Handler: TypeAlias = Callable[[Call], Answer | Awaitable[Answer]]

HANDLERS: Mapping[str, Handler] = {
    "getWhoami": account.whoami,
    "getBackends": account.get_backends,
    "getBackend": account.get_backend,
    "getCharacterizationsForBackend": account.get_characterizations,
    "getCharacterization": account.get_characterization,
    "CreateJob": submission.create_job,
    "GetJobs": jobs.get_jobs,
    "DeleteJobs": jobs.delete_jobs,
    "GetJob": jobs.get_job,
    "DeleteJob": jobs.delete_job,
    "GetJobCost": jobs.get_cost,
    "GetCompiledFile": results.get_compiled,
    "CancelJob": jobs.cancel_job,
    "CancelJobs": jobs.cancel_jobs,
    "EstimateJobCost": jobs.estimate,
    "GetJobProbabilities": results.get_probabilities,
    "GetJobAggregatedProbabilities": results.get_aggregated,
    "GetVariantProbabilities": results.get_variant,
    "GetVariantHistogram": results.get_variant,
    "GetVariantShots": results.get_variant,
    "CreateSession": sessions.create_session,
    "GetSessions": sessions.get_sessions,
    "EndSession": sessions.end_session,
    "GetSession": sessions.get_session,
    "GetSessionJobs": jobs.get_session_jobs,
    "get-usages": account.get_usage,
}
"""Operation id to what serves it."""


class IonqMock:
    """IonQ's v0.4 API as an ASGI application. Build it with `app`."""

    def __init__(self, *, seed: int, strict: bool, clock: Clock, faults: Sequence[str]) -> None:
        self.tenants = TENANTS
        self.clock = clock
        self.faults = Faults(faults)
        self.specification = _specification(lenient=not strict)
        self.world = World(seed=seed, clock=clock, faults=self.faults)
        self._validation = Validation(self.faults, spec.tolerances("ionq"), strict=strict)
        self._router = Router(self.specification.operations, self.base_path)
        self._tenant_of = {tenant.key.encode("ascii"): tenant for tenant in TENANTS}

    @property
    def base_path(self) -> str:
        """Path prefix of every operation: `/v0.4`."""
        return self.specification.base_path

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of every tenant."""
        return keys()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await live_and_die(receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        operation_id = ""
        try:
            operation, path = self._operation(scope)
            operation_id = operation.id
            if self.faults.on("hang") and operation_id == "GetSessions":
                await wait_for_disconnect(receive)
                return
            tenant = self._tenant(operation, headers)
            body = await read_body(receive)
            try:
                answer = await self._answer(operation, path, tenant, scope, headers, body)
            except Refusal:
                if self.faults.on("refused-job-kept") and operation_id == "CreateJob":
                    submission.keep_refused(self.world, tenant, body)
                raise
        except Refusal as refusal:
            answer = refusal.answer()
        if self.faults:
            key = _key(headers).decode("latin-1")
            answer = spoiled(answer, operation_id, key, self.faults)
        await send_answer(send, answer)

    async def _answer(
        self,
        operation: Operation,
        path: Mapping[str, str],
        tenant: Tenant,
        scope: Scope,
        headers: Mapping[bytes, bytes],
        body: bytes,
    ) -> Answer:
        media_type = headers.get(b"content-type")
        shown = None if media_type is None else media_type.decode("latin-1")
        with self.world.lock:
            self._validation.path(operation, path)
            call = Call(
                operation=operation,
                tenant=tenant,
                path=path,
                query=self._validation.query(operation, scope["query_string"]),
                body=self._validation.body(operation, body, shown),
                world=self.world,
            )
            answer = HANDLERS[operation.id](call)
        return answer if isinstance(answer, Answer) else await answer

    def _operation(self, scope: Scope) -> tuple[Operation, dict[str, str]]:
        path = _raw_path(scope)
        try:
            return self._router.find(scope["method"], path)
        except Refusal as refusal:
            if refusal.status == 405 and self.faults.on("lax-methods"):
                return self._router.any_operation(path)
            raise

    def _tenant(self, operation: Operation, headers: Mapping[bytes, bytes]) -> Tenant:
        key = _key(headers)
        tenant = self._tenant_of.get(key)
        if tenant is not None:
            return tenant
        taken = misjudged(headers.get(b"authorization", b""), self._tenant_of, self.faults)
        if taken is not None:
            return taken
        forgiven = self.faults.on("any-key-accepted" if key else "no-key-needed")
        closed = self.faults.on("open-needs-key") and operation.id == "getBackends"
        is_open = not operation.authenticated and not closed
        if is_open or forgiven:
            return TENANTS[0]
        seen = "an unknown key" if key else "no key"
        message = f"expected the header Authorization with apiKey and a key, got {seen}"
        raise Refusal(401, message, headers=((b"www-authenticate", b"apiKey"),))


@functools.cache
def _specification(*, lenient: bool) -> Specification:
    """Return the contract; read once, since tests make many mocks."""
    return spec.load("ionq", lenient=lenient)


def _key(headers: Mapping[bytes, bytes]) -> bytes:
    """Return the key that a request carries, or nothing."""
    scheme, _, key = headers.get(b"authorization", b"").partition(b" ")
    return key.strip() if scheme.lower() == b"apikey" else b""


def _raw_path(scope: Scope) -> str:
    """Return the path as it was sent, without the place that the application is mounted at."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    return path.removeprefix(scope.get("root_path", ""))


def app(
    *,
    seed: int = 0,
    strict: bool = False,
    clock: Clock | None = None,
    faults: Sequence[str] = (),
) -> IonqMock:
    """Return IonQ's v0.4 API as an ASGI application with a state of its own.

    Args:
        seed: Fixes every identifier and every sample.
        strict: Accept exactly what the document allows; otherwise also what released
            clients send against its letter.
        clock: What jobs and sessions move on; the wall clock when left out.
        faults: Names of misbehaviours to switch on.

    Raises:
        UnknownName: A fault does not exist.
    """
    return IonqMock(seed=seed, strict=strict, clock=clock or RealClock(), faults=faults)
