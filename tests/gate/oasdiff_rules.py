"""Every rule of oasdiff that has a name, as two documents between which it would speak.

The ids are those of `checker/localizations_src/en/messages.yaml` of oasdiff at commit 0001ef8e
(2026). The documents are ours: the smallest edit that the name of the rule describes.
"""

# ruff: noqa: E501, FBT002, FBT003  # a rule a line: the table is read across, and JSON has booleans
from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mutations import Edit, all_of, append, drop, put

from conformance.spec import pointers

Schema = Any


@dataclass(frozen=True)
class Peer:
    """A rule of oasdiff, and the two documents."""

    id: str
    base: dict[str, Any]
    head: dict[str, Any]


PLACES = {
    "b": "request-body",
    "p": "request-property",
    "r": "request-read-only-property",
    "B": "response-body",
    "P": "response-property",
    "W": "response-write-only-property",
    "q": "request-parameter",
    "o": "request-parameter-property",
    "h": "response-header",
}
FOUR = "bpBP"
JSON = "application~1json"
OP = "/paths/~1a/post"
BODY = f"{OP}/requestBody/content/{JSON}/schema"
ANSWER = f"{OP}/responses/200/content/{JSON}/schema"
PARAM = f"{OP}/parameters/0"


def api(schema: Schema = True, answer: Schema = True) -> dict[str, Any]:
    """Return an API of one operation that has everything."""
    operation = {
        "operationId": "makeA",
        "tags": ["a"],
        "parameters": [{"name": "q", "in": "query", "schema": {"type": "string"}}],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {
            "200": {
                "description": "done",
                "headers": {"H": {"schema": {"type": "string"}}},
                "content": {"application/json": {"schema": answer}},
            },
            "400": {"description": "wrong"},
        },
    }
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1.0.0"},
        "paths": {"/a": {"post": operation}, "/b": {"get": {"responses": {"200": {"description": "done"}}}}},
        "components": {
            "schemas": {"Unused": {"type": "string"}, "Cat": CAT, "Dog": DOG, "Pet": CAT},
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "K"},
                "other": {"type": "apiKey", "in": "header", "name": "L"},
                "login": {"type": "oauth2", "flows": {"authorizationCode": {"authorizationUrl": "https://a.example/auth", "tokenUrl": "https://a.example/token", "scopes": {"read": "r", "write": "w"}}}},
            },
        },
    }  # fmt: skip
    return copy.deepcopy(document)


def _object(schema: Schema, **more: Any) -> Schema:
    inner = {**schema, **more} if isinstance(schema, dict) else schema
    return {"type": "object", "properties": {"p": inner}}


def placed(place: str, schema: Schema) -> dict[str, Any]:
    """Return the API with a schema at a place."""
    if place in "bpr":
        whole = {"b": schema, "p": _object(schema), "r": _object(schema, readOnly=True)}
        return api(whole[place])
    if place in "BPW":
        whole = {"B": schema, "P": _object(schema), "W": _object(schema, writeOnly=True)}
        return api(answer=whole[place])
    document = api()
    if place == "h":
        put(f"{OP}/responses/200/headers/H/schema", schema)(document)
    elif place == "q":
        put(f"{PARAM}/schema", schema)(document)
    else:
        put(f"{PARAM}/schema", _object(schema))(document)
        put(f"{PARAM}/style", "deepObject")(document)
    return document


def xml(document: dict[str, Any]) -> dict[str, Any]:
    """Return the API with bodies in XML, which writes every value as text."""
    for holder in (f"{OP}/requestBody", f"{OP}/responses/200"):
        content = pointers.find(document, f"{holder}/content")
        content["application/xml"] = content.pop("application/json")
    return document


CAT = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cat"}}}
DOG = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "dog"}}}
REFS = {n: {"$ref": f"#/components/schemas/{n}"} for n in ("Cat", "Dog", "Pet")}
PETS = {"oneOf": [REFS["Cat"], REFS["Dog"]]}
KIND = {"propertyName": "kind"}
N, I, S, L, O = ({"type": t} for t in ("number", "integer", "string", "array", "object"))  # noqa: E741  # the initials of types
WHEN = {"required": ["k"], "properties": {"k": {"const": "x"}}}
M = {"required": ["m"]}


def told(**discriminator: Any) -> Schema:
    """Return the pets with a discriminator."""
    return {**PETS, "discriminator": {**KIND, **discriminator}}


