"""The operations on jobs that are there: read, list, cancel, delete, price."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from conformance.mock.clock import timestamp
from conformance.mock.http import Answer, Refusal, encode
from conformance.mock.ionq import money
from conformance.mock.ionq.call import Call
from conformance.mock.ionq.job import TERMINAL, Job, described
from conformance.mock.ionq.mistold_others import dearer
from conformance.mock.ionq.world import Room, World

PAGE = 25
"""Jobs on a page when the client does not say; the most it can ask for is `LARGEST_PAGE`."""

LARGEST_PAGE = 100
_SMALL = 2
"""Entries of a page up to which a fault of large pages does not show."""


def get_job(call: Call) -> Answer:
    """Answer with one job; once it has ended the answer is kept, for it never changes."""
    job = call.world.job(call.path["UUID"], call.tenant, "job-readable")
    if job.told is not None and not call.world.faults:
        return Answer(raw=job.told)
    now = call.world.seen_at(job)
    answer = Answer(content=described(job, now))
    if job.status(now) in TERMINAL and not call.world.faults:
        job.told = encode(answer.content)
        answer = Answer(raw=job.told)
    return answer


def get_jobs(call: Call) -> Answer:
    """Answer with a page of the tenant's jobs, newest first.

    Children of multi-circuit jobs are shown when they are asked for by `ids` or
    `parent_job_id`, and not otherwise: their parent stands for them.
    """
    world = call.world
    room = world.room(call.tenant)
    return _page(call, _candidates(call, room), room)


def get_session_jobs(call: Call) -> Answer:
    """Answer with a page of a session's jobs, newest first."""
    session = call.world.session(call.path["session_id"], call.tenant, "session-readable")
    room = call.world.room(session.tenant)
    jobs = (job for job in _candidates(call, room) if job.session_id == session.id)
    return _page(call, jobs, room)


def _candidates(call: Call, room: Room) -> Iterable[Job]:
    world, query = call.world, call.query
    asked = _listed(query.get("ids"))
    if world.faults.on("list-leaks"):
        return (job for job in reversed(world.jobs.values()) if job.parent is None)
    if asked:
        found = {job.id: job for job in map(world.jobs.get, asked) if job is not None}
        own = [job for job in found.values() if job.tenant is call.tenant]
        return sorted(own, key=lambda job: -job.number)
    if query.get("parent_job_id") is not None and not _parent_ignored(call):
        parent = room.jobs.get(query["parent_job_id"])
        if parent is not None and world.faults.on("children-list-has-parent"):
            return (parent, *parent.children)
        return parent.children if parent is not None else ()
    return reversed(room.jobs.values())


def _parent_ignored(call: Call) -> bool:
    beside = call.query.get("status") is not None
    return beside and call.world.faults.on("parent-ignored-beside-status")


def _page(call: Call, jobs: Iterable[Job], room: Room) -> Answer:
    world = call.world
    world.clock.await_moment(room.ends)
    now = world.clock.now()
    size = min(max(call.query.get("limit", PAGE), 1), LARGEST_PAGE)
    keeps = _filter(call, now)
    kept = (job for job in _from_cursor(jobs, call.query.get("next")) if keeps(job))
    shown = _first(kept, size + 2)
    following = _cursor(shown[size]) if len(shown) > size else None
    if len(shown) == size + 1 and call.query.get("status") and world.faults.on("lone-entry-lost"):
        following = None
    if following and size > _SMALL and world.faults.on("large-page-repeats"):
        following = _cursor(shown[size - 1])
    entries = [described(job, now) for job in shown[:size]]
    for entry in entries:
        del entry["child_job_ids"]
    return Answer(content={"jobs": entries, "next": following})


def _first(jobs: Iterator[Job], number: int) -> list[Job]:
    return [job for _, job in zip(range(number), jobs, strict=False)]


def _filter(call: Call, now: float) -> Callable[[Job], bool]:
    """Return the test that a job must pass to be listed.

    `submitter_id` names another user of a shared project. No tenant shares one, so that it
    is ignored, as the document says, unless it is the caller's own.
    """
    faults, query = call.world.faults, call.query
    later = query.get("next") is not None
    if faults.on("filter-ignored") or (later and faults.on("next-page-unfiltered")):
        return lambda _job: True
    statuses, session = _statuses(call), query.get("session_id")
    targets, parent = _listed(query.get("target")), query.get("parent_job_id")
    ids = _listed(query.get("ids"))
    if _parent_ignored(call):
        parent = None
    if statuses and faults.on("session-ignored-beside-status"):
        session = None
    if faults.on("first-target-only"):
        targets = targets[:1]
    if faults.on("first-id-only"):
        ids = ids[:1]
    own = parent if faults.on("children-list-has-parent") else None
    return lambda job: (
        (not statuses or job.status(now) in statuses)
        and (session is None or job.session_id == session)
        and (not targets or job.backend.name in targets)
        and (
            parent is None or (job.parent is not None and job.parent.id == parent) or job.id == own
        )
        and (not ids or job.id in ids)
    )


