"""The list of workloads: jobs outside sessions, sessions and batches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from conformance.mock.clock import timestamp
from conformance.mock.http import Answer, Refusal
from conformance.mock.ibm.job_handlers import Test, mine, moment
from conformance.mock.ibm.session_handlers import Call


def list_workloads(call: Call) -> Answer:
    """Tell a page of jobs outside sessions, sessions and batches."""
    query, now = call.query, call.world.clock.now()
    found = [entry for entry in _workloads(call, now) if _fits(entry, query)]
    found.sort(key=lambda entry: entry["created"], reverse=query.get("sort") != "createdAt")
    limit = query.get("limit", 10)
    at = _cursor(query)
    content: dict[str, Any] = {
        "workloads": found[at : at + limit],
        "total_count": len(found),
        "limit": limit,
    }
    if at + limit < len(found):
        content["next"] = {"href": f"/api/v1/workloads?next={at + limit}"}
    if at > 0:
        content["previous"] = {"href": f"/api/v1/workloads?previous={max(at - limit, 0)}"}
    return Answer(content=content)


def _cursor(query: Mapping[str, Any]) -> int:
    text = str(query.get("next", query.get("previous", "0")))
    if not text.isdecimal():
        raise Refusal(400, f"expected a cursor of an earlier page, got {text!r}")
    return int(text)


def _workloads(call: Call, now: float) -> Iterable[dict[str, Any]]:
    words = {"Queued": "pending", "Running": "in_progress", "Completed": "completed",
             "Cancelled": "canceled", "Failed": "failed"}  # fmt: skip
    for job in mine(call):
        if job.session is None:
            told = _workload(call, job.id, job.created, job.body["backend"], "job")
            told |= {"status": words[job.status(now)], "accepting_jobs": None, "tags": job.tags}
            yield told
    states = {"open": "pending", "closed": "completed"}
    for session in call.world.sessions.values():
        if session.account is call.account:
            mode = "batch" if session.mode == "batch" else "session"
            told = _workload(call, session.id, session.created, session.backend, mode)
            told["status"] = states.get(session.state(now), "in_progress")
            told |= {"accepting_jobs": session.accepts(now), "tags": []}
            yield told


def _workload(call: Call, id_: str, created: float, backend: str, mode: str) -> dict[str, Any]:
    return {
        "id": id_,
        "created": timestamp(created),
        "backend": backend,
        "instance": call.account.crn,
        "user_id": call.account.user_id,
        "mode": mode,
    }


def _fits(entry: Mapping[str, Any], query: Mapping[str, Any]) -> bool:
    tests: Mapping[str, Test] = {
        "backend": lambda wanted: entry["backend"] == wanted,
        "mode": lambda wanted: entry["mode"] == wanted,
        "status": lambda wanted: entry["status"] == wanted,
        "search": lambda wanted: wanted in entry["id"] or wanted in entry["tags"],
        "tags": lambda wanted: set(wanted) <= set(entry["tags"]),
        "created_after": lambda wanted: moment(entry["created"]) >= moment(wanted),
        "created_before": lambda wanted: moment(entry["created"]) <= moment(wanted),
    }
    return all(test(query[name]) for name, test in tests.items() if name in query)
