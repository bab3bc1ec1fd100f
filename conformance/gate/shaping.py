"""Schemas of a document to forms."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Hashable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any, Literal

from conformance.errors import UnreadableDocument
from conformance.gate.forms import (
    BOOLEAN,
    FREE,
    KINDS,
    NOTHING,
    NULL,
    Array,
    Case,
    Conjunct,
    Finite,
    Form,
    Later,
    Number,
    Object,
    Pool,
    Text,
    kind_of,
    text_of,
)
from conformance.gate.keywords import bound, count, positive, rest
from conformance.gate.languages import is_idle
from conformance.gate.meeting import (
    TooManyCases,
    canonical_array,
    canonical_number,
    canonical_object,
    join,
    meet,
)
from conformance.gate.membership import holds
from conformance.gate.texts import LARGEST_SINGLE, NUMERIC_FORMATS, SILENT, matches
from conformance.spec import pointers

Direction = Literal["request", "response"]


ALTERNATIVES = 500
"""Alternatives of one schema beyond which it is refused."""
_COMPARED = 120
"""Alternatives of a oneOf up to which each is held against each other."""


class Shaper:
    """Reads the schemas of one document, in one direction, into a pool."""

    def __init__(
        self, pool: Pool, document: Mapping[str, Any], source: str, direction: Direction
    ) -> None:
        self.pool = pool
        self._document = document
        self._source = source
        self._direction = direction
        self._old = str(document.get("openapi", "")).startswith("3.0")
        self._reading: set[str] = set()
        self._done: dict[str, Form] = {}
        self._names: dict[str, Hashable] = {}
        pool.meet = functools.partial(meet, pool)

    def form(self, schema: Any) -> Form:
        """Return the values that `schema` accepts.

        Raises:
            UnreadableDocument: A reference leads nowhere or out of the document, or a schema
                is nested too deeply or multiplies out to too many cases.
        """
        try:
            return self._form(schema)
        except RecursionError:
            seen = "nesting too deep to read"
            raise UnreadableDocument(self._source, "a schema", seen) from None
        except TooManyCases:
            seen = "more alternatives than can be compared"
            raise UnreadableDocument(self._source, "a schema", seen) from None
        except (TypeError, ValueError, AttributeError, OverflowError) as problem:
            seen = f"one that is not ({problem})"
            raise UnreadableDocument(self._source, "well-formed schemas", seen) from problem

    def _form(self, schema: Any) -> Form:
        if schema is False:
            return NOTHING
        if not isinstance(schema, Mapping):
            return FREE
        if "$ref" in schema and self._old:
            return self._component(schema["$ref"])
        parts = [self._plain(schema)]
        if "$ref" in schema:
            parts.append(self._component(schema["$ref"]))
        parts += [self._form(part) for part in schema.get("allOf") or ()]
        for word in ("anyOf", "oneOf"):
            if schema.get(word):
                parts.append(self._alternatives(schema[word], only_one=word == "oneOf"))
        form = meet(self.pool, parts)
        form = self._conditions(schema, form)
        if self._old and schema.get("nullable") is True:
            form = join(self.pool, [form, self.pool.form(NULL)])
        return form

    def _component(self, reference: Any) -> Form:
        if not isinstance(reference, str) or not reference.startswith("#"):
            expected, repair = "references into the document", "Bundle it."
            raise UnreadableDocument(self._source, expected, f"$ref: {reference}", repair)
        if reference in self._done:
            return self._done[reference]
        if reference in self._reading:
            return self.pool.form(Later(names=frozenset({self._name(reference)})))
        try:
            schema = pointers.find(self._document, reference)
        except KeyError:
            expected = "references that lead somewhere"
            raise UnreadableDocument(self._source, expected, f"$ref: {reference}") from None
        self._reading.add(reference)
        try:
            form = self._form(schema)
        finally:
            self._reading.discard(reference)
        self._done[reference] = form
        if reference in self._names:
            self.pool.components[self._names[reference]] = form
        return form

    def _name(self, reference: str) -> Hashable:
        """Return a name for a component that contains itself: equal for what is written equally.

        So what both documents write the same is the same, and is not walked for ever.
        """
        if reference not in self._names:
            reached, waiting = dict[str, str](), [reference]
            while waiting:
                one = waiting.pop()
                if one not in reached:
                    inner: set[str] = set()
                    schema = _bare(pointers.find(self._document, one), inner)
                    reached[one] = json.dumps(schema, sort_keys=True, default=str)
                    waiting += inner
            told = json.dumps([self._old, self._direction, reference, sorted(reached.items())])
            self._names[reference] = hashlib.sha256(told.encode()).hexdigest()
        return self._names[reference]

    def _alternatives(self, schemas: list[Any], *, only_one: bool) -> Form:
        if len(schemas) > ALTERNATIVES:
            raise TooManyCases
        forms = [self._form(schema) for schema in schemas]
        whole = join(self.pool, forms)
        if not only_one or self._apart(forms):
            return whole
        for index, wide in enumerate(forms if len(forms) <= _COMPARED else ()):
            rest = forms[:index] + forms[index + 1 :]
            if all(self._inside(form, wide) for form in rest):  # then it fits alone or not at all
                return self._negated(wide, join(self.pool, rest))
        condition = Conjunct(word="one", forms=tuple(sorted(forms, key=sorted)))
        return self._with(whole, condition)

    def _apart(self, forms: list[Form]) -> bool:
        later = any(isinstance(self.pool.cases[n], Later) for form in forms for n in form - FREE)
        if later or len(forms) > _COMPARED:
            return False
        return all(meet(self.pool, pair) == NOTHING for pair in combinations(forms, 2))

    def _inside(self, form: Form, wide: Form) -> bool:
        """Whether `wide` accepts all that `form` does, as far as forms tell."""
        if any(isinstance(self.pool.cases[n], Later) for n in (form | wide) - FREE):
            return False
        return meet(self.pool, [form, wide]) == form

    def _with(self, form: Form, condition: Conjunct) -> Form:
        """Return `form` with a further condition on each of its cases."""
        found: set[int] = set()
        for number in form if form != FREE else self.pool.open(FREE):
            case = self.pool.cases[number]
            if not isinstance(case, Later):
                case = replace(case, also=case.also | {condition})
            found.add(self.pool.number(case))
        return frozenset(found)

    def _conditions(self, schema: Mapping[str, Any], form: Form) -> Form:
        if "not" in schema:
            inner = schema["not"]
            if isinstance(inner, Mapping) and inner.keys() == {"not"}:
                form = meet(self.pool, [form, self._form(inner["not"])])
            else:
                form = self._negated(form, self._form(inner))
        if "if" in schema:
            words = ("if", "then", "else")
            parts = tuple(self._form(schema.get(word, True)) for word in words)
            if parts[1:] != (FREE, FREE):
                form = self._with(form, Conjunct(word="if", forms=parts))
        for name, then in (schema.get("dependentSchemas") or {}).items():
            here = self.pool.form(Object(others=FREE, required=frozenset({name})))
            parts = (here, self._form(then), FREE)
            form = self._with(form, Conjunct(word="if", forms=parts))
        if schema.get("unevaluatedProperties") is False:
            form = self._closed(form)
        return form

    def _negated(self, form: Form, refused: Form) -> Form:
        """Return `form` without `refused`; whole types and listed values go at once."""
        if refused == FREE:
            return NOTHING
        kept: list[Case] = []
        for case in self.pool.list(form):
            against = [c for c in self.pool.list(refused) if c.kind == case.kind]
            values = {t for c in against if isinstance(c, Finite) for t in c.values}
            if not against:
                kept.append(case)
            elif isinstance(case, Finite) and all(isinstance(c, Finite) for c in against):
                left = case.values - values
                kept += [replace(case, values=left)] if left else []
            elif not any(self.pool.number(c) in self.pool.open(FREE) for c in against):
                assert not isinstance(case, Later)  # noqa: S101  # `Pool.list` opens what comes later
                condition = Conjunct(word="not", forms=(refused,))
                kept.append(replace(case, also=case.also | {condition}))
        return self.pool.form(*kept)

    def _closed(self, form: Form) -> Form:
        cases = [
            replace(case, others=NOTHING)
            if isinstance(case, Object) and case.others == FREE
            else case
            for case in self.pool.list(form)
        ]
        return self.pool.form(*cases)

    def _plain(self, schema: Mapping[str, Any]) -> Form:
        """Return what the schema says without references and alternatives."""
        kinds = self._kinds(schema)
        cases = [case for kind in kinds if (case := self._case(kind, schema)) is not None]
        form = self.pool.tidy(self.pool.form(*cases))
        listed = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(listed, list):
            form = meet(self.pool, [form, self._listed(listed)])
        return form

    def _listed(self, values: list[Any]) -> Form:
        texts: dict[str, set[str]] = {}
        for value in values:
            texts.setdefault(kind_of(value), set()).add(text_of(value))
        cases = (Finite(kind=kind, values=frozenset(each)) for kind, each in texts.items())
        return self.pool.form(*cases)

    def _kinds(self, schema: Mapping[str, Any]) -> list[str]:
        named = schema.get("type")
        if named is None:
            return list(KINDS)
        names = [named] if isinstance(named, str) else list(named)
        if "integer" in names and "number" not in names:
            return [*[n for n in names if n != "integer"], "integer"]
        return [n for n in names if n in KINDS]

    def _case(self, kind: str, schema: Mapping[str, Any]) -> Case | None:
        if kind == "null":
            return NULL
        if kind == "boolean":
            return BOOLEAN
        if kind in {"number", "integer"}:
            return self._number(schema, integer=kind == "integer")
        if kind == "string":
            return self._text(schema)
        return self._array(schema) if kind == "array" else self._object(schema)

    def _number(self, schema: Mapping[str, Any], *, integer: bool) -> Case | None:
        low, low_open = bound(schema, "minimum", "exclusiveMinimum")
        high, high_open = bound(schema, "maximum", "exclusiveMaximum")
        step = schema.get("multipleOf")
        case = Number(
            integer=integer,
            low=low,
            low_open=low_open,
            high=high,
            high_open=high_open,
            steps=frozenset() if step is None else frozenset({positive(step)}),
        )
        name = schema.get("format")
        if name in NUMERIC_FORMATS:
            bounds = NUMERIC_FORMATS[name]
        elif name == "float":
            bounds = (-LARGEST_SINGLE, LARGEST_SINGLE)
        else:
            known = name is None or name in SILENT
            formats = frozenset[str]() if known else frozenset({str(name)})
            return canonical_number(replace(case, formats=formats))
        ends = Number(integer=integer, low=Fraction(bounds[0]), high=Fraction(bounds[1]))
        both = meet(self.pool, [self.pool.form(case), self.pool.form(ends)])
        return next(iter(self.pool.list(both)), None)

    def _text(self, schema: Mapping[str, Any]) -> Case | None:
        least, most = count(schema, "minLength") or 0, count(schema, "maxLength")
        if most is not None and least > most:
            return None
        pattern, name = schema.get("pattern"), schema.get("format")
        mute = {"float", *SILENT, *NUMERIC_FORMATS}  # of a text they say nothing
        return Text(
            least=least,
            most=most,
            patterns=frozenset() if pattern is None or is_idle(pattern) else frozenset({pattern}),
            formats=frozenset() if name is None or name in mute else frozenset({str(name)}),
        )

    def _array(self, schema: Mapping[str, Any]) -> Case | None:
        also = frozenset[Conjunct]()
        if "contains" in schema:
            numbers = (count(schema, "minContains"), count(schema, "maxContains"))
            least = 1 if numbers[0] is None else numbers[0]
            form = self._form(schema["contains"])
            also = frozenset(
                {Conjunct(word="contains", forms=(form,), numbers=(least, numbers[1]))}
            )
        case = Array(
            prefix=tuple(self._form(part) for part in schema.get("prefixItems") or ()),
            rest=self._form(rest(schema)),
            least=count(schema, "minItems") or 0,
            most=count(schema, "maxItems"),
            unique=schema.get("uniqueItems") is True,
            also=also,
        )
        return canonical_array(case)

    def _object(self, schema: Mapping[str, Any]) -> Case | None:
        flag = "readOnly" if self._direction == "request" else "writeOnly"
        described = schema.get("properties") or {}
        hidden = {n for n, s in described.items() if isinstance(s, dict) and s.get(flag) is True}
        names = schema.get("propertyNames")
        allowed = FREE if names is None else self._form(names)
        patterned = [
            (p, self._form(s)) for p, s in sorted((schema.get("patternProperties") or {}).items())
        ]

        def member(name: str) -> Form:
            if not holds(self.pool, allowed, name):
                return NOTHING
            also = [form for pattern, form in patterned if matches(pattern, name)]
            return meet(self.pool, [self._form(described[name]), *also])

        listed = schema.get("required") or ()
        if isinstance(listed, str) or not all(isinstance(name, str) for name in listed):
            raise TypeError(f"required: {listed}, which should be a list of names")
        required = frozenset(listed) - hidden
        if not all(holds(self.pool, allowed, name) for name in required):
            return None
        case = Object(
            members=tuple((name, member(name)) for name in sorted(described)),
            required=required,
            others=self._form(schema.get("additionalProperties", True)),
            patterned=tuple(patterned),
            least=count(schema, "minProperties") or 0,
            most=count(schema, "maxProperties"),
            names=None if allowed == FREE else allowed,
            needs=frozenset(
                (name, frozenset(listed))
                for name, listed in (schema.get("dependentRequired") or {}).items()
            ),
            hidden=frozenset(hidden),
        )
        return canonical_object(case)


def _bare(schema: Any, reached: set[str]) -> Any:
    """Return a schema without its descriptions; what it refers to is put into `reached`."""
    if isinstance(schema, list):
        return [_bare(part, reached) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    if isinstance(schema.get("$ref"), str):
        reached.add(schema["$ref"])
    prose = {w for w in ("description", "title", "summary") if isinstance(schema.get(w), str)}
    return {k: _bare(v, reached) for k, v in schema.items() if k not in prose}
