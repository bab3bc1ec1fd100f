"""A job: what was asked, when it does what, and how the API tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from conformance.mock.clock import timestamp, timestamp_or_none
from conformance.mock.ionq import money
from conformance.mock.ionq.backends import Backend
from conformance.mock.ionq.circuits import Circuit, JobFailure
from conformance.mock.ionq.tenants import Tenant

TERMINAL = frozenset({"completed", "failed", "canceled"})

CIRCUIT_TYPES = frozenset({"ionq.circuit.v1", "qctrl.qaoa-circuit.v1"})
"""Jobs that have one circuit, and its distribution as their result."""

PARENT_TYPES = frozenset({"ionq.multi-circuit.v1", "qctrl.qaoa.v1"})
"""Jobs whose circuits are jobs of their own."""

CANCELED = JobFailure("SystemCancel", "the job was canceled before it completed")
"""Failure of a canceled job; a released client cannot read one that has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Moments at which a job moves on unless it is canceled; a failing job never starts."""

    submitted: float
    ready: float
    started: float | None
    ends: float


@dataclass(slots=True, kw_only=True, eq=False)
class Job:
    """One job; the circuit jobs below a multi-circuit job are its children."""

    id: str
    number: int
    """Position among the tenant's jobs, from 1."""
    tenant: Tenant
    backend: Backend
    payload: Mapping[str, Any]
    circuits: tuple[Circuit, ...]
    times: Timeline
    failure: JobFailure | None = None
    parent: Job | None = None
    children: tuple[Job, ...] = ()
    canceled: float | None = None
    distribution: Mapping[str, float] | None = None
    """Result, once somebody has asked for it."""
    outcome: Any = field(default=None, repr=False)
    """What else was computed for it: shots of variants, the value of a function ..."""
    told: bytes | None = field(default=None, repr=False)
    """The final answer about this job, once it has ended."""

    def status(self, now: float) -> str:
        """Return the state of the job at `now`."""
        if self.canceled is not None:
            return "canceled"
        if now >= self.times.ends:
            return "completed" if self.failure is None else "failed"
        if self.times.started is not None and now >= self.times.started:
            return "started"
        return "ready" if now >= self.times.ready else "submitted"

    def cancel(self, now: float) -> None:
        """Cancel the job and its children; a job that has ended stays as it is."""
        if self.status(now) not in TERMINAL:
            self.canceled = now
            for child in self.children:
                child.cancel(now)

    @property
    def shots(self) -> int:
        """Number of shots asked for, 100 when nothing was said."""
        return int(self.payload.get("shots", 100))

    @property
    def dry_run(self) -> bool:
        """Whether the job is only checked and priced."""
        return bool(self.payload.get("dry_run", False))

    @property
    def session_id(self) -> str | None:
        """Id of the session that the job runs in."""
        return self.payload.get("session_id")

    @property
    def debiasing(self) -> bool:
        """Whether error mitigation was asked for."""
        mitigation = (self.payload.get("settings") or {}).get("error_mitigation") or {}
        return bool(mitigation.get("debiasing", False))

    @property
    def is_debiased(self) -> bool:
        """Whether the job runs as variants: on a machine, and if it was asked for."""
        return self.backend.is_qpu and self.debiasing and self.type in CIRCUIT_TYPES

    @property
    def type(self) -> str:
        """Type of the job, as the client wrote it."""
        return str(self.payload["type"])

    @property
    def noise_model(self) -> str:
        """The noise model that the job runs with: its machine's, or as asked."""
        if self.backend.is_qpu:
            return self.backend.noise_model
        return str((self.payload.get("noise") or {}).get("model", "ideal"))

    @property
    def is_multi(self) -> bool:
        """Whether the job's children have its circuits, and their results."""
        return self.type in PARENT_TYPES

    @property
    def qubits(self) -> int:
        """Width of the job: of its widest circuit, or as the job says if that is more."""
        several = self.type == "ionq.multi-circuit.v1"
        asked = self.payload["input"].get("qubits", 0) if several else 0
        return max([int(asked), *(circuit.qubits for circuit in self.circuits)])

    def gate_counts(self) -> dict[str, int]:
        """Return the gates of all circuits by the number of qubits they act on."""
        counts: Counter[str] = Counter({"1q": 0, "2q": 0})
        for circuit in self.circuits:
            counts.update(circuit.gate_counts)
        return dict(counts)

    def price(self) -> float:
        """Return what the run would cost in US dollars, dry run or not."""
        return money.price(self.backend, self.shots, self.gate_counts(), debiasing=self.debiasing)

    def estimated_cost(self) -> float:
        """Return what the job is going to cost: nothing when it is a dry run or cannot run."""
        return 0.0 if self.dry_run or self.failure is not None else self.price()

    def compute_time_us(self) -> int:
        """Return the microseconds of quantum computing."""
        return money.compute_time_us(self.backend, self.shots, self.gate_counts())


