"""The command line as its users meet it: what is printed, what is left on disk, the exit code."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.errors import ExitCode
from conformance.mock import running
from conformance.mock.ionq import app

ROOT = Path(__file__).resolve().parents[2]
SMALL = ("--profile", "smoke", "--suite", "access", "--operation", "GetJob")


def run(out: Path, *arguments: str) -> int:
    return main(["run", "--out", str(out), *arguments])


def test_a_clean_run_exits_with_0_and_leaves_its_reports(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "new" / "out", *SMALL) == ExitCode.OK
    printed = capsys.readouterr()
    assert "0 findings" in printed.out
    assert printed.err == f"report: {tmp_path / 'new' / 'out' / 'report.html'}\n"
    names = {file.name for file in (tmp_path / "new" / "out").iterdir()}
    assert names == {"run.ndjson", "report.html", "report.json", "junit.xml"}


def test_a_violated_run_exits_with_1_and_says_what_and_how_to_see_it_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, *SMALL, "--fault", "job-readable") == ExitCode.VIOLATED
    printed = capsys.readouterr().out
    for words in ("ACCESS-003", "expected", "seen", "again", "--case access.GetJob-other-tenant"):
        assert words in printed


def test_json_for_programs_is_all_that_stdout_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(tmp_path, *SMALL, "--fault", "job-readable", "--format", "json")
    report = json.loads(capsys.readouterr().out)
    assert report["exit_code"] == code == ExitCode.VIOLATED
    assert "ACCESS-003" in {finding["check"] for finding in report["findings"]}
    assert report == json.loads((tmp_path / "report.json").read_text("utf-8"))


def test_junit_goes_where_it_is_wanted(tmp_path: Path) -> None:
    wanted = tmp_path / "ci" / "results.xml"
    assert run(tmp_path / "out", *SMALL, "--fault", "job-readable", "--junit", str(wanted)) == 1
    cases = ET.parse(wanted).getroot().iter("testcase")  # noqa: S314 - our own file
    failed = [case for case in cases if case.find("failure") is not None]
    assert any("ACCESS-003" in ET.tostring(case, "unicode") for case in failed)


def test_a_run_that_judged_nothing_exits_with_3(tmp_path: Path) -> None:
    arguments = ("--suite", "access", "--operation", "getWhoami", "--rule", "PHYS-001")
    assert run(tmp_path, *arguments) == ExitCode.NOT_JUDGED


@pytest.mark.parametrize("fault", ["key-echoed"])
def test_no_artefact_holds_the_key_that_a_target_echoes(
    fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(app(faults=[fault])) as target:
        arguments = ("--url", target.url, "--api-key", target.keys[0])
        second = ("--second-api-key", target.keys[1])
        assert run(tmp_path, *arguments, *second, *SMALL) == ExitCode.VIOLATED
    printed = capsys.readouterr()
    texts = [file.read_text("utf-8") for file in tmp_path.iterdir()] + [printed.out, printed.err]
    everything = "\n".join(texts).lower()
    assert "access-005" in everything
    assert "[removed]" in everything
    for key in target.keys:
        encoded = base64.b64encode(key.encode()).decode().rstrip("=")[:-1]
        for form in (key, key[::-1], key.encode().hex(), encoded):
            assert form.lower() not in everything


def test_a_key_of_the_environment_is_used_and_never_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(app()) as target:
        monkeypatch.setenv("IONQ_API_KEY", target.keys[0])
        assert run(tmp_path, "--url", target.url, *SMALL) == ExitCode.OK
    printed = capsys.readouterr()
    assert target.keys[0] not in printed.out + printed.err


def test_a_killed_run_leaves_a_log_that_gives_a_report(tmp_path: Path) -> None:
    log = tmp_path / "run.ndjson"
    command = [sys.executable, "-m", "conformance", "run", "--out", str(tmp_path), "--quiet"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            until = time.monotonic() + 20
            while not (log.exists() and log.read_bytes().count(b"\n") > 20):
                assert time.monotonic() < until, "nothing was written as the run went"
                time.sleep(0.02)
        finally:
            process.kill()
    assert not (tmp_path / "report.html").exists()
    assert main(["report", str(log), "--format", "json"]) == ExitCode.OK
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report["ended"] is False
    assert report["counts"]["requests"] > 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for another process")
def test_an_interrupted_run_is_never_green_and_keeps_its_log(tmp_path: Path) -> None:
    log = tmp_path / "run.ndjson"
    command = [sys.executable, "-m", "conformance", "run", "--out", str(tmp_path), "--quiet"]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        until = time.monotonic() + 20
        while not (log.exists() and log.read_bytes().count(b"\n") > 20):
            assert time.monotonic() < until, "nothing was written as the run went"
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode not in {ExitCode.OK, ExitCode.BUG}
    assert "Traceback" not in said
    assert log.exists()


def test_a_report_can_be_rendered_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path / "one", *SMALL)
    first = capsys.readouterr().out
    log = tmp_path / "one" / "run.ndjson"
    assert main(["report", str(log), "--out", str(tmp_path / "two")]) == ExitCode.OK
    assert capsys.readouterr().out == first
    for name in ("report.html", "report.json", "junit.xml"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_help_needs_no_heavy_package() -> None:
    code = (
        "import sys; from conformance.cli import main; main(['--help']); main(['run', '--help']);"
        "heavy = {'numpy', 'schemathesis', 'hypothesis', 'jsonschema', 'uvicorn', 'httpcore'};"
        "sys.exit(len(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["--version"], "qconform"),
        (["rules"], "PHYS-001"),
        (["rules", "--family", "ACCESS"], "ACCESS-001"),
        (["explain", "PHYS-001"], "reversed-bits"),
        (["explain", "status-is-declared"], "HTTP-002"),
        (["mock", "--list-faults"], "reversed-bits"),
        (["mock", "--print-keys"], app().keys[1]),
        (["specs", "show"], '"openapi": "3.0.3"'),
    ],
)
def test_commands_that_tell_something_tell_it_on_stdout(
    arguments: list[str], shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == ExitCode.OK
    printed = capsys.readouterr()
    assert shown in printed.out
    assert printed.err == ""
