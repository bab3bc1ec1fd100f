"""One walk through every operation, long enough for each fault to show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mock_driver import CNOT, FIRST, SECOND, Driver, H, Reply, X, multi, native, qis

from conformance.mock import InstantClock, ionq
from conformance.mock.ionq import TENANTS


@dataclass(frozen=True)
class Step:
    method: str
    path: str
    body: Any
    key: str | None
    reply: Reply


class Walk:
    """A driver that writes down what it does."""

    def __init__(self, *faults: str, strict: bool = True) -> None:
        self._driver = Driver(ionq.app(seed=7, strict=strict, clock=InstantClock(), faults=faults))
        self.steps: list[Step] = []

    def do(self, method: str, path: str, body: Any = None, key: str | None = FIRST) -> Any:
        """Send a request and return what it is answered, or nothing when that is no JSON."""
        reply = self._driver.send(method, path, body, key=key)
        self.steps.append(Step(method, path, body, key, reply))
        try:
            return reply.json()
        except ValueError:
            return {}

    def submit(self, payload: Mapping[str, Any]) -> str:
        """Submit a job, read it, and return its id."""
        wanted = self.do("POST", "/jobs", payload).get("id", "refused")
        self.do("GET", f"/jobs/{wanted}")
        return str(wanted)

    def run(self, payload: Mapping[str, Any]) -> str:
        """Submit a job, read its results, and return its id."""
        wanted = self.submit(payload)
        self.do("GET", f"/jobs/{wanted}/results/probabilities")
        return wanted


def walked(*faults: str) -> list[Step]:
    """Return the steps of the whole walk past a strict mock with `faults`."""
    walk = Walk(*faults)
    _account(walk)
    _physics(walk)
    _multi(walk)
    _lifecycle(walk)
    _sessions(walk)
    _strangers(walk)
    _refusals(walk)
    _lists_and_money(walk)
    return walk.steps


def _account(walk: Walk) -> None:
    walk.do("GET", "/whoami")
    walk.do("PATCH", "/whoami")
    walk.do("GET", "/backends", key=None)
    walk.do("GET", "/backends/simulator", key=None)
    page = walk.do("GET", "/backends/qpu.aria-1/characterizations?limit=2&page=2", key=None)
    wanted = page["characterizations"][0]["id"]
    walk.do("GET", f"/backends/qpu.aria-1/characterizations/{wanted}")
    walk.do("GET", "/sessions")


def _physics(walk: Walk) -> None:
    walk.run(qis(X, {"gate": "h", "target": 1}, {"gate": "cnot", "control": 2, "target": 0},
                 {"gate": "s", "target": 1}, {"gate": "rx", "target": 1, "rotation": 0.7},
                 qubits=3, metadata={"Map": "Q0"}))  # fmt: skip
    walk.run(native({"gate": "gpi2", "target": 0, "phase": 0.1},
                    {"gate": "gpi2", "target": 0, "phase": 0.3},
                    {"gate": "gpi2", "target": 1, "phase": 0},
                    {"gate": "zz", "targets": [0, 1], "angle": 0.2},
                    {"gate": "gpi2", "target": 1, "phase": 0.4}))  # fmt: skip
    noisy = walk.run(qis(H, CNOT, noise={"model": "aria-1", "seed": 4}))
    walk.do("GET", f"/jobs/{noisy}/circuits/native")
    for kind in ("probabilities", "histogram", "shots"):
        walk.do("GET", f"/jobs/{noisy}/variants/none/results/{kind}")


def _multi(walk: Walk) -> None:
    native_part = {"gateset": "native", "circuit": [{"gate": "gpi", "target": 1, "phase": 0}]}
    parent = walk.submit(multi({"circuit": [X]}, native_part, {"circuit": [H, CNOT]}))
    walk.do("GET", f"/jobs/{parent}/results/probabilities/aggregated")
    walk.do("GET", f"/jobs?parent_job_id={parent}")


def _lifecycle(walk: Walk) -> None:
    completed = walk.submit(qis(H))
    walk.do("GET", f"/jobs/{completed}")
    walk.submit(qis({"gate": "x", "target": 9}))
    walk.submit(qis({"gate": "cnot", "control": 1, "target": 1}))
    canceled = walk.do("POST", "/jobs", qis(H)).get("id")
    walk.do("PUT", f"/jobs/{canceled}/status/cancel")
    walk.do("GET", f"/jobs/{canceled}")
    deleted = walk.submit(qis(H))
    walk.do("DELETE", f"/jobs/{deleted}")
    walk.do("GET", f"/jobs/{deleted}")
    several = {"ids": [walk.submit(qis(H)), walk.submit(qis(X))]}
    walk.do("PUT", "/jobs/status/cancel", several)
    walk.do("DELETE", "/jobs", several)


def _sessions(walk: Walk) -> None:
    body = {"backend": "qpu.forte-1", "settings": {"job_count_limit": 1}}
    session = walk.do("POST", "/sessions", body)["id"]
    job = qis(H, backend="qpu.forte-1", session_id=session)
    walk.do("POST", "/jobs", job)
    walk.do("POST", "/jobs", job)
    walk.do("GET", f"/sessions/{session}/jobs")
    walk.do("POST", f"/sessions/{session}/end")
    walk.do("GET", f"/sessions/{session}")
    walk.do("GET", "/sessions?active=false")
    walk.do("POST", "/jobs", {**job, "session_id": "00000000-0000-4000-8000-00000000dead"})
    limits = {"cost_limit": {"unit": "usd", "value": 0.01}}
    walk.do("POST", "/sessions", {"backend": "qpu.forte-1", "settings": limits})
    used = walk.do("POST", "/sessions", {"backend": "qpu.forte-1"})["id"]
    walk.do("POST", "/jobs", {**job, "session_id": used})
    walk.do("GET", f"/sessions/{used}")
    other = walk.do("POST", "/sessions", {"backend": "qpu.forte-1"})["id"]
    walk.do("POST", f"/sessions/{other}/end")
    walk.do("GET", f"/sessions/{used}")


def _strangers(walk: Walk) -> None:
    job = walk.submit(qis(X, name="mine"))
    session = walk.do("POST", "/sessions", {"backend": "qpu.aria-2"})["id"]
    for path in (f"/jobs/{job}", f"/jobs/{job}/results/probabilities", "/jobs",
                 f"/sessions/{session}"):  # fmt: skip
        for key in (SECOND, "no-such-key", None):
            walk.do("GET", path, key=key)
    fresh = walk.do("POST", "/jobs", qis(H)).get("id")
    walk.do("PUT", f"/jobs/{fresh}/status/cancel", key=SECOND)
    walk.do("DELETE", f"/jobs/{fresh}", key=SECOND)
    walk.do("POST", f"/sessions/{session}/end", key=SECOND)


def _refusals(walk: Walk) -> None:
    walk.do("POST", "/jobs", qis(H, shots=1_000_001))
    walk.do("POST", "/jobs", qis(H, colour="red"))
    walk.do("POST", "/jobs", qis({"gate": "v", "target": 0}))
    walk.do("POST", "/sessions", {})


def _lists_and_money(walk: Walk) -> None:
    page = walk.do("GET", "/jobs?limit=2")
    walk.do("GET", f"/jobs?limit=2&next={page['next']}")
    walk.do("GET", "/jobs?status=failed")
    billed = walk.submit(qis(H, CNOT, backend="qpu.aria-1"))
    dry = walk.submit(qis(H, CNOT, backend="qpu.aria-1", dry_run=True))
    walk.do("GET", f"/jobs/{billed}/cost")
    walk.do("GET", f"/jobs/{dry}/cost")
    walk.do("GET", "/jobs/estimate?backend=qpu.aria-1&shots=10&2q_gates=3")
    organization = TENANTS[0].organization_id
    query = "start_date=2026-01-01&end_date=2026-02-01&group_by=job&modality=daily"
    walk.do("GET", f"/organizations/{organization}/usage?{query}")
