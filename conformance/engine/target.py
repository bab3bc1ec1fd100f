"""The target of a run: sends cases with the right key, records and judges what comes back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace

from conformance.lifecycle import Stop
from conformance.live import Guard
from conformance.model import Case, Credential, Exchange, Headers, Problem, Request, Response
from conformance.providers import Provider
from conformance.transport import Transport, TransportFailure

_OTHER_FORMS = {Credential.BARE: "{}", Credential.OTHER_SCHEME: "Bearer {}"}
"""How a right key is sent in another form than the documented one."""
_LONGEST_WAIT = 60.0
_RETRIES = 6
_UNREACHABLE_IN_A_ROW = 3
_UNANSWERED_IN_A_ROW = 10


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
        guard: Says what must not be sent.
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
        self._unreachable = 0
        self._unanswered = 0
        self.deadline = float("inf")
        """Moment on the monotonic clock after which nothing more is sent."""
        self.stopped = ""
        """Why nothing more is sent; empty while the run goes on."""

    @property
    def count(self) -> int:
        """How many requests were made."""
        return self._count

    def stop(self, reason: str) -> None:
        """Let no further request out."""
        self.stopped = self.stopped or reason

    def send(self, case: Case) -> Exchange:
        """Send `case` with its credential and return the recorded exchange.

        An answer 429, or 503 with Retry-After, says that the request was not taken: it is
        sent again when the service asks for it.

        Raises:
            Stop: A live run must not send it.
            Stopped: The run is over.
        """
        forbidden = self._guard.objection(case)
        if forbidden:
            raise Stop(forbidden)
        keyed = self._with_key(case)
        for attempt in range(_RETRIES):
            exchange = self._once(keyed)
            wait = _asked_to_wait(exchange.response)
            if wait is None or attempt == _RETRIES - 1:
                break
            self._pause(wait)
        return self._record(exchange)

    def _once(self, case: Case) -> Exchange:
        if time.monotonic() > self.deadline:
            self.stop("deadline")
        if self.stopped:
            raise Stopped(self.stopped)
        started = time.monotonic() - self._begun
        try:
            response = self._transport.send(case.request)
        except TransportFailure as failure:
            if time.monotonic() >= self.deadline:  # cut off by us, so nothing to judge
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
        return Exchange(case=case, response=response, started=started)

    def _note_silence(self, failure: TransportFailure) -> None:
        """Give up on a target that cannot be reached any more, or answers nothing at all.

        One operation may hang while the others are well, so after several requests in a row
        without an answer the probe decides.
        """
        self._unanswered += 1
        self._unreachable += failure.problem is Problem.UNREACHABLE
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
            self._guard.note(exchange)
            return self._on_exchange(replace(exchange, number=self._count))

    def _pause(self, seconds: float) -> None:
        until = min(time.monotonic() + seconds, self.deadline)
        while not self.stopped and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))

    def _with_key(self, case: Case) -> Case:
        key = self._keys.get(case.credential)
        if not key:
            return case
        header = self._provider.authorization(key)
        if case.credential in _OTHER_FORMS:
            header = (header[0], _OTHER_FORMS[case.credential].format(key))
        request = case.request
        return replace(case, request=replace(request, headers=_joined(request.headers, header)))

    def probe(self) -> Response:
        """Send the probe, outside the record; raises `TransportFailure` as it happens."""
        return self._transport.send(self._probe)


def _joined(headers: Headers, header: tuple[str, str]) -> Headers:
    others = tuple(h for h in headers if h[0].lower() != header[0].lower())
    return (*others, header)


def _asked_to_wait(response: Response | None) -> float | None:
    """Return the seconds to wait before sending again; None when the answer stands."""
    if response is None or response.status not in {429, 503}:
        return None
    asked = response.header("retry-after")
    if asked is None:
        return 0.5 if response.status == 429 else None
    try:
        return min(max(float(asked), 0.0), _LONGEST_WAIT)
    except ValueError:
        return 1.0
