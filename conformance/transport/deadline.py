"""Sockets whose every wait ends at one deadline, so that a timeout is of the whole request.

HTTP clients bound each read; a server that sends a byte a second then holds a request for
ever. Here the network backend of httpcore asks, before each wait, how much of the request's
time is left.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import threading
import time
import weakref
from collections.abc import Iterable

import httpcore

_SocketOption = (
    tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]
)


class Elsewhere(httpcore.ConnectError):
    """A name that should mean this machine leads to another one; nothing was sent there."""


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


class Streams:
    """The open connections of a transport, so that all of them can be broken off at once."""

    def __init__(self) -> None:
        self._open: weakref.WeakSet[_DeadlineStream] = weakref.WeakSet()
        self._lock = threading.Lock()
        self.aborted = False

    def add(self, stream: _DeadlineStream) -> None:
        """Remember `stream`; break it off when all others have been."""
        with self._lock:
            self._open.add(stream)
        if self.aborted:
            stream.abort()

    def abort(self) -> None:
        """Break off every connection; whoever waits for one is told that it was reset."""
        self.aborted = True
        with self._lock:
            streams = list(self._open)
        for stream in streams:
            stream.abort()


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections whose waits all end at `deadline`.

    Args:
        deadline: Of the request that a thread has under way.
        streams: Told of every connection.
        loopback: Whether nothing but this machine may be connected to, whatever a name or a
            name server says.
    """

    def __init__(self, deadline: Deadline, streams: Streams, *, loopback: bool = False) -> None:
        self._deadline = deadline
        self._streams = streams
        self._loopback = loopback
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[_SocketOption] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect within the time that is left.

        Raises:
            Elsewhere: The host is not this machine, and nothing else may be connected to.
        """
        if self._loopback:
            _check_loopback(host, port)
        stream = self._inner.connect_tcp(
            host,
            port,
            timeout=self._deadline.left(timeout),
            local_address=local_address,
            socket_options=socket_options,
        )
        return _DeadlineStream(stream, self._deadline, self._streams)


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline, streams: Streams) -> None:
        self._inner = inner
        self._deadline = deadline
        self._streams = streams
        streams.add(self)

    def abort(self) -> None:
        """Break the connection off, also while another thread waits for it."""
        connection = self._inner.get_extra_info("socket")
        if isinstance(connection, socket.socket):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

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
        return _DeadlineStream(secured, self._deadline, self._streams)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


def _check_loopback(host: str, port: int) -> None:
    """Raise unless every address that `host` stands for is of this machine."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    for *_, address in found:
        where = ipaddress.ip_address(str(address[0]).partition("%")[0])
        if not (getattr(where, "ipv4_mapped", None) or where).is_loopback:
            raise Elsewhere(f"{host} leads to {where}, which is not this machine")
