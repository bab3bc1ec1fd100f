"""SESSION: what the sessions of every provider promise, read by its table of states.

The time that counts is the service's own: the latest moment at which it says that a job was made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from conformance.checks.contract import Contract
from conformance.checks.judge import shown
from conformance.checks.life import History, parsed_time
from conformance.checks.story import (
    Moment,
    Story,
    jobs_of,
    request_body,
    response_object,
    sessions_of,
    state_of,
)
from conformance.model import Credential, Exchange, Finding
from conformance.providers import SessionFacts, State

_SLACK, _SHARE = 5.0, 0.1
"""Seconds, and share of a limit, within which a service may notice that it has passed."""


def session_lasts_no_longer(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session has ended when its longest time is over.

    Why it matters: it is the limit of what a forgotten session costs.

    Source: the limit that the session itself states, and the provider's guide to its sessions.
    """
    facts = contract.provider.sessions
    for story in sessions_of(history, contract).values():
        for moment in story.readings:
            limit = facts.seconds(moment.body.get(facts.longest))
            begun = _first(moment, facts.counted_from)
            if limit is None or begun is None:
                continue
            yield None
            over = _over(history, moment, contract) - begun.timestamp() - _allowed(limit)
            if over > 0 and moment.body.get(facts.state) not in _ends(facts):
                seen = f"{moment.body.get(facts.state)}, {over:.1f} s later than allowed for"
                yield _finding(
                    "longest", facts.state, f"the end after {limit:g} s", seen, story, moment
                )


