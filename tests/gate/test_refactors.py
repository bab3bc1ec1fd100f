"""The same API written otherwise is the same API."""

# ruff: noqa: E501  # schemas are tables, read across; a schema may be a boolean
from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from refactors import REWRITES, Rewrite, path_parameters_renamed

from conformance.gate import Source, Verdict, compare, game
from conformance.spec import reading

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "specs/ionq/v0.4/openapi.yaml"
PUBLISHED = ROOT.parent / "shared/upstream/ionq/openapi.yml"
SCALEWAY = ROOT.parent / "shared/upstream/scaleway/scaleway.qaas.v1alpha1.Api.yml"
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module", params=[OURS, PUBLISHED], ids=["ours", "published"])
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    if not request.param.exists():
        pytest.skip("the published document is not beside the checkout")
    return reading.read_document(request.param)


def changes(base: dict[str, Any], head: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    ones, others = (Source(document=d, name=n) for d, n in ((base, "base"), (head, "head")))
    found = compare(ones, others, game(), today=TODAY).changes
    return [(str(c.verdict), c.rule, c.operation, c.where) for c in found]


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda rewrite: rewrite.__name__)
def test_a_rewrite_that_accepts_the_same_values_is_no_change(
    document: dict[str, Any], rewrite: Rewrite
) -> None:
    rewritten = rewrite(document)
    assert changes(document, rewritten) == []
    assert changes(rewritten, document) == []


def test_the_name_of_a_path_parameter_is_part_of_no_message(document: dict[str, Any]) -> None:
    found = changes(document, path_parameters_renamed(document))
    assert {(verdict, rule) for verdict, rule, _, _ in found} == {
        (Verdict.COMPATIBLE, "path-parameter-name")
    }


def test_scaleways_document_written_otherwise_is_no_change() -> None:
    if not SCALEWAY.exists():
        pytest.skip("the published document is not beside the checkout")
    document = reading.read_document(SCALEWAY)
    for rewrite in REWRITES:
        if rewrite.__name__ not in {"as_openapi_31", "constants_for_single_values", "enums_split"}:
            assert changes(document, rewrite(document)) == [], rewrite.__name__


def _api(schema: dict[str, Any], version: str = "3.1.0") -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {
        "openapi": version,
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/a": {
                "post": {
                    "requestBody": {"required": True, "content": content},
                    "responses": {"200": {"description": "done", "content": content}},
                }
            }
        },
    }


SAME = [
    ({"type": "string", "format": "int32"}, {"type": "string"}),
    ({"type": "object", "if": {"required": ["a"]}}, {"type": "object"}),
    ({"type": "array", "unevaluatedItems": {"type": "string"}}, {"type": "array", "items": {"type": "string"}}),
    ({"type": ["string", "null"]}, {"anyOf": [{"type": "null"}, {"type": "string"}]}),
    ({"type": "integer", "minimum": 1}, {"type": "integer", "exclusiveMinimum": 0}),
    ({"type": "integer", "maximum": 2.5}, {"type": "integer", "maximum": 2}),
    ({"type": "number", "multipleOf": 1}, {"type": "integer"}),
    ({"type": "boolean"}, {"enum": [True, False]}),
    ({"const": "a"}, {"type": "string", "enum": ["a"]}),
    ({"anyOf": [{"type": "integer"}, {"type": "number"}]}, {"type": "number"}),
    ({"anyOf": [{"type": "string"}]}, {"type": "string"}),
    ({"anyOf": [{"anyOf": [{"type": "string"}]}, {"type": "null"}]}, {"type": ["null", "string"]}),
    ({"allOf": [{"minLength": 1}, {"maxLength": 3}], "type": "string"},
     {"type": "string", "minLength": 1, "maxLength": 3}),
    ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, {"type": ["string", "integer"]}),
    ({"type": "object", "properties": {"a": {}}, "additionalProperties": {}},
     {"type": "object", "properties": {"a": True}}),
    ({"type": "array", "items": {"type": "string"}, "minItems": 0}, {"type": "array", "items": {"type": "string"}, "uniqueItems": False}),
    ({"enum": ["a", "b"]}, {"anyOf": [{"const": "b"}, {"const": "a"}]}),
    ({"type": "string", "enum": ["a", 1, "b"]}, {"enum": ["b", "a"]}),
    ({"type": "integer", "format": "int32"},
     {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}),
    ({"type": "number", "format": "double"}, {"type": "number"}),
    ({"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"type": "string"}}}]},
     {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}),
    ({"type": "object", "properties": {"k": {"type": "string"}},
      "anyOf": [{"required": ["a"]}, {"required": ["b"]}]},
     {"anyOf": [
         {"type": "object", "properties": {"k": {"type": "string"}}, "required": ["b"]},
         {"type": "object", "properties": {"k": {"type": "string"}}, "required": ["a"]}]}),
    ({"not": {"type": "null"}},
     {"type": ["boolean", "number", "string", "array", "object"]}),
]  # fmt: skip
"""Pairs of schemas that accept the same values."""


@pytest.mark.parametrize("pair", SAME, ids=lambda pair: str(pair)[:60])
def test_two_ways_of_writing_a_set_of_values_are_one(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    one, other = map(_api, pair)
    assert changes(one, other) == []
    assert changes(other, one) == []


def test_null_of_30_and_null_of_31_are_the_same() -> None:
    old = _api({"type": "string", "nullable": True}, "3.0.3")
    assert changes(old, _api({"type": ["string", "null"]})) == []


def test_a_component_that_contains_itself_may_be_renamed_and_described_otherwise() -> None:
    def tree(name: str, text: str) -> dict[str, Any]:
        reference = {"$ref": f"#/components/schemas/{name}"}
        node = {
            "type": "object",
            "description": text,
            "required": ["value"],
            "properties": {
                "value": {"type": "integer"},
                "children": {"type": "array", "items": reference},
            },
        }
        return {**_api(reference), "components": {"schemas": {name: node}}}

    assert changes(tree("Node", "a"), tree("Node", "b")) == []
    assert changes(tree("Node", "a"), tree("Tree", "a")) == []


def test_a_change_inside_a_component_that_contains_itself_is_found_with_a_witness() -> None:
    def tree(least: int) -> dict[str, Any]:
        reference = {"$ref": "#/components/schemas/Node"}
        node = {
            "type": "object",
            "properties": {
                "value": {"type": "integer", "minimum": least},
                "children": {"type": "array", "items": reference},
            },
        }
        return {**_api(reference), "components": {"schemas": {"Node": node}}}

    found = changes(tree(0), tree(5))
    assert ("breaking", "minimum", "POST /a", "request.body/value") in found
