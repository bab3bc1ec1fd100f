"""LIST: pages, filters, and that a list and a single read tell the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from conformance.checks.contract import Contract, settled
from conformance.checks.input import path_values
from conformance.checks.judge import shown
from conformance.checks.life import History
from conformance.checks.story import (
    Story,
    entries_of,
    ids_of,
    jobs_of,
    query_of,
    response_object,
    sessions_of,
    state_of,
)
from conformance.model import Credential, Exchange, Finding

_FILTERS = {"status": "status", "session_id": "session_id", "parent_job_id": "parent_job_id"}
_FIXED = (
    "type", "backend", "dry_run", "submitter_id", "project_id", "parent_job_id", "session_id",
    "metadata", "name", "submitted_at", "shots", "noise",
)  # fmt: skip
"""Facts of a job that are settled when it is submitted."""
_SAME = ("status", "started_at", "completed_at", *_FIXED, "failure", "execution_duration_ms")


def pages_hold_every_entry_once(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Paging to the end shows every entry once, at most `limit` a page.

    Why it matters: what falls between two pages is lost without a trace; what stands on two
    is counted, or cancelled, twice.

    Source: `limit` and `next` of the list operation.
    """
    listings = {contract.provider.jobs.listing, contract.provider.sessions.jobs}
    pages = [e for e in _lists(history, listings) if "limit" in query_of(e)]
    for page in pages:
        limit = _limit(page)
        yield None
        if 0 < limit < len(entries_of(page)):
            seen = f"{len(entries_of(page))} entries"
            yield _finding("limit", "jobs", f"at most {limit} entries", seen, [page])
    own = jobs_of(history, contract)
    for chain in _chains(pages, own, contract):
        wanted = _wanted(chain[0], own, contract)
        family = "parent_job_id" in query_of(chain[0])
        if not family and not all(i in own and own[i].created for i in wanted):
            continue
        if not wanted or any(i in own and own[i].deleted for i in wanted):
            continue
        yield None
        if len(chain) > len(wanted) + 1:
            seen = f"{len(chain)} pages, and the last one names a next"
            expected = f"an end after at most {len(wanted)} entries"
            yield _finding("end", "next", expected, seen, chain)
            continue
        counted = Counter(found for page in chain for found in ids_of(entries_of(page)))
        known = (
            {*wanted}
            if family and counted
            else {i for i in wanted if _known(own.get(i), chain, contract)}
        )
        odd = next((i for i in wanted if counted[i] > 1 or (i in known and not counted[i])), None)
        if odd is not None:
            seen = f"{counted[odd]} times"
            yield _finding("once", "jobs", f"job {odd} once over all pages", seen, chain)


def _known(story: Story | None, chain: list[Exchange], contract: Contract) -> bool:
    """Whether the list must know of a job, and of its state if it is asked for by state."""
    if story is None or story.created is None:
        return False
    told = story.before(chain[0]) if "status" in query_of(chain[0]) else story.created
    return told is not None and settled(told.exchange, chain[0], contract)


def _limit(page: Exchange) -> int:
    """Return the page size that was asked for; 0 when that is no number."""
    text = query_of(page)["limit"][0]
    return int(text) if text.isascii() and text.isdigit() else 0


def _wanted(start: Exchange, own: dict[str, Story], contract: Contract) -> list[str]:
    """Return the ids that a list must hold: those asked for, or the jobs of its session."""
    operation, query = start.operation, query_of(start)
    if _limit(start) < 1 or "next" in query:
        return []
    if "parent_job_id" in query:
        return _circuits_of(own.get(query["parent_job_id"][0]), start, contract)
    if query.keys() == {"ids", "status", "limit"}:
        return [i for i in query["ids"] if _ended_as(own.get(i), start, contract)]
    if query.keys() - {"ids", "limit"}:
        return []
    if operation is None or operation.id == contract.provider.jobs.listing:
        return query.get("ids", [])
    if "ids" in query:
        return []
    name = contract.provider.sessions.id_parameter
    session = path_values(operation.path, start.case.request.path).get(name)
    return [
        story.id
        for story in own.values()
        if story.payload.get("session_id") == session
        and story.created is not None
        and story.created.number < start.number
    ]


