"""Which rules and operations become test items, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from conformance.checks import EXCHANGE_RULES, HISTORY_RULES, RUN_RULES, ExchangeRule, Rule
from conformance.model import Operation, Specification
from conformance.providers import Provider

Relevant = Callable[[Operation, Specification, Provider], bool]


@dataclass(frozen=True, slots=True)
class Subject:
    """A rule, and the operation it is judged on; '' for a rule about the service as a whole."""

    rule: Rule
    operation: str

    @property
    def name(self) -> str:
        """The name of the item: `LIFE-001 job-moves-forward[GetJob]`."""
        place = f"[{self.operation}]" if self.operation else ""
        return f"{self.rule.id} {self.rule.name}{place}"

    @property
    def is_history(self) -> bool:
        """Whether the rule reads histories or the whole run: many operations have a part."""
        return not isinstance(self.rule, ExchangeRule)


def subjects(specification: Specification, provider: Provider) -> Iterator[Subject]:
    """Yield what the contract of `provider` demands, rule by rule, operation by operation."""
    for rule in EXCHANGE_RULES:
        relevant = _RELEVANT.get(rule.id, _any)
        for operation in specification.operations:
            if relevant(operation, specification, provider):
                yield Subject(rule, operation.id)
    known = {operation.id for operation in specification.operations}
    for wide_rule in (*HISTORY_RULES, *RUN_RULES):
        wanted = _subject_of(wide_rule.id, provider)
        yield Subject(wide_rule, wanted if wanted in known else "")


def _subject_of(rule: str, provider: Provider) -> str:
    room, _, role = _ROLES.get(rule, "").partition(".")
    if not role:
        return room
    found: str = getattr(getattr(provider, room), role)
    return found


def _any(_operation: Operation, _specification: Specification, _provider: Provider) -> bool:
    return True


def _is_bound(operation: Operation, specification: Specification, _provider: Provider) -> bool:
    return any(binding.operation == operation.id for binding in specification.bindings)


def _takes_input(operation: Operation, _specification: Specification, _provider: Provider) -> bool:
    return bool(operation.parameters or operation.body)


def _takes_a_body(operation: Operation, _specification: Specification, _p: Provider) -> bool:
    return bool(operation.body)


def _is_protected(operation: Operation, _specification: Specification, provider: Provider) -> bool:
    return operation.authenticated and operation.id not in provider.free_access


def _is_open(operation: Operation, _specification: Specification, _provider: Provider) -> bool:
    return not operation.authenticated


def _reads_one(operation: Operation, specification: Specification, provider: Provider) -> bool:
    mine = _is_protected(operation, specification, provider)
    return mine and operation.method == "GET" and "{" in operation.path


def _changes_one(operation: Operation, specification: Specification, provider: Provider) -> bool:
    mine = _is_protected(operation, specification, provider)
    return mine and operation.method != "GET" and "{" in operation.path


_RELEVANT: Mapping[str, Relevant] = {
    "SCHEMA-002": _is_bound,
    "INPUT-002": _takes_input,
    "INPUT-006": _takes_a_body,
    "ACCESS-001": _is_protected,
    "ACCESS-002": _is_protected,
    "ACCESS-003": _reads_one,
    "ACCESS-004": _changes_one,
    "ACCESS-007": _is_open,
    "ACCESS-009": _is_protected,
}
"""Rules that some operations give no occasion for; a rule that is not here may be judged on all."""

_ROLES: Mapping[str, str] = {
    "ACCESS-006": "jobs.listing",
    "ACCESS-008": "jobs.read",
    "INPUT-004": "jobs.create",
    "INPUT-005": "jobs.create",
    "LIFE-001": "jobs.read",
    "LIFE-002": "jobs.read",
    "LIFE-003": "jobs.read",
    "LIFE-004": "jobs.cancel",
    "LIFE-005": "jobs.delete",
    "LIFE-006": "jobs.read",
    "LIFE-007": "jobs.read",
    "LIFE-008": "jobs.read",
    "LIFE-009": "sessions.read",
    "LIFE-010": "jobs.create",
    "LIFE-011": "jobs.read",
    "LIFE-012": "jobs.read",
    "LIFE-013": "jobs.read",
    "LIFE-014": "sessions.end",
    "LIFE-015": "sessions.jobs",
    "LIFE-016": "sessions.read",
    "LIFE-017": "jobs.read",
    "LIFE-018": "jobs.create",
    "LIFE-019": "jobs.create",
    "LIFE-020": "sessions.read",
    "LIFE-021": "sessions.listing",
    "LIST-001": "jobs.listing",
    "LIST-002": "jobs.listing",
    "LIST-003": "jobs.listing",
    "LIST-004": "sessions.listing",
    "PHYS-001": "jobs.results",
    "PHYS-002": "jobs.results",
    "PHYS-003": "jobs.results_of_many",
    "PHYS-004": "jobs.read",
    "STAT-001": "jobs.results",
    "STAT-002": "jobs.results",
    "COST-001": "jobs.estimate",
    "COST-002": "jobs.cost",
    "COST-003": "get-usages",
    "COST-004": "jobs.estimate",
}
"""The operation that a rule about histories speaks of first, by its role; only a name."""
