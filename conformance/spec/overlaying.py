"""OpenAPI Overlay 1.0: actions that add to a document, or take away from it.

Paths made of names and wildcards (`$.paths['/jobs'].get`, `$.paths.*.*`), all that our own
overlays use, are walked here in a millisecond. A path of another form hands the whole overlay to
oas-patch, whose import alone takes most of a second; tests hold both to the same result.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Any

from conformance.errors import UnreadableDocument

_STEP = re.compile(r"\.([A-Za-z_][\w-]*|\*)|\[(?:'([^']*)'|\"([^\"]*)\"|(\*))\]")


def actions_of(overlay: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the actions of an overlay, each with its `target`.

    Raises:
        UnreadableDocument: It is no Overlay 1.x, or an action is not what it should be.
    """
    if not str(overlay.get("overlay", "")).startswith("1."):
        seen = f"overlay: {overlay.get('overlay')}"
        raise UnreadableDocument(name, "an OpenAPI Overlay 1.0 document", seen)
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise UnreadableDocument(name, "a list of actions", f"actions: {actions}")
    for number, action in enumerate(actions):
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise UnreadableDocument(name, "a target in every action", f"none in {number}")
    return actions


def apply(document: Mapping[str, Any], overlay: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the document after the actions of `overlay`; `document` is left as it was.

    An update is merged into every object that its target selects (lists grow at the end) and
    appended to every list; a removal wins over an update in the same action.

    Raises:
        UnreadableDocument: The overlay is not what it should be.

    Source: OpenAPI Overlay Specification 1.0.0, section 4.4.
    """
    actions = actions_of(overlay, name)
    result = copy.deepcopy(dict(document))
    if any(_parts(action["target"]) is None for action in actions):
        return _apply_by_library(result, overlay, name)
    for action in actions:
        _act(result, action, name)
    return result


def matches(document: Mapping[str, Any], target: str) -> int:
    """Return how many places of `document` the path `target` selects."""
    parts = _parts(target)
    if parts is not None:
        return len(_select(document, parts))
    from jsonpath_ng.ext import parse  # type: ignore[attr-defined]  # re-exported without a word

    return len(parse(target).find(document))


def _parts(target: str) -> list[str | None] | None:
    """Return the steps of a plain path, None for a wildcard; or None for any other path."""
    if not target.startswith("$"):
        return None
    parts: list[str | None] = []
    place = 1
    while place < len(target):
        found = _STEP.match(target, place)
        if found is None:
            return None
        text = next(group for group in found.groups() if group is not None)
        wild = text == "*" and found.group(2) is None and found.group(3) is None
        parts.append(None if wild else text)
        place = found.end()
    return parts


def _select(document: Any, parts: list[str | None]) -> list[tuple[Any, Any]]:
    """Return (holder, key) of every place; the document itself has no holder."""
    places: list[tuple[Any, Any]] = [(None, None)]
    for part in parts:
        values = [document if holder is None else holder[key] for holder, key in places]
        places = [(value, key) for value in values for key in _keys(value, part)]
    return places


def _keys(value: Any, part: str | None) -> list[Any]:
    if isinstance(value, dict):
        return list(value) if part is None else [part] * (part in value)
    return list(range(len(value))) if isinstance(value, list) and part is None else []


def _act(document: dict[str, Any], action: Mapping[str, Any], name: str) -> None:
    places = _select(document, _parts(action["target"]) or [])
    if action.get("remove") is True:
        for holder, key in reversed(places):
            if holder is not None:
                del holder[key]
        return
    for holder, key in places:
        place = document if holder is None else holder[key]
        update = copy.deepcopy(action.get("update"))
        if isinstance(place, list):
            place.append(update)
        elif isinstance(place, dict) and isinstance(update, dict):
            _merge(place, update)
        else:
            seen = f"{action['target']}, which is neither"
            raise UnreadableDocument(name, "a target that is an object or a list", seen)


def _merge(place: dict[str, Any], update: Mapping[str, Any]) -> None:
    for key, value in update.items():
        present = place.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        elif isinstance(present, list) and isinstance(value, list):
            present.extend(value)
        else:
            place[key] = value


def _apply_by_library(
    document: dict[str, Any], overlay: Mapping[str, Any], name: str
) -> dict[str, Any]:
    from oas_patch import apply_overlay  # type: ignore[import-untyped]  # it ships no types

    try:
        result: dict[str, Any] = apply_overlay(document, overlay)
    except Exception as problem:  # noqa: BLE001  # jsonpath-ng raises bare Exception for a bad path
        raise UnreadableDocument(name, "an overlay that applies", str(problem)) from None
    return result
