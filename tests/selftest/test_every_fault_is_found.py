"""The proof by faults: each is found by the rules it names, by the smallest plan that should."""

from __future__ import annotations

from collections import Counter

import pytest
from plans import BY_NAME, findings, plan_for

from conformance.checks import RULES
from conformance.engine import SUITES
from conformance.mock.playing import faults_of
from conformance.providers import NAMES


@pytest.mark.parametrize("name", BY_NAME)
def test_a_fault_is_found_by_the_rules_it_names_and_by_no_other(name: str) -> None:
    fault = BY_NAME[name]
    found = findings(plan_for(fault))
    assert {finding.check for finding in found} == set(fault.finds), [
        (f.check, f.operation, f.expected, f.seen) for f in found
    ]


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_every_rule_is_found_broken_by_some_fault(rule: str) -> None:
    assert any(rule in fault.finds for name in NAMES for fault in faults_of(name))


def test_faults_name_rules_of_the_catalogue() -> None:
    known = {rule.id for rule in RULES}
    assert {rule for fault in BY_NAME.values() for rule in fault.finds} <= known


def test_faults_name_suites_of_the_engine() -> None:
    assert {fault.suite for fault in BY_NAME.values()} == set(SUITES)


def test_there_are_120_faults_and_more_in_every_family() -> None:
    families = Counter(fault.finds[0].partition("-")[0] for fault in BY_NAME.values())
    assert len(BY_NAME) >= 120
    assert set(families) == {rule.family for rule in RULES} - {"SESSION"}
