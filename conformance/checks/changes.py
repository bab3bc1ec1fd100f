"""LIFE, of every provider: what is changed is kept, what waits can be stopped, times agree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from conformance.checks.contract import Contract, as_documented
from conformance.checks.input import path_values
from conformance.checks.judge import shown
from conformance.checks.life import History, parsed_time
from conformance.checks.story import (
    Moment,
    Story,
    jobs_of,
    object_in,
    request_body,
    response_object,
    state_of,
)
from conformance.model import Credential, Exchange, Finding
from conformance.providers import State

_CHANGING = {"PATCH", "PUT"}
_READING = {"GET", "HEAD"}
_NEARLY = 1.0
"""Seconds by which two tellings of one moment may differ: one may be rounded."""


def change_is_kept(history: History, contract: Contract) -> Iterator[Finding | None]:
    """What was changed reads as it was changed to, and what was not named as before.

    Why it matters: whoever renames, retags or limits a thing relies on it from then on.

    Source: the bodies of the operations that change, and the schemas of what is read.
    """
    own = [e for e in history if e.case.credential is Credential.FIRST and as_documented(e)]
    for number, exchange in enumerate(own):
        if exchange.case.request.method not in _CHANGING or not exchange.succeeded:
            continue
        after = next((e for e in own[number + 1 :] if _is_about(e, exchange)), None)
        if after is None or after.case.request.method not in _READING or not after.succeeded:
            continue
        told, asked = response_object(after), request_body(exchange)
        if str(told.get(contract.provider.sessions.state)) in _ends(contract):
            continue
        yield None
        for name, value in asked.items():
            if value is None or told.get(name) is None:
                continue
            if not _alike(value, told[name], contract):
                yield _told("changed", name, shown(value), told[name], (exchange, after))
        yield from _others_kept(own[:number], exchange, after, contract)


def _ends(contract: Contract) -> frozenset[str]:
    facts = contract.provider.sessions
    return facts.over or frozenset(facts.states[-1:])


def _is_about(later: Exchange, change: Exchange) -> bool:
    """Whether `later` reads or changes what `change` changed: under its path, or the thing's."""
    first, second = _place(change), _place(later)
    if later.case.request.method in _READING:
        return second == first or ("{" in _template(change) and _parent(first) == second)
    return second == first or bool(_named(change) and _named(change) == _named(later))


def _place(exchange: Exchange) -> str:
    return exchange.case.request.path.partition("?")[0]


def _template(exchange: Exchange) -> str:
    return exchange.operation.path if exchange.operation else ""


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _named(exchange: Exchange) -> Mapping[str, str]:
    return path_values(_template(exchange), exchange.case.request.path)


def _others_kept(
    before: list[Exchange], change: Exchange, after: Exchange, contract: Contract
) -> Iterator[Finding]:
    """Yield a finding where a field that the change could name, and did not, is another now."""
    earlier = next((e for e in reversed(before) if _is_about(e, change)), None)
    if earlier is None or earlier.case.request.path != after.case.request.path:
        return
    if not earlier.succeeded or change.operation is None or not change.operation.body:
        return
    schema = next(iter(change.operation.body.values()))
    asked, was, now = request_body(change), response_object(earlier), response_object(after)
    for name in schema.get("properties", {}):
        unnamed = asked.get(name) is None and was.get(name) is not None
        if unnamed and name in now and not _alike(was[name], now[name], contract):
            expected = f"{shown(was[name])}, as before: the change did not name it"
            yield _told("unnamed", name, expected, now[name], (earlier, change, after))


def _alike(one: Any, other: Any, contract: Contract) -> bool:
    spans = contract.provider.sessions.seconds(one), contract.provider.sessions.seconds(other)
    return bool(one == other or (spans[0] is not None and spans[0] == spans[1]))


