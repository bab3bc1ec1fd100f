"""How slowly and how often requests are served: latency, and a limit of requests a second."""

from __future__ import annotations

import math
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from conformance.errors import BadValue

_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|)")
_UNITS = {"ms": 0.001, "s": 1.0, "": 1.0, "m": 60.0, "h": 3600.0}

LONGEST_LATENCY = 3600.0
"""Seconds that an answer can be made to wait at most."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds between a request and its answer, drawn evenly from a range."""

    least: float
    most: float

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most <= LONGEST_LATENCY:
            raise _bad_latency(f"{self.least:g}-{self.most:g}")

    def draw(self, generator: random.Random) -> float:
        """Return the seconds that one answer waits."""
        return generator.uniform(self.least, self.most)


def latency_named(text: str) -> Latency:
    """Return the latency that `text` names: `50ms`, `0.05`, or a range, `20ms-200ms`.

    Raises:
        BadValue: It names none.
    """
    least, dash, most = text.partition("-")
    try:
        return Latency(_seconds(least), _seconds(most if dash else least))
    except ValueError as problem:
        raise _bad_latency(text) from problem


def wait_named(text: str) -> float:
    """Return the seconds that `text` says: `2`, `1.5s`, `50ms`, `3m` or `1h`.

    Raises:
        BadValue: It says none.
    """
    try:
        return _seconds(text)
    except ValueError as problem:
        raise BadValue(where="queue time", expected="a time such as 30s", seen=text) from problem


def _seconds(text: str) -> float:
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    return float(found[1]) * _UNITS[found[2]]


def _bad_latency(seen: str) -> BadValue:
    expected = "a time up to an hour such as 50ms, or a range such as 20ms-200ms"
    return BadValue(where="latency", expected=expected, seen=seen)


@dataclass(slots=True)
class RateLimit:
    """So many requests a second for each caller; one second's worth may come at once."""

    rate: float
    clock: Callable[[], float] = time.monotonic
    """Seconds; the wall's, since clients wait on the wall."""
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Caller to the requests it may still make, and when that was so."""

    def __post_init__(self) -> None:
        if not 0 < self.rate < math.inf:
            expected = "requests a second, more than none"
            raise BadValue(where="rate limit", expected=expected, seen=f"{self.rate:g}")

    def wait(self, caller: str) -> float:
        """Return 0 and count a request of `caller`, or the seconds until there is room for one."""
        now = self.clock()
        most = max(1.0, self.rate)
        left, since = self._left.get(caller, (most, now))
        left = min(most, left + (now - since) * self.rate)
        if left >= 1:
            self._left[caller] = (left - 1, now)
            return 0.0
        self._left[caller] = (left, now)
        return (1 - left) / self.rate

    def reset(self) -> None:
        """Let everybody begin anew."""
        self._left.clear()
