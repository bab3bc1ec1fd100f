"""A recording served back over HTTP."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from conformance import resources, spec, traffic
from conformance.cli import main
from conformance.mock import running
from conformance.mock.recorded import RecordedMock

IONQ = spec.load("ionq")
CASSETTES = resources.folder("cassettes") / "ionq"


@contextlib.contextmanager
def served(name: str) -> Iterator[str]:
    exchanges = traffic.read(CASSETTES / f"{name}.yaml", IONQ)
    with running(RecordedMock(exchanges, IONQ.base_path)) as mock:
        yield mock.url


def test_what_was_recorded_is_answered_in_the_order_of_the_recording() -> None:
    with served("whole-life") as url:
        for exchange in traffic.read(CASSETTES / "whole-life.yaml", IONQ):
            request, response = exchange.case.request, exchange.response
            assert response is not None
            answer = requests.request(
                request.method, url + request.path, data=request.body, timeout=5
            )
            assert (answer.status_code, answer.content) == (response.status, response.body)
            label = response.header("content-type")
            assert answer.headers["content-type"] == label


def test_the_last_answer_stands() -> None:
    with served("backends") as url:
        answers = [requests.get(f"{url}/whoami", timeout=5).content for _ in range(3)]
    assert len(set(answers)) == 1


def test_order_in_objects_and_queries_is_free(tmp_path: Path) -> None:
    told = [
        one
        for one in traffic.read(CASSETTES / "wrong-session-0.yaml", IONQ)
        if one.case.request.method == "POST"
    ][:1]
    body = told[0].case.request.body
    turned = json.dumps(dict(reversed(json.loads(body).items())), indent=1).encode()
    with running(RecordedMock(told, IONQ.base_path)) as mock:
        answer = requests.post(f"{mock.url}/sessions", data=turned, timeout=5)
    assert told[0].response is not None
    assert answer.content == told[0].response.body


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("GET", "/nowhere", b"", "GET /nowhere (nothing at this path)"),
        ("PATCH", "/whoami", b"", "PATCH /whoami (only with GET)"),
        ("GET", "/whoami?x=1", b"", "GET /whoami?x=1 (only with another query)"),
        ("GET", "/whoami", b"{}", "GET /whoami (only with another body)"),
    ],
)
def test_what_was_not_recorded_is_told_to_be_so(
    method: str, path: str, body: bytes, message: str
) -> None:
    with served("backends") as url:
        answer = requests.request(method, url + path, data=body, timeout=5)
    assert answer.status_code == 404
    assert answer.json()["message"] == f"no such request was recorded: {message}"


def test_the_command_serves_a_folder() -> None:
    command = [sys.executable, "-m", "conformance", "mock", "--port", "0"]
    with subprocess.Popen(  # noqa: S603 - our own words
        [*command, "--from-cassette", str(CASSETTES)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        listening, recorded = process.stdout.readline(), process.stdout.readline()
        try:
            url = listening.split()[1]
            assert requests.get(f"{url}/backends", timeout=5).status_code == 200
        finally:
            process.terminate()
    assert re.search(r"recorded +\d+ requests in \d+ files; any key will do", recorded)
    assert process.returncode == 0


def test_a_file_that_is_no_recording_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.yaml").write_text("words", encoding="utf-8")
    assert main(["mock", "--from-cassette", str(tmp_path / "c.yaml")]) == 3
    assert "expected a mapping with recorded exchanges, got text" in capsys.readouterr().err
