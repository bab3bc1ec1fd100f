"""Which rules are judged, how much they weigh, and what is accepted for a while."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from plans import BY_NAME, events, findings, plan_for

from conformance.checks import RULES, Basis
from conformance.cli import main
from conformance.cli.rules import described
from conformance.engine import Options
from conformance.errors import BadValue, ExitCode, UnknownName
from conformance.model import NoteMade, RunFinished, Severity, Waiver

WRONG_TYPE = plan_for(BY_NAME["wrong-type"])


def exit_code(options: Options) -> int:
    return next(e.exit_code for e in events(options) if isinstance(e, RunFinished))


def test_selected_families_alone_are_judged() -> None:
    found = findings(replace(WRONG_TYPE, select=("SCHEMA-002",)))
    assert {f.check for f in found} == {"SCHEMA-002"}


def test_ignored_rules_find_nothing() -> None:
    assert not findings(replace(WRONG_TYPE, ignore=("SCHEMA",)))


def test_a_lowered_rule_is_shown_and_does_not_fail_the_run() -> None:
    lowered = replace(WRONG_TYPE, severity={"SCHEMA": "warning"})
    assert {f.severity for f in findings(lowered)} == {Severity.WARNING}
    assert exit_code(lowered) == ExitCode.OK
    assert exit_code(WRONG_TYPE) == ExitCode.VIOLATED


def test_the_longest_beginning_of_an_id_decides() -> None:
    both = replace(WRONG_TYPE, severity={"SCHEMA": "warning", "SCHEMA-001": "error"})
    weights = {f.check: f.severity for f in findings(both)}
    assert weights == {"SCHEMA-001": Severity.ERROR, "SCHEMA-002": Severity.WARNING}


def test_a_warning_can_be_raised() -> None:
    plan = plan_for(BY_NAME["bearer-accepted"])
    assert exit_code(plan) == ExitCode.OK
    assert exit_code(replace(plan, severity={"ACCESS-009": "error"})) == ExitCode.VIOLATED


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_a_rule_that_does_not_exist_is_named(option: str) -> None:
    with pytest.raises(UnknownName, match=f"--{option}: expected a rule, got 'SCHEMA-9'"):
        findings(replace(WRONG_TYPE, **{option: ("SCHEMA-9",)}))  # type: ignore[arg-type] # both are tuples of texts


def test_a_severity_that_is_none_is_named() -> None:
    with pytest.raises(BadValue, match="expected error or warning, got 'fatal'"):
        findings(replace(WRONG_TYPE, severity={"SCHEMA": "fatal"}))


def test_a_waived_finding_is_a_warning_that_says_why() -> None:
    waivers = tuple(
        Waiver(fingerprint=f.fingerprint[:8], reason="ticket 7", owner="ann")
        for f in findings(WRONG_TYPE)
    )
    accepted = replace(WRONG_TYPE, waivers=waivers)
    assert exit_code(accepted) == ExitCode.OK
    for finding in findings(accepted):
        assert finding.severity is Severity.WARNING
        assert "Accepted by ann: ticket 7" in finding.note


def test_a_waiver_whose_day_is_over_accepts_nothing_and_is_told() -> None:
    finding = findings(WRONG_TYPE)[0]
    old = Waiver(fingerprint=finding.fingerprint, reason="later", expires=dt.date(2020, 1, 1))
    told = list(events(replace(WRONG_TYPE, waivers=(old,))))
    assert any(isinstance(e, NoteMade) and "expired 2020-01-01" in e.text for e in told)
    assert exit_code(replace(WRONG_TYPE, waivers=(old,))) == ExitCode.VIOLATED


def test_a_waiver_that_covers_nothing_is_told() -> None:
    unused = Waiver(fingerprint="ffffffffffff", reason="mended long ago")
    told = list(events(replace(WRONG_TYPE, waivers=(unused,))))
    assert any(isinstance(e, NoteMade) and "covers nothing" in e.text for e in told)


def test_a_rule_weaker_than_the_document_is_a_warning_unless_raised_for_a_reason() -> None:
    for rule in RULES:
        firm = rule.basis in {Basis.DOCUMENT, Basis.STANDARD}
        assert (rule.severity is Severity.ERROR) == (firm or bool(rule.raised)), rule.id
        assert not (firm and rule.raised), rule.id


def test_every_rule_says_what_why_from_where_and_is_proved() -> None:
    for rule in RULES:
        said = described(rule)
        for part in ("demands", "why", "source", "basis", "proved by"):
            assert said[part], f"{rule.id} lacks {part}"


def test_the_page_of_rules_is_what_the_command_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "markdown"]) == 0
    page = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
    assert page.read_text("utf-8") == capsys.readouterr().out
