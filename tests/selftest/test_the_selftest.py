"""`qconform selftest`: what it says of faults that are found, and of those that are missed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.checks import RULES
from conformance.cli import main
from conformance.engine.selftest import Trial, scores, trial, trials, unproven
from conformance.mock import FAULTS
from conformance.providers import provider

SAMPLES = Path(__file__).resolve().parents[2] / "reports" / "samples"


def missed_trial() -> Trial:
    return Trial(fault="x", expected=("HTTP-001", "HTTP-002"), found=("HTTP-002",), elapsed=0.1)


def test_a_trial_says_which_rules_found_the_fault() -> None:
    done = trial("wrong-type")
    assert done.caught
    assert set(done.expected) <= set(done.found)


def test_a_trial_names_the_rules_that_missed_it() -> None:
    assert not missed_trial().caught
    assert missed_trial().missed == ("HTTP-001",)


def test_a_score_is_the_share_of_a_rules_faults_that_it_found() -> None:
    by_rule = {score.rule: score for score in scores([missed_trial()])}
    assert (by_rule["HTTP-001"].caught, by_rule["HTTP-001"].faults) == (0, 1)
    assert (by_rule["HTTP-002"].caught, by_rule["HTTP-002"].faults) == (1, 1)
    assert set(by_rule) == {rule.id for rule in RULES}


def test_processes_side_by_side_find_what_one_finds() -> None:
    names = ["wrong-type", "reversed-bits"]
    alone = {t.fault: t.found for t in trials(names, workers=1)}
    together = {t.fault: t.found for t in trials(names, workers=2)}
    assert alone == together


def test_no_rule_is_without_a_fault() -> None:
    assert unproven() == ()


def test_the_command_prints_matrix_and_scores(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "selftest.json"
    assert main(["selftest", "--fault", "wrong-type", "--workers", "1", "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert "wrong-type  SCHEMA-001 SCHEMA-002" in text
    assert "SCHEMA-001  100%  1 of 1" in text
    assert "1 of 1 faults found by all rules that must" in text
    assert json.loads(out.read_text())["caught"] == 1


def test_an_unknown_fault_is_named_with_its_neighbour(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["selftest", "--fault", "wrong-typ"]) == 2
    assert "Did you mean 'wrong-type'?" in capsys.readouterr().err


def test_the_sample_is_of_these_faults_and_rules_and_none_is_missed() -> None:
    sample = json.loads((SAMPLES / "selftest.json").read_text("utf-8"))
    assert [entry["fault"] for entry in sample["faults"]] == [fault.name for fault in FAULTS]
    judged = [rule.id for rule in RULES if not provider("ionq").reason_against(rule.id)]
    assert [entry["rule"] for entry in sample["scores"]] == judged
    assert sample["caught"] == len(FAULTS)
    assert sample["unproven"] == []
    assert "faults found by all rules that must" in (SAMPLES / "selftest.txt").read_text("utf-8")
