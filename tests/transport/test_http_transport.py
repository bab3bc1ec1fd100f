"""The transport against sockets that behave as badly as sockets do."""

from __future__ import annotations

import socket
import struct
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from raw_server import RawServer, answer, serving

from conformance.model import Problem, Request, Response
from conformance.transport import HttpTransport, TransportFailure
from conformance.transport.http import MAX_BODY

GET = Request(method="GET", path="/things")
POST = Request(method="POST", path="/things", body=b'{"a":1}')
TIMEOUT = 0.3
SLACK = 0.7
"""Seconds by which a busy machine may be late."""


def send(url: str, request: Request = GET, *, timeout: float = TIMEOUT) -> Response:
    with closing(HttpTransport(url, timeout=timeout)) as transport:
        return transport.send(request)


def failure(url: str, request: Request = GET, *, timeout: float = TIMEOUT) -> TransportFailure:
    with pytest.raises(TransportFailure) as caught:
        send(url, request, timeout=timeout)
    return caught.value


def trickle(server: RawServer, connection: socket.socket, data: bytes) -> None:
    """Send `data` a byte at a time, each well within any timeout of a single read."""
    for index in range(len(data)):
        connection.sendall(data[index : index + 1])
        if server.over.wait(0.05):
            return


def trickled_headers(server: RawServer, connection: socket.socket, _number: int) -> None:
    server.read_request(connection)
    trickle(server, connection, answer(b"{}", "X-Long: " + "x" * 2000))


def trickled_body(server: RawServer, connection: socket.socket, _number: int) -> None:
    server.read_request(connection)
    connection.sendall(answer(b" " * 2000)[:-2000])
    trickle(server, connection, b" " * 2000)


def silence(server: RawServer, connection: socket.socket, _number: int) -> None:
    server.read_request(connection)
    server.over.wait(5)


@pytest.mark.parametrize("talk", [trickled_headers, trickled_body, silence])
def test_a_request_ends_at_its_timeout_however_the_bytes_arrive(
    talk: Callable[[RawServer, socket.socket, int], None],
) -> None:
    with serving(talk) as server:
        begun = time.monotonic()
        seen = failure(server.url)
        elapsed = time.monotonic() - begun
    assert seen.problem is Problem.TIMEOUT
    assert TIMEOUT * 0.9 <= elapsed < TIMEOUT + SLACK


def test_a_request_that_the_server_does_not_read_ends_at_its_timeout() -> None:
    def never_read(server: RawServer, connection: socket.socket, _number: int) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        server.over.wait(5)

    huge = Request(method="POST", path="/things", body=b"x" * 30_000_000)
    with serving(never_read) as server:
        begun = time.monotonic()
        assert failure(server.url, huge).problem is Problem.TIMEOUT
        assert time.monotonic() - begun < TIMEOUT + SLACK


def test_no_request_outlasts_the_end_of_the_run() -> None:
    with serving(silence) as server:
        begun = time.monotonic()
        transport = HttpTransport(server.url, timeout=30, ends_at=begun + TIMEOUT)
        with closing(transport), pytest.raises(TransportFailure) as caught:
            transport.send(GET)
        assert caught.value.problem is Problem.TIMEOUT
        assert time.monotonic() - begun < TIMEOUT + SLACK


def test_a_body_that_never_stops_is_cut_off_by_its_size() -> None:
    def pour(server: RawServer, connection: socket.socket, _number: int) -> None:
        server.read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while not server.over.is_set():
            connection.sendall(b"x" * 1_000_000)

    with serving(pour) as server:
        seen = failure(server.url, timeout=20)
    assert seen.problem is Problem.TOO_LARGE
    assert str(MAX_BODY) in seen.detail


@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
        b"\x16\x03\x01\x02\x00" * 20,
        b"HTTP/9.9 banana\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"x" * 300_000,
    ],
)
def test_an_answer_that_is_no_http_is_malformed(garbage: bytes) -> None:
    def talk(server: RawServer, connection: socket.socket, _number: int) -> None:
        server.read_request(connection)
        connection.sendall(garbage)

    with serving(talk) as server:
        assert failure(server.url, timeout=2).problem is Problem.MALFORMED


def test_a_body_that_breaks_off_is_no_response() -> None:
    def talk(server: RawServer, connection: socket.socket, _number: int) -> None:
        server.read_request(connection)
        connection.sendall(answer(b"x" * 100)[:-50])

    with serving(talk) as server:
        assert failure(server.url).problem in {Problem.MALFORMED, Problem.DISCONNECTED}


def test_a_port_where_nobody_listens_is_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
    assert failure(url).problem is Problem.UNREACHABLE


def hang_up_once(server: RawServer, connection: socket.socket, number: int) -> None:
    server.read_request(connection)
    if number > 1:
        connection.sendall(answer(b"{}"))


def reset(server: RawServer, connection: socket.socket, _number: int) -> None:
    server.read_request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_a_get_whose_connection_had_gone_is_sent_again() -> None:
    with serving(hang_up_once) as server:
        assert send(server.url).status == 200
    assert len(server.requests) == 2


def test_a_get_is_sent_again_only_once() -> None:
    with serving(reset) as server:
        assert failure(server.url, timeout=5).problem is Problem.DISCONNECTED
    assert len(server.requests) == 2


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_request_that_may_change_something_is_never_sent_again(method: str) -> None:
    with serving(hang_up_once) as server:
        request = Request(method=method, path="/things")
        assert failure(server.url, request).problem is Problem.DISCONNECTED
    assert len(server.requests) == 1


