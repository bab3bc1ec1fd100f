"""SESSION: what a session does with the jobs it has, and what it says of its course."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.checks.contract import Contract, settled
from conformance.checks.judge import shown
from conformance.checks.life import History, parsed_time
from conformance.checks.story import Moment, Story, jobs_of, sessions_of, state_of
from conformance.model import Finding
from conformance.providers import SessionFacts, State

_WATCHED = 0.6
"""Share of its time for which a job that does not end has been polled."""
_NEARLY = 1.0
"""Seconds by which two tellings of one moment may differ: one may be rounded."""
_LONG = 600.0
"""Seconds: a session with a lower limit may end by itself while a walk looks at it."""


def session_lets_its_jobs_end(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session closed to new jobs, or told to end, leaves none of those it has without an end.

    Closed to new jobs it finishes all of them; where the documents say that a job that runs is
    finished, too, when the session is told to end, that one is.

    Why it matters: a job that was dropped is paid for in part, and its owner waits for it.

    Source: the descriptions of the operations; the provider's guide to its sessions.
    """
    facts = contract.provider.sessions
    for story in sessions_of(history, contract).values():
        if _is_short(story, facts):
            continue
        for job in _inside(history, story, contract):
            if job.canceled or job.deleted or job.created is None:
                continue
            yield None
            yield from _dropped(job, story, contract)
            yield from _stranded(job, story, contract)


def _is_short(story: Story, facts: SessionFacts) -> bool:
    limits = [facts.seconds(story.payload.get(name)) for name in (facts.longest, facts.idle)]
    return any(limit is not None and limit < _LONG for limit in limits)


def _dropped(job: Story, story: Story, contract: Contract) -> Iterator[Finding]:
    canceled = next((m for m in job.readings if _state(m, contract) is State.CANCELED), None)
    if canceled is None or job.created is None:
        return
    ended = story.ended[0].number if story.ended else None
    closed = story.closed[0].number if story.closed else None
    if closed is not None and ended is None and job.created.number < closed < canceled.number:
        yield _finding("closed/dropped", "status", "its own end", "canceled", story, canceled)
    if ended is None or not contract.provider.sessions.finishes or closed is not None:
        return
    before = [m for m in job.readings if m.number < ended]
    if before and _state(before[-1], contract) is State.RUNNING:
        expected = "its own end: the job ran when its session was told to end"
        yield _finding("end/dropped", "status", expected, "canceled", story, canceled)


def _stranded(job: Story, story: Story, contract: Contract) -> Iterator[Finding]:
    """Yield a finding where a job of an ended session waits as long as anybody looks."""
    if not story.ended or not job.readings:
        return
    last, ended = job.readings[-1], story.ended[0].exchange
    watched = last.exchange.started - ended.started
    waits = _state(last, contract) is State.WAITING
    if waits and watched > _WATCHED * contract.patience:
        seen = f"{last.body.get('status')} all the time"
        yield _finding("end/stranded", "status", "an end: its session has ended", seen, story, last)


