"""A gateway in front of the mock that does to requests what networks and gateways do."""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import itertools
import json
import random
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import uvicorn

from conformance.mock import InstantClock
from conformance.mock.ionq import IonqMock, app

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
SKEW = 3 * 3600.0
"""Seconds by which the clock of the gateway is wrong."""


class Mishap(Enum):
    """What happens to a request."""

    NONE = "none"
    SLOW = "slow"
    BUSY = "busy"
    """429 with a number of seconds; the request goes no further, as in the next one."""
    BUSY_UNTIL = "busy-until"
    """429 with a date, by a clock that is wrong."""
    BUSY_FOR_SOME_TIME = "busy-for-some-time"
    """429 without a word on when."""
    BROKEN_BEFORE = "broken-before"
    """502; the request went no further."""
    BROKEN_AFTER = "broken-after"
    """502, although the service did what it was asked."""
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"
    """The connection breaks after the service did what it was asked."""


TURNED_AWAY = {Mishap.BUSY, Mishap.BUSY_UNTIL, Mishap.BUSY_FOR_SOME_TIME}
_STOPPED = TURNED_AWAY | {Mishap.BROKEN_BEFORE, Mishap.RESET_BEFORE}


@dataclass(frozen=True)
class Arrived:
    """A request as the gateway saw it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    mishap: Mishap

    @property
    def creates(self) -> bool:
        """Whether it asks for a job."""
        return (self.method, self.path) == ("POST", "/v0.4/jobs")

    @property
    def mark(self) -> str:
        """What the run marked the job with."""
        body = json.loads(self.body)
        metadata = body.get("metadata") if isinstance(body, dict) else None
        return str(metadata.get("qconform", "")) if isinstance(metadata, dict) else ""

    @property
    def forwarded(self) -> bool:
        """Whether the service saw it."""
        return self.mishap not in _STOPPED


@dataclass
class Gateway:
    """An ASGI application; `choose` says what happens to each request, by its number from 1."""

    choose: Callable[[int, str, str], Mishap] = lambda _number, _method, _path: Mishap.NONE
    mock: IonqMock = field(default_factory=lambda: app(clock=InstantClock()))
    arrived: list[Arrived] = field(default_factory=list)
    made: int = 0
    """Jobs that the service made, children of multi-circuit jobs included."""

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            return
        body = await _whole(receive)
        method, path = scope["method"], scope["path"]
        mishap = self.choose(len(self.arrived) + 1, method, path)
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        self.arrived.append(Arrived(method, path, headers, body, mishap))
        answer = await self._answer(scope, body, mishap)
        if mishap in {Mishap.RESET_BEFORE, Mishap.RESET_AFTER}:
            send.__self__.transport.abort()  # type: ignore[attr-defined] # uvicorn's own send
            return
        for message in answer:
            await send(message)

    async def _answer(self, scope: Any, body: bytes, mishap: Mishap) -> list[Message]:
        if mishap is Mishap.SLOW:
            await asyncio.sleep(0.05)
        answer: list[Message] = []
        if mishap not in _STOPPED:
            answer = await self._forward(scope, body)
        if mishap in {Mishap.BROKEN_BEFORE, Mishap.BROKEN_AFTER}:
            return _error(502, "Bad Gateway")
        if mishap in TURNED_AWAY:
            later = email.utils.formatdate(time.time() + SKEW, usegmt=True)
            said = {Mishap.BUSY: "0.02", Mishap.BUSY_UNTIL: later}.get(mishap)
            return _error(429, "Too Many Requests", said)
        return answer

    async def _forward(self, scope: Any, body: bytes) -> list[Message]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(dict(message))

        await self.mock(scope, receive, send)
        if (scope["method"], scope["path"]) == ("POST", "/v0.4/jobs"):
            circuits = json.loads(body)["input"].get("circuits", [])
            self.made += (1 + len(circuits)) * (sent[0]["status"] == 201)
        return sent


def rough(seed: int, share: float = 0.15) -> Callable[[int, str, str], Mishap]:
    """Return a choice of mishaps at random for `share` of the requests.

    Every twentieth POST is carried out and its answer broken off, however the dice fall.
    """
    lot = random.Random(seed)  # noqa: S311 - a test's dice
    kinds = [mishap for mishap in Mishap if mishap is not Mishap.NONE]
    posts = itertools.count(1)

    def choose(_number: int, method: str, _path: str) -> Mishap:
        if method == "POST" and next(posts) % 20 == 0:
            return Mishap.BROKEN_AFTER
        return lot.choice(kinds) if lot.random() < share else Mishap.NONE

    return choose


@contextlib.contextmanager
def serving(application: Any, *, files: tuple[Path, Path] | None = None) -> Iterator[str]:
    """Serve while the block runs, over TLS with `files` (certificate, key); yield the base URL."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.bind(("127.0.0.1", 0))
    config = uvicorn.Config(
        application,
        lifespan="off",
        ws="none",
        log_level="critical",
        timeout_graceful_shutdown=1,
        date_header=False,
        ssl_certfile=str(files[0]) if files else None,
        ssl_keyfile=str(files[1]) if files else None,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.002)
    scheme, host = ("https", "localhost") if files else ("http", "127.0.0.1")
    try:
        yield f"{scheme}://{host}:{bound.getsockname()[1]}/v0.4"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        bound.close()


async def _whole(receive: Any) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if not message.get("more_body"):
            return body


def _error(status: int, words: str, retry_after: str | None = None) -> list[Message]:
    content = {"statusCode": status, "error": words, "message": "try again later"}
    date = email.utils.formatdate(time.time() + SKEW, usegmt=True)
    headers = [(b"content-type", b"application/json"), (b"date", date.encode())]
    if retry_after is not None:
        headers.append((b"retry-after", retry_after.encode()))
    return [
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": json.dumps(content).encode()},
    ]