KEYWORDS: tuple[tuple[str, str, Schema, Schema], ...] = (
    # bounds of numbers
    ("max-decreased", "bprq", {**N, "maximum": 9}, {**N, "maximum": 5}),
    ("max-increased", "bpqBP", {**N, "maximum": 5}, {**N, "maximum": 9}),
    ("max-set", "bpq", N, {**N, "maximum": 5}),
    ("min-increased", "bprq", {**N, "minimum": 1}, {**N, "minimum": 3}),
    ("min-decreased", "bpqBP", {**N, "minimum": 3}, {**N, "minimum": 1}),
    ("min-set", "bpq", N, {**N, "minimum": 5}),
    ("exclusive-max-decreased", "bprq", {**N, "exclusiveMaximum": 9}, {**N, "exclusiveMaximum": 5}),
    ("exclusive-max-increased", "bpqBP", {**N, "exclusiveMaximum": 5}, {**N, "exclusiveMaximum": 9}),
    ("exclusive-max-set", "bpq", N, {**N, "exclusiveMaximum": 5}),
    ("exclusive-min-increased", "bprq", {**N, "exclusiveMinimum": 1}, {**N, "exclusiveMinimum": 3}),
    ("exclusive-min-decreased", "bpqBP", {**N, "exclusiveMinimum": 3}, {**N, "exclusiveMinimum": 1}),
    ("exclusive-min-set", "bpq", N, {**N, "exclusiveMinimum": 5}),
    ("multiple-of-set", "bp", I, {**I, "multipleOf": 2}),
    ("multiple-of-unset", FOUR, {**I, "multipleOf": 2}, I),
    ("multiple-of-changed", FOUR, {**I, "multipleOf": 2}, {**I, "multipleOf": 3}),
    ("multiple-of-generalized", "bp", {**I, "multipleOf": 4}, {**I, "multipleOf": 2}),
    ("multiple-of-specialized", "BP", {**I, "multipleOf": 2}, {**I, "multipleOf": 4}),
    # texts
    ("max-length-decreased", "bprq", {**S, "maxLength": 9}, {**S, "maxLength": 5}),
    ("max-length-increased", "bpqBP", {**S, "maxLength": 5}, {**S, "maxLength": 9}),
    ("max-length-set", "bpq", S, {**S, "maxLength": 5}),
    ("max-length-unset", "BP", {**S, "maxLength": 5}, S),
    ("min-length-increased", "bpq", {**S, "minLength": 1}, {**S, "minLength": 3}),
    ("min-length-decreased", "bpqBP", {**S, "minLength": 3}, {**S, "minLength": 1}),
    ("pattern-added", "pqP", S, {**S, "pattern": "^[a-f]+$"}),
    ("pattern-removed", "pqP", {**S, "pattern": "^[a-f]+$"}, S),
    ("pattern-changed", "pqP", {**S, "pattern": "^[a-f]+$"}, {**S, "pattern": "^[c-k]+$"}),
    ("pattern-generalized", "pq", {**S, "pattern": "^[a-f]+$"}, {**S, "pattern": "^.*$"}),
    # lists
    ("max-items-decreased", "bprq", {**L, "items": S, "maxItems": 5}, {**L, "items": S, "maxItems": 3}),
    ("max-items-increased", "bpqBP", {**L, "items": S, "maxItems": 3}, {**L, "items": S, "maxItems": 5}),
    ("max-items-set", "bp", {**L, "items": S}, {**L, "items": S, "maxItems": 3}),
    ("min-items-increased", "bpq", {**L, "items": S, "minItems": 1}, {**L, "items": S, "minItems": 2}),
    ("min-items-decreased", "bpqBP", {**L, "items": S, "minItems": 2}, {**L, "items": S, "minItems": 1}),
    ("min-items-set", "bpq", {**L, "items": S}, {**L, "items": S, "minItems": 2}),
    ("min-items-unset", "BP", {**L, "items": S, "minItems": 2}, {**L, "items": S}),
    ("unique-items-set", "bp", {**L, "items": S}, {**L, "items": S, "uniqueItems": True}),
    ("unique-items-unset", FOUR, {**L, "items": S, "uniqueItems": True}, {**L, "items": S}),
    ("prefix-items-added", FOUR, {**L, "prefixItems": [S]}, {**L, "prefixItems": [S, I]}),
    ("prefix-items-removed", FOUR, {**L, "prefixItems": [S, I]}, {**L, "prefixItems": [S]}),
    ("contains-added", FOUR, L, {**L, "contains": I}),
    ("contains-removed", FOUR, {**L, "contains": I}, L),
    ("min-contains-increased", FOUR, {**L, "contains": I, "minContains": 1}, {**L, "contains": I, "minContains": 2}),
    ("min-contains-decreased", FOUR, {**L, "contains": I, "minContains": 2}, {**L, "contains": I, "minContains": 1}),
    ("max-contains-increased", FOUR, {**L, "contains": I, "maxContains": 2}, {**L, "contains": I, "maxContains": 3}),
    ("max-contains-decreased", FOUR, {**L, "contains": I, "maxContains": 3}, {**L, "contains": I, "maxContains": 2}),
    ("unevaluated-items-added", FOUR, {**L, "prefixItems": [S]}, {**L, "prefixItems": [S], "unevaluatedItems": False}),
    ("unevaluated-items-removed", FOUR, {**L, "prefixItems": [S], "unevaluatedItems": False}, {**L, "prefixItems": [S]}),
    # objects
    ("max-properties-decreased", "bpr", {**O, "maxProperties": 3}, {**O, "maxProperties": 2}),
    ("max-properties-increased", FOUR, {**O, "maxProperties": 2}, {**O, "maxProperties": 3}),
    ("max-properties-set", "bp", O, {**O, "maxProperties": 2}),
    ("min-properties-increased", "bp", {**O, "minProperties": 1}, {**O, "minProperties": 2}),
    ("min-properties-decreased", "BP", {**O, "minProperties": 2}, {**O, "minProperties": 1}),
    ("dependent-required-added", FOUR, {**O, "properties": {"k": S, "m": S}}, {**O, "properties": {"k": S, "m": S}, "dependentRequired": {"k": ["m"]}}),
    ("dependent-required-removed", FOUR, {**O, "properties": {"k": S, "m": S}, "dependentRequired": {"k": ["m"]}}, {**O, "properties": {"k": S, "m": S}}),
    ("dependent-required-changed", FOUR, {**O, "properties": {"k": S, "m": S, "n": S}, "dependentRequired": {"k": ["m"]}}, {**O, "properties": {"k": S, "m": S, "n": S}, "dependentRequired": {"k": ["n"]}}),
    ("dependent-schema-added", FOUR, {**O, "properties": {"k": S, "m": S}}, {**O, "properties": {"k": S, "m": S}, "dependentSchemas": {"k": M}}),
    ("dependent-schema-removed", FOUR, {**O, "properties": {"k": S, "m": S}, "dependentSchemas": {"k": M}}, {**O, "properties": {"k": S, "m": S}}),
    ("pattern-property-added", FOUR, O, {**O, "patternProperties": {"^x-": S}}),
    ("pattern-property-removed", FOUR, {**O, "patternProperties": {"^x-": S}}, O),
    ("property-names-added", FOUR, O, {**O, "propertyNames": {"maxLength": 3}}),
    ("property-names-removed", FOUR, {**O, "propertyNames": {"maxLength": 3}}, O),
    ("unevaluated-properties-added", FOUR, {**O, "properties": {"k": S}}, {**O, "properties": {"k": S}, "unevaluatedProperties": False}),
    ("unevaluated-properties-removed", FOUR, {**O, "properties": {"k": S}, "unevaluatedProperties": False}, {**O, "properties": {"k": S}}),
    # types and values
    ("type-changed", "bpqoBPh", S, I),
    ("type-generalized", "bpqoBPh", I, N),
    ("type-specialized", "oBPh", N, I),
    ("type-compatible", "h", {"type": ["string"]}, S),
    ("list-of-types-widened", "bpqoBP", S, {"type": ["string", "integer"]}),
    ("list-of-types-narrowed", "bpqoBP", {"type": ["string", "integer"]}, S),
    ("became-nullable", "bpqoBPh", S, {"type": ["string", "null"]}),
    ("became-not-nullable", "bpqoBPh", {"type": ["string", "null"]}, S),
    ("became-enum", "bpq", S, {**S, "enum": ["x", "y"]}),
    ("enum-value-removed", "bprqoP", {**S, "enum": ["x", "y"]}, {**S, "enum": ["x"]}),
    ("enum-value-added", "pqoPW", {**S, "enum": ["x"]}, {**S, "enum": ["x", "y"]}),
    ("x-extensible-enum-value-removed", "pq", {**S, "x-extensible-enum": ["x", "y"]}, {**S, "x-extensible-enum": ["x"]}),
    ("const-added", FOUR, S, {**S, "const": "x"}),
    ("const-removed", FOUR, {**S, "const": "x"}, S),
    ("const-changed", FOUR, {**S, "const": "x"}, {**S, "const": "y"}),
    ("default-value-added", "bpBPq", S, {**S, "default": "x"}),
    ("default-value-changed", "bpBPq", {**S, "default": "x"}, {**S, "default": "y"}),
    ("default-value-removed", "bpBPq", {**S, "default": "x"}, S),
    ("content-schema-added", FOUR, {**S, "contentMediaType": "application/json"}, {**S, "contentMediaType": "application/json", "contentSchema": I}),
    ("content-schema-removed", FOUR, {**S, "contentMediaType": "application/json", "contentSchema": I}, {**S, "contentMediaType": "application/json"}),
    ("content-media-type-changed", FOUR, {**S, "contentMediaType": "application/json"}, {**S, "contentMediaType": "text/csv"}),
    ("content-encoding-changed", FOUR, {**S, "contentEncoding": "base64"}, {**S, "contentEncoding": "base32"}),
    # compositions
    ("any-of-added", FOUR, {"anyOf": [S]}, {"anyOf": [S, I]}),
    ("any-of-removed", FOUR, {"anyOf": [S, I]}, {"anyOf": [S]}),
    ("one-of-added", FOUR, {"oneOf": [S]}, {"oneOf": [S, I]}),
    ("one-of-removed", FOUR, {"oneOf": [S, I]}, {"oneOf": [S]}),
    ("all-of-added", FOUR, {"allOf": [S]}, {"allOf": [S, {"maxLength": 3}]}),
    ("all-of-removed", FOUR, {"allOf": [S, {"maxLength": 3}]}, {"allOf": [S]}),
    ("all-of-added-annotation-only", FOUR, {"allOf": [S]}, {"allOf": [S, {"description": "d"}]}),
    ("all-of-removed-annotation-only", FOUR, {"allOf": [S, {"description": "d"}]}, {"allOf": [S]}),
    ("wrapped-in-one-of", "bB", S, {"oneOf": [{**S, "maxLength": 3}, I]}),
    ("wrapped-in-one-of-original-preserved", "bB", S, {"oneOf": [S, I]}),
    ("if-added", FOUR, {**O, "then": M}, {**O, "if": WHEN, "then": M}),
    ("if-removed", FOUR, {**O, "if": WHEN, "then": M}, {**O, "then": M}),
    ("then-added", FOUR, {**O, "if": WHEN}, {**O, "if": WHEN, "then": M}),
    ("then-removed", FOUR, {**O, "if": WHEN, "then": M}, {**O, "if": WHEN}),
    ("else-added", FOUR, {**O, "if": WHEN}, {**O, "if": WHEN, "else": M}),
    ("else-removed", FOUR, {**O, "if": WHEN, "else": M}, {**O, "if": WHEN}),
    ("discriminator-added", FOUR, PETS, told()),
    ("discriminator-removed", FOUR, told(), PETS),
    ("discriminator-property-name-changed", FOUR, told(), told(propertyName="sort")),
    ("discriminator-mapping-added", FOUR, told(), told(mapping={"kitten": "#/components/schemas/Cat"})),
    ("discriminator-mapping-deleted", FOUR, told(mapping={"kitten": "#/components/schemas/Cat"}), told()),
    ("discriminator-mapping-changed", FOUR, told(mapping={"cub": "#/components/schemas/Cat"}), told(mapping={"cub": "#/components/schemas/Dog"})),
    # announcements about a property
    ("deprecated", "pP", S, {**S, "deprecated": True}),
    ("deprecated-with-sunset", "pP", S, {**S, "deprecated": True, "x-sunset": "2030-01-01"}),
    ("deprecated-sunset-missing", "pP", S, {**S, "deprecated": True}),
    ("deprecated-sunset-invalid", "pP", S, {**S, "deprecated": True, "x-sunset": "soon"}),
    ("reactivated", "pP", {**S, "deprecated": True}, S),
    ("sunset-date-too-small", "pP", S, {**S, "deprecated": True, "x-sunset": "2026-11-01"}),
    ("stability-decreased", "pP", {**S, "x-stability-level": "stable"}, {**S, "x-stability-level": "alpha"}),
    ("stability-increased", "pP", {**S, "x-stability-level": "alpha"}, {**S, "x-stability-level": "stable"}),
)  # fmt: skip


