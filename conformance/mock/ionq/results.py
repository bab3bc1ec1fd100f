"""The results of jobs, computed when first asked for and then remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.ionq import noise
from conformance.mock.ionq.call import Call
from conformance.mock.ionq.circuits import Circuit
from conformance.mock.ionq.identifiers import seed_of
from conformance.mock.ionq.job import Job
from conformance.mock.ionq.misreading import misread, misreport
from conformance.mock.ionq.world import World

NEGLIGIBLE = 1e-15
"""Outcomes less likely than this are left out: rounding alone makes them."""

QUICK_WORK = 2**16
"""Gates times amplitudes up to which a result is computed between two requests, in place."""


def get_probabilities(call: Call) -> Answer | Awaitable[Answer]:
    """Answer with the distribution of one circuit."""
    job = _finished(call)
    if job.is_multi:
        message = f"job {job.id} has several circuits; its results are at .../aggregated"
        raise Refusal(404, message)
    return _answered(call.world, [_source(call.world, job)], aggregate=False)


def get_aggregated(call: Call) -> Answer | Awaitable[Answer]:
    """Answer with the distributions of a job's circuits, in their order.

    A job of one circuit answers with itself: what the service does then is not known, and
    cirq-ionq may ask.
    """
    job = _finished(call)
    jobs = list(job.children) or [job]
    if call.world.faults.on("circuits-swapped"):
        jobs[:2] = jobs[1::-1]
    names = list(job.children) or [job]
    if call.world.faults.on("aggregate-disordered"):
        jobs, names = jobs[::-1], names[::-1]
    return _answered(call.world, jobs, aggregate=True, names=names)


def get_variant(call: Call) -> Answer:
    """Refuse: no job has variants, since debiasing does not make any yet."""
    job = call.world.job(call.path["UUID"], call.tenant, "results-readable")
    raise Refusal(404, f"job {job.id} has no variant {call.path['variantId']!r}")


def get_compiled(call: Call) -> Answer:
    """Refuse: compiled circuits are not available yet."""
    job = call.world.job(call.path["UUID"], call.tenant, "job-readable")
    raise Refusal(404, f"job {job.id} has no compiled circuit in {call.path['lang']}")


def _finished(call: Call) -> Job:
    world = call.world
    job = world.job(call.path["UUID"], call.tenant, "results-readable")
    status = job.status(world.seen_at(job))
    early = status == "canceled" and world.faults.on("results-too-early")
    if status != "completed" and not early:
        raise Refusal(404, f"job {job.id} is {status}; only a completed job has results")
    if job.dry_run:
        raise Refusal(404, f"job {job.id} was a dry run and has no results")
    return job


def _source(world: World, job: Job) -> Job:
    """Return the job whose results are told as those of `job`: itself, unless a fault is on."""
    if not world.faults.on("stale-results"):
        return job
    before = [other for other in world.room(job.tenant).jobs.values() if other.number < job.number]
    ran = [other for other in before if other.failure is None and not other.is_multi]
    return ran[-1] if ran else job


def _answered(
    world: World, jobs: list[Job], *, aggregate: bool, names: Sequence[Job] = ()
) -> Answer | Awaitable[Answer]:
    def answer() -> Answer:
        found = [distribution(world, job) for job in jobs]
        if not aggregate:
            return Answer(content=found[0])
        return Answer(content={job.id: each for job, each in zip(names, found, strict=True)})

    work = sum(_work(job) for job in jobs if job.distribution is None)
    return answer() if work <= QUICK_WORK else asyncio.to_thread(answer)


def _work(job: Job) -> int:
    source = job.circuits[0].input
    noisy = job.backend.is_qpu or (job.payload.get("noise") or {}).get("model", "ideal") != "ideal"
    runs = noise.MOST_RUNS if noisy else 1
    return runs * (len(source["circuit"]) + 1) * (1 << int(source["qubits"]))


def distribution(world: World, job: Job) -> Mapping[str, float]:
    """Return the distribution of a job with one circuit: decimal outcome to probability.

    Bit k of an outcome is qubit k. The ideal simulator is exact to rounding; noise models and
    machines give multiples of 1/shots.
    """
    if job.distribution is None:
        circuit = job.circuits[0]
        found = _places_back(circuit, _computed(world, job, circuit))
        told = misreport(found, circuit.qubits, world.faults)
        job.distribution = {str(key): told[key] for key in sorted(told)}
    return job.distribution


def _computed(world: World, job: Job, circuit: Circuit) -> dict[int, float]:
    source: Mapping[str, Any] = misread(circuit, world.faults) if world.faults else circuit.input
    asked = job.payload.get("noise") or {}
    model = job.backend.noise_model if job.backend.is_qpu else asked.get("model", "ideal")
    if model == "ideal":
        return _exact(source)
    seed = asked.get("seed")
    drawn = seed_of(world.seed, job.id) if seed is None else seed_of("asked", seed)
    counts = noise.sampled(source, noise.rates_of(model), job.shots, drawn)
    return {outcome: count / job.shots for outcome, count in counts.items()}


def _exact(source: Mapping[str, Any]) -> dict[int, float]:
    import reference_sim

    values = reference_sim.probabilities(source)
    if len(values) <= 64:
        return {index: p for index, p in enumerate(values.tolist()) if p > NEGLIGIBLE}
    kept = (values > NEGLIGIBLE).nonzero()[0]
    return dict(zip(kept.tolist(), values[kept].tolist(), strict=True))


def _places_back(circuit: Circuit, found: dict[int, float]) -> dict[int, float]:
    if circuit.places is None:
        return found
    return {
        sum(1 << place for bit, place in enumerate(circuit.places) if key >> bit & 1): value
        for key, value in found.items()
    }
