"""Walks over lists: things that differ are made, and asked for by each filter, order and page."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.having import UNKNOWN, have, required_query, scope_of, things_of
from conformance.model import Exchange
from conformance.providers import ListFacts, Paging

_MADE = 5
"""Things that are made: more than two pages."""
_SIZE = 2
_MOST_PAGES = 8


def ask_for_parts(talk: Conversation, *, facts: ListFacts) -> None:
    """Make things that differ, read each, and ask the list for parts of them."""
    base = required_query(talk.specification.operation(facts.operation), scope_of(talk))
    mark = f"qconform-{talk.random.getrandbits(48):x}"
    marked = {**base, facts.mark: [mark]} if facts.mark else base
    known = _made(talk, facts, mark) if facts.fields(0, mark) else _found(talk, facts, base)
    if not known:
        raise Stop("there is nothing to be listed")
    _wait(talk, facts, marked, {str(entry.get("id")) for entry in known})
    for query in (*_filtered(facts, known), *_any_words(talk, facts)):
        talk.call(facts.operation, query={**base, **query})
        if facts.mark and facts.mark not in query:
            talk.call(facts.operation, query={**marked, **query})
    for word in facts.orders:
        talk.call(facts.operation, query={**marked, facts.order: word})
    if facts.mark:
        _turn_pages(talk, facts, marked)
    if facts.fields(0, mark):
        _remove(talk, facts, marked, str(known[0].get("id")))


def _remove(talk: Conversation, facts: ListFacts, query: dict[str, Any], made: str) -> None:
    """Remove a thing where that can be done, and ask until the list knows of it."""
    operations = talk.specification.operations
    path = talk.specification.operation(facts.read).path
    remove = next((o for o in operations if (o.method, o.path) == ("DELETE", path)), None)
    if remove is None:
        return
    parameter = path.partition("{")[2].partition("}")[0]
    if talk.call(remove.id, {parameter: made}).succeeded:

        def knows() -> bool:
            listed = _entries(talk.call(facts.operation, query=query), facts)
            return made not in {str(entry.get("id")) for entry in listed}

        talk.settle(knows)


def _made(talk: Conversation, facts: ListFacts, mark: str) -> list[dict[str, Any]]:
    """Make things with this mark and return what single reads say of them."""
    table = things_of(talk)
    thing, had = table.named(facts.thing), scope_of(talk)
    readings = []
    for number in range(_MADE):
        for need in thing.needs:
            if need not in had or (number == _MADE - 1 and table.named(need).owned):
                have(talk, need, had)  # the last one belongs to another
        body = {**table.bodies[thing.create](had), **facts.fields(number, mark)}
        made = answered(talk.call(thing.create, body=body)).get("id")
        if not isinstance(made, str):
            raise Stop(f"no {facts.thing} was made")
        if facts.thing == "job":
            talk.finish(made)
        readings.append(_read(talk, facts, made))
    return readings


def _found(talk: Conversation, facts: ListFacts, base: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what single reads say of the first things that the list holds."""
    entries = _entries(talk.call(facts.operation, query=base), facts)[:_MADE]
    return [_read(talk, facts, str(entry.get("id"))) for entry in entries]


def _read(talk: Conversation, facts: ListFacts, made: str) -> dict[str, Any]:
    operation = talk.specification.operation(facts.read)
    parameter = operation.path.partition("{")[2].partition("}")[0]
    return answered(talk.call(facts.read, {parameter: made}))


def _wait(talk: Conversation, facts: ListFacts, query: dict[str, Any], ids: set[str]) -> None:
    """Ask until the list knows of all these, or has had the time to."""

    def knows() -> bool:
        listed = _entries(talk.call(facts.operation, query=query), facts)
        return ids <= {str(entry.get("id")) for entry in listed}

    talk.settle(knows)


def _filtered(facts: ListFacts, known: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield a query for each filter and each of two things that it can ask for."""
    for one in facts.filters:
        asked: list[list[str]] = []
        for entry in (known[1 % len(known)], known[-1]):
            for texts in (one.fitting(entry), one.excluding(entry)):
                if texts and texts not in asked:
                    asked.append(texts)
        for texts in asked:
            yield {one.parameter: texts}


def _any_words(talk: Conversation, facts: ListFacts) -> Iterator[dict[str, Any]]:
    """Yield a query for each word of an enumeration, and for a text that fits nothing."""
    for parameter in talk.specification.operation(facts.operation).parameters:
        schema = parameter.schema
        if facts.filter(parameter.name) is None or schema.get("type") != "string":
            continue
        for word in schema.get("enum", [] if "format" in schema else [UNKNOWN]):
            yield {parameter.name: word}


def _turn_pages(talk: Conversation, facts: ListFacts, query: dict[str, Any]) -> None:
    """Turn the pages to the last one, and once beyond it where that is a page, too."""
    asked = {**query, facts.size: _SIZE}
    for number in range(_MOST_PAGES):
        if facts.paging is Paging.OFFSET:
            asked[facts.start] = number * _SIZE
        elif facts.paging is Paging.PAGE:
            asked[facts.start] = number + 1
        exchange = talk.call(facts.operation, query=asked)
        entries = _entries(exchange, facts)
        if facts.paging is Paging.LINK:
            link = following(exchange)
            if not link:
                return
            asked = {**asked, **link}
        elif not entries:
            return


def following(exchange: Exchange) -> dict[str, str]:
    """Return the cursor that a page names as that of the next one; empty on the last page."""
    named = answered(exchange).get("next")
    href = named.get("href") if isinstance(named, dict) else None
    query: dict[str, list[str]] = {}
    with contextlib.suppress(ValueError):
        query = parse_qs(href.partition("?")[2]) if isinstance(href, str) else {}
    return {"next": query["next"][0]} if "next" in query else {}


def _entries(exchange: Exchange, facts: ListFacts) -> list[dict[str, Any]]:
    found = answered(exchange).get(facts.member)
    return [e for e in found if isinstance(e, dict)] if isinstance(found, list) else []
