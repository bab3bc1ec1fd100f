"""LIST, of every provider whose facts tell its lists: parts, pages and orders keep their word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from conformance.checks.contract import Contract, as_documented, settled
from conformance.checks.input import path_values
from conformance.checks.judge import shown
from conformance.checks.life import History, parsed_time
from conformance.checks.story import entries_of, query_of, response_object
from conformance.model import Credential, Exchange, Finding
from conformance.providers import How, ListFacts, Paging

Query = dict[str, list[str]]
_HOW = {
    How.SAME: "only",
    How.ALL: "only what has",
    How.AFTER: "nothing before",
    How.BEFORE: "nothing after",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """A list that was asked for, and what came."""

    exchange: Exchange
    facts: ListFacts
    query: Query
    entries: list[dict[str, Any]]

    @property
    def size(self) -> int:
        """Entries that a page was asked to have at most; 0 where it was not."""
        return _whole(self.query.get(self.facts.size, [""])[0])

    @property
    def begin(self) -> int:
        """Where the page begins, as it was asked for."""
        return _whole(self.query.get(self.facts.start, [""])[0])

    @property
    def total(self) -> object:
        """What the answer says of all pages."""
        return response_object(self.exchange).get(self.facts.total)

    def asked(self) -> dict[str, list[str]]:
        """Return the query without what chooses the page and its order."""
        paged = {self.facts.size, self.facts.start, self.facts.order, "next", "previous"}
        return {name: texts for name, texts in self.query.items() if name not in paged}


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _listings(history: History, contract: Contract) -> Iterator[_Listing]:
    known = {facts.operation: facts for facts in contract.provider.lists}
    for exchange in history:
        facts = known.get(exchange.operation.id) if exchange.operation else None
        own = exchange.case.credential is Credential.FIRST
        if facts is not None and own and exchange.succeeded and as_documented(exchange):
            entries = entries_of(exchange, facts.member)
            yield _Listing(
                exchange=exchange, facts=facts, query=query_of(exchange), entries=entries
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a single read said of a thing."""

    id: str
    body: dict[str, Any]
    exchange: Exchange


def _known(history: History, facts: ListFacts) -> dict[str, list[_Known]]:
    """Return the single reads of what `facts` is about, in order, by id."""
    found: dict[str, list[_Known]] = {}
    for exchange in history:
        operation = exchange.operation
        if operation is None or operation.id != facts.read or not exchange.succeeded:
            continue
        body = response_object(exchange)
        if exchange.case.credential is Credential.FIRST and isinstance(body.get("id"), str):
            told = _Known(id=body["id"], body=body, exchange=exchange)
            found.setdefault(told.id, []).append(told)
    return found


def _touched(history: History, identifier: str, first: int, last: int) -> bool:
    """Whether something was done to a thing between two exchanges."""
    return any(
        first < e.number < last
        and e.case.request.method not in {"GET", "HEAD"}
        and e.operation is not None
        and identifier in path_values(e.operation.path, e.case.request.path).values()
        for e in history
    )


