"""What a run said, item by item: no finding is without one, and nothing untested is green."""

from __future__ import annotations

import pytest

from conformance import spec
from conformance.checks import RULES
from conformance.model import Finding, Verdict
from conformance.plugin.subjects import Subject, subjects
from conformance.plugin.verdicts import Verdicts
from conformance.providers import provider

ALL = list(subjects(spec.load("ionq"), provider("ionq")))
OPERATIONS = [operation.id for operation in spec.load("ionq").operations]


def failing(verdicts: Verdicts, rule: str) -> list[Subject]:
    found = []
    items = [subject for subject in ALL if subject.rule.id == rule]
    homes = [item.operation for item in items]
    for subject in items:
        verdict, findings = verdicts.of(subject, homes)
        assert (verdict is Verdict.VIOLATES) == bool(findings)
        found += [subject] if findings else []
    return found


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_finding_fails_exactly_one_item(rule: str) -> None:
    for operation in (*OPERATIONS, ""):
        finding = Finding(
            clause="c", where="w", expected="e", seen="s", check=rule, operation=operation
        )
        (item,) = failing(Verdicts(findings=[finding]), rule)
        if any(s.rule.id == rule and s.operation == operation for s in ALL):
            assert item.operation == operation


def test_what_was_not_judged_is_not_tested() -> None:
    (subject,) = (s for s in ALL if s.name == "SCHEMA-001 body-matches-document[GetJob]")
    elsewhere = Verdicts(judged={"SCHEMA-001": {"GetJobs": 3, "GetJob": 0}})
    assert elsewhere.of(subject, ["GetJob", "GetJobs"]) == (Verdict.NOT_TESTED, [])
    here = Verdicts(judged={"SCHEMA-001": {"GetJob": 1}})
    assert here.of(subject, ["GetJob", "GetJobs"]) == (Verdict.CONFORMS, [])


def test_a_rule_about_histories_holds_wherever_it_was_judged() -> None:
    (subject,) = (s for s in ALL if s.rule.id == "LIFE-001")
    assert Verdicts(judged={"LIFE-001": {"": 2}}).of(subject, ["GetJob"])[0] is Verdict.CONFORMS


def test_where_nothing_could_be_told_nothing_holds() -> None:
    (subject,) = (s for s in ALL if s.rule.id == "STAT-001")
    some = Verdicts(judged={"STAT-001": {"": 2}}, undecided={"STAT-001": {"": 1}})
    assert some.of(subject, [subject.operation])[0] is Verdict.INCONCLUSIVE
    all_of_them = Verdicts(judged={"STAT-001": {"": 2}}, undecided={"STAT-001": {"": 0}})
    assert all_of_them.of(subject, [subject.operation])[0] is Verdict.CONFORMS
