"""What a job's answer holds beyond its state: results of functions, variants, warnings."""

from __future__ import annotations

from typing import Any

from conformance.mock.ionq import debiasing, qaoa
from conformance.mock.ionq.job import Job
from conformance.mock.ionq.rates import is_published


def output(job: Job, status: str, now: float) -> dict[str, Any]:
    """Return the `output` of `job` at `now`.

    A solver tells its progress here; a debiased job its variants, once they have results. That
    rates of noise are the mock's own is a warning, since no released client refuses one.
    """
    answer: dict[str, Any] = {}
    if not is_published(job.noise_model):
        message = f"no rates of {job.noise_model} are public: this mock uses its own"
        answer["warning"] = {"messages": [message]}
    if job.dry_run:
        return answer
    if job.type == "qctrl.qaoa.v1" and status in {"started", "completed"}:
        answer["qaoa_results"] = qaoa.progress(job, now)
    if status == "completed" and job.is_debiased:
        told = [_variant(job, variant) for variant in debiasing.variants(job)]
        answer["error_mitigation"] = {"debiasing": {"variants": told}}
    return answer


def _variant(job: Job, variant: debiasing.Variant) -> dict[str, Any]:
    place = f"/v0.4/jobs/{job.id}/variants/{variant.id}/results"
    kinds = ("probabilities", "histogram", "shots")
    return {
        "variant_id": variant.id,
        "qubit_map": list(variant.qubit_map),
        "shots": variant.shots,
        "results": {kind: {"url": f"{place}/{kind}"} for kind in kinds},
    }


def results(job: Job) -> dict[str, Any]:
    """Return the `results` of a completed job of another type than circuits."""
    if job.type == "qctrl.qaoa.v1":
        return {"qaoa_results": qaoa.progress(job, job.times.ends)}
    if job.type == "quantum-function":
        from conformance.mock.ionq import energy  # reads OpenQASM, which takes long to import

        return energy.result(job)
    return {"probabilities": {"url": f"/v0.4/jobs/{job.id}/results/probabilities"}}