def _members(*names: str, **more: Any) -> Schema:
    return {**O, "properties": {"k": S, **{n: {**S, **more} for n in names}}}


def _requiring(schema: Schema) -> Schema:
    return {**schema, "required": ["m"]}


K, KM = _members(), _members("m")
READ, WRITE = _members("m", readOnly=True), _members("m", writeOnly=True)
WITH_DEFAULT = _members("m", default="x")

MEMBERS: tuple[tuple[str, str, Schema, Schema], ...] = (
    ("new-required-request-property", "b", K, _requiring(KM)),
    ("new-required-request-property-with-default", "b", K, _requiring(WITH_DEFAULT)),
    ("new-optional-request-property", "b", K, KM),
    ("request-property-removed", "b", KM, K),
    ("request-property-became-required", "b", KM, _requiring(KM)),
    ("request-property-became-required-with-default", "b", WITH_DEFAULT, _requiring(WITH_DEFAULT)),
    ("request-property-became-optional", "b", _requiring(KM), KM),
    ("request-optional-property-became-read-only", "b", KM, READ),
    ("request-optional-property-became-not-read-only", "b", READ, KM),
    ("request-optional-property-became-write-only", "b", KM, WRITE),
    ("request-optional-property-became-not-write-only", "b", WRITE, KM),
    ("request-required-property-became-read-only", "b", _requiring(KM), _requiring(READ)),
    ("request-required-property-became-not-read-only", "b", _requiring(READ), _requiring(KM)),
    ("request-required-property-became-write-only", "b", _requiring(KM), _requiring(WRITE)),
    ("request-required-property-became-not-write-only", "b", _requiring(WRITE), _requiring(KM)),
    ("response-optional-property-added", "B", K, KM),
    ("response-optional-property-removed", "B", KM, K),
    ("response-required-property-added", "B", K, _requiring(KM)),
    ("response-required-property-removed", "B", _requiring(KM), K),
    ("response-property-became-required", "B", KM, _requiring(KM)),
    ("response-property-became-optional", "B", _requiring(KM), KM),
    ("response-optional-write-only-property-added", "B", K, WRITE),
    ("response-optional-write-only-property-removed", "B", WRITE, K),
    ("response-required-write-only-property-added", "B", K, _requiring(WRITE)),
    ("response-required-write-only-property-removed", "B", _requiring(WRITE), K),
    ("response-write-only-property-became-required", "B", WRITE, _requiring(WRITE)),
    ("response-write-only-property-became-optional", "B", _requiring(WRITE), WRITE),
    ("response-optional-property-became-read-only", "B", KM, READ),
    ("response-optional-property-became-not-read-only", "B", READ, KM),
    ("response-optional-property-became-write-only", "B", KM, WRITE),
    ("response-optional-property-became-not-write-only", "B", WRITE, KM),
    ("response-required-property-became-read-only", "B", _requiring(KM), _requiring(READ)),
    ("response-required-property-became-not-read-only", "B", _requiring(READ), _requiring(KM)),
    ("response-required-property-became-write-only", "B", _requiring(KM), _requiring(WRITE)),
    ("response-required-property-became-not-write-only", "B", _requiring(WRITE), _requiring(KM)),
    ("response-mediatype-enum-value-removed", "B", {**S, "enum": ["x", "y"]}, {**S, "enum": ["x"]}),
)  # fmt: skip


