"""The operations, one function each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from conformance.mock.clock import timestamp
from conformance.mock.http import Answer, Refusal
from conformance.mock.ibm import backends, primitives
from conformance.mock.ibm import job as jobs
from conformance.mock.ibm import session as sessions
from conformance.mock.ibm.accounts import Account
from conformance.mock.ibm.job import Job
from conformance.mock.ibm.session import Session
from conformance.mock.ibm.world import World
from conformance.mock.ionq.identifiers import seed_of
from conformance.mock.program import ProgramProblem
from conformance.mock.rest import Call as RestCall
from conformance.mock.rest import Handlers

Call: TypeAlias = RestCall[Account, World]

Test: TypeAlias = Callable[[Any], bool]

DONE = Answer(status=204, raw=b"")


def create_session(call: Call) -> Answer:
    """Open a session."""
    world, body = call.world, call.body
    name = body.get("backend") or body.get("backend_name")
    if name is None or name not in backends.BACKENDS:
        raise Refusal(400, f"expected one of {', '.join(backends.BACKENDS)}, got {name!r}")
    session = Session(
        id=world.new_id("session"),
        account=call.account,
        backend=name,
        mode=body["mode"],
        created=world.clock.now(),
        max_ttl=body.get("max_ttl", sessions.DEFAULT_MAX_TTL),
        interactive_ttl=body.get("interactive_ttl", sessions.INTERACTIVE_TTL[body["mode"]]),
    )
    world.sessions[session.id] = session
    return Answer(content=sessions.described(session, session.created))


def get_session(call: Call) -> Answer:
    """Tell a session."""
    session = call.world.session(call.path["id"], call.account)
    return Answer(content=sessions.described(session, _seen_at(call, session)))


def update_session(call: Call) -> Answer:
    """Stop a session from taking jobs; what was stopped so takes none again."""
    world = call.world
    session = world.session(call.path["id"], call.account)
    now = world.clock.now()
    if session.state(now) != "closed":
        if call.body["accepting_jobs"] is False and session.accepting_until is None:
            session.accepting_until = now
        elif call.body["accepting_jobs"] is True:
            session.accepting_until = None
    return DONE


def close_session(call: Call) -> Answer:
    """End a session; one that has ended stays as it is."""
    call.world.session(call.path["id"], call.account).end(call.world.clock.now())
    return DONE


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
    found = [job for job in _mine(call) if _wanted(job, query, now)]
    if query.get("sort", "DESC") == "DESC":
        found.reverse()
    limit, offset = query.get("limit", 200), query.get("offset", 0)
    told = [
        jobs.described(job, now, with_params=not query.get("exclude_params", False))
        for job in found[offset : offset + limit]
    ]
    content = {"jobs": told, "limit": limit, "offset": offset, "count": len(found)}
    return Answer(content=content)


def _mine(call: Call) -> list[Job]:
    return [job for job in call.world.jobs.values() if job.account is call.account]


def _wanted(job: Job, query: Mapping[str, Any], now: float) -> bool:
    session = None if job.session is None else job.session.id
    tests: Mapping[str, Test] = {
        "program": lambda wanted: job.body["program_id"] == wanted,
        "backend": lambda wanted: job.body["backend"] == wanted,
        "session_id": lambda wanted: session == wanted,
        "pending": lambda wanted: (not job.is_over(now)) is wanted,
        "tags": lambda wanted: set(wanted) <= set(job.tags),
        "created_after": lambda wanted: job.created >= _moment(wanted),
        "created_before": lambda wanted: job.created <= _moment(wanted),
    }
    return all(test(query[name]) for name, test in tests.items() if name in query)


def _moment(text: str) -> float:
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
    for job in _mine(call):
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
        "created_after": lambda wanted: _moment(entry["created"]) >= _moment(wanted),
        "created_before": lambda wanted: _moment(entry["created"]) <= _moment(wanted),
    }
    return all(test(query[name]) for name, test in tests.items() if name in query)


def _backend(call: Call) -> backends.Backend:
    found = backends.BACKENDS.get(call.path["id"])
    if found is None:
        raise Refusal(404, f"there is no backend {call.path['id']!r}")
    return found


def _queued(call: Call, backend: str) -> int:
    now = call.world.clock.now()
    return sum(
        job.body["backend"] == backend and job.status(now) == "Queued"
        for job in call.world.jobs.values()
    )


def list_backends(call: Call) -> Answer:
    """Tell the machines."""
    devices = [backends.device(b, _queued(call, b.name)) for b in backends.BACKENDS.values()]
    return Answer(content={"devices": devices})


def backend_configuration(call: Call) -> Answer:
    """Tell what a machine is."""
    return Answer(content=backends.configuration(_backend(call)))


def backend_properties(call: Call) -> Answer:
    """Tell what was measured of a machine."""
    return Answer(content=backends.properties(_backend(call)))


def backend_status(call: Call) -> Answer:
    """Tell whether a machine works."""
    backend = _backend(call)
    return Answer(content=backends.status(backend, _queued(call, backend.name)))


def backend_defaults(call: Call) -> Answer:
    """Tell a machine's defaults: there are none."""
    _backend(call)
    return Answer(content={})


