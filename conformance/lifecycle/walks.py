"""The walks of each suite, by name, in the order in which a run takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from conformance.generate import specimens
from conformance.lifecycle import (
    access,
    debiasing,
    hostile,
    inputs,
    jobs,
    lists,
    money,
    physics,
    sessions,
)
from conformance.lifecycle.conversation import Conversation
from conformance.model import Operation, Specification
from conformance.providers import Provider

_STEPS = 12
"""Calls in the longest random sequence."""
_PARTS = 4
"""Walks into which the mutants of one body are dealt, so that they can be sent side by side."""

_WITHIN = {"native-job": "/input", "one-override": "/input"}
"""Bodies that differ from another one there alone, so that only there they are made wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A named scenario: what it says to the target is a function of its conversation."""

    suite: str
    name: str
    run: Callable[[Conversation], None]
    operations: frozenset[str] = frozenset()
    """Operations it is about; empty when it is about jobs as a whole."""
    owned_only: bool = False
    """Whether it asks for more than reads and simulator jobs."""


def access_walks(specification: Specification) -> Iterator[Walk]:
    """Yield, for every operation, a call without a key, with a wrong one, and by another tenant."""
    for operation in specification.operations:
        about = frozenset({operation.id})
        owned = access.needs_session(operation)
        yield Walk(
            suite="access",
            name=f"{operation.id}-keys",
            run=partial(access.try_keys, operation=operation),
            operations=about,
            owned_only=owned,
        )
        if access.has_owner(operation):
            yield Walk(
                suite="access",
                name=f"{operation.id}-other-tenant",
                run=partial(access.try_other_tenant, operation=operation),
                operations=about,
                owned_only=owned,
            )


def lifecycle_walks(sequences: int = 0) -> Iterator[Walk]:
    """Yield the walks over jobs, sessions, lists and money, and `sequences` random ones."""
    for module in (jobs, lists, money):
        for name, run in module.WALKS.items():
            yield Walk(suite="lifecycle", name=name, run=run)
    for name, run in sessions.WALKS.items():
        yield Walk(suite="lifecycle", name=name, run=run, owned_only=True)
    if sequences:
        run = partial(_explore, sequences=sequences)
        yield Walk(suite="lifecycle", name="sequences", run=run, owned_only=True)


def _explore(talk: Conversation, *, sequences: int) -> None:
    from conformance.lifecycle.machine import explore  # Hypothesis takes long to import

    explore(talk, sequences=sequences, steps=_STEPS)


def hostile_walks() -> Iterator[Walk]:
    """Yield the walks over odd and illegal input."""
    for name, run in hostile.WALKS.items():
        yield Walk(suite="hostile", name=name, run=run, owned_only=True)


def input_walks(specification: Specification, provider: Provider) -> Iterator[Walk]:
    """Yield requests wrong in one way for every operation, and every documented form of a job."""
    for name, walk in inputs.WALKS.items():
        yield Walk(suite="contract", name=name, run=walk)
    for name, body, sure in inputs.forms(provider):
        run = partial(inputs.accept_forms, name=name, body=body, sure=sure)
        about = frozenset({provider.jobs.create})
        yield Walk(suite="contract", name=f"form-{name}", run=run, operations=about)
    for operation in specification.operations:
        about = frozenset({operation.id})
        for name, body in _bodies(operation, provider).items():
            parts = _PARTS // 2 if name in _WITHIN else _PARTS
            for part in range(parts):
                run = partial(
                    inputs.refuse_bodies,
                    operation=operation,
                    valid=body,
                    share=(part, parts),
                    within=_WITHIN.get(name, ""),
                )
                yield Walk(suite="contract", name=f"wrong-{name}-{part}", run=run, operations=about)
        if operation.body:
            run = partial(inputs.refuse_texts, operation=operation)
            yield Walk(suite="contract", name=f"no-json-{operation.id}", run=run, operations=about)
        if any(p.location == "query" for p in operation.parameters):
            run = partial(inputs.refuse_queries, operation=operation)
            owned = access.needs_session(operation)
            yield Walk(
                suite="contract",
                name=f"wrong-query-{operation.id}",
                run=run,
                operations=about,
                owned_only=owned,
            )


def _bodies(operation: Operation, provider: Provider) -> dict[str, dict[str, Any]]:
    """Return valid bodies of `operation` by name, from which wrong ones are made."""
    if operation.id == provider.jobs.create:
        return inputs.payloads(provider)
    if operation.id == provider.sessions.create:
        cost = {"unit": "usd", "value": 10.0}
        settings = {"job_count_limit": 3, "duration_limit_min": 10, "cost_limit": cost}
        return {"session": provider.sessions.request(backend="", **settings)}
    return {operation.id: {"ids": [inputs.UNKNOWN]}} if operation.body else {}


def physics_walks(randoms: int) -> Iterator[Walk]:
    """Yield the designed circuits and `randoms` random ones."""
    for specimen in specimens():
        run = partial(physics.submit_specimen, specimen=specimen)
        yield Walk(suite="physics", name=specimen.name, run=run)
    yield Walk(suite="physics", name="relatives", run=physics.submit_relatives)
    yield Walk(suite="physics", name="machine", run=physics.submit_to_machine, owned_only=True)
    yield Walk(suite="physics", name="debiased", run=debiasing.submit_debiased, owned_only=True)
    yield Walk(suite="physics", name="maxcut", run=physics.submit_maxcut, owned_only=True)
    yield Walk(suite="physics", name="energies", run=physics.submit_energies)
    for index in range(randoms):
        yield Walk(suite="physics", name=f"random-{index}", run=physics.submit_random)
