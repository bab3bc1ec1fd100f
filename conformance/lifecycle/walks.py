"""The walks of each suite, by name, in the order in which a run takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from conformance.generate import specimens
from conformance.lifecycle import access, jobs, lists, money, physics, sessions
from conformance.lifecycle.conversation import Conversation
from conformance.model import Specification


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


def lifecycle_walks(_specification: Specification) -> Iterator[Walk]:
    """Yield the walks over jobs, sessions, lists and money."""
    for module in (jobs, lists, money):
        for name, run in module.WALKS.items():
            yield Walk(suite="lifecycle", name=name, run=run)
    for name, run in sessions.WALKS.items():
        yield Walk(suite="lifecycle", name=name, run=run, owned_only=True)


def physics_walks(randoms: int) -> Iterator[Walk]:
    """Yield the designed circuits and `randoms` random ones."""
    for specimen in specimens():
        run = partial(physics.submit_specimen, specimen=specimen)
        yield Walk(suite="physics", name=specimen.name, run=run)
    for index in range(randoms):
        yield Walk(suite="physics", name=f"random-{index}", run=physics.submit_random)
