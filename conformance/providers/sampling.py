"""One plain value for a schema: a first guess at a right body, which a person then mends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.model import Schema

_DEEPEST = 12
_TEXTS = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "time": "00:00:00Z",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "email": "somebody@example.org",
    "uri": "https://example.org/",
    "url": "https://example.org/",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "byte": "cWNvbmZvcm0=",
    "duration": "PT1H",
}


def sample(schema: Schema) -> Any:
    """Return a value of the least form that `schema` seems to want; it need not be valid.

    Args:
        schema: Self-contained, draft 2020-12.
    """
    return _value(schema, schema.get("$defs", {}), 0)


def _value(schema: Any, named: Mapping[str, Any], depth: int) -> Any:
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return {}
    schema = _joined(schema, named, depth)
    for keyword in ("const", "default"):
        if keyword in schema:
            return schema[keyword]
    if schema.get("enum"):
        return schema["enum"][0]
    for keyword in ("oneOf", "anyOf"):
        if schema.get(keyword):
            rest = {name: value for name, value in schema.items() if name not in {keyword, "$defs"}}
            return _value({"allOf": [rest, schema[keyword][0]]}, named, depth + 1)
    return _of_kind(_kind(schema), schema, named, depth)


def _joined(schema: Mapping[str, Any], named: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """Return `schema` with what it refers to, and every part of `allOf`, in one."""
    parts = [part for part in schema.get("allOf", []) if isinstance(part, Mapping)]
    reference = schema.get("$ref")
    if isinstance(reference, str):
        parts.append(named.get(reference.removeprefix("#/$defs/"), {}))
    whole = {name: value for name, value in schema.items() if name not in {"allOf", "$ref"}}
    if depth > _DEEPEST:
        return whole
    for part in parts:
        for name, value in _joined(part, named, depth + 1).items():
            held = whole.get(name)
            if name == "properties" and isinstance(held, Mapping):
                whole[name] = {**value, **held}
            elif name == "required" and isinstance(held, list):
                whole[name] = [*held, *value]
            else:
                whole.setdefault(name, value)
    return whole


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "")
    if isinstance(kind, list):
        kind = next((one for one in kind if one != "null"), "null")
    return str(kind)


def _of_kind(kind: str, schema: Mapping[str, Any], named: Mapping[str, Any], depth: int) -> Any:
    if kind == "array":
        items = schema.get("items", {})
        return [_value(items, named, depth + 1) for _ in range(schema.get("minItems", 0))]
    if kind in {"integer", "number"}:
        return _number(schema)
    if kind == "string":
        text = _TEXTS.get(schema.get("format", ""), "qconform")
        return text.ljust(schema.get("minLength", 0), "x")[: schema.get("maxLength")]
    if kind == "boolean":
        return False
    if kind == "null":
        return None
    properties = schema.get("properties", {})
    required = dict.fromkeys(schema.get("required", []))
    return {name: _value(properties.get(name, {}), named, depth + 1) for name in required}


def _number(schema: Mapping[str, Any]) -> Any:
    least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    most = schema.get("maximum", schema.get("exclusiveMaximum", least + 1) - 1)
    step = schema.get("multipleOf", 1)
    number = max(min(1, most), least)
    return number if step == 1 else step * -(-number // step)
