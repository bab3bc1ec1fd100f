"""Paths, methods and servers: which operation answers a request, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from conformance.gate import lifetime
from conformance.gate.api import Api, Op, nameless
from conformance.gate.bodies import Schemas
from conformance.gate.changes import Change, Verdict, Witness
from conformance.gate.conventions import Game
from conformance.gate.messages import request
from conformance.gate.wire import scalar


def paired(base: Api, head: Api) -> tuple[list[tuple[Op, Op]], list[Op], list[Op]]:
    """Return operations that both have, those that are gone, and those that are new.

    Where the path of the server moved into the paths, or out of them, whole paths are compared.
    """
    whole = _whole_paths_agree(base, head)
    ones = {_key(op, base, whole=whole): op for op in base.operations}
    others = {_key(op, head, whole=whole): op for op in head.operations}
    pairs = [(ones[key], others[key]) for key in ones if key in others]
    gone = [op for key, op in ones.items() if key not in others]
    return pairs, gone, [op for key, op in others.items() if key not in ones]


def _key(op: Op, api: Api, *, whole: bool) -> tuple[str, str]:
    return op.method, nameless(api.prefix + op.path) if whole else nameless(op.path)


def _whole_paths_agree(base: Api, head: Api) -> bool:
    if base.prefix == head.prefix:
        return False
    short = {op.key for op in base.operations} & {op.key for op in head.operations}
    whole = [{_key(op, api, whole=True) for op in api.operations} for api in (base, head)]
    return len(whole[0] & whole[1]) > len(short)


def removed(schemas: Schemas, game: Game, op: Op, today: date) -> Change:
    """Return the change of an operation that is gone."""
    message = request(schemas, op)
    other = _answering(schemas.head, message["method"], message["path"])
    convention, after = lifetime.removal(op, today), "not described"
    if other is not None:
        convention, after = "swallowed-path", f"answered by {other.shown}"
    reason = f"{op.shown}: {after}"
    return Change(
        rule="path-swallowed" if other is not None else "operation-removed",
        verdict=game.of(convention),
        operation=op.shown,
        direction="request",
        where="operation",
        before="described",
        after=after,
        pointer=op.pointer,
        gone=True,
        convention=convention,
        witness=Witness(kind="request", message=message, accepted_by="base", reason=reason),
    )


def added(game: Game, op: Op) -> Change:
    """Return the change of a new operation."""
    return Change(
        rule="operation-added",
        verdict=game.of("additions"),
        operation=op.shown,
        direction="request",
        where="operation",
        before="not described",
        after="described",
        pointer=op.pointer,
        convention="additions",
    )


def swallowed(schemas: Schemas, game: Game, one: Op, other: Op) -> Iterator[Change]:
    """Yield that a request for an operation is answered by a new one from now on.

    A new literal path beside a template takes one value from the template's parameter. Where the
    schema lists that value, somebody uses it; where any text will do, nobody is taken to.
    """
    listed = _listed_paths(schemas, one)
    for message in listed:
        before = _answering(schemas.base, one.method, message["path"])
        after = _answering(schemas.head, one.method, message["path"])
        if before is None or before.key != one.key or after is None or after.key == other.key:
            continue
        text = f"answered by {after.shown}"
        witness = Witness(
            kind="request",
            message=message,
            accepted_by="base",
            reason=f"{message['path']}: {text}",
        )
        yield Change(
            rule="path-swallowed",
            verdict=game.of("swallowed-path"),
            operation=one.shown,
            direction="request",
            where="operation",
            before=f"answered by {one.shown}",
            after=text,
            pointer=after.pointer,
            convention="swallowed-path",
            witness=witness,
        )


def _listed_paths(schemas: Schemas, op: Op) -> Iterator[dict[str, Any]]:
    """Yield requests with each listed value of each path parameter, and one of the smallest."""
    smallest = request(schemas, op)
    yield smallest
    for param in op.params:
        if param.location == "path":
            for value in schemas.listed("base", param.schema):
                yield request(schemas, op, params={("path", param.name): scalar(value)})


def _answering(api: Api, method: str, path: str) -> Op | None:
    """Return the operation that a path is routed to; a literal step wins over a template."""
    routes = api.routes.get(method)
    return routes.find(path.partition("?")[0]) if routes is not None else None


def servers(schemas: Schemas, game: Game) -> Iterator[Change]:
    """Yield servers that are gone; one whose path nothing serves any more breaks every URL."""
    base, head = schemas.base, schemas.head
    if not base.servers or _whole_paths_agree(base, head):
        return
    kept = {_path(url) for url in head.servers} or {""}
    for index, url in enumerate(base.servers):
        if url in head.servers:
            continue
        lost = _path(url) not in kept
        convention = "server-path" if lost else "server"
        reason = f"{url} is no longer a server"
        message = {"method": "GET", "path": f"{_path(url)}/"}
        witness = Witness(kind="request", message=message, accepted_by="base", reason=reason)
        yield Change(
            rule="server-removed",
            verdict=game.of(convention),
            operation="",
            direction="request",
            where="servers",
            before=url,
            after=", ".join(head.servers) or "none",
            pointer=f"/servers/{index}",
            gone=True,
            convention=convention,
            witness=witness if game.of(convention) is Verdict.BREAKING else None,
        )
    for index, url in enumerate(head.servers):
        if url not in base.servers:
            yield Change(
                rule="server-added",
                verdict=game.of("additions"),
                operation="",
                direction="none",
                where="servers",
                before="not listed",
                after=url,
                pointer=f"/servers/{index}",
                convention="additions",
            )


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/")
