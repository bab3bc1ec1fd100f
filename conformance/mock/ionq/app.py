"""The application: IonQ's v0.4 API, whose state a test can look at, step and reset."""

from __future__ import annotations

import asyncio
import math
import random
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from conformance.errors import BadValue, UnknownName
from conformance.mock.clock import Clock, RealClock
from conformance.mock.control import PLACE, Control
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
    request_of,
    send_answer,
)
from conformance.mock.ionq import account, jobs, newer, results, sessions, submission
from conformance.mock.ionq.backends import BACKENDS
from conformance.mock.ionq.contracts import contracts
from conformance.mock.ionq.remembering import Remembering
from conformance.mock.ionq.serving import Handler, Serving
from conformance.mock.ionq.tenants import TENANTS, keys
from conformance.mock.ionq.world import World
from conformance.mock.leniency import Leniency
from conformance.mock.pacing import Latency, RateLimit
from conformance.mock.pages import Pages
from conformance.mock.requestlog import Entry

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
    """IonQ's v0.4 API as an ASGI application. Build it with `app`.

    Attributes:
        tenants: Who may use it.
        clock: What jobs and sessions move on; `clock.advance(seconds)` steps any of them.
        faults: The misbehaviours that are on; `faults.switch_on(name)` takes effect at once.
        leniency: What was let pass against the document's letter, by client.
        specification: The document that is served.
    """

    def __init__(
        self,
        *,
        seed: int,
        strict: bool,
        clock: Clock,
        faults: Sequence[str],
        latency: Latency | None,
        rate_limit: float | None,
        queue_time: float | None,
        keep: int | None,
        state: Path | None,
        control: bool,
        log: Callable[[Entry], None] | None,
        api_version: str,
    ) -> None:
        documents = contracts(strict=strict)
        self.tenants = TENANTS
        self.clock = clock
        self.faults = Faults(faults)
        self.leniency = Leniency()
        self.specification = documents.served
        self.world = World(seed=seed, clock=clock, faults=self.faults, keep=keep)
        if queue_time is not None:
            self.world.backends = {
                name: replace(backend, queue_seconds=queue_time)
                for name, backend in BACKENDS.items()
            }
        self._initial_faults = self.faults.names
        self._limit = None if rate_limit is None else RateLimit(rate_limit)
        self._memory = None if state is None else Remembering(state, self.world)
        self._serving = Serving(
            documents,
            self.world,
            HANDLERS,
            leniency=self.leniency,
            limit=self._limit,
            save=None if self._memory is None else self._memory.save,
        )
        self._operations: Serving | newer.Newer = self._serving
        if api_version != newer.NAMES[0]:
            self._operations = newer.Newer(self._serving, self.world, self.base_path)
        self._pages = Pages(documents.letter, () if strict else documents.tolerances)
        self._latency = latency
        self._delays = random.Random(seed)  # noqa: S311 (no secret depends on it)
        self._control = Control(self) if control else None
        self._log = log
        self._declared = frozenset(
            parameter.name
            for operation in documents.served.operations
            for parameter in operation.parameters
            if parameter.location == "query"
        )

    @property
    def base_path(self) -> str:
        """Path prefix of every operation: `/v0.4`."""
        return self.specification.base_path

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of every tenant."""
        return keys()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many jobs and sessions are known."""
        return {"jobs": len(self.world.jobs), "sessions": len(self.world.sessions)}

    def step(self, seconds: float) -> None:
        """Move the clock on by `seconds`, whatever clock it is.

        Raises:
            BadValue: They are negative, infinite or no number.
        """
        with self.world.lock:
            self.clock.advance(seconds)
            if self.world.changes is not None:
                self.world.changes.moved = True
            self._save()

    def reset(self) -> None:
        """Be as new: no jobs, no sessions, the faults and the time of the start, no counts."""
        with self.world.lock:
            self.world.clear()
            self.clock.reset()
            self.faults.reset(self._initial_faults)
            self.leniency.reset()
            if self._limit is not None:
                self._limit.reset()
            self._save()

    def close(self) -> None:
        """Close the state file, if there is one; a second call does nothing."""
        if self._memory is not None:
            self._memory.close()

    def _save(self) -> None:
        if self._memory is not None:
            self._memory.save()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await live_and_die(receive, send)
            return
        began = time.perf_counter()
        request = request_of(scope)
        try:
            answer = await self._answer(request, receive)
        except ClientGone:
            return
        except Exception:  # noqa: BLE001 (whatever it is must be answered, and seen)
            traceback.print_exc()
            answer = Refusal(500, "the mock has a defect; what it printed says where").answer()
        if answer is None:
            return
        await send_answer(send, answer)
        if self._log is not None:
            self._log(
                Entry(
                    request=request,
                    shown=self._declared,
                    tenant=self._serving.tenant_named(request),
                    status=answer.status,
                    seconds=time.perf_counter() - began,
                )
            )

    async def _answer(self, request: Request, receive: Receive) -> Answer | None:
        if not request.path.startswith(self.base_path):
            page = self._pages.answer(request)
            if page is not None:
                return page
            if self._control is not None and request.path.startswith(PLACE):
                return await self._control.answer(request, receive)
        answer = await self._operations.answer(request, receive)
        if self._latency is not None:
            await asyncio.sleep(self._latency.draw(self._delays))
        return answer


