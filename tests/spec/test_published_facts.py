"""The bundled documents state the facts of the published ones, in words of their own."""

from __future__ import annotations

import copy
import hashlib
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from conformance import resources

SPECS = resources.folder("specs")
FOLDER = SPECS / "ionq" / "v0.4"
SHARED = Path(__file__).resolve().parents[3] / "shared"
_UPSTREAM = SHARED / "upstream"
PUBLISHED = {
    "ionq/v0.4/openapi.yaml": _UPSTREAM / "ionq" / "openapi.yml",
    "ionq/v0.4/schemas/backend.json": _UPSTREAM / "ionq" / "ionq-backend-schema.json",
    "ionq/v0.4/schemas/job.json": SHARED / "seeds" / "ionq-job-schema.json",
    "ionq/v0.4/schemas/session.json": SHARED / "seeds" / "ionq-session-schema.json",
    "ibm/v1/openapi.yaml": _UPSTREAM / "ibm" / "ibm-quantum-runtime-sessions-openapi.yml",
    "ibm/v1/schemas/session.json": SHARED / "seeds" / "ibm-quantum-session-schema.json",
    "scaleway/v1alpha1/openapi.yaml": _UPSTREAM / "scaleway" / "scaleway.qaas.v1alpha1.Api.yml",
}
PROSE = {"description", "summary", "example", "examples", "contact"}
NAMED = {"properties", "schemas", "parameters", "responses", "paths", "securitySchemes"}
"""Keywords whose object has names of the author's choice for keys."""

beside_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the published documents stand beside the checkout only here"
)


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def facts(node: Any, place: str = "", *, names: bool = False) -> Iterator[tuple[str, str]]:
    """Yield every fact as (place, value); lists keep their order, prose is left out."""
    if isinstance(node, dict):
        kept = {k: v for k, v in node.items() if names or not _is_prose(str(k), place)}
        for key, value in kept.items():
            inner = not names and key in NAMED and isinstance(value, dict)
            yield from facts(value, f"{place}/{key}", names=inner)
        if not kept and place.count("/") > 2:  # an empty section of a document says nothing
            yield place, "{}"
    elif isinstance(node, list):
        if not node and place.endswith("/parameters"):  # no parameters, said or unsaid
            return
        yield place, f"{len(node)} entries"
        for number, value in enumerate(node):
            yield from facts(value, f"{place}/{number}")
    else:
        yield place, json.dumps(node, default=str)


def _is_prose(key: str, place: str) -> bool:
    title_of_document = place == "/info" and key == "title"
    return key in PROSE or key.startswith("x-") or key == "$id" or title_of_document


def different(one: Any, other: Any) -> set[str]:
    """Return the places of all facts that only one of two documents states."""
    return {place for place, _ in set(facts(one)) ^ set(facts(other))}


