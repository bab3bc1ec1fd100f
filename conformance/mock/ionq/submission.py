"""Taking a job in: which backend and session it is for, what it becomes, and when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.ionq.backends import Backend
from conformance.mock.ionq.call import Call
from conformance.mock.ionq.circuits import Circuit, JobFailure
from conformance.mock.ionq.job import Job, Timeline
from conformance.mock.ionq.misreading import misread_submission
from conformance.mock.ionq.mistold_functions import misread_problem
from conformance.mock.ionq.programs import child_payload, child_times, normalised, prepared
from conformance.mock.ionq.session import Session
from conformance.mock.ionq.tenants import Tenant
from conformance.mock.ionq.world import World

READY_SECONDS = 0.004
"""From submission to ready, and from ready to started on the simulator."""

RUN_SECONDS = 0.012
"""Time that a run takes; a machine's queue comes before it."""

SLOW_SECONDS = 0.8
"""What a queue or a run takes where a fault could not be seen in a quick one."""

_SEEN_IN_A_QUEUE = (
    "canceled-job-completes", "results-too-early", "job-cancelable", "bulk-cancels-first",
    "canceled-billed", "canceled-without-results",
)  # fmt: skip
"""Faults of jobs that somebody cancels, which must not have ended before."""

_AT_ONCE = 0.5
"""Seconds within which two jobs come at the same moment, to a service that loses count."""

FEWEST_DEBIASED_SHOTS = 500
"""Shots that debiasing needs, says the document."""


def create_job(call: Call) -> Answer:
    """Accept a job and answer with its id."""
    world = call.world
    payload = normalised(call.body)
    backend = world.backends.get(payload["backend"])
    if backend is None:
        raise Refusal(404, f"there is no backend {payload['backend']!r}")
    if world.faults.on("valid-gate-refused") and _uses_gate(payload, "v"):
        raise Refusal(400, "the gate v is not known", ("input.circuit",), "body")
    if world.faults:
        payload = misread_submission(misread_problem(payload, world.faults), world.faults)
        known = _of_same_name(world, call.tenant, payload)
        if known is not None:
            return Answer(status=201, content=_accepted(known))
    job = _new_job(world, call.tenant, payload, backend)
    if job.session_id is not None:
        _join(world, job, job.session_id)
    world.add_job(job)
    return Answer(status=201, content=_accepted(job))


def _accepted(job: Job) -> dict[str, Any]:
    return {"id": job.id, "status": "submitted", "session_id": job.session_id}


def _of_same_name(world: World, tenant: Tenant, payload: Mapping[str, Any]) -> Job | None:
    """Return the job that has the payload's name already: for a fault."""
    name = payload.get("name")
    if name is None or not world.faults.on("name-taken-as-key"):
        return None
    jobs = world.room(tenant).jobs.values()
    return next((job for job in jobs if job.payload.get("name") == name), None)


def keep_refused(world: World, tenant: Tenant, body: bytes) -> None:
    """Make a job of a refused submission, as far as it can be read: for a fault."""
    try:
        asked = json.loads(body)
    except ValueError:
        return
    if isinstance(asked, dict) and isinstance(asked.get("name"), str):
        circuit = {"gateset": "qis", "qubits": 1, "circuit": [{"gate": "h", "target": 0}]}
        payload = {"type": "ionq.circuit.v1", "backend": "simulator", "input": circuit}
        backend = world.backends["simulator"]
        world.add_job(_new_job(world, tenant, {**payload, "name": asked["name"]}, backend))


def _uses_gate(payload: Mapping[str, Any], name: str) -> bool:
    whole = payload["input"] if payload["type"].startswith("ionq.") else {}
    circuits = [whole, *whole.get("circuits", ())]
    return any(gate.get("gate") == name for part in circuits for gate in part.get("circuit", ()))


