"""Random sequences: quiet on what is right, and short where something is wrong."""

from __future__ import annotations

import pytest

from conformance.engine import Options, run
from conformance.model import Finding, FindingMade

CASE = "lifecycle.sequences"


def found(*faults: str, seed: int = 1) -> list[Finding]:
    options = Options(faults=faults, profile="ci", case=CASE, seed=seed)
    return [event.finding for event in run(options) if isinstance(event, FindingMade)]


@pytest.fixture(autouse=True)
def _time_enough_on_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conformance.lifecycle.machine._SEARCH", 60.0)
    monkeypatch.setattr("conformance.lifecycle.machine._SHRINK", 30.0)


def test_the_faultless_mock_gives_no_finding() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("fault", "rule"), [("metadata-keys-lowered", "LIFE-007"), ("submission-moves", "LIFE-002")]
)
def test_a_departure_is_shown_by_a_short_sequence(fault: str, rule: str) -> None:
    finding = next(f for f in found(fault) if f.check == rule)
    assert len(finding.exchanges) <= 8
    assert finding.again.endswith(f"--case {CASE}")
