"""Interactions of cassettes to exchanges: vcrpy's, Schemathesis', and our own, which say more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.model import (
    Case,
    Credential,
    Exchange,
    Expectation,
    Headers,
    Operation,
    Problem,
    Request,
    Response,
)
from conformance.traffic.bodies import decompressed, from_base64, to_bytes
from conformance.traffic.unreadable import Broken, shown

Entry = Mapping[str, Any]


def exchange_of(entry: object, number: int, name: str) -> Exchange:
    """Return the exchange that an interaction tells.

    The path of its request is what the recording holds, host included where it is there; a
    response that was not kept whole is left out, and `detail` says so.

    Args:
        entry: The interaction.
        number: Its place in the file, from 1.
        name: Of the recording, for case ids.

    Raises:
        Broken: It is none.
    """
    interaction = _mapping(entry, "an interaction")
    request = _mapping(interaction.get("request"), "a request")
    told = interaction.get("qconform") or {}
    bodies = _bodies(told)
    case = _case(interaction.get("qconform"), _request({**request, **bodies[0]}), number, name)
    problem = told.get("problem") if isinstance(told, Mapping) else None
    answer = interaction.get("response")
    response, detail = _response({**answer, **bodies[1]} if isinstance(answer, dict) else answer)
    return Exchange(
        case=case,
        response=response,
        problem=Problem(problem) if problem else None,
        detail=str(told.get("detail") or "") if problem else detail,
        started=_number(told, "started"),
        number=int(_number(told, "number")) or number,
    )


def _bodies(told: object) -> tuple[Entry, Entry]:
    """Return the bodies that the JSON form of our cassettes keeps aside: those that are no text."""
    kept = told if isinstance(told, Mapping) else {}
    names = ("request_base64", "response_base64")
    first, second = ({"body": from_base64(kept[n])} if n in kept else {} for n in names)
    return first, second


def _case(told: object, request: Request, number: int, name: str) -> Case:
    if told is None:
        return Case(
            id=f"recorded.{name}.{number}", suite="recorded", operation=None, request=request
        )
    told = _mapping(told, "what qconform told of an interaction")
    operation = told.get("operation")
    identity = str(told.get("case") or f"recorded.{name}.{number}")
    try:
        return Case(
            id=identity,
            suite=identity.partition(".")[0],
            operation=Operation(id=str(operation), method="", path="") if operation else None,
            request=request,
            expects=Expectation(told.get("expects") or Expectation.FREE),
            credential=Credential(told.get("credential") or Credential.FIRST),
            because=str(told.get("because") or ""),
        )
    except ValueError as error:
        raise Broken("the words of qconform", shown(str(error))) from None


def _request(entry: Entry) -> Request:
    method, uri = entry.get("method"), entry.get("uri") or entry.get("url")
    if not isinstance(method, str) or not isinstance(uri, str):
        raise Broken("a request with method and uri", shown(sorted(map(str, entry))))
    headers = headers_of(entry.get("headers"))
    body, headers = decompressed(to_bytes(entry.get("body")), headers)
    return Request(method=method.upper(), path=uri, headers=headers, body=body)


def _response(entry: object) -> tuple[Response | None, str]:
    """Return the response, or None and why it cannot be judged."""
    if entry is None:
        return None, "the recording holds no response"
    entry = _mapping(entry, "a response")
    if entry.get("truncated_from") is not None:
        return None, "the recording holds only the beginning of the response"
    status = entry.get("status")
    code = status.get("code") if isinstance(status, Mapping) else entry.get("status_code", status)
    headers = headers_of(entry.get("headers"))
    stored = entry["content"] if "content" in entry and "body" not in entry else entry.get("body")
    body, headers = decompressed(to_bytes(stored), headers)
    told = _number(entry, "elapsed")
    return Response(status=status_of(code), headers=headers, body=body, elapsed=told), ""


def status_of(code: object) -> int:
    """Return the status that `code` tells.

    Raises:
        Broken: It is none.
    """
    text = str(code)
    if not (text.isascii() and text.isdigit() and len(text) == 3):
        raise Broken("a status of three digits", shown(code))
    return int(text)


def headers_of(stored: object) -> Headers:
    """Return headers stored as name to value, name to values, or pairs.

    Raises:
        Broken: They are stored in some other way.
    """
    if stored is None:
        return ()
    if isinstance(stored, Mapping):
        pairs = list(stored.items())
    elif isinstance(stored, list):
        pairs = [tuple(p) if isinstance(p, list) and len(p) == 2 else (None, None) for p in stored]
    else:
        raise Broken("headers", shown(stored))
    found = []
    for name, values in pairs:
        for value in values if isinstance(values, list) else [values]:
            if not isinstance(name, str) or not isinstance(value, (str, bytes, int)):
                raise Broken("headers as text", shown((name, value)))
            found.append(
                (name, value.decode("latin-1") if isinstance(value, bytes) else str(value))
            )
    return tuple(found)


def _mapping(value: object, what: str) -> Entry:
    if not isinstance(value, Mapping):
        raise Broken(what, shown(value))
    return value


def _number(entry: object, name: str) -> float:
    try:
        return max(float(entry[name]), 0.0)  # type: ignore[index] # whatever it is, it may have none
    except (KeyError, TypeError, ValueError):
        return 0.0
