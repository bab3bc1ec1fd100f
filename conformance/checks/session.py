"""LIFE, sessions: made, used within limits, ended for good."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from conformance.checks.contract import Contract, settled
from conformance.checks.input import path_values
from conformance.checks.judge import shown
from conformance.checks.life import History, parsed_time
from conformance.checks.story import (
    Moment,
    Story,
    entries_of,
    ids_of,
    jobs_of,
    object_in,
    query_of,
    sessions_of,
    state_of,
)
from conformance.model import Credential, Finding
from conformance.providers import SessionFacts, State

_DONE = State.COMPLETED
_WATCHED, _NEARLY = 0.6, 0.8
"""Shares: of its time for which an end was waited for; of a limit before which it has not come."""
_KEPT_LIMITS = ("job_count_limit", "cost_limit")
"""Limits that a session states as they were asked for; a duration may become a moment."""


def session_moves_forward(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session is created, started and ended in this order, each once; ended is for good.

    Why it matters: a session that comes back to life goes on costing money.

    Source: SessionStatusEnum, `active` and the moments of Session.
    """
    facts = contract.provider.sessions
    states = facts.states
    for story in sessions_of(history, contract).values():
        told = sorted([*_told(story), *story.ended], key=lambda m: m.number)
        stated = [m for m in told if m.body.get(facts.state) in states]
        for before, after in pairwise(stated):
            yield None
            first, second = before.body[facts.state], after.body[facts.state]
            back = states.index(second) < states.index(first)
            if back and (first, second) not in facts.returns:
                yield _finding("order", facts.state, f"{first} or later", second, story)
        for moment in told:
            yield None
            yield from _inconsistent(moment, facts, story)
        for earlier, later in pairwise(story.readings):
            yield None
            yield from _moved(earlier, later, facts, story)


def _moved(before: Moment, after: Moment, facts: SessionFacts, story: Story) -> Iterator[Finding]:
    """Yield a finding where something happened at another time than was told before."""
    for name in facts.times:
        first, second = parsed_time(before.body.get(name)), parsed_time(after.body.get(name))
        if first is not None and second is not None and first != second:
            expected = f"{before.body[name]}, as it was told before"
            yield _finding(f"moved/{name}", name, expected, after.body[name], story)


def _inconsistent(moment: Moment, facts: SessionFacts, story: Story) -> Iterator[Finding]:
    body, ended = moment.body, facts.ended_at
    if body.get(facts.state) == facts.states[-1]:
        for name in ("active", "accepting_jobs"):
            if body.get(name) is True:
                yield _finding(name, name, "false: the session has ended", "true", story)
        if ended in body and body[ended] is None:
            yield _finding(ended, ended, "when the session ended", None, story)
    known = [(name, t) for name in facts.times if (t := parsed_time(body.get(name))) is not None]
    for (early, first), (late, second) in pairwise(known):
        if second < first:
            yield _finding(f"time/{late}", late, f"not before {early}", body[late], story)


