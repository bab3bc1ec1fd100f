"""What client libraries are known to send and read, against what a change touches."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from conformance import resources
from conformance.errors import UnknownName, UnreadableDocument
from conformance.gate.api import Api, nameless, read_api
from conformance.gate.bodies import Schemas
from conformance.gate.changes import ORDER, Change, Comparison, Evidence, Verdict, Witness
from conformance.gate.comparing import Source
from conformance.gate.conventions import game
from conformance.gate.messages import answered

FILE = "clients.toml"
NEEDED = {"property-added", "property-required"}
"""Changes by which a request may have to carry what a client does not send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What the clients of one provider send and read, as `benchmarks/gate/clients.py` measured.

    `hosts` are where the provider serves its API; each entry names a client and its version, an
    operation, and the places of its bodies that are sent and read.
    """

    provider: str
    hosts: frozenset[str]
    entries: tuple[Mapping[str, Any], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The clients, each with its version."""
        return tuple(dict.fromkeys(str(entry["name"]) for entry in self.entries))

    def common(self, api: Api) -> int:
        """How many of the table's operations a document describes."""
        theirs = {nameless(operation.shown) for operation in api.operations}
        return len(theirs & {nameless(str(entry["operation"])) for entry in self.entries})


def tables() -> tuple[Table, ...]:
    """Return the bundled tables.

    Raises:
        UnreadableDocument: One is broken.
    """
    return tuple(map(_read, sorted(resources.folder("specs").glob(f"*/*/{FILE}"))))


def _read(path: Path) -> Table:
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as problem:
        raise UnreadableDocument(str(path), "a TOML file", str(problem)) from None
    return Table(
        provider=path.parts[-3],
        hosts=frozenset(content.get("hosts", ())),
        entries=tuple(content.get("client", ())),
    )


def table_for(base: Source, provider: str = "") -> Table | None:
    """Return the table of a provider, or else of the one whose document `base` seems to be.

    A document is a provider's when it names one of its hosts as a server, or describes at least
    half of the operations that the provider's clients use.

    Raises:
        UnknownName: There is no table of this provider.
    """
    known = tables()
    if provider:
        for table in known:
            if table.provider == provider:
                return table
        names = tuple(table.provider for table in known)
        raise UnknownName(kind="provider", wanted=provider, known=names, where="--provider")
    for table in known:
        if table.hosts & _hosts(base.document):
            return table
    api = read_api(base.document, base.name)
    likely = max(known, key=lambda table: table.common(api))
    operations = {entry["operation"] for entry in likely.entries}
    return likely if likely.common(api) * 2 >= len(operations) else None


def _hosts(document: Mapping[str, Any]) -> set[str]:
    servers = document.get("servers")
    listed = servers if isinstance(servers, list) else []
    urls = (server.get("url") for server in listed if isinstance(server, Mapping))
    return {urlsplit(url).netloc for url in urls if isinstance(url, str)}


def known_by_clients(
    comparison: Comparison, base: Source, head: Source, provider: str = ""
) -> Comparison:
    """Return the comparison with the clients that send or read what a change touches.

    Args:
        comparison: Of `base` and `head`.
        base: The document that the clients were written for.
        head: The document that is to replace it.
        provider: Whose clients; found by `base` when left out.

    Raises:
        UnknownName: There is no table of this provider.
    """
    table = table_for(base, provider)
    if table is None:
        told = "clients: no bundled table is of this API; --provider names one"
        return replace(comparison, notes=(*comparison.notes, told))
    apis = read_api(base.document, base.name), read_api(head.document, head.name)
    schemas = Schemas(base=apis[0], head=apis[1], game=game(), budget=1.0)
    changes = [_known(schemas, change, table.entries) for change in comparison.changes]
    changes.sort(key=lambda change: ORDER.index(change.verdict))
    told = f"clients of {table.provider}: {', '.join(table.names)}"
    return replace(comparison, changes=tuple(changes), notes=(*comparison.notes, told))


def _known(schemas: Schemas, change: Change, entries: Sequence[Mapping[str, Any]]) -> Change:
    """Return a change with the clients that send or read what it touches.

    What a client reads and a response no longer has to carry breaks that client, so a risky
    removal becomes breaking.
    """
    if change.verdict is Verdict.COMPATIBLE:
        return change
    found = tuple(
        Evidence(source=str(entry["name"]), text=text)
        for entry in entries
        if nameless(str(entry.get("operation"))) == nameless(change.operation)
        and (text := _use(change, entry))
    )
    if not found:
        return change
    change = replace(change, evidence=(*change.evidence, *found))
    if change.rule == "property-removed" and change.direction == "response":
        told = f"A client reads it: {', '.join(each.source for each in found)}."
        witness = _without(schemas, change, told)
        if witness is not None:
            change = replace(change, verdict=Verdict.BREAKING, note=told, witness=witness)
    return change


def _without(schemas: Schemas, change: Change, reason: str) -> Witness | None:
    """Return the smallest response of the head, which has no member that is not described."""
    status = change.where.partition(".")[0].removeprefix("response ")
    for op in schemas.head.operations:
        one = next((o for o in schemas.base.operations if o.shown == change.operation), None)
        if one is not None and op.key == one.key and status in op.answers:
            message = answered(schemas, op.answers[status])
            return Witness(kind="response", message=message, accepted_by="head", reason=reason)
    return None


def _use(change: Change, entry: Mapping[str, Any]) -> str:
    """Return what a client does with the place of a change; nothing when it does not touch it."""
    place = "/".join(change.where.split("/")[1:])
    if not place:
        return f"uses {change.operation}"
    word = "sends" if change.direction == "request" else "reads"
    used: Sequence[str] = entry.get(word, ())
    if any(each == place or each.startswith(f"{place}/") for each in used):
        return f"{word} {place}"
    above, _, member = place.rpartition("/")
    if change.rule in NEEDED and word == "sends" and (above in used if above else used):
        return f"sends {above or 'a body'} without {member}"
    return ""
