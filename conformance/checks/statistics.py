"""STAT: all results of a run together are those of their circuits."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from conformance.checks.contract import Contract
from conformance.checks.life import History
from conformance.checks.physics import Answer, Circuit, answers
from conformance.checks.story import entries_of
from conformance.model import Finding, Judgement, Weighed

MOST_NAMED = 4


def weighed(history: History, contract: Contract) -> Iterator[tuple[Weighed, Circuit]]:
    """Yield what each result in `history` weighs, and its circuit; one that was read twice once."""
    seen = set[tuple[str, str]]()
    for position, answer in enumerate(answers(history, contract)):
        machine = None if answer.model else _characterization(history, answer)
        unknown = not answer.model and machine is None
        known = (answer.story.id, answer.place) in seen
        if unknown or known or not isinstance(answer.value, Mapping):
            continue
        if contract.oracle.distribution(answer.circuit, answer.value):
            continue
        seen.add((answer.story.id, answer.place))
        found = contract.oracle.weigh(
            answer.circuit,
            answer.value,
            answer.others,
            shots=0 if answer.exact else answer.shots,
            model=answer.model or str(answer.story.payload.get("backend")),
            characterization=machine,
        )
        row = replace(
            found,
            case=answer.moment.exchange.case.id,
            position=position,
            exchanges=(*answer.story.numbers[:1], answer.moment.number),
        )
        yield row, answer.circuit


def _characterization(history: History, answer: Answer) -> dict[str, Any] | None:
    """Return the first characterization in `history` of the machine that gave the answer."""
    backend = answer.story.payload.get("backend")
    for exchange in history:
        body = exchange.response.json_or_none() if exchange.response else None
        if not exchange.succeeded or not isinstance(body, dict):
            continue
        for entry in [body, *entries_of(exchange, "characterizations")]:
            if "fidelity" in entry and entry.get("backend") == backend:
                return entry
    return None


def sampled_results_fit_their_circuits(
    judgement: Judgement, contract: Contract
) -> Iterator[Finding | None]:
    """The sampled results of a run are drawn from the distributions of their circuits.

    Why it matters: a simulator with noise is asked because its noise is known. A wrong rate, noise
    that is left out, or a misread gate looks like a result.

    Source: reference_sim; IonQ's public guide to its noise models. False alarms of the whole run
    stay below --alpha: a test martingale over the run, by Ville's inequality. See docs/physics.md.
    """
    del contract
    sampled = [row for row in judgement.results if row.shots and not row.open]
    for _ in sampled:
        yield None
    limit = math.log10(2 / judgement.alpha)
    if sampled and judgement.evidence >= limit:
        worst = max(sampled, key=_weight)
        yield Finding(
            clause=f"counts/{_family(judgement)}",
            where="response.body",
            expected=f"{worst.expected}; evidence against it below 10^{limit:.1f} : 1 over the run",
            seen=f"{worst.seen}; evidence 10^{judgement.evidence:.1f} : 1",
            note=sentence(judgement),
            exchanges=worst.exchanges,
        )


def impossible_outcomes_never_come(
    judgement: Judgement, contract: Contract
) -> Iterator[Finding | None]:
    """No shot has an outcome whose probability is zero.

    Why it matters: one such shot is proof, whatever the number of shots and the noise elsewhere.

    Source: reference_sim; a depolarised qubit that no gate touched is still 0.
    """
    del contract
    for row in judgement.results:
        if row.shots and not row.open:
            yield None
            if row.impossible:
                yield Finding(
                    clause="impossible-outcome",
                    where="response.body",
                    expected=f"{row.expected}; none of probability zero",
                    seen=f"{row.seen}; {row.impossible} of {row.shots} shots with such outcomes",
                    note=sentence(judgement),
                    exchanges=row.exchanges,
                )


def sentence(judgement: Judgement) -> str:
    """Return which hypothesis the data of a run fit, and how sure that is."""
    if not judgement.names:
        return "No known mistake explains it; the worst outcomes are shown."
    named = "; or ".join(judgement.names[:MOST_NAMED])
    more = len(judgement.names) - MOST_NAMED
    named += f"; or {more} more that no circuit of the run tells apart" if more > 0 else ""
    sure = f" (evidence 10^{judgement.against:.1f} : 1)" if judgement.against > 0 else ""
    return f"The data fit: {named}{sure}, not the declared circuit."


def _family(judgement: Judgement) -> str:
    if not judgement.names:
        return "unexplained"
    return judgement.names[0].partition(" (")[0].partition(", ")[0]


def _weight(row: Weighed) -> float:
    return max([row.unlisted, *(value for _, value in row.evidence)])


def open_results(judgement: Judgement) -> dict[str, int]:
    """Return why results cannot be told, each reason with how often."""
    found: dict[str, int] = {}
    for row in judgement.results:
        if row.open:
            found[row.open] = found.get(row.open, 0) + 1
    return found