def list_keeps_to_its_filters(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A list that is asked for a part holds nothing else, and all of that part that is known.

    What was removed is in none.

    Why it matters: whoever cancels, deletes or bills what a list gives acts on what it holds.

    Source: the query parameters of the operations that list.
    """
    for listing in _listings(history, contract):
        yield from _removed(history, listing, contract)
        filters = [f for name in listing.query if (f := listing.facts.filter(name)) is not None]
        if not filters:
            continue
        yield None
        for one in filters:
            asked = listing.query[one.parameter]
            odd = next((e for e in listing.entries if one.fits(e, asked) is False), None)
            if odd is not None:
                seen = f"{shown(one.told(odd))}, of {odd.get('id', 'an entry')}"
                yield _finding(one.parameter, listing, f"{_HOW[one.how]} {', '.join(asked)}", seen)
        yield from _missing(history, listing, contract)


def _missing(history: History, listing: _Listing, contract: Contract) -> Iterator[Finding]:
    """Yield a finding where a list that holds all that was asked for lacks a known thing."""
    facts = listing.facts
    if not _is_all(listing):
        return
    held = {entry.get("id") for entry in listing.entries}
    for identifier, told in _known(history, facts).items():
        before = [k for k in told if k.exchange.number < listing.exchange.number]
        if identifier in held or not before:
            continue
        last = before[-1]
        gone = _touched(history, identifier, last.exchange.number, listing.exchange.number)
        if gone or not settled(last.exchange, listing.exchange, contract):
            continue
        if all(_surely(listing, name, texts, last.body) for name, texts in listing.asked().items()):
            yield _finding("missing", listing, f"{identifier}, which fits", "no such entry")
            return


def _removed(history: History, listing: _Listing, contract: Contract) -> Iterator[Finding | None]:
    """Yield a finding where a thing is listed that was removed so long before that it is known."""
    held = {entry.get("id") for entry in listing.entries}
    for exchange in history:
        operation = exchange.operation
        if exchange.number >= listing.exchange.number or operation is None:
            break
        own = exchange.case.credential is Credential.FIRST and as_documented(exchange)
        whole = operation.method == "DELETE" and operation.path.endswith("}")
        if not whole or not own or not exchange.succeeded:
            continue
        if settled(exchange, listing.exchange, contract):
            yield None
            values = path_values(operation.path, exchange.case.request.path).values()
            gone = next((identifier for identifier in values if identifier in held), None)
            if gone is not None:
                yield _finding("removed", listing, f"no {gone}: it was removed", "it", [])


def _surely(listing: _Listing, name: str, texts: list[str], body: dict[str, Any]) -> bool:
    """Whether a thing is surely what a parameter asks for."""
    one = listing.facts.filter(name)
    if one is None or not (one.lasting or listing.facts.final(body)):
        return False
    return one.fits(body, texts) is True


def _is_all(listing: _Listing) -> bool:
    """Whether an answer says that it is all there is."""
    first = listing.begin in ({0, 1} if listing.facts.paging is Paging.PAGE else {0})
    return first and listing.total == len(listing.entries) and "next" not in listing.query


def pages_make_up_the_list(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Pages show every entry once, none more than was asked for, and tell how many there are.

    Why it matters: what falls between two pages is lost without a trace; what stands on two
    is counted, or cancelled, twice.

    Source: the parameters of pages, and the members that count, of the operations that list; the
    SDK that turns pages until one is empty.
    """
    chains: dict[str, list[_Listing]] = {}
    for listing in _listings(history, contract):
        yield from _too_short(listing)
        if not listing.size:
            continue
        yield None
        if len(listing.entries) > listing.size:
            seen = f"{len(listing.entries)} entries"
            yield _finding("size", listing, f"at most {listing.size} entries", seen)
        for name in (listing.facts.size, listing.facts.start):
            told = response_object(listing.exchange).get(name)
            asked = _whole(listing.query.get(name, [""])[0])
            fewer = name == listing.facts.size and isinstance(told, int) and told < asked
            if asked and _is_count(told) and told != asked and not fewer:
                yield _finding(name, listing, f"{asked}, as was asked for", shown(told))
        if listing.facts.mark in listing.query:
            key = f"{listing.facts.operation} {sorted(listing.asked().items())}"
            chains.setdefault(f"{key} {listing.size}", []).append(listing)
    for chain in chains.values():
        yield from _refused_after(history, chain[-1])
        if _is_chain(chain):
            yield None
            yield from _over_pages(history, chain, contract)


def _refused_after(history: History, last: _Listing) -> Iterator[Finding]:
    """Yield a finding where the page after the last one is refused, though it has a number."""
    facts = last.facts
    if facts.paging is not Paging.PAGE:
        return
    asked = {**last.query, facts.start: [str(last.begin + 1)]}
    for exchange in history:
        response, operation = exchange.response, exchange.operation
        after = exchange.number > last.exchange.number and query_of(exchange) == asked
        same = operation is not None and operation.id == facts.operation
        if after and same and response is not None and response.status in {400, 404}:
            seen = str(response.status)
            yield _finding("end", last, "an empty page after the last one", seen, [last])
            return


def _too_short(listing: _Listing) -> Iterator[Finding | None]:
    """Yield a finding where a page holds fewer entries than it says that it has room for."""
    told, total = response_object(listing.exchange), listing.total
    size, begin = told.get(listing.facts.size), told.get(listing.facts.start, 0)
    if not isinstance(size, int) or not isinstance(total, int) or not isinstance(begin, int):
        return
    if listing.facts.paging is Paging.LINK and "next" in listing.query:
        return
    yield None
    least = min(size, total - begin)
    if len(listing.entries) < least:
        seen = f"{len(listing.entries)} entries"
        yield _finding("short", listing, f"{least} entries: there are {total}", seen)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_chain(chain: list[_Listing]) -> bool:
    """Whether these are all pages from the first to the last, each turned to once."""
    first, last = chain[0], chain[-1]
    if len(chain) < 2 or len({shown(page.query.get(first.facts.order)) for page in chain}) > 1:
        return False
    if first.facts.paging is Paging.LINK:
        linked = all("next" in page.query for page in chain[1:])
        return linked and "next" not in first.query and not _named_next(last)
    step, begin = (1, 1) if first.facts.paging is Paging.PAGE else (first.size, 0)
    turned = [page.begin for page in chain] == [begin + step * n for n in range(len(chain))]
    return turned and not last.entries


def _named_next(page: _Listing) -> bool:
    return bool(response_object(page.exchange).get("next"))


def _over_pages(history: History, chain: list[_Listing], contract: Contract) -> Iterator[Finding]:
    first = chain[0]
    counted = Counter(str(entry.get("id")) for page in chain for entry in page.entries)
    twice = next((one for one, times in counted.items() if times > 1), None)
    if twice is not None:
        yield _finding("once", first, f"{twice} on one page", f"on {counted[twice]}", chain)
        return
    for identifier, told in _known(history, first.facts).items():
        last = told[-1]
        early = settled(last.exchange, first.exchange, contract)
        fit = all(_surely(first, n, texts, last.body) for n, texts in _filtering(first).items())
        end = chain[-1].exchange.number
        if _touched(history, identifier, last.exchange.number, end) or not (early and fit):
            continue
        if identifier not in counted:
            yield _finding("lost", first, f"{identifier} on one page", "on none", chain)
            return
    odd = next((p for p in chain if _is_count(p.total) and p.total != len(counted)), None)
    if odd is not None:
        expected = f"{len(counted)}, as many as there are on all pages"
        yield _finding(first.facts.total, odd, expected, shown(odd.total), chain)


def _filtering(listing: _Listing) -> Query:
    """Return what was asked for but the account's own names, which every entry has."""
    known = {f.parameter for f in listing.facts.filters}
    return {name: texts for name, texts in listing.asked().items() if name in known}


def list_is_in_its_order(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A list is in the order that was asked for, or else in the documented one.

    Why it matters: the newest entry is what most callers want, and they take the first.

    Source: the parameter of the order, and its default, of the operations that list.
    """
    for listing in _listings(history, contract):
        facts = listing.facts
        word = listing.query.get(facts.order, [facts.usual])[0]
        if word not in facts.orders or len(listing.entries) < 2:
            continue
        told, falling = facts.orders[word]
        yield None
        for one, other in pairwise(listing.entries):
            before, after = told(one), told(other)
            if before is None or after is None or type(before) is not type(after):
                continue
            first, second = (after, before) if falling else (before, after)
            if first > second:  # type: ignore[operator] # texts, or numbers, of one kind
                seen = f"{shown(_plain(before))} before {shown(_plain(after))}"
                yield _finding(f"order/{word}", listing, word, seen)
                break


def _plain(value: object) -> object:
    return round(value, 6) if isinstance(value, float) else value


def listed_thing_is_as_it_is_read(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A list says of a thing what a single read says of it.

    Why it matters: dashboards read lists, scripts read things; both must see one truth.

    Source: the schemas of the entry and of the thing, which have these members in common.
    """
    reads = {f.operation: _known(history, f) for f in contract.provider.lists if f.read}
    for listing in _listings(history, contract):
        facts, number = listing.facts, listing.exchange.number
        for entry in listing.entries:
            told = reads.get(facts.operation, {}).get(str(entry.get("id")), [])
            before = [k for k in told if k.exchange.number < number]
            if not before or _touched(history, before[-1].id, before[-1].exchange.number, number):
                continue
            last = before[-1]
            late = settled(last.exchange, listing.exchange, contract)
            yield None
            whole = facts.final(last.body) and (late or entry.get("status") is None)
            for name, read in {**facts.same, **(facts.ended if whole else {})}.items():
                single, listed = read(last.body), entry.get(name)
                if single is not None and listed is not None and not _alike(single, listed):
                    expected = f"{shown(single)}, as the thing itself says"
                    yield _finding(f"same/{name}", listing, expected, shown(listed))
                    return


def _alike(one: Any, other: Any) -> bool:
    """Whether two members say the same: moments may be written in two ways."""
    first, second = parsed_time(one), parsed_time(other)
    if first is not None and second is not None:
        return abs((first - second).total_seconds()) < 1.0
    return bool(one == other)


def _finding(
    clause: str, listing: _Listing, expected: str, seen: str, others: list[_Listing] | None = None
) -> Finding:
    numbers = {listing.exchange.number, *(page.exchange.number for page in others or ())}
    return Finding(
        clause=f"list/{clause}",
        where=f"response.body/{listing.facts.member}",
        expected=expected,
        seen=seen,
        exchanges=tuple(sorted(numbers)),
    )
