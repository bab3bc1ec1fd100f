"""Faults of what is told of sessions, lists, backends and money."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from conformance.mock.faults import Faults
from conformance.mock.http import Answer
from conformance.mock.ionq.mistold_jobs import Change, Memory, Spoil, crashed

_ELSEWHERE = "00000000-0000-4000-8000-0000000000ee"
_SESSION = {"CreateSession", "GetSession", "EndSession"}
_LISTS = {"GetJobs"}
_USAGE = {"get-usages"}
_ESTIMATE = {"EstimateJobCost"}
_COST = {"GetJobCost"}
_RESULTS = {"GetJobAggregatedProbabilities"}
_FEW = 2
"""Circuits of a job up to which the results are whole."""


def _each(member: str, change: Spoil) -> Spoil:
    return lambda page: {**page, member: [change(entry) for entry in page[member]]}


def _with(**changed: Any) -> Spoil:
    return lambda content: {**content, **changed}


def _ended(session: Any, **changed: Any) -> Any:
    return {**session, **changed} if session["status"] == "ended" else session


def _settings_lost(session: Any) -> Any:
    kept = {name: v for name, v in session["settings"].items() if name == "expires_at"}
    return {**session, "settings": kept}


def _without_cost_limit(session: Any) -> Any:
    kept = {name: v for name, v in session["settings"].items() if name != "cost_limit"}
    return {**session, "settings": kept}


def _without_next(page: Any) -> Any:
    return page if page["next"] is not None else {"jobs": page["jobs"]}


def _total(page: Any) -> Any:
    return page if page["next"] is None else {**page, "total": len(page["jobs"])}


def _renamed(found: Any) -> Any:
    return {"items": found["characterizations"], "pages": found["pages"]}


def _amount(change: Callable[[float], Any], *members: str) -> Spoil:
    def spoil(cost: Any) -> Any:
        changed = {
            name: {**cost[name], "value": change(cost[name]["value"])}
            for name in members
            if name in cost
        }
        return {**cost, **changed}

    return spoil


def _counts_twice(usage: Any) -> Any:
    parts = [{**part, "job_count": 2 * part["job_count"]} for part in usage["usage_data"]]
    return {**usage, "job_count": 2 * usage["job_count"], "usage_data": parts}


def _groups_off(usage: Any) -> Any:
    def dearer(part: Any) -> Any:
        groups = [{**g, "amount": 2 * g["amount"] + 1} for g in part["group_usages"]]
        return {**part, "group_usages": groups}

    return _each("usage_data", dearer)(usage)


def _below_minimum(estimate: Any) -> Any:
    least = estimate["rate_information"]["job_cost_minimum"]
    return {**estimate, "estimated_cost": min(estimate["estimated_cost"], least / 2)}


def _without_twos(estimate: Any) -> Any:
    asked, rates = estimate["input_values"], estimate["rate_information"]
    charged = asked["shots"] * asked["2q_gates"] * rates["cost_2q_gate"]
    cost = max(estimate["estimated_cost"] - charged, rates["job_cost_minimum"])
    return {**estimate, "estimated_cost": cost}


def _two_hours_on(job: Any) -> Any:
    return {**job, "submitted_at": _later(job["submitted_at"], timedelta(hours=2))}


def _later(text: str, by: timedelta) -> str:
    moment = datetime.fromisoformat(text) + by
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cheapest_first(part: Any) -> Any:
    return {**part, "group_usages": part["group_usages"][::-1]}


def _gone(backends: Any) -> Any:
    return [{**b, "characterization_id": _ELSEWHERE} if _is_qpu(b) else b for b in backends]


def _of_another(backends: Any) -> Any:
    machines = [b["characterization_id"] for b in backends if _is_qpu(b)]
    following = iter([*machines[1:], *machines[:1]])
    return [{**b, "characterization_id": next(following)} if _is_qpu(b) else b for b in backends]


def _is_qpu(backend: Mapping[str, Any]) -> bool:
    return "characterization_id" in backend


def _without_last(found: Any) -> Any:
    kept = list(found)[:-1] if len(found) > _FEW else list(found)
    return {child: found[child] for child in kept}


CONTENT: Mapping[str, tuple[Set[str], Spoil]] = {
    "last-page-without-next": (_LISTS, _without_next),
    "full-page-with-total": (_LISTS, _total),
    "characterizations-renamed": ({"getCharacterizationsForBackend"}, _renamed),
    "cost-as-text": (_COST, _amount(str, "cost", "estimated_cost")),
    "third-circuit-missing": (_RESULTS, _without_last),
    "probabilities-as-text": (
        {"GetJobProbabilities"},
        lambda found: {key: str(value) for key, value in found.items()},
    ),
    "usage-count-as-text": (_USAGE, lambda usage: {**usage, "job_count": str(usage["job_count"])}),
    "end-names-another": ({"EndSession"}, _with(id=_ELSEWHERE)),
    "ended-yet-active": (_SESSION, lambda session: _ended(session, active=True)),
    "end-untold": (_SESSION, lambda session: _ended(session, ended_at=None)),
    "session-settings-lost": (_SESSION, _settings_lost),
    "session-backend-changed": (_SESSION, _with(backend="qpu.another")),
    "list-names-cut": (
        _LISTS,
        _each("jobs", lambda job: {**job, "name": job["name"] and job["name"][:6]}),
    ),
    "list-without-metadata": (_LISTS, _each("jobs", _with(metadata=None))),
    "list-in-local-time": (_LISTS | {"GetSessionJobs"}, _each("jobs", _two_hours_on)),
    "session-jobs-of-others": ({"GetSessionJobs"}, _each("jobs", _with(session_id=None))),
    "backend-grows": (
        {"getBackend"},
        lambda backend: {**backend, "qubits": backend["qubits"] + 1},
    ),
    "characterization-gone": ({"getBackends"}, _gone),
    "characterization-of-another": ({"getBackends"}, _of_another),
    "characterization-differs": ({"getCharacterization"}, _with(date="2020-02-02T00:00:00.000Z")),
    "session-list-without-cost-limit": (
        {"GetSessions"},
        _each("sessions", _without_cost_limit),
    ),
    "session-list-disagrees": ({"GetSessions"}, _each("sessions", _with(backend="qpu.another"))),
    "cost-doubled": (_COST, _amount(lambda value: 2 * value, "cost")),
    "cost-denies-dry-run": (_COST, _with(dry_run=False)),
    "usage-counts-twice": (_USAGE, _counts_twice),
    "usage-cheapest-first": (_USAGE, _each("usage_data", _cheapest_first)),
    "usage-groups-off": (_USAGE, _groups_off),
    "usage-of-another-grouping": (_USAGE, _with(group_type="project")),
    "estimate-below-minimum": (_ESTIMATE, _below_minimum),
    "estimate-ignores-gates": (_ESTIMATE, _without_twos),
}
"""Fault to the operations that show it and what becomes of their content."""


def _looping(page: Any, told: set[str]) -> Any:
    """Name the first next that was ever told again on the last page."""
    if page["next"] is not None:
        told.add(page["next"])
        return page
    return {**page, "next": min(told)} if told else page


def _drifting(session: Any, told: set[str]) -> Any:
    if session["started_at"] is None:
        return session
    by = timedelta(milliseconds=7 * _times_told(session["id"], told))
    return {**session, "started_at": _later(session["started_at"], by)}


def dearer(cost: Mapping[str, Any], job: str, faults: Faults) -> Mapping[str, Any]:
    """Return `cost` with a cent more for every time that it was told of `job` before."""
    if not faults.on("cost-grows-when-read"):
        return cost
    return {**cost, "value": cost["value"] + 0.01 * _times_told(job, faults.told)}


def _times_told(name: str, told: set[str]) -> int:
    """Return how often this was called with `name` before."""
    times = 0
    while f"{name} {times}" in told:
        times += 1
    told.add(f"{name} {times}")
    return times


MEMORIES: Mapping[str, tuple[Set[str], Memory]] = {
    "last-page-loops": (_LISTS, _looping),
    "session-start-drifts": ({"GetSession"}, _drifting),
}
"""The same for faults that depend on what was told before."""


def _monthly_crash(answer: Answer) -> Answer:
    return crashed(answer) if answer.parsed()["modality"] == "monthly" else answer


ANSWERS: Mapping[str, tuple[Set[str], Change]] = {
    "session-says-200": ({"CreateSession"}, lambda answer: replace(answer, status=200)),
    "unlabelled-estimate": (_ESTIMATE, lambda answer: replace(answer, media_type="")),
    "monthly-crash": (_USAGE, _monthly_crash),
    "paid-cost-crash": (
        _COST,
        lambda answer: crashed(answer) if answer.parsed()["estimated_cost"]["value"] else answer,
    ),
}
"""Fault to the operations that show it and what becomes of the whole answer."""
