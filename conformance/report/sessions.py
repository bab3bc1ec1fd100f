"""What a run has shown of the promises that sessions of every provider make."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.checks import PROMISES, sides
from conformance.model import Verdict
from conformance.report.summary import Summary, worst


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseTally:
    """How one promise fared in the run, and what judges it on each provider."""

    says: str
    verdict: Verdict
    rules: tuple[tuple[str, ...], ...]
    """Ids of the rules, provider by provider; empty where none judges it."""


def promises(summary: Summary) -> list[PromiseTally]:
    """Return the promises in the order of a session's life; none where no session was tested.

    The last one, that others neither see nor end it, is judged of everything that has an id.
    """
    tallies = {tally.check: tally.outcomes for tally in summary.rules}
    found = [
        PromiseTally(
            says=promise.says,
            verdict=worst(tuple(one for rule in promise.rules for one in tallies.get(rule, ()))),
            rules=judged,
        )
        for promise, judged in zip(PROMISES, sides(), strict=True)
    ]
    tested = any(one.verdict is not Verdict.NOT_TESTED for one in found[:-1])
    return found if tested else []
