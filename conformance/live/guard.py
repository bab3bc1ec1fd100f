"""What a live run may send: reads, simulator jobs, and what undoes its own jobs."""

from __future__ import annotations

import threading

from conformance.model import Case, Exchange, parse_json
from conformance.providers import Provider


class Guard:
    """Lets a request of a live run pass, or says why not; keeps the ids of what was made.

    Args:
        provider: Whose API it is.
        live: Whether the target is somebody else's; everything passes when it is not.
    """

    def __init__(self, provider: Provider, *, live: bool) -> None:
        self._provider = provider
        self._live = live
        self._lock = threading.Lock()
        self._made: dict[str, None] = {}

    @property
    def made(self) -> tuple[str, ...]:
        """Ids of the jobs that this run made and did not delete, in order."""
        return tuple(self._made)

    def objection(self, case: Case) -> str:
        """Return why `case` must not be sent; empty when it may be."""
        method = case.request.method
        if not self._live or method in {"GET", "HEAD", "OPTIONS"}:
            return ""
        jobs, operation = self._provider.jobs, case.operation
        if operation is None or operation.method != method:
            return "a live run sends no method that is not documented"
        if operation.id == jobs.create:
            return "" if self._is_for_simulator(case) else "a live run submits simulator jobs only"
        if operation.id in {jobs.cancel, jobs.delete, jobs.cancel_many, jobs.delete_many}:
            return "" if self._is_own(case) else "a live run ends its own jobs only"
        return f"a live run does not call {operation.id}"

    def note(self, exchange: Exchange) -> None:
        """Remember what `exchange` made or removed."""
        operation, jobs = exchange.operation, self._provider.jobs
        if operation is None or not exchange.succeeded or exchange.response is None:
            return
        body = exchange.response.json_or_none()
        identifier = body.get("id") if isinstance(body, dict) else None
        with self._lock:
            if operation.id == jobs.create and isinstance(identifier, str):
                self._made[identifier] = None
            elif operation.id == jobs.delete and isinstance(identifier, str):
                self._made.pop(identifier, None)

    def _is_for_simulator(self, case: Case) -> bool:
        body = _sent(case)
        return isinstance(body, dict) and body.get("backend") == self._provider.jobs.ideal_backend

    def _is_own(self, case: Case) -> bool:
        parts = case.request.path.partition("?")[0].split("/")
        body = _sent(case)
        named = body.get("ids") if isinstance(body, dict) else None
        if isinstance(named, list):
            return bool(named) and all(i in self._made for i in named if isinstance(i, str))
        return any(part in self._made for part in parts)


def _sent(case: Case) -> object:
    try:
        return parse_json(case.request.body)
    except (ValueError, RecursionError):
        return None
