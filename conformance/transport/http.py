"""HTTP to one origin: no redirects, no decoding, bounded time and size."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import httpcore

from conformance import __version__
from conformance.model import Delivery, Problem, Request, Response
from conformance.transport.bodies import BrokenOff, broken_off, in_drips
from conformance.transport.deadline import Deadline, DeadlineBackend, Elsewhere, Streams
from conformance.transport.proxies import Proxy
from conformance.transport.trust import Trust

MAX_BODY = 8 * 1024 * 1024
"""Largest response body that is read, in bytes."""
_DRIP = 0.15
"""Seconds between the pieces of a body that is sent in drips, unless time is short."""
_IDLE = 1.0
"""Seconds after which an idle connection is not used again: services close theirs after 2 s or
more, and a POST that meets the closing is lost."""


@dataclass(eq=False)
class TransportFailure(Exception):
    """A request brought no response that can be judged."""

    problem: Problem
    detail: str

    def __str__(self) -> str:
        return f"{self.problem}: {self.detail}"


class Transport(Protocol):
    """Anything that turns a request into a response."""

    def send(self, request: Request) -> Response:
        """Send `request`; raise `TransportFailure` when no response can be had."""

    def close(self) -> None:
        """Release what is held open."""


class HttpTransport:
    """Requests over kept connections to the origin of `base_url`; safe to share by threads.

    Args:
        base_url: Scheme, host and path prefix; a request's path is appended to it.
        timeout: Seconds a request may take in all, connecting and reading included.
        ends_at: Moment on the monotonic clock that no request outlasts.
        trust: Certificates, where the URL is https.
        proxy: What all requests go through.
        loopback: Whether nothing but this machine may be connected to.

    Raises:
        UnusableCertificate: A file of `trust` cannot be read.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 10.0,
        ends_at: float = float("inf"),
        trust: Trust | None = None,
        proxy: Proxy | None = None,
        loopback: bool = False,
    ) -> None:
        parts = urlsplit(base_url)
        self._scheme = parts.scheme.encode()
        self._host = (parts.hostname or "").encode("idna" if parts.hostname else "ascii")
        self._port = parts.port
        self._prefix = parts.path.rstrip("/")
        self._authority = parts.netloc.rpartition("@")[2].encode()
        self._timeout = timeout
        self._ends_at = ends_at
        self._deadline = Deadline()
        self._streams = Streams()
        self._pools: list[httpcore.ConnectionPool] = []
        secure = b"https" in {self._scheme, (proxy.url if proxy else "")[:5].encode()}
        context = (trust or Trust()).context() if secure else None
        backend = DeadlineBackend(self._deadline, self._streams, loopback=loopback)
        self._own = _OwnPool(lambda: _pool(backend, context, proxy), self._pools)

    def send(self, request: Request) -> Response:
        """Send `request` and read its response; a GET on a connection that had gone is sent again.

        Raises:
            TransportFailure: There is no response, no HTTP, or more of it than is read.
        """
        self._deadline.start(min(self._timeout, self._ends_at - time.monotonic()))
        try:
            return self._send(request)
        except TransportFailure as failure:
            if failure.problem is Problem.DISCONNECTED and request.method == "GET":
                return self._send(request)
            raise

    def _send(self, request: Request) -> Response:
        begun = time.perf_counter()
        try:
            with self._own.pool.stream(
                request.method.encode("ascii"),
                httpcore.URL(
                    scheme=self._scheme,
                    host=self._host,
                    port=self._port,
                    target=(self._prefix + request.path).encode("utf-8"),
                ),
                headers=self._headers(request),
                content=self._content(request),
            ) as answer:
                body = _read(answer)
        except BrokenOff as error:
            raise TransportFailure(Problem.UNSENDABLE, str(error)) from error
        except _TIMEOUTS as error:
            waited = f"no complete response within {self._timeout:g} s"
            raise TransportFailure(Problem.TIMEOUT, waited) from error
        except (httpcore.ConnectError, httpcore.ProxyError) as error:
            problem = Problem.UNTRUSTED if _is_distrust(error) else Problem.UNREACHABLE
            raise TransportFailure(problem, str(error)) from error
        except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
            raise TransportFailure(Problem.UNSENDABLE, f"unsendable: {error}") from error
        except httpcore.RemoteProtocolError as error:
            gone = "disconnected" in str(error).lower()
            problem = Problem.DISCONNECTED if gone else Problem.MALFORMED
            raise TransportFailure(problem, str(error)) from error
        except httpcore.NetworkError as error:
            raise TransportFailure(Problem.DISCONNECTED, str(error) or "reset") from error
        return Response(
            status=answer.status,
            headers=tuple((k.decode("latin-1"), v.decode("latin-1")) for k, v in answer.headers),
            body=body,
            elapsed=time.perf_counter() - begun,
        )

    def _content(self, request: Request) -> bytes | Iterator[bytes]:
        match request.delivery:
            case Delivery.WHOLE:
                return request.body
            case Delivery.IN_DRIPS:
                return in_drips(request.body, pause=min(_DRIP, self._timeout / 50))
            case Delivery.BROKEN_OFF:
                return broken_off(request.body)

    def _headers(self, request: Request) -> list[tuple[bytes, bytes]]:
        given = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in request.headers]
        names = {name.lower() for name, _ in given}
        defaults = [
            (b"Host", self._authority),
            (b"Accept", b"application/json"),
            (b"User-Agent", f"qconform/{__version__}".encode()),
            (b"Accept-Encoding", b"identity"),
        ]
        if request.body or request.method in {"POST", "PUT", "PATCH"}:
            defaults.append((b"Content-Length", str(len(request.body)).encode()))
        return [d for d in defaults if d[0].lower() not in names] + given

    def abort(self) -> None:
        """Break off what is under way in any thread, and let nothing follow."""
        self._streams.abort()

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools:
            pool.close()


class _OwnPool(threading.local):
    """A pool for each thread; all of them are in `pools`.

    A pool of httpcore that threads share closes idle connections whose time is up, also one
    that another thread was just given, whose POST then fails with a bad file descriptor.
    """

    def __init__(
        self, make: Callable[[], httpcore.ConnectionPool], pools: list[httpcore.ConnectionPool]
    ) -> None:
        self.pool = make()
        pools.append(self.pool)


def _pool(
    backend: DeadlineBackend, context: ssl.SSLContext | None, proxy: Proxy | None
) -> httpcore.ConnectionPool:
    through = None
    if proxy is not None:
        through = httpcore.Proxy(
            proxy.url,
            auth=proxy.auth,
            ssl_context=context if proxy.url.startswith("https") else None,
        )
    return httpcore.ConnectionPool(
        ssl_context=context,
        proxy=through,
        network_backend=backend,
        max_connections=None,  # a request that waits for another's connection would time out
        keepalive_expiry=_IDLE,
    )


def _is_distrust(error: Exception) -> bool:
    """Whether a connection failed because a certificate, a name or an address is not trusted."""
    if isinstance(error, Elsewhere):
        return True
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


_TIMEOUTS = (httpcore.TimeoutException, TimeoutError)


def _read(answer: httpcore.Response) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in answer.iter_stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise TransportFailure(Problem.TOO_LARGE, f"a body of more than {MAX_BODY} bytes")
        chunks.append(chunk)
    return b"".join(chunks)
