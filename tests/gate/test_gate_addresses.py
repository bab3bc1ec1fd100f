"""Documents at addresses: read, followed only where that is allowed, and never waited for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from conformance.cli import main
from conformance.gate import documents


def _document(greatest: int) -> dict[str, Any]:
    number = {"type": "integer", "maximum": greatest}
    answers = {"200": {"description": "done"}}
    body = {"required": True, "content": {"application/json": {"schema": number}}}
    paths = {"/a": {"post": {"requestBody": body, "responses": answers}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}


def _split(reference: str) -> dict[str, Any]:
    document = _document(0)
    media = document["paths"]["/a"]["post"]["requestBody"]["content"]["application/json"]
    media["schema"] = {"$ref": reference}
    return document


PAGES: dict[str, Any] = {
    "/base.json": _document(9),
    "/head.json": _document(5),
    "/split.json": _split("parts/number.json#/Number"),
    "/parts/number.json": {"Number": {"type": "integer", "maximum": 5}},
    "/astray.json": _split("file:///etc/hostname"),
    "/revision.json": _split("git:HEAD:parts/number.json"),
    "/lost.json": _split("parts/nowhere.json"),
}


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/moved.json":
            self.send_response(302)
            self.send_header("Location", "/base.json")
            self.end_headers()
            return
        page = PAGES.get(self.path)
        self.send_response(200 if page or self.path in {"/drip", "/endless"} else 404)
        self.end_headers()
        try:
            self._answer(page)
        except OSError:
            self.close_connection = True

    def _answer(self, page: Any) -> None:
        if self.path == "/endless":
            while True:
                self.wfile.write(b" " * 2**20)
        while self.path == "/drip":
            self.wfile.write(b" ")
            time.sleep(0.05)
        self.wfile.write(json.dumps(page).encode() if page else b"no such page")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as http.server has it
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def _gate(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["gate", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_two_addresses_are_compared(site: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = _gate(capsys, f"{site}/base.json", f"{site}/head.json")
    assert code == 1
    assert "CHANGE-607 maximum  POST /a  breaking" in out


def test_an_address_that_has_moved_is_followed(
    site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = _gate(capsys, f"{site}/moved.json", f"{site}/base.json")
    assert code == 0
    assert "no change" in out


def test_references_between_addresses_are_followed_when_that_is_allowed(
    site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = _gate(capsys, f"{site}/base.json", f"{site}/split.json")
    assert code == 3
    assert "--follow-refs" in err
    code, out, _ = _gate(capsys, f"{site}/base.json", f"{site}/split.json", "--follow-refs")
    assert code == 1
    assert "CHANGE-607 maximum  POST /a  breaking" in out


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("nowhere.json", "status 404"),
        ("lost.json", "status 404"),
        ("astray.json", "file:///etc/hostname"),
        ("revision.json", "expected references to other addresses"),
        ("endless", "at most 16 MiB"),
    ],
)
def test_what_an_address_does_not_have_is_told_in_one_sentence(
    site: str, capsys: pytest.CaptureFixture[str], page: str, told: str
) -> None:
    code, _, err = _gate(capsys, f"{site}/base.json", f"{site}/{page}", "--follow-refs")
    assert code == 3
    assert told in err
    assert "Traceback" not in err


def test_an_address_that_answers_for_ever_is_not_waited_for(
    site: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "SECONDS", 1)
    code, _, err = _gate(capsys, f"{site}/base.json", f"{site}/drip")
    assert code == 3
    assert "no end of the answer in 1 seconds" in err


def test_nobody_at_an_address_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = _gate(capsys, "http://127.0.0.1:9/a.json", "http://127.0.0.1:9/a.json")
    assert code == 3
    assert "127.0.0.1:9" in err
