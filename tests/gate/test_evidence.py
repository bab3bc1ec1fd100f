"""Recorded exchanges, and what clients are known to do, weigh a change."""

# ruff: noqa: E501  # recordings and documents, read across
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.gate.evidence import client_table
from conformance.mock import ionq, running

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


def test_the_table_of_clients_names_versions_and_operations_of_the_document() -> None:
    operations = {f"{m.upper()} {p}" for p, item in _paths().items() for m in item}
    table = client_table()
    assert {entry["name"].split()[0] for entry in table} >= {"qiskit-ionq", "ionq-core"}
    assert {entry["operation"] for entry in table} <= operations
    assert all(entry["sends"] or entry["reads"] for entry in table)


def _paths() -> dict[str, Any]:
    from conformance.spec import reading

    found: dict[str, Any] = reading.read_document(OURS)["paths"]
    return found


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
