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
from conformance.mock.ionq.contracts import Contracts
from conformance.mock.ionq.shapes import NEEDLESS_BODY, UNTYPED, Checked, Shape
from conformance.model import Operation

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
    """The document's rules for requests; schemas are compiled when first needed.

    What only the tolerances allow is told to `departures`, by the tolerance's id.
    """

    def __init__(self, contracts: Contracts, faults: Faults) -> None:
        self._faults = faults
        self._strict = contracts.strict
        self._shapes = {shape.operation.id: shape for shape in contracts.shapes()}

    def body(
        self, operation: Operation, raw: bytes, media_type: str | None, departures: list[str]
    ) -> Any:
        """Return the parsed body of a request for `operation`, None when it takes none.

        Raises:
            Refusal: 415 for another media type, 400 for what the document does not allow.
        """
        shape = self._shapes[operation.id]
        if not operation.body:
            if raw and NEEDLESS_BODY in shape.ids:
                if self._strict:
                    raise Refusal(400, "expected no body, got one", (), "body")
                departures.append(NEEDLESS_BODY)
            return None
        self._check_media_type(shape, media_type, departures)
        value = _parsed(raw)
        errors = self._errors(shape, value, departures)
        if errors:
            _refuse_body(errors)
        return value

    def query(self, operation: Operation, raw: bytes, departures: list[str]) -> dict[str, Any]:
        """Return the declared query parameters, each as the type that the document gives it.

        Undeclared ones are ignored, as HTTP services do, but for the listed departures of
        clients, which the strict mock refuses.

        Raises:
            Refusal: 400 when one is missing or has a value that the document does not allow.
        """
        shape = self._shapes[operation.id]
        if not (shape.queries or raw):
            return {}
        sent = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
        if self._strict:
            _refuse_departures(shape, {name for name, _ in sent})
        found = {}
        for declared in shape.queries:
            texts = [text for name, text in sent if name == declared.name]
            if texts:
                value = _value(declared, texts)
                found[declared.name] = value
                if not self._strict:
                    departures += shape.needed_by_parameter(declared, value)
            elif declared.parameter.required:
                message = f"expected the query parameter {declared.name!r}, got none"
                raise Refusal(400, message, (declared.name,), "query")
        return found

    def path(self, operation: Operation, values: Mapping[str, str], departures: list[str]) -> None:
        """Check the path parameters.

        Raises:
            Refusal: 404, because nothing can be at a path that the document does not allow.
        """
        shape = self._shapes[operation.id]
        for declared in shape.paths:
            text = values[declared.name]
            if not declared.allows(text):
                raise Refusal(404, f"there is no {declared.name} {text!r}")
            if not self._strict:
                departures += shape.needed_by_parameter(declared, text)

    def _check_media_type(
        self, shape: Shape, media_type: str | None, departures: list[str]
    ) -> None:
        if media_type is None:
            if self._strict or UNTYPED not in shape.ids:
                raise Refusal(415, "expected a Content-Type, got none")
            departures.append(UNTYPED)
            return
        accepted = shape.operation.body
        known_type = media_type.partition(";")[0].strip().lower() in accepted
        if not known_type and not self._faults.on("any-media-type"):
            known = ", ".join(accepted)
            raise Refusal(415, f"expected the media type {known}, got {media_type!r}")

    def _errors(
        self, shape: Shape, value: Any, departures: list[str]
    ) -> list[jsonschema_rs.ValidationError]:
        """Return nothing when `value` is valid, else the errors of the alternative meant."""
        try:
            if shape.letter_body.is_valid(value):
                return []
            if shape.body.is_valid(value):
                departures += shape.needed_by_body(value)
                return []
            errors = _meant(shape.body.iter_errors(value))
        except ValueError as error:
            raise Refusal(400, f"expected Unicode text: {error}", (), "body") from error
        return [error for error in errors if not self._forgives(shape.operation, error)]

    def _forgives(self, operation: Operation, error: jsonschema_rs.ValidationError) -> bool:
        return any(
            self._faults.on(fault)
            and (operation.id, error.kind.name) == (forgiven, kind)
            and place in {"", _key(error)}
            for fault, (forgiven, kind, place) in _FORGIVEN.items()
        )


def _refuse_departures(shape: Shape, sent: Set[str]) -> None:
    declared = {parameter.name for parameter in shape.operation.parameters}
    for name in sorted((sent - declared) & shape.departing.keys()):
        raise Refusal(400, f"there is no query parameter {name!r}", (name,), "query")


def _value(declared: Checked, texts: Sequence[str]) -> Any:
    for candidate in _candidates(texts):
        if declared.allows(candidate):
            return candidate
    message = f"{texts[-1]!r} is no value for the query parameter {declared.name!r}"
    raise Refusal(400, message, (declared.name,), "query")


def _parsed(raw: bytes) -> Any:
    if not raw:
        raise Refusal(400, "expected a JSON body, got nothing", (), "body")
    try:
        is_plain = raw.startswith(b"{") and raw[1:2] != b"\0"  # what nearly everybody sends
        encoding = "utf-8" if is_plain else json.detect_encoding(raw)
        return _DECODER.decode(raw.decode(encoding, "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"expected a JSON body: {error}", (), "body") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is too large a number")
    return number


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant, parse_float=_finite)


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
