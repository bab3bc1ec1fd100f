"""The list of disagreements is complete, and every entry is real."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance import resources
from conformance.model import Schema
from conformance.spec import Proof, disagreements, load
from conformance.spec.comparing import Difference
from conformance.spec.conversion import Converter
from conformance.spec.disagreeing import disagreement_proofs, find_differences
from conformance.spec.judging import accepts
from conformance.spec.normative import read_bodies, read_disagreements, set_aside
from conformance.spec.reading import read_json

FOLDER = resources.folder("specs") / "ionq" / "v0.4"
CONTRACT = load("ionq")
CONVERTER = Converter(CONTRACT.document, CONTRACT.source)
BODIES = {body.component: body for body in read_bodies(FOLDER)}


def copied(tmp_path: Path) -> Path:
    folder = tmp_path / "ionq" / "v0.4"
    shutil.copytree(FOLDER, folder)
    return folder


def refuted(folder: Path) -> list[str]:
    return [proof.text for proof in disagreement_proofs(folder, CONTRACT) if not proof.holds]


def edit(folder: Path, change: Callable[[str], str]) -> None:
    path = folder / "disagreements.toml"
    before = path.read_text()
    after = change(before)
    assert after != before
    path.write_text(after)


def entry_of(text: str, pointer: str, keyword: str) -> str:
    wanted = f'pointer = "{pointer}"\nkeyword = "{keyword}"\n'
    return next(part for part in text.split("[[disagreement]]") if wanted in part)


def test_everything_that_the_folder_claims_is_proven(proofs: list[Proof]) -> None:
    assert [proof.text for proof in proofs if not proof.holds] == []
    areas = {"documents", "overlay", "provenance", "normative", "disagreements", "tolerances"}
    assert {proof.area for proof in proofs} == areas


def test_a_missing_entry_is_reported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, lambda t: t.replace("[[disagreement]]" + entry_of(t, "/status", "enum"), ""))
    assert refuted(folder) == [
        "schemas/backend.json and Backend differ in enum at /status, which is not listed"
    ]


def test_any_missing_entry_is_reported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = folder / "disagreements.toml"
    head, *parts = path.read_text().split("[[disagreement]]")
    for number, part in enumerate(parts[::16]):
        others = [p for p in parts if p is not part]
        path.write_text("[[disagreement]]".join([head, *others]))
        assert any("not listed" in text for text in refuted(folder)), number


def test_an_entry_for_something_both_say_is_reported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, lambda t: t.replace('pointer = "/last_updated"', 'pointer = "/location"'))
    assert [text.partition(",")[0] for text in refuted(folder)] == [
        "schemas/backend.json and Backend differ in format at /last_updated",
        "schemas/backend.json and Backend differ in format at /location: they agree there",
    ]


def test_an_entry_for_a_body_that_nothing_describes_is_reported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, lambda t: t.replace('["Backend"]', '["Backend", "Noise"]', 1))
    assert any("normative.toml has no such body" in text for text in refuted(folder))


def test_a_witness_that_shows_nothing_is_reported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, lambda t: t.replace("value = '\"sleeping\"'", "value = '\"available\"'"))
    assert len(refuted(folder)) == 1
    assert "the witness should be accepted by openapi only" in refuted(folder)[0]


def test_a_misquoted_document_is_reported(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    edit(folder, lambda t: t.replace("json_schema = '\"date-time\"'", "json_schema = '\"date\"'"))
    assert refuted(folder)[0].endswith('the JSON Schema says "date-time", not "date"')


def test_a_changed_json_schema_is_noticed(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    path = folder / "schemas" / "session.json"
    path.write_text(path.read_text().replace('"ended"]', '"ended", "lost"]'))
    assert refuted(folder) == [
        "schemas/session.json and Session differ in enum at /status, which is not listed"
    ]


def test_ids_are_never_bound_to_a_form() -> None:
    uuids = [entry for entry in disagreements("ionq") if entry.json_schema == '"uuid"']
    assert len(uuids) > 8
    assert {entry.binds for entry in uuids} == {"openapi"}


def differing(openapi: Any, json_schema: Any) -> set[tuple[str, str, str]]:
    found: list[Difference] = find_differences(openapi, json_schema)
    return {(difference.pointer, difference.keyword, difference.kind) for difference in found}


@pytest.mark.parametrize(
    ("openapi", "json_schema", "expected"),
    [
        ({"type": "string"}, {"type": "string"}, set()),
        ({"type": "string"}, {}, set()),
        ({"type": "string"}, {"type": "integer"}, {("", "type", "conflict")}),
        ({}, {"minimum": 1}, {("", "minimum", "refinement")}),
        ({"enum": ["a", None]}, {"enum": ["a"]}, set()),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}, {("", "enum", "conflict")}),
        ({"properties": {"a": {}}}, {"required": ["a"]}, {("/a", "required", "refinement")}),
        (
            {"additionalProperties": False},
            {"properties": {"a/b": {}}},
            {("/a~1b", "properties", "conflict")},
        ),
        ({}, {"additionalProperties": False}, {("", "additionalProperties", "refinement")}),
        ({"items": {"type": "string"}}, {"items": {"type": "null"}}, {("/*", "type", "conflict")}),
        (
            {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            {"type": "string", "format": "date"},
            {("", "type", "conflict")},
        ),
        (
            {
                "anyOf": [{"$ref": "#/$defs/A"}, {"properties": {"x": {"type": "integer"}}}],
                "$defs": {"A": {"properties": {"x": {"type": "string"}}}},
            },
            {"properties": {"x": {"type": "string"}}},
            {("/x", "type", "conflict")},
        ),
        ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, {"minimum": 1, "maximum": 2}, set()),
    ],
)
def test_two_schemas_are_compared_statement_by_statement(
    openapi: Any, json_schema: Any, expected: set[tuple[str, str, str]]
) -> None:
    assert differing(openapi, json_schema) == expected


JSON: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just([]) | st.just({})
)
SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "string": st.text(max_size=8),
}


def instances(schema: Any, known: Any) -> st.SearchStrategy[Any]:
    """Values of a schema, for the keywords that our components are made of."""
    if not isinstance(schema, dict) or not schema:
        return JSON
    if "$ref" in schema:
        return instances(known[schema["$ref"].removeprefix("#/$defs/")], known)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return st.one_of([instances(part, known) for part in schema["anyOf"]])
    types = schema.get("type", [])
    named = [types] if isinstance(types, str) else types
    return st.one_of([typed(name, schema, known) for name in named])


def typed(name: str, schema: Any, known: Any) -> st.SearchStrategy[Any]:
    if name == "string" and schema.get("format") == "date-time":
        return st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
    if name in SCALARS:
        return SCALARS[name]
    if name in {"integer", "number"}:
        return st.integers(schema.get("minimum", -3), schema.get("maximum", 2**40))
    if name == "array":
        return st.lists(instances(schema.get("items"), known), max_size=2)
    return objects(schema, known)


def objects(schema: Any, known: Any) -> st.SearchStrategy[Any]:
    members = {name: instances(part, known) for name, part in schema.get("properties", {}).items()}
    required = {name: members.pop(name, JSON) for name in schema.get("required", [])}
    listed = st.fixed_dictionaries(required, optional=members)
    extra = schema.get("additionalProperties", {})
    if extra is False:
        return listed
    described = {*required, *members}
    names = st.sampled_from(["input", "request", "id", "status", "more"]).filter(
        lambda name: name not in described
    )
    others = st.dictionaries(names, instances(extra, known), max_size=2)
    return st.builds(lambda one, other: {**other, **one}, listed, others)


@functools.cache
def schemas_of(component: str) -> tuple[Schema, Schema]:
    """Return what the OpenAPI document says of a body, and what the JSON Schema still may say."""
    body = BODIES[component]
    openapi = CONVERTER.convert({"$ref": f"#/components/schemas/{component}"}, body.direction)
    listed = read_disagreements(FOLDER)
    return openapi, set_aside(read_json(FOLDER / body.document), body, listed)


@pytest.mark.parametrize("component", BODIES)
@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_what_openapi_accepts_the_json_schema_accepts_but_for_the_list(
    component: str, data: st.DataObject
) -> None:
    openapi, json_schema = schemas_of(component)
    instance = data.draw(instances(openapi, openapi["$defs"]))
    assert accepts(openapi, instance)
    assert accepts(json_schema, instance)


def test_a_proof_says_what_it_is_about(proofs: list[Proof]) -> None:
    proof = next(proof for proof in proofs if proof.area == "overlay")
    assert "$.components" in proof.text