def _ended_as(story: Story | None, start: Exchange, contract: Contract) -> bool:
    """Whether a job had ended in the state that a list is asked for."""
    reading = story.before(start) if story is not None else None
    wanted = query_of(start)["status"][0]
    ended = reading is not None and state_of(reading.body, contract).terminal
    return reading is not None and ended and reading.body.get("status") == wanted


def _circuits_of(story: Story | None, start: Exchange, contract: Contract) -> list[str]:
    """Return the ids of a job's circuits that had completed before a list of them."""
    query = query_of(start)
    reading = story.before(start) if story is not None else None
    if story is None or reading is None or query.keys() - {"parent_job_id", "status", "limit"}:
        return []
    if query.get("status", ["completed"]) != ["completed"]:
        return []
    children = reading.body.get("child_job_ids")
    told = [m for m in story.results if settled(m.exchange, start, contract)]
    if not told or not isinstance(children, list):
        return []
    return [c for c in children if isinstance(c, str) and c in told[-1].body]


def _chains(
    pages: list[Exchange], own: dict[str, Story], contract: Contract
) -> Iterator[list[Exchange]]:
    """Yield the lists of pages that follow each other from the first one to the last."""
    for start in pages:
        query, wanted = query_of(start), _wanted(start, own, contract)
        if not wanted:
            continue
        chain, cursor = [start], response_object(start).get("next")
        for page in pages:
            follows = {**query, "next": [cursor]} == query_of(page)
            same = page.operation == start.operation
            if cursor and page.number > chain[-1].number and follows and same:
                chain.append(page)
                cursor = response_object(page).get("next")
        if not cursor or len(chain) > len(wanted) + 1:
            yield chain


