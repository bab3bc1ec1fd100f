"""The part of ASGI that the mock needs: answers, refusals, reading a body, sending bytes."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 10_000_000
"""Bytes of a request body; more is refused with 413."""

_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)

_TITLES = {
    400: "Bad Request",
    401: "Unauthorized Error",
    403: "Forbidden",
    404: "Not Found Error",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Payload Too Large",
    415: "Unsupported Media Type",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass(slots=True)
class Request:
    """The head of a request, and what is found in it."""

    method: str
    path: str
    """As it was sent, percent-encoded, without the place that the application is mounted at."""
    query: bytes
    headers: dict[bytes, bytes]

    @property
    def key(self) -> bytes:
        """The API key that the request carries, or nothing."""
        scheme, _, key = self.headers.get(b"authorization", b"").partition(b" ")
        return key.strip() if scheme.lower() == b"apikey" else b""

    @property
    def media_type(self) -> str | None:
        """The content type as it was sent."""
        sent = self.headers.get(b"content-type")
        return None if sent is None else sent.decode("latin-1")

    @property
    def client(self) -> str:
        """The user agent as it was sent, or nothing."""
        return self.headers.get(b"user-agent", b"").decode("latin-1")


def request_of(scope: Scope) -> Request:
    """Return the head of the request that an ASGI server hands over."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    path = raw.partition(b"?")[0].decode("latin-1")
    place: str = scope.get("root_path", "")
    if place:
        path = path.removeprefix(quote(place)).removeprefix(place)
    return Request(scope["method"], path, scope["query_string"], dict(scope["headers"]))


@dataclass(slots=True)
class Answer:
    """A response to be: an object that becomes JSON, or bytes that are ready."""

    status: int = 200
    content: Any = None
    raw: bytes | None = None
    media_type: str = "application/json"
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    def parsed(self) -> Any:
        """Return the content as an object of the caller's own."""
        return json.loads(self.encoded())

    def encoded(self) -> bytes:
        """Return the body's bytes."""
        return encode(self.content) if self.raw is None else self.raw


@dataclass(eq=False)
class Refusal(Exception):
    """A request that is not served; becomes an error body in the documented shape."""

    status: int
    message: str
    keys: tuple[str, ...] = ()
    """Names of the bad values, for 400."""
    source: str = ""
    """Where they were: `body`, `query` or `params`."""
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def __str__(self) -> str:
        return f"{self.status}: {self.message}"

    def answer(self) -> Answer:
        """Return the response that tells the client."""
        content: dict[str, Any] = {
            "statusCode": self.status,
            "error": _TITLES[self.status],
            "message": self.message,
        }
        if self.source:
            content["validation"] = {"keys": list(self.keys), "source": self.source}
        return Answer(status=self.status, content=content, headers=list(self.headers))


def encode(content: Any) -> bytes:
    """Return `content` as compact JSON in ASCII, so that any text survives the way."""
    return _ENCODER.encode(content).encode("ascii")


@dataclass(eq=False)
class ClientGone(Exception):
    """The connection was closed before the body was complete: there is nobody to answer."""

    received: bytes


async def read_body(receive: Receive) -> bytes:
    """Return the whole request body.

    Raises:
        ClientGone: A part of it never came (RFC 9112, section 8).
        Refusal: It is larger than `LARGEST_BODY`.
    """
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone(body)
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise Refusal(413, f"expected a body of at most {LARGEST_BODY} bytes")
    return body


async def send_answer(send: Send, answer: Answer) -> None:
    """Send `answer` as one response."""
    body = answer.encoded()
    headers = [
        (b"content-type", answer.media_type.encode("ascii")),
        (b"content-length", str(len(body)).encode("ascii")),
        *answer.headers,
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def live_and_die(receive: Receive, send: Send) -> None:
    """Take part in the life of a server: nothing to start, nothing to stop."""
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def wait_for_disconnect(receive: Receive) -> None:
    """Return when the client has given up."""
    while (await receive())["type"] != "http.disconnect":
        pass