def waiting_job_can_be_canceled(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job that still waits after its cancellation was refused need not have been refused.

    Why it matters: what cannot be stopped while it waits will be run, and paid for.

    Source: the description of the operation that cancels.
    """
    facts = contract.provider.jobs
    for story in jobs_of(history, contract).values():
        for exchange in history:
            response = exchange.response
            named = facts.id_parameter and _named(exchange).get(facts.id_parameter) == story.id
            own = exchange.case.credential is Credential.FIRST and as_documented(exchange)
            if exchange.operation is None or exchange.operation.id != facts.cancel:
                continue
            if not named or not own or response is None or not 400 <= response.status < 500:
                continue
            later = next((m for m in story.readings if m.number > exchange.number), None)
            if later is None or response.status in {401, 403, 415, 429}:
                continue
            yield None
            if state_of(later.body, contract) is State.WAITING and not story.canceled:
                seen = f"{response.status}, and the job waits still"
                yield Finding(
                    clause="cancel/refused",
                    where="response.status",
                    expected="a success: the job waits",
                    seen=seen,
                    exchanges=(exchange.number, later.number),
                )


def metrics_tell_what_happened(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The times and the use of a job are in order, agree with the job, and stay when it has ended.

    Why it matters: it is from these that use is billed.

    Source: the answer of the operation that tells them, and the moment that the job itself tells.
    """
    stories = jobs_of(history, contract)
    for identifier, told in _metrics(history, contract).items():
        story = stories.get(identifier)
        for moment in told:
            yield None
            yield from _unordered(moment, contract)
            yield from _unlike_the_job(moment, story, contract)
        ended = _ended_at(story, contract)
        last = contract.provider.jobs.metric_times[-1]
        for before, after in pairwise(told):
            told_end = object_in(before.body, "timestamps").get(last)
            if told_end is None and (ended is None or before.number < ended.number):
                continue
            yield None
            for name in ("timestamps", "usage"):
                if before.body.get(name) != after.body.get(name):
                    expected = f"{shown(before.body.get(name))}, as before: the job had ended"
                    pair = (before.exchange, after.exchange)
                    yield _told("metrics/moved", name, expected, after.body.get(name), pair)


def _metrics(history: History, contract: Contract) -> dict[str, list[Moment]]:
    facts = contract.provider.jobs
    found: dict[str, list[Moment]] = {}
    for exchange in history:
        if exchange.operation is None or exchange.operation.id != facts.metrics:
            continue
        if exchange.succeeded and exchange.case.credential is Credential.FIRST:
            moment = Moment(exchange=exchange, body=response_object(exchange))
            found.setdefault(_named(exchange).get(facts.id_parameter, ""), []).append(moment)
    return found


def _ended_at(story: Story | None, contract: Contract) -> Moment | None:
    readings = story.readings if story is not None else []
    return next((m for m in readings if state_of(m.body, contract).terminal), None)


def _unordered(moment: Moment, contract: Contract) -> Iterator[Finding]:
    facts, times = contract.provider.jobs, object_in(moment.body, "timestamps")
    known = [(n, t) for n in facts.metric_times if (t := parsed_time(times.get(n))) is not None]
    for (early, first), (late, second) in pairwise(known):
        if second < first:
            where = f"timestamps/{late}"
            yield _told(
                "metrics/time", where, f"not before {early}", times[late], (moment.exchange,)
            )
    use = object_in(moment.body, "usage").get(facts.metric_use)
    if isinstance(use, int | float) and use < 0:
        yield _told("metrics/use", "usage", "0 or more", use, (moment.exchange,))


def _unlike_the_job(moment: Moment, story: Story | None, contract: Contract) -> Iterator[Finding]:
    """Yield a finding where the metrics say something else than readings of the job around them."""
    if story is None or not story.readings:
        return
    facts, times = contract.provider.jobs, object_in(moment.body, "timestamps")
    made, begun, ended = (times.get(name) for name in facts.metric_times)
    own = parsed_time(story.readings[-1].body.get(facts.made_at))
    told = parsed_time(made)
    if own is not None and told is not None and abs((told - own).total_seconds()) > _NEARLY:
        expected = f"{own.isoformat()}, as the job itself says"
        yield _told("metrics/made", "timestamps", expected, made, (moment.exchange,))
    after = next((m for m in story.readings if m.number > moment.number), None)
    if ended is not None and after is not None and not state_of(after.body, contract).terminal:
        yield _told("metrics/early", "timestamps", "no end yet", ended, (moment.exchange,))
    before = story.before(moment.exchange)
    canceled = before is not None and state_of(before.body, contract) is State.CANCELED
    use = object_in(moment.body, "usage").get(facts.metric_use)
    if canceled and "timestamps" in moment.body and begun is None and use not in (None, 0):
        yield _told("metrics/unrun", "usage", "0: the job never ran", use, (moment.exchange,))


def job_runs_what_it_was_given(history: History, contract: Contract) -> Iterator[Finding | None]:
    """What a job says that it was given to run is what was submitted.

    Why it matters: results are read as those of the circuit that comes with them.

    Source: the operation that tells what a job was given, and the payload of the job.
    """
    operation, member = contract.provider.jobs.given
    for exchange in history:
        if exchange.operation is None or exchange.operation.id != operation:
            continue
        named = _named(exchange).get(contract.provider.jobs.id_parameter, "")
        story = jobs_of(history, contract).get(named)
        if story is None or not story.payload or not exchange.succeeded:
            continue
        yield None
        told, sent = response_object(exchange), object_in(story.payload, member)
        for name in sorted({*told, *sent}):
            given, asked = told.get(name), sent.get(name)
            if (given or asked) and _parsed(given) != _parsed(asked):
                made = [story.created.exchange] if story.created else []
                yield _told("given", name, shown(asked), given, (*made, exchange))


def _parsed(text: object) -> object:
    """Return a text that is JSON as the value that it is."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return text


def results_have_their_form(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Results are one for each circuit, of as many shots, and bits, as were asked for.

    Why it matters: a result that belongs to another circuit, or lacks shots, is taken for right.

    Source: the payload of the job; the released clients that read its results.
    """
    facts = contract.provider.jobs
    for story in jobs_of(history, contract).values():
        for moment in story.results[:1]:
            yield None
            wrong = facts.misshapen(story.payload, moment.body)
            if wrong:
                yield Finding(
                    clause="results/form",
                    where="response.body",
                    expected="one result for each circuit, of its shots and bits",
                    seen=wrong,
                    exchanges=(*story.numbers[:1], moment.number),
                )


def _told(
    clause: str, place: str, expected: str, seen: object, exchanges: tuple[Exchange, ...]
) -> Finding:
    return Finding(
        clause=clause,
        where=f"response.body/{place}",
        expected=expected,
        seen=shown(seen),
        exchanges=tuple(sorted({e.number for e in exchanges})),
    )
