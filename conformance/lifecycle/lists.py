"""Walks over lists: pages, filters, and the same job by two routes."""

from __future__ import annotations

import contextlib
from typing import Any

from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.characterizations import browse
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.having import UNKNOWN
from conformance.lifecycle.jobs import BELL, await_listing, job_entries
from conformance.lifecycle.physics import read_results
from conformance.model import Expectation

_JOBS = 5
_CIRCUITS = 10
"""With three to a page, the last page has one."""
_MOST_PAGES = 12


def pages(talk: Conversation) -> None:
    """Page through five known jobs, two at a time, then read each of them."""
    ids = _some_jobs(talk)
    query = {"ids": ids, "limit": 2}

    def ask() -> bool:
        entries = follow(talk, talk.provider.jobs.listing, {}, query, pages=_MOST_PAGES)
        return sorted(e["id"] for e in entries) == sorted(ids) and _ended(talk, entries)

    talk.settle(ask)
    for job in ids:
        talk.read(job)


def follow(
    talk: Conversation,
    operation: str,
    path: dict[str, str],
    query: dict[str, Any],
    *,
    pages: int,
) -> list[dict[str, Any]]:
    """Read a list page by page, as each names the next, at most `pages` of them."""
    cursor: object = None
    entries: list[dict[str, Any]] = []
    for _ in range(pages):
        whole = {**query, "next": cursor} if cursor else query
        page = answered(talk.call(operation, path, query=whole))
        entries += job_entries(page)
        cursor = page.get("next")
        if not isinstance(cursor, str) or not cursor:
            break
    return entries


def _ended(talk: Conversation, entries: list[dict[str, Any]]) -> bool:
    return all(talk.state(entry).terminal for entry in entries)


def filtered_pages(talk: Conversation) -> None:
    """Page one by one through a filtered list that has other jobs between the filter's own."""
    facts = talk.provider.jobs
    backend, other = facts.ideal_backend, ""
    if talk.owns_target:
        with contextlib.suppress(Stop):
            other = available_backend(talk)
    wanted, ids = other or backend, []
    for index, name in enumerate((wanted, backend, wanted, wanted, backend)):
        body = facts.circuit(BELL, backend=name, shots=100, name=f"filtered {index}")
        job = talk.submit(body)
        if index == 1:
            talk.call(facts.cancel, talk.job_ids(job))
        talk.finish(job)
        ids.append(job)
    by_target: dict[str, Any] = {"target": wanted, "limit": 1}
    follow(talk, facts.listing, {}, by_target, pages=3)
    by_state: dict[str, Any] = {"ids": ids, "status": "completed", "limit": 1}
    follow(talk, facts.listing, {}, by_state, pages=len(ids) + 1)


def pages_of_circuits(talk: Conversation) -> None:
    """Page through the circuits of one job: many jobs for the price of one."""
    facts = talk.provider.jobs
    entries = [{"name": f"circuit {n}", "circuit": BELL["circuit"]} for n in range(_CIRCUITS)]
    job = talk.submit(facts.circuits(entries, qubits=2, name="ten"), valid="ten Bell circuits")
    reading = read_results(talk, job, briefly=True)
    named = reading.get("child_job_ids")
    children = {c for c in named if isinstance(c, str)} if isinstance(named, list) else set()
    query: dict[str, Any] = {"parent_job_id": job, "status": "completed", "limit": 3}

    def ask() -> bool:
        entries = follow(talk, facts.listing, {}, query, pages=_MOST_PAGES)
        return sorted(e["id"] for e in entries) == sorted(children)

    if children:
        talk.settle(ask)


def filters(talk: Conversation) -> None:
    """Ask for jobs by each filter of the document."""
    ids = _some_jobs(talk)
    await_listing(talk, ids)
    backend = talk.provider.jobs.ideal_backend
    queries: tuple[dict[str, Any], ...] = (
        {"status": "completed", "limit": 20},
        {"status": "failed", "limit": 20},
        {"target": backend, "limit": 20},
        {"target": f"{backend},qpu.aria-1", "limit": 20},
        {"ids": ids, "status": "canceled"},
        {"ids": ids, "target": "qpu.aria-1"},
        {"session_id": UNKNOWN},
        {"parent_job_id": UNKNOWN},
        {"session_id": UNKNOWN, "status": "completed"},
        {"parent_job_id": UNKNOWN, "status": "completed"},
    )
    for query in queries:
        unknown = query.keys() & {"session_id", "parent_job_id"}
        talk.call(
            talk.provider.jobs.listing,
            query=query,
            expects=Expectation.FREE if unknown else Expectation.ACCEPTED,
            because="" if unknown else f"the filter {'&'.join(query)} is documented",
        )
    for query in (
        {"ids": ids[:2]},
        {"ids": ids, "status": "completed"},
        {"ids": ids, "target": f"qpu.aria-1,{backend}"},
    ):
        _await_all(talk, query)


def _await_all(talk: Conversation, query: dict[str, Any]) -> None:
    """Ask for jobs by a filter that fits them all until all are there, or have had time to be."""

    def ask() -> bool:
        page = talk.call(
            talk.provider.jobs.listing,
            query=query,
            expects=Expectation.ACCEPTED,
            because=f"the filter {'&'.join(query)} is documented",
        )
        return {e["id"] for e in job_entries(answered(page))} >= {*query["ids"]}

    talk.settle(ask)


def newest(talk: Conversation) -> None:
    """Read the first page without any filter, and its entries one by one."""
    _some_jobs(talk, count=2)
    page = answered(talk.call(talk.provider.jobs.listing, query={"limit": 3}))
    entries = page.get("jobs")
    completed: dict[str, Any] = {"status": "completed", "limit": 2}
    follow(talk, talk.provider.jobs.listing, {}, completed, pages=3)
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            talk.read(entry["id"])


def backends(talk: Conversation) -> None:
    """Read the caller's key, the backends one by one, and their characterizations by page."""
    talk.call("getWhoami")
    listed = talk.call("getBackends")
    body = listed.response.json_or_none() if listed.response and listed.succeeded else None
    listed_ones = body if isinstance(body, list) else []
    named = [b for b in listed_ones if isinstance(b, dict) and isinstance(b.get("backend"), str)]
    known = {
        value
        for parameter in talk.specification.operation("getBackend").parameters
        for value in parameter.schema.get("enum", ())
    }
    offered = [b for b in named if b["backend"] in known]
    for backend in offered:
        talk.call("getBackend", {"backend": backend["backend"]})
    browse(talk, [b for b in offered if b["backend"].startswith("qpu.")])


def _some_jobs(talk: Conversation, count: int = _JOBS) -> list[str]:
    ids = []
    for index in range(count):
        body = talk.provider.jobs.circuit(BELL, name=f"listed {index}", metadata={"n": str(index)})
        ids.append(talk.submit(body, valid="a Bell circuit"))
    for job in ids:
        talk.finish(job)
    return ids


WALKS: dict[str, Any] = {
    "pages": pages,
    "filters": filters,
    "filtered-pages": filtered_pages,
    "pages-of-circuits": pages_of_circuits,
    "newest": newest,
    "backends": backends,
}
