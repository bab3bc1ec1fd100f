"""What a live run may send, what that may cost, and what it has made."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from conformance.live.budget import Budget
from conformance.live.journal import Journal
from conformance.model import Case, Credential, Exchange, Problem, parse_json
from conformance.providers import Price, Provider

_NOT_SENT = frozenset({Problem.UNREACHABLE, Problem.UNSENDABLE, Problem.UNTRUSTED})
_LONGEST_ID = 200
_ON_NAMED_BACKEND = frozenset({"lifecycle", "physics"})
"""Suites whose jobs go to the backend that is named; all others stay on the free one."""

Ask = Callable[[dict[str, Any]], Any]
"""Sends the query of an estimate; returns the parsed answer, or None."""


@dataclass(slots=True)
class Errand:
    """One submission of a live run, from its reservation to its fate."""

    case: Case
    price: Price
    number: int
    """In the journal; 0 without one."""
    sent: bool = field(default=False)
    """Whether it is out and no refusal has come back."""


class Guard:
    """Lets a request of a live run pass, or says why not; keeps account of what was made.

    Args:
        provider: Whose API it is.
        live: Whether the target is somebody else's; everything passes when it is not.
        budget: What may be spent.
        journal: Where submissions are noted before they are sent.
        backend: The backend that jobs are for, when it is not the free simulator.
        dry_run: Whether all jobs are dry runs.
    """

    def __init__(
        self,
        provider: Provider,
        *,
        live: bool,
        budget: Budget | None = None,
        journal: Journal | None = None,
        backend: str = "",
        dry_run: bool = False,
    ) -> None:
        self.live = live
        self.budget = budget or Budget()
        self._provider = provider
        self._spending = provider.spending
        self._journal = journal
        self._backend = backend
        self._dry_run = dry_run
        self._lock = threading.Lock()
        self._made: dict[str, Price] = {}

    @property
    def made(self) -> tuple[str, ...]:
        """Ids of the jobs that this run made and did not delete, in order."""
        return tuple(self._made)

    def objection(self, case: Case) -> str:
        """Return why `case` must not be sent; empty when it may be."""
        method = case.request.method
        if not self.live or method in {"GET", "HEAD", "OPTIONS"}:
            return ""
        jobs, operation = self._provider.jobs, case.operation
        if operation is None or operation.method != method:
            return "a live run sends no method that is not documented"
        if operation.id == jobs.create:
            return self._objection_to_job(case)
        if operation.id in {jobs.cancel, jobs.delete, jobs.cancel_many, jobs.delete_many}:
            return "" if self._is_own(case) else "a live run ends its own jobs only"
        return f"a live run does not call {operation.id}"

    def errand(self, case: Case, ask: Ask) -> Errand | str | None:
        """Price, reserve and note a submission that is about to be sent.

        Returns:
            The errand, with the case as it is to be sent; why it must not be sent; or None,
            when `case` submits nothing, or the target is ours.

        Raises:
            UnwritableOutput: It cannot be noted, so it must not be sent.
        """
        creates = case.operation is not None and case.operation.id == self._provider.jobs.create
        if not self.live or not creates or case.request.method != "POST":
            return None
        payload = self._prepared(case)
        if payload != _sent(case) and not _is_canonical(case):
            return "a text that must go out as it is cannot be made a job for this run"
        price = self._price(payload, ask)
        if isinstance(price, str):
            return price
        objection = self.budget.reserve(price)
        if objection:
            return f"a job more would pass the budget: {objection}"
        return self._noted(case, payload, price)

    def settle(self, errand: Errand, exchange: Exchange | None) -> None:
        """Note the fate of `errand`; `exchange` is None when the run was stopped meanwhile."""
        response = exchange.response if exchange else None
        if response is not None and 200 <= response.status < 300:
            body = response.json_or_none()
            job = body.get("id") if isinstance(body, dict) else None
            if isinstance(job, str) and 0 < len(job) <= _LONGEST_ID:
                self._note_made(errand, job)
            return
        told = response is not None and response.status < 500
        problem = exchange.problem if exchange else None
        if told or problem in _NOT_SENT or not errand.sent:
            self.budget.release(errand.price)
            if self._journal and errand.number:
                self._journal.refused(errand.number)

    def note(self, exchange: Exchange) -> str:
        """Remember what `exchange` removed or told of costs; return why the run must end, if so."""
        operation, jobs = exchange.operation, self._provider.jobs
        if operation is None or not exchange.succeeded or exchange.response is None:
            return ""
        if operation.id == jobs.delete:
            self._note_removed(unquote(exchange.case.request.path.rpartition("/")[2]))
        elif operation.id == jobs.delete_many:
            for job in _ids(exchange.case):
                self._note_removed(job)
        elif operation.id == jobs.cost and self.live:
            return self._note_cost(exchange)
        return ""

    def _objection_to_job(self, case: Case) -> str:
        body = _sent(case)
        backend = body.get("backend") if isinstance(body, dict) else None
        allowed = {self._provider.jobs.ideal_backend, self._backend}
        if case.credential is Credential.SECOND:
            return "a live run submits nothing for its second account"
        if isinstance(backend, str) and backend and backend in allowed:
            return ""
        return "a live run submits jobs for the simulator, and for the backend that is named"

    def _prepared(self, case: Case) -> dict[str, Any]:
        """Return the payload as it is meant: for the named backend, as a dry run."""
        payload: dict[str, Any] = _sent(case)
        ideal = payload.get("backend") == self._provider.jobs.ideal_backend
        if self._backend and ideal and case.suite in _ON_NAMED_BACKEND:
            payload = self._spending.for_backend(payload, self._backend)
        return self._spending.as_dry_run(payload) if self._dry_run else payload

    def _price(self, payload: dict[str, Any], ask: Ask) -> Price | str:
        price = Price(jobs=self._spending.jobs_in(payload))
        free = payload.get("backend") in self._spending.free_backends
        if free or self._spending.is_dry_run(payload):
            return price
        early = self.budget.reserve(price)
        if early:
            return f"a job more would pass the budget: {early}"
        self.budget.release(price)
        for query in self._spending.estimates(payload):
            part = self._spending.priced(ask(query))
            if part is None:
                return "the service does not say what the job would cost"
            price += part
        return price

    def _noted(self, case: Case, payload: dict[str, Any], price: Price) -> Errand:
        number = 0
        if self._journal:
            number, mark = self._journal.attempt()
            marked = self._spending.marked(payload, mark) if _is_canonical(case) else None
            if marked is None:
                self._journal.unmarked(number)
            payload = marked or payload
        changed = json.dumps(payload).encode()
        if payload != _sent(case):
            case = replace(case, request=replace(case.request, body=changed))
        return Errand(case, price, number)

    def _note_made(self, errand: Errand, job: str) -> None:
        with self._lock:
            self._made[job] = errand.price
        if self._journal and errand.number:
            self._journal.made(errand.number, job)

    def _note_removed(self, job: str) -> None:
        with self._lock:
            known = self._made.pop(job, None) is not None
        if known and self._journal:
            self._journal.removed(job)

    def _note_cost(self, exchange: Exchange) -> str:
        body = exchange.response.json_or_none() if exchange.response else None
        cost = self._spending.charged(body)
        parts = map(unquote, exchange.case.request.path.split("/"))
        job = next((part for part in parts if part in self._made), "")
        if cost is None or not job:
            return ""
        with self._lock:
            estimated = self._made[job]
            self._made[job] = replace(estimated, cost=max(cost, estimated.cost))
        return self.budget.correct(estimated, cost)

    def _is_own(self, case: Case) -> bool:
        parts = map(unquote, case.request.path.partition("?")[0].split("/"))
        body = _sent(case)
        if isinstance(body, dict) and "ids" in body:
            named = _ids(case)
            return bool(named) and all(job in self._made for job in named)
        return any(part in self._made for part in parts)


def _ids(case: Case) -> list[Any]:
    body = _sent(case)
    named = body.get("ids") if isinstance(body, dict) else None
    return [job if isinstance(job, str) else "" for job in named] if isinstance(named, list) else []


def _sent(case: Case) -> Any:
    try:
        return parse_json(case.request.body)
    except (ValueError, RecursionError):
        return None


def _is_canonical(case: Case) -> bool:
    """Whether the body says what its parsed form says, so that it may be written anew."""
    body = case.request.body
    parsed = _sent(case)
    compact = json.dumps(parsed, separators=(",", ":")).encode()
    return body in {json.dumps(parsed).encode(), compact}
