"""Which answers may be asked for again, and after how long; how fast requests follow."""

from __future__ import annotations

import email.utils
import random
import threading
import time
from collections.abc import Callable

from conformance.model import Response

LONGEST_WAIT = 60.0
"""Seconds that a service may ask a run to wait for; one that asks for more ends the run."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FIRST, _LONGEST_BACKOFF = 0.5, 30.0
_OVERLOADED = frozenset({502, 503, 504})


def wait_before_retry(
    response: Response | None, method: str, attempt: int, *, live: bool, lot: random.Random
) -> float | None:
    """Return the seconds after which a request may be sent again; None when its answer stands.

    A 429 says that the request was not taken, so whatever it was may be sent again. After
    502, 503 and 504 nobody knows, so only what changes nothing is sent again: on somebody
    else's system, where gateways fail, and where the service says when (Retry-After).

    Args:
        response: The answer; without one nothing is sent again here.
        method: Of the request.
        attempt: How often it was sent before this answer, from 0.
        live: Whether it is somebody else's system.
        lot: Draws the jitter, by which clients that failed together come back one by one.
    """
    if response is None or response.status not in _OVERLOADED | {429}:
        return None
    asked = asked_wait(response)
    if response.status != 429 and (method not in SAFE or (asked is None and not live)):
        return None
    if asked is not None:
        return asked + lot.uniform(0.0, 0.1) * min(asked, 1.0)
    return min(_FIRST * 2.0**attempt, _LONGEST_BACKOFF) * lot.uniform(0.5, 1.0)


def asked_wait(response: Response) -> float | None:
    """Return the seconds that Retry-After asks for; None when it is not there or makes no sense.

    A date is counted from the Date of the same answer, so that a clock which differs from
    ours, here or there, shortens or lengthens nothing.
    """
    text = (response.header("retry-after") or "").strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    until, now = _moment(text), _moment(response.header("date") or "")
    if until is None:
        return None
    return max(until - (time.time() if now is None else now), 0.0)


def _moment(text: str) -> float | None:
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, OverflowError, IndexError):
        return None


class Pace:
    """Lets requests go one by one, `rate` a second; safe to share by threads.

    Args:
        rate: Requests a second; None for as fast as they come.
        now: A clock in seconds.
    """

    def __init__(self, rate: float | None, *, now: Callable[[], float] = time.monotonic) -> None:
        self._gap = 0.0 if rate is None else 1.0 / rate
        self._now = now
        self._next = 0.0
        self._lock = threading.Lock()

    def delay(self) -> float:
        """Return the seconds that the next request must wait; each call books one request."""
        with self._lock:
            now = self._now()
            start = max(now, self._next)
            self._next = start + self._gap
            return start - now
