"""COST: estimates, costs and usage."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any, TypeGuard
from urllib.parse import parse_qs

from conformance.checks.contract import Contract
from conformance.checks.judge import shown
from conformance.checks.life import History
from conformance.checks.story import jobs_of, query_of, response_object, state_of
from conformance.model import Exchange, Finding, Operation
from conformance.providers import State

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ALLOWANCE = 1.5
_MOST_GROUPS = 5
_ROUNDED = 0.01
"""Share, and amount, by which rounding each group may move a sum."""
_QUANTITIES = ("shots", "1q_gates", "2q_gates")


def estimate_is_monotone(history: History, contract: Contract) -> Iterator[Finding | None]:
    """An estimate rises with shots and gates, all else being equal, from its minimum on.

    Two estimates for the same values at the same rates are the same.

    Why it matters: people decide by it what to run.

    Source: GetJobEstimateResponse; rates in `rate_information`.
    """
    priced = [
        (query_of(e), response_object(e), e)
        for e in history
        if e.operation and e.operation.id == contract.provider.jobs.estimate and e.succeeded
    ]
    for _query, answer, exchange in priced:
        cost, least = answer.get("estimated_cost"), _minimum(answer)
        if _number(cost) and 0 < cost < least:
            yield _cost("estimated_cost", f"at least {least:g}, the stated minimum", cost, exchange)
    for (query, answer, exchange), (other, again, later) in combinations(priced, 2):
        low, high = answer.get("estimated_cost"), again.get("estimated_cost")
        if not _for_the_same(query, answer, other, again) or not _number(low) or not _number(high):
            continue
        yield None
        if not math.isclose(low, high, rel_tol=1e-9):
            yield Finding(
                clause="monotone/same",
                where="response.body/estimated_cost",
                expected=f"{low:g}, as for the same values before",
                seen=f"{high:g}",
                exchanges=(exchange.number, later.number),
            )
    for query, answer, exchange in priced:
        for larger, dearer, later in priced:
            grown = [name for name in _QUANTITIES if _grew(name, query, larger)]
            if len(grown) != 1 or not _alike(query, larger, grown[0]):
                continue
            low, high = answer.get("estimated_cost"), dearer.get("estimated_cost")
            if not _number(low) or not _number(high):
                continue
            yield None
            charged = _rate(answer, grown[0]) > 0 and low > _minimum(answer) > 0
            stuck = high == low and charged
            if high < low or stuck:
                yield Finding(
                    clause=f"monotone/{grown[0]}",
                    where="response.body/estimated_cost",
                    expected=f"more than {low:g}: {grown[0]} rose",
                    seen=f"{high:g}",
                    exchanges=(exchange.number, later.number),
                )


def _for_the_same(
    query: dict[str, list[str]], answer: Any, other: dict[str, list[str]], again: Any
) -> bool:
    """Whether two answers say that they are for the same values, all that were asked for."""
    values = answer.get("input_values")
    named = isinstance(values, dict) and values.keys() >= query.keys() | other.keys()
    same = all(answer.get(name) == again.get(name) for name in ("input_values", "rate_information"))
    return named and same


def estimate_says_what_it_is_for(history: History, contract: Contract) -> Iterator[Finding | None]:
    """An estimate repeats the values that it was asked for.

    Why it matters: it is kept as the offer for a job.

    Source: `input_values` of GetJobEstimateResponse.
    """
    for exchange in history:
        if not exchange.operation or exchange.operation.id != contract.provider.jobs.estimate:
            continue
        told = response_object(exchange).get("input_values")
        if not exchange.succeeded or not isinstance(told, dict):
            continue
        yield None
        asked = {name: values[0] for name, values in query_of(exchange).items()}
        said = parse_qs(exchange.case.request.path.partition("?")[2], keep_blank_values=True)
        left_out = _defaults(exchange.operation)
        left_out = {name: value for name, value in left_out.items() if name not in said}
        for name, value in (left_out | asked).items():
            if name in told and str(told[name]).lower() != value.lower():
                yield Finding(
                    clause=f"input/{name}",
                    where=f"response.body/input_values/{name}",
                    expected=value,
                    seen=shown(told[name]),
                    exchanges=(exchange.number,),
                )


def dry_run_is_free(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A dry run costs nothing, and its cost says that it is one.

    Why it matters: it is what people do to avoid paying.

    Source: `dry_run` of the creation payload and of GetJobCostResponse.
    """
    for story in jobs_of(history, contract).values():
        for moment in story.costs:
            yield None
            sent = story.payload.get("dry_run") is True
            if story.payload and moment.body.get("dry_run") is not sent:
                yield _cost("dry_run", shown(sent), moment.body.get("dry_run"), moment.exchange)
            cost = moment.body.get("cost")
            value = cost.get("value") if isinstance(cost, dict) else None
            if sent and _number(value) and value != 0:
                yield _cost("cost/value", "0: it was a dry run", value, moment.exchange)


