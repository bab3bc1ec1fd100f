"""What a service may do to its clients without breaking its contract: refuse, be slow, fail.

Faults are told by checks; hardships are for clients, which must live with them.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Collection, Mapping
from typing import Any

from conformance.mock.http import Message, Receive, Scope, Send
from conformance.mock.server import Served

HARDSHIPS: Mapping[str, str] = {
    "rate-limited": "the first request of each kind is answered 429, with Retry-After: 1",
    "unavailable": "the first request of each kind is answered 503, with Retry-After: 1",
    "slow-queue": "a job waits in the queue for a second",
    "slow-answers": "each answer takes half a second",
    "failed-job": "every job fails, with a failure that the document describes",
    "cut-off": "the first answer of each kind breaks off in the middle",
}
"""Name to what the service does; each is within the contract, or nobody's promise."""

_BUSY = {429: "Too Many Requests", 503: "Service Unavailable"}
_JOB = re.compile(r"/jobs/[0-9a-f-]{36}")
_RESULTS = re.compile(r"/jobs/[0-9a-f-]{36}/results/.*")
_SLOWNESS = 0.5


def enduring(served: Served, names: Collection[str]) -> Served:
    """Return `served` behind the hardships `names`; itself when there are none."""
    return _Hard(served, names) if names else served


class _Hard:
    def __init__(self, served: Served, names: Collection[str]) -> None:
        self._served = served
        self._names = frozenset(names)
        self._met: set[tuple[str, str]] = set()

    @property
    def base_path(self) -> str:
        return self._served.base_path

    @property
    def keys(self) -> tuple[str, ...]:
        return self._served.keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._served(scope, receive, send)
            return
        path = scope["path"].removeprefix(self.base_path)
        first = self._is_first(scope["method"], path)
        if first and "rate-limited" in self._names:
            await _refuse(send, 429)
        elif first and "unavailable" in self._names:
            await _refuse(send, 503)
        elif "failed-job" in self._names and _RESULTS.fullmatch(path):
            await _answer(send, 404, {"statusCode": 404, "error": "Not Found Error",
                                      "message": "a failed job has no results"})  # fmt: skip
        else:
            if "slow-answers" in self._names:
                await asyncio.sleep(_SLOWNESS)
            await self._served(scope, receive, self._through(send, scope, path, first=first))

    def _is_first(self, method: str, path: str) -> bool:
        kind = (method, re.sub(r"[0-9a-f-]{36}", "*", path))
        first = kind not in self._met
        self._met.add(kind)
        return first

    def _through(self, send: Send, scope: Scope, path: str, *, first: bool) -> Send:
        if "failed-job" in self._names and scope["method"] == "GET" and _JOB.fullmatch(path):
            return _Failing(send)
        if "cut-off" in self._names and first:
            return _Cutting(send)
        return send


class _Failing:
    """Lets a job through as one that has failed."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        status = self._start["status"]
        job = json.loads(self._body)
        await _answer(self._send, status, _failed(job) if status == 200 else job)


class _Cutting:
    """Sends half of a body and no more."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            body = message.get("body", b"")
            message = {**message, "body": body[: len(body) // 2], "more_body": True}
        await self._send(message)


def _failed(job: dict[str, Any]) -> dict[str, Any]:
    failure = {"code": "SystemCancel", "message": "the machine was not available"}
    return job | {
        "status": "failed",
        "failure": failure,
        "results": None,
        "started_at": None,
        "completed_at": job["submitted_at"],
        "execution_duration_ms": None,
    }


async def _refuse(send: Send, status: int) -> None:
    content = {"statusCode": status, "error": _BUSY[status], "message": "try again in a second"}
    await _answer(send, status, content, (b"retry-after", b"1"))


async def _answer(
    send: Send, status: int, content: Mapping[str, Any], *headers: tuple[bytes, bytes]
) -> None:
    body = json.dumps(content).encode()
    raw = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
