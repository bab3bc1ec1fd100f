"""The operations on jobs and their results."""

from __future__ import annotations

from typing import Any

from conformance.mock.clock import timestamp
from conformance.mock.http import Answer, Refusal
from conformance.mock.ionq.identifiers import seed_of
from conformance.mock.program import ProgramProblem
from conformance.mock.scaleway import job as jobs
from conformance.mock.scaleway.job import Job
from conformance.mock.scaleway.pages import page, tagged
from conformance.mock.scaleway.payloads import result_of
from conformance.mock.scaleway.session_handlers import GONE, Call


def create_job(call: Call) -> Answer:
    """Take a job, which is simulated at once and told when its time has come."""
    world, body = call.world, call.body
    now = world.clock.now()
    session = world.session(body["session_id"], call.account)
    if not session.is_live(now):
        raise Refusal(412, "expected a session that is not over", ("resource_still_in_use",))
    given = [name for name, text in body["circuit"].items() if text is not None]
    if len(given) != 1:
        raise Refusal(400, f"expected one form of the circuit, got {len(given)}", ("circuit",))
    starts = max([now, session.starts, *(job.stops for job in session.jobs)])
    job = Job(
        id=world.new_id("job"),
        session=session,
        body=body,
        name=body["name"],
        tags=list(body.get("tags") or ()),
        created=now,
        starts=starts,
        ends=starts + jobs.RUN,
    )
    try:
        seed = seed_of(world.seed, "shots", job.id)
        job.result = result_of(body["circuit"], session.platform.qubits, seed)
    except ProgramProblem as problem:
        job.problem = str(problem)
    session.jobs.append(job)
    world.jobs[job.id] = job
    return Answer(content=jobs.described(job, now))


def _seen_at(call: Call, job: Job) -> float:
    """Return the moment at which somebody looks at `job`, its end awaited."""
    call.world.clock.await_moment(job.stops + (0.0 if job.canceled is None else jobs.CANCEL))
    return call.world.clock.now()


def get_job(call: Call) -> Answer:
    """Tell a job."""
    job = call.world.job(call.path["job_id"], call.account)
    return Answer(content=jobs.described(job, _seen_at(call, job)))


def list_jobs(call: Call) -> Answer:
    """Tell a page of jobs of a session or a project."""
    now, query = call.world.clock.now(), call.query
    mine = [job for job in call.world.jobs.values() if job.session.account is call.account]
    if "session_id" in query:
        mine = [job for job in mine if job.session.id == query["session_id"]]
    if "project_id" in query:
        mine = [job for job in mine if job.session.account.project_id == query["project_id"]]
    told = [entry for entry in (jobs.described(job, now) for job in mine) if tagged(entry, query)]
    sessions = call.world.sessions
    extra = {
        "platform_name": lambda entry: sessions[entry["session_id"]].platform.name,
        "session_name": lambda entry: sessions[entry["session_id"]].name,
    }
    return page("jobs", told, query, "created_at_desc", extra)


def update_job(call: Call) -> Answer:
    """Rename or retag a job; null leaves as it is."""
    job = call.world.job(call.path["job_id"], call.account)
    if call.body.get("name") is not None:
        job.name = call.body["name"]
    if call.body.get("tags") is not None:
        job.tags = list(call.body["tags"])
    job.updated = call.world.clock.now()
    return Answer(content=jobs.described(job, job.updated))


def delete_job(call: Call) -> Answer:
    """Remove a job."""
    job = call.world.job(call.path["job_id"], call.account)
    job.cancel(call.world.clock.now())
    job.session.jobs.remove(job)
    del call.world.jobs[job.id]
    return GONE


def cancel_job(call: Call) -> Answer:
    """Stop a job; one that is over stays as it is, and the answer tells so."""
    job = call.world.job(call.path["job_id"], call.account)
    now = call.world.clock.now()
    job.cancel(now)
    return Answer(content=jobs.described(job, now))


def get_circuit(call: Call) -> Answer:
    """Tell what a job was given to run."""
    circuit: dict[str, Any] = dict(
        call.world.job(call.path["job_id"], call.account).body["circuit"]
    )
    names = ("perceval_circuit", "qiskit_circuit")
    return Answer(content={name: circuit[name] for name in names if circuit.get(name) is not None})


def list_results(call: Call) -> Answer:
    """Tell the results of a job: one, once it is completed."""
    job = call.world.job(call.path["job_id"], call.account)
    results = []
    if job.status(_seen_at(call, job)) == "completed":
        result = {"job_id": job.id, "result": job.result, "url": None}
        results.append({**result, "created_at": timestamp(job.ends)})
    return page("job_results", results, call.query, "created_at_desc")
