"""`qconform mock` as a user sees it: what it prints, how clients find it, how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from mock_driver import FIRST, SECOND, H, qis

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@contextmanager
def started(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """Run the command and give its process, and what it announced, by name."""
    arguments = ["mock", "--port", "0", "--clock", "instant", *options]
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "conformance", *arguments],
        cwd=CHECKOUT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        told = dict[str, str]()
        try:
            while "judge it" not in told:
                line = process.stdout.readline()
                assert line, process.communicate()[1]
                told[line[:15].strip()] = line[15:].strip()
            yield process, told
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], how: signal.Signals = signal.SIGINT) -> tuple[str, str]:
    """Ask the command to end, and return what it wrote on its two streams after that."""
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    return out, err


def ask(url: str, body: Any = None, agent: str = "test/1") -> Any:
    headers = {"Authorization": f"apiKey {FIRST}", "User-Agent": agent}
    if body is not None:
        headers["Content-Type"] = "application/json"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 (loopback)
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 (loopback)
        return json.load(reply)


def test_it_says_where_it_listens_with_which_keys_and_where_to_read_on() -> None:
    with started("--control") as (process, told):
        assert ask(f"{told['listening']}/jobs")["jobs"] == []
        assert told["keys"].split()[0] == FIRST
        assert told[""].split()[0] == SECOND
        with urllib.request.urlopen(told["document"], timeout=60) as page:  # noqa: S310 (loopback)
            assert b"CreateJob" in page.read()
        with urllib.request.urlopen(told["control"].split()[1], timeout=60) as state:  # noqa: S310 (loopback)
            assert json.load(state)["jobs"] == 0
        assert ended(process) == ("", "")


def test_in_the_end_it_says_what_it_let_pass_and_for_whom() -> None:
    with started() as (process, told):
        ask(f"{told['listening']}/jobs", qis(H, shots="5"), agent="cirq/1.7.0 (python)")
        ask(f"{told['listening']}/jobs", qis(H, shots="6"), agent="cirq/1.7.0 (python)")
        ask(f"{told['listening']}/jobs?status=queued", agent="qiskit-ionq/1.1.1 (qiskit/2)")
        out, _ = ended(process, signal.SIGTERM)
    assert [line.split() for line in out.splitlines()[1:]] == [
        ["cirq/1.7.0"],
        ["shots-as-text", "CreateJob,", "2", "times"],
        ["qiskit-ionq/1.1.1"],
        ["queued-filter", "GetJobs,", "once"],
    ]


def test_the_request_log_goes_to_the_other_stream() -> None:
    with started("--log") as (process, told):
        ask(f"{told['listening']}/jobs?limit=3")
        out, err = ended(process)
    assert out == ""
    assert err.count("\n") == 1
    assert "GET /v0.4/jobs?limit=3  test/1" in err


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_though_connections_are_open_and_a_request_hangs(how: signal.Signals) -> None:
    with started("--fault", "hang") as (process, told), ExitStack() as stack:
        address = urlsplit(told["listening"])
        assert address.hostname is not None
        for sent in (
            b"",
            b"GET /v0.4/whoami HTTP/1.1\r\nHost: x\r\nAuthor",
            b"GET /v0.4/sessions HTTP/1.1\r\nHost: x\r\n\r\n",
            b"POST /v0.4/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
        ):
            wire = socket.create_connection((address.hostname, address.port or 0), timeout=10)
            stack.enter_context(wire)
            wire.sendall(sent)
        assert ask(f"{told['listening']}/whoami")
        assert ended(process, how) == ("", "")


def test_every_answer_that_was_begun_is_finished_before_it_ends() -> None:
    with started("--latency", "400ms", "--log") as (process, told):
        found: list[Any] = []
        asking = threading.Thread(target=lambda: found.append(ask(f"{told['listening']}/whoami")))
        asking.start()
        threading.Event().wait(0.2)
        ended(process)
        asking.join(timeout=60)
    assert found
    assert found[0]["key_id"]


def test_one_file_serves_one_process_after_the_other(tmp_path: Path) -> None:
    file = str(tmp_path / "state")
    with started("--state", file) as (process, told):
        job = ask(f"{told['listening']}/jobs", qis(H))["id"]
        second = subprocess.run(  # noqa: S603 (our own program)
            [sys.executable, "-m", "conformance", "mock", "--port", "0", "--state", file],
            cwd=CHECKOUT,
            text=True,
            capture_output=True,
            check=False,
        )
        assert second.returncode == 2
        assert "another mock has open" in second.stderr
        assert "Traceback" not in second.stderr
        ended(process)
    with started("--state", file) as (process, told):
        assert ask(f"{told['listening']}/jobs/{job}")["id"] == job
        ended(process)


def python(program: str, **environment: str) -> str:
    """Run a program with an environment and return what it prints."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def variables(line: str) -> dict[str, str]:
    """Return what a line `export A=b C=d` sets."""
    word, *settings = line.split()
    assert word == "export"
    return dict(setting.split("=", 1) for setting in settings)


@pytest.mark.clients
def test_the_line_for_ionq_core_makes_a_client_that_works() -> None:
    pytest.importorskip("ionq_core")
    with started() as (_process, told):
        program = (
            "import warnings; warnings.simplefilter('ignore')\n"
            "import ionq_core\n"
            "from ionq_core.api.default import get_jobs\n"
            f"{told['ionq-core']}\n"
            "print(get_jobs.sync(client=client).jobs)\n"
        )
        assert python(program) == "[]"


@pytest.mark.clients
def test_the_line_for_qiskit_ionq_makes_a_provider_that_works() -> None:
    pytest.importorskip("qiskit_ionq")
    with started() as (_process, told):
        program = (
            "from qiskit import QuantumCircuit\n"
            "from qiskit_ionq import IonQProvider\n"
            "circuit = QuantumCircuit(1); circuit.x(0)\n"
            "job = IonQProvider().get_backend('simulator').run(circuit, shots=10)\n"
            "print(job.get_probabilities())\n"
        )
        assert python(program, **variables(told["qiskit-ionq"])) == "{'1': 1.0}"


@pytest.mark.clients
def test_the_line_for_cirq_ionq_makes_a_service_that_works() -> None:
    pytest.importorskip("cirq_ionq")
    with started() as (_process, told):
        program = (
            "import cirq, cirq_ionq\n"
            "qubit = cirq.LineQubit(0)\n"
            "circuit = cirq.Circuit(cirq.X(qubit), cirq.measure(qubit, key='m'))\n"
            "found = cirq_ionq.Service().run(circuit, repetitions=10, target='simulator')\n"
            "print(found.measurements['m'].sum())\n"
        )
        assert python(program, **variables(told["cirq-ionq"])) == "10"


@pytest.mark.clients
def test_the_line_for_pennylane_ionq_makes_a_device_that_works() -> None:
    pytest.importorskip("pennylane_ionq")
    with started() as (_process, told):
        program = (
            "import pennylane as qml\n"
            f"{told['pennylane-ionq']}\n"
            "device = qml.device('ionq.simulator', wires=1)\n"
            "@qml.qnode(device, shots=10)\n"
            "def circuit():\n"
            "    qml.PauliX(wires=0)\n"
            "    return qml.counts()\n"
            "print({str(key): int(value) for key, value in circuit().items()})\n"
        )
        assert python(program) == "{'1': 10}"
