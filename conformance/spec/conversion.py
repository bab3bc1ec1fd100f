"""Schemas of OpenAPI 3.0 and 3.1 to one form: self-contained JSON Schema, draft 2020-12."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from conformance.errors import UnreadableDocument
from conformance.model import Schema
from conformance.spec import pointers

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Direction = Literal["request", "response"]

_ONE = frozenset(
    {"items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"}
    | {"unevaluatedItems", "unevaluatedProperties"}
)
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})
_DROPPED = frozenset(
    {"description", "example", "examples", "discriminator", "xml", "externalDocs"}
    | {"nullable", "readOnly", "writeOnly", "deprecated"}
)
_NULL: dict[str, Any] = {"type": "null"}


class Converter:
    """Converts the schemas of one document; every component is converted once.

    A schema that a `$ref` names becomes an entry of `$defs`; only what is reached comes along.
    """

    def __init__(self, document: Mapping[str, Any], source: str) -> None:
        self._document = document
        self._source = source
        self._old = str(document.get("openapi", "")).startswith("3.0")
        self._names: dict[str, str] = {}
        self._done: dict[tuple[Direction, str], tuple[dict[str, Any], frozenset[str]]] = {}

    def convert(self, schema: Any, direction: Direction = "response") -> Schema:
        """Return `schema` of the document as JSON Schema 2020-12 with its own `$defs`.

        `nullable` admits null wherever it stands, also beside `$ref`, `allOf` and `enum`, where
        a strict reader of OpenAPI 3.0.3 gives it no effect: the author's intent is plain, and a
        value that the author allows is never refused. Formats stay, as annotations. A property
        that only the other direction carries (`readOnly`, `writeOnly`) is never required.

        Raises:
            UnreadableDocument: A reference leads nowhere or out of the document.
        """
        reached: set[str] = set()
        body = self._schema(schema, direction, reached)
        definitions: dict[str, Any] = {}
        waiting = sorted(reached)
        while waiting:
            reference = waiting.pop()
            name = self._name(reference)
            if name not in definitions:
                definitions[name], more = self._component(reference, direction)
                waiting.extend(sorted(more))
        result = {"$schema": DIALECT, **body} if isinstance(body, dict) else {"allOf": [body]}
        return {**result, "$defs": definitions} if definitions else result

    def _component(
        self, reference: str, direction: Direction
    ) -> tuple[dict[str, Any], frozenset[str]]:
        key = (direction, reference)
        if key not in self._done:
            reached: set[str] = set()
            schema = self._schema(self.resolve(reference), direction, reached)
            self._done[key] = schema, frozenset(reached)
        return self._done[key]

    def resolve(self, reference: str) -> Any:
        """Return what `reference` names in the document.

        Raises:
            UnreadableDocument: It leads nowhere or out of the document.
        """
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise UnreadableDocument(
                self._source, "references into the document", f"$ref: {reference}", "Bundle it."
            )
        try:
            return pointers.find(self._document, reference)
        except KeyError:
            raise UnreadableDocument(
                self._source, "references that lead somewhere", f"$ref: {reference}"
            ) from None

    def _name(self, reference: str) -> str:
        if reference not in self._names:
            part = pointers.steps(reference)
            plain = len(part) == 3 and part[:2] == ["components", "schemas"]
            name = re.sub(r"[^\w.-]", "_", part[-1] if plain else "_".join(part) or "root")
            while name in self._names.values():
                name += "_"
            self._names[reference] = name
        return self._names[reference]

    def _schema(self, schema: Any, direction: Direction, reached: set[str]) -> Any:
        if not isinstance(schema, dict):
            return schema
        result: dict[str, Any] = {}
        for keyword, value in schema.items():
            if keyword == "$ref":
                self.resolve(value)
                reached.add(value)
                result["$ref"] = f"#/$defs/{self._name(value)}"
            elif keyword in _DROPPED or keyword.startswith("x-"):
                continue
            elif keyword in _LISTS and isinstance(value, list):
                result[keyword] = [self._schema(part, direction, reached) for part in value]
            elif keyword in _MAPS and isinstance(value, dict):
                result[keyword] = {
                    name: self._schema(part, direction, reached) for name, part in value.items()
                }
            elif keyword in _ONE:
                result[keyword] = self._schema(value, direction, reached)
            else:
                result[keyword] = value
        self._relax_required(schema, result, direction)
        return self._from_old(schema, result) if self._old else result

    def _relax_required(
        self, schema: Mapping[str, Any], result: dict[str, Any], direction: Direction
    ) -> None:
        absent = "readOnly" if direction == "request" else "writeOnly"
        properties = schema.get("properties")
        required = schema.get("required")
        if isinstance(properties, dict) and isinstance(required, list):
            result["required"] = [
                name for name in required if not _flag(properties.get(name), absent)
            ]

    def _from_old(self, schema: Mapping[str, Any], result: dict[str, Any]) -> dict[str, Any]:
        """Turn what OpenAPI 3.0 says its own way into what JSON Schema says."""
        for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
            if isinstance(result.get(exclusive), bool):
                strict = result.pop(exclusive)
                if strict and bound in result:
                    result[exclusive] = result.pop(bound)
        if "$ref" in result:  # OpenAPI 3.0 ignores what stands beside it
            result = {"$ref": result["$ref"]}
        return _with_null(result) if schema.get("nullable") is True else result


def _with_null(schema: dict[str, Any]) -> dict[str, Any]:
    if isinstance(schema.get("type"), str):
        wider = {**schema, "type": [schema["type"], "null"]}
        if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
            wider["enum"] = [*schema["enum"], None]
        if not _LISTS & schema.keys() and "const" not in schema:
            return wider
    return {"anyOf": [schema, _NULL]}


def _flag(schema: Any, keyword: str) -> bool:
    return isinstance(schema, dict) and schema.get(keyword) is True
