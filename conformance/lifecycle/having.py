"""How a walk comes by what an operation is about: it makes it, or finds it in a list."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any

from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.model import Credential, Exchange, Operation
from conformance.providers import Thing, Things

UNKNOWN = "00000000-0000-4000-8000-00000000dead"


@dataclass(slots=True)
class Call:
    """A right call of an operation."""

    ids: dict[str, str] = field(default_factory=dict)
    """Path parameters."""
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = None
    had: dict[str, str] = field(default_factory=dict)
    """Ids of things by their names, and what requests of the account name."""


def things_of(talk: Conversation) -> Things:
    """Return the provider's table.

    Raises:
        Stop: It has none.
    """
    if talk.provider.things is None:
        raise Stop("the provider has no table of things")
    return talk.provider.things


def scope_of(talk: Conversation, credential: Credential = Credential.FIRST) -> dict[str, str]:
    """Return what requests of an account name."""
    return dict(talk.scopes.get(credential, {}))


def have(
    talk: Conversation,
    name: str,
    had: dict[str, str],
    *,
    credential: Credential = Credential.FIRST,
) -> str:
    """Return the id of a thing, made or found with what it needs; `had` gets all of them.

    Raises:
        Stop: It cannot be had.
    """
    thing = things_of(talk).named(name)
    for need in thing.needs:
        if need not in had:
            have(talk, need, had, credential=credential)
    made = ""
    if thing.create:
        form = thing.request or things_of(talk).bodies.get(thing.create)
        body = form(had) if form is not None else None
        made = _id(answered(talk.call(thing.create, body=body, credential=credential)), thing)
        whole = thing.create == talk.provider.sessions.create and thing.request is None
        if made and whole and credential is Credential.FIRST:
            talk.await_start(made)
    if thing.listing:
        made = _listed(talk, thing, had, credential)
    if not made:
        raise Stop(f"there is no {name} to be had")
    had[name] = made
    return made


def _listed(talk: Conversation, thing: Thing, had: dict[str, str], credential: Credential) -> str:
    operation = talk.specification.operation(thing.listing)
    query = required_query(operation, had)
    exchange = talk.call(thing.listing, query=query, credential=credential)
    entries = answered(exchange).get(thing.member) if thing.member else _whole(exchange)
    fitting = [
        e
        for e in (entries if isinstance(entries, list) else [])
        if isinstance(e, dict) and thing.wanted(e)
    ]
    return _id(fitting[0], thing) if fitting else ""


def _whole(exchange: Exchange) -> Any:
    """Return the successful answer itself, which may be a list."""
    response = exchange.response
    return response.json_or_none() if response is not None and exchange.succeeded else None


def _id(entry: dict[str, Any], thing: Thing) -> str:
    found = entry.get(thing.field)
    numbered = isinstance(found, int) and not isinstance(found, bool)
    return str(found) if isinstance(found, str) or numbered else ""


def required_query(operation: Operation, had: dict[str, str]) -> dict[str, Any]:
    """Return the required query parameters, each with what requests of the account name."""
    return {
        p.name: had.get(p.name, UNKNOWN)
        for p in operation.parameters
        if p.location == "query" and p.required
    }


def right_call(talk: Conversation, operation: Operation) -> Call:
    """Return a call of `operation` about things that exist and are the first account's.

    Raises:
        Stop: One of them cannot be had.
    """
    table = things_of(talk)
    had = scope_of(talk)
    call = Call(had=had)
    thing = table.of(operation.path)
    if thing is not None:
        name = operation.path.partition("{")[2].partition("}")[0]
        call.ids = {name: have(talk, thing.name, had)}
        if operation.id in table.not_while_running:
            talk.finish(had[thing.name])
    for parameter in operation.parameters:
        if parameter.location == "path" and parameter.name not in call.ids:
            raise Stop(f"the table of things does not say what {parameter.name} is")
    if operation.id in table.bodies:
        for need in _needs(table, operation):
            if need not in had:
                have(talk, need, had)
        call.body = table.bodies[operation.id](had)
    call.query = required_query(operation, had)
    return call


def _needs(table: Things, operation: Operation) -> tuple[str, ...]:
    """Return what must be there before `operation` can make something."""
    made = next((thing for thing in table.things if thing.create == operation.id), None)
    return made.needs if made is not None else ()


def right_calls(talk: Conversation) -> dict[str, Call]:
    """Return a right call of every operation for which one can be had, by its id."""
    found: dict[str, Call] = {}
    for operation in talk.specification.operations:
        with contextlib.suppress(Stop):
            found[operation.id] = right_call(talk, operation)
    return found
