"""Where the sessions of `requests` meet our target: nothing here opens a connection."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter

from conformance.model import Exchange, Headers

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


class Adapter(HTTPAdapter):
    """Answers prepared requests with what `send` got for them."""

    def __init__(self, send: Callable[[requests.PreparedRequest], Exchange]) -> None:
        super().__init__()
        self._send = send

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:  # type: ignore[override] # options are the target's
        """Return the answer to `request`.

        Raises:
            requests.ConnectTimeout: There was none.
        """
        exchange = self._send(request)
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


def headers_of(prepared: requests.PreparedRequest) -> Headers:
    """Return the headers of the case; those that our transport makes are left out."""
    texts = ((_text(name), _text(value)) for name, value in prepared.headers.items())
    return tuple((name, value) for name, value in texts if name.lower() not in _OF_TRANSPORT)


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.decode("latin-1")
