"""Where two schemas of the same thing say something different.

Each schema is first laid flat: what it demands of the value at each place, whatever `$ref`, `allOf`
and `anyOf` it is written with. Alternatives are joined to the weakest demand that all of them
make, so a flat form never demands more than its schema does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from conformance.model import Schema
from conformance.spec import pointers

_NUMERIC = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_TEXTUAL = ("format", "pattern", "minLength", "maxLength")
_COUNTS = ("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties")
_KEYWORDS = ("const", *_NUMERIC, *_TEXTUAL, *_COUNTS)
_APPLIES_TO = (
    {word: {"integer", "number"} for word in _NUMERIC}
    | {word: {"string"} for word in _TEXTUAL}
    | {word: {"array", "object"} for word in _COUNTS}
)
ANYWHERE = "*"
"""Step of a place that stands for every element or every further property."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """What a schema demands at one place; a None, or nothing, is no demand."""

    types: frozenset[str] | None = None
    values: frozenset[str] | None = None
    """`enum`, each value as JSON text, null left to `types`."""
    keywords: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    properties: Mapping[str, Flat] = field(default_factory=dict)
    closed: bool = False
    others: Flat | None = None
    items: Flat | None = None

    def admits(self, types: set[str]) -> bool:
        """Whether a value of one of `types` can meet the demands."""
        return self.types is None or bool(self.types & types)


NOTHING = Flat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One statement of a JSON Schema that the OpenAPI document does not make likewise."""

    pointer: str
    """Place in the instance; `*` stands for every element."""
    keyword: str
    """The JSON Schema keyword, or `properties`: a member described here and forbidden there."""
    openapi: str
    """What OpenAPI says, as JSON text; `silent` when it says nothing about it."""
    json_schema: str

    @property
    def kind(self) -> str:
        """`refinement` when OpenAPI is silent, else `conflict`."""
        return "refinement" if self.openapi == "silent" else "conflict"


def flatten(schema: Any, definitions: Mapping[str, Any] | None = None) -> Flat:
    """Return what a JSON Schema demands, place by place.

    `$ref` leads into `$defs`; a schema that contains itself is not supported.
    """
    if not isinstance(schema, dict):
        return NOTHING
    known = definitions if definitions is not None else schema.get("$defs", {})
    parts = [_own(schema, known)]
    if "$ref" in schema:
        parts.append(flatten(known[schema["$ref"].removeprefix("#/$defs/")], known))
    parts += [flatten(part, known) for part in schema.get("allOf", ())]
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            parts.append(reduce(_join, [flatten(part, known) for part in schema[keyword]]))
    return reduce(_meet, parts)


def differences(openapi: Flat, json_schema: Flat, place: str = "") -> list[Difference]:
    """Return every statement of `json_schema` that `openapi` does not make likewise.

    What a JSON Schema leaves out is no difference: OpenAPI binds every body anyhow.
    """
    found = [
        Difference(pointer=place, keyword=keyword, openapi=_text(mine), json_schema=_text(theirs))
        for keyword, mine, theirs in _statements(openapi, json_schema)
        if theirs is not None and mine != theirs
    ]
    for name in sorted(json_schema.required - openapi.required):
        at = f"{place}/{pointers.escape(name)}"
        found.append(
            Difference(pointer=at, keyword="required", openapi="silent", json_schema="true")
        )
    for name, described in json_schema.properties.items():
        at = f"{place}/{pointers.escape(name)}"
        if name not in openapi.properties and openapi.closed:
            found.append(
                Difference(pointer=at, keyword="properties", openapi="false", json_schema="true")
            )
        else:
            mine = openapi.properties.get(name, openapi.others or NOTHING)
            found += differences(mine, described, at)
    inner = [(openapi.others, json_schema.others), (openapi.items, json_schema.items)]
    for ours, said in inner:
        if said is not None:
            found += differences(ours or NOTHING, said, f"{place}/{ANYWHERE}")
    return found


def without(schema: Schema, pointer: str, keyword: str) -> dict[str, Any]:
    """Return `schema`, a plain JSON Schema, without one statement; a copy.

    Args:
        schema: Written without `$ref` and alternatives.
        pointer: Place in the instance, as in `Difference`.
        keyword: As in `Difference`.

    Raises:
        KeyError: The schema makes no such statement.
    """
    result: dict[str, Any] = json.loads(json.dumps(schema))
    *above, last = pointers.steps(pointer) or [""]
    holder = reduce(_into, above, result)
    if keyword == "required":
        holder["required"] = [name for name in _list(holder, "required", last) if name != last]
    elif keyword == "properties":
        del holder["properties"][last]
    else:
        del (_into(holder, last) if pointer else holder)[keyword]
    return result


