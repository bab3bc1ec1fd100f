"""Callbacks and webhooks: the service asks, and the game is turned round."""

# ruff: noqa: E501  # cases are a table, read across
from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from conformance.cli import main
from conformance.gate import Change, Source, Verdict, compare, game

DONE: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "note": {"type": "string"}},
}


def hook(schema: Any = DONE, **more: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return {
        "requestBody": {"required": True, "content": content},
        "responses": {"200": {"description": "thanks", "content": content}},
        **more,
    }


def document(called: dict[str, Any] | None, *, callback: bool) -> dict[str, Any]:
    operation: dict[str, Any] = {"responses": {"204": {"description": "done"}}}
    whole: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}}
    if called is not None and callback:
        operation["callbacks"] = {"done": {"{$request.body#/url}": {"post": called}}}
    elif called is not None:
        whole["webhooks"] = {"done": {"post": called}}
    return {**whole, "paths": {"/a": {"post": operation}}}


def changes(base: Any, head: Any, *, callback: bool) -> list[Change]:
    sources = [
        Source(document=document(called, callback=callback), name=name)
        for called, name in ((base, "base"), (head, "head"))
    ]
    return list(compare(sources[0], sources[1], game(), today=date(2026, 11, 21)).changes)


def with_(**properties: Any) -> dict[str, Any]:
    return {**DONE, "properties": {**DONE["properties"], **properties}}


LOOSE = {**DONE, "required": []}
XML = {"required": True, "content": {"application/xml": {"schema": DONE}}}
CASES: list[tuple[str, Any, Any, Verdict, str]] = [
    ("may leave out what it promised", hook(), hook(LOOSE), Verdict.BREAKING, "property-optional"),
    ("says more", hook(), hook(with_(more={"type": "integer"})), Verdict.COMPATIBLE, "property-added"),
    ("has another type", hook(), hook(with_(id={"type": "integer"})), Verdict.BREAKING, "type"),
    ("is more exact", hook(), hook(with_(id={"type": "string", "maxLength": 9})), Verdict.COMPATIBLE, "max-length"),
    ("comes without a body", hook(), {"responses": hook()["responses"]}, Verdict.BREAKING, "body-removed"),
    ("comes in another format", hook(), hook(requestBody=XML), Verdict.BREAKING, "request-media-type-added"),
    ("takes no other answer", hook(), hook(responses={"202": {"description": "x"}}), Verdict.BREAKING, "response-status-removed"),
    ("is gone", hook(), None, Verdict.RISKY, "call-removed"),
    ("is new", None, hook(), Verdict.COMPATIBLE, "call-added"),
]  # fmt: skip


@pytest.mark.parametrize("callback", [True, False], ids=["callback", "webhook"])
@pytest.mark.parametrize(("base", "head", "verdict", "rule"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])  # fmt: skip
def test_what_the_service_sends_may_only_narrow(
    base: Any, head: Any, verdict: Verdict, rule: str, *, callback: bool
) -> None:
    found = changes(base, head, callback=callback)
    assert verdict in {c.verdict for c in found if c.rule == rule}, found
    for change in found:
        assert change.operation.startswith("POST /a callback done" if callback else "webhook done")
        assert (change.witness is not None) is (change.verdict is Verdict.BREAKING)


def test_what_is_answered_may_only_widen() -> None:
    strict = hook()["responses"]["200"]["content"]["application/json"]["schema"]
    asked = {**strict, "required": ["id", "note"]}
    answers = {"200": {"description": "x", "content": {"application/json": {"schema": asked}}}}
    (change,) = changes(hook(), hook(responses=answers), callback=True)
    assert change.verdict is Verdict.BREAKING
    assert change.witness is not None
    assert change.witness.kind == "response"
    assert change.witness.message["body"].keys() == {"id"}
    (change,) = changes(hook(responses=answers), hook(), callback=True)
    assert change.verdict is Verdict.COMPATIBLE


def test_the_same_calls_are_no_change_whichever_way_they_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = document(hook(), callback=True)
    operation = plain["paths"]["/a"]["post"]
    shared = {**plain, "components": {"callbacks": operation["callbacks"]}}
    reference = {"done": {"$ref": "#/components/callbacks/done"}}
    shared["paths"] = {"/a": {"post": {**operation, "callbacks": reference}}}
    files = []
    for name, each in (("plain", plain), ("shared", shared)):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(each), "utf-8")
    assert main(["gate", *map(str, files)]) == 0
    assert "no change" in capsys.readouterr().out


def test_a_callback_that_calls_back_ends() -> None:
    def inside(schema: Any) -> dict[str, Any]:
        whole = document(hook(schema), callback=True)
        calls = whole["paths"]["/a"]["post"]["callbacks"]
        calls["done"]["{$request.body#/url}"]["post"]["callbacks"] = {
            "again": {"$ref": "#/components/callbacks/done"}
        }
        return {**whole, "components": {"callbacks": calls}}

    sources = [Source(document=inside(s), name=n) for s, n in ((DONE, "base"), (LOOSE, "head"))]
    found = compare(sources[0], sources[1], game(), today=date(2026, 11, 21)).changes
    assert {c.rule for c in found} == {"property-optional"}
