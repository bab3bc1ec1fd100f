"""The ordered exchanges of a scenario, read as the stories of the jobs and sessions in them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from conformance.checks.contract import Contract, as_documented
from conformance.checks.input import path_values
from conformance.model import Credential, Exchange, parse_sent
from conformance.providers import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened to a job or session: an exchange and what its body said."""

    exchange: Exchange
    body: dict[str, Any]

    @property
    def number(self) -> int:
        """Number of the exchange in the run log."""
        return self.exchange.number


@dataclass(slots=True, kw_only=True)
class Story:
    """What the owner of one job or session did with it, and what was answered."""

    id: str
    created: Moment | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    readings: list[Moment] = field(default_factory=list)
    """Successful single reads, in order."""
    listed: list[Moment] = field(default_factory=list)
    """Entries of lists; `body` is the entry."""
    canceled: list[Moment] = field(default_factory=list)
    deleted: list[Moment] = field(default_factory=list)
    results: list[Moment] = field(default_factory=list)
    """Successful reads of results, aggregated ones included."""
    costs: list[Moment] = field(default_factory=list)
    refused: list[Exchange] = field(default_factory=list)
    """Reads of the job or of its results that were refused with 4XX."""
    ended: list[Moment] = field(default_factory=list)
    """Sessions only: successful calls that end it."""
    changed: list[Moment] = field(default_factory=list)
    """Successful calls that changed facts of it."""
    closed: list[Moment] = field(default_factory=list)
    """Sessions only: successful calls that close it to new jobs."""
    opened: list[Moment] = field(default_factory=list)
    """Sessions only: successful calls that open it to new jobs again."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of the exchanges that tell the story so far."""
        moments = [*self.readings, *self.canceled, *self.deleted, *self.results]
        first = [self.created.number] if self.created else []
        return tuple(sorted({*first, *(m.number for m in moments)}))[:12]

    def numbers_until(self, last: int) -> tuple[int, ...]:
        """Return the numbers of the exchanges that tell the story up to `last`, which is last."""
        return (*(n for n in self.numbers if n < last), last)

    def before(self, exchange: Exchange) -> Moment | None:
        """Return the last reading before `exchange`."""
        earlier = [m for m in self.readings if m.number < exchange.number]
        return earlier[-1] if earlier else None


class _Told(threading.local):
    """The stories told last in this thread: many rules ask for those of one history in turn."""

    history: Sequence[Exchange] = ()
    length = 0
    last: Exchange | None = None
    """Tells a history from what stood in the same list before."""
    contract: Contract | None = None
    stories: dict[str, Story] | None = None
    sessions: dict[str, Story] | None = None

    def turn_to(self, history: Sequence[Exchange], contract: Contract) -> None:
        """Forget the stories of another history, or of this one when it was shorter."""
        last = history[-1] if history else None
        same = self.history is history and self.length == len(history) and self.last is last
        if not same or self.contract is not contract:
            self.stories = self.sessions = None
            self.history, self.length, self.contract = history, len(history), contract
            self.last = last


_told = _Told()


def jobs_of(history: Sequence[Exchange], contract: Contract) -> dict[str, Story]:
    """Return the stories of the jobs that the first tenant owns, by id; others read them too."""
    _told.turn_to(history, contract)
    if _told.stories is None:
        _told.stories = _jobs_of(history, contract)
    return _told.stories


def _jobs_of(history: Sequence[Exchange], contract: Contract) -> dict[str, Story]:
    stories: dict[str, Story] = {}
    for exchange in _owned(history):
        for identifier, role, body in _job_moments(exchange, contract):
            story = stories.setdefault(identifier, Story(id=identifier))
            moment = Moment(exchange=exchange, body=body)
            if role == "created":
                again = story.created is not None  # then nobody knows which of the two is read
                story.created, story.payload = moment, {} if again else request_body(exchange)
            elif role == "refused":
                story.refused.append(exchange)
            else:
                getattr(story, role).append(moment)
    return stories


def sessions_of(history: Sequence[Exchange], contract: Contract) -> dict[str, Story]:
    """Return the stories of the sessions that the first tenant opened, by id."""
    _told.turn_to(history, contract)
    if _told.sessions is None:
        _told.sessions = _sessions_of(history, contract)
    return _told.sessions


