"""Where a session of requests meets our target, so that others may generate and we send."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any, Protocol

import requests
import urllib3
from requests.adapters import HTTPAdapter

from conformance.model import Exchange


class Sender(Protocol):
    """What carries a prepared request to the target."""

    def send(self, prepared: requests.PreparedRequest, case: Any) -> Exchange:
        """Send one prepared request of `case`."""


class Adapter(HTTPAdapter):
    """Where a session of requests meets our target: nothing here opens a connection."""

    def __init__(self, sender: Sender, case: Any) -> None:
        super().__init__()
        self._sender = sender
        self._case = case

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:  # type: ignore[override] # options are the target's
        """Send by way of our target; nothing here opens a connection."""
        exchange = self._sender.send(request, self._case)
        if exchange.response is None:
            raise requests.ConnectTimeout(exchange.detail, request=request)
        received = urllib3.HTTPResponse(
            body=io.BytesIO(exchange.response.body),
            headers=urllib3.HTTPHeaderDict(list(exchange.response.headers)),
            status=exchange.response.status,
            preload_content=False,
            decode_content=False,
        )
        answer: requests.Response = self.build_response(request, received)
        answer.elapsed = dt.timedelta(seconds=exchange.response.elapsed)
        return answer


_OF_TRANSPORT = frozenset(
    {
        "accept",
        "accept-encoding",
        "connection",
        "content-length",
        "user-agent",
        "x-schemathesis-testcaseid",
    }
)
"""Headers that Schemathesis adds to every request and that say nothing about the case."""


def headers_of(prepared: requests.PreparedRequest) -> tuple[tuple[str, str], ...]:
    """Return the headers of the case; those that our transport makes are left out."""
    texts = ((_text(name), _text(value)) for name, value in prepared.headers.items())
    return tuple((name, value) for name, value in texts if name.lower() not in _OF_TRANSPORT)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
