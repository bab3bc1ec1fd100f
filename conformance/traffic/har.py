"""HAR 1.2: what browsers, proxies and Schemathesis record."""

from __future__ import annotations

import binascii
import contextlib
import datetime as dt
from collections.abc import Mapping
from typing import Any

from conformance.model import Case, Exchange, Headers, Request, Response
from conformance.traffic.bodies import from_base64, to_bytes
from conformance.traffic.cassette import status_of
from conformance.traffic.unreadable import Broken, shown


def is_made_by_schemathesis(log: object) -> bool:
    """Whether a missing key was not sent, where other recorders leave keys out."""
    creator = log.get("creator") if isinstance(log, Mapping) else None
    return isinstance(creator, Mapping) and creator.get("name") == "harfile"


def exchange_of(entry: object, number: int, name: str) -> Exchange:
    """Return the exchange of an entry; arguments and result as those of `cassette.exchange_of`.

    Raises:
        Broken: It is none.
    """
    whole = _mapping(entry, "an entry")
    request = _mapping(whole.get("request"), "a request")
    method, url = request.get("method"), request.get("url")
    if not isinstance(method, str) or not isinstance(url, str):
        raise Broken("a request with method and url", shown(sorted(map(str, request))))
    answer = _mapping(whole.get("response"), "a response")
    asked = Request(
        method=method.upper(),
        path=url,
        headers=_headers(request.get("headers")),
        body=_sent(request.get("postData"), answer),
    )
    response, detail = _response(answer, whole.get("time"))
    return Exchange(
        case=Case(id=f"recorded.{name}.{number}", suite="recorded", operation=None, request=asked),
        response=response,
        detail=detail,
        started=_moment(whole.get("startedDateTime")),
        number=number,
    )


def _sent(posted: object, answer: Mapping[str, Any]) -> bytes:
    if not isinstance(posted, Mapping):
        return b""
    text = posted.get("text")
    content = answer.get("content")
    encoded = isinstance(content, Mapping) and content.get("encoding") == "base64"
    if posted.get("encoding") == "base64":
        return from_base64(text)
    if encoded and isinstance(text, str) and text[:1] not in "{[":
        # Schemathesis with --report-preserve-bytes encodes both bodies and labels one.
        with contextlib.suppress(Broken, binascii.Error):
            return from_base64(text)
    return to_bytes(text)


def _response(entry: Mapping[str, Any], milliseconds: object) -> tuple[Response | None, str]:
    if str(entry.get("status")) == "0":
        return None, "the recording holds no response"
    content = _mapping(entry.get("content") or {}, "a content")
    text = content.get("text")
    if str(content.get("comment") or "").startswith("Body truncated"):
        return None, "the recording holds only the beginning of the response"
    if text is None and content.get("size") not in {None, 0, -1}:
        return None, "the recording holds no body of the response"
    body = from_base64(text) if content.get("encoding") == "base64" else to_bytes(text)
    response = Response(
        status=status_of(entry.get("status")),
        headers=_plain(_headers(entry.get("headers"))),
        body=body,
        elapsed=milliseconds / 1000 if isinstance(milliseconds, (int, float)) else 0.0,
    )
    return response, ""


def _plain(headers: Headers) -> Headers:
    """Return `headers` as they are of the body that a HAR holds, which is never compressed."""
    dropped = {"content-encoding", "content-length", "transfer-encoding"}
    if not any(name.lower() == "content-encoding" for name, _ in headers):
        return headers
    return tuple(h for h in headers if h[0].lower() not in dropped)


def _headers(stored: object) -> Headers:
    if not isinstance(stored, list):
        raise Broken("headers, a list", shown(stored))
    found = []
    for header in stored:
        pair = _mapping(header, "a header")
        name, value = pair.get("name"), pair.get("value")
        if not isinstance(name, str) or not isinstance(value, str):
            raise Broken("a header with name and value", shown(header))
        if not name.startswith(":"):  # HTTP/2 puts method and path among them
            found.append((name, value))
    return tuple(found)


def _mapping(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Broken(what, shown(value))
    return value


def _moment(text: object) -> float:
    try:
        return dt.datetime.fromisoformat(str(text)).timestamp()
    except (ValueError, OverflowError, OSError):
        return 0.0
