"""Proof that the list of disagreements is complete and that every entry is real."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from conformance.errors import ConformanceError
from conformance.model import Schema, Specification
from conformance.spec import comparing, pointers, reading
from conformance.spec.comparing import Difference
from conformance.spec.conversion import Converter
from conformance.spec.judging import accepts
from conformance.spec.normative import (
    Body,
    Disagreement,
    read_bodies,
    read_disagreements,
    set_aside,
)
from conformance.spec.proof import Proof

_AREA = "disagreements"


def disagreement_proofs(folder: Path, specification: Specification) -> Iterator[Proof]:
    """Yield a proof for every listed disagreement and for the absence of others.

    Args:
        folder: Holds `normative.toml`, `disagreements.toml` and `schemas/`.
        specification: The OpenAPI document of the folder, its overlay applied.

    Raises:
        UnreadableDocument: A file of the folder is missing or broken.
    """
    converter = Converter(specification.document, specification.source)
    listed = read_disagreements(folder)
    covered: set[tuple[str, str, str, str]] = set()
    for body in read_bodies(folder):
        reference = {"$ref": f"#/components/schemas/{body.component}"}
        openapi = converter.convert(reference, body.direction)
        json_schema = reading.read_json(folder / body.document)
        found = find_differences(openapi, json_schema)
        mine = [e for e in listed if (body.document, body.component) in _bodies(e)]
        covered |= {(body.document, body.component, entry.pointer, entry.keyword) for entry in mine}
        yield from _body_proofs(body, openapi, json_schema, found, mine)
    for key in sorted({key for entry in listed for key in entry.covers()} - covered):
        text = f"{' '.join(key)}: normative.toml has no such body"
        yield Proof(area=_AREA, holds=False, text=text)


def find_differences(openapi: Schema, json_schema: Schema) -> list[Difference]:
    """Return where a JSON Schema says something that an OpenAPI component does not.

    Args:
        openapi: The component, converted to JSON Schema.
        json_schema: The other document.
    """
    return comparing.differences(comparing.flatten(openapi), comparing.flatten(json_schema))


def _bodies(entry: Disagreement) -> set[tuple[str, str]]:
    return {(entry.document, component) for component in entry.components}


def _body_proofs(
    body: Body,
    openapi: Schema,
    json_schema: Schema,
    found: Sequence[Difference],
    listed: Sequence[Disagreement],
) -> Iterator[Proof]:
    real = {(difference.pointer, difference.keyword): difference for difference in found}
    known = {(entry.pointer, entry.keyword) for entry in listed}
    name = f"{body.document} and {body.component}"
    for key in sorted(real.keys() - known):
        text = f"{name} differ in {key[1]} at {key[0] or '/'}, which is not listed"
        yield Proof(area=_AREA, holds=False, text=text)
    current = [entry for entry in listed if (entry.pointer, entry.keyword) in real]
    yield _sample_proof(body, openapi, set_aside(json_schema, body, current), name)
    for entry in listed:
        text = f"{name} differ in {entry.keyword} at {entry.pointer or '/'}"
        difference = real.get((entry.pointer, entry.keyword))
        problem = "they agree there, or say nothing"
        if difference is not None:
            problem = _misquoted(entry, difference) or _unwitnessed(
                entry, body, openapi, json_schema, current
            )
        text = f"{text}: {problem}" if problem else f"{text}; {entry.binds} binds"
        yield Proof(area=_AREA, holds=not problem, text=text)


def _sample_proof(body: Body, openapi: Schema, rest: Schema, name: str) -> Proof:
    text = f"{name} accept the sample, listed disagreements set aside"
    refusing = [
        document
        for document, schema in ((body.component, openapi), (body.document, rest))
        if not accepts(schema, body.sample)
    ]
    if refusing:
        text += f": refused by {' and '.join(refusing)}"
    return Proof(area=_AREA, holds=not refusing, text=text)


def _misquoted(entry: Disagreement, difference: Difference) -> str:
    for who, listed, said in (
        ("the OpenAPI document", entry.openapi, difference.openapi),
        ("the JSON Schema", entry.json_schema, difference.json_schema),
    ):
        if listed != said:
            return f"{who} says {said}, not {listed}"
    return ""


def _unwitnessed(
    entry: Disagreement,
    body: Body,
    openapi: Schema,
    json_schema: Schema,
    current: Sequence[Disagreement],
) -> str:
    """Return what is wrong with the witness; nothing when it shows this difference alone."""
    others = [other for other in current if other is not entry]
    alone = set_aside(json_schema, body, others)
    try:
        witness = witness_of(entry, body)
        by_openapi, by_json_schema = accepts(openapi, witness), accepts(alone, witness)
        without = accepts(set_aside(json_schema, body, current), witness)
    except ConformanceError as problem:
        return str(problem)
    except (KeyError, ValueError) as problem:
        return f"its witness cannot be made ({problem})"
    expected = (True, False) if entry.accepted_by == "openapi" else (False, True)
    if (by_openapi, by_json_schema) != expected:
        said = {True: "accepts", False: "refuses"}
        return (
            f"the witness should be accepted by {entry.accepted_by} only; openapi "
            f"{said[by_openapi]} it, json-schema {said[by_json_schema]} it"
        )
    if entry.accepted_by == "openapi" and not without:
        return "the witness breaks another rule of the JSON Schema, too"
    return ""


def witness_of(entry: Disagreement, body: Body) -> Any:
    """Return the instance that shows a disagreement: the sample, changed at its pointer.

    Raises:
        KeyError: The sample has no such place.
        ValueError: The value is no JSON text.
    """
    witness = json.loads(json.dumps(body.sample))
    pointer = entry.pointer.replace(f"/{comparing.ANYWHERE}", "/0")
    if entry.value:
        pointers.put(witness, pointer, json.loads(entry.value))
        return witness
    *above, last = pointers.steps(pointer)
    pointers.find(witness, pointers.join(above)).pop(last, None)
    return witness
