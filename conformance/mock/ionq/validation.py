"""Requests against the document: parameters and bodies that it does not allow are refused."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NoReturn
from urllib.parse import parse_qsl

import jsonschema_rs

from conformance.mock.faults import Faults
from conformance.mock.http import Refusal
from conformance.model import Operation, Parameter
from conformance.spec import Tolerance

_INTEGER = re.compile(r"-?\d{1,400}")

_DISCRIMINATORS = {"type", "gateset"}
"""Fields that say which alternative of a schema the sender meant."""

_FORGIVEN = {
    "shots-unchecked": ("CreateJob", "maximum", "shots"),
    "extra-input-unchecked": ("CreateJob", "additionalProperties", ""),
    "missing-input-unchecked": ("CreateSession", "required", "body"),
    "setting-unchecked": ("CreateJob", "type", "settings.compilation.opt"),
    "gate-unchecked": ("CreateJob", "additionalProperties", "input.circuits.1.circuit.1"),
}
"""Fault to the operation, kind and place of the errors that it overlooks; empty for anywhere."""


class Validation:
    """The document's rules for requests; schemas are compiled when first needed."""

    def __init__(self, faults: Faults, tolerances: Iterable[Tolerance], *, strict: bool) -> None:
        self._faults = faults
        self._strict = strict
        listed = tuple(tolerances)
        self._untyped = _operations_with(listed, "json-without-content-type")
        self._with_body = _operations_with(listed, "body-on-job-list")
        self._departures = {
            (operation, tolerance.parameter.removeprefix("query/"))
            for tolerance in listed
            for operation in tolerance.operations
            if tolerance.parameter.startswith("query/")
        }
        self._bodies: dict[str, jsonschema_rs.Draft202012Validator] = {}
        self._parameters: dict[tuple[str, str], jsonschema_rs.Draft202012Validator] = {}

    def body(self, operation: Operation, raw: bytes, media_type: str | None) -> Any:
        """Return the parsed body of a request for `operation`, None when it takes none.

        Raises:
            Refusal: 415 for another media type, 400 for what the document does not allow.
        """
        if not operation.body:
            if raw and self._strict and operation.id in self._with_body:
                raise Refusal(400, "expected no body, got one", (), "body")
            return None
        self._check_media_type(operation, media_type)
        value = _parsed(raw)
        errors = self._errors(operation, value)
        if errors:
            _refuse_body(errors)
        return value

    def query(self, operation: Operation, raw: bytes) -> dict[str, Any]:
        """Return the declared query parameters, each as the type that the document gives it.

        Undeclared ones are ignored, as HTTP services do, but for the listed departures of
        clients, which the strict mock refuses.

        Raises:
            Refusal: 400 when one is missing or has a value that the document does not allow.
        """
        declared = [p for p in operation.parameters if p.location == "query"]
        if not declared and not raw:
            return {}
        sent = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
        if self._strict:
            self._refuse_departures(operation, {name for name, _ in sent})
        found = {}
        for parameter in declared:
            texts = [text for name, text in sent if name == parameter.name]
            if texts:
                found[parameter.name] = self._value(operation, parameter, texts)
            elif parameter.required:
                message = f"expected the query parameter {parameter.name!r}, got none"
                raise Refusal(400, message, (parameter.name,), "query")
        return found

    def path(self, operation: Operation, values: Mapping[str, str]) -> None:
        """Check the path parameters.

        Raises:
            Refusal: 404, because nothing can be at a path that the document does not allow.
        """
        for parameter in operation.parameters:
            if parameter.location != "path":
                continue
            text = values[parameter.name]
            if not self._parameter(operation, parameter).is_valid(text):
                raise Refusal(404, f"there is no {parameter.name} {text!r}")

    def _refuse_departures(self, operation: Operation, sent: Set[str]) -> None:
        undeclared = sent - {parameter.name for parameter in operation.parameters}
        for name in sorted(undeclared):
            if (operation.id, name) in self._departures:
                message = f"there is no query parameter {name!r}"
                raise Refusal(400, message, (name,), "query")

    def _check_media_type(self, operation: Operation, media_type: str | None) -> None:
        if media_type is None:
            if self._strict or operation.id not in self._untyped:
                raise Refusal(415, "expected a Content-Type, got none")
            return
        known_type = media_type.partition(";")[0].strip().lower() in operation.body
        if not known_type and not self._faults.on("any-media-type"):
            known = ", ".join(operation.body)
            raise Refusal(415, f"expected the media type {known}, got {media_type!r}")

    def _errors(self, operation: Operation, value: Any) -> list[jsonschema_rs.ValidationError]:
        """Return nothing when `value` is valid, else the errors of the alternative meant."""
        if operation.id not in self._bodies:
            schema = operation.body["application/json"]
            self._bodies[operation.id] = _compiled(schema)
        validator = self._bodies[operation.id]
        try:
            if validator.is_valid(value):
                return []
            errors = _meant(validator.iter_errors(value))
        except ValueError as error:
            raise Refusal(400, f"expected Unicode text: {error}", (), "body") from error
        return [error for error in errors if not self._forgives(operation, error)]

    def _forgives(self, operation: Operation, error: jsonschema_rs.ValidationError) -> bool:
        return any(
            self._faults.on(fault)
            and (operation.id, error.kind.name) == (forgiven, kind)
            and place in {"", _key(error)}
            for fault, (forgiven, kind, place) in _FORGIVEN.items()
        )

    def _value(self, operation: Operation, parameter: Parameter, texts: Sequence[str]) -> Any:
        validator = self._parameter(operation, parameter)
        for candidate in _candidates(texts):
            if validator.is_valid(candidate):
                return candidate
        message = f"{texts[-1]!r} is no value for the query parameter {parameter.name!r}"
        raise Refusal(400, message, (parameter.name,), "query")

    def _parameter(
        self, operation: Operation, parameter: Parameter
    ) -> jsonschema_rs.Draft202012Validator:
        key = (operation.id, parameter.name)
        if key not in self._parameters:
            self._parameters[key] = _compiled(_within_int32(parameter.schema))
        return self._parameters[key]


