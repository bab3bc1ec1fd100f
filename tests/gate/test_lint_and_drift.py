"""One document against itself, and a bundled one against the published."""

# ruff: noqa: E501, FBT003  # documents are tables, read across
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.gate.linting import RULES, lint

ROOT = Path(__file__).resolve().parents[2]
UPSTREAM = ROOT.parent / "shared/upstream"
OURS = ROOT / "specs/ionq/v0.4/openapi.yaml"


def document(schema: Any, version: str = "3.1.0", **operation: Any) -> dict[str, Any]:
    described = {
        "responses": {
            "200": {"description": "ok", "content": {"application/json": {"schema": schema}}},
            "400": {"description": "no"},
        },
        **operation,
    }
    info = {"title": "t", "version": "1"}
    return {"openapi": version, "info": info, "paths": {"/a": {"get": described}}}


def rules(found: dict[str, Any]) -> set[str]:
    return {problem.rule for problem in lint(found, "document")}


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("undefined-reference", document({"$ref": "#/components/schemas/Nobody"})),
    ("undefined-security-scheme", document(True, security=[{"nobody": []}])),
    ("unsatisfiable-schema", document({"type": "integer", "minimum": 5, "maximum": 1})),
    ("unsatisfiable-schema", document({"allOf": [{"type": "string"}, {"type": "integer"}]})),
    ("unsatisfiable-schema", document({"type": "object", "required": ["a"], "properties": {"b": {}}, "additionalProperties": False})),
    ("ambiguous-one-of", document({"oneOf": [{"type": "integer"}, {"type": "number"}]})),
    ("ambiguous-one-of", document({"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}]})),
    ("example-fails", document({"type": "integer", "example": "five"})),
    ("default-fails", document({"type": "integer", "maximum": 3, "default": 5})),
    ("enum-value-fails", document({"type": "string", "enum": ["a", 3]})),
    ("keyword-without-effect", document({"type": "string", "nullable": True})),
    ("keyword-without-effect", document({"allOf": [{"type": "string"}], "nullable": True}, "3.0.3")),
    ("required-undescribed", document({"type": "object", "required": ["a"], "properties": {"b": {}}})),
    ("no-client-error", document(True, responses={"200": {"description": "ok"}})),
    ("no-success", document(True, responses={"400": {"description": "no"}})),
    ("path-parameter", document(True, parameters=[{"name": "x", "in": "path", "required": True, "schema": {}}])),
    ("bad-pattern", document({"type": "string", "pattern": "(a"})),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "found"), WRONG, ids=[f"{r}-{n}" for n, (r, _) in enumerate(WRONG)])  # fmt: skip
def test_each_kind_of_contradiction_is_found(rule: str, found: dict[str, Any]) -> None:
    assert rule in rules(found)


def test_doubled_names_and_paths_are_found() -> None:
    found = document(True, operationId="get")
    found["paths"]["/{a}"] = {"get": {**found["paths"]["/a"]["get"], "parameters": [{"name": "a", "in": "path", "schema": {}}]}}  # fmt: skip
    found["paths"]["/{b}"] = {"get": {**found["paths"]["/a"]["get"], "parameters": [{"name": "b", "in": "path", "schema": {}}]}}  # fmt: skip
    assert {"duplicate-operation-id", "ambiguous-path"} <= rules(found)


def test_every_rule_of_lint_has_a_document_that_shows_it() -> None:
    shown = {rule for rule, _ in WRONG} | {"duplicate-operation-id", "ambiguous-path"}
    assert shown == set(RULES)


def test_a_sound_document_has_nothing_to_tell() -> None:
    schema = {
        "oneOf": [{"type": "string", "minLength": 1, "example": "a"}, {"type": "null"}],
        "default": None,
    }
    assert lint(document(schema), "document") == ()


def test_what_is_told_of_a_discriminated_one_of_is_a_value_that_fits_both(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["lint", str(OURS), "--format", "json"]) == 1
    problems = json.loads(capsys.readouterr().out)["problems"]
    (found,) = [p for p in problems if p["rule"] == "ambiguous-one-of"]
    assert json.loads(found["witness"]).keys() >= {"type", "data"}
    assert OURS.read_text("utf-8").splitlines()[found["line"] - 1].strip() == "oneOf:"


@pytest.mark.parametrize(
    ("file", "rule", "text"),
    [
        ("ibm/ibm-quantum-runtime-sessions-openapi.yml", "ambiguous-one-of", "interactive_ttl"),
        ("ibm/ibm-quantum-runtime-sessions-openapi.yml", "undefined-reference", "IBM-API-Version"),
        ("ibm/ibm-quantum-runtime-sessions-openapi.yml", "undefined-security-scheme", "IBMCloud"),
        ("scaleway/scaleway.qaas.v1alpha1.Api.yml", "keyword-without-effect", "3.1"),
    ],
)
def test_the_known_faults_of_published_documents_are_found(
    file: str, rule: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not (UPSTREAM / file).exists():
        pytest.skip("the published documents are not beside the checkout")
    main(["lint", str(UPSTREAM / file)])
    lines = [line for line in capsys.readouterr().out.splitlines() if f" {rule}: " in line]
    assert lines
    assert all(text in line for line in lines)


def test_the_bundled_document_has_not_drifted(capsys: pytest.CaptureFixture[str]) -> None:
    published = UPSTREAM / "ionq/openapi.yml"
    if not published.exists():
        pytest.skip("the published document is not beside the checkout")
    assert main(["drift", str(published)]) == 0
    assert "no change" in capsys.readouterr().out


def test_any_drift_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    newer = tmp_path / "newer.yaml"
    newer.write_text(OURS.read_text("utf-8").replace("deleted]", "deleted, gone]"), "utf-8")
    assert main(["drift", str(newer)]) == 1
    assert '"gone"' in capsys.readouterr().out
