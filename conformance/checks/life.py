"""LIFE: what a job may do between its submission and its end."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Sequence

from conformance.checks.contract import Contract, settled
from conformance.checks.judge import shown
from conformance.checks.story import Moment, Story, circuits_of, jobs_of, state_of
from conformance.model import Exchange, Finding
from conformance.providers import State

History = Sequence[Exchange]
_SETTLED = (
    "type", "backend", "name", "metadata", "shots", "dry_run", "submitter_id", "project_id",
    "session_id", "parent_job_id",
)  # fmt: skip
"""Facts that were settled when the job was submitted."""
_ROUNDED = 1.0
"""Seconds by which moments that are told in whole seconds may be off."""
_WATCHED = 0.6
"""Share of its time for which a job that does not end has been polled; the last pause is long."""


def job_moves_forward(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job passes through its states in their order and never goes back.

    Why it matters: clients that wait for `started` or show progress see time run backwards.

    Source: JobStatus of the document; the polling loops of all four client libraries.
    """
    order = contract.provider.jobs.order
    for story in jobs_of(history, contract).values():
        furthest = -1
        for moment in _told(story):
            state = str(moment.body.get("status"))
            ended = state_of(moment.body, contract).terminal
            rank = len(order) if ended else order.index(state) if state in order else furthest
            yield None
            if rank < furthest < len(order):
                yield Finding(
                    clause="order",
                    where="response.body/status",
                    expected=f"{order[furthest]} or later",
                    seen=state,
                    exchanges=story.numbers_until(moment.number),
                )
            furthest = max(furthest, rank)