def nothing(_document: dict[str, Any]) -> None:
    """Leave the document as it is."""


def header(schema: Schema) -> Edit:
    """Make the parameter a header with a schema."""
    return put(PARAM, {"name": "X-Q", "in": "header", "schema": schema})


def ended(place: str, day: str) -> Edit:
    """Deprecate something, with the day of its end."""
    return all_of(put(f"{place}/deprecated", True), put(f"{place}/x-sunset", day))


def scoped(where: str, *scopes: str) -> Edit:
    """Ask for a login with scopes."""
    return put(where, [{"login": list(scopes)}])


DEPRECATED = put(f"{OP}/deprecated", True)
MEDIA = f"{OP}/requestBody/content/{JSON}"
OUT = f"{OP}/responses/200/content"
FLOW = "/components/securitySchemes/login/flows/authorizationCode"
HEADERS = f"{OP}/responses/200/headers"
SEQ = "application~1x-ndjson"
Q2 = {"name": "z", "in": "query", "schema": S}
BUMPED = put("/info/version", "1.1.0")
SECOND: dict[str, Any] = {"schema": S}
LOGIN = scoped(f"{OP}/security", "read")
GLOBAL = scoped("/security", "read")

EDITS: tuple[tuple[str, Edit, Edit], ...] = (
    # operations
    ("endpoint-added", nothing, put("/paths/~1c", {"get": {"responses": {"200": {"description": "done"}}}})),
    ("endpoint-deprecated", nothing, DEPRECATED),
    ("endpoint-deprecated-with-sunset", nothing, ended(OP, "2030-01-01")),
    ("endpoint-reactivated", DEPRECATED, nothing),
    ("api-deprecated-sunset-missing", nothing, DEPRECATED),
    ("api-deprecated-sunset-parse", nothing, ended(OP, "soon")),
    ("api-sunset-date-too-small", nothing, ended(OP, "2026-11-01")),
    ("api-sunset-date-changed-too-small", ended(OP, "2030-01-01"), ended(OP, "2026-12-01")),
    ("sunset-deleted", ended(OP, "2030-01-01"), DEPRECATED),
    ("api-path-removed-without-deprecation", nothing, drop("/paths/~1a")),
    ("api-path-removed-with-deprecation", ended(OP, "2026-01-01"), drop("/paths/~1a")),
    ("api-path-removed-before-sunset", ended(OP, "2030-01-01"), drop("/paths/~1a")),
    ("api-path-sunset-parse", ended(OP, "soon"), drop("/paths/~1a")),
    ("api-removed-without-deprecation", put("/paths/~1a/get", {"responses": {}}), all_of(put("/paths/~1a/get", {"responses": {}}), drop(OP))),
    ("api-removed-with-deprecation", all_of(put("/paths/~1a/get", {"responses": {}}), ended(OP, "2026-01-01")), all_of(put("/paths/~1a/get", {"responses": {}}), drop(OP))),
    ("api-removed-before-sunset", all_of(put("/paths/~1a/get", {"responses": {}}), ended(OP, "2030-01-01")), all_of(put("/paths/~1a/get", {"responses": {}}), drop(OP))),
    ("api-operation-id-added", drop(f"{OP}/operationId"), nothing),
    ("api-operation-id-removed", nothing, put(f"{OP}/operationId", "createA")),
    ("api-tag-added", nothing, append(f"{OP}/tags", "b")),
    ("api-tag-removed", nothing, drop(f"{OP}/tags/0")),
    ("api-schema-removed", nothing, drop("/components/schemas/Unused")),
    ("api-stability-decreased", put(f"{OP}/x-stability-level", "stable"), put(f"{OP}/x-stability-level", "alpha")),
    ("api-stability-increased", put(f"{OP}/x-stability-level", "alpha"), put(f"{OP}/x-stability-level", "stable")),
    ("api-invalid-stability-level", nothing, put(f"{OP}/x-stability-level", "solid")),
    ("api-version-not-bumped", nothing, put(f"{PARAM}/required", True)),
    ("api-version-decreased", BUMPED, put(f"{PARAM}/required", True)),
    ("api-major-version-not-bumped", nothing, all_of(put(f"{PARAM}/required", True), BUMPED)),
    ("webhook-added", nothing, put("/webhooks", {"done": {"post": {"responses": {"200": {"description": "thanks"}}}}})),
    ("webhook-removed", put("/webhooks", {"done": {"post": {"responses": {"200": {"description": "thanks"}}}}}), nothing),
    # security
    ("api-security-added", put(f"{OP}/security", [{"key": []}]), put(f"{OP}/security", [{"key": []}, {"other": []}])),
    ("api-security-removed", put(f"{OP}/security", [{"key": []}, {"other": []}]), put(f"{OP}/security", [{"key": []}])),
    ("api-security-updated", put(f"{OP}/security", [{"key": []}]), put(f"{OP}/security", [{"other": []}])),
    ("api-security-scope-added", LOGIN, scoped(f"{OP}/security", "read", "write")),
    ("api-security-scope-removed", scoped(f"{OP}/security", "read", "write"), LOGIN),
    ("api-global-security-added", put("/security", [{"key": []}]), put("/security", [{"key": []}, {"other": []}])),
    ("api-global-security-removed", put("/security", [{"key": []}, {"other": []}]), put("/security", [{"key": []}])),
    ("api-global-security-scope-added", GLOBAL, scoped("/security", "read", "write")),
    ("api-global-security-scope-removed", scoped("/security", "read", "write"), GLOBAL),
    ("api-security-component-added", nothing, put("/components/securitySchemes/more", {"type": "http", "scheme": "basic"})),
    ("api-security-component-removed", nothing, drop("/components/securitySchemes/other")),
    ("api-security-component-type-changed", put("/security", [{"key": []}]), all_of(put("/security", [{"key": []}]), put("/components/securitySchemes/key", {"type": "http", "scheme": "bearer"}))),
    ("api-security-component-oauth-url-changed", GLOBAL, all_of(GLOBAL, put(f"{FLOW}/authorizationUrl", "https://b.example/auth"))),
    ("api-security-component-oauth-token-url-changed", GLOBAL, all_of(GLOBAL, put(f"{FLOW}/tokenUrl", "https://b.example/token"))),
    ("api-security-component-oauth-scope-added", GLOBAL, all_of(GLOBAL, put(f"{FLOW}/scopes/delete", "d"))),
    ("api-security-component-oauth-scope-removed", GLOBAL, all_of(GLOBAL, drop(f"{FLOW}/scopes/write"))),
    ("api-security-component-oauth-scope-changed", GLOBAL, all_of(GLOBAL, put(f"{FLOW}/scopes/read", "reads everything"))),
    # parameters
    ("new-required-request-parameter", nothing, append(f"{OP}/parameters", {**Q2, "required": True})),
    ("new-optional-request-parameter", nothing, append(f"{OP}/parameters", Q2)),
    ("new-required-request-default-parameter-to-existing-path", nothing, put("/paths/~1a/parameters", [{**Q2, "required": True, "schema": {**S, "default": "x"}}])),
    ("new-optional-request-default-parameter-to-existing-path", nothing, put("/paths/~1a/parameters", [{**Q2, "schema": {**S, "default": "x"}}])),
    ("new-request-path-parameter", nothing, all_of(put("/paths/~1a~1{id}", api()["paths"]["/a"]), append("/paths/~1a~1{id}/post/parameters", {"name": "id", "in": "path", "required": True, "schema": S}), drop("/paths/~1a"))),
    ("new-required-request-header-property", header(O), header({**O, "properties": {"m": S}, "required": ["m"]})),
    ("request-header-property-became-required", header(KM), header(_requiring(KM))),
    ("request-header-property-became-enum", header(KM), header({**O, "properties": {"k": S, "m": {"enum": ["x", "y"]}}})),
    ("request-parameter-removed", nothing, drop(PARAM)),
    ("request-parameter-removed-with-deprecation", ended(PARAM, "2026-01-01"), drop(PARAM)),
    ("request-parameter-removed-before-sunset", ended(PARAM, "2030-01-01"), drop(PARAM)),
    ("request-parameter-sunset-parse", ended(PARAM, "soon"), drop(PARAM)),
    ("request-parameter-became-required", nothing, put(f"{PARAM}/required", True)),
    ("request-parameter-became-optional", put(f"{PARAM}/required", True), nothing),
    ("request-parameter-deprecated", nothing, put(f"{PARAM}/deprecated", True)),
    ("request-parameter-deprecated-sunset-missing", nothing, put(f"{PARAM}/deprecated", True)),
    ("request-parameter-reactivated", put(f"{PARAM}/deprecated", True), nothing),
    ("request-parameter-sunset-date-too-small", nothing, ended(PARAM, "2026-11-01")),
    ("request-parameter-sunset-deleted", ended(PARAM, "2030-01-01"), put(f"{PARAM}/deprecated", True)),
    ("request-parameter-sunset-date-changed-too-small", ended(PARAM, "2030-01-01"), ended(PARAM, "2026-12-01")),
    # bodies
    ("request-body-added-required", drop(f"{OP}/requestBody"), nothing),
    ("request-body-added-optional", drop(f"{OP}/requestBody"), drop(f"{OP}/requestBody/required")),
    ("request-body-removed", nothing, drop(f"{OP}/requestBody")),
    ("request-body-became-required", drop(f"{OP}/requestBody/required"), nothing),
    ("request-body-became-optional", nothing, drop(f"{OP}/requestBody/required")),
    ("request-body-media-type-added", nothing, put(f"{OP}/requestBody/content/text~1plain", SECOND)),
    ("request-body-media-type-removed", put(f"{OP}/requestBody/content/text~1plain", SECOND), nothing),
    ("request-body-media-type-schema-added", drop(f"{MEDIA}/schema"), put(f"{MEDIA}/schema", S)),
    ("request-body-media-type-schema-removed", put(f"{MEDIA}/schema", S), drop(f"{MEDIA}/schema")),
    ("request-body-media-type-item-schema-added", put(f"{OP}/requestBody/content/{SEQ}", {}), put(f"{OP}/requestBody/content/{SEQ}", {"itemSchema": S})),
    ("request-body-media-type-item-schema-removed", put(f"{OP}/requestBody/content/{SEQ}", {"itemSchema": S}), put(f"{OP}/requestBody/content/{SEQ}", {})),
    # responses
    ("response-success-status-added", nothing, put(f"{OP}/responses/202", {"description": "later"})),
    ("response-success-status-removed", nothing, drop(f"{OP}/responses/200")),
    ("response-non-success-status-added", nothing, put(f"{OP}/responses/404", {"description": "gone"})),
    ("response-non-success-status-removed", nothing, drop(f"{OP}/responses/400")),
    ("response-media-type-added", nothing, put(f"{OUT}/text~1plain", SECOND)),
    ("response-media-type-removed", put(f"{OUT}/text~1plain", SECOND), nothing),
    ("response-media-type-name-changed", put(f"{OUT}/text~1csv;v=1", SECOND), put(f"{OUT}/text~1csv;v=2", SECOND)),
    ("response-media-type-name-generalized", put(f"{OUT}/text~1csv", SECOND), put(f"{OUT}/text~1*", SECOND)),
    ("response-media-type-name-specialized", put(f"{OUT}/text~1*", SECOND), put(f"{OUT}/text~1csv", SECOND)),
    ("response-body-media-type-schema-added", drop(f"{OUT}/{JSON}/schema"), put(f"{OUT}/{JSON}/schema", S)),
    ("response-body-media-type-schema-removed", put(f"{OUT}/{JSON}/schema", S), drop(f"{OUT}/{JSON}/schema")),
    ("response-body-media-type-item-schema-added", put(f"{OUT}/{SEQ}", {}), put(f"{OUT}/{SEQ}", {"itemSchema": S})),
    ("response-body-media-type-item-schema-removed", put(f"{OUT}/{SEQ}", {"itemSchema": S, "schema": S}), put(f"{OUT}/{SEQ}", {"schema": S})),
    ("response-body-media-type-item-schema-removed-untyped", put(f"{OUT}/{SEQ}", {"itemSchema": S}), put(f"{OUT}/{SEQ}", {})),
    ("response-header-added", nothing, put(f"{HEADERS}/J", SECOND)),
    ("optional-response-header-removed", nothing, drop(f"{HEADERS}/H")),
    ("required-response-header-removed", put(f"{HEADERS}/H/required", True), drop(f"{HEADERS}/H")),
    ("response-header-became-optional", put(f"{HEADERS}/H/required", True), nothing),
)  # fmt: skip


