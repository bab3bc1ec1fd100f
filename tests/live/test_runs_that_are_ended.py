"""Live runs that are ended from outside: they report, and what they made can be removed."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from account import jobs_of
from gateway import Gateway, Mishap, serving

from conformance.cli import main
from conformance.errors import ExitCode
from conformance.live import journals
from conformance.model import RunFinished, RunStarted
from conformance.runlog import read

ROOT = Path(__file__).parents[2]
RUN = (sys.executable, "-m", "conformance", "run", "--live", "--quiet", "--profile", "smoke")


def never_deleted(_number: int, method: str, _path: str) -> Mishap:
    """Keep the account from being empty by the walks' own doing, and jobs from being quick."""
    return Mishap.BROKEN_BEFORE if method == "DELETE" else Mishap.SLOW


@contextmanager
def started(url: str, key: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a live run in a process of its own; wait until its log has begun."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "QCONFORM_API_KEY": key,
    }
    command = [*RUN, "--url", url, "--journal", str(folder / "journals"), "--rate", "1000"]
    with (folder / "told").open("wb") as told:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--suite", "lifecycle", "--suite", "physics"],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=told,
        )
    try:
        while not (log := folder / "conformance-report" / "run.ndjson").exists() or (
            b"exchange-recorded" not in log.read_bytes()
        ):
            assert process.poll() is None, (folder / "told").read_text("utf-8")
            time.sleep(0.01)
        yield process
    finally:
        process.kill()
        process.wait()


def cleanup(folder: Path, url: str, key: str, *more: str) -> int:
    journals_option = ("--journal", str(folder / "journals"), "--rate", "1000")
    return main(["cleanup", "--live", "--url", url, "--api-key", key, *journals_option, *more])


@pytest.mark.parametrize(
    "seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(3, 21))]
)
def test_a_run_that_is_killed_can_be_read_reported_and_cleaned_up_after(
    seed: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    moment = random.Random(seed).uniform(0.0, 2.5)  # noqa: S311 - any moment will do
    gateway = Gateway(choose=never_deleted)
    key = gateway.mock.keys[0]
    with serving(gateway) as url:
        with started(url, key, tmp_path) as process:
            time.sleep(moment)
            process.send_signal(signal.SIGKILL)
            process.wait()
        log = tmp_path / "conformance-report" / "run.ndjson"
        events = list(read(log))
        assert isinstance(events[0], RunStarted)
        assert not any(isinstance(event, RunFinished) for event in events)
        assert main(["report", str(log)]) == ExitCode.OK
        assert (tmp_path / "conformance-report" / "report.html").stat().st_size > 10_000
        assert journals(tmp_path / "journals")
        assert cleanup(tmp_path, url, key, "--list") == ExitCode.NOT_JUDGED
        gateway.choose = lambda *_: Mishap.NONE
        assert cleanup(tmp_path, url, key) == ExitCode.OK
        assert jobs_of(gateway.mock) == []
        assert journals(tmp_path / "journals") == ()
        capsys.readouterr()
        assert cleanup(tmp_path, url, key) == ExitCode.OK
        assert capsys.readouterr().out == "nothing is left\n"
        case = ["--case", "lifecycle.whole-life", "--quiet", "--journal", str(tmp_path / "j")]
        again = ["run", "--live", "--url", url, "--api-key", key, "--rate", "1000", *case]
        assert main(again) == ExitCode.OK


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_a_report_and_nothing_on_the_service(
    number: signal.Signals, tmp_path: Path
) -> None:
    gateway = Gateway(choose=lambda *_: Mishap.SLOW)
    with serving(gateway) as url:
        with started(url, gateway.mock.keys[0], tmp_path) as process:
            time.sleep(0.5)
            process.send_signal(number)
            process.wait(timeout=60)
        told = (tmp_path / "told").read_bytes()
        assert b"Traceback" not in told
        assert b"stopping" in told
        assert process.returncode == ExitCode.NOT_JUDGED
        last = list(read(tmp_path / "conformance-report" / "run.ndjson"))[-1]
        assert isinstance(last, RunFinished)
        assert last.stopped == "interrupted"
        report = json.loads((tmp_path / "conformance-report" / "report.json").read_text("utf-8"))
        assert "interrupted" in json.dumps(report)
        assert any(request.creates for request in gateway.arrived)
        assert jobs_of(gateway.mock) == []
        assert journals(tmp_path / "journals") == ()


def test_ctrl_c_does_not_wait_for_a_service_that_hangs(tmp_path: Path) -> None:
    async def hangs(scope: object, receive: object, send: object) -> None:
        import asyncio

        if len(gateway.arrived) > 30:
            await asyncio.sleep(60)
        await gateway(scope, receive, send)  # type: ignore[arg-type] # ASGI has no types here

    gateway = Gateway()
    with serving(hangs) as url, started(url, gateway.mock.keys[0], tmp_path) as process:
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        report = tmp_path / "conformance-report" / "report.html"
        patience = time.monotonic() + 10
        while not report.exists() and time.monotonic() < patience:
            time.sleep(0.01)
        assert report.exists()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    assert b"Traceback" not in (tmp_path / "told").read_bytes()


def test_cleanup_contacts_only_the_target_of_the_journal_and_only_with_consent(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "journals"
    folder.mkdir()
    entries = [
        {"journal": 1, "run": "r", "url": "https://api.example.org/v0.4", "provider": "ionq",
         "at": 1.0},
        {"event": "attempt", "number": 1, "mark": "r-1"},
    ]  # fmt: skip
    text = "".join(json.dumps(entry) + "\n" for entry in entries)
    (folder / "r.journal.ndjson").write_text(text)
    arguments = ["cleanup", "--api-key", "a-key-of-somebody", "--journal", str(folder)]
    assert main(arguments) == ExitCode.USAGE
    assert "--live" in capsys.readouterr().err
    elsewhere = ["--url", "http://127.0.0.1:9/v0.4"]
    assert main([*arguments, *elsewhere]) == ExitCode.OK
    assert capsys.readouterr().out == "nothing is left\n"
    assert main([*arguments, "--list"]) == ExitCode.NOT_JUDGED
    assert "api.example.org" in capsys.readouterr().out
