"""Sockets whose every wait ends at one deadline, so that a timeout is of the whole request.

HTTP clients bound each read; a server that sends a byte a second then holds a request for
ever. Here the network backend of httpcore asks, before each wait, how much of the request's
time is left.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable

import httpcore

_SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


class Deadline(threading.local):
    """The moment by which this thread's request must be over, on the monotonic clock."""

    moment: float = float("inf")

    def start(self, seconds: float) -> None:
        """Give this thread's next request `seconds` in all."""
        self.moment = time.monotonic() + seconds

    def left(self, timeout: float | None) -> float:
        """Return the seconds that a wait may take.

        Raises:
            httpcore.ReadTimeout: The time is already up.
        """
        remaining = self.moment - time.monotonic()
        if remaining <= 0:
            raise httpcore.ReadTimeout("the request's time is up")
        return remaining if timeout is None else min(remaining, timeout)


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections whose waits all end at `deadline`."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within the time that is left."""
        stream = self._inner.connect_tcp(
            host,
            port,
            timeout=self._deadline.left(timeout),
            local_address=local_address,
            socket_options=socket_options,
        )
        return _DeadlineStream(stream, self._deadline)


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)
