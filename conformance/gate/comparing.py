"""Two documents to every change between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from conformance.errors import UnreadableDocument
from conformance.gate import calls, lifetime, parameters, responses, routes, security
from conformance.gate.api import Api, Op, media_for, read_api
from conformance.gate.bodies import Found, Pair, Schemas
from conformance.gate.changes import ORDER, Change, Comparison, Document, Verdict, Witness
from conformance.gate.conventions import Game
from conformance.gate.hints import hints
from conformance.gate.messages import request, response
from conformance.gate.wire import is_textual

BUDGET = 2.0
"""Seconds in which a witness for one difference is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document that was read, and what to call it."""

    document: Mapping[str, Any]
    name: str
    digest: str = ""

    def identity(self) -> Document:
        """Return what a report says of it."""
        info = self.document.get("info") or {}
        title, version = str(info.get("title", "")), str(info.get("version", ""))
        return Document(name=self.name, title=title, version=version, digest=self.digest)


def compare(
    base: Source,
    head: Source,
    game: Game,
    *,
    today: date,
    budget: float = BUDGET,
) -> Comparison:
    """Return every change from `base` to `head`, the worst first.

    Args:
        base: The document that clients know.
        head: The document that is to replace it.
        game: The conventions in force.
        today: The day, for sunsets.
        budget: Seconds in which a witness for one difference is looked for.

    Raises:
        UnreadableDocument: A document is not what it should be.
    """
    started = time.monotonic()
    apis = read_api(base.document, base.name), read_api(head.document, head.name)
    comparer = Comparer(
        schemas=Schemas(base=apis[0], head=apis[1], game=game, budget=budget),
        game=game,
        today=today,
    )
    unstable = {op.shown for op in apis[0].operations if lifetime.is_unstable(op)}
    found = (_softened(c, game) if c.operation in unstable else c for c in comparer.changes())
    try:
        changes = sorted(found, key=_order)
    except RecursionError:
        name, seen = f"{base.name} or {head.name}", "one that contains itself at its own place"
        raise UnreadableDocument(name, "schemas that end somewhere", seen) from None
    keys = {op.key for api in apis for op in api.operations}
    return Comparison(
        base=base.identity(),
        head=head.identity(),
        changes=tuple(_unique(changes)),
        operations=len(keys),
        seconds=time.monotonic() - started,
    )


def _softened(change: Change, game: Game) -> Change:
    """Return the change of an operation on which nobody was told to rely."""
    if change.verdict not in {Verdict.BREAKING, Verdict.SUSPECTED}:
        return change
    convention = "unstable-operation"
    return replace(change, verdict=game.of(convention), convention=convention)


def _order(change: Change) -> tuple[object, ...]:
    return (
        ORDER.index(change.verdict),
        change.operation,
        change.direction,
        change.where,
        change.rule,
    )


def _unique(changes: list[Change]) -> Iterator[Change]:
    seen: set[str] = set()
    for change in changes:
        if change.fingerprint not in seen:
            seen.add(change.fingerprint)
            yield change


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparer:
    """Compares two APIs part by part."""

    schemas: Schemas
    game: Game
    today: date

    @property
    def base(self) -> Api:
        """The API that clients know."""
        return self.schemas.base

    @property
    def head(self) -> Api:
        """The API that is to replace it."""
        return self.schemas.head

    def changes(self) -> Iterator[Change]:
        """Yield every change."""
        yield from routes.servers(self.schemas, self.game)
        yield from security.schemes(self.base, self.head, self.game)
        pairs, gone, come = routes.paired(self.base, self.head)
        for op in gone:
            yield routes.removed(self.schemas, self.game, op, self.today)
        for op in come:
            yield routes.added(self.game, op)
        for one, other in pairs:
            yield from self.operation(one, other)
            yield from routes.swallowed(self.schemas, self.game, one, other)
        yield from calls.compare(self, self.base.webhooks, self.head.webhooks)

    def operation(self, one: Op, other: Op) -> Iterator[Change]:
        """Yield what changed of one operation."""
        yield from lifetime.operation(one, other, self.game, self.today)
        yield from security.operation(self.schemas, one, other)
        yield from parameters.compare(self, one, other)
        yield from self.body(one, other)
        yield from responses.compare(self, one, other)
        yield from calls.compare(self, one.calls, other.calls)

    def body(self, one: Op, other: Op) -> Iterator[Change]:
        """Yield what changed of the body of a request."""
        was, now = one.body, other.body
        if was is None and now is None:
            return
        if was is None:
            yield from self._body_added(one, other)
            return
        if now is None:
            shown = ", ".join(was.content)
            yield self._refused(
                one, "body-removed", "request.body", shown, "no body", was.pointer, gone=True
            )
            return
        if was.required != now.required:
            yield self._body_required(one, other)
        for name, media in was.content.items():
            found = media_for(now.content, name)
            if found is None:
                yield self._media_removed(one, name, media.pointer)
                continue
            pair = Pair(
                base=media.schema,
                head=found.schema,
                base_pointer=media.schema_pointer,
                head_pointer=found.schema_pointer,
                direction="request",
                wire=is_textual(name),
            )
            yield from self.schema(one, pair, "request.body", media=name)
        for name, media in now.content.items():
            if media_for(was.content, name) is None:
                yield self.change(
                    "request-media-type-added", one, "request", "request.body",
                    "not described", name, media.pointer, convention="additions",
                )  # fmt: skip

    def _body_added(self, one: Op, other: Op) -> Iterator[Change]:
        now = other.body
        assert now is not None  # noqa: S101  # the caller saw it
        shown = ", ".join(now.content)
        if not now.required:
            yield self.change(
                "body-added", one, "request", "request.body", "no body", shown, now.pointer,
                convention="additions",
            )  # fmt: skip
            return
        yield self._refused(
            one, "body-added", "request.body", "no body", f"required {shown}", now.pointer
        )

    def _body_required(self, one: Op, other: Op) -> Change:
        now = other.body
        assert now is not None  # noqa: S101  # the caller saw it
        words = ("optional", "required") if now.required else ("required", "optional")
        if not now.required:
            return self.change(
                "body-optional", one, "request", "request.body", *words, now.pointer,
                convention="additions",
            )  # fmt: skip
        message = request(self.schemas, one)
        return self._refused(
            one, "body-required", "request.body", *words, f"{now.pointer}/required", message=message
        )

    def _media_removed(self, one: Op, name: str, pointer: str) -> Change:
        message = request(self.schemas, one, media=name)
        return self._refused(
            one, "request-media-type-removed", "request.body", name, "not described", pointer,
            gone=True, message=message,
        )  # fmt: skip

    def _refused(
        self,
        one: Op,
        rule: str,
        where: str,
        before: str,
        after: str,
        pointer: str,
        *,
        gone: bool = False,
        message: Mapping[str, Any] | None = None,
    ) -> Change:
        """Return a change by which a request of the base is refused as a whole."""
        shown = request(self.schemas, one) if message is None else message
        reason = f"{where}: was {before}, is {after}"
        return Change(
            rule=rule,
            verdict=Verdict.BREAKING,
            operation=one.shown,
            direction="request",
            where=where,
            before=before,
            after=after,
            pointer=pointer,
            gone=gone,
            witness=Witness(kind="request", message=shown, accepted_by="base", reason=reason),
        )

    def schema(
        self,
        one: Op,
        pair: Pair,
        where: str,
        *,
        media: str = "",
        status: str = "",
        param: tuple[str, str] | None = None,
        wrap: Callable[[Any], dict[str, Any]] | None = None,
    ) -> Iterator[Change]:
        """Yield what changed of a schema, with whole messages as witnesses.

        Args:
            one: The operation.
            pair: The schemas.
            where: The part of the message that they describe.
            media: Media type of a body.
            status: Status of a response.
            param: Location and name of a parameter or header.
            wrap: Makes the message around a value, where the rest does not say it.
        """
        for found in self.schemas.compare(pair):
            yield self._schema_change(one, pair, where, found, media, status, param, wrap)
        yield from hints(self, one, pair, where)

    def _schema_change(
        self,
        one: Op,
        pair: Pair,
        where: str,
        found: Found,
        media: str,
        status: str,
        param: tuple[str, str] | None,
        wrap: Callable[[Any], dict[str, Any]] | None,
    ) -> Change:
        site = found.site
        change = Change(
            rule=site.rule,
            verdict=found.verdict,
            operation=one.shown,
            direction=pair.direction,
            where="/".join((where, *site.path)),
            before=site.before,
            after=site.after,
            pointer=found.pointer,
            gone=found.gone,
            convention=found.convention,
            note=found.note,
        )
        if not found.value:
            return change
        value = found.value[0]
        speaker = "head" if pair.direction == "response" else "base"
        if wrap is not None:
            message = wrap(value)
        elif pair.direction == "response":
            headers = param is not None
            message = response(status) if headers else response(status, media, value)
            if param is not None:
                message["headers"] = {param[1]: value}
        elif param is None:
            message = request(self.schemas, one, body=value, media=media)
        else:
            message = request(self.schemas, one, params={param: value})
        kind = "response" if "status" in message else "request"
        reason = f"{change.where}: was {site.before}, is {site.after}"
        witness = Witness(kind=kind, message=message, accepted_by=speaker, reason=reason)
        return replace(change, witness=witness)

    def change(
        self,
        rule: str,
        one: Op | None,
        direction: str,
        where: str,
        before: str,
        after: str,
        pointer: str,
        *,
        convention: str,
        gone: bool = False,
        witness: Witness | None = None,
    ) -> Change:
        """Return a change on which a convention decides."""
        return Change(
            rule=rule,
            verdict=self.game.of(convention),
            operation=one.shown if one is not None else "",
            direction=direction,
            where=where,
            before=before,
            after=after,
            pointer=pointer,
            gone=gone,
            convention=convention,
            witness=witness,
        )
