"""The same set of values, written in ways that only a comparison of sets sees through."""

# ruff: noqa: E501  # schemas are tables, read across
from __future__ import annotations

from datetime import date
from typing import Any

import jsonschema
import pytest

from conformance.gate import Change, Source, Verdict, compare, game

NAMED: dict[str, Any] = {"type": "object", "properties": {"red": {"type": "string"}, "blue": {"type": "string"}}}  # fmt: skip
SIZED: dict[str, Any] = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}}  # fmt: skip


def changes(base: Any, head: Any, *, answer: bool = False) -> list[Change]:
    sources = []
    for name, schema in (("base", base), ("head", head)):
        content = {"application/json": {"schema": schema}}
        operation: dict[str, Any] = {"responses": {"200": {"description": "done"}}}
        if answer:
            operation["responses"]["200"]["content"] = content
        else:
            operation["requestBody"] = {"required": True, "content": content}
        document = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {"/a": {"post": operation}}}  # fmt: skip
        sources.append(Source(document=document, name=name))
    return list(compare(sources[0], sources[1], game(), today=date(2026, 11, 21)).changes)


def worst(found: list[Change]) -> str:
    return str(found[0].verdict) if found else "none"


def require_break(base: Any, head: Any) -> None:
    """Require that some break is told, and that each has a body that only the base takes."""
    found = [c for c in changes(base, head) if c.verdict is Verdict.BREAKING]
    assert found, changes(base, head)
    for change in found:
        assert change.witness is not None
        body = change.witness.message["body"]
        assert jsonschema.Draft202012Validator(base).is_valid(body)
        assert not jsonschema.Draft202012Validator(head).is_valid(body)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 50}, {"type": "integer", "anyOf": [{"minimum": 1, "maximum": 30}, {"minimum": 20, "maximum": 50}]}),
        ({"type": "integer", "minimum": 1, "maximum": 50}, {"type": "integer", "anyOf": [{"minimum": 31, "maximum": 50}, {"minimum": 1, "maximum": 30}]}),
        ({"type": "number", "minimum": 0}, {"type": "number", "anyOf": [{"minimum": 0, "exclusiveMaximum": 1}, {"minimum": 1}]}),
        ({"type": "string", "maxLength": 9}, {"type": "string", "anyOf": [{"maxLength": 4}, {"minLength": 5, "maxLength": 9}]}),
        ({"enum": ["a", "b"]}, {"not": {"not": {"enum": ["a", "b"]}}}),
    ],
)  # fmt: skip
def test_a_set_restated_is_no_break(one: Any, other: Any) -> None:
    for base, head in ((one, other), (other, one)):
        for answer in (False, True):
            assert worst(changes(base, head, answer=answer)) in {"none", "compatible"}


@pytest.mark.parametrize(
    ("base", "head"),
    [
        ({"type": "number", "minimum": 0}, {"type": "number", "anyOf": [{"minimum": 0, "exclusiveMaximum": 1}, {"exclusiveMinimum": 1}]}),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "anyOf": [{"minimum": 1, "maximum": 3}, {"minimum": 5}]}),
        ({"type": "string"}, {"type": "string", "anyOf": [{"maxLength": 4}, {"minLength": 6}]}),
    ],
)  # fmt: skip
def test_a_hole_between_ranges_is_found(base: Any, head: Any) -> None:
    require_break(base, head)


def test_a_pattern_of_properties_binds_those_that_are_described() -> None:
    head = {**NAMED, "patternProperties": {"^re": {"maxLength": 3}}}
    require_break(NAMED, head)
    assert worst(changes(NAMED, head, answer=True)) == "compatible"
    assert worst(changes(head, NAMED)) in {"compatible", "risky"}


def test_two_patterns_bind_one_property() -> None:
    base = {"type": "object", "patternProperties": {"^x": {"type": "integer"}}}
    head = {"type": "object", "patternProperties": {"^x": {"type": "integer"}, "y$": {"type": "integer", "maximum": 9}}}  # fmt: skip
    assert "breaking" not in {str(c.verdict) for c in changes(head, base)}


def test_names_of_undocumented_properties_are_nobodys_concern() -> None:
    head = {**NAMED, "propertyNames": {"enum": ["red", "blue"]}}
    for base, other in ((NAMED, head), (head, NAMED)):
        for answer in (False, True):
            assert worst(changes(base, other, answer=answer)) == "compatible"


def test_a_documented_property_that_may_not_be_called_so_is_a_break() -> None:
    require_break(NAMED, {**NAMED, "propertyNames": {"enum": ["red"]}})
    require_break(NAMED, {**NAMED, "propertyNames": {"maxLength": 3}})


