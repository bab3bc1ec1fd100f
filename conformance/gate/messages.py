"""Requests and responses as a witness shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from conformance.gate.api import Answer, Credentials, Op, Param
from conformance.gate.bodies import Schemas
from conformance.gate.wire import encoded, scalar

_NO_BODY = object()


def request(
    schemas: Schemas,
    operation: Op,
    *,
    side: str = "base",
    body: Any = _NO_BODY,
    media: str = "",
    params: Mapping[tuple[str, str], Any] | None = None,
    without: tuple[str, str] | None = None,
    anonymous: bool = False,
) -> dict[str, Any]:
    """Return the smallest request for an operation that was found, in a form for JSON.

    Args:
        schemas: Where values of parameters come from.
        operation: What is asked for.
        side: The document of the operation, `base` or `head`.
        body: The body; one is made up where the operation requires one.
        media: Media type of the body; the first that is declared when left out.
        params: Values by location and name, which are used instead of made-up ones.
        without: Location and name of a parameter to leave out.
        anonymous: Whether to carry no credentials.
    """
    given = dict(params or {})
    message: dict[str, Any] = {"method": operation.method, "path": operation.path}
    query: list[str] = []
    headers: dict[str, str] = {}
    for param in operation.params:
        key = (param.location, param.name)
        if key == without or not (param.required or key in given):
            continue
        value = given[key] if key in given else schemas.example(side, param.schema, "request")
        _carry(message, query, headers, param, value)
    if query:
        message["query"] = "&".join(query)
    if operation.security and not anonymous:
        headers |= _credentials(operation.security[0])
    declared = operation.body
    if declared is not None and (declared.required or body is not _NO_BODY or media):
        name = media or next(iter(declared.content), "")
        if body is _NO_BODY and name in declared.content:
            body = schemas.example(side, declared.content[name].schema, "request")
        if name:
            headers["Content-Type"] = (
                declared.content[name].name if name in declared.content else name
            )
    if headers:
        message["headers"] = headers
    if body is not _NO_BODY:
        message["body"] = body
    return message


def _carry(
    message: dict[str, Any], query: list[str], headers: dict[str, str], param: Param, value: Any
) -> None:
    style, explode = param.style
    text = encoded(param.name, value, style, explode=explode, media=param.media)
    if param.location == "path":
        message["path"] = message["path"].replace(f"{{{param.name}}}", text or quote(scalar(value)))
    elif param.location == "query":
        query.append(text)
    elif param.location == "header":
        headers[param.name] = text
    else:
        headers["Cookie"] = "; ".join(filter(None, [headers.get("Cookie", ""), text]))


def _credentials(needed: Credentials) -> dict[str, str]:
    """Return headers that stand for credentials, each in words."""
    shown = {}
    for scheme, scopes in sorted(needed, key=lambda each: each[0]):
        note = f" with {', '.join(sorted(scopes))}" if scopes else ""
        if scheme.startswith("key in header "):
            shown[scheme.removeprefix("key in header ").title()] = f"<key>{note}"
        else:
            shown["Authorization"] = f"<{scheme}>{note}"
    return shown


def response(status: str, media: str = "", body: Any = _NO_BODY) -> dict[str, Any]:
    """Return a response in a form for JSON; a status key stands for one of its codes."""
    codes = {"default": 500}
    code = codes.get(status) or int(status.replace("X", "0"))
    message: dict[str, Any] = {"status": code}
    if media:
        message["headers"] = {"Content-Type": media}
    if body is not _NO_BODY:
        message["body"] = body
    return message


def answered(schemas: Schemas, answer: Answer, *, side: str = "head") -> dict[str, Any]:
    """Return the smallest response that an answer describes."""
    for name, media in answer.content.items():
        return response(answer.status, name, schemas.example(side, media.schema, "response"))
    return response(answer.status)
