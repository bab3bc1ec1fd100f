"""Whole runs over every fault and over many seeds; a job of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from plans import BY_NAME, events, findings, plan_for

from conformance.engine import SUITES, Options
from conformance.errors import ExitCode
from conformance.model import RunFinished


def test_directed_suites_find_nothing_on_the_faultless_mock() -> None:
    assert not findings(Options(suites=("access", "lifecycle", "physics"), profile="smoke", seed=3))


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(1, 21))
def test_the_faultless_mock_yields_no_finding(seed: int) -> None:
    assert not findings(Options(seed=seed))


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", BY_NAME)
def test_a_whole_run_finds_the_fault_and_fails(name: str) -> None:
    plan = replace(plan_for(BY_NAME[name]), suites=SUITES, operations=(), case="", profile="ci")
    seen = list(events(plan))
    last = seen[-1]
    assert isinstance(last, RunFinished)
    assert last.exit_code == ExitCode.VIOLATED
    checks = {getattr(event, "finding").check for event in seen if hasattr(event, "finding")}  # noqa: B009 - only one kind of event has it
    assert BY_NAME[name].finds[0] in checks
