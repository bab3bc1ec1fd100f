from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sample_rules import RULES
from sample_runs import SAMPLES, violated_run

from conformance import resources
from conformance.report import html, json_text, junit, summarize, terminal
from conformance.runlog import Log, Writer

Golden = Callable[[str, str | Path], None]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_report_of_a_sample_run_is_the_one_that_was_reviewed(
    name: str, golden: Golden
) -> None:
    summary = summarize(SAMPLES[name]())

    golden(html(summary, rules=RULES), f"{name}.html")
    golden(junit(summary, rules=RULES), f"{name}.xml")
    golden(json_text(summary, rules=RULES), f"{name}.json")
    golden(terminal(summary, rules=RULES), f"{name}.txt")


def test_colour_changes_no_word(golden: Golden) -> None:
    golden(terminal(summarize(violated_run()), color=True, rules=RULES), "violated-color.txt")


def test_the_samples_that_travel_with_the_package_equal_fresh_output(
    tmp_path: Path, golden: Golden
) -> None:
    samples = resources.folder("reports") / "samples"
    fresh = tmp_path / "run.ndjson"
    with Writer(fresh) as writer:
        for event in violated_run():
            writer.write(event)

    golden(fresh.read_text("ascii"), samples / "run.ndjson")
    summary = summarize(Log(samples / "run.ndjson"))
    golden(html(summary, rules=RULES), samples / "report.html")
    golden(terminal(summary, rules=RULES), samples / "report.txt")
