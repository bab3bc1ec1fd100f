"""Removing what a live run made: at its end, after Ctrl-C, and from its journal after a crash."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.lifecycle import build_request
from conformance.live import Journal, Pace, asked_wait
from conformance.model import Headers, Operation, Problem, Request, Response, Specification
from conformance.providers import Provider
from conformance.transport import Transport, TransportFailure

_TRIES = 6
_LONGEST_WAIT = 20.0
_MOST_PAGES = 200
_SETTLED = 2.0
"""Seconds after which a submission that broke off has arrived, or never will."""


@dataclass(slots=True, kw_only=True)
class Cleaned:
    """What became of a run's jobs."""

    removed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    """Jobs that could not be removed."""
    unknown: int = 0
    """Submissions of which nobody knows whether they made a job."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left."""
        return not self.left and not self.unknown


class Cleaner:
    """Removes jobs, and finds those whose submission broke off by the marks that they carry.

    Args:
        transport: To the target.
        specification: Has the operations.
        provider: Whose API it is.
        key: Of the account that made the jobs.
        journal: Told what became of each job and submission.
        on_request: Called before each request.
        ends_at: Moment on the monotonic clock by which it gives up.
        pace: How fast requests may follow.
    """

    def __init__(
        self,
        transport: Transport,
        specification: Specification,
        provider: Provider,
        key: str,
        *,
        journal: Journal | None,
        ends_at: float,
        on_request: Callable[[], object] = bool,
        pace: Pace | None = None,
    ) -> None:
        self._transport = transport
        self._specification = specification
        self._provider = provider
        self._headers: Headers = (provider.authorization(key),)
        self._journal = journal
        self._on_request = on_request
        self._ends_at = ends_at
        self._pace = pace or Pace(None)
        self._lot = random.Random()  # noqa: S311 - jitter, not secrets

    def clean(self, jobs: Iterable[str], submissions: Mapping[int, str]) -> Cleaned:
        """Remove `jobs`, and what `submissions` made whose fate is not known.

        Args:
            jobs: Their ids.
            submissions: Numbers in the journal to the marks that their jobs would carry; an
                empty mark finds nothing.
        """
        report = Cleaned(unknown=sum(not mark for mark in submissions.values()))
        wanted = {mark: number for number, mark in submissions.items() if mark}
        found = self._find(wanted) if wanted else {}
        if found is None:
            report.unknown += len(wanted)
        else:
            self._settle(wanted, found)
        for job in dict.fromkeys([*jobs, *(found or {})]):
            (report.removed if self._remove(job) else report.left).append(job)
        return report

    def _settle(self, wanted: Mapping[str, int], found: Mapping[str, str]) -> None:
        """Note which submissions made a job, and that the others made none."""
        if self._journal is None:
            return
        for job, mark in found.items():
            self._journal.made(wanted[mark], job)
        for mark, number in wanted.items():
            if mark not in found.values():
                self._journal.refused(number)

    def _remove(self, job: str) -> bool:
        facts = self._provider.jobs
        if job in {"", ".", ".."}:
            return False
        answer = self._call(facts.delete, job)
        if answer is not None and answer.status in {400, 409, 422}:  # it has to end first
            self._call(facts.cancel, job)
            answer = self._call(facts.delete, job)
        gone = answer is not None and (answer.status < 300 or answer.status in {404, 410})
        if gone and self._journal is not None:
            self._journal.removed(job)
        return gone

    def _find(self, marks: Container[str]) -> dict[str, str] | None:
        """Return the jobs that carry `marks`; None when the lists cannot be read to their end."""
        self._sleep(_SETTLED)
        found: dict[str, str] = {}
        cursor, seen = "", set[str]()
        for _ in range(_MOST_PAGES):
            query: dict[str, Any] = {"limit": 100, **({"next": cursor} if cursor else {})}
            answer = self._call(self._provider.jobs.listing, query=query)
            if answer is None or answer.status != 200:
                return None
            jobs, cursor = self._provider.spending.page(answer.json_or_none())
            for job in jobs:
                mark, identifier = self._provider.spending.mark_of(job), job.get("id")
                if mark in marks and isinstance(identifier, str):
                    found[identifier] = mark
            if not cursor or cursor in seen:
                return found
            seen.add(cursor)
        return None

    def _call(
        self, operation: str, job: str = "", *, query: dict[str, Any] | None = None
    ) -> Response | None:
        """Return an answer that stands; None when there is none in time.

        Removing twice removes once, so that here everything may be sent again.
        """
        described: Operation = self._specification.operation(operation)
        ids = {self._provider.jobs.id_parameter: job}
        request = build_request(described, ids, query or {}, None, self._headers)
        answer = None
        for attempt in range(_TRIES):
            if time.monotonic() >= self._ends_at:
                return None
            self._sleep(self._pace.delay())
            self._on_request()
            answer = self._try(request)
            if answer is not None and answer.status != 429 and answer.status < 500:
                return answer
            asked = asked_wait(answer) if answer is not None else None
            backoff = 0.2 * 2.0**attempt * self._lot.uniform(0.5, 1.0)
            wait = backoff if asked is None else asked
            if wait > _LONGEST_WAIT or attempt == _TRIES - 1:
                return None
            self._sleep(wait)
        return None

    def _try(self, request: Request) -> Response | None:
        try:
            return self._transport.send(request)
        except TransportFailure as failure:
            if failure.problem in {Problem.UNTRUSTED, Problem.UNSENDABLE}:
                self._ends_at = 0.0  # nothing that follows will fare better
            return None

    def _sleep(self, seconds: float) -> None:
        time.sleep(max(min(seconds, self._ends_at - time.monotonic()), 0.0))
