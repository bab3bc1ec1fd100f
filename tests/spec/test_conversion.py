"""Schemas of OpenAPI 3.0 and 3.1 as JSON Schema 2020-12."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from conformance.errors import UnreadableDocument
from conformance.spec.conversion import Converter


def converter(version: str = "3.0.3", schemas: Any = None) -> Converter:
    return Converter({"openapi": version, "components": {"schemas": schemas or {}}}, "a.yaml")


def accepts(schema: Any, value: Any) -> bool:
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "nullable": True},
        {"type": "string", "enum": ["a"], "nullable": True},
        {"$ref": "#/components/schemas/Text", "nullable": True},
        {"allOf": [{"$ref": "#/components/schemas/Text"}], "nullable": True},
        {"type": "string", "allOf": [{"minLength": 1}], "nullable": True},
        {"anyOf": [{"type": "string"}], "nullable": True},
        {"nullable": True},
    ],
)
def test_nullable_admits_null_wherever_it_stands(schema: Any) -> None:
    converted = converter(schemas={"Text": {"type": "string"}}).convert(schema)
    assert accepts(converted, None)
    assert accepts(converted, "a")
    assert accepts(converted, 5) == (schema == {"nullable": True})


def test_without_nullable_null_is_refused() -> None:
    assert not accepts(converter().convert({"type": "string", "nullable": False}), None)


def test_exclusive_bounds_become_numbers() -> None:
    schema = {"minimum": 0, "exclusiveMinimum": True, "maximum": 1, "exclusiveMaximum": False}
    converted = converter().convert(schema)
    assert [accepts(converted, value) for value in (0, 0.5, 1)] == [False, True, True]


def test_only_reached_components_come_along_and_references_lead_to_them() -> None:
    schemas = {
        "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
        "B": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}},
        "C": {"type": "string"},
    }
    converted = converter(schemas=schemas).convert({"$ref": "#/components/schemas/A"})
    assert set(converted["$defs"]) == {"A", "B"}
    assert accepts(converted, {"b": {"a": {"b": {}}}})
    assert not accepts(converted, {"b": {"a": {"b": 5}}})


def test_a_reference_to_any_place_of_the_document_is_followed() -> None:
    schemas = {"A": {"properties": {"x/y": {"type": "integer"}}}}
    reference = "#/components/schemas/A/properties/x~1y"
    converted = converter(schemas=schemas).convert({"items": {"$ref": reference}})
    assert accepts(converted, [1])
    assert not accepts(converted, ["1"])


@pytest.mark.parametrize("reference", ["#/components/schemas/None", "other.yaml#/A", 5])
def test_a_reference_that_leads_nowhere_is_refused(reference: Any) -> None:
    with pytest.raises(UnreadableDocument, match=r"a\.yaml"):
        converter().convert({"$ref": reference})


def test_names_of_members_are_never_taken_for_keywords() -> None:
    names = ("example", "nullable", "discriminator", "description", "$ref", "x-note")
    schema = {"properties": {name: {"type": "integer"} for name in names}}
    converted = converter().convert(schema)
    for name in names:
        assert not accepts(converted, {name: "text"}), name


def test_prose_and_what_json_schema_does_not_know_are_left_out() -> None:
    schema = {"type": "string", "description": "d", "example": "e", "xml": {}, "x-note": 1}
    assert set(converter().convert(schema)) == {"$schema", "type"}


def test_formats_of_numbers_stay_as_annotations() -> None:
    converted = converter().convert({"type": "integer", "format": "int32"})
    assert converted["format"] == "int32"
    assert accepts(converted, 2**40)


def test_members_of_one_direction_are_required_in_that_direction_only() -> None:
    schema = {
        "required": ["id", "secret"],
        "properties": {"id": {"readOnly": True}, "secret": {"writeOnly": True}},
    }
    assert converter().convert(schema, "request")["required"] == ["secret"]
    assert converter().convert(schema, "response")["required"] == ["id"]


def test_openapi_3_1_is_json_schema_already() -> None:
    schema = {"type": ["string", "null"], "exclusiveMinimum": 3, "const": "a"}
    assert converter("3.1.0").convert(schema) == {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
    }


def test_boolean_schemas_keep_their_meaning() -> None:
    assert not accepts(converter("3.1.0").convert(False), 1)  # noqa: FBT003  # a schema
    assert accepts(converter("3.1.0").convert({"additionalProperties": True}), {"a": 1})
