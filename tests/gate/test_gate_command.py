"""`qconform gate` as a user and a CI system meet it."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from conformance import resources
from conformance.cli import main
from conformance.gate.output import FORMATS

BASE = """\
openapi: 3.0.3
info: {title: Jobs, version: '1'}
paths:
  /jobs:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [shots]
              properties:
                shots:
                  type: integer
                  minimum: 1
                  maximum: 1000
                note: {type: string}
      responses:
        '201':
          description: made
          content:
            application/json:
              schema:
                type: object
                properties:
                  status: {type: string, enum: [ready, done]}
                  cost: {type: number}
"""
FEWER = BASE.replace("maximum: 1000", "maximum: 500")
LINE = 1 + BASE.splitlines().index("                  maximum: 1000")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "base.yaml").write_text(BASE, "utf-8")
    (tmp_path / "fewer.yaml").write_text(FEWER, "utf-8")
    (tmp_path / "less.yaml").write_text(BASE.replace("cost: {type", "price: {type"), "utf-8")
    return tmp_path


def gate(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["gate", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def report(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gate(capsys, *arguments, "--format", "json")[1])
    return found


def test_no_change_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = gate(capsys, "base.yaml", "base.yaml")
    assert (code, err) == (0, "")
    assert "passed: no change" in out


def test_a_break_exits_1_and_shows_its_witness_and_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = gate(capsys, "base.yaml", "fewer.yaml")
    assert code == 1
    assert "CHANGE-607 maximum  POST /jobs  breaking" in out
    assert '"shots": 501' in out
    assert f"fewer.yaml:{LINE}" in out
    assert out.splitlines()[-1].startswith("failed: 1 breaking")


def test_fail_on_moves_the_bar(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate(capsys, "base.yaml", "less.yaml")[0] == 0
    assert gate(capsys, "base.yaml", "less.yaml", "--fail-on", "risky")[0] == 1
    assert gate(capsys, "base.yaml", "fewer.yaml", "--fail-on", "never")[0] == 0
    assert gate(capsys, "fewer.yaml", "base.yaml", "--fail-on", "risky")[0] == 0
    assert gate(capsys, "fewer.yaml", "base.yaml", "--fail-on", "compatible")[0] == 1


def test_a_convention_may_be_set_otherwise(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    more = folder / "more.yaml"
    more.write_text(BASE.replace("[ready, done]", "[ready, done, lost]"), "utf-8")
    assert gate(capsys, "base.yaml", "more.yaml")[0] == 1
    setting = ("--set", "response-enum-value=risky")
    assert gate(capsys, "base.yaml", "more.yaml", *setting)[0] == 0
    code, _, err = gate(capsys, "base.yaml", "more.yaml", "--set", "response-enum-valu=risky")
    assert (code, "response-enum-value" in err) == (2, True)
    code, _, err = gate(capsys, "base.yaml", "more.yaml", "--set", "names=perhaps")
    assert (code, "breaking, risky or compatible" in err) == (2, True)


def test_the_conventions_are_listed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = gate(capsys, "--conventions")
    assert code == 0
    assert len(out.splitlines()) >= 30
    assert "undocumented-property" in out


def test_wrong_usage_is_2_and_an_unreadable_document_3(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate(capsys, "base.yaml")[0] == 2
    code, _, err = gate(capsys, "base.yaml", "nowhere.yaml")
    assert (code, "nowhere.yaml" in err) == (3, True)


def test_every_format_is_written_and_the_json_keeps_to_its_schema(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = json.loads((resources.folder("reports") / "schema/gate.schema.json").read_text())
    for head in ("base.yaml", "fewer.yaml", "less.yaml"):
        jsonschema.Draft202012Validator(schema).validate(report(capsys, "base.yaml", head))
    gate(capsys, "base.yaml", "fewer.yaml", "--out", "out")
    names = {path.name for path in (folder / "out").iterdir()}
    assert names == {"gate.txt", "gate.json", "gate.md", "gate.sarif", "gate.xml", "gate.html"}
    assert set(FORMATS) == {"text", "json", "markdown", "github", "sarif", "junit", "html"}


def test_the_schema_demands_a_witness_of_every_break(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    schema = json.loads((resources.folder("reports") / "schema/gate.schema.json").read_text())
    found = report(capsys, "base.yaml", "fewer.yaml")
    found["changes"][0]["witness"] = None
    assert not jsonschema.Draft202012Validator(schema).is_valid(found)


def test_a_waiver_accepts_a_change_until_its_day(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fingerprint = report(capsys, "base.yaml", "fewer.yaml")["changes"][0]["fingerprint"]
    (folder / "qconform.toml").write_text(
        f'[[waiver]]\nfingerprint = "{fingerprint[:8]}"\nreason = "told everybody"\n'
        'owner = "ann"\nexpires = 2027-01-31\n'
        '[[waiver]]\nfingerprint = "0000000000000000"\nreason = "old"\n',
        "utf-8",
    )
    code, out, _ = gate(capsys, "base.yaml", "fewer.yaml", "--today", "2027-01-31")
    assert code == 0
    assert "breaking (accepted)" in out
    assert "covers nothing: 0000000000000000 (old)" in out
    code, out, _ = gate(capsys, "base.yaml", "fewer.yaml", "--today", "2027-02-01")
    assert code == 1
    assert "expired on 2027-01-31" in out


def test_a_waiver_may_stand_in_pyproject(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fingerprint = report(capsys, "base.yaml", "fewer.yaml")["changes"][0]["fingerprint"]
    (folder / "pyproject.toml").write_text(
        f'[[tool.qconform.waiver]]\nfingerprint = "{fingerprint}"\nreason = "told everybody"\n',
        "utf-8",
    )
    code, out, _ = gate(capsys, "base.yaml", "fewer.yaml")
    assert code == 0
    assert "breaking (accepted)" in out


@pytest.mark.parametrize(
    "text",
    ['[[waiver]]\nreason = "x"\n', '[[waiver]]\nfingerprint = "abcdefgh"\n', "[waiver]\na = 1\n",
     '[[waiver]]\nfingerprint = "abcdefgh"\nreason = "x"\nexpires = "soon"\n', "not toml"],
)  # fmt: skip
def test_a_broken_waiver_is_told(
    text: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "waivers.toml").write_text(text, "utf-8")
    code, _, err = gate(capsys, "base.yaml", "base.yaml", "--waivers", "waivers.toml")
    assert code == 2
    assert "waivers.toml" in err
    assert "expected" in err


def test_a_fingerprint_survives_descriptions_and_order_and_other_changes(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = report(capsys, "base.yaml", "fewer.yaml")["changes"][0]["fingerprint"]
    text = FEWER.replace("title: Jobs", "title: Tasks").replace(
        "description: made", "description: x"
    )
    other = folder / "other.yaml"
    other.write_text(text.replace("note: {type: string}", "note: {type: integer}"), "utf-8")
    assert first in {c["fingerprint"] for c in report(capsys, "base.yaml", "other.yaml")["changes"]}


def test_revisions_of_git_can_be_compared(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "EMAIL"):
        monkeypatch.setenv(name, "a@example.com")
    for command in (["init", "-q"], ["add", "base.yaml"], ["commit", "-qm", "one"]):
        subprocess.run(["git", *command], check=True, cwd=folder)  # noqa: S603, S607  # the test's own
    (folder / "base.yaml").write_text(FEWER, "utf-8")
    assert gate(capsys, "git:HEAD:base.yaml", "base.yaml")[0] == 1
    assert gate(capsys, "git:HEAD:base.yaml", "git:HEAD:base.yaml")[0] == 0
    code, _, err = gate(capsys, "git:HEAD:nowhere.yaml", "base.yaml")
    assert code == 3
    assert "nowhere.yaml" in err


def test_an_overlay_is_part_of_the_document(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "overlay.yaml").write_text(
        "overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions:\n"
        "- target: $.paths['/jobs'].post\n  update: {security: [{}, {key: []}]}\n"
        "- target: $.paths['/jobs'].post.responses['201']\n  remove: true\n",
        "utf-8",
    )
    code, out, _ = gate(capsys, "base.yaml", "base.yaml", "--head-overlay", "overlay.yaml")
    assert code == 1
    assert "response-status-removed" in out


def test_annotations_stand_at_the_changed_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = gate(capsys, "base.yaml", "fewer.yaml", "--format", "github")
    first = out.splitlines()[0]
    assert first.startswith(f"::error file=fewer.yaml,line={LINE},title=breaking%3A CHANGE-607")


def test_sarif_and_junit_hold_every_change(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = json.loads(gate(capsys, "base.yaml", "fewer.yaml", "--format", "sarif")[1])
    found = log["runs"][0]["results"]
    assert [(r["ruleId"], r["level"]) for r in found] == [("CHANGE-607", "error")]
    place = found[0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "fewer.yaml"
    assert place["region"]["startLine"] == LINE
    tree = ET.fromstring(gate(capsys, "base.yaml", "fewer.yaml", "--format", "junit")[1])  # noqa: S314  # our own output
    assert [case.get("classname") for case in tree.iter("testcase")] == ["CHANGE-607 maximum"]
    assert len(list(tree.iter("failure"))) == 1


def test_an_html_page_fetches_nothing_and_escapes_everything(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    evil = folder / "evil.yaml"
    evil.write_text(FEWER.replace("title: Jobs", "title: '<script>alert(1)</script>'"), "utf-8")
    _, out, _ = gate(capsys, "base.yaml", "evil.yaml", "--format", "html")
    assert "<script" not in out
    assert "src=" not in out
    assert "http://" not in out
    assert "&lt;script&gt;" in out


def test_sunset_grace_and_stability_are_conventions(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    soon = BASE.replace(
        "    post:\n", "    post:\n      deprecated: true\n      x-sunset: '2026-12-01'\n"
    )
    (folder / "soon.yaml").write_text(soon, "utf-8")
    options = ("--today", "2026-11-21", "--fail-on", "risky")
    assert gate(capsys, "base.yaml", "soon.yaml", *options)[0] == 0
    assert gate(capsys, "base.yaml", "soon.yaml", *options, "--grace-days", 90)[0] == 1
    draft = BASE.replace("    post:\n", "    post:\n      x-stability-level: draft\n")
    (folder / "draft.yaml").write_text(draft, "utf-8")
    (folder / "draft2.yaml").write_text(draft.replace("maximum: 1000", "maximum: 5"), "utf-8")
    assert gate(capsys, "draft.yaml", "draft2.yaml")[0] == 0


def test_two_runs_say_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [report(capsys, "base.yaml", "fewer.yaml") for _ in range(2)]
    for run in runs:
        del run["seconds"]
    assert runs[0] == runs[1]


def test_a_new_webhook_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hooks = "webhooks: {done: {post: {responses: {'200': {description: thanks}}}}}\n"
    (folder / "hooks.yaml").write_text(BASE + hooks, "utf-8")
    code, out, _ = gate(capsys, "base.yaml", "hooks.yaml")
    assert code == 0
    assert "call-added  webhook done POST" in out
    assert "webhook" not in gate(capsys, "hooks.yaml", "hooks.yaml")[1]