def _into(schema: dict[str, Any], step: str) -> dict[str, Any]:
    if step in schema.get("properties", {}):
        found = schema["properties"][step]
    elif step == ANYWHERE:
        found = schema.get("items") or schema["additionalProperties"]
    else:
        raise KeyError(step)
    return dict(found) if not isinstance(found, dict) else found


def _list(schema: Mapping[str, Any], keyword: str, member: str) -> list[str]:
    names: list[str] = schema[keyword]
    if member not in names:
        raise KeyError(member)
    return names


def _statements(mine: Flat, theirs: Flat) -> list[tuple[str, Any, Any]]:
    """Return (keyword, mine, theirs) of all that is not about members."""
    pairs = [("type", mine.types, theirs.types), ("enum", mine.values, theirs.values)]
    if theirs.closed:
        pairs.append(("additionalProperties", mine.closed or None, True))  # type: ignore[arg-type]
    pairs += [(word, mine.keywords.get(word), value) for word, value in theirs.keywords.items()]
    return pairs


def _text(value: Any) -> str:
    if value is None:
        return "silent"
    if isinstance(value, frozenset):
        return "[" + ", ".join(sorted(v if v[:1] in '"[{' else json.dumps(v) for v in value)) + "]"
    return json.dumps(value)


def _own(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Flat:
    """Return what the schema itself demands, its references and alternatives aside."""
    extra = schema.get("additionalProperties")
    types, values = _types_and_values(schema)
    return Flat(
        types=types,
        values=values,
        keywords={word: schema[word] for word in _KEYWORDS if word in schema},
        required=frozenset(schema.get("required", ())),
        properties={n: flatten(p, known) for n, p in schema.get("properties", {}).items()},
        closed=extra is False,
        others=flatten(extra, known) if isinstance(extra, dict) and extra else None,
        items=flatten(schema["items"], known) if "items" in schema else None,
    )


def _types_and_values(
    schema: Mapping[str, Any],
) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    types = schema.get("type")
    kinds = None if types is None else frozenset([types] if isinstance(types, str) else types)
    if "enum" not in schema:
        return kinds, None
    real = [value for value in schema["enum"] if value is not None]
    if not real:
        return frozenset({"null"}), None
    return kinds, frozenset(json.dumps(value, sort_keys=True) for value in real)


def _meet(one: Flat, other: Flat) -> Flat:
    """Return the demands of both."""
    return Flat(
        types=_both(one.types, other.types),
        values=_both(one.values, other.values),
        keywords={**one.keywords, **other.keywords},
        required=one.required | other.required,
        properties=_merge(one.properties, other.properties, _meet),
        closed=one.closed or other.closed,
        others=one.others or other.others,
        items=one.items or other.items,
    )


def _join(one: Flat, other: Flat) -> Flat:
    """Return the weakest demands that cover both alternatives.

    A demand on objects is kept when only one alternative can be an object, and so on.
    """
    types = None if one.types is None or other.types is None else one.types | other.types
    objects = [flat for flat in (one, other) if flat.admits({"object"})]
    arrays = [flat for flat in (one, other) if flat.admits({"array"})]
    return Flat(
        types=types,
        values=_join_values(one, other),
        keywords={
            word: value
            for word, value in {**one.keywords, **other.keywords}.items()
            if all(
                flat.keywords.get(word) == value
                for flat in (one, other)
                if flat.admits(_APPLIES_TO.get(word, set(types or ())))
            )
        },
        required=_fold([flat.required for flat in objects], frozenset.intersection, frozenset()),
        properties=_join_properties(objects),
        closed=bool(objects) and all(flat.closed for flat in objects),
        others=objects[0].others if len(objects) == 1 else None,
        items=_fold([flat.items for flat in arrays if flat.items], _join, None),
    )


def _join_values(one: Flat, other: Flat) -> frozenset[str] | None:
    """An alternative that only admits null says nothing about the other values."""
    real = [flat for flat in (one, other) if flat.types is None or flat.types - {"null"}]
    listed = [flat.values for flat in real if flat.values]
    return _fold(listed, frozenset.union, None) if len(listed) == len(real) else None


def _join_properties(objects: Sequence[Flat]) -> dict[str, Flat]:
    names = {name: None for flat in objects for name in flat.properties}
    joined = {}
    for name in names:
        described = [
            flat.properties.get(name, flat.others or NOTHING)
            for flat in objects
            if name in flat.properties or not flat.closed
        ]
        joined[name] = reduce(_join, described)
    return joined


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return one & other if one is not None and other is not None else one or other


def _merge(
    one: Mapping[str, Flat], other: Mapping[str, Flat], combine: Callable[[Flat, Flat], Flat]
) -> dict[str, Flat]:
    both = {name: combine(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}


def _fold(values: Sequence[Any], combine: Callable[[Any, Any], Any], empty: Any) -> Any:
    return reduce(combine, values) if values else empty