def test_both_attempts_of_a_get_share_one_timeout() -> None:
    def late_hang_up(server: RawServer, connection: socket.socket, number: int) -> None:
        server.read_request(connection)
        server.over.wait(0.2 if number == 1 else 5)

    with serving(late_hang_up) as server:
        begun = time.monotonic()
        assert failure(server.url).problem is Problem.TIMEOUT
        assert time.monotonic() - begun < TIMEOUT + 0.15


def test_a_redirect_is_an_answer_and_not_an_order() -> None:
    def talk(server: RawServer, connection: socket.socket, _number: int) -> None:
        server.read_request(connection)
        elsewhere = f"Location: {server.url}/elsewhere"
        connection.sendall(answer(b"", elsewhere, status="302 Found"))

    with serving(talk) as server:
        response = send(server.url)
        assert response.header("location") == f"{server.url}/elsewhere"
    assert response.status == 302
    assert len(server.requests) == 1


def stay(server: RawServer, connection: socket.socket, _number: int) -> None:
    while True:
        server.read_request(connection)
        connection.sendall(answer(b"{}"))


def test_a_connection_is_used_for_the_next_request() -> None:
    with serving(stay) as server, closing(HttpTransport(server.url, timeout=2)) as transport:
        for _ in range(5):
            assert transport.send(GET).status == 200
        assert transport.send(POST).status == 200
        assert (server.connections, len(server.requests)) == (1, 6)


def test_slow_requests_of_many_threads_do_not_wait_for_each_other() -> None:
    def slow(server: RawServer, connection: socket.socket, _number: int) -> None:
        server.read_request(connection)
        server.over.wait(0.25)
        connection.sendall(answer(b"{}"))

    with serving(slow) as server, closing(HttpTransport(server.url, timeout=1.5)) as transport:
        begun = time.monotonic()
        with ThreadPoolExecutor(max_workers=24) as pool:
            statuses = [r.status for r in pool.map(transport.send, [GET] * 24)]
        assert statuses == [200] * 24
        assert time.monotonic() - begun < 1.5


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(stay) as proxy, serving(stay) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert send(server.url).status == 200
    assert (proxy.connections, server.connections) == (0, 1)


def test_the_request_arrives_as_it_was_planned() -> None:
    request = Request(
        method="POST",
        path="/things/a%2Fb?q=%00&q=%C3%BC",
        headers=(("Content-Type", "application/json"), ("X-Twice", "1"), ("X-Twice", "2")),
        body=b'{"a":1}',
    )
    with serving(stay) as server:
        assert send(server.url, request).status == 200
        host = server.url.split("/")[2]
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    assert first == b"POST /v1/things/a%2Fb?q=%00&q=%C3%BC HTTP/1.1"
    assert body == b'{"a":1}'
    assert [line for line in lines if line.startswith(b"X-Twice")] == [b"X-Twice: 1", b"X-Twice: 2"]
    assert {f"Host: {host}".encode(), b"Content-Length: 7", b"Accept: application/json"} < {*lines}
    assert b"Accept-Encoding: identity" in lines, "what comes back must be as the service wrote it"


def test_headers_of_the_answer_keep_their_order_and_their_bytes() -> None:
    def talk(server: RawServer, connection: socket.socket, _number: int) -> None:
        server.read_request(connection)
        connection.sendall(answer(b"\xff\x00", "X-Twice: a", "X-Twice: \xe9"))

    with serving(talk) as server:
        response = send(server.url)
    assert response.body == b"\xff\x00"
    assert [v for k, v in response.headers if k == "X-Twice"] == ["a", "\xc3\xa9"]
    assert response.elapsed > 0


@pytest.mark.parametrize(
    "request_",
    [
        Request(method="GET", path="/with space\r\nX-Injected: 1"),
        Request(method="GET", path="/", headers=(("X-Name", "line\r\nX-Injected: 1"),)),
        Request(method="GE T", path="/"),
    ],
)
def test_what_is_no_http_request_is_not_sent(request_: Request) -> None:
    with serving(stay) as server:
        seen = failure(server.url, request_)
    assert seen.problem is Problem.UNSENDABLE
    assert "unsendable" in seen.detail
    assert server.requests == []


def test_threads_do_not_close_each_others_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    idle = 0.002
    monkeypatch.setattr("conformance.transport.http._IDLE", idle)
    switching = sys.getswitchinterval()

    def talk(server: RawServer, connection: socket.socket, _number: int) -> None:
        while True:
            server.read_request(connection)
            connection.sendall(answer(b"{}"))

    def post(number: int) -> None:
        for index in range(150):
            transport.send(Request(method="POST", path="/jobs", body=b"{}"))
            time.sleep(idle + (index * 7 + number) % 4 * 1e-4)  # about when idle ones are closed

    with serving(talk) as server, ThreadPoolExecutor(12) as threads:
        transport = HttpTransport(server.url)
        sys.setswitchinterval(1e-6)
        try:
            for done in [threads.submit(post, number) for number in range(12)]:
                done.result()
        finally:
            sys.setswitchinterval(switching)
            transport.close()
    assert len(server.requests) == 12 * 150
