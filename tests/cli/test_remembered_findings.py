"""What failed in the last run is played first in the next one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.cli.remembering import failing_scenarios
from conformance.engine import Options, run
from conformance.model import ExchangeRecorded

CASE = "lifecycle.usage"


def scenarios(options: Options) -> list[str]:
    return [
        ".".join(event.exchange.case.id.split(".")[:2])
        for event in run(options)
        if isinstance(event, ExchangeRecorded)
    ]


def test_a_log_names_the_scenarios_that_failed(tmp_path: Path) -> None:
    arguments = ["run", "--fault", "usage-forgets", "--case", CASE, "--out", str(tmp_path)]
    assert main([*arguments, "--quiet"]) == 1
    assert failing_scenarios(tmp_path / "run.ndjson") == (CASE,)


def test_what_failed_is_played_first() -> None:
    suites, operations = ("lifecycle",), ("EstimateJobCost",)
    plan = Options(suites=suites, operations=operations, profile="smoke", workers=1)
    usual, remembered = scenarios(plan), scenarios(replace(plan, first=(CASE,)))
    assert usual[0] != CASE
    assert remembered[0] == CASE
    assert set(usual) == set(remembered)


@pytest.mark.parametrize("text", ["", "no log\n", '{"event":"finding-made","case":7}\n'])
def test_a_log_that_is_none_names_nothing(tmp_path: Path, text: str) -> None:
    log = tmp_path / "run.ndjson"
    assert failing_scenarios(log) == ()
    log.write_text(text)
    assert failing_scenarios(log) == ()