def rules() -> Iterator[Peer]:
    """Yield every rule."""
    for suffix, places, before, after in KEYWORDS:
        for place in places:
            name = f"{PLACES[place]}-{suffix}"
            yield Peer(name, placed(place, before), placed(place, after))
    for place in FOUR:
        schemas = (I, S) if place in "bp" else (S, I)
        yield Peer(f"{PLACES[place]}-type-compatible", *(xml(placed(place, s)) for s in schemas))
    for name, place, before, after in MEMBERS:
        yield Peer(name, placed(place, before), placed(place, after))
    for name, before_edit, after_edit in EDITS:
        base, head = api(), api()
        before_edit(base)
        after_edit(head)
        yield Peer(name, base, head)


NONE: tuple[tuple[str, str], ...] = (
    ("read-only-property-", "what is only read travels in no request, so nothing changes for one"),
    ("write-only-property-", "what is only written travels in no response"),
    ("became-write-only", "it travels in requests as before"),
    ("became-not-write-only", "it travels in requests as before"),
    ("became-read-only", "it travels in responses as before"),
    ("became-not-read-only", "it travels in responses as before"),
    ("response-header-type-compatible", "the same values, written otherwise"),
    ("annotation-only", "the same values, written otherwise"),
    ("x-extensible-enum", "an extension that says nothing to validators; not compared"),
    ("content-", "an annotation in JSON Schema 2020-12: every text stays valid"),
    ("item-schema", "a keyword of OpenAPI 3.2; the gate reads 3.0 and 3.1"),
    ("api-operation-id-added", "no message has the name of an operation"),
    ("api-tag", "no message has a tag"),
    ("api-schema-removed", "a component that nothing uses is no part of the API"),
    ("oauth-scope-changed", "the words about a scope are in no message"),
    ("api-security-component-", "a scheme that no operation asks for is no part of the API"),
)
"""Why nothing is told, by a part of the rule's id; the first that fits."""


def reason(name: str) -> str:
    """Return why nothing is told for a rule; empty when something is."""
    return next((why for part, why in NONE if part in name), "")
