"""The page on sessions: what they promise, provider by provider, from facts, rules and faults."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks import PROMISES, Promise, judged_by, titles
from conformance.mock.playing import faults_of
from conformance.providers import NAMES, Provider, SessionFacts
from conformance.providers import provider as facts_of

_HEAD = """# Sessions, side by side

The same promises about sessions, as they are tested on every provider whose sessions are known.
This page is what `qconform rules --sessions` writes; a test compares the two. The HTML
report of a run has the table, too, with what the run has shown."""
_FACTS = """
## What a session is

States are in the order in which a session passes through them; the last is final.
"""
_TABLE = """
## What is promised, and what judges it

A cell names the rules that judge the promise, and in brackets how many deliberate faults of the
mock prove that they can fail; where no rule judges it, the cell says why.
"""


def page() -> str:
    """Return the page in Markdown."""
    providers = [facts_of(name) for name in NAMES]
    parts = [_HEAD, _FACTS, *_rows("", providers, _facts_rows(providers))]
    parts += [_TABLE, *_rows("a session ...", providers, _promises(providers))]
    return "\n".join(parts)


def _rows(
    corner: str, providers: list[Provider], rows: Iterator[tuple[str, list[str]]]
) -> Iterator[str]:
    yield f"| {corner} | {' | '.join(titles())} |"
    yield f"|---|{'---|' * len(providers)}"
    for name, cells in rows:
        yield f"| {name} | {' | '.join(cells)} |"


def _facts_rows(providers: list[Provider]) -> Iterator[tuple[str, list[str]]]:
    sessions = [facts.sessions for facts in providers]
    yield "states", [" → ".join(one.states) for one in sessions]
    yield "steps back", [_steps(one) for one in sessions]
    for label, name in (
        ("opened by", "create"),
        ("read by", "read"),
        ("ended by", "end"),
        ("closed to new jobs by", "close"),
        ("removed by", "remove"),
        ("longest time", "longest"),
        ("idle time", "idle"),
        ("deduplication", "deduplication"),
    ):
        values = [getattr(one, name) for one in sessions]
        yield label, [f"`{value}`" if value else "-" for value in values]


def _steps(facts: SessionFacts) -> str:
    return ", ".join(f"{first} → {then}" for first, then in sorted(facts.returns)) or "-"


def _promises(providers: list[Provider]) -> Iterator[tuple[str, list[str]]]:
    for promise in PROMISES:
        yield promise.says, [_cell(promise, facts) for facts in providers]


def _cell(promise: Promise, facts: Provider) -> str:
    rules, why = judged_by(promise, facts)
    if not rules:
        return f"not tested: {why}"
    proofs = sum(bool({*rules} & {*fault.finds}) for fault in faults_of(facts.name))
    return f"{', '.join(rules)} ({proofs})"
