"""SCHEMA: what a response body holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conformance.checks.contract import Contract, as_documented
from conformance.checks.judge import Departure, judge_for, shown
from conformance.model import (
    DEEPEST,
    MOST_VALUES,
    Excessive,
    Exchange,
    Finding,
    Operation,
    Schema,
    Unpaired,
)

_MOST_WRONG = 20
"""Elements of one answer that are told to be wrong: a hostile one has as many as it likes."""


def has_documented_body(exchange: Exchange, _contract: Contract) -> bool:
    """Whether the document describes a JSON body for this answer."""
    return as_documented(exchange) and _documented_schema(exchange) is not None


def has_parsed_body(exchange: Exchange, contract: Contract) -> bool:
    """Whether a documented body is there and is JSON."""
    return has_documented_body(exchange, contract) and _parsed(exchange) is not _NOTHING


def has_bound_body(exchange: Exchange, contract: Contract) -> bool:
    """Whether a further document binds this answer."""
    operation, response = exchange.operation, exchange.response
    if operation is None or response is None or not has_parsed_body(exchange, contract):
        return False
    return bool(contract.bindings(operation.id, response.status))


def body_matches_document(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """The response body is what the OpenAPI document describes for its status.

    Why it matters: clients generated from the document parse by it; a missing field or
    another type is an exception in the user's program, far from its cause.

    Source: the provider's OpenAPI document with its overlay.
    """
    schema = _documented_schema(exchange)
    if schema is not None:
        yield from _findings(judge_for(schema).departures(_parsed(exchange)), "", _source(exchange))


def body_matches_json_schema(exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    """The response body is what the provider's published JSON Schemas describe.

    Why it matters: validators in the field use these schemas; where they and the document
    disagree, `disagreements.toml` says which binds, so what is left here binds without doubt.

    Source: the JSON Schemas beside the OpenAPI document.
    """
    operation, response = exchange.operation, exchange.response
    if operation is None or response is None:
        return
    for binding in contract.bindings(operation.id, response.status):
        judge, wrong = judge_for(binding.schema), 0
        for pointer, value in _places(_parsed(exchange), binding.place):
            departures = judge.departures(value)
            wrong += bool(departures)
            yield from _findings(departures, pointer, binding.document)
            if wrong >= _MOST_WRONG:
                break


def body_is_json(exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    """A body that the document calls JSON is one JSON text.

    Why it matters: NaN, a cut-off text or an HTML page under a JSON promise breaks every
    parser, and most clients show their users the parser's words instead of the cause.

    Source: RFC 8259; the media types of the OpenAPI document.
    """
    response = exchange.response
    if response is None:
        return
    try:
        response.json()
    except Excessive as excess:
        yield Finding(
            clause="bound",
            where="response.body",
            expected=f"at most {MOST_VALUES} values on {DEEPEST} levels, which any client can read",
            seen=f"{excess} in {len(response.body)} bytes",
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, Unpaired) and _may_hold_halves(exchange, contract):
            return
        yield Finding(
            clause="json",
            note=f"The parser says: {error}"[:200] if response.body else "",
            where="response.body",
            expected="a JSON text",
            seen=shown(response.body[:80].decode("utf-8", "replace"))
            if response.body
            else "nothing",
        )


def _may_hold_halves(exchange: Exchange, contract: Contract) -> bool:
    """Whether an answer may repeat halves of surrogate pairs that somebody sent.

    We send some, other clients may, and RFC 8259, section 8.2, lets a service send them back:
    to us, and in lists.
    """
    operation = exchange.operation
    lists = {contract.provider.jobs.listing, contract.provider.sessions.jobs}
    return exchange.case.suite == "hostile" or (operation is not None and operation.id in lists)


_NOTHING: Any = object()


def _parsed(exchange: Exchange) -> Any:
    if exchange.response is None:
        return _NOTHING
    try:
        return exchange.response.json()
    except (ValueError, RecursionError):
        return _NOTHING


def _documented_schema(exchange: Exchange) -> Schema | None:
    """Return the schema of the body; None where nothing, or HTTP itself, defines it."""
    operation, response = exchange.operation, exchange.response
    if operation is None or response is None or exchange.is_http_refusal:
        return None
    return _schema_of(operation, response.status) if as_documented(exchange) else None


_SCHEMAS: dict[tuple[int, int], tuple[Operation, Schema | None]] = {}


def _schema_of(operation: Operation, status: int) -> Schema | None:
    """Return the schema of the JSON body that `operation` answers with `status`; found once."""
    kept = _SCHEMAS.get((id(operation), status))
    if kept is None or kept[0] is not operation:
        declared = operation.declared(status)
        content = declared.content if declared is not None else {}
        schema = next((s for media, s in content.items() if _is_json(media)), None)
        kept = _SCHEMAS[id(operation), status] = (operation, schema)
    return kept[1]


def _is_json(media: str) -> bool:
    essence = media.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _source(exchange: Exchange) -> str:
    operation, response = exchange.operation, exchange.response
    if operation is None or response is None:
        return ""
    declared = operation.declared(response.status)
    return f"{operation.pointer}/responses/{declared.status}" if declared else operation.pointer


def _findings(departures: list[Departure], pointer: str, source: str) -> Iterator[Finding]:
    for departure in departures:
        yield Finding(
            clause=f"schema/{departure.keyword}",
            where=f"response.body{pointer}{departure.pointer}",
            expected=departure.expected,
            seen=departure.seen,
            source=source,
        )


def _places(value: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Yield (pointer, value) for every element that the pattern `place` names."""
    found = [("", value)]
    for part in place.split("/")[1:]:
        inner: list[tuple[str, Any]] = []
        for pointer, container in found:
            if part == "*" and isinstance(container, list):
                inner += [(f"{pointer}/{i}", element) for i, element in enumerate(container)]
            elif isinstance(container, dict) and part in container:
                inner.append((f"{pointer}/{part}", container[part]))
        found = inner
    yield from found
