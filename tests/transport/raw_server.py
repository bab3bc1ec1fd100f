"""A server that says on its socket exactly what a test tells it to."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Talk = Callable[[socket.socket, int], None]
"""What to do with a connection, given its number from 1."""


@dataclass
class RawServer:
    """Listens on a free port, and hands each connection to `talk` in a thread of its own."""

    talk: Talk
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the test has ended, so that a talk that waits can wait for it."""
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)
    _listener: socket.socket = field(default_factory=socket.socket)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    def start(self) -> None:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def read_request(self, connection: socket.socket) -> bytes:
        """Read up to the end of one request's body, remember it and return it."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(
            (
                int(line.partition(b":")[2])
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"content-length:")
            ),
            0,
        )
        while len(body) < length:
            body += self._more(connection)
        self.requests.append(head + b"\r\n\r\n" + body)
        return self.requests[-1]

    def _more(self, connection: socket.socket) -> bytes:
        received = connection.recv(65536)
        if not received:
            raise ConnectionResetError
        return received

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                thread = threading.Thread(
                    target=self._serve, args=(connection, self.connections), daemon=True
                )
                thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection, contextlib.suppress(OSError):
            self.talk(connection, number)


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """Return a whole HTTP response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@contextlib.contextmanager
def serving(talk: Callable[[RawServer, socket.socket, int], None]) -> Iterator[RawServer]:
    """Serve with `talk` while the block runs."""
    server = RawServer(lambda connection, number: talk(server, connection, number))
    server.start()
    try:
        yield server
    finally:
        server.stop()