def _sessions_of(history: Sequence[Exchange], contract: Contract) -> dict[str, Story]:
    stories: dict[str, Story] = {}
    facts = contract.provider.sessions
    for exchange in _owned(history):
        operation = exchange.operation
        if operation is None or not exchange.succeeded:
            continue
        body = response_object(exchange)
        moment = Moment(exchange=exchange, body=body)
        if operation.id == facts.create and isinstance(body.get("id"), str):
            made = Story(id=body["id"], created=moment, payload=request_body(exchange))
            stories.setdefault(body["id"], made)
            continue
        named = path_values(operation.path, exchange.case.request.path).get(facts.id_parameter)
        story = stories.get(named or "")
        if story is not None and operation.id == facts.read:
            story.readings.append(moment)
        elif story is not None and operation.id == facts.end:
            story.ended.append(moment)
        elif story is not None and operation.id == facts.jobs:
            story.listed.append(moment)
        elif story is not None and operation.id == facts.change:
            story.changed.append(moment)
        elif story is not None and operation.id == facts.remove:
            story.deleted.append(moment)
        elif story is not None and operation.id == facts.close:
            closes = facts.closes(request_body(exchange))
            (story.closed if closes else story.opened).append(moment)
    return stories


def state_of(body: dict[str, Any], contract: Contract) -> State:
    """Return where the job that `body` describes is in its life."""
    return contract.provider.jobs.states.get(str(body.get("status")), State.UNKNOWN)


def circuits_of(
    story: Story, cancel: Moment, stories: Mapping[str, Story], contract: Contract
) -> list[Story]:
    """Return the jobs of the circuits of a job that was read as canceled after `cancel`."""
    for moment in story.readings:
        children = moment.body.get("child_job_ids")
        canceled = state_of(moment.body, contract) is State.CANCELED
        if moment.number > cancel.number and canceled and isinstance(children, list):
            return [stories[c] for c in children if isinstance(c, str) and c in stories]
    return []


def response_object(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object of the response, or an empty one."""
    body = exchange.response.json_or_none() if exchange.response else None
    return body if isinstance(body, dict) else {}


def request_body(exchange: Exchange) -> dict[str, Any]:
    """Return the JSON object that was sent, or an empty one."""
    try:
        body = parse_sent(exchange.case.request.body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def query_of(exchange: Exchange) -> dict[str, list[str]]:
    """Return the query of the request, values percent-decoded."""
    return parse_qs(exchange.case.request.path.partition("?")[2])


def entries_of(exchange: Exchange, member: str = "jobs") -> list[dict[str, Any]]:
    """Return the entries that a list holds under `member`."""
    entries = response_object(exchange).get(member)
    return [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []


def ids_of(entries: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of `entries`, those that are texts."""
    return [found for entry in entries if isinstance(found := entry.get("id"), str)]


def object_in(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the object that `body` holds as `name`; an empty one if that is something else."""
    held = body.get(name)
    return held if isinstance(held, dict) else {}


def _owned(history: Sequence[Exchange]) -> Iterator[Exchange]:
    for exchange in history:
        if exchange.case.credential is Credential.FIRST and as_documented(exchange):
            yield exchange


def _job_moments(
    exchange: Exchange, contract: Contract
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (job id, role in its story, body) for all that `exchange` says about jobs."""
    operation, facts = exchange.operation, contract.provider.jobs
    if operation is None or exchange.response is None:
        return
    body = response_object(exchange)
    named = path_values(operation.path, exchange.case.request.path).get(facts.id_parameter)
    single = {
        facts.cost: "costs",
        facts.results_of_many: "results",
        facts.read: "readings",
        facts.cancel: "canceled",
        facts.delete: "deleted",
        facts.results: "results",
        facts.change: "changed",
    }
    of_results = {facts.results, facts.results_of_many}
    many = {facts.cancel_many: "canceled", facts.delete_many: "deleted"}
    if not exchange.succeeded:
        if (
            named
            and operation.id in {facts.read, *of_results}
            and 400 <= exchange.response.status < 500
        ):
            yield named, "refused", body
    elif operation.id == facts.create and isinstance(body.get("id"), str):
        yield body["id"], "created", body
    elif named and operation.id in of_results and not facts.is_result(body):
        yield named, "refused", body
    elif named and operation.id in single:
        yield named, single[operation.id], body
    elif operation.id in many:
        changed = body.get("ids")
        for identifier in changed if isinstance(changed, list) else []:
            if isinstance(identifier, str):
                yield identifier, many[operation.id], body
    elif operation.id in {facts.listing, contract.provider.sessions.jobs}:
        for entry in entries_of(exchange):
            if isinstance(entry.get("id"), str):
                yield entry["id"], "listed", entry