def _statuses(call: Call) -> set[str]:
    """Return the states that are listed, none for all of them."""
    asked, faults = call.query.get("status"), call.world.faults
    if asked is None:
        return set()
    if call.operation.id == "GetSessionJobs" and faults.on("session-jobs-of-any-status"):
        return set()
    if asked == "canceled" and faults.on("canceled-unlisted"):
        return {"none"}
    also = {"failed"} if asked == "completed" and faults.on("completed-shows-failed") else set()
    return {asked, *also}


def _listed(value: Any) -> list[str]:
    """Return the entries of a parameter that may be repeated, comma separated or both."""
    texts = value if isinstance(value, list) else [] if value is None else [value]
    return [part for text in texts for part in text.split(",") if part]


def _from_cursor(jobs: Iterable[Job], cursor: str | None) -> Iterator[Job]:
    """Yield the jobs from the one that `cursor` names, or from its place if it is gone.

    Raises:
        Refusal: No page ever started there.
    """
    if cursor is None:
        yield from jobs
        return
    number, index = _place(cursor)
    yield from (
        job
        for job in jobs
        if job.number < number or (job.number == number and _index(job) >= index)
    )


def _cursor(job: Job) -> str:
    return f"p{job.number:x}-{_index(job):x}"


def _index(job: Job) -> int:
    return 0 if job.parent is None else 1 + job.parent.children.index(job)


def _place(cursor: str) -> tuple[int, int]:
    number, _, index = cursor.removeprefix("p").partition("-")
    try:
        return int(number, 16), int(index, 16)
    except ValueError as error:
        raise Refusal(404, f"no page of jobs starts at {cursor!r}") from error


def delete_job(call: Call) -> Answer:
    """Remove a job for good; one that has not ended is canceled thereby."""
    job = _own_job(call, call.path["UUID"], "job-deletable")
    _delete(call.world, job)
    return Answer(content={"id": job.id, "status": "deleted"})


def delete_jobs(call: Call) -> Answer:
    """Remove several jobs, or none when one of the ids is unknown."""
    jobs = [_own_job(call, wanted, "job-deletable") for wanted in dict.fromkeys(call.body["ids"])]
    for job in jobs:
        _delete(call.world, job)
    return Answer(content={"ids": call.body["ids"], "status": "deleted"})


def _delete(world: World, job: Job) -> None:
    if not world.faults.on("deleted-job-stays"):
        world.forget_job(job)


def cancel_job(call: Call) -> Answer:
    """Cancel a job. One that has ended stays as it is, and the answer is the same."""
    job = _own_job(call, call.path["UUID"], "job-cancelable")
    crashes = call.world.faults.on("ended-cancel-crash")
    if crashes and job.status(call.world.clock.now()) in TERMINAL:
        raise Refusal(500, "the job is not running")
    _cancel(call.world, job)
    return Answer(content={"id": job.id, "status": "canceled"})


def cancel_jobs(call: Call) -> Answer:
    """Cancel several jobs, or none when one of the ids is unknown."""
    jobs = [_own_job(call, wanted, "job-cancelable") for wanted in dict.fromkeys(call.body["ids"])]
    for job in jobs[:1] if call.world.faults.on("bulk-cancels-first") else jobs:
        _cancel(call.world, job)
    return Answer(content={"ids": call.body["ids"], "status": "canceled"})


def _cancel(world: World, job: Job) -> None:
    if world.faults.on("canceled-circuits-complete") and job.children:
        job.canceled = world.clock.now()
    elif not world.faults.on("canceled-job-completes"):
        world.cancel_job(job)


def _own_job(call: Call, wanted: str, fault: str) -> Job:
    job = call.world.job(wanted, call.tenant, fault)
    if job.parent is not None:
        message = f"job {job.id} is part of job {job.parent.id}; cancel or delete that one"
        raise Refusal(409, message)
    return job


def get_cost(call: Call) -> Answer:
    """Answer with what a job will cost, and has cost once it is completed."""
    world = call.world
    job = world.job(call.path["UUID"], call.tenant, "job-readable")
    now = world.seen_at(job)
    cost = {"value": job.estimated_cost(), "unit": "usd"}
    content: dict[str, Any] = {"dry_run": job.dry_run, "estimated_cost": cost}
    if job.children and world.faults.on("cost-of-several-denies-dry-run"):
        content["dry_run"] = False
    billed = {"completed", "canceled"} if world.faults.on("canceled-billed") else {"completed"}
    if job.status(now) in billed:
        content["cost"] = dearer(cost, job.id, world.faults)
    return Answer(content=content)


def estimate(call: Call) -> Answer:
    """Answer with the price of a job that is described by its numbers alone."""
    backend = call.world.backends.get(call.query["backend"])
    if backend is None:
        raise Refusal(404, f"there is no backend {call.query['backend']!r}")
    asked = dict(call.query)
    if "error_mitigation" in asked:
        asked["error_mitigation"] = asked["error_mitigation"] in {True, "True", "true"}
    moment = timestamp(call.world.clock.now())
    content = money.estimate(backend, call.tenant.organization_id, moment, asked)
    if "shots" not in asked and call.world.faults.on("estimate-default-shots-lost"):
        fewer = {**asked, "shots": 100}
        other = money.estimate(backend, call.tenant.organization_id, moment, fewer)
        content = {**other, "input_values": content["input_values"]}
    return Answer(content=content)
