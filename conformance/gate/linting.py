"""One document against itself: contradictions, ambiguity, and words without effect."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, islice
from typing import Any

from conformance.errors import UnreadableDocument
from conformance.gate.api import METHODS, nameless
from conformance.gate.confirming import Judge, Unsure
from conformance.gate.examples import Examples
from conformance.gate.forms import NOTHING, Form, Pool
from conformance.gate.meeting import meet
from conformance.gate.patterns import fitting
from conformance.gate.shaping import Shaper
from conformance.gate.wording import brief
from conformance.spec import pointers

RULES: dict[str, str] = {
    "undefined-reference": "A $ref leads nowhere, or out of the document.",
    "undefined-security-scheme": "An operation names a security scheme that is not defined.",
    "unsatisfiable-schema": "No value at all fits a schema.",
    "ambiguous-one-of": "A value fits two alternatives of a oneOf, which then refuses it.",
    "example-fails": "An example does not fit its own schema.",
    "default-fails": "A default does not fit its own schema.",
    "enum-value-fails": "A listed value does not fit what else the schema says.",
    "keyword-without-effect": "A keyword means nothing in this version of OpenAPI, or here.",
    "required-undescribed": "A property is required and not described.",
    "no-client-error": "An operation describes no 4xx response.",
    "no-success": "An operation describes no successful response.",
    "duplicate-operation-id": "Two operations have one operationId.",
    "path-parameter": "A parameter of the path template is not described, or the other way.",
    "ambiguous-path": "Two path templates have the same requests.",
    "bad-pattern": "A pattern is no regular expression.",
}
WARNINGS = frozenset({"keyword-without-effect", "required-undescribed", "no-client-error"})
"""Rules that tell of an oversight rather than a contradiction."""
SCHEMAS = 20_000
"""Schemas of a document that are looked at."""
PAIRS = 8_000
"""Pairs of alternatives of a oneOf that are looked at."""
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_ONE = ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that is wrong with a document."""

    rule: str
    pointer: str
    text: str
    witness: str = ""
    """A value that shows it, as JSON text."""

    @property
    def is_warning(self) -> bool:
        """Whether it is an oversight rather than a contradiction."""
        return self.rule in WARNINGS


def lint(document: Mapping[str, Any], source: str) -> tuple[Problem, ...]:
    """Return what is wrong with an OpenAPI document, by place.

    Raises:
        UnreadableDocument: A part is not what it should be.
    """
    linter = _Linter(document, source)
    try:
        found = [*linter.references(), *linter.operations(), *linter.schemas()]
    except (AttributeError, TypeError, KeyError) as problem:
        seen = f"one that is not ({type(problem).__name__}: {problem})"
        raise UnreadableDocument(source, "a well-formed OpenAPI document", seen) from problem
    unique = {(p.rule, p.pointer, p.text): p for p in found}
    return tuple(sorted(unique.values(), key=lambda p: (p.is_warning, p.rule, p.pointer)))


