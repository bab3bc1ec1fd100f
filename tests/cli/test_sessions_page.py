"""docs/sessions.md: the promises of sessions, provider by provider, as the rules have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.checks import PROMISES, RULES, judged_by, told
from conformance.cli import main
from conformance.mock.playing import faults_of
from conformance.providers import NAMES, provider


def test_the_page_on_sessions_is_what_the_command_writes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["rules", "--sessions"]) == 0
    page = Path(__file__).resolve().parents[2] / "docs" / "sessions.md"
    assert page.read_text("utf-8") == capsys.readouterr().out


def test_promises_name_rules_of_the_catalogue_and_every_rule_about_sessions_is_in_one() -> None:
    named = {rule for promise in PROMISES for rule in promise.rules}
    assert named <= {rule.id for rule in RULES}
    assert {rule.id for rule in RULES if rule.family == "SESSION"} <= named


@pytest.mark.parametrize("name", ["ibm", "scaleway"])
def test_a_promise_is_proved_by_a_fault_or_says_why_it_is_not_tested(name: str) -> None:
    proved = {rule for fault in faults_of(name) for rule in fault.finds}
    for promise in PROMISES:
        rules, why = judged_by(promise, provider(name))
        assert bool(rules) != bool(why)
        assert not rules or {*rules} & proved


def test_three_providers_are_told_of_side_by_side() -> None:
    bounded = next(p for p in PROMISES if p.says == "bounded duration")
    assert [bool(judged_by(bounded, provider(name))[0]) for name in NAMES] == [False, True, True]


def test_a_run_tells_which_promises_it_tested_and_which_were_broken() -> None:
    assert told([], []) == ""
    assert "2 of 18" in told(["SESSION-001", "LIFE-014"], [])
    assert "violated: bounded duration" in told(["SESSION-001", "LIFE-014"], ["SESSION-001"])