def filter_is_sound(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A filtered list holds only what the filter asks for, and all of the asked-for ids.

    Why it matters: a client that asks for failed jobs acts on what it gets.

    Source: the query parameters of the list operation.
    """
    jobs = jobs_of(history, contract)
    for listing in _lists(
        history, {contract.provider.jobs.listing, contract.provider.sessions.jobs}
    ):
        query = query_of(listing)
        if not query.keys() - {"limit", "next"}:
            continue
        yield None
        for entry in entries_of(listing):
            wrong = _unasked(entry, query)
            if wrong is not None:
                name, wanted, seen = wrong
                yield _finding(name, f"jobs/0/{name}", wanted, seen, [listing])
                break
        yield from _absent(listing, query, jobs, contract)


def _unasked(entry: dict[str, Any], query: dict[str, list[str]]) -> tuple[str, str, str] | None:
    for name, field in _FILTERS.items():
        if name in query and entry.get(field) != query[name][0]:
            return name, query[name][0], shown(entry.get(field))
    targets = query.get("target", [""])[0].split(",")
    if "target" in query and entry.get("backend") not in targets:
        return "target", " or ".join(targets), shown(entry.get("backend"))
    if "ids" in query and entry.get("id") not in query["ids"]:
        return "ids", "one of the asked-for ids", shown(entry.get("id"))
    return None


def _absent(
    listing: Exchange, query: dict[str, list[str]], jobs: dict[str, Story], contract: Contract
) -> Iterator[Finding]:
    operation = listing.operation
    whole = operation is not None and operation.id == contract.provider.jobs.listing
    if not whole or query.keys() - {"ids", "status", "target"} or "ids" not in query:
        return
    if response_object(listing).get("next"):
        return  # what is not on this page may be on the next
    present = set(ids_of(entries_of(listing)))
    for wanted in query["ids"]:
        story = jobs.get(wanted)
        if story is None or story.deleted or wanted in present:
            continue
        reading = story.before(listing)
        ended = (
            reading is not None
            and state_of(reading.body, contract).terminal
            and settled(reading.exchange, listing, contract)
        )
        status = reading.body.get("status") if reading else None
        backend = str(reading.body.get("backend")) if reading else ""
        on_target = backend in query.get("target", [backend])[0].split(",")
        if ended and on_target and query.get("status", [status])[0] == status:
            expected = f"job {wanted}, which was asked for"
            yield _finding("ids", "jobs", expected, "no such entry", [listing])
            return


def list_entry_equals_single_read(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job in a list says the same as the job read by itself.

    Why it matters: dashboards read lists, scripts read jobs; both must see one truth.

    Source: BaseJob and GetCircuitJobResponse of the document.
    """
    for story in jobs_of(history, contract).values():
        ended = [m for m in story.readings if state_of(m.body, contract).terminal]
        if not ended or story.canceled or story.deleted:
            continue
        for entry in story.listed:
            if entry.number < ended[0].number:
                continue
            yield None
            late = settled(ended[0].exchange, entry.exchange, contract)
            late = late or entry.body.get("status") == ended[-1].body.get("status")
            for name in _SAME if late else _FIXED:
                single, listed = ended[-1].body.get(name), entry.body.get(name)
                if name in entry.body and name in ended[-1].body and single != listed:
                    yield Finding(
                        clause=f"same/{name}",
                        where=f"response.body/jobs/0/{name}",
                        expected=f"{shown(single)}, as the job itself says",
                        seen=shown(listed),
                        exchanges=(ended[-1].number, entry.number),
                    )
                    break


def active_filter_is_sound(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A list of sessions filtered by `active` holds only such sessions.

    Why it matters: whoever cleans up open sessions relies on it.

    Source: the query parameter `active` of the list of sessions.
    """
    for exchange in history:
        operation = exchange.operation
        wanted = query_of(exchange).get("active", [""])[0]
        if operation is None or operation.id != contract.provider.sessions.listing:
            continue
        if not exchange.succeeded or wanted not in {"true", "false"} or not exchange.response:
            continue
        yield None
        body = exchange.response.json_or_none()
        sessions = body.get("sessions") if isinstance(body, dict) else None
        for session in sessions if isinstance(sessions, list) else []:
            if isinstance(session, dict) and session.get("active") is not (wanted == "true"):
                seen = shown(session.get("active"))
                yield _finding("active", "sessions/0/active", wanted, seen, [exchange])
                break


def lists_show_own_entries_only(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A list holds the caller's own entries, no other tenant's.

    Why it matters: names and metadata tell what a competitor works on.

    Source: the API key identifies its project; OWASP API1:2023.
    """
    jobs = jobs_of(history, contract)
    owned = {story.id for story in jobs.values() if story.created or story.readings}
    owned |= sessions_of(history, contract).keys()
    listings = {contract.provider.jobs.listing, contract.provider.sessions.listing}
    for exchange in history:
        if exchange.case.credential is not Credential.SECOND or not exchange.succeeded:
            continue
        if exchange.operation is None or exchange.operation.id not in listings:
            continue
        yield None
        entries = [e for member in response_object(exchange) for e in entries_of(exchange, member)]
        leaked = next((i for i in owned if any(e.get("id") == i for e in entries)), None)
        if leaked is not None:
            yield _finding(
                "tenant", "*/id", "the caller's own entries", f"{leaked} of another", [exchange]
            )


def _lists(history: History, listings: set[str]) -> Iterator[Exchange]:
    for exchange in history:
        operation = exchange.operation
        if (
            operation is not None
            and operation.id in listings
            and exchange.succeeded
            and exchange.case.credential is Credential.FIRST
            and exchange.case.request.method == operation.method
        ):
            yield exchange


def _finding(
    clause: str, place: str, expected: str, seen: str, exchanges: list[Exchange]
) -> Finding:
    return Finding(
        clause=f"list/{clause}",
        where=f"response.body/{place}",
        expected=expected,
        seen=seen,
        exchanges=tuple(e.number for e in exchanges),
    )
