"""INPUT: valid requests are accepted, invalid ones refused in the documented shape."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote

from conformance.checks.contract import Contract, as_documented
from conformance.checks.judge import judge_for
from conformance.model import (
    Credential,
    Exchange,
    Expectation,
    Finding,
    Operation,
    Parameter,
    parse_sent,
)

_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DIGITS = 400
"""Longer numbers are not read, and what is made of them is the service's to choose."""
_TRUTHS = frozenset({"true", "false", "1", "0", "yes", "no", "on", "off", "t", "f", "y", "n"})


def must_be_accepted(exchange: Exchange, _contract: Contract) -> bool:
    """Whether the request was made valid in shape and meaning."""
    return exchange.response is not None and exchange.case.expects is Expectation.ACCEPTED


def must_be_refused(exchange: Exchange, contract: Contract) -> bool:
    """Whether the request breaks the document, and no tolerance excuses it."""
    return (
        exchange.response is not None
        and as_documented(exchange)
        and exchange.case.credential is Credential.FIRST
        and exchange.case.expects is not Expectation.ACCEPTED
        and bool(objection(exchange, contract))
    )


def has_undocumented_media_type(exchange: Exchange, _contract: Contract) -> bool:
    """Whether a body was labelled with a media type that the operation does not take."""
    operation, request = exchange.operation, exchange.case.request
    if exchange.response is None or operation is None or not request.body:
        return False
    label = media_type(exchange)
    takes = {media.partition(";")[0].strip().lower() for media in operation.body}
    own = exchange.case.credential is Credential.FIRST
    return as_documented(exchange) and own and bool(label) and bool(takes) and label not in takes


def is_json_refusal(exchange: Exchange, _contract: Contract) -> bool:
    """Whether the answer is a refusal whose body states a status."""
    response = exchange.response
    if response is None or response.status < 400 or not as_documented(exchange):
        return False
    body = response.json_or_none()
    return isinstance(body, dict) and isinstance(body.get("statusCode"), int)


