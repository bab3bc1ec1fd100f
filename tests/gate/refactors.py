"""Ways of writing the same API otherwise: none of them is a change."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from typing import Any

from conformance.spec import pointers

Rewrite = Callable[[dict[str, Any]], dict[str, Any]]


def everywhere(value: Any, change: Callable[[dict[str, Any]], Any]) -> Any:
    """Return a copy in which `change` was done to every object, the inner ones first."""
    if isinstance(value, list):
        return [everywhere(part, change) for part in value]
    if isinstance(value, dict):
        return change({key: everywhere(part, change) for key, part in value.items()})
    return value


def copied(document: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(document)


def keys_reordered(document: dict[str, Any]) -> dict[str, Any]:
    draws = random.Random(7)  # noqa: S311  # an order, not a secret

    def shuffled(value: dict[str, Any]) -> dict[str, Any]:
        names = list(value)
        draws.shuffle(names)
        return {name: value[name] for name in names}

    whole: dict[str, Any] = everywhere(document, shuffled)
    return whole


def lists_reordered(document: dict[str, Any]) -> dict[str, Any]:
    def turned(value: dict[str, Any]) -> dict[str, Any]:
        for word in ("anyOf", "oneOf", "allOf", "enum", "required"):
            if isinstance(value.get(word), list):
                value[word] = value[word][::-1]
        return value

    whole: dict[str, Any] = everywhere(document, turned)
    return whole


def descriptions_edited(document: dict[str, Any]) -> dict[str, Any]:
    def told(value: dict[str, Any]) -> dict[str, Any]:
        for word in ("description", "summary", "title", "example"):
            if isinstance(value.get(word), str):
                value[word] = f"{value[word]}, said otherwise"
        return value

    whole: dict[str, Any] = everywhere(document, told)
    return whole


def components_inlined(document: dict[str, Any]) -> dict[str, Any]:
    def inlined(value: dict[str, Any]) -> Any:
        if isinstance(value.get("$ref"), str):
            return everywhere(pointers.find(document, value["$ref"]), inlined)
        return value

    keep = {k: v for k, v in document.items() if k != "components"}
    whole: dict[str, Any] = everywhere(keep, _without_mapping)
    whole = everywhere(whole, inlined)
    mapped = everywhere(document["components"], lambda value: value)
    return {**whole, "components": mapped}


def _without_mapping(value: dict[str, Any]) -> dict[str, Any]:
    return value


def conjunctions_flattened(document: dict[str, Any]) -> dict[str, Any]:
    """Put what the only part of an allOf says in its place, or wrap what is no conjunction."""

    def flat(value: dict[str, Any]) -> Any:
        parts = value.get("allOf")
        if isinstance(parts, list) and len(parts) == 1:
            inner = parts[0]
            found = pointers.find(document, inner["$ref"]) if "$ref" in inner else inner
            rest = {k: v for k, v in value.items() if k != "allOf"}
            return {**copy.deepcopy(found), **rest}
        return value

    whole: dict[str, Any] = everywhere(document, flat)
    return whole


def conjunctions_made(document: dict[str, Any]) -> dict[str, Any]:
    """Split every open object into an allOf of its properties and its demands."""

    def split(value: dict[str, Any]) -> Any:
        closed = value.get("additionalProperties") is not None
        if value.get("type") == "object" and "required" in value and not closed:
            rest = {k: v for k, v in value.items() if k != "required"}
            return {"allOf": [rest, {"type": "object", "required": value["required"]}]}
        return value

    schemas = everywhere(document["components"]["schemas"], split)
    return {**document, "components": {**document["components"], "schemas": schemas}}


def components_renamed(document: dict[str, Any]) -> dict[str, Any]:
    start = "#/components/schemas/"

    def renamed(value: dict[str, Any]) -> dict[str, Any]:
        for key, inner in value.items():
            if isinstance(inner, str) and inner.startswith(start):
                value[key] = f"{start}X{inner.removeprefix(start)}"
        return value

    whole: dict[str, Any] = everywhere(document, renamed)
    schemas = whole["components"]["schemas"]
    whole["components"]["schemas"] = {f"X{name}": schema for name, schema in schemas.items()}
    return whole


def parameters_hoisted(document: dict[str, Any]) -> dict[str, Any]:
    """Move what every operation of a path takes to the path."""
    whole = copy.deepcopy(document)
    for item in whole["paths"].values():
        operations = [v for k, v in item.items() if k in {"get", "put", "post", "delete"}]
        shared = [
            p
            for p in operations[0].get("parameters", [])
            if all(p in op.get("parameters", []) for op in operations)
        ]
        if shared:
            item["parameters"] = shared
            for op in operations:
                op["parameters"] = [p for p in op["parameters"] if p not in shared]
    return whole


def as_openapi_31(document: dict[str, Any]) -> dict[str, Any]:
    """Write the document in OpenAPI 3.1."""

    def newer(value: dict[str, Any]) -> Any:
        nullable = value.pop("nullable", None) if isinstance(value.get("nullable"), bool) else None
        if nullable is True:
            if isinstance(value.get("type"), str) and "enum" not in value:
                value["type"] = [value["type"], "null"]
                return value
            return {"anyOf": [value, {"type": "null"}]}
        return value

    whole: dict[str, Any] = everywhere(document, newer)
    return {**whole, "openapi": "3.1.0"}


def constants_for_single_values(document: dict[str, Any]) -> dict[str, Any]:
    def const(value: dict[str, Any]) -> dict[str, Any]:
        values = value.get("enum")
        if isinstance(values, list) and len(values) == 1:
            del value["enum"]
            value["const"] = values[0]
        return value

    newer = as_openapi_31(document)
    whole: dict[str, Any] = everywhere(newer, const)
    return whole


def enums_split(document: dict[str, Any]) -> dict[str, Any]:
    """Write each list of values as alternatives."""

    def split(value: dict[str, Any]) -> Any:
        values = value.get("enum")
        if isinstance(values, list) and len(values) > 1 and value.keys() <= {"type", "enum"}:
            return {"anyOf": [{"type": "string", "enum": [v]} for v in values]}
        return value

    whole: dict[str, Any] = everywhere(document, split)
    return whole


def path_parameters_renamed(document: dict[str, Any]) -> dict[str, Any]:
    whole = copy.deepcopy(document)
    paths: dict[str, Mapping[str, Any]] = {}
    for path, item in whole["paths"].items():
        for op in (v for v in item.values() if isinstance(v, dict)):
            op["parameters"] = [
                {**p, "name": "id"} if p.get("name") == "UUID" else p
                for p in op.get("parameters", [])
            ]
        paths[path.replace("{UUID}", "{id}")] = item
    return {**whole, "paths": paths}


REWRITES: tuple[Rewrite, ...] = (
    copied,
    keys_reordered,
    lists_reordered,
    descriptions_edited,
    components_inlined,
    conjunctions_flattened,
    conjunctions_made,
    components_renamed,
    parameters_hoisted,
    as_openapi_31,
    constants_for_single_values,
    enums_split,
)
