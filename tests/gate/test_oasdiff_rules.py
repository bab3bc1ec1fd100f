"""What oasdiff has a rule for is decided here, as the published table says."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

import pytest
from oasdiff_rules import KEYWORDS, PLACES, Peer, reason, rules

from conformance.gate import Comparison, Source, Verdict, compare, game
from conformance.gate.rules import BY_NAME

TABLE = Path(__file__).resolve().parents[2] / "benchmarks/gate/oasdiff.md"
RULES = {rule.id: rule for rule in rules()}


@functools.cache
def judged(name: str) -> Comparison:
    rule: Peer = RULES[name]
    base, head = (Source(document=d, name=n) for d, n in ((rule.base, "b"), (rule.head, "h")))
    return compare(base, head, game(), today=date(2026, 11, 21))


def rows() -> dict[str, str]:
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ")]
    found = dict(line.strip("| ").split(" | ", 1) for line in lines)
    del found["oasdiff"]
    return found


def test_the_table_has_every_rule_once() -> None:
    assert list(rows()) == sorted(RULES)
    assert len(RULES) == len(list(rules()))


def told(name: str) -> str:
    found = dict.fromkeys(f"{c.rule}: {c.verdict}" for c in judged(name).changes)
    return ", ".join(found) or f"no change: {reason(name)}"


def test_every_rule_is_decided_as_the_table_says() -> None:
    assert {name: told(name) for name in RULES} == rows()


def test_where_nothing_is_told_somebody_says_why() -> None:
    silent = [name for name in RULES if not judged(name).changes]
    assert [name for name in silent if not reason(name)] == []
    assert len(silent) < 70


def test_every_break_among_them_has_a_witness_and_nothing_is_left_suspected() -> None:
    for name in RULES:
        for change in judged(name).changes:
            assert change.rule in BY_NAME
            assert change.witness is not None or change.verdict is not Verdict.BREAKING, name
            assert change.verdict is not Verdict.SUSPECTED, name


@pytest.mark.parametrize("suffix", [suffix for suffix, *_ in KEYWORDS])
def test_what_breaks_a_request_one_way_breaks_no_response_unless_the_edit_goes_both_ways(
    suffix: str,
) -> None:
    breaks = {}
    for letter in "bBpP":
        name = f"{PLACES[letter]}-{suffix}"
        if name in RULES:
            verdicts = {change.verdict for change in judged(name).changes}
            breaks[letter] = Verdict.BREAKING in verdicts
    both = ("-changed", "wrapped-in-one-of")
    for request, response in ("bB", "pP"):
        if request in breaks and response in breaks and not suffix.endswith(both):
            assert not (breaks[request] and breaks[response])
    assert breaks.get("b", breaks.get("p")) == breaks.get("p", breaks.get("b"))
    assert breaks.get("B", breaks.get("P")) == breaks.get("P", breaks.get("B"))
