"""Recorded exchanges in and out: our cassettes, run logs, and what other tools record."""

from __future__ import annotations

import base64
import gzip
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
import requests
import vcr  # type: ignore[import-untyped] # vcrpy has no types
import yaml
from recordings import BASE, ORIGIN, SEVERAL, exchange, har, har_entry, interaction, saved

from conformance import runlog, spec, traffic
from conformance.mock import running
from conformance.mock.ionq import app
from conformance.model import Credential, ExchangeRecorded, Request, Response, RunStarted
from conformance.traffic import UnreadableTraffic

IONQ = spec.load("ionq")


@pytest.mark.parametrize("name", ["c.yaml", "c.yml", "c.json"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str) -> None:
    traffic.write(tmp_path / name, SEVERAL, ORIGIN, base=BASE)
    back = sorted(traffic.read(tmp_path / name, IONQ), key=lambda one: one.number)
    assert back == list(SEVERAL)
    assert traffic.origin_of(tmp_path / name) == ORIGIN


@pytest.mark.parametrize("name", ["c.yaml", "c.json"])
def test_vcrpy_plays_our_cassettes_to_clients(tmp_path: Path, name: str) -> None:
    told = exchange("GetJob", "/jobs/j?x=1", b'{"id": "j", "name": "\xc3\xa9"}', number=2)
    traffic.write(tmp_path / name, [exchange(), told], ORIGIN, base=BASE)
    serializer = "json" if name.endswith("json") else "yaml"
    with vcr.use_cassette(str(tmp_path / name), serializer=serializer, record_mode="none"):
        assert requests.get(f"{BASE}/backends", timeout=5).json() == []
        answer = requests.get(f"{BASE}/jobs/j?x=1", timeout=5)
    assert answer.json() == {"id": "j", "name": "é"}
    assert answer.headers["content-type"] == "application/json"


def test_a_cassette_of_vcrpy_is_read(tmp_path: Path) -> None:
    path = tmp_path / "theirs.yaml"
    with running(app()) as mock, vcr.use_cassette(str(path)):
        headers = {"Authorization": f"apiKey {mock.keys[0]}"}
        requests.get(f"{mock.url}/backends", timeout=5)
        made = requests.post(
            f"{mock.url}/sessions", json={"backend": "qpu.forte-1"}, headers=headers, timeout=5
        )
    first, second = traffic.read(path, IONQ)
    assert [e.operation.id for e in (first, second) if e.operation] == [
        "getBackends",
        "CreateSession",
    ]
    assert [e.case.request.path for e in (first, second)] == ["/backends", "/sessions"]
    assert second.case.request.body == b'{"backend": "qpu.forte-1"}'
    assert second.response is not None
    assert second.response.json() == made.json()


def test_a_run_log_is_read(tmp_path: Path) -> None:
    long = exchange("GetJob", "/jobs/j", b'"' + b"x" * runlog.BODY_LIMIT + b'"', number=3)
    with runlog.Writer(tmp_path / "run.ndjson") as writer:
        writer.write(
            RunStarted(tool="0.1.0", provider="ionq", title="t", document="d", digest="e",
                       target="here", seed=1, profile="ci", suites=(), started="2026-01-01")
        )  # fmt: skip
        for one in (*SEVERAL[:2], long):
            writer.write(ExchangeRecorded(exchange=one))
    back = list(traffic.read(tmp_path / "run.ndjson", IONQ))
    assert back[:2] == list(SEVERAL[:2])
    assert back[2].response is None
    assert "only the beginning of the response" in back[2].detail
    origin = traffic.origin_of(tmp_path / "run.ndjson")
    assert origin is not None
    assert (origin.provider, origin.target, origin.digest) == ("ionq", "here", "e")


def test_a_har_file_is_read(tmp_path: Path) -> None:
    body = base64.b64encode(b'["a"]').decode()
    path = saved(
        tmp_path / "browser.har",
        har(
            har_entry(f"{BASE}/backends?status=available", {"text": body, "encoding": "base64"}),
            har_entry(f"{BASE}/jobs", {"text": "{}", "size": 2}, status=400, method="POST",
                      postData={"mimeType": "application/json", "text": '{"a": 1}'}),
            har_entry("https://elsewhere.example/logo.png", {"size": 4000}),
            har_entry(f"{BASE}/jobs", {}, status=0),
        ),
    )  # fmt: skip
    listed, created, other, blocked = traffic.read(path, IONQ)
    assert listed.response == Response(
        status=200, headers=(("Content-Type", "application/json"),), body=b'["a"]', elapsed=0.0125
    )
    assert listed.case.request == Request(method="GET", path="/backends?status=available")
    assert created.operation == IONQ.operation("CreateJob")
    assert created.case.request.body == b'{"a": 1}'
    assert (other.operation, other.response) == (None, None)
    assert "holds no body" in other.detail
    assert blocked.response is None


@pytest.mark.parametrize("options", [[], ["--report-preserve-bytes"]])
def test_reports_of_schemathesis_are_read(tmp_path: Path, options: list[str]) -> None:
    document = saved(tmp_path / "document.json", IONQ.document)
    reports = {kind: tmp_path / f"report.{kind}" for kind in ("vcr", "har")}
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", str(document), "--seed=1",
        "--include-operation-id=getBackends", "--include-operation-id=EstimateJobCost",
        "--include-operation-id=CreateSession", "--phases=fuzzing", "--max-examples=3",
        "--report=vcr,har", *(f"--report-{k}-path={p}" for k, p in reports.items()), *options,
    ]  # fmt: skip
    with running(app()) as mock:
        command += ["--url", mock.url, "--header", f"Authorization: apiKey {mock.keys[0]}"]
        subprocess.run(command, check=False, capture_output=True, timeout=120, cwd=tmp_path)  # noqa: S603 - our own words
    vcr_report, har_report = (list(traffic.read(path, IONQ)) for path in reports.values())
    assert [(e.case.request.path, e.case.request.body) for e in vcr_report] == [
        (e.case.request.path, e.case.request.body) for e in har_report
    ]
    assert {e.operation.id for e in vcr_report if e.operation} >= {"getBackends", "CreateSession"}
    for read in (vcr_report, har_report):
        assert {e.case.credential for e in read} == {Credential.FIRST, Credential.NONE}
        unkeyed = [e for e in read if e.case.credential is Credential.NONE]  # by its own checks
        assert not any(e.succeeded and e.operation and e.operation.authenticated for e in unkeyed)
        assert all(e.response is not None and e.response.json() for e in read)
        assert any(e.case.request.body[:1] == b"{" for e in read)