def terminal_state_is_final(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job that has ended stays as it ended, and so does what it has cost.

    Why it matters: a client that saw the end has stopped looking.

    Source: JobStatus of the document. A cancellation after completion may show as `canceled`.
    """
    for story in jobs_of(history, contract).values():
        end: Moment | None = None
        for moment in () if story.changed else story.readings:
            state = state_of(moment.body, contract)
            if end is not None:
                yield None
                stays = contract.provider.jobs.stays
                canceled = (
                    state is State.CANCELED
                    and not stays
                    and any(end.number < c.number < moment.number for c in story.canceled)
                )
                if not canceled:
                    yield from _changed(end, moment, story, contract)
            end = end or (moment if state.terminal else None)
        if end is not None:
            yield from _cost_changed(end, story)


def _cost_changed(end: Moment, story: Story) -> Iterator[Finding | None]:
    """Yield a finding where what a job has cost is told anew after its end, with another value."""
    told = [
        moment
        for moment in story.costs
        if moment.number > end.number and isinstance(moment.body.get("cost"), dict)
    ]
    for before, after in itertools.pairwise(told):
        if any(before.number < cancel.number < after.number for cancel in story.canceled):
            continue
        yield None
        if before.body["cost"] != after.body["cost"]:
            yield Finding(
                clause="final/cost",
                where="response.body/cost",
                expected=f"{shown(before.body['cost'])}, as it was told before",
                seen=shown(after.body["cost"]),
                exchanges=(before.number, after.number),
            )


def _changed(end: Moment, later: Moment, story: Story, contract: Contract) -> Iterator[Finding]:
    facts = contract.provider.jobs
    for name in ("status", *facts.times, *filter(None, [facts.lasted]), *_SETTLED):
        before, after = end.body.get(name), later.body.get(name)
        if before is not None and before != after:
            yield Finding(
                clause=f"final/{name}",
                where=f"response.body/{name}",
                expected=f"{shown(before)}, as when the job had ended",
                seen=shown(after),
                exchanges=story.numbers_until(later.number),
            )


def results_exactly_when_completed(
    history: History, contract: Contract
) -> Iterator[Finding | None]:
    """Results are there when a job has completed, and only then.

    Why it matters: results of a job that did not complete are of nothing; a completed job
    without results is money lost.

    Source: the 404 of the results operation ("not yet completed"); `results` of the job.
    """
    for story in jobs_of(history, contract).values():
        yield from _results_missing(story, contract)
        for result in story.results:
            witness = _witness_of(result, story, contract)
            yield None
            if witness is not None:
                yield Finding(
                    clause="results/early",
                    where="response.status",
                    expected="404 while the job has not completed",
                    seen=f"200 with results of a job that is {witness.body.get('status')}",
                    exchanges=story.numbers,
                )


def _witness_of(result: Moment, story: Story, contract: Contract) -> Moment | None:
    """Return the reading that shows that the job had not completed when it gave `result`."""
    before = story.before(result.exchange)
    after = next((m for m in story.readings if m.number > result.number), None)
    if before is not None and state_of(before.body, contract).terminal:
        return before if state_of(before.body, contract) is not State.COMPLETED else None
    if after is None or state_of(after.body, contract) in {State.COMPLETED, State.UNKNOWN}:
        return None
    canceled = state_of(after.body, contract) is State.CANCELED
    return None if canceled and story.canceled else after


def _results_missing(story: Story, contract: Contract) -> Iterator[Finding | None]:
    facts = contract.provider.jobs
    for moment in story.readings:
        if not _has_results(moment, contract) or not facts.links:
            continue
        yield None
        if moment.body.get(facts.links) is None:
            yield Finding(
                clause="results/field",
                where=f"response.body/{facts.links}",
                expected="where the results of a completed job are",
                seen="null",
                exchanges=(moment.number,),
            )
    for refusal in story.refused:
        before = story.before(refusal)
        gone = any(d.number < refusal.number for d in (*story.deleted, *story.canceled))
        if before is not None and not gone and _owes(before, refusal, contract):
            yield Finding(
                clause="results/missing",
                where="response.status",
                expected="200: the job has completed",
                seen=str(refusal.response.status) if refusal.response else "nothing",
                exchanges=story.numbers_until(refusal.number),
            )


def _owes(told: Moment, refusal: Exchange, contract: Contract) -> bool:
    """Whether the job, as it was `told`, has the results that were asked for and refused.

    A job of several circuits has aggregated results, any other job has its own. What is asked
    with a query may be refused for that.
    """
    facts = contract.provider.jobs
    wanted = facts.results_of_many if told.body.get("child_job_ids") else facts.results
    asked = refusal.operation.id if refusal.operation else ""
    plain = "?" not in refusal.case.request.path
    return plain and asked == wanted and _has_results(told, contract)


def _has_results(moment: Moment, contract: Contract) -> bool:
    completed = state_of(moment.body, contract) is State.COMPLETED
    return completed and moment.body.get("dry_run") is not True


def canceled_job_is_not_run(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job that still waits after its cancellation was confirmed is not run, nor its circuits.

    Why it matters: whoever cancels does not want to pay. A job that was already running, or
    had ended, may complete.

    Source: the operation's description; qiskit-ionq and cirq-ionq, `Job.cancel`.
    """
    stories = jobs_of(history, contract)
    for story in stories.values():
        for cancel in story.canceled:
            yield None
            for each in (story, *circuits_of(story, cancel, stories, contract)):
                later = [m for m in each.readings if m.number > cancel.number]
                states = [state_of(m.body, contract) for m in later]
                if State.WAITING in states and State.COMPLETED in states:
                    yield Finding(
                        clause="canceled" if each is story else "canceled/circuit",
                        where="response.body/status",
                        expected="canceled",
                        seen="waiting after the cancellation, then completed",
                        exchanges=tuple(sorted({*story.numbers, *each.numbers})),
                    )


def deleted_job_is_gone(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A deleted job cannot be read any more, by no route.

    Why it matters: people delete what they may not keep.

    Source: JobDeletedResponse of the document (status `deleted`).
    """
    for story in jobs_of(history, contract).values():
        if not story.deleted:
            continue
        gone = story.deleted[0].number
        yield None
        for what, moments in (
            ("the job", story.readings),
            ("its results", story.results),
            ("the job in a list", _late_entries(story, contract)),
        ):
            served = next((m for m in moments if m.number > gone), None)
            if served is not None:
                yield Finding(
                    clause="deleted",
                    where="response.status",
                    expected="404: the job was deleted",
                    seen=f"200 with {what}",
                    exchanges=(gone, served.number),
                )
                break


def _late_entries(story: Story, contract: Contract) -> list[Moment]:
    """Return the entries in lists that must know of the job's deletion."""
    gone = story.deleted[0].exchange
    return [m for m in story.listed if settled(gone, m.exchange, contract)]


def times_are_ordered(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job was submitted before it started, and started before it completed.

    One that has not started has not run for any time, and none for far longer than it was under
    way: what is told in another unit is.

    Why it matters: queue and run times, and bills, are computed from these.

    Source: `submitted_at`, `started_at`, `completed_at` of the document, and
    `execution_duration_ms` ("null before it ran"); `job_duration` ("if the job is finished").
    """
    names = contract.provider.jobs.times
    for story in jobs_of(history, contract).values():
        for moment in story.readings:
            yield None
            ended = contract.provider.jobs.ended_at
            known = [(n, t) for n in names if (t := parsed_time(moment.body.get(n))) is not None]
            for (early, first), (late, second) in itertools.pairwise(known):
                if second < first:
                    yield _time_finding(late, f"not before {early}", moment)
            running = state_of(moment.body, contract) in {State.WAITING, State.RUNNING}
            if running and ended and moment.body.get(ended) is not None:
                yield _time_finding(ended, f"null while {moment.body.get('status')}", moment)
            yield from _ran_unstarted(moment, contract)
            yield from _ran_too_long(moment, contract)
            yield from _lasted_otherwise(moment, contract)


def _lasted_otherwise(moment: Moment, contract: Contract) -> Iterator[Finding]:
    """Yield a finding where a job tells a duration before its end, or one that it cannot have."""
    body, facts = moment.body, contract.provider.jobs
    told = body.get(facts.lasted) if facts.lasted else None
    if told is None:
        return
    lasted = contract.provider.sessions.seconds(told)
    made, changed = parsed_time(body.get(facts.made_at)), parsed_time(body.get(facts.last_changed))
    if state_of(body, contract) in {State.WAITING, State.RUNNING}:
        yield _time_finding(facts.lasted, f"null while {body.get('status')}", moment)
    elif lasted is None:
        yield _time_finding(facts.lasted, "a duration of 0 or more", moment)
    elif made is not None and changed is not None:
        most = (changed - made).total_seconds() + _ROUNDED
        if lasted > most:
            yield _time_finding(facts.lasted, f"at most {most:g} s, as its moments say", moment)


def _ran_unstarted(moment: Moment, contract: Contract) -> Iterator[Finding]:
    """Yield a finding where a job that failed without having started tells how long it ran."""
    body, facts = moment.body, contract.provider.jobs
    failed = state_of(body, contract) is State.FAILED
    unstarted = any(name in body and body[name] is None for name in facts.set_when_done)
    for name in set(facts.set_when_done) - set(facts.times):
        told = body.get(name)
        if failed and unstarted and isinstance(told, int | float) and told > 0:
            yield _time_finding(name, "null: the job never started", moment)


def _ran_too_long(moment: Moment, contract: Contract) -> Iterator[Finding]:
    """Yield a finding where a job ran ten times as long as it was under way, and ten seconds."""
    body, facts = moment.body, contract.provider.jobs
    known = [t for n in facts.times[-2:] if (t := parsed_time(body.get(n))) is not None]
    children = body.get("child_job_ids")
    several = len(children) if isinstance(children, list) else 0
    for name in facts.set_when_done:
        told = body.get(name)
        if len(known) == 2 and name.endswith("_ms") and isinstance(told, int | float):
            most = 10_000 * ((known[1] - known[0]).total_seconds() + 1) * max(1, several)
            if told > most:
                expected = f"at most the time from {facts.times[-2]} to {facts.times[-1]}"
                yield _time_finding(name, expected, moment)


def completed_job_says_when(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job that has completed says when it started, when it ended, and how long it ran.

    Why it matters: queue times, run times and bills are computed from these; a null there is
    an exception in whoever computes.

    Source: the job of the document ("null before it ran"); ionq-core's integration tests, which
    hold the service to it. Dry runs, which do not run, and parents of several circuits are free.
    """
    for story in jobs_of(history, contract).values():
        for moment in story.readings:
            body = moment.body
            free = body.get("dry_run") is True or body.get("child_job_ids")
            if free or state_of(body, contract) is not State.COMPLETED:
                continue
            yield None
            for name in contract.provider.jobs.set_when_done:
                if name in body and body[name] is None:
                    yield _time_finding(name, "a value: the job has completed", moment)


def _time_finding(name: str, expected: str, moment: Moment) -> Finding:
    return Finding(
        clause=f"time/{name}",
        where=f"response.body/{name}",
        expected=expected,
        seen=shown(moment.body.get(name)),
        exchanges=(moment.number,),
    )


def job_reaches_an_end(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A valid job ends within the time that the run gives it.

    Why it matters: a job that never ends can neither be used nor written off; clients poll
    it until somebody stops them.

    Source: JobStatus of the document; the time limit is `--job-timeout`.
    """
    for story in jobs_of(history, contract).values():
        if story.created is None or not story.created.exchange.case.because or story.deleted:
            continue
        if not story.readings:
            continue
        first, last = story.readings[0], story.readings[-1]
        watched = last.exchange.started - first.exchange.started
        yield None
        unended = state_of(last.body, contract) in {State.WAITING, State.RUNNING}
        if unended and watched > _WATCHED * contract.patience:
            yield Finding(
                clause="end",
                where="response.body/status",
                expected=f"an end within {contract.patience:g} s",
                seen=f"{last.body.get('status')} all the time",
                exchanges=tuple(sorted({story.created.number, first.number, last.number})),
            )


def parsed_time(value: object) -> dt.datetime | None:
    """Return the moment that an RFC 3339 text names, or None."""
    if not isinstance(value, str):
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _told(story: Story) -> Iterator[Moment]:
    if story.created is not None:
        yield story.created
    yield from story.readings
