"""Histories as a service might have told them, and what a rule finds in them."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.checks import EXCHANGE_RULES, HISTORY_RULES, Contract
from conformance.lifecycle.conversation import build_request
from conformance.model import (
    Case,
    Credential,
    Exchange,
    Expectation,
    Finding,
    Problem,
    Request,
    Response,
)
from conformance.oracle import Reference
from conformance.providers import provider
from conformance.spec import load

JOB = "b5ac2d9e-0000-4000-8000-000000000001"
KEY = "secret-key-of-the-caller"
JSON = (("content-type", "application/json"),)
BELL = {
    "gateset": "qis",
    "qubits": 2,
    "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}],
}
PAYLOAD: dict[str, Any] = {
    "type": "ionq.circuit.v1",
    "backend": "simulator",
    "shots": 1000,
    "input": BELL,
}


@functools.cache
def contract() -> Contract:
    return Contract(
        strict=load("ionq"),
        lenient=load("ionq", lenient=True),
        provider=provider("ionq"),
        oracle=Reference(),
        leaks=lambda text: (KEY if isinstance(text, str) else KEY.encode()) in text,  # type: ignore[operator] # text and key are of one kind
        patience=10.0,
    )


@dataclass
class Told:
    """A history that grows by one exchange at a time."""

    history: list[Exchange] = field(default_factory=list)

    def say(
        self,
        operation: str,
        status: int = 200,
        body: Any = None,
        *,
        ids: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        sent: Any = None,
        method: str = "",
        raw: bytes | None = None,
        headers: tuple[tuple[str, str], ...] = JSON,
        problem: Problem | None = None,
        expects: Expectation = Expectation.FREE,
        because: str = "",
        credential: Credential = Credential.FIRST,
        started: float = 0.0,
    ) -> Exchange:
        described = contract().strict.operation(operation)
        named = ids if ids is not None else {"UUID": JOB, "session_id": JOB}
        request = build_request(described, named, query or {}, sent)
        if method:
            request = Request(method=method, path=request.path, body=request.body)
        case = Case(
            id=f"made.up.{len(self.history) + 1}",
            suite="lifecycle",
            operation=described,
            request=request,
            expects=expects,
            because=because,
            credential=credential,
        )
        content = raw if raw is not None else json.dumps(body).encode()
        exchange = Exchange(
            case=case,
            response=None if problem else Response(status=status, headers=headers, body=content),
            problem=problem,
            started=started,
            number=len(self.history) + 1,
        )
        self.history.append(exchange)
        return exchange

    def create(self, status: int = 201, *, job: str = JOB, **payload: Any) -> Exchange:
        body = {"id": job, "status": "submitted", "session_id": None}
        because = "a valid circuit"
        return self.say("CreateJob", status, body, sent={**PAYLOAD, **payload}, because=because)

    def read(self, status: str = "completed", *, started: float = 0.0, **changes: Any) -> Exchange:
        return self.say("GetJob", 200, job(status, **changes), started=started)

    def refuse(self, operation: str, status: int = 404) -> Exchange:
        return self.say(operation, status, refusal(status))


def job(status: str = "completed", **changes: Any) -> dict[str, Any]:
    """Return a job as the document describes it."""
    done, ended = status == "completed", status in ("completed", "failed")
    failure = {"code": "SystemCancel", "message": "it was canceled"}
    return {
        "id": JOB,
        "status": status,
        "type": "ionq.circuit.v1",
        "backend": "simulator",
        "dry_run": False,
        "submitter_id": "00000000-0000-4000-8000-0000000000aa",
        "project_id": "00000000-0000-4000-8000-0000000000bb",
        "parent_job_id": None,
        "session_id": None,
        "metadata": None,
        "name": None,
        "submitted_at": "2026-03-01T10:00:00.000Z",
        "started_at": "2026-03-01T10:00:01.000Z" if done else None,
        "completed_at": "2026-03-01T10:00:02.000Z" if ended else None,
        "predicted_wait_time_ms": 0,
        "predicted_execution_duration_ms": None,
        "execution_duration_ms": 12 if done else None,
        "shots": 1000,
        "noise": {"model": "ideal"},
        "failure": failure if status in ("failed", "canceled") else None,
        "output": {},
        "settings": {"compilation": {}},
        "stats": {"qubits": 2, "circuits": 1, "gate_counts": {"1q": 1, "2q": 1}},
        "results": {"probabilities": {"url": f"/v0.4/jobs/{JOB}/results/probabilities"}}
        if done
        else None,
        "child_job_ids": None,
        **changes,
    }


def refusal(status: int = 404, **changes: Any) -> dict[str, Any]:
    return {"statusCode": status, "error": "Refused", "message": "no", **changes}


def found(rule: str, evidence: Exchange | Sequence[Exchange]) -> list[Finding]:
    """Return what `rule` finds; an exchange that it does not judge gives nothing."""
    for each in EXCHANGE_RULES:
        if each.id == rule:
            assert isinstance(evidence, Exchange)
            applies = each.applies(evidence, contract())
            return list(each.check(evidence, contract())) if applies else []
    history = next(each for each in HISTORY_RULES if each.id == rule)
    assert not isinstance(evidence, Exchange)
    return [f for f in history.check(evidence, contract()) if f is not None]


def judges(rule: str, history: Sequence[Exchange]) -> bool:
    """Whether a rule about histories judges anything in this one."""
    checked = next(each for each in HISTORY_RULES if each.id == rule)
    return bool(list(checked.check(history, contract())))


def all_found(history: Sequence[Exchange]) -> list[str]:
    """Return what any rule at all finds in a history."""
    single = [
        f"{rule.id} {f.clause}"
        for rule in EXCHANGE_RULES
        for exchange in history
        if rule.applies(exchange, contract())
        for f in rule.check(exchange, contract())
    ]
    return single + [
        f"{rule.id} {f.clause}"
        for rule in HISTORY_RULES
        for f in rule.check(history, contract())
        if f is not None
    ]
