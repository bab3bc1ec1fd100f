from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.errors import ExitCode, UnwritableOutput
from conformance.model import Event, NoteMade, RunFinished, RunStarted, Verdict
from conformance.runlog import Log, UnreadableLog, Writer, read

STARTED = RunStarted(
    tool="0.1.0",
    provider="ionq",
    title="IonQ v0.4",
    document="openapi.yaml",
    digest="00",
    target="embedded mock",
    seed=1,
    profile="ci",
    suites=("contract",),
    started="2026-05-20T09:30:00Z",
)
FINISHED = RunFinished(verdict=Verdict.CONFORMS, exit_code=0, elapsed=1.0)
EVENTS: tuple[Event, ...] = (STARTED, NoteMade(text="ünïcode"), FINISHED)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "new" / "run.ndjson"
    with Writer(path) as writer:
        for event in EVENTS:
            writer.write(event)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableLog) as caught:
        list(read(path))
    assert caught.value.exit_code is ExitCode.NOT_JUDGED
    return str(caught.value)


def test_a_log_reads_back_as_it_was_written_as_often_as_wanted(log: Path) -> None:
    events = Log(log)

    assert tuple(events) == EVENTS
    assert tuple(events) == EVENTS


def test_only_the_first_line_carries_the_version(log: Path) -> None:
    versions = [json.loads(line).get("log") for line in log.read_text().splitlines()]

    assert versions == [1, None, None]


def test_each_event_is_on_disk_before_the_next_one_happens(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    with Writer(path) as writer:
        writer.write(STARTED)
        assert tuple(read(path)) == (STARTED,)
        writer.write(FINISHED)
        assert tuple(read(path)) == (STARTED, FINISHED)


def test_a_log_that_was_cut_off_anywhere_in_its_last_line_still_reads(log: Path) -> None:
    whole = log.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1

    for end in range(start, len(whole) - 1):
        log.write_bytes(whole[:end])
        assert tuple(read(log)) == EVENTS[:-1]
    log.write_bytes(whole[:-1])
    assert tuple(read(log)) == EVENTS


def test_a_bad_line_in_the_middle_is_named(log: Path) -> None:
    lines = log.read_text().splitlines(keepends=True)
    log.write_text("".join((lines[0], "{oops\n", lines[2])))

    message = refusal(log)

    assert message.startswith(f"{log}, line 2: expected an event of a run log, got ")
    assert "{oops" in message


@pytest.mark.parametrize(
    ("content", "seen"),
    [
        (b"", "an empty file"),
        (b"<html>\x1b[31m", "no JSON"),
        (b"\x1f\x8b\x08\x00", "no JSON"),
        (b"[1, 2]\n", "[1, 2]"),
        (b"null\n", "null"),
        (b'{"openapi": "3.0.3"}\n', "openapi"),
        (b'{"log": true}\n', "true"),
        (b'{"log": 1}\n', "got None"),
        (b'{"log": 1, "event": "note-made", "text": "", "suite": ""}\n', "note-made"),
        (b'{"log": 1, "event": "run-started"}\n', "'tool'"),
        (b'{"log": 1, "event": []}\n', "got []"),
        (b"[" * 100_000, "no JSON"),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_what_it_is(
    tmp_path: Path, content: bytes, seen: str
) -> None:
    path = tmp_path / "run.ndjson"
    path.write_bytes(content)

    message = refusal(path)

    assert seen in message
    assert "qconform run" in message
    assert message.isprintable()


def test_a_log_of_a_later_version_says_what_to_do(log: Path) -> None:
    log.write_text(log.read_text().replace('"log":1', '"log":2'))

    assert "version 2" in refusal(log)
    assert "newer" in refusal(log)


@pytest.mark.parametrize("place", ["missing.ndjson", "."])
def test_a_path_without_a_readable_file_is_refused(tmp_path: Path, place: str) -> None:
    assert str(tmp_path) in refusal(tmp_path / place)


def test_a_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UnwritableOutput, match="expected a place to write to"):
        Writer(tmp_path / "file" / "run.ndjson")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_clear_error() -> None:
    with Writer(Path("/dev/full")) as writer:
        for _ in range(2):
            with pytest.raises(UnwritableOutput):
                writer.write(STARTED)


def test_what_the_writer_writes_is_scrubbed(tmp_path: Path) -> None:
    path = tmp_path / "run.ndjson"
    with Writer(path, scrub=lambda text: text.replace("hunter2", "***")) as writer:
        writer.write(STARTED)
        writer.write(NoteMade(text="the key is hunter2"))

    assert "hunter2" not in path.read_text()
    assert list(read(path))[1] == NoteMade(text="the key is ***")


def test_a_line_without_end_is_refused_before_it_is_read_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("conformance.runlog.files.LONGEST_LINE", 1000)
    path = tmp_path / "run.ndjson"
    path.write_bytes(b'{"log":1,"x":"' + b"x" * 5000)
    with pytest.raises(UnreadableLog, match="more than 1000 bytes"):
        list(read(path))
