"""Sends requests to a mock in process and holds every answer to its document."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import jsonschema_rs

from conformance import spec
from conformance.mock.clock import SteppedClock
from conformance.mock.ibm import IbmMock
from conformance.mock.ibm import app as ibm_app
from conformance.mock.scaleway import ScalewayMock
from conformance.mock.scaleway import app as scaleway_app
from conformance.model import Specification

BELL = """OPENQASM 3.0; include "stdgates.inc"; bit[2] c; qubit[2] q;
h q[0]; cx q[0], q[1]; c = measure q;"""


@dataclass
class Driver:
    app: IbmMock | ScalewayMock
    clock: SteppedClock
    contract: Specification
    headers: Mapping[str, str]
    visited: set[tuple[str, int]] = field(default_factory=set)
    """Operation and status of every exchange so far."""

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        query: Any = None,
    ) -> httpx.Response:
        """Send a request below the base path and return the answer, judged."""

        async def exchange() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
                used = self.headers if headers is None else headers
                whole = f"{self.contract.base_path}{path}"
                return await client.request(
                    method, whole, json=body, headers=dict(used), params=query
                )

        reply = asyncio.run(exchange())
        self._judge(method, path, reply)
        return reply

    def ok(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """Return the body of a request that succeeds; None when there is none."""
        reply = self.send(method, path, body, **options)
        assert reply.is_success, reply.text
        return reply.json() if reply.content else None

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> int:
        """Return the status of a request that does not succeed."""
        reply = self.send(method, path, body, **options)
        assert reply.is_error, reply.text
        return reply.status_code

    def _judge(self, method: str, path: str, reply: httpx.Response) -> None:
        found = spec.match(self.contract, method, f"{self.contract.base_path}{path}")
        if found is None:
            return
        operation = found[0]
        self.visited.add((operation.id, reply.status_code))
        status = str(reply.status_code)
        declared = operation.responses.get(status) or operation.responses[f"{status[0]}XX"]
        media = reply.headers["content-type"]
        if "application/json" in declared.content and reply.status_code != 204:
            assert media == "application/json"
            schema = dict(declared.content["application/json"])
            validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
            assert [e.message for e in validator.iter_errors(reply.json())] == []


def ibm(account: int = 0, app: IbmMock | None = None) -> Driver:
    """Return a driver of IBM's mock that uses an API key."""
    made = app or ibm_app(seed=1, clock=SteppedClock())
    headers = {"Authorization": f"apikey {made.keys[account]}"}
    headers["Service-CRN"] = made.instances[account]
    assert isinstance(made.clock, SteppedClock)
    return Driver(made, made.clock, spec.load("ibm"), headers)


def scaleway(account: int = 0, app: ScalewayMock | None = None) -> Driver:
    """Return a driver of Scaleway's mock."""
    made = app or scaleway_app(seed=1, clock=SteppedClock())
    assert isinstance(made.clock, SteppedClock)
    headers = {"X-Auth-Token": made.keys[account]}
    return Driver(made, made.clock, spec.load("scaleway"), headers)
