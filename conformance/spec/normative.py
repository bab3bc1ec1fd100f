"""Which document binds which body, and what of it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from conformance.errors import UnreadableDocument
from conformance.model import Binding, Schema
from conformance.spec import comparing, reading

Side = Literal["openapi", "json-schema"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body that a JSON Schema describes besides the OpenAPI document."""

    document: str
    """File of the JSON Schema, below the provider's folder."""
    component: str
    """The same body in the OpenAPI document, by the name of its component schema."""
    direction: Literal["request", "response"]
    places: tuple[Mapping[str, str], ...]
    """Where it travels: `operation`, `status` (of a response) and `at`, a pointer pattern."""
    sample: Any
    """A body that both accept once every listed disagreement is set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A place where the OpenAPI document and a JSON Schema say different things."""

    document: str
    components: tuple[str, ...]
    pointer: str
    """Place in the body; `*` stands for every element."""
    keyword: str
    """The keyword that differs; `properties` for a member described in one, forbidden in the
    other; `required` stands at the member itself."""
    openapi: str
    """What the OpenAPI document says there, as JSON text, or `silent`."""
    json_schema: str
    """What the JSON Schema says there, as JSON text."""
    binds: Side
    """Whose statement holds for a service."""
    reason: str
    accepted_by: Side
    """Which of the two accepts the witness."""
    value: str = ""
    """JSON text: the sample of the body with this value at `pointer` is the witness; when empty,
    the sample with nothing there is."""

    def covers(self) -> set[tuple[str, str, str, str]]:
        """Return (document, component, pointer, keyword) of everything the entry covers."""
        return {(self.document, name, self.pointer, self.keyword) for name in self.components}


def read_bodies(folder: Path) -> tuple[Body, ...]:
    """Return the table of `normative.toml`.

    Raises:
        UnreadableDocument: The file is missing, broken or incomplete.
    """
    path = folder / "normative.toml"
    bodies = []
    for table in reading.read_toml(path).get("body", []):
        try:
            sample = json.loads(table.pop("sample", "null"))
            bodies.append(Body(places=tuple(table.pop("places")), sample=sample, **table))
        except (TypeError, KeyError, ValueError) as problem:
            seen = f"{table.get('component', 'one without component')}: {problem}"
            raise UnreadableDocument(str(path), "complete entries", seen) from None
    return tuple(bodies)


def read_disagreements(folder: Path) -> tuple[Disagreement, ...]:
    """Return what `disagreements.toml` lists.

    Raises:
        UnreadableDocument: The file is missing, broken or incomplete.
    """
    path = folder / "disagreements.toml"
    entries = []
    for table in reading.read_toml(path).get("disagreement", []):
        try:
            entries.append(Disagreement(components=tuple(table.pop("components")), **table))
        except (TypeError, KeyError) as problem:
            seen = f"{table.get('pointer', 'one without pointer')}: {problem}"
            raise UnreadableDocument(str(path), "complete entries", seen) from None
    return tuple(entries)


def bindings_of(folder: Path, shown: str) -> tuple[Binding, ...]:
    """Return what the JSON Schemas of a folder demand of responses.

    A statement that `disagreements.toml` decides for the OpenAPI document is left out.

    Args:
        folder: Of one version of a provider's contract.
        shown: What to call the folder.

    Raises:
        UnreadableDocument: A file is missing or broken, or an entry names no statement.
    """
    entries = read_disagreements(folder)
    found = []
    for body in read_bodies(folder):
        if body.direction == "response":
            schema = reading.read_json(folder / body.document)
            overruled = [entry for entry in entries if entry.binds == "openapi"]
            effective = set_aside(schema, body, overruled)
            found += [
                Binding(
                    document=f"{shown}/{body.document}",
                    operation=place["operation"],
                    status=place["status"],
                    place=place["at"],
                    schema=effective,
                )
                for place in body.places
            ]
    return tuple(found)


def set_aside(schema: Schema, body: Body, entries: Iterable[Disagreement]) -> Schema:
    """Return the JSON Schema of `body` without the statements that `entries` name for it.

    Raises:
        UnreadableDocument: An entry names a statement that the schema does not make.
    """
    mine = [e for e in entries if e.document == body.document and body.component in e.components]
    # A member that goes altogether goes last, after the statements about it.
    for entry in sorted(mine, key=lambda entry: entry.keyword == "properties"):
        try:
            schema = comparing.without(schema, entry.pointer, entry.keyword)
        except KeyError:
            seen = f"{entry.keyword} at {entry.pointer or 'the top'}"
            raise UnreadableDocument(body.document, "the statement listed", seen) from None
    return schema
