"""Exchanges to record, and the recordings of other tools."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conformance import spec
from conformance.model import (
    Case,
    Credential,
    Exchange,
    Expectation,
    Problem,
    Request,
    Response,
)
from conformance.traffic import Origin

BASE = "https://api.ionq.co/v0.4"
JOB = "0d1ab4f2-8b9c-7a10-b54e-1e2f3a4b5c6d"
ORIGIN = Origin(
    provider="ionq",
    target="embedded mock",
    recorded="2026-01-01T00:00:00+00:00",
    tool="0.1.0",
    document="specs/ionq/v0.4/openapi.yaml",
    digest=spec.load("ionq").digest,
)
JSON = (("content-type", "application/json"),)


def exchange(
    operation: str = "getBackends",
    path: str = "/backends",
    body: bytes = b"[]",
    *,
    sent: bytes = b"",
    status: int = 200,
    number: int = 1,
    **case: Any,
) -> Exchange:
    described = spec.load("ionq").operation(operation)
    request = Request(method=described.method, path=path, headers=JSON if sent else (), body=sent)
    return Exchange(
        case=Case(
            id=f"lifecycle.walk.{number}",
            suite="lifecycle",
            operation=described,
            request=request,
            **case,
        ),
        response=Response(status=status, headers=JSON, body=body),
        number=number,
    )


def unanswered(number: int) -> Exchange:
    made = exchange("GetSessions", "/sessions", number=number)
    return Exchange(
        case=made.case,
        response=None,
        problem=Problem.TIMEOUT,
        detail="no complete response within 1 s",
        number=number,
    )


SEVERAL = (
    exchange("CreateJob", "/jobs", b'{"id": "j"}', sent=b'{"a": "\xc3\xa9\xf0\x9f\x98\x80"}',
             expects=Expectation.ACCEPTED, because="it is valid", number=1),
    exchange("GetJob", "/jobs/j%2F1?x=a%20b&y=", b'"\\u0000\x7f \xe2\x80\xa8: - #"', number=2),
    unanswered(3),
    exchange("GetJob", "/jobs/j", b"\xff\xfe\x00raw", sent=b"\x80", status=404,
             credential=Credential.SECOND, number=4),
    exchange("getBackends", "/backends", b"", credential=Credential.NONE, number=5),
)  # fmt: skip


def har(*entries: dict[str, Any], creator: str = "any") -> dict[str, Any]:
    creator_of = {"name": creator, "version": "1"}
    return {"log": {"version": "1.2", "creator": creator_of, "entries": list(entries)}}


def har_entry(
    url: str, content: dict[str, Any], *, status: int = 200, method: str = "GET", **request: Any
) -> dict[str, Any]:
    return {
        "startedDateTime": "2026-01-01T00:00:00.000Z",
        "time": 12.5,
        "request": {"method": method, "url": url, "headers": [], **request},
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": content,
        },
    }


def interaction(uri: str, body: object = "[]", **response: Any) -> dict[str, Any]:
    return {
        "request": {"method": "GET", "uri": uri, "headers": {}, "body": None},
        "response": {
            "status": {"code": 200, "message": "OK"},
            "headers": {"Content-Type": ["application/json"]},
            "body": {"string": body},
            **response,
        },
    }


def saved(path: Path, content: object) -> Path:
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, encoding="utf-8")
    return path