def app(
    *,
    seed: int = 0,
    strict: bool = False,
    clock: Clock | None = None,
    faults: Sequence[str] = (),
    latency: Latency | None = None,
    rate_limit: float | None = None,
    queue_time: float | None = None,
    keep: int | None = None,
    state: Path | None = None,
    control: bool = False,
    log: Callable[[Entry], None] | None = None,
    api_version: str = newer.NAMES[0],
) -> IonqMock:
    """Return IonQ's v0.4 API as an ASGI application with a state of its own.

    It can be served (`conformance.mock.running`, uvicorn), called by an ASGI transport, or
    mounted in another application under any prefix.

    Args:
        seed: Fixes every identifier and every sample.
        strict: Accept exactly what the document allows; otherwise also what released
            clients send against its letter.
        clock: What jobs and sessions move on; the wall clock when left out.
        faults: Names of misbehaviours to switch on.
        latency: How long every answer waits.
        rate_limit: Requests a second that a key may make; more is refused with 429.
        queue_time: Seconds that a job waits on any backend; by default each has its own.
        keep: Jobs, and sessions, of a tenant that are kept; beyond that (and a 64th of it) the
            oldest that have ended are forgotten, though not what they cost.
        state: File in which jobs and sessions are kept. A change is written there before it is
            answered; the next mock with the file goes on where this one was, even if it was
            killed. Call `close` in the end.
        control: Serve the control path `/_mock`.
        log: Called with every request after it was answered.
        api_version: `v0.4` is the API of the bundled document; `v0.4-next` the newer one that
            ionq-core 0.2.0 already speaks, under the same paths (`docs/clients.md`).

    Raises:
        UnknownName: A fault, or the version of the API, does not exist.
        BadValue: A number is one that it cannot be, or the file was made with another seed.
        UnusableState: The file is not one of a mock, broken, or in use by another.
    """
    for name, value, least in (("queue time", queue_time, 0.0), ("keep", keep, 1)):
        if value is not None and not least <= value < math.inf:
            raise BadValue(where=name, expected=f"a number from {least:g}", seen=f"{value:g}")
    if api_version not in newer.NAMES:
        raise UnknownName(kind="version of the API", wanted=api_version, known=newer.NAMES)
    return IonqMock(
        seed=seed,
        strict=strict,
        clock=clock or RealClock(),
        faults=faults,
        latency=latency,
        rate_limit=rate_limit,
        queue_time=queue_time,
        keep=keep,
        state=state,
        control=control,
        log=log,
        api_version=api_version,
    )