@pytest.mark.parametrize(
    ("encoding", "stored"),
    [
        ("gzip", gzip.compress(b'["plain"]', mtime=0)),
        ("deflate", zlib.compress(b'["plain"]')),
        ("deflate", zlib.compress(b'["plain"]')[2:-4]),
        ("gzip", b'["plain"]'),
    ],
)
def test_compressed_bodies_are_decompressed(tmp_path: Path, encoding: str, stored: bytes) -> None:
    told = interaction(f"{BASE}/backends", stored)
    told["response"]["headers"]["Content-Encoding"] = [encoding]
    path = saved(tmp_path / "c.yaml", yaml.dump({"version": 1, "interactions": [told]}))
    (back,) = traffic.read(path, IONQ)
    assert back.response is not None
    assert back.response.body == b'["plain"]'


def test_aliases_and_bodies_from_files_of_older_cassettes_are_read(tmp_path: Path) -> None:
    text = (
        "interactions:\n- request:\n    method: GET\n    uri: https://api.ionq.co/v0.4/backends\n"
        "    headers: {Accept: &a [x]}\n    body: !!python/object/new:_io.BytesIO\n"
        "      state: !!python/tuple [!!binary aGk=, 0, null]\n"
        "  response: {status: {code: 200, message: OK}, headers: {b: *a}, body: {string: '[]'}}\n"
    )
    (back,) = traffic.read(saved(tmp_path / "old.yaml", text), IONQ)
    assert back.case.request.body == b"hi"
    assert back.response is not None
    assert back.response.headers == (("b", "x"),)


def test_a_path_behind_a_gateway_is_found(tmp_path: Path) -> None:
    told = [
        interaction("http://localhost:1/ionq/v0.4/jobs/j"),
        interaction("http://localhost:1/jobs"),
    ]
    path = saved(tmp_path / "c.json", {"version": 1, "interactions": told})
    first, second = traffic.read(path, IONQ)
    assert first.operation == IONQ.operation("GetJob")
    assert first.case.request.path == "/jobs/j"
    assert second.operation == IONQ.operation("GetJobs")


def test_another_method_of_a_documented_path_is_for_its_operation(tmp_path: Path) -> None:
    told = interaction(f"{BASE}/backends")
    told["request"]["method"] = "patch"
    path = saved(tmp_path / "c.json", {"version": 1, "interactions": [told]})
    (back,) = traffic.read(path, IONQ)
    assert back.operation == IONQ.operation("getBackends")
    assert back.case.request.method == "PATCH"


def test_different_keys_are_different_accounts(tmp_path: Path) -> None:
    told = [interaction(f"{BASE}/jobs") for _ in range(3)]
    told[0]["request"]["headers"] = {"authorization": ["apiKey one"]}
    told[1]["request"]["headers"] = {"Authorization": "apiKey two"}
    path = saved(tmp_path / "c.json", {"version": 1, "interactions": told})
    whose = [e.case.credential for e in traffic.read(path, IONQ)]
    assert whose == [Credential.FIRST, Credential.SECOND, Credential.FIRST]


def test_a_folder_stands_for_the_recordings_in_it(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    wanted = [tmp_path / "a.yaml", tmp_path / "b" / "c.har"]
    for path in (*wanted, tmp_path / "README.md"):
        path.touch()
    assert traffic.files_in([tmp_path]) == wanted
    assert traffic.files_in([tmp_path / "README.md"]) == [tmp_path / "README.md"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableTraffic, match=r"expected files ending in .*, got no file"):
        traffic.files_in([tmp_path / "empty"])


def test_a_yaml_cassette_that_is_still_being_written_is_one(tmp_path: Path) -> None:
    writer = traffic.Writer(tmp_path / "c.yaml", ORIGIN, base=BASE)
    writer.write(SEVERAL[0])
    assert list(traffic.read(tmp_path / "c.yaml", IONQ)) == [SEVERAL[0]]
    with vcr.use_cassette(str(tmp_path / "c.yaml"), record_mode="none") as cassette:
        assert len(cassette) == 1
    writer.close()