def cost_keeps_to_its_estimate(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job costs about what its own answer says was estimated for it.

    Why it matters: an estimate that is exceeded by half is none.

    Source: `estimated_cost` and `cost` of GetJobCostResponse; the allowance of a half is ours.
    """
    for story in jobs_of(history, contract).values():
        for moment in story.costs:
            told, estimated = _value(moment.body, "cost"), _value(moment.body, "estimated_cost")
            if told is None or estimated is None:
                continue
            yield None
            if told > _ALLOWANCE * estimated:
                expected = f"about {estimated:g}, as estimated"
                yield _cost("cost/value", expected, told, moment.exchange)


def unrun_job_is_free(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job that was cancelled before it started costs nothing.

    Why it matters: cancelling is how people keep from paying.

    Source: `started_at` of the job and `cost` of GetJobCostResponse.
    """
    for story in jobs_of(history, contract).values():
        end = story.readings[-1].body if story.readings else {}
        unrun = state_of(end, contract) is State.CANCELED and not end.get("started_at", True)
        for moment in story.costs if unrun else ():
            told = _value(moment.body, "cost")
            if told is None:
                continue
            yield None
            if told > 0:
                yield _cost("cost/value", "0: the job never started", told, moment.exchange)


def _value(body: dict[str, Any], name: str) -> float | None:
    amount = body.get(name)
    value = amount.get("value") if isinstance(amount, dict) else None
    return value if _number(value) else None


def usage_adds_up(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The totals of a usage report are the sums of its parts, and it is the report asked for.

    Why it matters: it is what invoices are checked against.

    Source: Usages, Usage and GroupUsage of the document.
    """
    del contract
    for exchange in history:
        body = response_object(exchange)
        data = body.get("usage_data")
        if not exchange.succeeded or not isinstance(data, list):
            continue
        parts = [part for part in data if isinstance(part, dict)]
        yield None
        for total, part in (
            ("amount_total", "amount"),
            ("job_count",) * 2,
            ("time_us_total", "time_us"),
        ):
            addends = [value for p in parts if _number(value := p.get(part))]
            whole = total in body and len(addends) == len(parts)
            if whole and not _equal(body[total], sum(addends)):
                yield _cost(total, f"{sum(addends):g}, the sum of its parts", body[total], exchange)
        query = query_of(exchange)
        for told, asked in (("group_type", "group_by"), ("modality", "modality")):
            if told in body and query.get(asked, [body[told]])[0] != body[told]:
                yield _cost(told, query[asked][0], body[told], exchange)
        yield from _groups(parts, exchange)
        dates = [str(p.get("from")) for p in parts]
        yield from _after_the_end(parts, exchange)
        if dates != sorted(dates, reverse=True):
            yield _cost("usage_data", "most recent date first", dates[:4], exchange)


def _after_the_end(parts: list[dict[str, Any]], exchange: Exchange) -> Iterator[Finding]:
    """Yield a finding where a period that begins after the last day counts jobs."""
    end = query_of(exchange).get("end_date", [""])[0]
    for part in parts:
        begins, jobs = str(part.get("from"))[: len(end)], part.get("job_count")
        if _DATE.fullmatch(end) and _DATE.fullmatch(begins) and begins >= end and jobs:
            yield _cost("usage_data/0/from", f"days before {end}", begins, exchange)
            return


def _groups(parts: list[dict[str, Any]], exchange: Exchange) -> Iterator[Finding]:
    """Yield a finding where the groups of a period are not the five that cost most."""
    for part in parts:
        groups = part.get("group_usages")
        if not isinstance(groups, list) or not all(isinstance(g, dict) for g in groups):
            continue
        amounts = [a for g in groups if _number(a := g.get("amount"))]
        if len(groups) > _MOST_GROUPS or amounts != sorted(amounts, reverse=True):
            yield _cost("group_usages", "the five that cost most, in order", amounts, exchange)
        for name in ("job_count", "amount", "time_us"):
            addends = [value for g in groups if _number(value := g.get(name))]
            told = part.get(name)
            if not addends or len(addends) < len(groups) or not _number(told):
                continue
            least = sum(addends)
            whole = len(groups) < _MOST_GROUPS
            if told < least * (1 - _ROUNDED) - _ROUNDED or (whole and not _near(told, least)):
                seen = f"{least:g} in {len(groups)} groups"
                yield _cost(f"usage_data/0/{name}", f"{told:g} in all groups", seen, exchange)


def _near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=_ROUNDED, abs_tol=_ROUNDED)


def _minimum(answer: dict[str, Any]) -> float:
    rates = answer.get("rate_information")
    least = rates.get("job_cost_minimum") if isinstance(rates, dict) else None
    return least if _number(least) else 0.0


def _rate(answer: dict[str, Any], quantity: str) -> float:
    """Return what one more of `quantity` costs, as the answer itself says; 0 if it does not."""
    rates = answer.get("rate_information")
    names = {"1q_gates": ("cost_1q_gate",), "2q_gates": ("cost_2q_gate",)}
    wanted = names.get(quantity, ("cost_1q_gate", "cost_2q_gate"))
    given = [rates.get(name) for name in wanted] if isinstance(rates, dict) else []
    return sum(rate for rate in given if _number(rate))


def _defaults(operation: Operation) -> dict[str, str]:
    """Return the documented default of each query parameter that has one."""
    return {
        parameter.name: str(parameter.schema["default"])
        for parameter in operation.parameters
        if parameter.location == "query" and "default" in parameter.schema
    }


def _grew(name: str, small: dict[str, list[str]], large: dict[str, list[str]]) -> bool:
    texts = [query.get(name, [""])[0] for query in (small, large)]
    whole = all(text.isascii() and text.removeprefix("-").isdigit() for text in texts)
    return whole and int(texts[1]) > int(texts[0])


def _alike(one: dict[str, list[str]], other: dict[str, list[str]], but: str) -> bool:
    return {k: v for k, v in one.items() if k != but} == {
        k: v for k, v in other.items() if k != but
    }


def _number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _equal(total: Any, parts: float) -> bool:
    return _number(total) and math.isclose(total, parts, rel_tol=1e-9, abs_tol=1e-6)


def _cost(place: str, expected: str, seen: object, exchange: Exchange) -> Finding:
    return Finding(
        clause=f"cost/{place}",
        where=f"response.body/{place}",
        expected=expected,
        seen=shown(seen),
        exchanges=(exchange.number,),
    )
