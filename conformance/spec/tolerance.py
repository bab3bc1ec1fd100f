"""What real clients send against the document's letter, and real services accept."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from conformance.errors import UnreadableDocument
from conformance.spec import pointers, reading

Kind = Literal["body", "parameter", "transport"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """A departure from the document for which either answer conforms."""

    id: str
    kind: Kind
    """Where it shows: in the JSON body, in one parameter, or in how the request travels."""
    operations: tuple[str, ...]
    """Ids of the operations that it concerns."""
    says: str
    """What the document says."""
    sent: str
    """What clients send instead."""
    clients: tuple[str, ...]
    """Who sends it, with the version read."""
    reason: str
    """Where that is known from, and why a service accepts it."""
    places: tuple[str, ...] = ()
    """Body: pointers into the document to the schemas that `widen` joins."""
    parameter: str = ""
    """Parameter: `query/sharpen`, `path/backend`."""
    widen: Mapping[str, Any] = field(default_factory=dict)
    """Schema, as OpenAPI writes it, of what is accepted there besides; empty for transport."""
    example: Mapping[str, Any] = field(default_factory=dict)
    """A request with the departure: `body`, `query`, `path`, `headers`, each where it matters."""


def read_tolerances(path: Path) -> tuple[Tolerance, ...]:
    """Return what a `tolerances.toml` lists.

    Raises:
        UnreadableDocument: The file is broken, or an entry lacks something.
    """
    return tuple(_entry(table, path) for table in reading.read_toml(path).get("tolerance", []))


def _entry(table: dict[str, Any], path: Path) -> Tolerance:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in table.items()
    }
    try:
        values["example"] = json.loads(values.get("example", "{}"))
        return Tolerance(**values)
    except (TypeError, ValueError) as problem:
        seen = f"{table.get('id', 'one without id')}: {problem}"
        raise UnreadableDocument(str(path), "complete entries", seen) from None


def widen(document: Mapping[str, Any], tolerances: Iterable[Tolerance]) -> dict[str, Any]:
    """Return the document with every listed departure allowed; `document` is left as it was.

    A schema S becomes `anyOf: [S, widen]`; a property or parameter that the document does not
    know is added as it stands in `widen`, never required.

    Raises:
        UnreadableDocument: A place or an operation does not exist.
    """
    listed = [tolerance for tolerance in tolerances if tolerance.widen]
    result = copy.deepcopy(dict(document)) if listed else dict(document)
    for tolerance in listed:
        try:
            _widen_by(result, tolerance)
        except KeyError as missing:
            seen = f"{tolerance.id}: {missing.args[0]}"
            raise UnreadableDocument("tolerances.toml", "places that exist", seen) from None
    return result


def _widen_by(document: dict[str, Any], tolerance: Tolerance) -> None:
    for place in tolerance.places:
        _widen_place(document, place, tolerance.widen)
    if tolerance.kind == "parameter":
        for operation in tolerance.operations:
            _widen_parameter(document, operation, tolerance)


def _widen_place(document: Any, place: str, more: Mapping[str, Any]) -> None:
    try:
        present = pointers.find(document, place)
    except KeyError:
        pointers.put(document, place, dict(more))
    else:
        pointers.put(document, place, _either(present, more))


def _either(present: dict[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return what accepts either; several departures at one place make one list."""
    if present.keys() == {"anyOf"}:
        return {"anyOf": [*present["anyOf"], dict(more)]}
    return {"anyOf": [present, dict(more)]}


def _widen_parameter(document: dict[str, Any], wanted: str, tolerance: Tolerance) -> None:
    location, _, name = tolerance.parameter.partition("/")
    operation = _operation(document, wanted)
    listed = operation.setdefault("parameters", [])
    for number, reference in enumerate(listed):
        parameter = reference
        if "$ref" in reference:
            parameter = copy.deepcopy(pointers.find(document, reference["$ref"]))
        if (parameter.get("in"), parameter.get("name")) == (location, name):
            schema = _either(parameter.get("schema", {}), tolerance.widen)
            listed[number] = {**parameter, "schema": schema}
            return
    listed.append({"name": name, "in": location, "schema": dict(tolerance.widen)})


def _operation(document: Mapping[str, Any], wanted: str) -> dict[str, Any]:
    for item in document["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict) and operation.get("operationId") == wanted:
                return operation
    raise KeyError(wanted)