def described(job: Job, now: float) -> dict[str, Any]:
    """Return `job` as the API tells it at `now`, with every field that the document requires."""
    status = job.status(now)
    times = job.times
    seen = now if job.canceled is None else job.canceled
    started = times.started if times.started is not None and times.started <= seen else None
    done = status == "completed"
    answer: dict[str, Any] = {
        "id": job.id,
        "status": status,
        "type": job.payload["type"],
        "backend": job.backend.name,
        "dry_run": job.dry_run,
        "submitter_id": job.tenant.user_id,
        "project_id": job.tenant.project_id,
        "parent_job_id": None if job.parent is None else job.parent.id,
        "session_id": job.session_id,
        "metadata": job.payload.get("metadata"),
        "name": job.payload.get("name"),
        "submitted_at": timestamp(times.submitted),
        "started_at": timestamp_or_none(started),
        "completed_at": timestamp(times.ends) if status in {"completed", "failed"} else None,
        "predicted_wait_time_ms": round(job.backend.queue_seconds * 1000),
        "predicted_execution_duration_ms": _predicted_ms(job),
        "execution_duration_ms": _duration_ms(times) if done else None,
        "shots": job.shots,
        "failure": _failure(job, status),
        "output": _output(job, status, now),
        "settings": _settings(job.payload.get("settings") or {}),
        "stats": _stats(job, done=done),
        "results": _results(job) if done and not job.dry_run else None,
        "child_job_ids": _children(job, now),
    }
    if not job.backend.is_qpu:
        answer["noise"] = _noise(job.payload.get("noise") or {})
    return answer


def _predicted_ms(job: Job) -> int | None:
    return round(job.compute_time_us() / 1000) if job.backend.is_qpu else None


def _duration_ms(times: Timeline) -> int:
    return max(1, round((times.ends - (times.started or times.ready)) * 1000))


def _failure(job: Job, status: str) -> dict[str, str] | None:
    failure = CANCELED if status == "canceled" else job.failure
    if status not in {"canceled", "failed"} or failure is None:
        return None
    return {"code": failure.code, "message": failure.message}


def _noise(asked: Mapping[str, Any]) -> dict[str, Any]:
    noise = {"model": asked.get("model", "ideal")}
    if asked.get("seed") is not None:
        noise["seed"] = asked["seed"]
    return noise


_COMPILATION: Mapping[str, type | tuple[type, ...]] = {
    "opt": (int, float),
    "precision": str,
    "gate_basis": str,
    "service_version": str,
}


def _settings(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that an answer may carry; the request may hold any others."""
    compilation = asked.get("compilation") or {}
    kept = {
        key: compilation[key]
        for key, kinds in _COMPILATION.items()
        if isinstance(compilation.get(key), kinds) and not isinstance(compilation[key], bool)
    }
    settings: dict[str, Any] = {"compilation": kept}
    mitigation = asked.get("error_mitigation") or {}
    if "debiasing" in mitigation:
        settings["error_mitigation"] = {"debiasing": mitigation["debiasing"]}
    return settings


def _stats(job: Job, *, done: bool) -> dict[str, Any]:
    if not job.circuits:
        return {}
    time = job.compute_time_us()
    stats: dict[str, Any] = {
        "qubits": job.qubits,
        "circuits": len(job.circuits),
        "gate_counts": job.gate_counts(),
        "predicted_quantum_compute_time_us": time,
    }
    if done:
        stats["billed_quantum_compute_time_us"] = 0 if job.dry_run else time
    return stats


def _output(job: Job, status: str, now: float) -> dict[str, Any]:
    if job.type == "ionq.circuit.v1" and job.noise_model == "ideal":
        return {}
    from conformance.mock.ionq import outputs  # which needs this module

    return outputs.output(job, status, now)


def _children(job: Job, now: float) -> list[str] | None:
    """Return the ids of the children that there are: a solver makes its own one by one."""
    ids = [child.id for child in job.children if child.times.submitted <= now]
    return ids or None


def _results(job: Job) -> dict[str, Any]:
    if job.type not in {"ionq.circuit.v1", "ionq.multi-circuit.v1"}:
        from conformance.mock.ionq import outputs  # which needs this module

        return outputs.results(job)
    ending = "/aggregated" if job.is_multi else ""
    return {"probabilities": {"url": f"/v0.4/jobs/{job.id}/results/probabilities{ending}"}}
