"""Proof that a provider's folder is what it claims to be; `qconform specs check` prints it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from conformance.errors import ConformanceError
from conformance.model import Specification
from conformance.spec import loading, overlaying, reading
from conformance.spec.describing import METHODS
from conformance.spec.disagreeing import disagreement_proofs
from conformance.spec.judging import accepts_request
from conformance.spec.normative import read_bodies
from conformance.spec.proof import Proof
from conformance.spec.tolerance import read_tolerances

_FIELDS = ("title", "publisher", "url", "date", "licence", "sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contract:
    """A folder and its documents in every form that a proof needs."""

    folder: Path
    published: dict[str, Any]
    overlay: dict[str, Any]
    strict: Specification
    lenient: Specification


def prove(folder: Path) -> Iterator[Proof]:
    """Yield one proof for everything that a folder claims; a failed one says what is wrong.

    A document that cannot be read, or is not valid, ends the proofs: nothing after it could be
    judged.
    """
    try:
        contract = _read(folder)
        documents = list(_documents(contract))
        yield from documents
        if not all(proof.holds for proof in documents):
            return
        yield from _overlay(contract)
        yield from _provenance(contract)
        yield from _normative(contract)
        yield from disagreement_proofs(folder, contract.strict)
        yield from _tolerances(contract)
    except ConformanceError as problem:
        yield Proof(area="documents", holds=False, text=str(problem))


def _read(folder: Path) -> _Contract:
    return _Contract(
        folder=folder,
        published=reading.read_document(folder / "openapi.yaml"),
        overlay=reading.read_document(folder / "overlay.yaml", what="an OpenAPI overlay"),
        strict=loading.load_folder(folder),
        lenient=loading.load_folder(folder, lenient=True),
    )


def _documents(contract: _Contract) -> Iterator[Proof]:
    shapes = {
        "openapi.yaml": contract.published,
        "openapi.yaml with overlay.yaml": contract.strict.document,
        "openapi.yaml with overlay.yaml and tolerances.toml": contract.lenient.document,
    }
    for name, document in shapes.items():
        problem = _openapi_problem(document)
        yield _proof("documents", f"{name} is a valid OpenAPI document", problem)
    for path in sorted((contract.folder / "schemas").glob("*.json")):
        problem = _schema_problem(reading.read_json(path))
        yield _proof("documents", f"schemas/{path.name} is a valid JSON Schema 2020-12", problem)
    for operation in contract.strict.operations:
        schemas = [*operation.body.values(), *(p.schema for p in operation.parameters)]
        for response in operation.responses.values():
            schemas += response.content.values()
        problem = next(filter(None, map(_schema_problem, schemas)), "")
        text = f"{operation.id}: its {len(schemas)} schemas are valid JSON Schema 2020-12"
        yield _proof("documents", text, problem)
    yield from _links(contract.strict)


def _links(specification: Specification) -> Iterator[Proof]:
    """Prove that links lead to operations and set parameters that those have."""
    known = {o.id: {p.name for p in o.parameters} for o in specification.operations}
    document = specification.document
    holders = [
        response
        for item in document["paths"].values()
        for method, operation in item.items()
        if method in METHODS
        for response in operation["responses"].values()
    ]
    holders += document.get("components", {}).get("responses", {}).values()
    for holder in holders:
        for name, link in holder.get("links", {}).items():
            wanted, given = link.get("operationId"), set(link.get("parameters", {}))
            fits = wanted in known and given <= known[wanted]
            text = f"link {name} sets {', '.join(sorted(given))} of {wanted}"
            yield _proof("documents", text, "" if fits else "there is no such thing")


def _openapi_problem(document: Any) -> str:
    from openapi_spec_validator import validate
    from openapi_spec_validator.validation.exceptions import OpenAPIValidationError

    try:
        validate(json.loads(json.dumps(document)))
    except (OpenAPIValidationError, jsonschema.ValidationError) as problem:
        return str(getattr(problem, "message", problem))
    return ""


def _schema_problem(schema: Any) -> str:
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as problem:
        return str(problem.message)
    return ""


def _overlay(contract: _Contract) -> Iterator[Proof]:
    """Prove every action as it is met, for a later one may select what an earlier one made."""
    name = "overlay.yaml"
    document = contract.published
    for number, action in enumerate(overlaying.actions_of(contract.overlay, name)):
        count = overlaying.matches(document, action["target"])
        text = f"action {number} selects {count} places: {action['target']}"
        yield _proof("overlay", text, "" if count else "it must select at least one")
        reason = str(action.get("description", ""))
        yield _proof("overlay", f"action {number} gives a reason", "" if reason else "it has none")
        document = overlaying.apply(document, {**contract.overlay, "actions": [action]}, name)
    from oas_patch import apply_overlay  # type: ignore[import-untyped]  # it ships no types

    published = json.loads(json.dumps(contract.published))
    same = apply_overlay(published, contract.overlay) == document
    yield _proof("overlay", "oas-patch makes the same document of it", "" if same else "it differs")


def _provenance(contract: _Contract) -> Iterator[Proof]:
    folder = contract.folder
    tables = reading.read_toml(folder / "provenance.toml").get("document", [])
    listed = {str(table.get("file")): table for table in tables}
    present = {"openapi.yaml", *(f"schemas/{p.name}" for p in (folder / "schemas").glob("*.json"))}
    for name in sorted(present | listed.keys()):
        if name not in present:
            problem = "there is no such file"
        else:
            lacking = [field for field in _FIELDS if not listed.get(name, {}).get(field)]
            problem = f"it lacks {', '.join(lacking)}" if lacking else ""
        yield _proof("provenance", f"{name} has its origin stated", problem)


def _normative(contract: _Contract) -> Iterator[Proof]:
    known = {(o.id, status) for o in contract.strict.operations for status in o.responses}
    accepting = {operation.id for operation in contract.strict.operations if operation.body}
    for body in read_bodies(contract.folder):
        for place in body.places:
            if body.direction == "request":
                found = place["operation"] in accepting
            else:
                found = (place["operation"], place["status"]) in known
            text = f"{body.document} binds {body.component} at {place['operation']} {place['at']}"
            yield _proof("normative", text.rstrip(), "" if found else "no such body is declared")


def _tolerances(contract: _Contract) -> Iterator[Proof]:
    known = {operation.id for operation in contract.strict.operations}
    for tolerance in read_tolerances(contract.folder / "tolerances.toml"):
        for wanted in tolerance.operations:
            if wanted not in known:
                yield _proof("tolerances", tolerance.id, f"there is no operation {wanted}")
                continue
            strict = accepts_request(contract.strict.operation(wanted), tolerance.example)
            lenient = accepts_request(contract.lenient.operation(wanted), tolerance.example)
            text = f"{tolerance.id}: {wanted} refuses {tolerance.sent} by the letter"
            yield _proof("tolerances", text, "it is accepted as it stands" if strict else "")
            if tolerance.kind != "transport":
                text = f"{tolerance.id}: {wanted} accepts {tolerance.sent} when lenient"
                yield _proof("tolerances", text, "" if lenient else "it is refused all the same")


def _proof(area: str, text: str, problem: str) -> Proof:
    return Proof(area=area, holds=not problem, text=f"{text}: {problem}" if problem else text)
