"""Sends requests to the mock in process, as an HTTP server would hand them over."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.mock.ionq import TENANTS, IonqMock

FIRST = TENANTS[0].key
SECOND = TENANTS[1].key


@dataclass(frozen=True)
class Reply:
    status: int
    media_type: str
    raw: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        return json.loads(self.raw)


@dataclass
class Driver:
    app: IonqMock
    key: str | None = FIRST
    mount: str = ""
    """Where a larger application has the mock; part of the path."""

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "",
        raw: bytes | None = None,
        media_type: str | None = "application/json",
    ) -> Reply:
        """Send one request; `key` None sends none, `raw` bytes go out as they are."""
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        headers = []
        used = self.key if key == "" else key
        if used is not None:
            headers.append((b"authorization", f"apiKey {used}".encode()))
        if content and media_type is not None:
            headers.append((b"content-type", media_type.encode()))
        return asyncio.run(self._exchange(method, path, headers, content))

    async def _exchange(
        self, method: str, path: str, headers: list[tuple[bytes, bytes]], content: bytes
    ) -> Reply:
        place, _, query = path.partition("?")
        whole = f"{self.mount}/v0.4{place}".encode()
        incoming: list[dict[str, Any]] = [{"type": "http.request", "body": content}]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return incoming.pop(0) if incoming else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": whole.decode(),
            "raw_path": whole,
            "query_string": query.encode(),
            "headers": headers,
            "root_path": self.mount,
        }
        await self.app(scope, receive, send)
        if not sent:
            return Reply(status=0, media_type="", raw=b"")
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        raw = b"".join(message.get("body", b"") for message in sent[1:])
        return Reply(sent[0]["status"], found["content-type"], raw, found)

    def get(self, path: str, *, key: str | None = "") -> Any:
        """Return the body of a request that succeeds."""
        reply = self.send("GET", path, key=key)
        assert reply.status == 200, reply.raw
        return reply.json()

    def submit(self, payload: Mapping[str, Any]) -> str:
        """Submit a job and return its id."""
        reply = self.send("POST", "/jobs", payload)
        assert reply.status == 201, reply.raw
        return str(reply.json()["id"])

    def probabilities(self, payload: Mapping[str, Any]) -> dict[str, float]:
        """Submit a job of one circuit and return its distribution."""
        found: dict[str, float] = self.get(f"/jobs/{self.submit(payload)}/results/probabilities")
        return found

    def session(self, backend: str = "qpu.forte-1", **settings: Any) -> str:
        """Create a session and return its id."""
        body = {"backend": backend, "settings": settings}
        reply = self.send("POST", "/sessions", body)
        assert reply.status == 201, reply.raw
        return str(reply.json()["id"])


def qis(*gates: Mapping[str, Any], qubits: int = 2, **fields: Any) -> dict[str, Any]:
    """Return the payload of a job with one QIS circuit on the simulator."""
    return {
        "type": "ionq.circuit.v1",
        "backend": "simulator",
        "shots": 1000,
        "input": {"gateset": "qis", "qubits": qubits, "circuit": list(gates)},
        **fields,
    }


def native(*gates: Mapping[str, Any], qubits: int = 2, **fields: Any) -> dict[str, Any]:
    """Return the payload of a job with one native circuit on the simulator."""
    payload = qis(*gates, qubits=qubits, **fields)
    payload["input"]["gateset"] = "native"
    return payload


def multi(*circuits: Mapping[str, Any], gateset: str = "qis", **fields: Any) -> dict[str, Any]:
    """Return the payload of a job with several circuits on the simulator."""
    return {
        "type": "ionq.multi-circuit.v1",
        "backend": "simulator",
        "shots": 1000,
        "input": {"gateset": gateset, "circuits": list(circuits)},
        **fields,
    }


H: dict[str, Any] = {"gate": "h", "target": 0}
X: dict[str, Any] = {"gate": "x", "target": 0}
CNOT: dict[str, Any] = {"gate": "cnot", "control": 0, "target": 1}