@dataclass(slots=True)
class _Linter:
    document: Mapping[str, Any]
    source: str
    pool: Pool = field(default_factory=Pool)
    shaper: Shaper = field(init=False)
    judge: Judge = field(init=False)
    examples: Examples = field(init=False)

    def __post_init__(self) -> None:
        self.shaper = Shaper(self.pool, self.document, self.source, "response")
        self.judge = Judge(document=self.document, source=self.source, direction="response")
        self.examples = Examples(self.pool)

    @property
    def old(self) -> bool:
        """Whether the document is OpenAPI 3.0."""
        return str(self.document.get("openapi", "")).startswith("3.0")

    def references(self) -> Iterator[Problem]:
        """Yield references that lead nowhere."""
        for value, at in _walk(self.document, ""):
            reference = value.get("$ref")
            if not isinstance(reference, str) or at.endswith(("/properties", "/mapping")):
                continue
            if self._target(reference) is None:
                yield Problem(rule="undefined-reference", pointer=f"{at}/$ref", text=reference)

    def _target(self, reference: str) -> Any:
        if not reference.startswith("#"):
            return None
        try:
            return pointers.find(self.document, reference)
        except KeyError:
            return None

    def operations(self) -> Iterator[Problem]:
        """Yield what is wrong with operations and paths."""
        ids: Counter[str] = Counter()
        routes: dict[tuple[str, str], str] = {}
        for path, item, at in self._items():
            for method in METHODS:
                described = item.get(method)
                if not isinstance(described, Mapping):
                    continue
                place = f"{at}/{method}"
                yield from self._responses(described, place)
                yield from self._security(described, place)
                yield from self._path(path, item, described, place)
                name = described.get("operationId")
                ids[str(name)] += name is not None
                if name is not None and ids[str(name)] == 2:
                    pointer = f"{place}/operationId"
                    yield Problem(rule="duplicate-operation-id", pointer=pointer, text=str(name))
                key = (method, nameless(path))
                if key in routes:
                    text = f"{path} and {routes[key]}"
                    yield Problem(rule="ambiguous-path", pointer=at, text=text)
                routes[key] = path

    def _items(self) -> Iterator[tuple[str, Mapping[str, Any], str]]:
        for path, item in (self.document.get("paths") or {}).items():
            at = pointers.join(["paths", path])
            followed = self._follow(item)
            if isinstance(followed, Mapping) and not path.startswith("x-"):
                yield path, followed, at

    def _follow(self, value: Any) -> Any:
        for _ in range(20):
            if not isinstance(value, Mapping) or not isinstance(value.get("$ref"), str):
                return value
            value = self._target(value["$ref"])
        return None

    def _responses(self, described: Mapping[str, Any], at: str) -> Iterator[Problem]:
        statuses = [str(key) for key in described.get("responses") or {}]
        if "default" in statuses:
            return
        if not any(key.startswith("4") for key in statuses):
            shown = ", ".join(statuses) or "nothing"
            yield Problem(rule="no-client-error", pointer=f"{at}/responses", text=f"only {shown}")
        if not any(key[:1] in {"1", "2", "3"} for key in statuses):
            shown = ", ".join(statuses) or "nothing"
            yield Problem(rule="no-success", pointer=f"{at}/responses", text=f"only {shown}")

    def _security(self, described: Mapping[str, Any], at: str) -> Iterator[Problem]:
        known = (self.document.get("components") or {}).get("securitySchemes") or {}
        own = "security" in described
        listed = described.get("security") if own else self.document.get("security")
        place = f"{at}/security" if own else "/security"
        for index, needed in enumerate(listed or ()):
            for name in sorted(needed.keys() - known.keys()):
                pointer = f"{place}/{index}"
                yield Problem(rule="undefined-security-scheme", pointer=pointer, text=name)

    def _path(
        self, path: str, item: Mapping[str, Any], described: Mapping[str, Any], at: str
    ) -> Iterator[Problem]:
        listed = [*(item.get("parameters") or ()), *(described.get("parameters") or ())]
        params = [self._follow(each) for each in listed]
        if None in params:
            return  # told as an undefined reference
        names = {str(p["name"]) for p in params if p.get("in") == "path"}
        wanted = set(re.findall(r"\{([^}]*)\}", path))
        for name in sorted(wanted ^ names):
            text = f"{name} of {path} is not described"
            if name in names:
                text = f"{name} is described and not part of {path}"
            yield Problem(rule="path-parameter", pointer=at, text=text)

    def schemas(self) -> Iterator[Problem]:
        """Yield what is wrong with schemas."""
        empty: dict[str, Problem] = {}
        for count, (schema, at) in enumerate(_schemas(self.document)):
            if count > SCHEMAS:
                return
            for check in (self._words, self._values, self._required, self._alternatives):
                yield from self._safely(check, schema, at)
            form = self._form(schema)
            if form is not None and form == NOTHING and "$ref" not in schema:
                told = "no value fits"
                empty[at] = Problem(rule="unsatisfiable-schema", pointer=at, text=told)
        for at, problem in empty.items():
            if not any(other.startswith(f"{at}/") for other in empty):
                yield problem

    def _safely(
        self, check: Callable[[Mapping[str, Any], str], Iterator[Problem]], schema: Any, at: str
    ) -> Iterator[Problem]:
        """Yield what a check finds; what leads nowhere is told once, as a reference."""
        try:
            yield from check(schema, at)
        except (UnreadableDocument, Unsure):
            return
        except RecursionError:
            told = "it contains itself at its own place"
            yield Problem(rule="unsatisfiable-schema", pointer=at, text=told)

    def _form(self, schema: Any) -> Form | None:
        try:
            return self.pool.open(self.shaper.form(schema))
        except UnreadableDocument:
            return None

    def _words(self, schema: Mapping[str, Any], at: str) -> Iterator[Problem]:
        """Yield keywords of another version, and patterns that are none."""
        rule = "keyword-without-effect"
        if not self.old and "nullable" in schema:
            text = "`nullable` means nothing in OpenAPI 3.1; write type: [..., 'null']"
            yield Problem(rule=rule, pointer=f"{at}/nullable", text=text)
        if self.old and schema.get("nullable") is True and "type" not in schema:
            text = "`nullable` has no effect without `type` beside it (OpenAPI 3.0.3)"
            yield Problem(rule=rule, pointer=f"{at}/nullable", text=text)
        for word in ("exclusiveMinimum", "exclusiveMaximum"):
            if word in schema and isinstance(schema[word], bool) is not self.old:
                wanted = "a boolean in OpenAPI 3.0, a number in 3.1"
                yield Problem(rule=rule, pointer=f"{at}/{word}", text=f"`{word}` is {wanted}")
        beside = sorted(schema.keys() - {"$ref", "description", "summary", "title"})
        if self.old and "$ref" in schema and beside:
            text = f"OpenAPI 3.0 ignores {', '.join(beside)} beside $ref"
            yield Problem(rule=rule, pointer=at, text=text)
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and not _is_pattern(pattern):
            yield Problem(rule="bad-pattern", pointer=f"{at}/pattern", text=pattern)

    def _values(self, schema: Mapping[str, Any], at: str) -> Iterator[Problem]:
        """Yield examples, defaults and listed values that the schema refuses."""
        listed = [("example-fails", "example"), ("default-fails", "default")]
        for rule, word in listed:
            if word in schema and not self.judge.accepts(schema, schema[word]):
                told = f"{brief(schema[word])} does not fit"
                yield Problem(rule=rule, pointer=f"{at}/{word}", text=told)
        for index, value in enumerate(_list(schema.get("examples"))):
            if not self.judge.accepts(schema, value):
                told = f"{brief(value)} does not fit"
                yield Problem(rule="example-fails", pointer=f"{at}/examples/{index}", text=told)
        for index, value in enumerate(_list(schema.get("enum"))):
            if not self.judge.accepts(schema, value):
                told = f"{brief(value)} does not fit"
                yield Problem(rule="enum-value-fails", pointer=f"{at}/enum/{index}", text=told)

    def _required(self, schema: Mapping[str, Any], at: str) -> Iterator[Problem]:
        properties, required = schema.get("properties"), schema.get("required")
        if not isinstance(properties, Mapping) or not isinstance(required, list) or not properties:
            return
        if any(word in schema for word in ("allOf", "anyOf", "oneOf", "$ref")):
            return
        if isinstance(schema.get("additionalProperties"), Mapping):
            return
        for name in required:
            if name not in properties:
                pointer = f"{at}/required"
                yield Problem(rule="required-undescribed", pointer=pointer, text=str(name))

    def _alternatives(self, schema: Mapping[str, Any], at: str) -> Iterator[Problem]:
        """Yield pairs of alternatives that share a value, with the value."""
        parts = _list(schema.get("oneOf"))
        forms = [self.pool.open(self.shaper.form(part)) for part in parts]
        for (i, one), (j, other) in islice(combinations(enumerate(forms), 2), PAIRS):
            both = meet(self.pool, (one, other))
            for value in self.examples.of(both, 6):
                if self.judge.accepts(parts[i], value) and self.judge.accepts(parts[j], value):
                    told = f"alternatives {i} and {j} both accept {brief(value)}"
                    yield Problem(
                        rule="ambiguous-one-of",
                        pointer=f"{at}/oneOf",
                        text=told,
                        witness=brief(value, 2000),
                    )
                    break


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_pattern(pattern: str) -> bool:
    import jsonschema_rs

    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except ValueError:
        return bool(fitting(pattern))
    return True


