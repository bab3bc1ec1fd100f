"""Jobs and sessions as records of plain JSON, and back: what a state file holds.

A job is what was asked, when, and what became of it; everything else it tells is worked out
from that again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from conformance.mock.ionq.circuits import JobFailure
from conformance.mock.ionq.job import Job, Timeline
from conformance.mock.ionq.money import Spent
from conformance.mock.ionq.programs import prepared
from conformance.mock.ionq.session import Gone, Session
from conformance.mock.ionq.submission import child_of
from conformance.mock.ionq.tenants import Tenant
from conformance.mock.ionq.world import World

Record = dict[str, Any]


def job_record(job: Job) -> Record:
    """Return what has to be known of `job`, its children included."""
    times = job.times
    record: Record = {
        "id": job.id,
        "number": job.number,
        "backend": job.backend.name,
        "payload": job.payload,
        "times": (times.submitted, times.ready, times.started, times.ends),
    }
    if job.failure is not None:
        record["failure"] = (job.failure.code, job.failure.message)
    if job.canceled is not None:
        record["canceled"] = job.canceled
    if job.children:
        record["children"] = [(child.id, child.canceled) for child in job.children]
    return record


def restored_job(record: Mapping[str, Any], tenant: Tenant, world: World) -> Job:
    """Return the job that `record` was made of.

    One that a fault had let through, and that cannot run, comes back as failed.
    """
    backend = world.backends[record["backend"]]
    failure = JobFailure(*record["failure"]) if "failure" in record else None
    submitted, ready, started, ends = record["times"]
    try:
        circuits = prepared(record["payload"], backend)
    except JobFailure as problem:
        circuits, failure = (), failure or problem
    job = Job(
        id=record["id"],
        number=record["number"],
        tenant=tenant,
        backend=backend,
        payload=record["payload"],
        circuits=circuits,
        times=Timeline(submitted=submitted, ready=ready, started=started, ends=ends),
        failure=failure,
        canceled=record.get("canceled"),
    )
    if failure is None:
        children = enumerate(record.get("children", ()))
        job.children = tuple(child_of(job, index, key) for index, (key, _) in children)
    for child, (_, canceled) in zip(job.children, record.get("children", ()), strict=False):
        child.canceled = canceled
    return job


def session_record(session: Session) -> Record:
    """Return what has to be known of `session`; its jobs know that they are in it."""
    return {
        "id": session.id,
        "backend": session.backend.name,
        "settings": session.settings,
        "created": session.created,
        "started": session.started,
        "ended": session.ended,
        "ender": None if session.ender is None else session.ender.name,
        "gone": asdict(session.gone),
    }


def restored_session(
    record: Mapping[str, Any], number: int, tenant: Tenant, ender: Tenant | None, world: World
) -> Session:
    """Return the session that `record` was made of, as yet without jobs."""
    return Session(
        id=record["id"],
        number=number,
        tenant=tenant,
        backend=world.backends[record["backend"]],
        settings=record["settings"],
        created=record["created"],
        started=record["started"],
        ended=record["ended"],
        ender=ender,
        gone=Gone(**record["gone"]),
    )


def spent_record(spent: Spent) -> Record:
    """Return what a job that is gone has cost."""
    return {**asdict(spent), "day": spent.day.isoformat()}


def restored_spent(record: Mapping[str, Any]) -> Spent:
    """Return what a job that is gone has cost."""
    return Spent(**{**record, "day": date.fromisoformat(record["day"])})