def prose(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key in {"description", "summary"} and isinstance(value, str):
                yield " ".join(value.split())
            yield from prose(value)
    elif isinstance(node, list):
        for value in node:
            yield from prose(value)


DEFINED_BY_US = {
    "/components/parameters/IBM-API-Version",
    "/components/securitySchemes/IBMCloudAPIKey",
    "/components/securitySchemes/IBMCloudAuth",
}
"""What IBM's published document refers to and does not define."""


def published_part(ours: Any, theirs: Any) -> Any:
    """Return `ours` without the paths, components and tags that `theirs` does not have."""
    kept = copy.deepcopy(ours)
    for part in ("paths",) if "paths" in theirs else ():
        kept[part] = {name: item for name, item in ours[part].items() if name in theirs[part]}
        kept["tags"] = [tag for tag in ours["tags"] if tag["name"] in _names(theirs["tags"])]
        schemas = theirs["components"]["schemas"]
        kept["components"]["schemas"] = {n: kept["components"]["schemas"][n] for n in schemas}
    return kept


def _names(tags: list[dict[str, Any]]) -> set[str]:
    return {tag["name"] for tag in tags}


@beside_shared
@pytest.mark.parametrize("name", PUBLISHED)
def test_no_fact_differs_from_the_published_document(name: str) -> None:
    ours, theirs = read(SPECS / name), read(PUBLISHED[name])
    if name.startswith("ibm/"):
        ours = published_part(ours, theirs)
    found = different(ours, theirs)
    assert {place for place in found if not place.startswith(tuple(DEFINED_BY_US))} == set()


@beside_shared
@pytest.mark.parametrize("name", PUBLISHED)
def test_no_sentence_is_taken_from_the_published_document(name: str) -> None:
    theirs = " ".join(prose(read(PUBLISHED[name]))).lower()
    taken = [text for text in prose(read(SPECS / name)) if text.lower() in theirs]
    assert [text for text in taken if len(text) > 25] == []


@beside_shared
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_stated_digest_is_that_of_the_published_document(name: str) -> None:
    provider, version, file = name.split("/", 2)
    provenance = SPECS / provider / version / "provenance.toml"
    tables = tomllib.loads(provenance.read_text())["document"]
    stated = {table["file"]: table["sha256"] for table in tables}
    assert stated[file] == hashlib.sha256(PUBLISHED[name].read_bytes()).hexdigest()


def test_the_document_has_every_operation_and_component() -> None:
    document = read(FOLDER / "openapi.yaml")
    assert sum(len(item) for item in document["paths"].values()) == 25
    assert len(document["components"]["schemas"]) == 84


def _swap(items: list[Any]) -> None:
    items[0], items[1] = items[1], items[0]


def _rename(holder: dict[str, Any], old: str, new: str) -> None:
    holder[new] = holder.pop(old)


def _schema(document: Any, name: str) -> Any:
    return document["components"]["schemas"][name]


def _member(document: Any, name: str, member: str) -> Any:
    return _schema(document, name)["properties"][member]


def _query(document: Any) -> Any:
    return document["paths"]["/jobs"]["get"]["parameters"]


MUTATIONS: dict[str, Callable[[Any], Any]] = {
    "a path": lambda d: _rename(d["paths"], "/jobs", "/job"),
    "a method": lambda d: _rename(d["paths"]["/jobs"], "post", "put"),
    "an operation id": lambda d: d["paths"]["/jobs"]["post"].update(operationId="createJob"),
    "a parameter": lambda d: _query(d).pop(),
    "a parameter's name": lambda d: _query(d)[0].update(name="id"),
    "a parameter's location": lambda d: d["components"]["parameters"]["uuid"].update(
        {"in": "query"}
    ),
    "a parameter's need": lambda d: _query(d)[0].update(required=True),
    "the order of parameters": lambda d: _swap(_query(d)),
    "a status": lambda d: d["paths"]["/jobs"]["post"]["responses"].pop("503"),
    "a media type": lambda d: _rename(
        d["paths"]["/jobs"]["post"]["requestBody"]["content"], "application/json", "text/json"
    ),
    "a body's need": lambda d: d["paths"]["/jobs"]["post"]["requestBody"].update(required=False),
    "open access": lambda d: d["paths"]["/backends"]["get"].pop("security"),
    "a needed key": lambda d: d["paths"]["/jobs"]["get"].pop("security"),
    "a component's name": lambda d: _rename(d["components"]["schemas"], "Noise", "noise"),
    "a type": lambda d: _member(d, "Noise", "seed").update(type="number"),
    "a format": lambda d: _member(d, "Noise", "seed").pop("format"),
    "a bound": lambda d: _member(d, "Backend", "qubits").update(minimum=1),
    "a default": lambda d: _schema(d, "pagination-page").update(default=2),
    "nullable": lambda d: _member(d, "Session", "backend").pop("nullable"),
    "an enum": lambda d: _schema(d, "JobStatus")["enum"].remove("ready"),
    "the order of an enum": lambda d: _swap(_schema(d, "JobStatus")["enum"]),
    "a required member": lambda d: _schema(d, "BaseJob")["required"].remove("id"),
    "a member": lambda d: _schema(d, "BaseJob")["properties"].pop("shots"),
    "a closed object": lambda d: _schema(d, "Noise").pop("additionalProperties"),
    "an empty demand": lambda d: _schema(d, "JsonObject").pop("additionalProperties"),
    "a title": lambda d: _member(d, "Ansatz", "data").pop("title"),
    "a reference": lambda d: _schema(d, "GetJobResponse").update(
        {"$ref": "#/components/schemas/BaseJob"}
    ),
    "the order of alternatives": lambda d: _swap(_schema(d, "JobCreationPayload")["anyOf"]),
    "a discriminator": lambda d: _schema(d, "QuantumFunctionInput").pop("discriminator"),
    "a security scheme": lambda d: d["components"]["securitySchemes"]["apiKeyAuth"].update(
        name="X"
    ),
    "a server": lambda d: d["servers"][0].update(url="https://api.ionq.co/v0.5"),
    "a tag": lambda d: d["paths"]["/whoami"]["get"].pop("tags"),
    "a version": lambda d: d["info"].update(version="v0.5"),
}


@pytest.mark.parametrize("kind", MUTATIONS)
def test_the_comparison_sees_a_change_of_every_kind_of_fact(kind: str) -> None:
    document = read(FOLDER / "openapi.yaml")
    changed = copy.deepcopy(document)
    MUTATIONS[kind](changed)
    assert different(document, changed)


def test_the_comparison_overlooks_prose() -> None:
    document = read(FOLDER / "openapi.yaml")
    changed = copy.deepcopy(document)
    changed["info"]["title"] = "another"
    changed["paths"]["/jobs"]["get"]["summary"] = "another"
    changed["components"]["schemas"]["Noise"]["description"] = "another"
    assert different(document, changed) == set()


def test_a_member_called_like_prose_is_a_fact() -> None:
    schema = {"properties": {"description": {"type": "string"}}}
    assert different(schema, {"properties": {}})


FILES = sorted(path for path in SPECS.rglob("*") if path.is_file())


@pytest.mark.parametrize("path", FILES, ids=[str(f.relative_to(SPECS)) for f in FILES])
def test_no_file_names_a_machine_of_ours(path: Path) -> None:
    assert not re.search(r"/(work|tmp|home|root)/", path.read_text(encoding="utf-8"))
