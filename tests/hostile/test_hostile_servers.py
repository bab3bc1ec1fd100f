"""Whatever a server does: a finding or a clear error in time, and artefacts that can be read."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from servers import KEY, MODES, serving

from conformance.cli import main
from conformance.errors import ExitCode
from conformance.model import FindingMade, NoteMade, RunFinished
from conformance.runlog import read

BOUNDS = {
    "deep": ("SCHEMA-003", "bound"),
    "wide": ("SCHEMA-003", "bound"),
    "lone-surrogates": ("SCHEMA-003", "json"),
    "nan": ("SCHEMA-003", "json"),
    "utf16": ("SCHEMA-003", "json"),
    "pour": ("HTTP-005", "too-large"),
    "drip": ("HTTP-005", "timeout"),
    "no-http": ("HTTP-005", "disconnected"),
    "cut-off": ("HTTP-005", "malformed"),
    "echoed": ("ACCESS-005", "echo"),
}
"""What some modes are found by: rule, and part of the clause."""
QUICK = {
    "deep",
    "nan",
    "lone-surrogates",
    "drip",
    "no-http",
    "cut-off",
    "echoed",
    "control-characters",
    "markup",
    "redirected",
    "busy-for-days",
    "types-change",
}
SLOW = pytest.mark.exhaustive
DEADLINE = 2.0
SLACK = 12.0
"""Seconds that a busy machine may take to start, to stop and to write reports."""


def arguments(url: str, out: Path) -> list[str]:
    options = {"--url": url, "--api-key": KEY, "--out": str(out), "--profile": "smoke"}
    options |= {"--request-timeout": "0.4", "--job-timeout": "1", "--deadline": str(DEADLINE)}
    words = [word for option in options.items() for word in option]
    return ["run", *words, "--suite", "lifecycle", "--suite", "physics", "--quiet"]


def nothing_constant(name: str) -> None:
    raise AssertionError(f"{name} is not JSON")


def check_artefacts(folder: Path) -> None:
    """Every file is strictly what it should be, holds no key and nothing that acts."""
    for file in folder.rglob("*"):
        assert KEY.encode() not in file.read_bytes(), file.name
        assert file.parent == folder
    text = (folder / "report.json").read_text("utf-8")
    json.loads(text, parse_constant=nothing_constant)
    for line in (folder / "run.ndjson").read_text("ascii").splitlines():
        json.loads(line, parse_constant=nothing_constant)
    ET.parse(folder / "junit.xml")  # noqa: S314 - our own file
    page = (folder / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "<img" not in page


@pytest.mark.parametrize(
    "mode", [pytest.param(m, marks=[] if m in QUICK else [SLOW]) for m in sorted(MODES)]
)
@pytest.mark.parametrize("proper", [3, pytest.param(0, marks=SLOW), pytest.param(40, marks=SLOW)])
def test_a_hostile_server_is_judged_or_refused_in_time(
    mode: str, proper: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    with serving(mode, proper=proper) as server:
        begun = time.monotonic()
        code = main(arguments(server.url, out))
        assert time.monotonic() - begun < DEADLINE + SLACK
        elsewhere = list(server.elsewhere)
    printed = capsys.readouterr()
    assert elsewhere == [], "nothing is sent to another origin"
    assert code in {ExitCode.OK, ExitCode.VIOLATED, ExitCode.NOT_JUDGED}
    assert KEY not in printed.out + printed.err
    for text in (printed.out, printed.err):
        assert "Traceback" not in text
        assert not set(text) & {"\x1b", "\x9b", "\x07", "\u202e", "\x85"}
        assert not any(line.lstrip().startswith("::") for line in text.splitlines())
    if not out.exists() or not list(out.iterdir()):
        assert code == ExitCode.NOT_JUDGED
        assert printed.err.count("\n") == 1
        return
    check_artefacts(out)
    events = list(read(out / "run.ndjson"))
    assert isinstance(events[-1], RunFinished)
    defects = [e.text for e in events if isinstance(e, NoteMade) and "defect" in e.text]
    assert defects == []
    if mode in BOUNDS and proper == 3:
        rule, clause = BOUNDS[mode]
        found = [e.finding for e in events if isinstance(e, FindingMade)]
        assert (rule, True) in {(f.check, clause in f.clause) for f in found}


WATCHED = """
import pathlib, sys
from conformance.cli import main
main(sys.argv[1:])
status = pathlib.Path("/proc/self/status").read_text().splitlines()
print(next(line.split()[1] for line in status if line.startswith("VmHWM:")))
"""
"""A command of ours that tells in the end how many KiB it held at most."""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells the peak of one program")
@pytest.mark.parametrize(
    "mode",
    [
        "as-wide-as-may-be",
        *(
            pytest.param(m, marks=SLOW)
            for m in ("wide", "big", "pour", "long-text", "deep-objects")
        ),
    ],
)
def test_memory_stays_within_bounds(mode: str, tmp_path: Path) -> None:
    with serving(mode) as server:
        command = [sys.executable, "-c", WATCHED, *arguments(server.url, tmp_path)]
        root = Path(__file__).parents[2]
        ended = subprocess.run(command, cwd=root, capture_output=True, timeout=60, check=True)  # noqa: S603 - our own command
    most = int(ended.stdout.split()[-1])
    assert most < 500 * 1024
