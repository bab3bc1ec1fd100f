"""Histories of providers that are known by their table of things."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from typing import Any

from conformance.checks import HISTORY_RULES, Contract
from conformance.lifecycle.conversation import build_request
from conformance.model import Case, Credential, Exchange, Finding, Response
from conformance.oracle import Reference
from conformance.providers import provider
from conformance.spec import load

JSON = (("content-type", "application/json"),)
LAG = 2.0
"""Seconds after which a list must know of what happened."""


@functools.cache
def contract_of(name: str) -> Contract:
    return Contract(
        strict=load(name),
        lenient=load(name, lenient=True),
        provider=provider(name),
        oracle=Reference(),
        patience=10.0,
        lag=LAG,
    )


@dataclass
class Talk:
    """A history that grows by one exchange at a time, three seconds apart."""

    name: str
    history: list[Exchange] = field(default_factory=list)

    def say(
        self,
        operation: str,
        body: Any = None,
        *,
        sent: Any = None,
        status: int = 200,
        credential: Credential = Credential.FIRST,
        ids: dict[str, str] | None = None,
        **query: Any,
    ) -> None:
        described = contract_of(self.name).strict.operation(operation)
        case = Case(
            id=f"made.up.{len(self.history) + 1}",
            suite="lifecycle",
            operation=described,
            request=build_request(described, ids or {}, query, sent),
            credential=credential,
        )
        content = b"" if body is None else json.dumps(body).encode()
        self.history.append(
            Exchange(
                case=case,
                response=Response(status=status, headers=JSON, body=content),
                started=3.0 * len(self.history),
                number=len(self.history) + 1,
            )
        )

    def found(self, rule: str) -> list[Finding]:
        """Return what a rule finds."""
        check = next(each for each in HISTORY_RULES if each.id == rule).check
        return [f for f in check(self.history, contract_of(self.name)) if f is not None]

    def clauses(self, rule: str) -> set[str]:
        return {finding.clause for finding in self.found(rule)}
