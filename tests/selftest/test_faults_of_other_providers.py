"""The faults of the mocks that share their misdeeds: each is found by the rules it names."""

from __future__ import annotations

import pytest
from plans import findings, plan_for

from conformance.checks import RULES
from conformance.mock import Fault
from conformance.mock.playing import faults_of
from conformance.providers import provider

PROVIDERS = ("ibm", "scaleway")
QUICK = {
    "time-in-words",
    "strangers-end",
    "session-stays-open",
    "session-never-ends",
    "session-never-idle",
    "closed-session-takes-jobs",
    "two-sessions-for-a-name",
    "reversed-bits",
    "any-token",
    "change-forgotten",
    "end-kills-running",
    "entry-between-pages",
    "filters-ignored",
    "order-ignored",
}
ALL = [(name, fault) for name in PROVIDERS for fault in faults_of(name)]


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        pytest.param(
            name,
            fault,
            id=f"{name}-{fault.name}",
            marks=[] if fault.name in QUICK else [pytest.mark.exhaustive],
        )
        for name, fault in ALL
    ],
)
def test_a_fault_of_another_provider_is_found_by_the_rules_it_names(
    name: str, fault: Fault
) -> None:
    found = findings(plan_for(fault, provider=name))
    assert set(fault.finds) <= {finding.check for finding in found}


@pytest.mark.parametrize("name", PROVIDERS)
def test_each_mock_has_25_faults_and_more_about_rules_that_judge_it(name: str) -> None:
    faults = faults_of(name)
    assert len({fault.name for fault in faults}) == len(faults) >= 25
    known = {rule.id for rule in RULES}
    for fault in faults:
        assert fault.summary
        assert fault.finds
        for rule in fault.finds:
            assert rule in known
            assert provider(name).reason_against(rule) == ""


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_rule_about_sessions_is_proved_or_says_why_it_is_silent(name: str) -> None:
    proved = {rule for fault in faults_of(name) for rule in fault.finds}
    for rule in RULES:
        if rule.family == "SESSION":
            assert (rule.id in proved) != bool(provider(name).reason_against(rule.id))
