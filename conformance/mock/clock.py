"""What time it is for the mock: real, instant, or stepped by a test. Seconds since 1970, UTC."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime

START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""Where a clock that is not real begins, so that a run depends on its seed alone."""

_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


class Clock(ABC):
    """A source of time that jobs and sessions move on."""

    @abstractmethod
    def now(self) -> float:
        """Return the present moment; never less than what was returned before."""

    def await_moment(self, moment: float) -> None:  # noqa: B027 (a choice, not a duty)
        """Tell the clock that somebody looks forward to `moment`; most clocks do not care."""


class RealClock(Clock):
    """The wall clock, read once and carried on monotonically."""

    def __init__(self) -> None:
        self._offset = time.time() - time.perf_counter()

    def now(self) -> float:
        """Return the wall-clock time; steps of the system clock do not show."""
        return self._offset + time.perf_counter()


class InstantClock(Clock):
    """Time that jumps to whatever is awaited: a job has ended when it is first read.

    Each look at the clock moves it on by one millisecond, so that what happens later is
    dated later.
    """

    def __init__(self, start: float = START) -> None:
        self._now = start

    def now(self) -> float:
        """Return the time, one millisecond after the last look."""
        self._now += 0.001
        return self._now

    def await_moment(self, moment: float) -> None:
        """Jump to `moment` unless it has passed, or will never come."""
        if math.isfinite(moment):
            self._now = max(self._now, moment)


class SteppedClock(Clock):
    """Time that stands still until a test moves it."""

    def __init__(self, start: float = START) -> None:
        self._now = start

    def now(self) -> float:
        """Return the time that the last step led to."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Move on by `seconds`, which is not negative."""
        if seconds < 0:
            raise ValueError(f"expected seconds to move on by, got {seconds}")
        self._now += seconds


def timestamp(moment: float) -> str:
    """Return `moment` as RFC 3339 in UTC with milliseconds: `2026-01-01T00:00:00.000Z`."""
    when = datetime.fromtimestamp(min(moment, _LATEST), UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def timestamp_or_none(moment: float | None) -> str | None:
    """Return `moment` as `timestamp` does; None stays None."""
    return None if moment is None else timestamp(moment)
