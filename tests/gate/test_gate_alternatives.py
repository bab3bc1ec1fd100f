"""Alternatives that are nearly alike: a witness must show which of them it is of."""

# ruff: noqa: E501  # schemas are tables, read across
from __future__ import annotations

import copy
from datetime import date
from typing import Any

import pytest

from conformance.gate import Change, Source, compare, game


def _circuit(*gates: str, word: str) -> dict[str, Any]:
    gate = {"type": "object", "required": ["gate"], "properties": {"gate": {"enum": list(gates)}}}
    members = {
        "circuit": {"type": "array", "items": gate},
        "qubits": {"type": "integer"},
        "gateset": {"enum": [word]},
    }
    return {
        "type": "object",
        "required": ["circuit"],
        "properties": members,
        "additionalProperties": False,
    }


INPUT: dict[str, Any] = {
    "type": "object",
    "required": ["input"],
    "properties": {
        "input": {
            "type": "object",
            "required": ["circuits"],
            "properties": {
                "circuits": {
                    "type": "array",
                    "items": {
                        "anyOf": [_circuit("h", "x", word="qis"), _circuit("ms", word="native")]
                    },
                }
            },
        }
    },
}


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
    base_source, head_source = sources
    return list(compare(base_source, head_source, game(), today=date(2026, 11, 21)).changes)


def first(document: dict[str, Any]) -> dict[str, Any]:
    items = document["properties"]["input"]["properties"]["circuits"]["items"]
    found: dict[str, Any] = items["anyOf"][0]["properties"]
    return found


@pytest.mark.parametrize(
    ("member", "schema"),
    [("qubits", {"type": "integer", "maximum": 7}), ("qubits", {"type": "string"})],
)
def test_a_bound_in_one_of_two_alternatives_is_shown_by_a_value_of_that_one(
    member: str, schema: dict[str, Any]
) -> None:
    head = copy.deepcopy(INPUT)
    first(head)[member] = schema
    (change,) = changes(INPUT, head)
    assert str(change.verdict) == "breaking"
    assert change.witness is not None
    (circuit,) = change.witness.message["body"]["input"]["circuits"]
    assert circuit.get("gateset") == "qis" or circuit["circuit"][0]["gate"] in {"h", "x"}


def test_an_alternative_that_went_into_a_free_one_is_no_break() -> None:
    both = {"anyOf": [_circuit("h", word="qis"), _circuit("ms", word="native")]}
    free = {"anyOf": [{"type": "object"}, _circuit("ms", word="native")]}
    assert {str(change.verdict) for change in changes(both, free)} <= {"compatible"}


def test_a_map_that_was_opened_is_risky_for_who_reads_it_and_nothing_for_who_writes_it() -> None:
    named = {"type": "object", "properties": {"a": {"type": "integer"}}}
    strings = {**named, "additionalProperties": {"type": "string"}}
    (read,) = changes(strings, named, answer=True)
    (written,) = changes(strings, named)
    assert (str(read.verdict), read.convention) == ("risky", "removed-response-property")
    assert str(written.verdict) == "compatible"
