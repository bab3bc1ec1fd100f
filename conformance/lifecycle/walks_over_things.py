"""The walks of each suite for a provider that is known by its table of things."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from conformance.generate import qis_circuit, specimens
from conformance.lifecycle import calls, changing, courses, listing
from conformance.lifecycle.conversation import Conversation
from conformance.lifecycle.walks import Walk
from conformance.model import Operation, Specification
from conformance.providers import Provider, Things
from conformance.providers.program_text import is_writable

_PARTS = 2
"""Walks into which the wrong forms of one body are dealt, so that they can be sent side by side."""
_MOST_QUBITS = 4
_MOST_SPECIMENS = 24
Run = Callable[..., None]


def walks_over_things(
    suite: str, specification: Specification, provider: Provider, randoms: int
) -> Iterator[Walk]:
    """Yield the walks of `suite`, in their order; `randoms` circuits beside the designed ones."""
    table = provider.things
    assert table is not None, f"{provider.name} has no table"  # noqa: S101 - the caller looked
    if suite == "lifecycle":
        yield from _courses(provider, specification)
    elif suite == "physics":
        yield from _circuits(randoms) if _runs_jobs(provider) and provider.jobs.results else ()
    else:
        for operation in specification.operations:
            yield from _of_operation(suite, operation, table)
    if suite == "hostile":
        for name, run in (("odd-methods", calls.odd_methods), ("odd-labels", calls.odd_labels)):
            yield Walk(suite=suite, name=name, run=run, owned_only=True)
    if suite == "contract":
        yield Walk(suite=suite, name="unknown-paths", run=calls.ask_for_nothing_known)


def _of_operation(suite: str, operation: Operation, table: Things) -> Iterator[Walk]:
    def walk(name: str, run: Run, **given: Any) -> Walk:
        return Walk(
            suite=suite,
            name=name,
            run=partial(run, operation=operation, **given),
            operations=frozenset({operation.id}),
            owned_only=True,
        )

    name, thing = operation.id, table.of(operation.path)
    if suite == "access":
        yield walk(f"{name}-keys", calls.try_keys)
        if operation.authenticated and (thing is None or thing.owned):
            yield walk(f"{name}-other-tenant", calls.try_other_tenant)
    elif suite == "hostile" and thing is not None:
        yield walk(f"odd-{name}", calls.ask_oddly)
    elif suite == "contract":
        yield walk(f"right-{name}", calls.accept_call)
        if operation.id in table.bodies:
            for part in range(_PARTS):
                share = (part, _PARTS)
                yield walk(f"wrong-{name}-{part}", calls.refuse_bodies, share=share)
            yield walk(f"no-json-{name}", calls.refuse_texts)
        if any(p.location == "query" for p in operation.parameters):
            yield walk(f"wrong-query-{name}", calls.refuse_queries)


def _courses(provider: Provider, specification: Specification) -> Iterator[Walk]:
    if not _runs_jobs(provider):
        return
    for name, run in courses.JOBS.items():
        yield Walk(suite="lifecycle", name=name, run=run, owned_only=True)
    for name, (needed, run) in courses.OF_JOBS.items():
        if getattr(provider.jobs, needed):
            yield Walk(suite="lifecycle", name=name, run=run, owned_only=True)
    if not provider.sessions.create:
        return
    for name, run in courses.SESSIONS.items():
        yield Walk(suite="lifecycle", name=name, run=run, owned_only=True)
    for name, (needed, run) in courses.FURTHER.items():
        if getattr(provider.sessions, needed):
            yield Walk(suite="lifecycle", name=name, run=run, owned_only=True)
    for operation in specification.operations:
        if changing.reads_back(operation, specification) is not None:
            change = partial(changing.change, operation=operation)
            yield Walk(
                suite="lifecycle", name=f"change-{operation.id}", run=change, owned_only=True
            )
    for facts in provider.lists:
        ask = partial(listing.ask_for_parts, facts=facts)
        yield Walk(suite="lifecycle", name=f"parts-of-{facts.operation}", run=ask, owned_only=True)


def _runs_jobs(provider: Provider) -> bool:
    """Whether the provider's facts say how jobs are made, and on what they run."""
    return bool(provider.jobs.create and provider.things and provider.things.place)


def _circuits(randoms: int) -> Iterator[Walk]:
    designed = [
        specimen
        for specimen in specimens()
        if specimen.documented and not specimen.gateset and specimen.model == "ideal"
        if specimen.inputs[0]["qubits"] <= _MOST_QUBITS and is_writable(specimen.inputs[0])
    ]
    for specimen in designed[:_MOST_SPECIMENS]:
        run: Any = partial(courses.run_specimen, specimen=specimen)
        yield Walk(suite="physics", name=specimen.name, run=run, owned_only=True)
    for index in range(randoms):
        yield Walk(suite="physics", name=f"random-{index}", run=_run_random, owned_only=True)


def _run_random(talk: Conversation) -> None:
    """Run a random circuit of gates that the library of OpenQASM has."""
    while not is_writable(circuit := qis_circuit(talk.random, most_qubits=_MOST_QUBITS)):
        pass
    courses.run_circuit(talk, circuit=circuit, name="a valid random circuit")
