"""INPUT, over a scenario: what was refused must leave no trace."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks.contract import Contract
from conformance.checks.life import History
from conformance.checks.story import entries_of, ids_of, jobs_of, request_body
from conformance.model import Credential, Delivery, Exchange, Finding


def refused_request_changes_nothing(
    history: History, contract: Contract
) -> Iterator[Finding | None]:
    """A job whose submission was refused, or broken off in its body, does not exist.

    Why it matters: the client submits again, and pays twice.

    Source: RFC 9110, section 15.5 (4XX: the request was not fulfilled); RFC 9112, section 8 (a
    body that is shorter than its length says is incomplete).
    """
    facts = contract.provider.jobs
    lists = [e for e in history if _is(e, facts.listing) and e.succeeded]
    refused = [e for e in history if _is(e, facts.create) and (_refused(e) or _cut_off(e))]
    if len(lists) < 2 or not refused:
        return
    names = {name for e in refused if isinstance(name := request_body(e).get("name"), str)}
    known = set(ids_of(entries_of(lists[0])))
    known |= {s.id for s in jobs_of(history, contract).values() if s.created is not None}
    yield None
    for entry in entries_of(lists[-1]):
        name, made = entry.get("name"), ids_of([entry])
        if isinstance(name, str) and name in names and made and made[0] not in known:
            last = lists[-1].number
            yield Finding(
                clause="refused/created",
                where="response.body/jobs/0/name",
                expected="no job of a submission that was refused or broken off",
                seen=f"job {made[0]} with its name",
                exchanges=(refused[0].number, last),
            )
            return


def _is(exchange: Exchange, operation: str) -> bool:
    return (
        exchange.operation is not None
        and exchange.operation.id == operation
        and exchange.case.credential is Credential.FIRST
    )


def _cut_off(exchange: Exchange) -> bool:
    return exchange.case.request.delivery is Delivery.BROKEN_OFF and exchange.response is None


def _refused(exchange: Exchange) -> bool:
    return exchange.response is not None and 400 <= exchange.response.status < 500
