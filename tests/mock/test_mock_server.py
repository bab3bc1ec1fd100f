"""The mock over real HTTP: start, stop, many clients at once."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from mock_driver import CNOT, H, qis

from conformance.errors import BadValue
from conformance.mock import InstantClock, RealClock, ionq, running

CHECKOUT = Path(__file__).resolve().parents[2]


def ask(url: str, key: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"apiKey {key}", "Content-Type": "application/json"}
    with urllib.request.urlopen(  # noqa: S310 (loopback)
        urllib.request.Request(url, data=data, headers=headers),  # noqa: S310 (loopback)
        timeout=10,
    ) as reply:
        return json.loads(reply.read())


def test_a_running_mock_serves_at_its_url_with_its_keys() -> None:
    with running(ionq.app(clock=InstantClock())) as served:
        assert served.url.startswith("http://127.0.0.1:")
        assert served.url.endswith("/v0.4")
        for key, tenant in zip(served.keys, ionq.TENANTS, strict=True):
            assert ask(f"{served.url}/whoami", key)["key_id"] == tenant.key_id


def test_a_job_completes_by_itself_on_the_wall_clock() -> None:
    with running(ionq.app(clock=RealClock())) as served:
        job = ask(f"{served.url}/jobs", served.keys[0], qis(H, CNOT))["id"]
        told = {"status": "submitted"}
        while told["status"] != "completed":
            told = ask(f"{served.url}/jobs/{job}", served.keys[0])
        found = ask(f"{served.url}/jobs/{job}/results/probabilities", served.keys[0])
        assert found.keys() == {"0", "3"}


def test_answers_on_one_connection_are_not_held_back() -> None:
    with running(ionq.app()) as served:
        connection = http.client.HTTPConnection(served.url.split("/")[2], timeout=10)
        started = time.perf_counter()
        for _ in range(50):
            connection.request("GET", "/v0.4/backends/simulator")
            connection.getresponse().read()
        elapsed = time.perf_counter() - started
        connection.close()
    assert elapsed < 50 * 0.03  # a delayed acknowledgement would take 0.04 s each


def test_a_closed_mock_frees_its_port() -> None:
    with running(ionq.app()) as served:
        port = int(served.url.split(":")[2].split("/")[0])
    with running(ionq.app(), port=port) as again:
        assert ask(f"{again.url}/backends", "any")


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        expected = f"port: expected a free port, got '{port}'"
        with pytest.raises(BadValue, match=expected), running(ionq.app(), port=port):
            pass


@pytest.mark.parametrize(
    ("host", "port", "where"),
    [("127.0.0.1", 70_000, "port"), ("256.0.0.1", 0, "host"), ("192.0.2.1", 0, "host")],
)
def test_an_impossible_address_is_refused(host: str, port: int, where: str) -> None:
    with pytest.raises(BadValue, match=f"^{where}: "), running(ionq.app(), host, port):
        pass


def test_two_tenants_at_once_lose_and_mix_nothing() -> None:
    found: dict[str, list[str]] = {}

    def work(served_url: str, key: str) -> None:
        for _ in range(15):
            job = ask(f"{served_url}/jobs", key, qis(H))["id"]
            assert ask(f"{served_url}/jobs/{job}", key)["status"] == "completed"
            found[key].append(job)

    with running(ionq.app(clock=InstantClock())) as served:
        found.update({key: [] for key in served.keys})
        threads = [
            threading.Thread(target=work, args=(served.url, key))
            for key in served.keys
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for key in served.keys:
            listed = ask(f"{served.url}/jobs?limit=100", key)["jobs"]
            assert len(found[key]) == 60
            assert sorted(job["id"] for job in listed) == sorted(found[key])
            assert len({job["submitter_id"] for job in listed}) == 1


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_the_blocking_server_ends_cleanly_when_asked(ending: signal.Signals) -> None:
    program = (
        "from conformance.mock import ionq, serve\n"
        "serve(ionq.app(), '127.0.0.1', 0, on_ready=lambda url: print(url, flush=True))\n"
        "print('closed')\n"
    )
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-c", program],
        cwd=CHECKOUT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        assert ask(f"{url}/backends", "any")
        server.send_signal(ending)
        out, err = server.communicate(timeout=10)
    assert (server.returncode, out, err) == (0, "closed\n", "")
