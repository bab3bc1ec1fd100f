"""What sessions promise, in words that all providers share, and the rules that judge it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.providers import NAMES, Provider
from conformance.providers import provider as facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise; each of its rules judges a part of it, where the provider has that part."""

    says: str
    rules: tuple[str, ...]


PROMISES = (
    Promise(says="its states follow each other as tabled, the last is final", rules=("LIFE-009",)),
    Promise(says="it starts with its first job", rules=("LIFE-020",)),
    Promise(says="what was asked for comes back", rules=("LIFE-016",)),
    Promise(says="bounded duration", rules=("SESSION-001",)),
    Promise(says="idle handling", rules=("SESSION-002",)),
    Promise(says="bounded cost", rules=("LIFE-018",)),
    Promise(says="told to end, it has ended", rules=("LIFE-014",)),
    Promise(says="no job after the end, none beyond its number", rules=("LIFE-010",)),
    Promise(says="cancel on end: what waits is not started", rules=("SESSION-004",)),
    Promise(
        says="closed to new jobs, it finishes those it has", rules=("SESSION-003", "SESSION-008")
    ),
    Promise(says="a second end changes nothing", rules=("SESSION-006",)),
    Promise(says="one live session for a deduplication id", rules=("SESSION-005",)),
    Promise(says="removed, it is gone with its jobs", rules=("SESSION-007",)),
    Promise(says="a session that nobody opened runs no job", rules=("LIFE-019",)),
    Promise(says="it runs on its own backend", rules=("LIFE-026",)),
    Promise(says="it counts its jobs", rules=("SESSION-009",)),
    Promise(says="it tells its states, moments and use", rules=("SESSION-010",)),
    Promise(says="others neither see nor end it", rules=("ACCESS-003", "ACCESS-004", "ACCESS-008")),
)
"""In the order of a session's life."""


def judged_by(promise: Promise, provider: Provider) -> tuple[tuple[str, ...], str]:
    """Return the rules by which `promise` is judged of `provider`; if none, why."""
    rules = tuple(rule for rule in promise.rules if not provider.reason_against(rule))
    return rules, "" if rules else provider.reason_against(promise.rules[0])


def sides() -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return for each promise, provider by provider in the order of `NAMES`, what judges it."""
    providers = [facts_of(name) for name in NAMES]
    return tuple(tuple(judged_by(one, facts)[0] for facts in providers) for one in PROMISES)


def titles() -> tuple[str, ...]:
    """Return what people call the providers, in the order of `NAMES`."""
    return tuple(facts_of(name).title.partition(" API")[0] for name in NAMES)


def told(judged: Iterable[str], broken: Iterable[str]) -> str:
    """Return a sentence on the promises of sessions that a run has tested; empty for none.

    Args:
        judged: Rules that judged something.
        broken: Those of them that found a departure.
    """
    known, violated = {*judged}, {*broken}
    tested = [p for p in PROMISES if known & {*p.rules}]
    if not any(rule in known for p in PROMISES[3:13] for rule in p.rules):
        return ""
    failed = [p.says for p in tested if violated & {*p.rules}]
    end = f"; violated: {'; '.join(failed)}" if failed else ", none violated"
    return (
        f"{len(tested)} of {len(PROMISES)} promises about sessions were tested{end} "
        "(docs/sessions.md)"
    )
