"""What time it is for the mock: real or faster, instant, or stepped. Seconds since 1970, UTC.

Every clock can be moved on by hand and set back to where it began; none ever goes back by
itself.
"""

from __future__ import annotations

import math
import re
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime

from conformance.errors import BadValue

START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""Where a clock that is not real begins, so that a run depends on its seed alone."""

FASTEST = 1_000_000.0
"""Largest factor of a clock that is faster or slower than the wall's; one over it the smallest."""

_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()

_SPEED = re.compile(r"([0-9]+(?:\.[0-9]+)?)x")


class Clock(ABC):
    """A source of time that jobs and sessions move on."""

    speed: float = 0.0
    """Seconds that pass here while one passes on the wall, when nobody looks."""

    @abstractmethod
    def now(self) -> float:
        """Return the present moment; never less than what was returned before."""

    @abstractmethod
    def reset(self) -> None:
        """Go back to where the clock began: for a mock that forgets everything else, too."""

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`.

        Raises:
            BadValue: They are negative, infinite or no number.
        """
        if not 0 <= seconds < math.inf:
            seen = str(seconds)
            raise BadValue(where="clock", expected="seconds to move on by", seen=seen)
        self._move(seconds)

    def await_moment(self, moment: float) -> None:  # noqa: B027 (a choice, not a duty)
        """Tell the clock that somebody looks forward to `moment`; most clocks do not care."""

    @abstractmethod
    def _move(self, seconds: float) -> None:
        """Move on by `seconds`, which is finite and not negative."""


class RealClock(Clock):
    """The wall clock, read once and carried on monotonically, as fast or `speed` times as fast."""

    def __init__(self, speed: float = 1.0) -> None:
        self.speed = speed
        self.reset()

    def now(self) -> float:
        """Return the time; steps of the system clock do not show."""
        return self._start + (time.perf_counter() - self._since) * self.speed

    def reset(self) -> None:
        """Go back to the time of the wall."""
        self._start, self._since = time.time(), time.perf_counter()

    def _move(self, seconds: float) -> None:
        self._start += seconds


class _StandingClock(Clock):
    """Time that stands still unless something moves it."""

    def __init__(self, start: float = START) -> None:
        self._start = start
        self._now = start

    def reset(self) -> None:
        """Go back to the start."""
        self._now = self._start

    def _move(self, seconds: float) -> None:
        self._now += seconds


class InstantClock(_StandingClock):
    """Time that jumps to whatever is awaited: a job has ended when it is first read.

    Each look at the clock moves it on by one millisecond, so that what happens later is
    dated later.
    """

    def now(self) -> float:
        """Return the time, one millisecond after the last look."""
        self._now += 0.001
        return self._now

    def await_moment(self, moment: float) -> None:
        """Jump to `moment` unless it has passed, or will never come."""
        if math.isfinite(moment):
            self._now = max(self._now, moment)


class SteppedClock(_StandingClock):
    """Time that stands still until a test moves it."""

    def now(self) -> float:
        """Return the time that the last step led to."""
        return self._now


def clock_named(text: str) -> Clock:
    """Return the clock that `text` names: `real`, `instant`, `stepped`, or a speed as `60x`.

    Raises:
        BadValue: It names none.
    """
    named: dict[str, type[RealClock | InstantClock | SteppedClock]] = {
        "real": RealClock,
        "instant": InstantClock,
        "stepped": SteppedClock,
    }
    if text in named:
        return named[text]()
    speed = _SPEED.fullmatch(text)
    if speed is None or not 1 / FASTEST <= float(speed[1]) <= FASTEST:
        expected = "real, instant, stepped, or a speed up to 1000000x such as 60x"
        raise BadValue(where="clock", expected=expected, seen=text)
    return RealClock(speed=float(speed[1]))


def timestamp(moment: float) -> str:
    """Return `moment` as RFC 3339 in UTC with milliseconds: `2026-01-01T00:00:00.000Z`."""
    when = datetime.fromtimestamp(min(moment, _LATEST), UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def timestamp_or_none(moment: float | None) -> str | None:
    """Return `moment` as `timestamp` does; None stays None."""
    return None if moment is None else timestamp(moment)
