"""From a place in a value to the place in the document that speaks of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.gate.forms import ANY_KEY, ITEM
from conformance.gate.sites import Site
from conformance.spec import pointers

KEYWORDS: dict[str, tuple[str, ...]] = {
    "minimum": ("minimum", "exclusiveMinimum", "format"),
    "maximum": ("maximum", "exclusiveMaximum", "format"),
    "multiple-of": ("multipleOf",),
    "min-length": ("minLength",),
    "max-length": ("maxLength",),
    "min-items": ("minItems",),
    "max-items": ("maxItems",),
    "min-properties": ("minProperties",),
    "max-properties": ("maxProperties",),
    "pattern": ("pattern",),
    "format": ("format",),
    "unique-items": ("uniqueItems",),
    "items": ("items", "prefixItems"),
    "property-names": ("propertyNames",),
    "dependent-required": ("dependentRequired",),
    "property-required": ("required",),
    "property-optional": ("required",),
    "additional-properties": ("additionalProperties", "unevaluatedProperties"),
    "enum": ("enum", "const"),
    "enum-value-added": ("enum", "const"),
    "enum-value-removed": ("enum", "const"),
    "nullable": ("nullable", "type", "anyOf", "oneOf"),
    "type": ("type", "anyOf", "oneOf"),
    "alternative-added": ("anyOf", "oneOf"),
    "alternative-removed": ("anyOf", "oneOf"),
    "exclusive": ("oneOf", "anyOf"),
    "negation": ("not",),
    "condition": ("if", "then", "else", "dependentSchemas"),
    "contains": ("contains",),
}
"""A rule to the keywords that may be the cause, the likeliest first."""
_ABOUT_MEMBER = ("property-added", "property-removed")
_VISITS = 2000


class Described:
    """A schema of a document, by the places of values."""

    def __init__(self, document: Mapping[str, Any], schema: Any, pointer: str) -> None:
        self._document = document
        self._root = (schema, pointer)

    def at(self, path: tuple[str, ...]) -> list[tuple[Mapping[str, Any], str]]:
        """Return every schema that speaks of the value at `path`, with its pointer."""
        here = list(self._spread([self._root]))
        for step in path:
            here = list(self._spread(inner for each in here for inner in _inside(*each, step)))
        return here

    def _spread(
        self, starts: list[tuple[Any, str]] | Iterator[tuple[Any, str]]
    ) -> Iterator[tuple[Mapping[str, Any], str]]:
        """Yield schemas with what their references and alternatives lead to, each once."""
        waiting, seen = list(starts), set[str]()
        while waiting and len(seen) < _VISITS:
            schema, pointer = waiting.pop(0)
            if pointer in seen or not isinstance(schema, Mapping):
                continue
            seen.add(pointer)
            yield schema, pointer
            reference = schema.get("$ref")
            if isinstance(reference, str) and reference.startswith("#"):
                waiting.append((pointers.find(self._document, reference), reference[1:]))
            for word in ("allOf", "anyOf", "oneOf"):
                parts = schema.get(word) or ()
                waiting += [(part, f"{pointer}/{word}/{i}") for i, part in enumerate(parts)]
            for word in ("then", "else"):
                if word in schema:
                    waiting.append((schema[word], f"{pointer}/{word}"))


def _inside(schema: Mapping[str, Any], pointer: str, step: str) -> Iterator[tuple[Any, str]]:
    properties = schema.get("properties") or {}
    if step in properties:
        yield properties[step], f"{pointer}/properties/{pointers.escape(step)}"
    elif step == ANY_KEY:
        yield schema.get("additionalProperties"), f"{pointer}/additionalProperties"
    elif step.startswith("{") and step[1:-1] in (schema.get("patternProperties") or {}):
        inner = pointers.escape(step[1:-1])
        yield schema["patternProperties"][step[1:-1]], f"{pointer}/patternProperties/{inner}"
    elif step == ITEM and "items" in schema:
        yield schema["items"], f"{pointer}/items"
    elif step.isdigit() and int(step) < len(schema.get("prefixItems") or ()):
        yield schema["prefixItems"][int(step)], f"{pointer}/prefixItems/{step}"
    elif step.isdigit() and "items" in schema:
        yield schema["items"], f"{pointer}/items"


def place_of(site: Site, base: Described, head: Described) -> tuple[str, bool]:
    """Return the pointer of what changed, and whether it leads into the base."""
    steps = tuple(frame.step for frame in site.frames)
    before, after = base.at(steps), head.at(steps)
    if site.rule in _ABOUT_MEMBER:
        gone = site.rule == "property-removed"
        for schema, pointer in before if gone else after:
            if site.member in (schema.get("properties") or {}):
                return f"{pointer}/properties/{pointers.escape(site.member)}", gone
    words = KEYWORDS.get(site.rule, ())
    for mine, theirs, gone in ((after, before, False), (before, after, True)):
        for word in words:
            known = [schema[word] for schema, _ in theirs if word in schema]
            for schema, pointer in mine:
                if word in schema and schema[word] not in known:
                    return f"{pointer}/{word}", gone
    found = after or before
    own = [pointer for schema, pointer in found if "$ref" not in schema]
    return (own or [pointer for _, pointer in found] or [""])[0], not after