def _operations_with(tolerances: Iterable[Tolerance], wanted: str) -> frozenset[str]:
    """Return the operations for which the departure `wanted` of clients is listed."""
    return frozenset(
        operation
        for tolerance in tolerances
        if tolerance.id == wanted
        for operation in tolerance.operations
    )


def _within_int32(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a parameter with `int32` as the bounds that it means.

    In bodies the format stays an annotation, as JSON Schema has it: a number that is too
    large makes a job fail, or a session conflict, later.
    """
    if schema.get("format") != "int32":
        return dict(schema)
    return {"minimum": -(2**31), "maximum": 2**31 - 1, **schema}


def _compiled(schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True)


def _parsed(raw: bytes) -> Any:
    if not raw:
        raise Refusal(400, "expected a JSON body, got nothing", (), "body")
    try:
        return json.loads(raw, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"expected a JSON body: {error}", (), "body") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number


def _candidates(texts: Sequence[str]) -> Iterable[Any]:
    """Yield what the texts of one parameter may mean, the most specific meaning first."""
    text = texts[-1]
    if _INTEGER.fullmatch(text):
        yield int(text)
    if text in {"true", "false"}:
        yield text == "true"
    yield text
    yield list(texts)


def _meant(
    errors: Iterable[jsonschema_rs.ValidationError],
) -> list[jsonschema_rs.ValidationError]:
    """Return the errors, each choice of alternatives replaced by the errors of the one meant."""
    found = []
    for error in errors:
        alternatives = getattr(error.kind, "context", None)
        if alternatives:
            found += _meant(min(alternatives, key=_distance))
        else:
            found.append(error)
    return found


def _distance(errors: Iterable[jsonschema_rs.ValidationError]) -> tuple[int, int]:
    """Return how far a value is from an alternative: another kind of thing, then by errors."""
    found = list(errors)
    other_kind = sum(
        bool(error.instance_path) and error.instance_path[-1] in _DISCRIMINATORS for error in found
    )
    return other_kind, len(found)


def _refuse_body(errors: Sequence[jsonschema_rs.ValidationError]) -> NoReturn:
    keys = tuple(dict.fromkeys(_key(error) for error in errors))
    message = "; ".join(f"{_key(error)}: {_shortened(error.message)}" for error in errors[:3])
    raise Refusal(400, message, keys, "body")


def _key(error: jsonschema_rs.ValidationError) -> str:
    return ".".join(str(step) for step in error.instance_path) or "body"


def _shortened(text: str) -> str:
    return text if len(text) <= 300 else f"{text[:300]}..."
