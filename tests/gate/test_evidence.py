"""Recorded exchanges, and what clients are known to do, weigh a change."""

# ruff: noqa: E501  # recordings and documents, read across
from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.gate.clients import tables
from conformance.mock import ionq, running
from conformance.spec import reading

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "specs/ionq/v0.4/openapi.yaml"


def gate(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    main(["gate", *map(str, arguments), "--format", "json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def har(path: Path, entries: list[tuple[str, str, Any, int, Any]]) -> Path:
    """Write a HAR file of (method, path, body, status, answer)."""
    listed = []
    for method, target, body, status, answer in entries:
        headers = [{"name": "Content-Type", "value": "application/json"}]
        request: dict[str, Any] = {"method": method, "url": f"https://api.ionq.co/v0.4{target}", "httpVersion": "HTTP/1.1", "headers": headers, "queryString": [], "cookies": [], "headersSize": -1, "bodySize": -1}  # fmt: skip
        if body is not None:
            request["postData"] = {"mimeType": "application/json", "text": json.dumps(body)}
        content = {"size": 1, "mimeType": "application/json", "text": json.dumps(answer)}
        response = {"status": status, "statusText": "", "httpVersion": "HTTP/1.1", "headers": headers, "cookies": [], "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1}  # fmt: skip
        listed.append({"startedDateTime": "2026-11-21T00:00:00Z", "time": 1, "request": request, "response": response, "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0}})  # fmt: skip
    log = {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": listed}
    path.write_text(json.dumps({"log": log}), "utf-8")
    return path


def job(shots: int) -> dict[str, Any]:
    circuit = {"gateset": "qis", "circuit": [{"gate": "h", "target": 0}]}
    return {"type": "ionq.circuit.v1", "backend": "simulator", "shots": shots, "input": circuit}


@pytest.fixture
def fewer(tmp_path: Path) -> Path:
    head = tmp_path / "head.yaml"
    head.write_text(
        OURS.read_text("utf-8").replace("maximum: 1000000", "maximum: 5000", 1), "utf-8"
    )
    return head


def test_traffic_says_which_recorded_requests_the_new_document_refuses(
    tmp_path: Path, fewer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {"id": "a", "status": "ready", "session_id": None}
    entries = [("POST", "/jobs", job(n), 201, made) for n in (100, 6000, 9000)]
    recording = har(tmp_path / "a.har", [*entries, ("GET", "/nowhere", None, 404, {})])
    found = gate(capsys, OURS, fewer, "--traffic", recording)
    (change,) = found["changes"]
    texts = [each["text"] for each in change["evidence"]]
    assert "operation used 3 times" in texts
    assert "3 of 3 recorded bodies have shots" in texts
    assert any(text.startswith("the head refuses 2 recorded requests") for text in texts)
    assert "4 exchanges, 1 of no operation" in found["notes"][0]


def test_traffic_that_the_new_document_accepts_is_no_refusal(
    tmp_path: Path, fewer: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = {"id": "a", "status": "ready", "session_id": None}
    recording = har(tmp_path / "a.har", [("POST", "/jobs", job(10), 201, made)])
    found = gate(capsys, OURS, fewer, "--traffic", recording)
    assert "refuses 0 requests and 0 responses" in found["notes"][0]
    assert not any("refuses" in e["text"] for c in found["changes"] for e in c["evidence"])


def test_a_removed_property_that_a_client_reads_is_breaking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = tmp_path / "head.yaml"
    stats = "    CircuitJobStats:\n      type: object\n      properties:\n        qubits: {type: integer, format: int32}\n"
    text = OURS.read_text("utf-8")
    assert stats in text
    head.write_text(text.replace(stats, stats.rsplit("        qubits", 1)[0]), "utf-8")
    assert {c["verdict"] for c in gate(capsys, OURS, head)["changes"]} == {"risky"}
    (change,) = gate(capsys, OURS, head, "--clients")["changes"]
    assert change["verdict"] == "breaking"
    assert change["witness"]["accepted_by"] == "head"
    assert [(e["source"].split()[0], e["text"]) for e in change["evidence"]] == [
        ("qiskit-ionq", "reads stats/qubits")
    ]


def test_a_client_that_does_not_send_what_is_newly_required_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = reading.read_document(OURS)
    circuit = document["components"]["schemas"]["QisCircuitInput"]
    circuit["properties"]["mode"] = {"type": "string"}
    circuit["required"].append("mode")
    head = tmp_path / "head.json"
    head.write_text(json.dumps(document), "utf-8")
    found = gate(capsys, OURS, head, "--clients")["changes"]
    (change,) = (c for c in found if c["where"] == "request.body/input/mode")
    assert [e["text"] for e in change["evidence"]] == ["sends input without mode"]


@pytest.mark.parametrize("provider", ["ibm", "ionq", "scaleway"])
def test_the_table_of_clients_names_versions_and_operations_of_the_document(provider: str) -> None:
    (table,) = (each for each in tables() if each.provider == provider)
    (document,) = ROOT.glob(f"specs/{provider}/*/openapi.yaml")
    paths = reading.read_document(document)["paths"]
    operations = {f"{m.upper()} {p}" for p, item in paths.items() for m in item}
    assert {entry["operation"] for entry in table.entries} <= operations
    assert all(entry["sends"] or entry["reads"] for entry in table.entries)
    assert table.hosts


def test_every_client_of_the_matrix_but_the_thin_ones_is_measured() -> None:
    clients = {name.rpartition(" ")[0] for table in tables() for name in table.names}
    assert clients == {
        "ionq-core", "qiskit-ibm-runtime", "qiskit-ionq", "scaleway", "scaleway-qaas-client",
    }  # fmt: skip


IBM = ROOT / "specs/ibm/v1/openapi.yaml"
SCALEWAY = ROOT / "specs/scaleway/v1alpha1/openapi.yaml"


@pytest.mark.parametrize(
    ("document", "operation", "schema", "member", "expected"),
    [
        (IBM, "GET /v1/sessions/{id}", "session", "max_ttl", {"qiskit-ibm-runtime"}),
        (SCALEWAY, "GET /qaas/v1alpha1/jobs/{job_id}", "Job", "result_distribution", {"scaleway", "scaleway-qaas-client"}),
    ],
)  # fmt: skip
def test_the_clients_are_those_of_the_api_that_the_document_describes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    document: Path,
    operation: str,
    schema: str,
    member: str,
    expected: set[str],
) -> None:
    base = reading.read_document(document)
    head = copy.deepcopy(base)
    _drop(head, member)
    after = tmp_path / f"{schema}.json"
    after.write_text(json.dumps(head), "utf-8")
    found = gate(capsys, document, after, "--clients")
    readers = {
        e["source"].rpartition(" ")[0]
        for c in found["changes"]
        if c["operation"] == operation and c["where"].endswith(f"/{member}")
        for e in c["evidence"]
    }
    assert readers == expected
    assert any(note.startswith("clients of") for note in found["notes"])


def _drop(value: Any, member: str) -> None:
    """Take a property out of every schema that has it."""
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict):
            value["properties"].pop(member, None)
        if isinstance(value.get("required"), list) and member in value["required"]:
            value["required"].remove(member)
        for part in value.values():
            _drop(part, member)
    elif isinstance(value, list):
        for part in value:
            _drop(part, member)


def _small(paths: list[str], host: str) -> dict[str, Any]:
    answer = {
        "description": "",
        "content": {
            "application/json": {
                "schema": {"type": "object", "properties": {"status": {"type": "string"}}}
            }
        },
    }
    return {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "servers": [{"url": f"https://{host}/v1"}],
        "paths": {path: {"get": {"responses": {"200": answer}}} for path in paths},
    }


@pytest.mark.parametrize(
    ("host", "arguments", "told"),
    [
        ("example.com", [], "no bundled table is of this API"),
        ("example.com", ["--provider", "ionq"], "clients of ionq: qiskit-ionq"),
        ("api.ionq.co", [], "clients of ionq: qiskit-ionq"),
    ],
)
def test_a_stranger_with_a_path_of_the_same_name_is_nobody_s_api(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], host: str, arguments: list[str], told: str
) -> None:
    document = tmp_path / "a.json"
    document.write_text(json.dumps(_small(["/jobs"], host)), "utf-8")
    assert told in gate(capsys, document, document, "--clients", *arguments)["notes"][0]


def test_a_provider_without_a_table_is_refused_with_those_that_have_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["gate", str(IBM), str(IBM), "--clients", "--provider", "imb"]) == 2
    assert "'ibm'" in capsys.readouterr().err


def test_a_recording_keeps_breaks_or_leaves_untested_what_the_base_promises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fine = {"id": "a", "status": "ready", "session_id": None}
    entries = [
        ("POST", "/jobs", job(1), 201, fine),
        ("GET", "/sessions", None, 200, {"organization_id": "o", "sessions": "none"}),
        ("GET", "/whoami", None, 204, None),
    ]
    recording = har(tmp_path / "a.har", entries)
    found = gate(capsys, OURS, OURS, "--traffic", recording, "--replay-promises")
    states = {(p["operation"], p["status"]): p["state"] for p in found["promises"]}
    assert states["POST /jobs", "201"] == "kept"
    assert states["GET /sessions", "200"] == "broken"
    assert states["GET /whoami", "204"] == "broken"
    assert states["GET /jobs", "200"] == "not tested"
    assert (found["verdict"], found["exit_code"]) == ("failed", 1)


def test_a_service_is_judged_by_what_the_base_promises(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    promising = tmp_path / "base.yaml"
    text = OURS.read_text("utf-8")
    old = "enum: [submitted, ready, started, canceled, failed, completed]"
    assert old in text
    promising.write_text(text.replace(old, "enum: [submitted, ready]"), "utf-8")
    with running(ionq.app(seed=1)) as served:
        monkeypatch.setenv("QCONFORM_API_KEY", served.keys[0])
        found = gate(capsys, promising, promising, "--target", served.url)
    states = {(p["operation"], p["status"]): p["state"] for p in found["promises"]}
    assert states["POST /jobs", "201"] in {"kept", "broken"}
    assert states["GET /jobs/{UUID}", "200"] == "broken"
    assert "kept" in states.values()
    assert "not tested" in states.values()
    assert (found["verdict"], found["exit_code"]) == ("failed", 1)
