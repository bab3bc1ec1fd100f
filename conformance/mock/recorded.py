"""A recording served back: each request gets the answer that was recorded for it, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote

from conformance.mock.http import (
    Answer,
    ClientGone,
    Receive,
    Scope,
    Send,
    live_and_die,
    read_body,
    send_answer,
)
from conformance.model import Exchange, Request, Response, parse_json

_OF_TRANSPORT = frozenset(
    {"connection", "content-encoding", "content-length", "date", "server", "transfer-encoding"}
)
Wanted = tuple[str, str, tuple[tuple[str, str], ...], str]


class RecordedMock:
    """Recorded exchanges as an ASGI application.

    A request is recognised by method, path, query and body, as vcrpy does; its key is not looked
    at, since recordings hold none. What was recorded several times for one request is answered
    in that order, the last answer again and again. Anything else is answered 404.

    Args:
        exchanges: With paths below `base_path`; those without a response are left out.
        base_path: Path prefix of every operation: `/v0.4`.
    """

    def __init__(self, exchanges: Iterable[Exchange], base_path: str) -> None:
        self._base_path = base_path
        self._answers: dict[Wanted, list[Response]] = {}
        for exchange in exchanges:
            if exchange.response is not None:
                wanted = _wanted(exchange.case.request)
                self._answers.setdefault(wanted, []).append(exchange.response)

    @property
    def base_path(self) -> str:
        """Path prefix of every operation."""
        return self._base_path

    @property
    def keys(self) -> tuple[str, ...]:
        """Any key will do."""
        return ("any-key", "any-other-key")

    def __len__(self) -> int:
        """Return how many different requests are answered."""
        return len(self._answers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await live_and_die(receive, send)
            return
        path: str = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        path = path.partition("?")[0].removeprefix(self._base_path)
        query = scope["query_string"].decode("latin-1")
        try:
            body = await read_body(receive)
        except ClientGone:
            return
        whole = f"{path}?{query}" if query else path
        asked = Request(method=scope["method"], path=whole, body=body)
        await send_answer(send, self._answer(asked))

    def _answer(self, request: Request) -> Answer:
        recorded = self._answers.get(_wanted(request))
        if recorded is None:
            return _unknown(request, self._near(request))
        response = recorded[0] if len(recorded) == 1 else recorded.pop(0)
        headers = [(k, v) for k, v in response.headers if k.lower() not in _OF_TRANSPORT]
        media = next((v for k, v in headers if k.lower() == "content-type"), "application/json")
        return Answer(
            status=response.status,
            raw=response.body,
            media_type=media,
            headers=[
                (k.encode("latin-1"), v.encode("latin-1"))
                for k, v in headers
                if k.lower() != "content-type"
            ],
        )

    def _near(self, request: Request) -> str:
        """Return in what the recorded request that is nearest to `request` differs."""
        method, path, query, _ = _wanted(request)
        same_path = [known for known in self._answers if known[:2] == (method, path)]
        if any(known[2] == query for known in same_path):
            return "only with another body"
        if same_path:
            return "only with another query"
        methods = sorted({known[0] for known in self._answers if known[1] == path})
        return f"only with {', '.join(methods)}" if methods else "nothing at this path"


def _wanted(request: Request) -> Wanted:
    """Return what two requests must share to be one: order in a query or an object is free."""
    path, _, query = request.path.partition("?")
    pairs = tuple(sorted(parse_qsl(query, keep_blank_values=True)))
    return request.method.upper(), unquote(path), pairs, _meaning(request.body)


def _meaning(body: bytes) -> str:
    try:
        return json.dumps(parse_json(body), sort_keys=True)
    except (ValueError, RecursionError):
        return body.decode("latin-1")


def _unknown(request: Request, near: str) -> Answer:
    message = f"no such request was recorded: {request.method} {request.path} ({near})"
    content = {"statusCode": 404, "error": "Not Found Error", "message": message}
    return Answer(status=404, content=content)
