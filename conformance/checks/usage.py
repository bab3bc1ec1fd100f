"""COST, of accounts: what an account is told that it has used agrees with itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from conformance.checks.contract import Contract, settled
from conformance.checks.judge import shown
from conformance.checks.life import History, parsed_time
from conformance.checks.story import Moment, object_in, response_object
from conformance.model import Credential, Finding


def usage_agrees_with_itself(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Use never falls within its period, is never below zero, and is at its limit when it says so.

    Why it matters: a script stops, or goes on and spends, by what it is told here.

    Source: the members of the answer of the operation that tells the use of an account.
    """
    facts = contract.provider.usage
    told_before: list[Moment] = []
    for exchange in history:
        told = exchange.operation is not None and exchange.operation.id == facts.operation
        if not told or not exchange.succeeded or exchange.case.credential is not Credential.FIRST:
            continue
        yield None
        now = Moment(exchange=exchange, body=response_object(exchange))
        yield from _departures(now, contract)
        fallen = (f for before in told_before for f in _fallen(before, now, contract))
        yield from itertools.islice(fallen, 1)
        told_before.append(now)


def _departures(now: Moment, contract: Contract) -> Iterator[Finding]:
    facts = contract.provider.usage
    used, limit = now.body.get(facts.used), now.body.get(facts.limit)
    if isinstance(used, int | float) and used < 0:
        yield _finding(facts.used, "0 or more", used, now)
    reached = now.body.get(facts.reached) is True
    left = _less(used, limit)
    if reached and left:
        yield _finding(facts.reached, f"false: {left:g} s are left", "true", now)
    period, begin, end = facts.period
    span = object_in(now.body, period)
    first, last = parsed_time(span.get(begin)), parsed_time(span.get(end))
    if first is not None and last is not None and last < first:
        yield _finding(f"{period}/{end}", f"not before {begin}", span.get(end), now)


def _fallen(before: Moment, now: Moment, contract: Contract) -> Iterator[Finding]:
    facts = contract.provider.usage
    period = facts.period[0]
    was, used = before.body.get(facts.used), now.body.get(facts.used)
    first = facts.period[1]
    same = object_in(before.body, period).get(first) == object_in(now.body, period).get(first)
    late = settled(before.exchange, now.exchange, contract)  # it may be told from a copy
    if late and same and _less(used, was):
        yield _finding(facts.used, f"{was} or more, as before", used, now, before)


def _less(one: object, other: object) -> float:
    """Return by how much `one` is less than `other`; 0 where it is not, or they are no numbers."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return max(other - one, 0.0)
    return 0.0


def _finding(
    place: str, expected: str, seen: object, now: Moment, before: Moment | None = None
) -> Finding:
    return Finding(
        clause=f"usage/{place}",
        where=f"response.body/{place}",
        expected=expected,
        seen=shown(seen),
        exchanges=(*([before.number] if before else []), now.number),
    )
