"""Servers that behave as badly as a server can: each mode is one kind of malice or misfortune."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from conformance.mock import InstantClock
from conformance.mock.ionq import IonqMock, app
from conformance.model import Request
from conformance.transport import HttpTransport, TransportFailure

KEY = "qconform-mock-key-of-the-first-tenant"
_JSON = "Content-Type: application/json"


@dataclass(frozen=True)
class Asked:
    """A request, and the answer that the mock gives to it."""

    method: str
    path: str
    head: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    number: int


Mode = Callable[["Server", socket.socket, Asked], None]


@dataclass
class Server:
    """Speaks HTTP/1.1 on a raw socket; after some proper answers it does what `mode` does.

    Args:
        mode: What is done with a connection that has sent a request.
        proper: Requests that are answered properly before.
    """

    mode: Mode
    upstream: str
    proper: int = 3
    over: threading.Event = field(default_factory=threading.Event)
    asked: list[Asked] = field(default_factory=list)
    elsewhere: list[bytes] = field(default_factory=list)
    """What a second server, on another origin, was sent."""
    _listener: socket.socket = field(default_factory=socket.socket)
    _other: socket.socket = field(default_factory=socket.socket)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _count: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v0.4"

    @property
    def other(self) -> str:
        """Base URL of the other origin."""
        return f"http://127.0.0.1:{self._other.getsockname()[1]}"

    def start(self) -> None:
        for listener, serve in ((self._listener, self._serve), (self._other, self._overhear)):
            listener.bind(("127.0.0.1", 0))
            listener.listen(64)
            threading.Thread(target=self._accept, args=(listener, serve), daemon=True).start()

    def stop(self) -> None:
        self.over.set()
        for listener in (self._listener, self._other):
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _accept(self, listener: socket.socket, serve: Callable[[socket.socket], None]) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    def _overhear(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            self.elsewhere.append(connection.recv(65536))
            connection.sendall(answer(b"{}"))

    def _serve(self, connection: socket.socket) -> None:
        transport = HttpTransport(self.upstream, timeout=60.0)  # no part of what is tested
        with connection, contextlib.suppress(OSError, TransportFailure):
            while not self.over.is_set():
                asked = self._read(connection, transport)
                self.asked.append(asked)
                if asked.number <= self.proper:
                    connection.sendall(properly(asked))
                else:
                    self.mode(self, connection, asked)
        transport.close()

    def _read(self, connection: socket.socket, transport: HttpTransport) -> Asked:
        data = b""
        while b"\r\n\r\n" not in data:
            data += _more(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        named = [line.partition(": ") for line in lines[1:]]
        headers = {name.lower(): value for name, _, value in named}
        while len(body) < int(headers.get("content-length", 0)):
            body += _more(connection)
        method, path, _ = lines[0].split(" ")
        kept = tuple((n, v) for n, _, v in named if n.lower() in {"authorization", "content-type"})
        request = Request(method=method, path=path.removeprefix("/v0.4"), headers=kept, body=body)
        response = transport.send(request)
        with self._lock:
            self._count += 1
            number = self._count
        return Asked(method, path, data, response.status, response.headers, response.body, number)


def _more(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionResetError
    return received


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *(headers or (_JSON,)), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def properly(asked: Asked) -> bytes:
    label = next((v for n, v in asked.headers if n.lower() == "content-type"), "application/json")
    return answer(asked.body, f"Content-Type: {label}", status=f"{asked.status} X")


def always(body: bytes, *headers: str, status: str = "200 OK") -> Mode:
    """Return a mode that answers everything alike."""

    def mode(_server: Server, connection: socket.socket, _asked: Asked) -> None:
        connection.sendall(answer(body, *headers, status=status))

    return mode


def changed(change: Callable[[str], str]) -> Mode:
    """Return a mode that answers properly but for the text of the body."""

    def mode(_server: Server, connection: socket.socket, asked: Asked) -> None:
        text = change(asked.body.decode("utf-8"))
        connection.sendall(answer(text.encode("utf-8"), status=f"{asked.status} X"))

    return mode


def ids_become(identifier: str) -> Mode:
    """Return a mode in which every id is `identifier`, as JSON source."""

    def mode(_server: Server, connection: socket.socket, asked: Asked) -> None:
        text = asked.body.decode("utf-8")
        try:
            value = json.loads(text)
        except ValueError:
            value = None
        if isinstance(value, dict) and "id" in value:
            text = json.dumps({**value, "id": "@@"}).replace('"@@"', identifier)
        connection.sendall(answer(text.encode("utf-8"), status=f"{asked.status} X"))

    return mode


ODD: tuple[object, ...] = (
    None, True, 17, -1.5, 10**30, 1e308, "x", "", "\0", [], {}, [1], [[]], [{}], [None], {"a": 1},
)  # fmt: skip
"""Values of every type, which no field expects all of."""


def retyped(value: object, lot: random.Random, share: float) -> object:
    """Return JSON `value` with a share of its parts, itself included, exchanged for odd ones."""
    if lot.random() < share:
        return lot.choice(ODD)
    if isinstance(value, dict):
        return {name: retyped(part, lot, share) for name, part in value.items()}
    return [retyped(part, lot, share) for part in value] if isinstance(value, list) else value


def types_change(share: float) -> Mode:
    """Return a mode in which parts of each answer are of other types than promised."""

    def mode(_server: Server, connection: socket.socket, asked: Asked) -> None:
        lot = random.Random(asked.number)  # noqa: S311 - a test's dice
        body = asked.body
        with contextlib.suppress(ValueError):
            body = json.dumps(retyped(json.loads(body), lot, share)).encode()
        connection.sendall(answer(body, status=f"{asked.status} X"))

    return mode


def hang(server: Server, _connection: socket.socket, _asked: Asked) -> None:
    server.over.wait(60)


def drip(server: Server, connection: socket.socket, _asked: Asked) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not server.over.wait(0.02):
        connection.sendall(b" ")


def drip_headers(server: Server, connection: socket.socket, _asked: Asked) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not server.over.wait(0.02):
        connection.sendall(b"X-A: b\r\n")


def pour(server: Server, connection: socket.socket, _asked: Asked) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n[0")
    while not server.over.is_set():
        connection.sendall(b",0" * 500_000)


def pour_headers(server: Server, connection: socket.socket, _asked: Asked) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while not server.over.is_set():
        connection.sendall(b"X-A: " + b"b" * 1000 + b"\r\n")


def informed(server: Server, connection: socket.socket, _asked: Asked) -> None:
    while not server.over.is_set():
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.001)


def reset(_server: Server, connection: socket.socket, _asked: Asked) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise ConnectionResetError


def raw(data: bytes) -> Mode:
    """Return a mode that sends `data` and hangs up."""

    def mode(_server: Server, connection: socket.socket, _asked: Asked) -> None:
        connection.sendall(data)
        raise ConnectionResetError

    return mode


def redirected(server: Server, connection: socket.socket, _asked: Asked) -> None:
    there = f"Location: {server.other}/v0.4/jobs"
    connection.sendall(answer(b"", there, status="307 Temporary Redirect"))


def echoed(_server: Server, connection: socket.socket, asked: Asked) -> None:
    """Show the request, key and all, in every place of the answer."""
    shown = json.dumps({"id": asked.head.decode("latin-1"), "message": KEY, KEY: KEY})
    connection.sendall(answer(shown.encode(), f"X-Key: {KEY}", _JSON, status="400 Bad Request"))


def linked(server: Server, connection: socket.socket, asked: Asked) -> None:
    """Name another origin wherever a URL or a cursor can stand."""
    text = asked.body.decode().replace('"/v0.4/', f'"{server.other}/v0.4/')
    text = text.replace('"next":null', f'"next":"{server.other}/next"')
    connection.sendall(answer(text.encode(), status=f"{asked.status} X"))


def paged(_server: Server, connection: socket.socket, asked: Asked) -> None:
    """Let every list have a next page, for ever."""
    text = asked.body.decode().replace('"next":null', f'"next":"p{asked.number}"')
    connection.sendall(answer(text.encode(), status=f"{asked.status} X"))


BOMB = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + bytes(range(256)) * 2000
CONTROL = "\\u001b]0;owned\\u0007\\u001b[2J\\u009b31m\\u202e::error::x\\r\\n::set-output name=a::b"
MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(1)>]]>&lt;"
_WIDE = b"[" + b",".join([b'{"a":1}'] * 600_000) + b"]"
_BIG = b'{"jobs":[' + b",".join([b'"%s"' % (b"x" * 100)] * 60_000) + b'],"next":null}'

MODES: dict[str, Mode] = {
    "hang": hang,
    "drip": drip,
    "drip-headers": drip_headers,
    "pour": pour,
    "pour-headers": pour_headers,
    "informed": informed,
    "reset": reset,
    "closed": raw(b""),
    "no-http": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "cut-off": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
    "two-lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
    "huge-length": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}"),
    "huge-chunk": raw(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFF\r\n{}"
    ),
    "odd-status": raw(b"HTTP/1.1 999 \xff\xfe\r\nContent-Length: 2\r\n\r\n{}"),
    "switching": raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"),
    "deep": always(b"[" * 200_000 + b"]" * 200_000),
    "deep-objects": always(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "just-deep": always(b"[" * 900 + b"]" * 900),
    "wide": always(_WIDE),
    "as-wide-as-may-be": always(b"[" + b",".join([b"7"] * 250_000) + b"]"),
    "big": always(_BIG),
    "long-text": always(b'{"id":"' + b"x" * 7_000_000 + b'"}', _JSON, status="201 Created"),
    "gzip-bomb": always(BOMB, _JSON, "Content-Encoding: gzip"),
    "nan": changed(lambda text: text.replace(":0.", ':NaN,"x":0.')),
    "infinite": changed(lambda text: text.replace("null", "1e400")),
    "huge-integers": changed(lambda text: text.replace("null", "9" * 4000)),
    "longest-integers": changed(lambda text: text.replace("null", "9" * 9000)),
    "lone-surrogates": changed(lambda text: text.replace('":"', '":"\\ud800')),
    "control-characters": changed(lambda text: text.replace('":"', f'":"{CONTROL}')),
    "markup": changed(lambda text: text.replace('":"', f'":"{MARKUP}')),
    "few-types-change": types_change(0.02),
    "types-change": types_change(0.1),
    "twice": changed(lambda text: text.replace("{", '{"id":"a","id":"b",', 1)),
    "null": always(b"null"),
    "scalars": always(b"17"),
    "nothing": always(b"", _JSON),
    "no-utf8": always(b'{"id":"\xff\xfe\xc3("}'),
    "utf16": always('{"id":"a"}'.encode("utf-16")),
    "surrogate-ids": ids_become('"\\ud800"'),
    "dotted-ids": ids_become('".."'),
    "path-ids": ids_become('"../../whoami?x=\\u0000#"'),
    "file-ids": ids_become('"/etc/passwd"'),
    "long-ids": ids_become('"' + "x" * 100_000 + '"'),
    "control-ids": ids_become(f'"{CONTROL}"'),
    "empty-ids": ids_become('""'),
    "other-ids": ids_become('{"$ref":"http://127.0.0.1:9/"}'),
    "redirected": redirected,
    "echoed": echoed,
    "linked": linked,
    "paged": paged,
    "busy-for-days": always(b"{}", _JSON, "Retry-After: 864000", status="429 Too Many Requests"),
    "busy": always(b"{}", _JSON, "Retry-After: 0", status="429 Too Many Requests"),
    "busy-oddly": always(b"{}", _JSON, "Retry-After: 1e999", status="503 Service Unavailable"),
    "c1-label": always(b"{}", "Content-Type: application/json\x9b2J; charset=\x85"),
    "many-headers": always(b"{}", _JSON, *[f"X-{n}: y" for n in range(2000)]),
    "html": always(f"<html>{MARKUP}</html>".encode(), "Content-Type: text/html"),
}
"""Every mode by name."""


@contextlib.contextmanager
def serving(mode: str, *, proper: int = 3) -> Iterator[Server]:
    """Serve in `mode`, with a mock behind it, while the block runs."""
    from conformance.mock import running

    mock: IonqMock = app(clock=InstantClock())
    with running(mock) as upstream:
        server = Server(MODES[mode], upstream.url, proper=proper)
        server.start()
        try:
            yield server
        finally:
            server.stop()
