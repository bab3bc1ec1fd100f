"""Proxies, authorities and client certificates, as users of requests and httpx know them."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from raw_server import RawServer, answer, serving

from conformance.engine.address import is_loopback
from conformance.errors import BadValue
from conformance.model import Problem, Request
from conformance.transport import (
    HttpTransport,
    Proxy,
    TransportFailure,
    Trust,
    UnusableCertificate,
    proxy_for,
)

GET = Request(method="GET", path="/things", headers=(("Authorization", "apiKey secret-key"),))


@pytest.fixture(autouse=True)
def _no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def well(server: RawServer, connection: socket.socket, _number: int) -> None:
    server.read_request(connection)
    connection.sendall(answer(b"{}"))


def test_a_request_goes_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(well) as proxy:
        there = proxy.url.removesuffix("/v1").replace("http://", "http://me:p%40ss@")
        monkeypatch.setenv("HTTP_PROXY", there)
        url = "http://api.example.org/v0.4"
        named = proxy_for(url)
        assert named is not None
        assert (named.auth, "me" in named.url) == (("me", "p@ss"), False)
        with closing(HttpTransport(url, proxy=named, timeout=5)) as transport:
            assert transport.send(GET).status == 200
    assert proxy.requests[0].startswith(b"GET http://api.example.org/v0.4/things HTTP/1.1")
    assert b"Proxy-Authorization: Basic " in proxy.requests[0]


def test_an_https_target_is_reached_by_a_tunnel_that_sees_no_key() -> None:
    def refuse(server: RawServer, connection: socket.socket, _number: int) -> None:
        server.read_request(connection)
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with serving(refuse) as proxy:
        through = Proxy(proxy.url.removesuffix("/v1"))
        url = "https://api.example.org/v0.4"
        with (
            closing(HttpTransport(url, proxy=through, timeout=5)) as transport,
            pytest.raises(TransportFailure) as caught,
        ):
            transport.send(GET)
    assert caught.value.problem is Problem.UNREACHABLE
    assert proxy.requests[0].startswith(b"CONNECT api.example.org:443 HTTP/1.1")
    assert b"secret-key" not in proxy.requests[0]


@pytest.mark.parametrize("spared", ["api.example.org", ".example.org", "*", "other,example.org"])
def test_no_proxy_names_what_needs_none(spared: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example.net:3128")
    assert proxy_for("https://api.example.org/v0.4") == Proxy("http://proxy.example.net:3128")
    monkeypatch.setenv("NO_PROXY", spared)
    assert proxy_for("https://api.example.org/v0.4") is None


def test_a_proxy_that_is_none_is_refused_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://me:hunter2@proxy.example.net")
    with pytest.raises(BadValue, match="http or https URL") as caught:
        proxy_for("https://api.example.org/v0.4")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://localhost/v0.4", "http://[::1]:80", "http://127.8.9.1",
                                 "http://[::ffff:127.0.0.1]/", "http://LOCALHOST:1"])  # fmt: skip
def test_what_is_this_machine(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://0.0.0.0",
        "http://[::]",
        "http://[::ffff:192.0.2.1]",
        "http://[::ffff:0.0.0.0]",
        "http://127.1",
        "http://2130706433",
        "http://0x7f000001",
        "http://localhost.",
        "http://localhost.example.org",
        "http://127.0.0.1.nip.io",
        "http://[fe80::1]",
        "http://10.0.0.1",
        "http://localhost@example.org",
        "http://127.0.0.1:80@example.org",
    ],
)
def test_what_is_not_this_machine_or_may_not_be(url: str) -> None:
    assert not is_loopback(url)


def test_a_name_of_this_machine_that_leads_elsewhere_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(well) as server:
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        url = f"http://localhost:{port}"
        with closing(HttpTransport(url, loopback=True, timeout=5)) as transport:
            assert transport.send(GET).status == 200
        elsewhere = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: elsewhere)
        with (
            closing(HttpTransport(url, loopback=True, timeout=5)) as transport,
            pytest.raises(TransportFailure) as caught,
        ):
            transport.send(GET)
    assert caught.value.problem is Problem.UNTRUSTED
    assert "192.0.2.7" in str(caught.value)


def test_an_aborted_transport_gives_up_what_it_waits_for() -> None:
    def silence(server: RawServer, connection: socket.socket, _number: int) -> None:
        server.read_request(connection)
        server.over.wait(20)

    with serving(silence) as server, closing(HttpTransport(server.url, timeout=20)) as transport:
        timer = threading.Timer(0.2, transport.abort)
        timer.start()
        with pytest.raises(TransportFailure) as caught:
            transport.send(Request(method="POST", path="/x"))
        assert caught.value.problem is Problem.DISCONNECTED
        with pytest.raises(TransportFailure):
            transport.send(GET)
        timer.join()


@pytest.mark.parametrize("content", [None, "", "no certificate", "-----BEGIN CERTIFICATE-----\nx"])
def test_certificates_that_cannot_be_read_are_named(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(UnusableCertificate, match="--ca") as caught:
        Trust(ca=str(file)).context({})
    assert str(file) in str(caught.value)
    with pytest.raises(UnusableCertificate, match="CURL_CA_BUNDLE"):
        Trust().context({"CURL_CA_BUNDLE": str(file)})
    with pytest.raises(UnusableCertificate, match="--client-cert"):
        Trust(certificate=str(file)).context({})


@contextmanager
def mutual(folder: Path) -> Iterator[tuple[str, Path, Path]]:
    """Serve over TLS to whoever shows a certificate; yield URL, authority and client file."""
    trustme = pytest.importorskip("trustme", reason="certificates for tests are made by trustme")
    ca = trustme.CA()
    authority, client = folder / "ca.pem", folder / "client.pem"
    ca.cert_pem.write_to_path(authority)
    ca.issue_cert("client@example.org").private_key_and_cert_chain_pem.write_to_path(client)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(authority))
    context.verify_mode = ssl.CERT_REQUIRED
    ca.issue_cert("127.0.0.1").configure_cert(context)

    def talk(server: RawServer, connection: socket.socket, number: int) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            well(server, secured, number)

    with serving(talk) as server:
        yield server.url.replace("http:", "https:"), authority, client


def test_a_client_certificate_is_shown_where_it_is_asked_for(tmp_path: Path) -> None:
    with mutual(tmp_path) as (url, authority, client):
        trust = Trust(ca=str(authority), certificate=str(client))
        with closing(HttpTransport(url, trust=trust, timeout=5)) as transport:
            assert transport.send(GET).status == 200
        with (
            closing(HttpTransport(url, trust=Trust(ca=str(authority)), timeout=5)) as transport,
            pytest.raises(TransportFailure),
        ):
            transport.send(GET)