def _new_job(world: World, tenant: Tenant, payload: Mapping[str, Any], backend: Backend) -> Job:
    circuits: tuple[Circuit, ...] = ()
    failure = None
    try:
        if world.faults.on("negative-qubit-is-first"):
            payload = _from_zero(payload)
        repaired = world.faults.on("self-control-runs")
        circuits = prepared(_without_self_control(payload) if repaired else payload, backend)
        _check_debiasing(payload, backend)
        if world.faults.on("valid-gate-fails") and _uses_gate(payload, "v"):
            raise JobFailure("UnsupportedGate", "the gate v is not known")
    except JobFailure as problem:
        failure = problem
    room = world.room(tenant)
    room.submitted += 1
    job = Job(
        id=world.new_id("job"),
        number=room.submitted,
        tenant=tenant,
        backend=backend,
        payload=payload,
        circuits=circuits,
        times=_timeline(world, backend, fails=failure is not None),
        failure=failure,
    )
    if job.is_multi and failure is None:
        job.children = tuple(
            child_of(job, index, world.new_id("job")) for index in range(len(circuits))
        )
    return job


def _from_zero(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the payload with qubit 0 for each negative target: for a fault."""
    gates = payload.get("input", {}).get("circuit")
    if not isinstance(gates, list):
        return payload
    moved = [{**g, "target": max(0, g["target"])} if "target" in g else g for g in gates]
    return {**payload, "input": {**payload["input"], "circuit": moved}}


def _without_self_control(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the payload without the gates whose control is their target: for a fault."""
    whole = payload["input"]
    if payload["type"] != "ionq.circuit.v1":
        return payload
    gates = [
        gate
        for gate in whole.get("circuit", ())
        if "control" not in gate or gate["control"] != gate.get("target")
    ]
    return {**payload, "input": {**whole, "circuit": gates}}


def _check_debiasing(payload: Mapping[str, Any], backend: Backend) -> None:
    mitigation = (payload.get("settings") or {}).get("error_mitigation") or {}
    shots = payload.get("shots", 100)
    if backend.is_qpu and mitigation.get("debiasing") and shots < FEWEST_DEBIASED_SHOTS:
        message = f"debiasing needs {FEWEST_DEBIASED_SHOTS} shots, the job has {shots}"
        raise JobFailure("DebiasingError", message)


def _timeline(world: World, backend: Backend, *, fails: bool) -> Timeline:
    submitted = world.clock.now()
    ready = submitted + READY_SECONDS
    if world.faults.on("job-stuck"):
        return Timeline(submitted=submitted, ready=float("inf"), started=None, ends=float("inf"))
    if fails:
        return Timeline(submitted=submitted, ready=ready, started=None, ends=ready + READY_SECONDS)
    slow_queue = any(map(world.faults.on, _SEEN_IN_A_QUEUE))
    started = ready + max(READY_SECONDS, backend.queue_seconds, SLOW_SECONDS * slow_queue)
    ends = started + max(RUN_SECONDS, SLOW_SECONDS * world.faults.on("job-requeued"))
    return Timeline(submitted=submitted, ready=ready, started=started, ends=ends)


def child_of(parent: Job, index: int, id_: str) -> Job:
    """Return the job of circuit `index` of `parent`; it lives with its parent."""
    return Job(
        id=id_,
        number=parent.number,
        tenant=parent.tenant,
        backend=parent.backend,
        payload=child_payload(parent, index),
        circuits=(parent.circuits[index],),
        times=child_times(parent, index),
        parent=parent,
    )


def _join(world: World, job: Job, wanted: str) -> None:
    if world.faults.on("unknown-session-ignored") and wanted not in world.sessions:
        return
    session: Session = world.session(wanted, job.tenant, "foreign-session-joined")
    if session.backend is not job.backend and not world.faults.on("any-backend-in-session"):
        message = f"session {session.id} is on {session.backend.name}, not {job.backend.name}"
        raise Refusal(409, message)
    problem = session.refuses(job.estimated_cost(), job.times.submitted)
    if job.is_multi and world.faults.on("ended-session-takes-several"):
        problem = problem if session.status(job.times.submitted) != "ended" else ""
    if job.is_multi and world.faults.on("several-circuits-unlimited"):
        problem = ""
    if problem and world.faults.on("limit-races"):
        before = max((known.times.submitted for known in session.jobs.values()), default=0.0)
        problem = problem if job.times.submitted - before > _AT_ONCE else ""
    if problem and not world.faults.on("session-unlimited"):
        raise Refusal(409, problem)
    session.admit(job)