def valid_request_is_accepted(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """A request that is valid in shape and meaning is accepted.

    Why it matters: a client that follows the document has no other way to say it.

    Source: the operation's parameters and request body in the OpenAPI document.
    """
    response = exchange.response
    if response is not None and 300 <= response.status < 500 and response.status != 429:
        yield Finding(
            clause=exchange.case.because or "valid",
            where="response.status",
            expected=f"a success: {exchange.case.because or 'the request is valid'}",
            seen=f"{response.status} {_message(exchange)}".strip(),
            source=exchange.operation.pointer if exchange.operation else "",
        )


def invalid_request_is_refused(exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    """A request that the document does not allow is refused.

    Why it matters: what is silently accepted is silently misread: the user pays for a job
    that is not the one that was meant. Departures listed in `tolerances.toml` are free.

    Source: the operation's parameters and request body in the OpenAPI document.
    """
    response = exchange.response
    if response is not None and exchange.succeeded:
        where, reason = objection(exchange, contract) or ("request", exchange.case.because)
        yield Finding(
            clause="refusal",
            where=where,
            expected=f"a 4XX: {reason}",
            seen=str(response.status),
            source=exchange.operation.pointer if exchange.operation else "",
        )


def undocumented_media_type_is_refused(
    exchange: Exchange, _contract: Contract
) -> Iterator[Finding]:
    """A body under a media type that the operation does not take is refused.

    Why it matters: the label says how to read the body; a service that guesses reads other
    clients' bodies wrongly.

    Source: the media types of the request body in the OpenAPI document; RFC 9110, section
    15.5.16, describes the refusal and does not demand it.
    """
    response = exchange.response
    if response is not None and exchange.succeeded:
        yield Finding(
            clause="media-type",
            where="request.headers.content-type",
            expected="415 or another refusal",
            seen=f"{response.status} for {media_type(exchange)}",
            source=exchange.operation.pointer if exchange.operation else "",
        )


def media_type(exchange: Exchange) -> str:
    """Return the media type of the request in lower case, without parameters; empty for none."""
    headers = exchange.case.request.headers
    label = next((value for name, value in headers if name.lower() == "content-type"), "")
    return label.partition(";")[0].strip().lower()


def refusal_states_its_status(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """The `statusCode` of an error body is the status of the response.

    Why it matters: clients report the one and branch on the other.

    Source: schema Error of the OpenAPI document ("HTTP status code of this error").
    """
    response = exchange.response
    body = response.json_or_none() if response is not None else None
    if response is not None and isinstance(body, dict) and body["statusCode"] != response.status:
        yield Finding(
            clause="statusCode",
            where="response.body/statusCode",
            expected=str(response.status),
            seen=str(body["statusCode"]),
        )


def objection(exchange: Exchange, contract: Contract) -> tuple[str, str] | None:
    """Return (place, reason) why the document refuses this request; None when it may not."""
    operation = exchange.operation
    if operation is None:
        return None
    tolerant = contract.tolerant(operation)
    seen = (
        _path_objection(exchange, tolerant, contract)
        or _query_objection(exchange, tolerant, contract)
        or _body_objection(exchange, operation, tolerant)
    )
    if seen is None and exchange.case.expects is Expectation.REFUSED:
        return "request", exchange.case.because
    return seen


def _path_objection(
    exchange: Exchange, operation: Operation, contract: Contract
) -> tuple[str, str] | None:
    described = _described(operation)["path"]
    if not described:
        return None
    values = path_values(operation.path, exchange.case.request.path)
    for parameter in described:
        value = values.get(parameter.name)
        if value is not None and parameter.name not in contract.provider.free_parameters:
            reason = _text_objection(value, parameter)
            if reason:
                return f"request.path/{parameter.name}", reason
    return None


_DESCRIBED: dict[int, tuple[Operation, dict[str, tuple[Parameter, ...]]]] = {}


def _described(operation: Operation) -> dict[str, tuple[Parameter, ...]]:
    """Return, by place, the parameters that may be missing or wrong; found once."""
    kept = _DESCRIBED.get(id(operation))
    if kept is None or kept[0] is not operation:
        some = [p for p in operation.parameters if p.required or not _takes_any_text(p.schema)]
        path = [p for p in some if p.location == "path" and not _takes_any_text(p.schema)]
        query = [p for p in some if p.location == "query"]
        kept = (operation, {"path": tuple(path), "query": tuple(query)})
        _DESCRIBED[id(operation)] = kept
    return kept[1]


def _takes_any_text(schema: Mapping[str, Any]) -> bool:
    """Whether a schema says no more of a text than that it is one."""
    return schema.get("type") == "string" and "enum" not in schema


def _query_objection(
    exchange: Exchange, operation: Operation, contract: Contract
) -> tuple[str, str] | None:
    described = _described(operation)["query"]
    if not described:
        return None
    query = parse_qs(exchange.case.request.path.partition("?")[2], keep_blank_values=True)
    for parameter in described:
        values = query.get(parameter.name)
        reason = None
        if values is None:
            needed = parameter.required and parameter.name not in contract.provider.presumed
            reason = "a required parameter is missing" if needed else None
        elif len(values) == 1 and values[0]:
            reason = _text_objection(values[0], parameter)
        if reason:
            return f"request.query/{parameter.name}", reason
    return None


def _text_objection(text: str, parameter: Parameter) -> str | None:
    """Return why `text` is no value of `parameter`, for reasons that no reader can excuse."""
    return _schema_objection(text, parameter.name, parameter.schema, parameter.schema)


def _schema_objection(
    text: str, name: str, schema: Mapping[str, Any], whole: Mapping[str, Any]
) -> str | None:
    while "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    if "anyOf" in schema:
        reasons = [_schema_objection(text, name, branch, whole) for branch in schema["anyOf"]]
        return reasons[0] if all(reasons) else None
    kind = schema.get("type")
    if "enum" in schema and text not in {str(value) for value in schema["enum"]}:
        return f"{name} is {text!r}, which is none of {', '.join(map(str, schema['enum']))}"
    if kind == "integer":
        return _integer_objection(text, name, schema)
    if kind == "boolean" and text.strip().lower() not in _TRUTHS:
        return f"{name} is {text!r}, which is no boolean"
    return None


def _integer_objection(text: str, name: str, schema: Mapping[str, Any]) -> str | None:
    if not _INTEGER.fullmatch(text.strip()):
        try:
            is_whole = float(text).is_integer()
        except ValueError:
            is_whole = False
        return None if is_whole else f"{name} is {text!r}, which is no integer"
    if len(text) > _DIGITS:
        return None
    value = int(text)
    if value < schema.get("minimum", value):
        return f"{name} is {text}, below its minimum {schema['minimum']}"
    if value > schema.get("maximum", value):
        return f"{name} is {text}, above its maximum {schema['maximum']}"
    return None


def _body_objection(
    exchange: Exchange, operation: Operation, tolerant: Operation
) -> tuple[str, str] | None:
    schema = next(iter(operation.body.values()), None)
    if schema is None:
        return None
    request = exchange.case.request
    if not request.body:
        return ("request.body", "a required body is missing") if operation.body_required else None
    label = next((v for k, v in request.headers if k.lower() == "content-type"), "application/json")
    if "json" not in label.lower():
        return None
    try:
        value = parse_sent(request.body)
    except (ValueError, RecursionError):
        return "request.body", "the body is no JSON text"
    widened = judge_for(next(iter(tolerant.body.values())))
    if judge_for(schema).accepts(value) or widened.accepts(value):
        return None
    if not exchange.succeeded:
        return "request.body", "the body is not what the document describes"
    first = widened.departures(value, most=1)[0]
    return f"request.body{first.pointer}", f"{first.expected} is documented, {first.seen} was sent"


@functools.lru_cache(maxsize=1024)
def path_values(template: str, path: str) -> Mapping[str, str]:
    """Return the values of the template's parameters in `path`, percent-decoded."""
    wanted: Sequence[str] = template.split("/")
    given = path.partition("?")[0].split("/")
    if len(wanted) != len(given):
        return {}
    return {
        name[1:-1]: unquote(value)
        for name, value in zip(wanted, given, strict=True)
        if name.startswith("{") and name.endswith("}")
    }


def _message(exchange: Exchange) -> str:
    body = exchange.response.json_or_none() if exchange.response else None
    message = body.get("message") if isinstance(body, dict) else None
    return message[:120] if isinstance(message, str) else ""
