"""Whatever is wrong with a command is said in one line, with the exit code that fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from conformance.cli import main
from conformance.errors import ExitCode

TARGET = ["--url", "http://127.0.0.1:9/v0.4", "--api-key", "a-key-of-somebody"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("QCONFORM_API_KEY", "IONQ_API_KEY", "QISKIT_IONQ_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["run", "--seed", "x"], "--seed"),
        (["run", "--workers", "0"], "--workers"),
        (["run", "--deadline", "-1"], "--deadline"),
        (["run", "--deadline", "nan"], "--deadline"),
        (["run", "--request-timeout", "0"], "--request-timeout"),
        (["run", "--request-timeout", "nan"], "--request-timeout"),
        (["run", "--job-timeout", "inf"], "--job-timeout"),
        (["run", "--format", "xml"], "--format"),
        (["run", "--profile", "huge"], "--profile"),
        (["run", "--suite", "fizzics"], "--suite"),
        (["run", "--operation", "GetEverything"], "--operation"),
        (["run", "--rule", "HTTP-999"], "--rule"),
        (["run", "--fault", "boredom"], "fault"),
        (["run", "--provider", "acme"], "--provider"),
        (["run", "--case", "access.nothing"], "--case"),
        (["run", "--case", "nonsense"], "--case"),
        (["run", "--url", "nonsense"], "--url"),
        (["run", "--url", "http://127.0.0.1:9/v0.4"], "--api-key"),
        (["run", "--url", "http://api.example.org/v0.4", "--api-key", "k" * 9], "--live"),
        (["run", *TARGET, "--fault", "crash"], "--fault"),
        (["run", "--second-api-key"], "--second-api-key"),
        (["run", "--nonsense"], "--nonsense"),
        (["run", "surplus"], "surplus"),
        (["nonsense"], "nonsense"),
        (["rules", "--family", "FIZZ"], "--family"),
        (["explain", "HTTP-999"], "HTTP-999"),
        (["explain"], "RULE"),
        (["report"], "LOG"),
        (["mock", "--fault", "boredom"], "boredom"),
        (["mock", "--port", "99999"], "--port"),
        (["mock", "--host", "192.0.2.1", "--port", "0"], "192.0.2.1"),
        (["mock", "--provider", "acme"], "--provider"),
        (["mock", "--clock", "sun"], "--clock"),
        (["mock", "--clock", "0x"], "--clock"),
        (["mock", "--latency", "2s-1s"], "--latency"),
        (["mock", "--queue-time", "soon"], "--queue-time"),
        (["mock", "--rate-limit", "0"], "rate limit"),
        (["mock", "--keep", "0"], "--keep"),
        (["mock", "--state", "no/such/folder/file"], "no/such/folder/file"),
        (["mock", "--control", "--host", "0.0.0.0"], "--control"),  # noqa: S104 (it is refused)
        (["specs", "show", "acme"], "acme"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("qconform: ")
    assert word in printed.err
    left = [file.name for file in tmp_path.rglob("*") if file.is_file()]
    assert left == [], "a run that never began leaves nothing"


def test_a_target_that_is_not_there_is_one_line_and_exit_code_3(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["run", *TARGET]) == ExitCode.NOT_JUDGED
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert "Is it running" in printed.err


@pytest.mark.parametrize("option", ["--out", "--junit"])
def test_a_place_that_cannot_be_written_is_named_before_anything_is_sent(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert main(["run", option, str(tmp_path / "file" / "below")]) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert f"Name another with {option}." in printed.err


def test_a_folder_is_no_junit_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--junit", str(tmp_path)]) == ExitCode.USAGE
    assert "--junit" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content",
    [None, b"", b"no JSON\n", b"{}\n", b'{"log": 999, "event": "run-started"}\n', b"\xff"],
)
def test_a_broken_run_log_is_one_line_and_exit_code_3(
    content: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "run.ndjson"
    if content is not None:
        log.write_bytes(content)
    assert main(["report", str(log)]) == ExitCode.NOT_JUDGED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert str(log) in printed.err
