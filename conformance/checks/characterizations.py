"""LIST: characterizations of a backend by page and by date, and the one that is in force."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from conformance.checks.contract import Contract, as_documented
from conformance.checks.input import path_values
from conformance.checks.judge import shown
from conformance.checks.life import History, parsed_time
from conformance.checks.story import entries_of, ids_of, query_of, response_object
from conformance.model import Credential, Exchange, Finding

LISTING, SINGLE = "getCharacterizationsForBackend", "getCharacterization"
_BACKENDS = {"getBackends", "getBackend"}
_ZONES = dt.timedelta(hours=14)
"""How far a day of the service may begin from the day of UTC, whatever its zone."""


def characterizations_come_once(history: History, _contract: Contract) -> Iterator[Finding | None]:
    """Paging through characterizations shows each once, and counts the pages as it goes.

    What a page shows is compared only where the first one is the same before and after. `pages`
    may be all pages or those that remain: it stays or falls by one from a page to the next.

    Why it matters: whoever follows how a machine fares reads the same days again and again, and
    takes them for all that there is.

    Source: `limit`, `page` and `pages` of the list of characterizations.
    """
    for pages in _lists(history).values():
        for page in pages:
            yield None
            limit, count = _number(page, "limit"), len(entries_of(page, "characterizations"))
            if 0 < limit < count:
                expected = f"at most {limit} entries"
                yield _finding("limit", expected, f"{count} entries", [page])
        first, last = pages[0], pages[-1]
        begun = first is not last and _number(first, "page") == _number(last, "page") == 1
        if begun and _ids(first) == _ids(last):
            yield from _uneven(pages[:-1])


def _uneven(pages: Sequence[Exchange]) -> Iterator[Finding]:
    """Yield in what pages that were read in order, of a list that stood still, do not fit."""
    counted = Counter(
        i for page in {_number(p, "page"): p for p in pages}.values() for i in _ids(page)
    )
    twice = next((i for i, times in counted.items() if times > 1), None)
    if twice is not None:
        expected = f"characterization {twice} once over all pages"
        yield _finding("once", expected, f"{counted[twice]} times", pages)
    for page, following in itertools.pairwise(pages):
        told, later = (response_object(p).get("pages") for p in (page, following))
        if not isinstance(told, int) or not isinstance(later, int):
            continue
        if _number(following, "page") != _number(page, "page") + 1:
            continue
        if later not in {told, told - 1}:
            expected = f"{told}, or {told - 1} where it is what remains"
            yield _finding("pages", expected, str(later), [page, following], "pages")
        elif told > 1 and not _ids(following):
            yield _finding("pages", "entries: there are more pages", "none", [page, following])


def characterization_filter_is_sound(
    history: History, _contract: Contract
) -> Iterator[Finding | None]:
    """Characterizations by date are those from `start` on and before `end`.

    A day begins at midnight in the service's own zone, so that an entry may stand up to 14 hours
    outside; but what `start` lets in, the same `end` leaves out.

    Why it matters: who joins the lists of two periods counts a measurement twice, or misses it.

    Source: `start` ("leave out what was measured earlier") and `end` ("from here on").
    """
    lists = [page for pages in _lists(history).values() for page in pages]
    for page in lists:
        query = query_of(page)
        if not query.keys() & {"start", "end"}:
            continue
        yield None
        start, end = (_day(query.get(name, [""])[0]) for name in ("start", "end"))
        for entry in entries_of(page, "characterizations"):
            date = parsed_time(entry.get("date"))
            early = date is not None and start is not None and date < start - _ZONES
            late = date is not None and end is not None and date >= end + _ZONES
            if early or late:
                name = "start" if early else "end"
                expected = f"nothing {'before' if early else 'from'} {query[name][0]}" + (
                    "" if early else " on"
                )
                yield _finding(name, expected, shown(entry.get("date")), [page], "date")
                break
    yield from _parted(lists)


def _parted(lists: Sequence[Exchange]) -> Iterator[Finding]:
    """Yield a finding where the lists from a day on and before the same day share an entry."""
    from_day: dict[tuple[str, str], Exchange] = {}
    for page in lists:
        query = query_of(page)
        if "start" in query and "end" not in query:
            from_day[_backend(page), query["start"][0]] = page
    for page in lists:
        query = query_of(page)
        other = from_day.get((_backend(page), query.get("end", [""])[0]))
        if other is None or "start" in query:
            continue
        both = next((i for i in _ids(page) if i in _ids(other)), None)
        if both is not None:
            day = query["end"][0]
            expected = f"{both} from {day} on or before it"
            yield _finding("parted", expected, "both", [other, page])


def backend_names_its_characterization(
    history: History, _contract: Contract
) -> Iterator[Finding | None]:
    """The characterization that a backend names can be read, and is of this backend.

    Why it matters: its figures are those that results of the machine are weighed by.

    Source: `characterization_id` of Backend ("the characterization now in force").
    """
    named: dict[tuple[str, str], Exchange] = {}
    for exchange in history:
        operation = exchange.operation
        if operation is None or exchange.response is None or not _is_own(exchange):
            continue
        if operation.id in _BACKENDS and exchange.succeeded:
            for backend in _backends(exchange):
                key = (str(backend.get("backend")), str(backend.get("characterization_id")))
                named[key] = exchange
        if operation.id != SINGLE:
            continue
        values = path_values(operation.path, exchange.case.request.path)
        naming = named.get((values.get("backend", ""), values.get("UUID", "")))
        if naming is None:
            continue
        yield None
        told = response_object(exchange).get("backend", values["backend"])
        if exchange.response.status == 404:
            expected = f"the characterization that {values['backend']} names"
            yield _finding("current", expected, "404", [naming, exchange], "id")
        elif exchange.succeeded and told != values["backend"]:
            yield _finding("current", values["backend"], shown(told), [naming, exchange], "backend")


def _backends(exchange: Exchange) -> list[dict[str, Any]]:
    body = exchange.response.json_or_none() if exchange.response else None
    entries = body if isinstance(body, list) else [body]
    return [entry for entry in entries if isinstance(entry, dict)]


def _lists(history: History) -> dict[tuple[str, ...], list[Exchange]]:
    """Return the pages of each list, in the order of reading, by all of the query but the page."""
    found: dict[tuple[str, ...], list[Exchange]] = {}
    for exchange in history:
        operation = exchange.operation
        if operation is None or operation.id != LISTING or not exchange.succeeded:
            continue
        if _is_own(exchange):
            query = query_of(exchange)
            rest = tuple(f"{name}={query.get(name)}" for name in ("limit", "start", "end"))
            found.setdefault((_backend(exchange), *rest), []).append(exchange)
    return found


def _is_own(exchange: Exchange) -> bool:
    return exchange.case.credential is Credential.FIRST and as_documented(exchange)


def _backend(page: Exchange) -> str:
    operation = page.operation
    path = page.case.request.path
    return path_values(operation.path, path).get("backend", "") if operation else ""


def _ids(page: Exchange) -> list[str]:
    return ids_of(entries_of(page, "characterizations"))


def _number(page: Exchange, name: str) -> int:
    """Return a number of the query; a page that is not named is the first."""
    text = query_of(page).get(name, ["1" if name == "page" else "0"])[0]
    return int(text) if text.isascii() and text.isdigit() else 0


def _day(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)
    except ValueError:
        return None


def _finding(
    clause: str, expected: str, seen: str, exchanges: Sequence[Exchange], place: str = "*"
) -> Finding:
    return Finding(
        clause=f"characterizations/{clause}",
        where=f"response.body/{place}",
        expected=expected,
        seen=seen,
        exchanges=tuple(e.number for e in exchanges),
    )