def get_instance(call: Call) -> Answer:
    """Tell the instance that the request names."""
    content: dict[str, Any] = {"backends": list(backends.BACKENDS), "plan_id": call.account.plan_id}
    limit = call.world.limits.get(call.account.name)
    return Answer(content=content if limit is None else {**content, "instance_limit": limit})


def get_configuration(call: Call) -> Answer:
    """Tell the limit of the instance."""
    return Answer(content={"instance_limit": call.world.limits.get(call.account.name)})


def replace_configuration(call: Call) -> Answer:
    """Set the limit of the instance."""
    call.world.limits[call.account.name] = call.body["instance_limit"]
    return DONE


def get_usage(call: Call) -> Answer:
    """Tell what the instance has used: the seconds of its jobs."""
    now = call.world.clock.now()
    used = sum(job.seconds_used(now) for job in _mine(call))
    limit = call.world.limits.get(call.account.name)
    content: dict[str, Any] = {
        "instance_id": call.account.crn,
        "plan_id": call.account.plan_id,
        "usage_consumed_seconds": round(used, 3),
        "usage_limit_reached": limit is not None and used >= limit,
    }
    return Answer(content=content if limit is None else {**content, "usage_limit_seconds": limit})


def list_versions(_call: Call) -> Answer:
    """Tell the versions of the API."""
    live = [{"version": "2026-03-15", "status": "live"}]
    old = ("2024-01-01", "2025-01-01", "2025-05-01", "2026-02-01", "2026-02-15")
    content = {"versions": [*live, *({"version": v, "status": "deprecated"} for v in old)]}
    return Answer(content=content)


def _seen_at(call: Call, session: Session) -> float:
    """Return the moment at which somebody looks at `session`, its jobs having ended."""
    for job in session.jobs[-1:]:
        call.world.clock.await_moment(job.stops)
    return call.world.clock.now()


HANDLERS: Handlers = {
    "create_session": create_session,
    "get_session": get_session,
    "update_session": update_session,
    "delete_session_close": close_session,
    "list_workloads": list_workloads,
    "list_backends": list_backends,
    "get_backend_configuration": backend_configuration,
    "get_backend_properties": backend_properties,
    "get_backend_status": backend_status,
    "get_backend_defaults": backend_defaults,
    "create_job": create_job,
    "list_jobs": list_jobs,
    "get_job_by_id": get_job,
    "delete_job": delete_job,
    "cancel_job": cancel_job,
    "get_job_results": job_results,
    "get_job_logs": job_logs,
    "get_job_metrics": job_metrics,
    "replace_job_tags": replace_tags,
    "get_instance": get_instance,
    "get_instance_configuration": get_configuration,
    "replace_instance_configuration": replace_configuration,
    "get_usage": get_usage,
    "list_versions": list_versions,
}
"""Operation id to what serves it."""
