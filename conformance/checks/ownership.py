"""ACCESS, over a scenario: what another tenant, or nobody, did must leave no trace."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks.contract import Contract, as_documented
from conformance.checks.life import History, parsed_time
from conformance.checks.story import (
    Moment,
    Story,
    entries_of,
    jobs_of,
    response_object,
    sessions_of,
    state_of,
)
from conformance.model import Credential, Exchange, Finding
from conformance.providers import SessionFacts, State

_NEARLY = 0.9
"""Share of a limit after which an end may be that of the limit."""


def intruders_change_nothing(history: History, contract: Contract) -> Iterator[Finding | None]:
    """What another tenant, or nobody, tries on a job or session leaves it as it was.

    Why it matters: a refusal in words only, or a bulk call that answers 200, may still have
    cancelled or deleted somebody's work.

    Source: the API key identifies its project; OWASP API1:2023.
    """
    attempts = [e for e in history if _is_attempt(e)]
    if not attempts:
        return
    yield from _strangers_inside(history, attempts, contract)
    last = attempts[-1].number
    for story in jobs_of(history, contract).values():
        if story.created is None or story.canceled or story.deleted:
            continue
        yield None
        yield from _traces(story, last, contract)
    final = next(reversed(contract.provider.sessions.states), "")
    for story in sessions_of(history, contract).values():
        if story.ended or _may_end_itself(story):
            continue
        yield None
        after = [m for m in story.readings if m.number > last]
        if after and _has_run_out(after[0], contract.provider.sessions):
            continue
        state = contract.provider.sessions.state
        if after and after[0].body.get(state) == final:
            yield _finding("session", "not ended by a stranger", final, attempts, after[0].number)


def _may_end_itself(story: Story) -> bool:
    """Whether a session has limits, each of which ends it without anybody's doing."""
    told = [moment.body.get("settings") for moment in story.readings]
    limits = [name for settings in told if isinstance(settings, dict) for name in settings]
    return any(name.endswith(("_limit", "_limit_min")) for name in limits)


def _has_run_out(told: Moment, facts: SessionFacts) -> bool:
    """Whether a session that has ended may have reached one of its own limits of time."""
    begun = parsed_time(told.body.get(facts.times[0])) if facts.times else None
    ended = parsed_time(told.body.get(facts.ended_at))
    if begun is None or ended is None:
        return False
    stated = (facts.seconds(told.body.get(name)) for name in (facts.longest, facts.idle) if name)
    limits = [limit for limit in (facts.unused, *stated) if limit]
    return bool(limits) and (ended - begun).total_seconds() >= _NEARLY * min(limits)


def _strangers_inside(
    history: History, attempts: list[Exchange], contract: Contract
) -> Iterator[Finding]:
    """Yield a finding where the owner's session holds a job that a stranger submitted."""
    made = (response_object(e).get("id") for e in attempts if e.succeeded)
    sessions = sessions_of(history, contract)
    for exchange in history:
        body = response_object(exchange) if exchange.case.credential is Credential.SECOND else {}
        owner = sessions.get(str(body.get("session_id")))
        if owner is not None and state_of(body, contract) is State.COMPLETED:
            seen = "a job of another tenant, completed"
            yield _finding("session", "only its owner's jobs", seen, [], exchange.number, owner)
            break
    theirs = {identifier for identifier in made if isinstance(identifier, str)}
    for story in sessions.values():
        for listing in story.listed:
            entries = entries_of(listing.exchange)
            if any(entry.get("id") in theirs for entry in entries):
                seen = "a job of another tenant"
                yield _finding("session", "only its owner's jobs", seen, attempts, listing.number)


def _traces(story: Story, last: int, contract: Contract) -> Iterator[Finding]:
    gone = [e.number for e in story.refused if e.number > last]
    before = story.readings[-1] if story.readings else None
    if gone and before is not None and before.number < last:
        yield _finding("job", "200: its owner did not delete it", "404", [], gone[0], story)
    canceled = next(
        (m for m in story.readings if state_of(m.body, contract) is State.CANCELED), None
    )
    if canceled is not None:
        yield _finding(
            "job",
            "its own end: its owner did not cancel it",
            "canceled",
            [],
            canceled.number,
            story,
        )


def _is_attempt(exchange: Exchange) -> bool:
    return (
        as_documented(exchange)
        and exchange.case.credential is not Credential.FIRST
        and exchange.case.request.method not in {"GET", "HEAD"}
    )


def _finding(
    clause: str,
    expected: str,
    seen: str,
    attempts: list[Exchange],
    number: int,
    story: Story | None = None,
) -> Finding:
    numbers = {number, *(e.number for e in attempts), *(story.numbers if story else ())}
    return Finding(
        clause=f"intruder/{clause}",
        where="response.body/status",
        expected=expected,
        seen=seen,
        exchanges=tuple(sorted(numbers)),
    )
