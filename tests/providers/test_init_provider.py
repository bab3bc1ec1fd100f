"""`qconform init-provider` lays out a package that works, from any document, or says why not."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.errors import ExitCode
from conformance.providers import Provider
from conformance.providers.package import lay_out
from conformance.resources import folder
from conformance.spec import load_folder

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "own-provider" / "openapi.yaml"
TODAY = dt.date(2026, 11, 21)
ODD = {
    "openapi": "3.0.3",
    "info": {"title": 'An "odd" API\'s """title"""\n', "version": "2026.1 beta"},
    "security": [{"one": []}],
    "paths": {
        "/boxes": {
            "get": {
                "responses": {
                    "200": {
                        "description": "A bare list",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"type": "object", "properties": {"uuid": {}}},
                                }
                            }
                        },
                    }
                }
            }
        },
        "/boxes/{box}/o'clock/{hour}": {
            "parameters": [
                {"name": "box", "in": "path", "required": True, "schema": {"type": "string"}},
                {"name": "hour", "in": "path", "required": True, "schema": {"type": "integer"}},
            ],
            "put": {
                "requestBody": {
                    "content": {"application/json": {"example": {"text": "\"'\\\n", "nul": None}}}
                },
                "responses": {"200": {"description": "Done"}, "404": {"description": "Not"}},
            },
        },
    },
    "components": {"securitySchemes": {"one": {"type": "http", "scheme": "bearer"}}},
}
"""No operationIds, quotes everywhere, a list as an answer, two ids in a path."""


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def made(name: str, document: Any) -> Path:
    """Lay out a provider from `document`; return the folder of its module."""
    path = Path("document.json")
    path.write_text(json.dumps(document), "utf-8")
    lay_out(name, path, Path(name), today=TODAY)
    return Path(name) / f"qconform_{name}"


def imported(package: Path, monkeypatch: pytest.MonkeyPatch) -> Provider:
    monkeypatch.syspath_prepend(str(package.parent.resolve()))
    found = importlib.import_module(package.name).PROVIDER
    assert isinstance(found, Provider)
    return found


def test_an_odd_document_becomes_a_package_that_can_be_imported(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    package = made("odd", ODD)
    facts = imported(package, monkeypatch)
    assert facts.authorization("k") == ("Authorization", "Bearer k")
    assert facts.documents is not None
    contract = load_folder(facts.documents / "v2026.1-beta")
    assert {o.id for o in contract.operations} == {"getBoxes", "putBoxesByBoxOClockByHour"}
    assert all("4" in {status[0] for status in o.responses} for o in contract.operations)
    assert facts.probe == "getBoxes"
    assert facts.things is not None
    (box,) = facts.things.things
    assert (box.name, box.listing, box.member, box.field) == ("box", "getBoxes", "", "uuid")
    body = facts.things.bodies["putBoxesByBoxOClockByHour"]({})
    assert body == {"text": "\"'\\\n", "nul": None}


@pytest.mark.parametrize("given", sorted(folder("specs").glob("*/*/openapi.yaml")), ids=str)
def test_the_bundled_documents_become_packages_with_their_jobs_and_sessions(
    monkeypatch: pytest.MonkeyPatch, given: Path
) -> None:
    name = f"copy{given.parent.parent.name}"
    lay_out(name, given, Path(name), today=TODAY)
    facts = imported(Path(name) / f"qconform_{name}", monkeypatch)
    assert facts.documents is not None
    (version,) = facts.documents.iterdir()
    assert (version / "openapi.yaml").read_bytes() == given.read_bytes()
    assert facts.things is not None
    assert {thing.name for thing in facts.things.things} >= {"job", "session"}


def test_what_is_laid_out_is_formatted_and_has_no_loose_end() -> None:
    pytest.importorskip("ruff", reason="it formats")
    lay_out("tidy", EXAMPLE, Path("tidy"), today=TODAY)
    package = Path("tidy") / "qconform_tidy"
    for command in (["format", "--check"], ["check", "--select", "E,F,I,UP,B"]):
        words = [sys.executable, "-m", "ruff", *command, "--isolated", "--line-length", "100"]
        done = subprocess.run([*words, str(package)], capture_output=True, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    Path("document.json").write_text(json.dumps(ODD))
    Path("mine").mkdir()
    Path("mine/notes.txt").write_text("keep")
    assert main(["init-provider", "odd", "document.json", "--out", "mine"]) == ExitCode.USAGE
    assert "never overwritten" in capsys.readouterr().err
    assert [path.name for path in Path("mine").iterdir()] == ["notes.txt"]
    assert main(["init-provider", "odd", "document.json"]) == ExitCode.OK
    assert main(["init-provider", "odd", "document.json"]) == ExitCode.USAGE


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (None, "no such file"),
        ("[]", "a list"),
        ("{", "line 2"),
        ('{"swagger": "2.0"}', "Swagger 2.0"),
        ('{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": {}}', "operations"),
        (json.dumps({**ODD, "info": {"version": "1"}}), "title"),
        (json.dumps({**ODD, "paths": {"/x": {"get": {"responses": {}}}}}), "responses"),
        (json.dumps(ODD).replace('{"uuid": {}}', '{"a": {"$ref": "other.json#/x"}}'), "other.json"),
    ],
)
def test_a_document_that_will_not_do_is_named_and_leaves_nothing(
    capsys: pytest.CaptureFixture[str], text: str | None, word: str
) -> None:
    if text is not None:
        Path("document.json").write_text(text)
    before = sorted(Path().iterdir())
    assert main(["init-provider", "odd", "document.json"]) == ExitCode.NOT_JUDGED
    (line,) = capsys.readouterr().err.splitlines()
    assert "document.json" in line
    assert word in line
    assert sorted(Path().iterdir()) == before


@pytest.mark.parametrize("name", ["Acme", "a b", "../x", "1st", "a--b", "", "ibm"])
def test_a_name_that_cannot_be_is_refused(capsys: pytest.CaptureFixture[str], name: str) -> None:
    Path("document.json").write_text(json.dumps(ODD))
    assert main(["init-provider", name, "document.json"]) == ExitCode.USAGE
    assert re.search("NAME: expected", capsys.readouterr().err)
    assert [path.name for path in Path().iterdir()] == ["document.json"]
