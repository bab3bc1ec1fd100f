"""`qconform run --record` and `qconform replay`, as their users meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conformance.cli import main
from conformance.errors import ExitCode
from conformance.mock.ionq.tenants import keys

SMALL = ("--profile", "smoke", "--suite", "lifecycle", "--operation", "GetJobCost", "--quiet")


def record(folder: Path, *arguments: str, name: str = "c.yaml") -> Path:
    path = folder / "made" / name
    main(["run", *SMALL, *arguments, "--out", str(folder / "run"), "--record", str(path)])
    return path


def replay(folder: Path, *arguments: str) -> int:
    return main(["replay", *arguments, "--out", str(folder / "replay")])


@pytest.mark.parametrize("name", ["c.yaml", "c.json"])
def test_a_clean_recording_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = record(tmp_path, name=name)
    capsys.readouterr()
    assert replay(tmp_path, str(path)) == ExitCode.OK
    printed = " ".join(capsys.readouterr().out.split())
    assert "target recorded in " in printed
    assert "0 findings" in printed
    names = {file.name for file in (tmp_path / "replay").iterdir()}
    assert names == {"run.ndjson", "report.html", "report.json", "junit.xml"}


def test_a_recorded_departure_is_found_again_without_the_service(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record(tmp_path, "--fault", "crash")
    capsys.readouterr()
    assert replay(tmp_path, str(path)) == ExitCode.VIOLATED
    printed = " ".join(capsys.readouterr().out.replace("\\\n", " ").split())
    assert "HTTP-001 no-server-error GET /jobs/{UUID}/cost violated" in printed
    assert '-H "Authorization: apiKey $QCONFORM_API_KEY"' in printed
    assert f"again qconform replay {path}" in printed


def test_the_log_of_a_run_is_a_recording_too(tmp_path: Path) -> None:
    record(tmp_path, "--fault", "crash")
    assert replay(tmp_path, str(tmp_path / "run")) == ExitCode.VIOLATED
    limited = ("--rule", "SCHEMA-001", "--operation", "GetJob")
    assert replay(tmp_path, str(tmp_path / "run" / "run.ndjson"), *limited) == ExitCode.OK


def test_a_replay_obeys_the_configuration_as_a_run_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = record(tmp_path, "--fault", "crash")
    assert replay(tmp_path, str(path)) == ExitCode.VIOLATED
    report = json.loads((tmp_path / "replay" / "report.json").read_text("utf-8"))
    prints = [finding["fingerprint"] for finding in report["findings"]]
    assert len(prints) == len(set(prints)) > 0
    monkeypatch.chdir(tmp_path)
    settings = tmp_path / "qconform.toml"
    settings.write_text('[severity]\n"HTTP" = "warning"\n"SCHEMA" = "warning"\n', "utf-8")
    assert replay(tmp_path, str(path)) == ExitCode.OK
    settings.write_text('ignore = ["HTTP", "SCHEMA"]\n', "utf-8")
    assert replay(tmp_path, str(path)) == ExitCode.OK
    assert replay(tmp_path, str(path), "--ignore", "PHYS") == ExitCode.VIOLATED
    waivers = [f"[[waiver]]\nfingerprint = '{p}'\nreason = 'known here'\n" for p in prints]
    settings.write_text("\n".join(waivers), "utf-8")
    capsys.readouterr()
    assert replay(tmp_path, str(path)) == ExitCode.OK
    assert "known here" in capsys.readouterr().out
    settings.write_text('selct = ["HTTP"]\n', "utf-8")
    assert replay(tmp_path, str(path)) == ExitCode.USAGE
    assert "select" in capsys.readouterr().err


def test_no_artefact_of_a_recorded_run_holds_a_key(tmp_path: Path) -> None:
    path = record(tmp_path, "--fault", "key-echoed")
    assert replay(tmp_path, str(path), "--format", "json") == ExitCode.OK
    artefacts = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert len(artefacts) == 9
    for file in artefacts:
        content = file.read_bytes()
        assert not [key for key in keys() if key.encode() in content], file.name


def test_keys_that_a_recorder_left_in_are_in_no_artefact_of_a_replay(tmp_path: Path) -> None:
    request = {
        "method": "POST",
        "uri": "https://api.ionq.co/v0.4/jobs?token=url-token&key=s3cret-of-ours",
        "headers": {"Authorization": ["apiKey s3cret-of-ours"]},
        "body": '{"api_credentials": {"a": "solver-key"}, "x": "s3cret-of-ours", '
        '"secret": "hush-hush"}',
    }
    response = {
        "status": {"code": 400, "message": ""},
        "headers": {"content-type": ["application/json"]},
        "body": {"string": '{"statusCode": 400, "error": "e", "message": "s3cret-of-ours"}'},
    }
    told = {"version": 1, "interactions": [{"request": request, "response": response}]}
    path = tmp_path / "theirs.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert replay(tmp_path, str(path)) == ExitCode.VIOLATED
    for file in (tmp_path / "replay").iterdir():
        content = file.read_text("utf-8")
        assert "s3cret-of-ours" not in content
        for secret in ("hush-hush", "solver-key", "url-token"):
            assert secret not in content
    assert "ACCESS-005" in (tmp_path / "replay" / "report.json").read_text("utf-8")


def test_a_stale_recording_is_called_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = record(tmp_path)
    text = path.read_text("utf-8")
    start = text.index("digest: ") + len("digest: ")
    path.write_text(text[:start] + "0" * 64 + text[start + 64 :], encoding="utf-8")
    capsys.readouterr()
    assert replay(tmp_path, str(path)) == ExitCode.OK
    words = " ".join(capsys.readouterr().out.split())
    assert "c.yaml is stale: the document has changed since (000000000000, now" in words


@pytest.mark.parametrize(
    ("uri", "code"),
    [("https://elsewhere.example/jobs", 3), ("https://api.ionq.co/v0.4/nothing/here", 3)],
)
def test_a_recording_of_something_else_is_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], uri: str, code: int
) -> None:
    request: dict[str, object] = {"method": "GET", "uri": uri, "headers": {}}
    response = {"status": {"code": 500}, "headers": {}, "body": {"string": ""}}
    told = {"interactions": [{"request": request, "response": response}]}
    (tmp_path / "c.json").write_text(json.dumps(told), encoding="utf-8")
    assert replay(tmp_path, str(tmp_path / "c.json")) == code
    words = " ".join(capsys.readouterr().out.split())
    assert "1 of 1 exchanges were not judged: their requests are for no operation" in words


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["gone.yaml"], ExitCode.NOT_JUDGED, "gone.yaml: expected a run log, a cassette"),
        (["."], ExitCode.NOT_JUDGED, "expected files ending in .yaml"),
        (["c.yaml", "--rule", "NONE-1"], ExitCode.USAGE, "expected a rule, got 'NONE-1'"),
        (["c.yaml", "--operation", "GetJbo"], ExitCode.USAGE, "Did you mean 'GetJob'?"),
        ([], ExitCode.USAGE, "Missing argument"),
    ],
)
def test_wrong_usage_gets_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["replay", *arguments]) == code
    assert message in capsys.readouterr().err


def test_a_replay_does_not_overwrite_what_it_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(tmp_path)
    log = tmp_path / "run" / "run.ndjson"
    before = log.read_bytes()
    assert main(["replay", str(log), "--out", str(tmp_path / "run")]) == ExitCode.USAGE
    assert "Name another with --out." in capsys.readouterr().err
    assert log.read_bytes() == before


def test_a_recording_that_cannot_be_written_ends_the_run_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--out", str(tmp_path / "run")]
    assert main(["run", *SMALL, *out, "--record", "c.txt"]) == ExitCode.USAGE
    assert "expected a file ending in .yaml, .yml, .json, got 'c.txt'" in capsys.readouterr().err
    assert main(["run", *SMALL, *out, "--record", str(tmp_path)]) == ExitCode.USAGE
    assert not (tmp_path / "run").exists()