def test_names_of_the_members_of_a_map_are_a_promise() -> None:
    base = {"type": "object", "additionalProperties": {"type": "integer"}}
    head = {**base, "propertyNames": {"pattern": "^[a-z]+$"}}
    require_break(base, head)
    assert worst(changes(head, base)) == "compatible"


def test_no_break_is_shown_by_a_property_that_nobody_documents() -> None:
    """The whole is closed and says something new of what it has: the witness is of the latter."""
    base = {**SIZED, "minProperties": 1}
    head = {"type": "object", "required": ["n"], "properties": {"n": {"type": "integer"}}, "additionalProperties": False, "not": {"required": ["m"]}}  # fmt: skip
    assert "breaking" not in {str(c.verdict) for c in changes(base, head)}


def test_a_condition_on_a_property_is_shown_by_it() -> None:
    base = {"type": "object", "required": ["name", "kind"], "properties": {"name": {"type": "string"}, "kind": {"type": "string"}, "tags": {"type": "array"}}}  # fmt: skip
    require_break(base, {**base, "if": {"properties": {"name": {"const": "x"}}}, "then": {"required": ["tags"]}})  # fmt: skip
    require_break(base, {**base, "dependentSchemas": {"tags": {"properties": {"kind": {"const": "y"}}}}})  # fmt: skip


EITHER = {**SIZED, "properties": {"n": {"type": "integer"}, "ttl": {}}}
TIMED = {"required": ["n", "ttl"], "properties": {"ttl": {"type": "integer", "minimum": 1}}}


@pytest.mark.parametrize(
    ("base", "head", "verdict"),
    [
        # one alternative within the other is taken out of it by oneOf
        ({"oneOf": [SIZED, {"allOf": [SIZED, TIMED]}]}, SIZED, "compatible"),
        (EITHER, {"oneOf": [SIZED, {"allOf": [SIZED, TIMED]}]}, "breaking"),
        ({"oneOf": [SIZED, {"allOf": [SIZED, TIMED]}]}, {"anyOf": [SIZED, {"allOf": [SIZED, TIMED]}]}, "compatible"),
        ({"oneOf": [SIZED, {"allOf": [SIZED, TIMED]}]}, {"oneOf": [SIZED, {"allOf": [SIZED, TIMED, {"properties": {"ttl": {"minimum": 10}}}]}]}, "compatible"),
        ({"oneOf": [SIZED, {"allOf": [SIZED, TIMED, {"properties": {"ttl": {"minimum": 10}}}]}]}, {"oneOf": [SIZED, {"allOf": [SIZED, TIMED]}]}, "breaking"),
    ],
)  # fmt: skip
def test_an_alternative_within_another_takes_values_away(
    base: Any, head: Any, verdict: str
) -> None:
    assert worst(changes(base, head)) == verdict
    if verdict == "breaking":
        require_break(base, head)


@pytest.mark.parametrize(
    ("base", "head", "shown"),
    [
        ({"type": "integer"}, {"type": "integer", "minimum": 0, "maximum": 9}, {"minimum": -1, "maximum": 10}),
        ({"type": "number"}, {"type": "number", "minimum": 3, "maximum": 4}, {"minimum": 2, "maximum": 5}),
        ({"type": "string"}, {"type": "string", "minLength": 2, "maxLength": 2}, {"min-length": "", "max-length": "aaa"}),
    ],
)  # fmt: skip
def test_the_witness_of_a_bound_is_on_its_side(base: Any, head: Any, shown: dict[str, Any]) -> None:
    found = {c.rule: c.witness.message["body"] for c in changes(base, head) if c.witness}
    assert found.keys() == shown.keys()
    for rule, value in shown.items():
        (one, other) = (found[rule], value)
        if isinstance(value, str):
            (one, other) = (len(one), len(other))
        assert one <= other if rule.startswith("min") else one >= other, found


def test_several_steps_are_one() -> None:
    two = {"type": "integer", "allOf": [{"multipleOf": 2}, {"multipleOf": 3}]}
    assert changes(two, {"type": "integer", "multipleOf": 6}) == []
    require_break({"type": "integer", "multipleOf": 6}, {**two, "multipleOf": 4})


def test_a_list_of_all_integers_of_a_range_is_the_range() -> None:
    listed, ranged = {"enum": [1, 2, 3]}, {"type": "integer", "minimum": 1, "maximum": 3}
    for base, head in ((listed, ranged), (ranged, listed)):
        for answer in (False, True):
            assert changes(base, head, answer=answer) == []
    require_break(ranged, {"enum": [1, 3]})


def test_listed_objects_are_described() -> None:
    require_break({"enum": [{"a": 1}, {"a": 2}]}, {"const": {"a": 1}})
