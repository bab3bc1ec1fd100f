"""Two tenants hammer one mock over 32 connections; afterwards everything adds up."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from mock_driver import CNOT, FIRST, SECOND, H, qis

from conformance.mock.ionq import TENANTS

CHECKOUT = Path(__file__).resolve().parents[2]
KEEP = 640
CONNECTIONS = 32


@dataclass
class Connection:
    """One client, and what it has been told."""

    host: str
    key: str
    seed: int
    created: list[str] = field(default_factory=list)
    billed: Counter[str] = field(default_factory=Counter)
    """Jobs on machines, and what they cost, in millionths."""
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.wire = http.client.HTTPConnection(self.host, timeout=30)

    def work(self, until: float) -> None:
        """Submit jobs, look at them, cancel and delete some, until it is time."""
        draw = random.Random(self.seed)  # noqa: S311 (no secret)
        while time.monotonic() < until:
            self._live_through_a_job(draw)
        self.wire.close()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Send one request and return what the answer says; None for a refusal."""
        headers = {"Authorization": f"apiKey {self.key}", "Content-Type": "application/json"}
        content = None if body is None else json.dumps(body)
        self.wire.request(method, f"/v0.4{path}", content, headers)
        reply = self.wire.getresponse()
        told = reply.read()
        self.statuses[reply.status] += 1
        return json.loads(told) if reply.status < 400 else None

    def _live_through_a_job(self, draw: random.Random) -> None:
        on_machine = draw.random() < 0.3
        name = f"{self.seed}-{len(self.created)}"
        backend = "qpu.aria-1" if on_machine else "simulator"
        job = self.ask("POST", "/jobs", qis(H, CNOT, backend=backend, name=name))["id"]
        self.created.append(job)
        told = self.ask("GET", f"/jobs/{job}")
        if told is None or (told["id"], told["name"], told["status"]) != (job, name, "completed"):
            self.wrong.append(f"{job}: {told}")
        cost = self.ask("GET", f"/jobs/{job}/cost")
        if on_machine and cost is not None:
            self.billed["jobs"] += 1
            self.billed["millionths"] += round(cost["cost"]["value"] * 1e6)
        found = self.ask("GET", f"/jobs/{job}/results/probabilities")
        correlated = 0.0 if found is None else found.get("0", 0.0) + found.get("3", 0.0)
        if correlated < (0.8 if on_machine else 1 - 1e-9):
            self.wrong.append(f"{job}: {found}")
        if draw.random() < 0.1:
            self.ask("GET", "/jobs?limit=5")


@contextmanager
def served(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `qconform mock` and give its process and host."""
    arguments = ["mock", "--port", "0", "--clock", "instant", "--keep", str(KEEP), *options]
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "conformance", *arguments],
        cwd=CHECKOUT,
        text=True,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, urlsplit(process.stdout.readline().split()[1]).netloc
        finally:
            process.kill()


def hammered(host: str, seconds: float) -> list[Connection]:
    """Return the connections after they worked for some seconds, half for each tenant."""
    keys = (FIRST, SECOND)
    connections = [Connection(host, keys[i % 2], i) for i in range(CONNECTIONS)]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=each.work, args=(until,)) for each in connections]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return connections


def pages(asking: Connection) -> list[str]:
    """Return the ids of all jobs of a tenant, as its list tells them page by page."""
    found, cursor = list[str](), ""
    while True:
        page = asking.ask("GET", f"/jobs?limit=100{cursor}")
        found += [job["id"] for job in page["jobs"]]
        if page["next"] is None:
            return found
        cursor = f"&next={page['next']}"


def check(host: str, connections: list[Connection]) -> None:
    """Hold what the mock tells in the end against what its answers had told."""
    assert [wrong for each in connections for wrong in each.wrong] == []
    statuses = sum((each.statuses for each in connections), Counter[int]())
    assert set(statuses) == {200, 201}
    for tenant in TENANTS:
        mine = [each for each in connections if each.key == tenant.key]
        created = [job for each in mine for job in each.created]
        assert len(set(created)) == len(created)
        asking = Connection(host, tenant.key, seed=0)
        listed = pages(asking)
        assert len(set(listed)) == len(listed)
        assert set(listed) <= set(created)
        assert KEEP <= len(listed) <= KEEP + KEEP // 64 or len(listed) == len(created)
        billed = sum((each.billed for each in mine), Counter[str]())
        query = "start_date=2025-12-01&end_date=2036-02-01&group_by=project&modality=monthly"
        usage = asking.ask("GET", f"/organizations/{tenant.organization_id}/usage?{query}")
        assert usage["job_count"] == billed["jobs"]
        assert round(usage["amount_total"] * 1e6) == billed["millionths"]
        asking.wire.close()


def test_everything_adds_up_after_two_tenants_hammered_a_mock() -> None:
    with served() as (_process, host):
        connections = hammered(host, seconds=4)
        assert sum(len(each.created) for each in connections) > CONNECTIONS
        check(host, connections)


def test_nothing_is_lost_when_the_state_is_written_to_a_file(tmp_path: Path) -> None:
    with served("--state", str(tmp_path / "state")) as (_process, host):
        connections = hammered(host, seconds=2)
        check(host, connections)


@pytest.mark.exhaustive
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_memory_stays_flat_while_two_tenants_hammer_a_mock_for_a_minute() -> None:
    with served() as (process, host):
        seen: list[int] = []
        over = threading.Event()

        def watch() -> None:
            while not over.wait(1):
                pages_resident = Path(f"/proc/{process.pid}/statm").read_text().split()[1]
                seen.append(int(pages_resident) * 4096)

        watcher = threading.Thread(target=watch)
        watcher.start()
        connections = hammered(host, seconds=60)
        over.set()
        watcher.join()
        check(host, connections)
    settled, last = max(seen[15:25]), max(seen[-10:])
    assert last < 1.05 * settled, f"grew from {settled} to {last} bytes"
