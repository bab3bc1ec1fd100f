"""Serving an application over real HTTP: blocking for a command, in a thread for tests."""

from __future__ import annotations

import contextlib
import errno
import gc
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from conformance.errors import BadValue
from conformance.mock.http import Receive, Scope, Send

if TYPE_CHECKING:
    import uvicorn


class Served(Protocol):
    """An application that knows where its API begins and who may use it."""

    @property
    def base_path(self) -> str:
        """Path prefix of every operation: `/v0.4`."""

    @property
    def keys(self) -> tuple[str, ...]:
        """API keys that are accepted, one a tenant."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""


@dataclass(slots=True)
class Running:
    """An application that is being served; `url` is the base URL of its API."""

    url: str
    keys: tuple[str, ...]
    _server: uvicorn.Server = field(repr=False)
    _thread: threading.Thread = field(repr=False)

    def close(self) -> None:
        """Stop serving and free the port; a second call does nothing."""
        self._server.should_exit = True
        self._thread.join(timeout=5)


@contextlib.contextmanager
def running(app: Served, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """Serve `app` in a daemon thread while the block runs; port 0 picks a free one.

    Raises:
        BadValue: The port is taken, or the host is not an address of this machine.
    """
    bound = _bind(host, port)
    server = _server(app)
    thread = threading.Thread(target=server.run, args=([bound],), name="mock", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.002)
    served = Running(_url(bound, app), app.keys, server, thread)
    try:
        yield served
    finally:
        served.close()
        bound.close()


def serve(
    app: Served, host: str, port: int, *, on_ready: Callable[[str], None] | None = None
) -> None:
    """Serve `app` until Ctrl-C or SIGTERM, then return.

    Args:
        app: What to serve.
        host: Address to listen on.
        port: Port to listen on; 0 picks a free one.
        on_ready: Called with the base URL once requests are answered.

    Raises:
        BadValue: The port is taken, or the host is not an address of this machine.
    """
    bound = _bind(host, port)
    server = _server(app)
    if on_ready is not None:
        _call_when_started(server, on_ready, _url(bound, app))
    with _quiet_signals(), _calm_collector(), contextlib.closing(bound):
        server.run([bound])


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named, because asyncio turns Nagle's delay off only for sockets that say they are TCP.
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except (OSError, OverflowError) as error:
        bound.close()
        raise _unusable(host, port, error) from error
    return bound


def _unusable(host: str, port: int, error: Exception) -> BadValue:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        repair = "Another program listens there; stop it or name another port (0 picks a free one)."
        return BadValue(where="port", expected="a free port", seen=str(port), repair=repair)
    if isinstance(error, (OverflowError, PermissionError)):
        repair = "Name one from 1024 to 65535, or 0 for a free one."
        return BadValue(where="port", expected="a port we may use", seen=str(port), repair=repair)
    repair = "127.0.0.1 serves this machine alone, 0.0.0.0 the network."
    return BadValue(where="host", expected="an address of this machine", seen=host, repair=repair)


def _url(bound: socket.socket, app: Served) -> str:
    host, port = bound.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{app.base_path}"


def _server(app: Served) -> uvicorn.Server:
    import uvicorn

    from conformance.mock.wire import BoundedProtocol

    config = uvicorn.Config(
        app,
        http=BoundedProtocol,
        lifespan="off",
        ws="none",
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    return uvicorn.Server(config)


def _call_when_started(server: uvicorn.Server, on_ready: Callable[[str], None], url: str) -> None:
    start = server.startup

    async def startup(sockets: list[socket.socket] | None = None) -> None:
        await start(sockets)
        on_ready(url)

    server.startup = startup  # type: ignore[method-assign] # uvicorn has no hook for this


@contextlib.contextmanager
def _quiet_signals() -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the server without a traceback or a signal's exit code."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {name: signal.signal(name, _ignore) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


@contextlib.contextmanager
def _calm_collector() -> Iterator[None]:
    """Let the collector of cyclic garbage look at young objects often and at old ones never.

    Jobs are many and live long; walking all of them again and again would make some answers
    late. What the mock forgets has no cycles, and is freed at once without the collector.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 1_000_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def _ignore(_number: int, _frame: Any) -> None:
    """Uvicorn raises the signal again after it has shut down; that is enough."""