def session_ends_when_told(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session that was told to end has ended.

    Why it matters: an open session is billed.

    Source: the description of the operation that ends it; Session.status.
    """
    facts = contract.provider.sessions
    final = facts.states[-1]
    for story in sessions_of(history, contract).values():
        yield from _never_over(story, facts, contract)
        for end in story.ended[:1]:
            later = next((m for m in story.readings if m.number > end.number), None)
            if later is None:
                continue
            yield None
            seen = later.body.get(facts.state)
            if seen not in (facts.over or {final}):
                yield _finding("end", facts.state, final, seen, story)


def _never_over(story: Story, facts: SessionFacts, contract: Contract) -> Iterator[Finding | None]:
    """Yield a finding where a session ends as long as anybody looks and has never ended."""
    if not story.ended or not story.readings:
        return
    last = story.readings[-1]
    watched = last.exchange.started - story.ended[0].exchange.started
    if watched > _WATCHED * contract.patience and last.number > story.ended[0].number:
        yield None
        if last.body.get(facts.state) != facts.states[-1]:
            seen = f"{last.body.get(facts.state)} all the time"
            yield _finding("never", facts.state, facts.states[-1], seen, story)


def session_limits_hold(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session runs no job after its end and none beyond its limit of jobs, nor lasts longer.

    Once it has started, it says that it expires within `duration_limit_min`, give or take one.

    Why it matters: limits are what a session is for. A service may refuse such a job or let
    it fail; only one that completes breaks the promise.

    Source: SessionSettings of the document.
    """
    jobs = jobs_of(history, contract)
    for story in sessions_of(history, contract).values():
        end = story.ended[0].number if story.ended else None
        inside = [j for j in jobs.values() if j.payload.get("session_id") == story.id]
        settings = object_in(story.payload, "settings")
        completed = [j for j in inside if _completed(j, contract)]
        for job in inside:
            yield None
            late = end is not None and job.created is not None and job.created.number > end
            if late and job in completed:
                yield _finding(
                    "after-end", "status", "no job after the end", "completed", story, job
                )
        limit = settings.get("job_count_limit")
        if completed and isinstance(limit, int) and len(completed) > limit:
            seen = f"{len(completed)} completed jobs"
            yield _finding("job-count", "status", f"at most {limit}", seen, story, completed[-1])
        yield from _expires_late(story, settings.get("duration_limit_min"))


def _expires_late(story: Story, minutes: object) -> Iterator[Finding]:
    """Yield a finding where a session that has started says that it lasts longer than it may."""
    for moment in story.readings:
        began = parsed_time(moment.body.get("started_at"))
        ends = parsed_time(object_in(moment.body, "settings").get("expires_at"))
        if began is None or ends is None or not isinstance(minutes, int | float):
            continue
        if (ends - began).total_seconds() > 60 * (minutes + 1):
            expected = f"at most {minutes:g} minutes after {moment.body['started_at']}"
            yield _finding("expires", "settings/expires_at", expected, ends.isoformat(), story)
            return


def session_spends_no_more(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session runs no further job once its jobs have cost more than its limit.

    Why it matters: it is the only brake that a script has.

    Source: `cost_limit` of SessionSettings; the cost of each job.
    """
    jobs = jobs_of(history, contract)
    for story in sessions_of(history, contract).values():
        limit = object_in(object_in(story.payload, "settings"), "cost_limit").get("value")
        inside = [j for j in jobs.values() if j.payload.get("session_id") == story.id]
        inside.sort(key=lambda job: job.created.number if job.created else 0)
        spent = 0.0
        for job in inside:
            if not isinstance(limit, int | float) or not _completed(job, contract):
                continue
            yield None
            if spent > limit:
                over = f"a job completed after {spent:g} was spent"
                yield _finding("cost", "status", f"at most {limit:g} spent", over, story, job)
            cost = job.costs[-1].body.get("cost") if job.costs else None
            value = cost.get("value") if isinstance(cost, dict) else None
            spent += value if isinstance(value, int | float) else 0.0


def session_is_known(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job for a session that does not exist does not complete.

    Why it matters: its owner believes that limits hold for it.

    Source: `session_id` of the creation payload.
    """
    facts = contract.provider.sessions
    unknown = {
        path_values(e.operation.path, e.case.request.path).get(facts.id_parameter)
        for e in history
        if e.operation and e.operation.id == facts.read and e.response
        and e.response.status == 404
    }  # fmt: skip
    known = sessions_of(history, contract).keys()
    for job in jobs_of(history, contract).values():
        asked = job.payload.get("session_id")
        if not isinstance(asked, str) or asked not in unknown or asked in known:
            continue
        yield None
        if _completed(job, contract):
            yield Finding(
                clause="session/unknown",
                where="response.body/status",
                expected="a refusal, or a failed job: there is no such session",
                seen="completed",
                exchanges=job.numbers,
            )


def session_goes_its_own_way(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session starts with its first job, and nothing but its own end or limits ends it.

    Why it matters: ending one session must not stop the work of another.

    Source: SessionStatusEnum; the operation that ends one session, named by its id.
    """
    facts = contract.provider.sessions
    created, *_, final = facts.states
    jobs = jobs_of(history, contract)
    for story in sessions_of(history, contract).values():
        inside = [j for j in jobs.values() if j.payload.get("session_id") == story.id]
        done = [m for j in inside for m in j.readings if state_of(m.body, contract) is _DONE]
        for moment in story.readings:
            yield None
            status = moment.body.get(facts.state)
            if status == created and any(m.number < moment.number for m in done):
                started = f"{facts.states[1]}: a job has completed"
                yield _finding("starts", facts.state, started, status, story)
            told = any(e.number < moment.number for e in story.ended)
            limited = story.payload.get("settings") or facts.longest or facts.idle
            if status == final and not told and not limited and not inside:
                yield _finding("other", facts.state, "open: nobody ended it", status, story)
            shortest = _lasted_less(moment, facts)
            closed = any(c.number < moment.number for c in (*story.closed, *story.changed))
            if status == final and not told and not closed and shortest is not None:
                expected = f"open for {shortest:g} s: nobody ended it"
                yield _finding("early", facts.state, expected, status, story)


def _lasted_less(moment: Moment, facts: SessionFacts) -> float | None:
    """Return the shortest limit of a session that had ended before that; None if none had."""
    begun, ended = (parsed_time(moment.body.get(name)) for name in (facts.times[0], facts.ended_at))
    names = [facts.longest, *([] if facts.returns else [facts.idle])]
    stated = (facts.seconds(moment.body.get(name)) for name in names if name)
    limits = [limit for limit in (facts.unused, *stated) if limit]
    if begun is None or ended is None or not limits or len(limits) < len(names):
        return None
    lasted = (ended - begun).total_seconds()
    return min(limits) if lasted < _NEARLY * min(limits) else None


def session_is_listed(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The list of sessions, without a filter, holds the sessions that were opened.

    Why it matters: whoever looks for forgotten sessions looks there.

    Source: the operation that lists sessions.
    """
    opened = sessions_of(history, contract)
    for exchange in history:
        operation = exchange.operation
        listing = operation is not None and operation.id == contract.provider.sessions.listing
        own = exchange.case.credential is Credential.FIRST
        if not listing or not own or not exchange.succeeded or query_of(exchange):
            continue
        ids = [entry.get("id") for entry in entries_of(exchange, "sessions")]
        for story in opened.values():
            if story.created is None or story.created.number > exchange.number:
                continue
            if not settled(story.created.exchange, exchange, contract):
                continue
            yield None
            if story.id not in ids:
                seen = f"{len(ids)} others"
                yield _finding("listed", "sessions", f"session {story.id}", seen, story)


def session_holds_its_jobs(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The list of a session's jobs holds its jobs and no other's.

    Why it matters: it is what the session's owner is billed for.

    Source: the operation that lists a session's jobs; `session_id` of the job.
    """
    jobs = jobs_of(history, contract)
    for story in sessions_of(history, contract).values():
        for listing in story.listed:
            yield None
            entries = listing.body.get("jobs")
            entries = (
                [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
            )
            ids = set(ids_of(entries))
            for entry in entries:
                if entry.get("session_id") != story.id:
                    seen = entry.get("session_id")
                    yield _finding("jobs", "jobs/0/session_id", story.id, seen, story)
                    break
            whole = listing.body.get("next") is None and not query_of(listing.exchange)
            missing = [
                j.id
                for j in jobs.values()
                if j.payload.get("session_id") == story.id
                and j.created is not None
                and j.created.number < listing.number
                and settled(j.created.exchange, listing.exchange, contract)
                and j.id not in ids
                and not j.deleted
            ]
            if missing and whole:
                yield _finding(
                    "jobs", "jobs", f"job {missing[0]} of this session", "no such job", story
                )


def session_facts_come_back(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session says of itself what was asked for: backend and limits.

    An empty text asks for nothing: the service may choose.

    Why it matters: a limit that was lost is no limit.

    Source: CreateSessionRequest and Session of the document.
    """
    facts = contract.provider.sessions
    for story in sessions_of(history, contract).values():
        for moment in _told(story):
            if any(change.number < moment.number for change in story.changed):
                break
            yield None
            named = {facts.backend: facts.runs_on, **facts.kept}
            sent: dict[str, Any] = {told: story.payload.get(name) for name, told in named.items()}
            told: dict[str, Any] = {name: moment.body.get(name) for name in named.values()}
            settings = moment.body.get("settings")
            if isinstance(settings, dict):
                sent |= object_in(story.payload, "settings")
                told |= settings
                for name in _KEPT_LIMITS:
                    if settings and sent.get(name) is not None and settings.get(name) is None:
                        lost = f"settings/{name}"
                        yield _finding(f"lost/{name}", lost, shown(sent[name]), "nothing", story)
            for name, value in sent.items():
                stated = value not in (None, "") and told.get(name) is not None
                if (
                    stated
                    and told[name] != value
                    and not _same_span(value, told[name], name, facts)
                ):
                    yield _finding(f"echo/{name}", name, shown(value), told[name], story)


def _same_span(asked: Any, told: Any, name: str, facts: SessionFacts) -> bool:
    """Whether both are the same duration in two forms, or `told` is lower by the plan."""
    wanted, given = facts.seconds(asked), facts.seconds(told)
    if wanted is None or given is None:
        return False
    return given == wanted or (name in facts.lowered and given < wanted)


def _completed(job: Story, contract: Contract) -> bool:
    return any(state_of(m.body, contract) is State.COMPLETED for m in job.readings)


def _told(story: Story) -> Iterator[Moment]:
    if story.created is not None:
        yield story.created
    yield from story.readings


def _finding(
    clause: str, place: str, expected: str, seen: object, story: Story, job: Story | None = None
) -> Finding:
    numbers = {*story.numbers, *(m.number for m in story.ended), *(job.numbers if job else ())}
    return Finding(
        clause=f"session/{clause}",
        where=f"response.body/{place}",
        expected=expected,
        seen=seen if isinstance(seen, str) else shown(seen),
        exchanges=tuple(sorted(numbers)),
    )
