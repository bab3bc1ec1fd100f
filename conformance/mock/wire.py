"""HTTP/1.1 for uvicorn by httptools, with an end to how long the head of a request may be.

uvicorn's own protocol with httptools has none: whoever sends headers for ever fills the memory.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 65_536
"""Bytes of request line and headers; those that come together with the head's end are free."""

_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\n"
    b"content-length: 33\r\n"
    b"connection: close\r\n"
    b"\r\n"
    b"expected a head of at most 64 KiB"
)


class _Joining(asyncio.Transport):
    """Sends what is written in one turn of the loop together: a head and its body, mostly."""

    def __init__(self, under: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._under = under
        self._loop = loop
        self._held: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send `data` before the loop turns to anything else."""
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(bytes(data))

    def _send(self) -> None:
        if self._held:
            self._under.write(b"".join(self._held))
            self._held.clear()

    def close(self) -> None:
        """Send what is left and close."""
        self._send()
        self._under.close()

    def is_closing(self) -> bool:
        """Return whether nothing more can be sent."""
        return self._under.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what the transport below knows."""
        return self._under.get_extra_info(name, default)


class BoundedProtocol(HttpToolsProtocol):
    """Serves one connection; a head without an end is answered with 431."""

    _head = 0
    """Bytes of a head that is not complete yet."""
    _in_head = True
    _passed = False
    """Whether a head or a message has ended in what came last."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection; what is written to it at once is sent at once."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 (a promise of asyncio)
        super().connection_made(transport)
        self.transport = _Joining(transport, self.loop)

    def data_received(self, data: bytes) -> None:
        """Parse what came; hang up when it is too much."""
        self._passed = False
        super().data_received(data)
        self._head = 0 if self._passed or not self._in_head else self._head + len(data)
        if self._head > LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Note that the head is complete."""
        self._in_head, self._passed = False, True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Note that the next head may begin."""
        self._in_head, self._passed = True, True
        super().on_message_complete()
