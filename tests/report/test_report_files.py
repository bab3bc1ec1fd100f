from __future__ import annotations

from pathlib import Path

import pytest
from sample_rules import RULES
from sample_runs import violated_run

from conformance.errors import UnknownName, UnwritableOutput
from conformance.report import html, summarize, write
from conformance.runlog import UnreadableLog, Writer


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "run.ndjson"
    with Writer(path) as writer:
        for event in violated_run():
            writer.write(event)
    return path


def test_reports_are_written_into_a_folder_that_is_made(log: Path, tmp_path: Path) -> None:
    out = tmp_path / "a" / "b"

    written = write(log, out, rules=RULES)

    assert [path.name for path in written] == ["report.html", "junit.xml", "report.json"]
    assert sorted(path.name for path in out.iterdir()) == sorted(path.name for path in written)
    assert written[0].read_text("utf-8") == html(summarize(violated_run()), rules=RULES)


def test_only_the_wanted_formats_are_written_and_older_ones_replaced(
    log: Path, tmp_path: Path
) -> None:
    (tmp_path / "junit.xml").write_text("old")

    written = write(log, tmp_path, formats=("junit",))

    assert written == [tmp_path / "junit.xml"]
    assert "<testsuites" in written[0].read_text("utf-8")
    assert not (tmp_path / "report.html").exists()


def test_an_unknown_format_is_named_before_anything_is_written(log: Path, tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="Did you mean 'html'"):
        write(log, tmp_path / "out", formats=("junit", "htm"))

    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_one_clear_error(log: Path) -> None:
    with pytest.raises(UnwritableOutput, match="expected a place to write to"):
        write(log, log / "out")


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(log: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "report.html" / "in-the-way").mkdir(parents=True)

    with pytest.raises(UnwritableOutput):
        write(log, tmp_path / "out")

    assert [path.name for path in (tmp_path / "out").iterdir()] == ["report.html"]


def test_a_file_that_is_no_log_gives_no_report(tmp_path: Path) -> None:
    (tmp_path / "run.ndjson").write_text("hello")

    with pytest.raises(UnreadableLog):
        write(tmp_path / "run.ndjson", tmp_path / "out")