def _walk(value: Any, at: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield every object of a document with its pointer."""
    waiting: list[tuple[Any, str]] = [(value, at)]
    while waiting:
        here, place = waiting.pop()
        if isinstance(here, Mapping):
            yield here, place
            waiting += ((v, f"{place}/{pointers.escape(str(k))}") for k, v in here.items())
        elif isinstance(here, list):
            waiting += ((v, f"{place}/{i}") for i, v in enumerate(here))


def _schemas(document: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield every schema with its pointer, each once."""
    waiting: list[tuple[Any, str]] = []
    named = (document.get("components") or {}).get("schemas") or {}
    waiting += ((s, pointers.join(["components", "schemas", name])) for name, s in named.items())
    for value, at in _walk(document, ""):
        inside = at.startswith("/components/schemas/") or "/example" in at
        if "schema" in value and not inside and isinstance(value["schema"], Mapping):
            waiting.append((value["schema"], f"{at}/schema"))
    seen: set[str] = set()
    while waiting:
        schema, at = waiting.pop()
        if not isinstance(schema, Mapping) or at in seen:
            continue
        seen.add(at)
        yield schema, at
        for word in _LISTS:
            waiting += ((p, f"{at}/{word}/{i}") for i, p in enumerate(_list(schema.get(word))))
        for word in _MAPS:
            inner = schema.get(word)
            if isinstance(inner, Mapping):
                waiting += ((p, f"{at}/{word}/{pointers.escape(n)}") for n, p in inner.items())
        waiting += ((schema[word], f"{at}/{word}") for word in _ONE if word in schema)
