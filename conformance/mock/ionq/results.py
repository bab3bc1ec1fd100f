"""The results of jobs, computed when first asked for and then remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.ionq import debiasing, execution, noise
from conformance.mock.ionq.call import Call
from conformance.mock.ionq.circuits import Circuit
from conformance.mock.ionq.job import CIRCUIT_TYPES, Job
from conformance.mock.ionq.misreading import misread, misreport, unseeded
from conformance.mock.ionq.mistold_functions import missharpened
from conformance.mock.ionq.world import World

QUICK_WORK = 2**16
"""Gates times amplitudes up to which a result is computed between two requests, in place."""

_TRUE = {True, "True"}
"""Ways to ask for sharpened results; Python clients write a capital letter."""


def get_probabilities(call: Call) -> Answer | Awaitable[Answer]:
    """Answer with the distribution of one circuit."""
    job = _finished(call)
    if job.is_multi:
        message = f"job {job.id} has several circuits; its results are at .../aggregated"
        raise Refusal(404, message)
    _check_distribution(job)
    return _answered(call, [_source(call.world, job)], aggregate=False)


def get_aggregated(call: Call) -> Answer | Awaitable[Answer]:
    """Answer with the distributions of a job's circuits, in their order.

    A job of one circuit answers with itself: what the service does then is not known, and
    cirq-ionq may ask.
    """
    job = _finished(call)
    if not job.is_multi:
        _check_distribution(job)
    jobs = list(job.children) or [job]
    if call.world.faults.on("circuits-swapped"):
        jobs[:2] = jobs[1::-1]
    names = list(job.children) or [job]
    if call.world.faults.on("aggregate-disordered"):
        jobs, names = jobs[::-1], names[::-1]
    return _answered(call, jobs, aggregate=True, names=names)


def _check_distribution(job: Job) -> None:
    if job.type not in CIRCUIT_TYPES:
        message = f"job {job.id} is a {job.type}; its result is in the job itself"
        raise Refusal(404, message)


def get_variant(call: Call) -> Answer | Awaitable[Answer]:
    """Answer with what one variant of a debiased job gave.

    Probabilities and histogram are keyed by the outcome. Of the shots the document says that they
    are an object of numbers: here the number of each shot, from 0, to its outcome.
    """
    job, world = _finished(call), call.world
    wanted, kind = call.path["variantId"], call.operation.id
    numbers = {variant.id: number for number, variant in enumerate(debiasing.variants(job))}
    if wanted not in numbers:
        raise Refusal(404, f"job {job.id} has no variant {wanted!r}")

    def answer() -> Answer:
        outcomes = _parts(world, job)[numbers[wanted]]
        if kind == "GetVariantShots":
            return Answer(content={str(k): each for k, each in enumerate(outcomes.tolist())})
        read = execution.histogram if kind == "GetVariantHistogram" else execution.shares
        return Answer(content={str(key): value for key, value in read(outcomes).items()})

    return _soon([job], answer)


def get_compiled(call: Call) -> Answer:
    """Answer with the compiled circuit of a completed job, dry runs among them, as one text."""
    leaks = call.world.faults.on("compiled-file-leaks")
    fault = "compiled-file-leaks" if leaks else "job-readable"
    job = call.world.job(call.path["UUID"], call.tenant, fault)
    status, language = job.status(call.world.seen_at(job)), call.path["lang"]
    if status != "completed":
        message = f"job {job.id} is {status}; only a completed job has compiled circuits"
        raise Refusal(404, message)
    if len(job.circuits) != 1 or job.is_multi:
        message = f"job {job.id} has {len(job.circuits)} circuits; its children have one each"
        raise Refusal(404, message)
    from conformance.mock.ionq import compiled  # needs NumPy, which takes long to import

    entangler = compiled.entangler_of(job.backend.name, job.noise_model)
    try:
        return Answer(content=compiled.told(job.circuits[0], entangler, language))
    except compiled.NotCompiled as problem:
        raise Refusal(404, f"job {job.id} has no compiled circuit: {problem}") from problem


def _finished(call: Call) -> Job:
    world = call.world
    fault = "variants-readable" if "variantId" in call.path else "results-readable"
    job = world.job(call.path["UUID"], call.tenant, fault)
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
    call: Call, jobs: list[Job], *, aggregate: bool, names: Sequence[Job] = ()
) -> Answer | Awaitable[Answer]:
    asked = call.query.get("sharpen")
    always = asked is not None and call.world.faults.on("sharpen-never-off")
    read = sharpened if asked in _TRUE or always else distribution

    def answer() -> Answer:
        found = [read(call.world, job) for job in jobs]
        if not aggregate:
            return Answer(content=found[0])
        return Answer(content={job.id: each for job, each in zip(names, found, strict=True)})

    return _soon(jobs, answer)


def _soon(jobs: Sequence[Job], answer: Callable[[], Answer]) -> Answer | Awaitable[Answer]:
    """Return an answer now where that is quick, and else one that is made in a thread."""
    work = sum(_work(job) for job in jobs if job.distribution is None and job.outcome is None)
    return answer() if work <= QUICK_WORK else asyncio.to_thread(answer)


def _work(job: Job) -> int:
    circuit = job.circuits[0]
    read = job.shots * circuit.qubits if job.backend.is_qpu else 0
    if job.noise_model != "ideal":
        return read + noise.work(circuit.input)
    return (len(circuit.input["circuit"]) + 1) * (1 << int(circuit.input["qubits"]))


def distribution(world: World, job: Job) -> Mapping[str, float]:
    """Return the distribution of a job with one circuit: decimal outcome to probability.

    Bit k of an outcome is qubit k. The ideal simulator is exact to rounding; noise models and
    machines give multiples of 1/shots. A debiased job gives the average of its variants.
    """
    if job.distribution is None:
        circuit = job.circuits[0]
        if job.is_debiased:
            parts = _parts(world, job)
            found = debiasing.averaged(
                parts[:1] if world.faults.on("first-variant-only") else parts
            )
        else:
            run = unseeded(job, world.faults)
            found = execution.distribution(run, circuit, _understood(world, circuit))
        told = misreport(found, circuit.qubits, world.faults)
        job.distribution = {str(key): told[key] for key in sorted(told)}
    return job.distribution


def sharpened(world: World, job: Job) -> Mapping[str, float]:
    """Return the sharpened distribution of a debiased job, and of others the plain one."""
    if not job.is_debiased:
        return distribution(world, job)
    found = missharpened(debiasing.sharpened(_parts(world, job)), job.shots, world.faults)
    return {str(key): value for key, value in found.items()}


def _parts(world: World, job: Job) -> Any:
    """Return the outcomes of each variant of a debiased job, shot by shot."""
    if job.outcome is None:
        source = _understood(world, job.circuits[0])
        job.outcome = debiasing.shots_of_variants(job, source)
    return job.outcome


def _understood(world: World, circuit: Circuit) -> Mapping[str, Any]:
    return misread(circuit, world.faults) if world.faults else circuit.input
