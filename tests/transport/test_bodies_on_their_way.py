"""Bodies that are sent in drips, or broken off."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import replace

import pytest
from raw_server import RawServer, answer, serving

from conformance.mock import running
from conformance.mock.ionq import app
from conformance.model import Delivery, Problem, Request
from conformance.transport import HttpTransport, TransportFailure

POST = Request(method="POST", path="/things", body=b'{"a": "some words"}')


def test_a_body_in_drips_comes_in_pieces_and_whole() -> None:
    pieces: list[bytes] = []

    def talk(_server: RawServer, connection: socket.socket, _number: int) -> None:
        while not b"".join(pieces).endswith(POST.body):
            pieces.append(connection.recv(65536))
        connection.sendall(answer(b"{}"))

    with serving(talk) as server, closing(HttpTransport(server.url)) as transport:
        response = transport.send(replace(POST, delivery=Delivery.IN_DRIPS))
    assert response.status == 200
    assert len(pieces) > 3


@pytest.mark.parametrize(
    ("body", "sent"), [(b'{"a": 1}' + b" " * 9, b'{"a": 1}'), (b'{"a": 1}', b'{"a"')]
)
def test_a_body_that_is_broken_off_ends_early_and_so_does_its_connection(
    body: bytes, sent: bytes
) -> None:
    received: list[bytes] = []

    def talk(server: RawServer, connection: socket.socket, number: int) -> None:
        if number > 1:
            server.read_request(connection)
            connection.sendall(answer(b"{}"))
        while data := connection.recv(65536):
            received.append(data)

    with serving(talk) as server, closing(HttpTransport(server.url)) as transport:
        cut = replace(POST, body=body, delivery=Delivery.BROKEN_OFF)
        with pytest.raises(TransportFailure) as caught:
            transport.send(cut)
        assert transport.send(POST).status == 200
    head, _, rest = b"".join(received).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert rest == sent
    assert caught.value.problem is Problem.UNSENDABLE


def test_the_mock_makes_no_job_of_a_submission_that_is_broken_off(
    capfd: pytest.CaptureFixture[str],
) -> None:
    whole = b'{"type":"ionq.circuit.v1","backend":"simulator","shots":9,"input":{"qubits":1,'
    whole += b'"gateset":"qis","circuit":[{"gate":"x","target":0}]}}'
    with running(app()) as mock, closing(HttpTransport(mock.url)) as transport:
        key = (("Authorization", f"apiKey {mock.keys[0]}"), ("Content-Type", "application/json"))
        cut = Request(method="POST", path="/jobs", headers=key, body=whole + b" " * 9)
        with pytest.raises(TransportFailure):
            transport.send(replace(cut, delivery=Delivery.BROKEN_OFF))
        assert transport.send(replace(cut, delivery=Delivery.IN_DRIPS)).status == 201
        listed = transport.send(Request(method="GET", path="/jobs", headers=key)).json()
    assert len(listed["jobs"]) == 1
    assert capfd.readouterr().err == ""
