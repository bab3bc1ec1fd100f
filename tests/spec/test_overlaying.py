"""OpenAPI overlays."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from oas_patch import apply_overlay  # type: ignore[import-untyped]  # it ships no types

from conformance import resources
from conformance.spec.overlaying import apply, matches

DOCUMENT: dict[str, Any] = {
    "info": {"title": "T", "tags": ["a"]},
    "paths": {"/a.b": {"get": {"x": 1}, "put": {"x": 2}}, "/c": {"get": {"x": 3, "list": [1]}}},
}


def overlay(*actions: dict[str, Any]) -> dict[str, Any]:
    return {"overlay": "1.0.0", "info": {}, "actions": list(actions)}


ACTIONS: list[dict[str, Any]] = [
    {"target": "$", "update": {"servers": [{"url": "u"}]}},
    {"target": "$.info", "update": {"title": "U", "deep": {"er": 1}}},
    {"target": "$.paths['/a.b'].get", "update": {"x": {"y": 1}}},
    {"target": '$.paths["/c"].get', "update": {"list": [2, 3]}},
    {"target": "$.paths.*.*", "update": {"z": 1}},
    {"target": "$.paths.*.get.x", "remove": True},
    {"target": "$.paths['/c']", "remove": True},
    {"target": "$.info.tags", "update": "b"},
    {"target": "$.nothing.here", "update": {"x": 1}},
    {"target": "$.paths[*].get", "update": {"all": True}},
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: str(action["target"]))
def test_an_action_does_what_oas_patch_does(action: dict[str, Any]) -> None:
    expected = apply_overlay(copy.deepcopy(DOCUMENT), overlay(action))
    assert apply(DOCUMENT, overlay(action), "o") == expected


def test_the_bundled_overlay_does_what_oas_patch_does() -> None:
    folder = resources.folder("specs") / "ionq" / "v0.4"
    document = yaml.safe_load((folder / "openapi.yaml").read_text())
    actions = yaml.safe_load((folder / "overlay.yaml").read_text())
    assert apply(document, actions, "o") == apply_overlay(copy.deepcopy(document), actions)


def test_a_path_with_a_filter_is_left_to_oas_patch() -> None:
    action: dict[str, Any] = {"target": "$.paths.*[?(@.x == 3)]", "update": {"found": True}}
    result = apply(DOCUMENT, overlay(action), "o")
    assert result["paths"]["/c"]["get"]["found"] is True
    assert "found" not in result["paths"]["/a.b"]["get"]
    assert matches(DOCUMENT, action["target"]) == 1


def test_the_document_is_left_as_it_was_and_shares_nothing_with_the_overlay() -> None:
    before = copy.deepcopy(DOCUMENT)
    action: dict[str, Any] = {"target": "$.paths.*.*", "update": {"shared": {}}}
    result = apply(DOCUMENT, overlay(action), "o")
    result["paths"]["/c"]["get"]["shared"]["own"] = 1
    assert before == DOCUMENT
    assert result["paths"]["/a.b"]["get"]["shared"] == {} == action["update"]["shared"]


def test_a_removal_wins_over_an_update() -> None:
    action = {"target": "$.info.title", "remove": True, "update": {"x": 1}}
    assert "title" not in apply(DOCUMENT, overlay(action), "o")["info"]


def test_selected_places_are_counted() -> None:
    assert [
        matches(DOCUMENT, target) for target in ("$", "$.paths.*.get", "$.no", "$.info.tags[*]")
    ] == [1, 2, 0, 1]