def idle_session_gives_way(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session without work for longer than it says is no longer active.

    Why it matters: an idle session holds a machine that its owner pays for.

    Source: the limit that the session itself states, and the provider's guide to its sessions.
    """
    facts = contract.provider.sessions
    for story in sessions_of(history, contract).values():
        for moment in story.readings:
            limit = facts.seconds(moment.body.get(facts.idle))
            since = _last(moment, facts.idle_from)
            since = max([*filter(None, [since]), *_ended_jobs(history, story, moment, contract)],
                        default=None)  # fmt: skip
            if limit is None or since is None or not facts.busy:
                continue
            yield None
            over = _over(history, moment, contract) - since - _allowed(limit)
            state = moment.body.get(facts.state)
            if over > 0 and state in facts.busy and not _working(history, story, moment, contract):
                seen = f"{state}, {over:.1f} s later than allowed for"
                expected = f"no longer {state} after {limit:g} s without a job"
                yield _finding("idle", facts.state, expected, seen, story, moment)


def closed_session_takes_no_job(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session that was closed to new jobs says so, refuses them, and ends with its last one.

    Why it matters: a script that closes its session relies on that to be the end of its bill.

    Source: the description of the operation; the provider's guide to its sessions.
    """
    facts = contract.provider.sessions
    jobs = jobs_of(history, contract)
    for story in sessions_of(history, contract).values():
        if not story.closed or story.opened or story.ended:
            continue
        closed = story.closed[0].number
        inside = [j for j in jobs.values() if j.payload.get("session_id") == story.id]
        late = [j for j in inside if j.created is not None and j.created.number > closed]
        yield None
        if late:
            yield _finding(
                "closed/job", "id", "a refusal: the session is closed to new jobs",
                f"job {late[0].id}", story,
            )  # fmt: skip
        for moment in [m for m in story.readings if m.number > closed]:
            yield None
            if moment.body.get("accepting_jobs") is True:
                yield _finding("closed/told", "accepting_jobs", "false", "true", story, moment)
            ended = inside and all(_had_ended(j, moment, contract) for j in inside)
            if ended and not late and moment.body.get(facts.state) not in _ends(facts):
                expected = f"{facts.states[-1]}: its last job has ended"
                seen = str(moment.body.get(facts.state))
                yield _finding("closed/end", facts.state, expected, seen, story, moment)


def ended_session_starts_no_job(history: History, contract: Contract) -> Iterator[Finding | None]:
    """What waits when a session ends is not started, and nothing starts after.

    Why it matters: ending a session is how its owner stops what it would cost.

    Source: the provider's guide to its sessions; the moments that session and job state.
    """
    facts, jobs = contract.provider.sessions, jobs_of(history, contract)
    for story in sessions_of(history, contract).values():
        for moment in story.readings:
            ended = parsed_time(moment.body.get(facts.ended_at))
            if ended is None:
                continue
            yield None
            started = parsed_time(moment.body.get(facts.last_start))
            if started is not None and started > ended:
                seen = shown(moment.body.get(facts.last_start))
                expected = f"a job started before {facts.ended_at}"
                yield _finding("start", facts.last_start, expected, seen, story, moment)
            for job in jobs.values():
                if job.payload.get("session_id") == story.id:
                    yield from _ran_on(job, ended, story, contract)


def _ran_on(
    job: Story, ended: dt.datetime, session: Story, contract: Contract
) -> Iterator[Finding]:
    """Yield a finding where `job` completed by moments that lie after its session's end."""
    field = contract.provider.jobs.last_changed
    for moment in job.readings:
        changed = parsed_time(moment.body.get(field)) if field else None
        completed = state_of(moment.body, contract) is State.COMPLETED
        if completed and changed is not None and changed > ended and not job.changed:
            expected = f"canceled: its session ended at {ended.isoformat()}"
            seen = f"completed, {field} {moment.body.get(field)}"
            yield _finding("ran-on", "status", expected, seen, session, moment)


def one_session_for_a_name(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A deduplication id names one live session; once that has ended, it names a new one.

    Why it matters: clients send it so that a repeated request does not open, and bill, a second
    session.

    Source: the field's description; Perceval's and Qiskit's clients of this API.
    """
    facts = contract.provider.sessions
    if not facts.deduplication:
        return
    live: dict[str, tuple[str, int]] = {}
    stories = sessions_of(history, contract)
    for exchange in history:
        operation = exchange.operation.id if exchange.operation else ""
        theirs = exchange.case.credential is Credential.SECOND and operation == facts.create
        if theirs and exchange.succeeded and _name_of(exchange, contract):
            yield None
            shared = stories.get(str(response_object(exchange).get("id")))
            if shared is not None:
                expected = "a session of this account's own"
                yield _finding("name/account", "id", expected, shared.id, shared)
            continue
        if operation in {facts.end, facts.remove} and exchange.succeeded:
            gone = {n for n, (i, _) in live.items() if i in exchange.case.request.path}
            live = {n: kept for n, kept in live.items() if n not in gone}
        answer = response_object(exchange)
        name = _name_of(exchange, contract) if operation == facts.create else ""
        if not exchange.succeeded or operation != facts.create or answer.get("id") not in stories:
            continue
        story = stories[answer["id"]]
        if not name:
            continue
        yield None
        known = live.get(name)
        others = {i: n for n, (i, _) in live.items()}
        if known is not None and known[0] != story.id and not _may_be_over(story, facts):
            yield _finding("name/two", "id", f"{known[0]}, which has this id", story.id, story)
        if known is None and others.get(story.id):
            yield _finding("name/one", "id", "a session of its own", story.id, story)
        if known is None and answer.get(facts.state) in _ends(facts):
            seen = str(answer.get(facts.state))
            yield _finding("name/over", facts.state, "a new session", seen, story)
        live[name] = (story.id, exchange.number)


def _name_of(exchange: Exchange, contract: Contract) -> str:
    name = request_body(exchange).get(contract.provider.sessions.deduplication)
    return name if isinstance(name, str) else ""


def _may_be_over(story: Story, facts: SessionFacts) -> bool:
    """Whether the limits of a session are so short that they may have ended it meanwhile."""
    limits = [facts.seconds(story.payload.get(n)) for n in (facts.longest, facts.idle) if n]
    return any(limit is not None and limit < 600 for limit in limits)


def second_end_changes_nothing(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Ending a session again leaves it as it ended.

    Why it matters: clients end sessions in their clean-up too, whatever was done before.

    Source: the final state of the provider's table; RFC 9110, section 9.2.2, for DELETE.
    """
    facts = contract.provider.sessions
    for story in sessions_of(history, contract).values():
        before: Moment | None = None
        for moment in story.readings:
            if moment.body.get(facts.state) != facts.states[-1]:
                continue
            if before is not None:
                yield None
                was, now = before.body.get(facts.ended_at), moment.body.get(facts.ended_at)
                if was is not None and now != was:
                    expected = f"{shown(was)}, as before"
                    yield _finding("again", facts.ended_at, expected, shown(now), story, moment)
            before = before or moment


def removed_session_is_gone(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A session that was removed cannot be read any more, nor can its jobs.

    Why it matters: people remove what they may not keep.

    Source: the description of the operation.
    """
    jobs = jobs_of(history, contract)
    for story in sessions_of(history, contract).values():
        if not story.deleted:
            continue
        yield None
        gone = story.deleted[0].number
        inside = [j for j in jobs.values() if j.payload.get("session_id") == story.id]
        for what, moments in (
            ("the session", story.readings),
            *((f"its job {job.id}", job.readings) for job in inside),
        ):
            served = next((m for m in moments if m.number > gone), None)
            if served is not None:
                seen = f"200 with {what}"
                yield _finding("removed", "", "404: it was removed", seen, story, served)
                break


def _ends(facts: SessionFacts) -> frozenset[str]:
    return facts.over or frozenset({facts.states[-1]})


def _allowed(limit: float) -> float:
    return limit + _SLACK + _SHARE * limit


def _over(history: History, reading: Moment, contract: Contract) -> float:
    """Return what time it was for the service, at the least, when it gave `reading`."""
    facts = contract.provider.jobs
    made = (
        moment
        for e in history
        if e.number < reading.number and e.operation is not None
        if e.operation.id in {facts.create, facts.read}
        if (moment := parsed_time(response_object(e).get(facts.made_at))) is not None
    )
    return max((moment.timestamp() for moment in made), default=float("-inf"))


def _first(moment: Moment, fields: tuple[str, ...]) -> dt.datetime | None:
    found = (t for name in fields if (t := parsed_time(moment.body.get(name))) is not None)
    return next(found, None)


def _last(moment: Moment, fields: tuple[str, ...]) -> float | None:
    found = (t for name in fields if (t := parsed_time(moment.body.get(name))) is not None)
    return max((t.timestamp() for t in found), default=None)


def _inside(history: History, session: Story, moment: Moment, contract: Contract) -> list[Story]:
    """Return the jobs of a session that were made before `moment`."""
    return [
        job
        for job in jobs_of(history, contract).values()
        if job.payload.get("session_id") == session.id
        and job.created is not None
        and job.created.number < moment.number
    ]


def _ended_jobs(
    history: History, session: Story, moment: Moment, contract: Contract
) -> Iterator[float]:
    """Yield a moment not before the end of each job of the session, by the service's clock."""
    for job in _inside(history, session, moment, contract):
        ended = next((m for m in job.readings if state_of(m.body, contract).terminal), None)
        if ended is not None and ended.number < moment.number:
            later = [
                t.timestamp()
                for e in history
                if e.number > ended.number and e.operation is not None
                if e.operation.id == contract.provider.jobs.create
                if (t := parsed_time(_made(e, contract))) is not None
            ]
            yield from later[:1]


def _made(exchange: Exchange, contract: Contract) -> object:
    return response_object(exchange).get(contract.provider.jobs.made_at)


def _working(history: History, session: Story, moment: Moment, contract: Contract) -> bool:
    """Whether a job of the session may not have ended when `moment` was read."""
    inside = _inside(history, session, moment, contract)
    return any(not _had_ended(job, moment, contract) for job in inside)


def _had_ended(job: Story, moment: Moment, contract: Contract) -> bool:
    seen = [m for m in job.readings if m.number < moment.number]
    return any(state_of(m.body, contract).terminal for m in seen)


def _finding(
    clause: str, place: str, expected: str, seen: str, story: Story, moment: Moment | None = None
) -> Finding:
    numbers = {*story.numbers, *(m.number for m in (*story.ended, *story.closed))}
    return Finding(
        clause=f"session/{clause}",
        where=f"response.body/{place}" if place else "response.status",
        expected=expected,
        seen=seen,
        exchanges=tuple(sorted({*numbers, *([moment.number] if moment else [])})),
    )
