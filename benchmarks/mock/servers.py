"""The mock servers that are compared, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

KEY = "qconform-mock-key-of-the-first-tenant"
PRISM = "@stoplight/prism-cli@5.14.2"

BELL = {
    "type": "ionq.circuit.v1",
    "backend": "simulator",
    "shots": 1000,
    "name": "bell",
    "input": {
        "gateset": "qis",
        "qubits": 2,
        "circuit": [
            {"gate": "h", "target": 0},
            {"gate": "cnot", "control": 0, "target": 1},
        ],
    },
}


@dataclass(frozen=True)
class Server:
    """A mock that answers."""

    name: str
    url: str
    ready: float
    """Seconds from its start to its first answer."""
    process: int

    def cpu(self) -> float:
        """Return the seconds of processor that it and its children have used (Linux)."""
        return sum(_cpu(pid) for pid in _family(self.process))

    def megabytes(self) -> float:
        """Return the resident memory of it and its children (Linux)."""
        return sum(_resident(pid) for pid in _family(self.process)) / 1e6


@contextlib.contextmanager
def ours(*options: str) -> Iterator[Server]:
    """Run `qconform mock` while the block runs."""
    port = _free_port()
    command = [sys.executable, "-m", "conformance", "mock", "--port", str(port), *options]
    name = " ".join(["qconform mock", *options])
    with _served(name, command, f"http://127.0.0.1:{port}/v0.4") as server:
        yield server


@contextlib.contextmanager
def prism(document: Path) -> Iterator[Server]:
    """Run Prism on `document` while the block runs; npx fetches it the first time."""
    npx = shutil.which("npx")
    if npx is None:
        raise FileNotFoundError("npx")
    # Fetched before the clock starts.
    subprocess.run([npx, "--yes", PRISM, "--version"], check=True, capture_output=True)  # noqa: S603 (fixed)
    port = _free_port()
    command = [npx, "--yes", PRISM, "mock", "--port", str(port), str(document)]
    with _served("Prism 5.14.2", command, f"http://127.0.0.1:{port}") as server:
        yield server


@contextlib.contextmanager
def _served(name: str, command: Sequence[str], url: str) -> Iterator[Server]:
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 (our own programs)
        command,
        cwd=Path(__file__).resolve().parents[2],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _await_answer(f"{url}/backends", process)
        yield Server(name, url, time.perf_counter() - began, process.pid)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=10)


def _await_answer(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(6000):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 (loopback)
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.005)
    raise TimeoutError(url)


def submitted(server: Server) -> str:
    """Submit a job and return its id as the server told it."""
    request = urllib.request.Request(  # noqa: S310 (loopback)
        f"{server.url}/jobs",
        data=json.dumps(BELL).encode(),
        headers={"Authorization": f"apiKey {KEY}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 (loopback)
        return str(json.load(reply)["id"])


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = [pid]
    if children.exists():
        for child in children.read_text().split():
            found += _family(int(child))
    return found


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
