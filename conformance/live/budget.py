"""What a run may spend: reserved before anything is sent, so that no limit is ever passed."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from conformance.providers import Price

_ROUNDING = 1e-9
"""By how much sums of decimal fractions may miss a limit that they meet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What all of a run may use; None for any amount."""

    jobs: int | None = None
    cost: float | None = None
    qpu_seconds: float | None = None
    requests: int | None = None
    rate: float | None = None
    """Requests a second."""


class Budget:
    """Keeps account of requests and prices; safe to share by threads.

    Each job that is made owes one more request, that of its removal, which no other request
    may use up.
    """

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._requests = 0
        self._owed = 0
        self._spent = Price()

    @property
    def requests(self) -> int:
        """Requests that were sent."""
        return self._requests

    @property
    def spent(self) -> Price:
        """What all jobs made, or perhaps made, cost by their estimates, or as it turned out."""
        return self._spent

    def take_request(self, *, removal: bool = False) -> bool:
        """Count a request that is about to be sent; false when it must not be.

        A `removal` is always allowed: it was reserved when its job was made.
        """
        with self._lock:
            most = self.limits.requests
            owed = 0 if removal else self._owed
            if not removal and most is not None and self._requests + owed + 1 > most:
                return False
            self._requests += 1
            if removal:
                self._owed = max(self._owed - 1, 0)
            return True

    def reserve(self, price: Price) -> str:
        """Set `price` aside, and the request that removes the job; return why not, if not."""
        with self._lock:
            objection = self._objection(price)
            if not objection:
                self._spent += price
                self._owed += 1
            return objection

    def release(self, price: Price) -> None:
        """Give back what was reserved for a job that certainly was not made."""
        with self._lock:
            self._spent -= price
            self._owed = max(self._owed - 1, 0)

    def correct(self, estimated: Price, cost: float) -> str:
        """Count what a job turned out to cost beyond its estimate; return what is exceeded."""
        with self._lock:
            more = Price(cost=max(cost - estimated.cost, 0.0))
            self._spent += more
            most = self.limits.cost
            if more.cost > 0 and most is not None and self._spent.cost > most + _ROUNDING:
                return f"a job costs {cost:g}, {more.cost:g} more than it was estimated at"
            return ""

    def _objection(self, price: Price) -> str:
        limits = self.limits
        for name, used, wanted, most in (
            ("max-jobs", self._spent.jobs, price.jobs, limits.jobs),
            ("max-cost", self._spent.cost, price.cost, limits.cost),
            ("max-qpu-seconds", self._spent.qpu_seconds, price.qpu_seconds, limits.qpu_seconds),
        ):
            if wanted and most is not None and used + wanted > most + _ROUNDING:
                return f"--{name} is {most:g}: {used:g} used, {wanted:g} wanted"
        requests = limits.requests
        if requests is not None and self._requests + self._owed + 2 > requests:
            return f"--max-requests is {requests}: {self._requests} sent"
        return ""
