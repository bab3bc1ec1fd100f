"""HTTP/1.1 as it goes over a socket: what is pipelined, in pieces, broken, or without an end."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from mock_driver import FIRST, H, qis

from conformance.mock import InstantClock, Running, ionq, running

KEY = f"Authorization: apiKey {FIRST}\r\n"
BODY = json.dumps(qis(H)).encode()


@pytest.fixture(scope="module")
def served() -> Iterator[Running]:
    with running(ionq.app(clock=InstantClock())) as mock:
        yield mock


@pytest.fixture
def wire(served: Running) -> Iterator[socket.socket]:
    address = urlsplit(served.url)
    assert address.hostname is not None
    with socket.create_connection((address.hostname, address.port or 0), timeout=10) as opened:
        yield opened


def answer(wire: socket.socket) -> tuple[int, dict[str, str], bytes]:
    """Read one response off the wire, and not a byte more."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = wire.recv(1)
        assert byte, f"the connection was closed after {head!r}"
        head += byte
    first, *lines = head.decode("ascii").strip().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    body = b""
    while len(body) < int(headers.get("content-length", "0")):
        body += wire.recv(int(headers["content-length"]) - len(body))
    return int(first.split()[1]), headers, body


def submission(*headers: str) -> bytes:
    """Return the head of a submission with further headers."""
    lines = ["POST /v0.4/jobs HTTP/1.1", "Host: x", "Content-Type: application/json", *headers]
    return ("\r\n".join(lines) + "\r\n" + KEY + "\r\n").encode()


def is_closed(wire: socket.socket) -> bool:
    """Return whether the other side has closed, after reading what is left."""
    try:
        while wire.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def test_requests_that_come_at_once_are_answered_in_their_order(wire: socket.socket) -> None:
    ask = f"GET /v0.4/%s HTTP/1.1\r\nHost: x\r\n{KEY}\r\n"
    wire.sendall("".join(ask % place for place in ("whoami", "nothing", "jobs?limit=1")).encode())
    found = [answer(wire) for _ in range(3)]
    assert [status for status, _, _ in found] == [200, 404, 200]
    assert b"key_id" in found[0][2]
    assert b"jobs" in found[2][2]


def test_a_body_in_chunks_is_one_body(wire: socket.socket) -> None:
    wire.sendall(submission("Transfer-Encoding: chunked"))
    for start in range(0, len(BODY), 7):
        piece = BODY[start : start + 7]
        wire.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    wire.sendall(b"0\r\n\r\n")
    assert answer(wire)[0] == 201


def test_a_client_that_expects_to_be_told_to_go_on_is_told(wire: socket.socket) -> None:
    wire.sendall(submission(f"Content-Length: {len(BODY)}", "Expect: 100-continue"))
    assert answer(wire)[0] == 100
    wire.sendall(BODY)
    assert answer(wire)[0] == 201


def test_a_client_without_a_key_is_refused_before_its_body(wire: socket.socket) -> None:
    head = submission(f"Content-Length: {len(BODY)}", "Expect: 100-continue")
    wire.sendall(head.replace(KEY.encode(), b""))
    assert answer(wire)[0] == 401


def test_a_body_beyond_the_limit_is_refused(wire: socket.socket) -> None:
    size = 10_000_001
    wire.sendall(submission(f"Content-Length: {size}"))
    wire.sendall(b" " * size)
    assert answer(wire)[0] == 413


def test_an_answer_to_head_has_no_body(wire: socket.socket) -> None:
    wire.sendall(f"HEAD /v0.4/whoami HTTP/1.1\r\nHost: x\r\n{KEY}\r\n".encode())
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += wire.recv(1)
    assert head.split()[1] == b"405"
    wire.sendall(f"GET /v0.4/whoami HTTP/1.1\r\nHost: x\r\n{KEY}\r\n".encode())
    assert answer(wire)[0] == 200


def test_a_connection_is_kept_or_closed_as_the_client_says(wire: socket.socket) -> None:
    ask = f"GET /v0.4/whoami HTTP/1.1\r\nHost: x\r\n{KEY}"
    for _ in range(3):
        wire.sendall(f"{ask}\r\n".encode())
        assert answer(wire)[0] == 200
    wire.sendall(f"{ask}Connection: close\r\n\r\n".encode())
    status, headers, _ = answer(wire)
    assert (status, headers["connection"]) == (200, "close")
    assert is_closed(wire)


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET /v0.4/whoami HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST /v0.4/jobs HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST /v0.4/jobs HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST /v0.4/jobs HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
def test_what_is_no_http_is_refused_and_the_mock_lives_on(
    wire: socket.socket, served: Running, sent: bytes
) -> None:
    wire.sendall(sent)
    assert wire.recv(12) in {b"HTTP/1.1 400", b"HTTP/1.1 401"}
    assert is_closed(wire) or served
    address = urlsplit(served.url)
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=10) as again:
        again.sendall(f"GET /v0.4/whoami HTTP/1.1\r\nHost: x\r\n{KEY}\r\n".encode())
        assert answer(again)[0] == 200


@pytest.mark.parametrize("filler", [b"x: y\r\n", b"y"])
def test_a_head_without_an_end_is_cut_off(wire: socket.socket, filler: bytes) -> None:
    wire.sendall(b"GET /v0.4/whoami HTTP/1.1\r\nx: ")
    told = b""
    try:
        for _ in range(40):
            wire.sendall(filler * (10_000 // len(filler)))
        told = wire.recv(12)
    except (BrokenPipeError, ConnectionResetError):
        told = b"HTTP/1.1 431"  # hung up while it was still being sent
    assert told == b"HTTP/1.1 431"


def test_a_client_that_goes_away_in_the_middle_does_no_harm(
    wire: socket.socket, served: Running
) -> None:
    wire.sendall(submission("Content-Length: 1000") + BODY[:10])
    wire.close()
    address = urlsplit(served.url)
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=10) as again:
        again.sendall(f"GET /v0.4/jobs HTTP/1.1\r\nHost: x\r\n{KEY}\r\n".encode())
        assert answer(again)[0] == 200