def session_counts_its_jobs(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session that counts its jobs counts those that it has, each once.

    Why it matters: it is how a script knows that all of its work is done.

    Source: the members of the session that count.
    """
    facts = contract.provider.sessions
    for story in sessions_of(history, contract).values():
        inside = _inside(history, story, contract)
        for moment in story.readings:
            waiting, ended = (moment.body.get(n) for n in (facts.waiting_jobs, facts.finished_jobs))
            if not isinstance(waiting, int) or not isinstance(ended, int):
                continue
            made = [j for j in inside if j.created and j.created.number < moment.number]
            if any(job.deleted for job in made):
                continue
            yield None
            if waiting + ended > len(made):
                seen = f"{waiting} waiting and {ended} finished"
                yield _finding("count", "", f"at most {len(made)} jobs", seen, story, moment)
            known = [job for job in made if _had_long_ended(job, moment, contract)]
            if ended < len(known):
                place = facts.finished_jobs
                yield _finding("count", place, f"{len(known)} jobs", str(ended), story, moment)


def _had_long_ended(job: Story, moment: Moment, contract: Contract) -> bool:
    return any(
        _state(m, contract).terminal and settled(m.exchange, moment.exchange, contract)
        for m in job.readings
    )


def session_tells_its_course(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session lists each state that it entered, and its moments and its use agree with that.

    Why it matters: it is from these that people reconstruct what they were billed for.

    Source: the members of the session that tell its states, its moments and what it used.
    """
    facts = contract.provider.sessions
    for story in sessions_of(history, contract).values():
        seen: list[tuple[str, str]] = []
        for moment in story.readings:
            log = _log(moment, facts)
            if log:
                yield None
                yield from _log_departures(log, moment, seen, story, facts)
                seen.append((str(moment.body.get(facts.state)), ""))
            yield from _use_departures(history, moment, story, contract)


def _log(moment: Moment, facts: SessionFacts) -> list[tuple[str, Any]]:
    entries = moment.body.get(facts.log) if facts.log else None
    return [
        (str(entry.get("status")), at)
        for entry in (entries if isinstance(entries, list) else [])
        if isinstance(entry, dict) and (at := parsed_time(entry.get("timestamp"))) is not None
    ]


def _log_departures(
    log: list[tuple[str, Any]],
    moment: Moment,
    seen: list[tuple[str, str]],
    story: Story,
    facts: SessionFacts,
) -> Iterator[Finding]:
    told = {state for state, _ in log}
    for state in dict.fromkeys([*(s for s, _ in seen), str(moment.body.get(facts.state))]):
        if state in facts.states and state not in told:
            yield _finding("log", facts.log, f"when it became {state}", "nothing", story, moment)
    first = min(at for _, at in log)
    begun = [at for state, at in log if state == facts.states[0]]
    if begun and min(begun) > first:
        expected = f"{facts.states[0]} before all others"
        yield _finding("log/order", facts.log, expected, begun[0].isoformat(), story, moment)
    for state, name in facts.entered.items():
        at = parsed_time(moment.body.get(name))
        entered = [t for s, t in log if s == state]
        apart = [abs((t - at).total_seconds()) for t in entered] if at is not None else []
        if apart and min(apart) > _NEARLY:
            expected = f"when {facts.log} says that it became {state}"
            yield _finding(f"log/{name}", name, expected, moment.body.get(name), story, moment)


def _use_departures(
    history: History, moment: Moment, story: Story, contract: Contract
) -> Iterator[Finding]:
    facts = contract.provider.sessions
    used = moment.body.get(facts.used) if facts.used else None
    if isinstance(used, int | float) and used < 0:
        yield _finding("used", facts.used, "0 or more", used, story, moment)
    inside = _inside(history, story, contract)
    if not inside or not all(_ended_before(job, moment, contract) for job in inside):
        return
    begun = parsed_time(moment.body.get(facts.last_start)) if facts.last_start else None
    ended = parsed_time(moment.body.get(facts.last_end)) if facts.last_end else None
    if begun is not None and ended is not None and ended < begun:
        expected = f"not before {facts.last_start}: no job runs"
        shown_end = moment.body.get(facts.last_end)
        yield _finding("job-times", facts.last_end, expected, shown_end, story, moment)
    final = facts.states[-1]
    before = [
        m
        for m in story.readings
        if m.number < moment.number
        and m.body.get(facts.state) == final
        and all(_ended_before(job, m, contract) for job in inside)
    ]
    was = before[0].body.get(facts.used) if before and facts.used else None
    if isinstance(was, int | float) and isinstance(used, int | float) and was != used:
        expected = f"{was:g}, as when it had ended"
        yield _finding("used/grows", facts.used, expected, used, story, moment)


def _ended_before(job: Story, moment: Moment, contract: Contract) -> bool:
    return any(m.number < moment.number and _state(m, contract).terminal for m in job.readings)


def _state(moment: Moment, contract: Contract) -> State:
    return state_of(moment.body, contract)


def _inside(history: History, story: Story, contract: Contract) -> list[Story]:
    jobs = jobs_of(history, contract).values()
    return [job for job in jobs if job.payload.get("session_id") == story.id]


def _finding(
    clause: str, place: str, expected: str, seen: object, story: Story, moment: Moment
) -> Finding:
    numbers = {*story.numbers, *(m.number for m in (*story.ended, *story.closed)), moment.number}
    return Finding(
        clause=f"session/{clause}",
        where=f"response.body/{place}" if place else "response.body",
        expected=expected,
        seen=seen if isinstance(seen, str) else shown(seen),
        exchanges=tuple(sorted(numbers)),
    )
