"""The target of a run: sends cases with the right key, records and judges what comes back."""

from __future__ import annotations

import math
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conformance.engine.keys import key_headers
from conformance.lifecycle import Forbidden, Stop
from conformance.live import LONGEST_WAIT, Errand, Guard, Pace, wait_before_retry
from conformance.model import Case, Credential, Exchange, Headers, Problem, Request, Response
from conformance.providers import Provider
from conformance.transport import Transport, TransportFailure

_RETRIES = 6
_UNREACHABLE_IN_A_ROW = 3
_UNANSWERED_IN_A_ROW = 10
_TURNED_AWAY_IN_A_ROW = 5
"""Requests that were answered 429 to the end, after which a service wants to be left alone."""
MOST_OF_A_SCENARIO = 16 * 1024 * 1024
"""Bytes of bodies that one scenario receives, all of which are kept until it is judged."""


class Stopped(Exception):
    """The run is over: its time is up, it was interrupted, or the target went silent."""


class Target:
    """Where cases go; safe to share by threads.

    Args:
        transport: Carries requests to the target.
        provider: Whose API it is.
        keys: The key of each credential; one that is missing sends no key.
        on_exchange: Told of every exchange, in the order of its number.
        probe: What anybody may ask and every such service answers.
        guard: Says what must not be sent, and keeps account.
        ask: Makes the request for an estimate of its query.
    """

    def __init__(
        self,
        transport: Transport,
        provider: Provider,
        keys: dict[Credential, str],
        on_exchange: Callable[[Exchange], Exchange],
        *,
        probe: Request,
        guard: Guard,
        ask: Callable[[dict[str, Any]], Request],
    ) -> None:
        self._transport = transport
        self._provider = provider
        self._keys = keys
        self._on_exchange = on_exchange
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._count = 0
        self._probe = probe
        self._guard = guard
        self._ask = ask
        self._pace = Pace(guard.budget.limits.rate)
        self._lot = random.Random()  # noqa: S311 - jitter, not secrets
        self._turned_away = 0
        self._received: Counter[str] = Counter()
        self._unreachable = 0
        self._unanswered = 0
        self.deadline = float("inf")
        """Moment on the monotonic clock after which nothing more is sent."""
        self.stopped = ""
        """Why nothing more is sent; empty while the run goes on."""
        self.quickest = math.inf
        """Seconds that the quickest answer took."""
        self.retries = 0
        """How often a request was sent again because the service asked for it."""
        self.forbidden: Counter[str] = Counter()
        """Why requests were not sent, and how many for each reason."""
        self.overrun = ""
        """Which cost turned out higher than its estimate, and more than may be spent."""

    @property
    def count(self) -> int:
        """How many requests were made."""
        return self._count

    def stop(self, reason: str) -> None:
        """Let no further request out."""
        self.stopped = self.stopped or reason

    def send(self, case: Case) -> Exchange:
        """Send `case` with its credential and return the recorded exchange.

        What was certainly not taken, and what changes nothing, may be sent again when the
        service asks for it; see `live.wait_before_retry`.

        Raises:
            Forbidden: A live run must not send it.
            Stop: Its scenario has received too much.
            Stopped: The run is over.
        """
        surfeit = self._surfeit(case)
        if surfeit:
            raise Stop(surfeit)
        errand = self._guard.objection(case) or self._guard.errand(case, self._estimate)
        if isinstance(errand, str):
            self.forbidden[errand.partition(":")[0]] += 1
            raise Forbidden(errand)
        if errand is None:
            return self._record(self._answered(self._with_key(case), None))
        exchange = None
        try:
            exchange = self._answered(self._with_key(errand.case), errand)
        finally:
            self._guard.settle(errand, exchange)
        return self._record(exchange)

    def _answered(self, case: Case, errand: Errand | None) -> Exchange:
        """Send `case` until its answer stands."""
        for attempt in range(_RETRIES):
            exchange = self._once(case, errand)
            response = exchange.response
            if response is not None and response.status == 429 and errand is not None:
                errand.sent = False
            wait = wait_before_retry(
                response, case.request.method, attempt, live=self._guard.live, lot=self._lot
            )
            if wait is None:
                self._turned_away = 0
                return exchange
            if wait > LONGEST_WAIT:
                break
            if attempt < _RETRIES - 1:
                self.retries += 1
                self._pause(wait)
        self._turned_away += 1
        if wait is None or wait > LONGEST_WAIT or self._turned_away >= _TURNED_AWAY_IN_A_ROW:
            self.stop("told-to-wait")
        return exchange

    def _once(self, case: Case, errand: Errand | None) -> Exchange:
        self._go()
        started = time.monotonic() - self._begun
        if errand is not None:
            errand.sent = True
        try:
            response = self._transport.send(case.request)
        except TransportFailure as failure:
            if self.stopped or time.monotonic() >= self.deadline:  # cut off by us: no judgement
                self.stop("deadline")
                raise Stopped(self.stopped) from failure
            self._note_silence(failure)
            return Exchange(
                case=case,
                response=None,
                problem=failure.problem,
                detail=failure.detail,
                started=started,
            )
        self._unreachable = self._unanswered = 0
        self.quickest = min(self.quickest, response.elapsed)
        return Exchange(case=case, response=response, started=started)

    def _go(self) -> None:
        """Wait for the turn of one more request.

        Raises:
            Stopped: There is none: the time or the number of requests is used up.
        """
        delay = self._pace.delay()
        if delay > 0:
            self._pause(delay)
        if time.monotonic() > self.deadline:
            self.stop("deadline")
        if not self.stopped and not self._guard.budget.take_request():
            self.stop("budget")
        if self.stopped:
            raise Stopped(self.stopped)

    def _estimate(self, query: dict[str, Any]) -> Any:
        """Return what the service answers to the query of an estimate; outside the record."""
        case = Case(id="", suite="", operation=None, request=self._ask(query))
        response = self._answered(self._with_key(case), None).response
        usable = response is not None and response.status == 200
        return response.json_or_none() if response is not None and usable else None

    def _surfeit(self, case: Case) -> str:
        scenario = ".".join(case.id.split(".")[:2])
        if self._received[scenario] <= MOST_OF_A_SCENARIO:
            return ""
        return f"the answers of this scenario were more than {MOST_OF_A_SCENARIO} bytes"

    def _note_silence(self, failure: TransportFailure) -> None:
        """Give up on a target that cannot be reached any more, or answers nothing at all.

        One operation may hang while the others are well, so after several requests in a row
        without an answer the probe decides.
        """
        self._unanswered += 1
        self._unreachable += failure.problem is Problem.UNREACHABLE
        if failure.problem is Problem.UNTRUSTED:
            self.stop("untrusted")
        gone = self._unreachable >= _UNREACHABLE_IN_A_ROW
        asked = self._unanswered % _UNANSWERED_IN_A_ROW == 0
        if gone or (asked and not self._answers()):
            self.stop("target-silent")

    def _answers(self) -> bool:
        try:
            self.probe()
        except TransportFailure:
            return False
        return True

    def _record(self, exchange: Exchange) -> Exchange:
        with self._lock:
            self._count += 1
            overrun = self._guard.note(exchange)
            if overrun:
                self.overrun = overrun
                self.stop("budget")
            if exchange.response is not None:
                scenario = ".".join(exchange.case.id.split(".")[:2])
                self._received[scenario] += len(exchange.response.body)
            return self._on_exchange(replace(exchange, number=self._count))

    def _pause(self, seconds: float) -> None:
        until = min(time.monotonic() + seconds, self.deadline)
        while not self.stopped and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))

    def _with_key(self, case: Case) -> Case:
        headers = key_headers(self._provider, case.credential, self._keys)
        if not headers:
            return case
        request = case.request
        return replace(case, request=replace(request, headers=_joined(request.headers, headers)))

    def probe(self) -> Response:
        """Send the probe, outside the record; raises `TransportFailure` as it happens."""
        self._guard.budget.take_request()
        response = self._transport.send(self._probe)
        self.quickest = min(self.quickest, response.elapsed)
        return response


def _joined(headers: Headers, ours: Headers) -> Headers:
    names = {name.lower() for name, _ in ours}
    return (*(header for header in headers if header[0].lower() not in names), *ours)
