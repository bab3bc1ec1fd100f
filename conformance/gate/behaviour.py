"""Whether a service keeps what a document promises: exchanges against its responses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.gate.api import Answer, Api, Op, media_for, media_key, read_api
from conformance.gate.changes import Kept, Promise
from conformance.gate.comparing import Source
from conformance.gate.confirming import Judge, Unsure
from conformance.model import Exchange


@dataclass(slots=True)
class _Promises:
    api: Api
    judge: Judge
    found: dict[tuple[str, str], Promise] = field(default_factory=dict)

    def add(self, exchange: Exchange) -> None:
        """Judge one exchange by what the document promises."""
        known, response = exchange.case.operation, exchange.response
        if known is None or response is None:
            return
        op = next(
            (o for o in self.api.operations if (o.method, o.path) == (known.method, known.path)),
            None,
        )
        if op is None:
            return
        answer = answer_for(op, response.status)
        if answer is None:
            if response.status < 400:
                self._note(
                    op.shown, str(response.status), f"status {response.status}, not described"
                )
            return
        self._note(op.shown, answer.status, self._departure(answer, exchange))

    def _departure(self, answer: Answer, exchange: Exchange) -> str:
        response = exchange.response
        assert response is not None  # noqa: S101  # the caller saw it
        media = media_of(response.headers)
        described = media_for(answer.content, media)
        if not answer.content:
            return ""
        if described is None:
            return f"media type {media}, not described"
        body = response.json_or_none()
        if body is None and "json" in media:
            return "a body that is no JSON"
        try:
            fits = self.judge.accepts(described.schema, body)
        except Unsure:
            return ""
        return "" if fits or "json" not in media else "a body that does not fit its schema"

    def _note(self, operation: str, status: str, departure: str) -> None:
        key = (operation, status)
        before = self.found.get(key, Promise(operation=operation, status=status))
        broken = departure or before.seen
        self.found[key] = replace(
            before,
            state=Kept.BROKEN if broken else Kept.KEPT,
            exchanges=before.exchanges + 1,
            seen=before.seen or departure,
        )


def promises(base: Source, exchanges: Iterable[Exchange]) -> tuple[Promise, ...]:
    """Return every promise of `base`, and how it fared in the exchanges.

    Args:
        base: The document whose promises are judged.
        exchanges: With operations whose method and path are those of `base`.
    """
    api = read_api(base.document, base.name)
    judge = Judge(document=api.document, source=api.source, direction="response", tolerant=True)
    judged = _Promises(api, judge)
    for op in api.operations:
        for status in op.answers:
            judged.found[op.shown, status] = Promise(operation=op.shown, status=status)
    for exchange in exchanges:
        judged.add(exchange)
    return tuple(judged.found.values())


def answer_for(op: Op, status: int) -> Answer | None:
    """Return what an operation says of a status: by itself, by its class, or by default."""
    code = str(status)
    keys = (code, f"{code[0]}XX", "default")
    return next((op.answers[key] for key in keys if key in op.answers), None)


def media_of(headers: Iterable[tuple[str, str]]) -> str:
    """Return the media type that headers name; JSON where they name none."""
    found = (value for name, value in headers if name.lower() == "content-type")
    return media_key(next(found, "application/json"))


def told(found: Iterable[Promise]) -> tuple[str, ...]:
    """Return how the promises fared, as notes: the count, and each that was broken."""
    listed = list(found)
    counts = {state: sum(p.state is state for p in listed) for state in Kept}
    total = ", ".join(f"{count} {state}" for state, count in counts.items())
    broken = [
        f"promise broken: {p.operation} {p.status}: {p.seen}, in {p.exchanges} exchanges"
        for p in listed
        if p.state is Kept.BROKEN
    ]
    return (f"promises of the base: {total}", *broken)


def as_json(found: Iterable[Promise]) -> list[Mapping[str, Any]]:
    """Return promises as JSON values."""
    return [
        {
            "operation": p.operation,
            "status": p.status,
            "state": str(p.state),
            "exchanges": p.exchanges,
            "seen": p.seen,
        }
        for p in found
    ]
