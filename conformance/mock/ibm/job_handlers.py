"""The operations on jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from conformance.mock.http import Answer, Refusal
from conformance.mock.ibm import backends, primitives
from conformance.mock.ibm import job as jobs
from conformance.mock.ibm.job import Job
from conformance.mock.ibm.session import Session
from conformance.mock.ibm.session_handlers import DONE, Call
from conformance.mock.ionq.identifiers import seed_of
from conformance.mock.program import ProgramProblem

Test: TypeAlias = Callable[[Any], bool]
"""Whether an entry fits the value of one query parameter."""


def create_job(call: Call) -> Answer:
    """Take a job, which is simulated at once and told when its time has come."""
    world, body = call.world, call.body
    now = world.clock.now()
    if body["backend"] not in backends.BACKENDS:
        raise Refusal(404, f"there is no backend {body['backend']!r}")
    session = _session_for(call, now)
    job = Job(
        id=world.new_id("job"),
        account=call.account,
        body=body,
        created=now,
        starts=max(now + jobs.WAIT, world.free.get(body["backend"], 0.0)),
        ends=0.0,
        session=session,
        results=None,
        tags=list(body.get("tags", ())),
    )
    _run(job, world.seed)
    world.free[body["backend"]] = job.ends
    world.jobs[job.id] = job
    if session is not None:
        session.jobs.append(job)
    told = {"id": job.id, "backend": body["backend"], "private": body.get("private", False)}
    return Answer(content=told if session is None else {**told, "session_id": session.id})


def _session_for(call: Call, now: float) -> Session | None:
    wanted = call.body.get("session_id")
    if wanted is None:
        return None
    session = call.world.session(wanted, call.account)
    if not session.accepts(now):
        raise Refusal(409, f"session {wanted} takes no more jobs")
    if session.backend != call.body["backend"]:
        raise Refusal(400, f"expected {session.backend}, the session's, as the backend")
    return session


def _run(job: Job, seed: int) -> None:
    """Give `job` its results, or the reason for which it fails, and the time it takes."""
    params = job.body.get("params", {})
    shots = 0
    try:
        if job.body["program_id"] != "sampler":
            raise ProgramProblem(f"expected the program sampler, got {job.body['program_id']!r}")
        pubs = primitives.pubs_of(params)
        shots = sum(pub.shots for pub in pubs)
        job.results = primitives.results_of(params, pubs, seed_of(seed, "shots", job.id))
    except ProgramProblem as problem:
        job.problem = str(problem)
    job.ends = job.starts + jobs.RUN + shots / 10_000


def get_job(call: Call) -> Answer:
    """Tell a job."""
    job = call.world.job(call.path["id"], call.account)
    now = call.world.seen_at(job)
    with_params = not call.query.get("exclude_params", False)
    return Answer(content=jobs.described(job, now, with_params=with_params))


def list_jobs(call: Call) -> Answer:
    """Tell a page of jobs, newest first."""
    query, now = call.query, call.world.clock.now()
    found = [job for job in mine(call) if _wanted(job, query, now)]
    if query.get("sort", "DESC") == "DESC":
        found.reverse()
    limit, offset = query.get("limit", 200), query.get("offset", 0)
    told = [
        jobs.described(job, now, with_params=not query.get("exclude_params", False))
        for job in found[offset : offset + limit]
    ]
    content = {"jobs": told, "limit": limit, "offset": offset, "count": len(found)}
    return Answer(content=content)


def mine(call: Call) -> list[Job]:
    """Return the jobs of the account that asks, oldest first."""
    return [job for job in call.world.jobs.values() if job.account is call.account]


def _wanted(job: Job, query: Mapping[str, Any], now: float) -> bool:
    session = None if job.session is None else job.session.id
    tests: Mapping[str, Test] = {
        "program": lambda wanted: job.body["program_id"] == wanted,
        "backend": lambda wanted: job.body["backend"] == wanted,
        "session_id": lambda wanted: session == wanted,
        "pending": lambda wanted: (not job.is_over(now)) is wanted,
        "tags": lambda wanted: set(wanted) <= set(job.tags),
        "created_after": lambda wanted: job.created >= moment(wanted),
        "created_before": lambda wanted: job.created <= moment(wanted),
    }
    return all(test(query[name]) for name, test in tests.items() if name in query)


def moment(text: str) -> float:
    """Return a time of a query in seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def delete_job(call: Call) -> Answer:
    """Remove a job that is over."""
    world = call.world
    job = world.job(call.path["id"], call.account)
    if not job.is_over(world.seen_at(job)):
        raise Refusal(400, f"expected a job that is over; {job.id} is not")
    del world.jobs[job.id]
    return DONE


def cancel_job(call: Call) -> Answer:
    """Stop a job; one that is over cannot be."""
    world = call.world
    job = world.job(call.path["id"], call.account)
    now = world.clock.now()
    if job.is_over(now):
        raise Refusal(409, f"expected a job that is not over; {job.id} is {job.status(now)}")
    job.cancel(now)
    return DONE


def job_results(call: Call) -> Answer:
    """Tell the results; nothing, with 204, until there are any."""
    job = call.world.job(call.path["id"], call.account)
    if job.status(call.world.seen_at(job)) != "Completed":
        return DONE
    return Answer(content=job.results)


def job_logs(call: Call) -> Answer:
    """Tell what a job wrote: its reason to fail."""
    job = call.world.job(call.path["id"], call.account)
    text = job.problem if job.status(call.world.seen_at(job)) == "Failed" else ""
    return Answer(raw=text.encode(), media_type="text/plain")


def job_metrics(call: Call) -> Answer:
    """Tell the times of a job."""
    job = call.world.job(call.path["id"], call.account)
    return Answer(content=jobs.metrics(job, call.world.seen_at(job)))


def replace_tags(call: Call) -> Answer:
    """Replace the tags of a job."""
    call.world.job(call.path["id"], call.account).tags = list(call.body["tags"])
    return DONE
