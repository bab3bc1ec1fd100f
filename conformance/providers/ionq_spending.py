"""IonQ Cloud v0.4: prices, estimates and marks of jobs.

Sources: the document (GetJobEstimateQueryParams, GetJobEstimateResponse, JobMetadata);
ionq-core 0.2.0, which reads newer names of the estimate; IonQ's pages on billing, by which the
simulator is free.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from conformance.providers.spending import Json, Price, SpendingFacts

_MARK = "qconform"
"""Key of `metadata` that carries the mark of a run."""
_MOST_METADATA = 9
"""Entries that leave room for the mark: IonQ's guide allows ten."""
_MACHINE = "qpu."
_ESTIMATED = frozenset({"ionq.circuit.v1", "ionq.multi-circuit.v1"})
"""Types of jobs whose gates, and so whose costs, can be told from their payload."""


def _circuits(payload: Json) -> list[Any]:
    """Return the lists of gates of a payload, of any size and sense."""
    whole = payload.get("input")
    if not isinstance(whole, dict):
        return []
    parts = whole.get("circuits")
    if isinstance(parts, list):
        return [part.get("circuit") if isinstance(part, dict) else None for part in parts]
    return [whole.get("circuit")]


def _jobs_in(payload: Json) -> int:
    several = payload.get("type") == "ionq.multi-circuit.v1"
    return 1 + len(_circuits(payload)) if several else 1


def _estimates(payload: Json) -> Iterator[Json]:
    whole = payload.get("input")
    width = whole.get("qubits") if isinstance(whole, dict) else None
    shots = payload.get("shots", 100)
    for gates in _circuits(payload):
        ones, twos = _gates(gates if isinstance(gates, list) else [])
        yield {
            "backend": payload.get("backend"),
            "qubits": width if isinstance(width, int) else 25,
            "shots": int(shots) if str(shots).isdigit() else 1_000_000,
            "1q_gates": ones,
            "2q_gates": twos,
            "error_mitigation": _mitigated(payload),
        }


def _mitigated(payload: Json) -> bool:
    settings = payload.get("settings")
    mitigation = settings.get("error_mitigation") if isinstance(settings, dict) else None
    return bool(isinstance(mitigation, dict) and mitigation.get("debiasing"))


def _gates(gates: list[Any]) -> tuple[int, int]:
    """Return how many gates on one and on two qubits `gates` are; one on k is k - 1 on two."""
    ones = twos = 0
    for gate in gates:
        width = _width(gate) if isinstance(gate, dict) else 1
        ones += width <= 1
        twos += max(width - 1, 0)
    return ones, twos


def _width(gate: Json) -> int:
    listed = [gate.get(name) for name in ("targets", "controls")]
    named = sum(name in gate for name in ("target", "control"))
    return named + sum(len(qubits) for qubits in listed if isinstance(qubits, list))


def _priced(answer: Any) -> Price | None:
    if not isinstance(answer, dict):
        return None
    cost = _amount(answer.get("estimated_cost", answer.get("estimated_total_cost")))
    seconds = _amount(answer.get("estimated_execution_time"))
    if cost is None or seconds is None:
        return None
    return Price(cost=cost, qpu_seconds=seconds)


def _charged(answer: Any) -> float | None:
    if not isinstance(answer, dict):
        return None
    told = answer.get("cost") or answer.get("estimated_cost")
    return _amount(told.get("value")) if isinstance(told, dict) else None


def _amount(value: Any) -> float | None:
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    try:
        amount = float(value) if numeric else math.nan
    except OverflowError:
        return None
    return amount if math.isfinite(amount) and amount >= 0 else None


def _for_backend(payload: Json, backend: str) -> Json:
    """Return the payload for `backend`; what nobody can estimate stays on the free simulator."""
    if payload.get("type") not in _ESTIMATED:
        return payload
    changed = {**payload, "backend": backend}
    if backend.startswith(_MACHINE):
        changed.pop("noise", None)
    return changed


def _marked(payload: Json, mark: str) -> Json | None:
    metadata = payload.get("metadata", {})
    if not isinstance(metadata, dict) or len(metadata) > _MOST_METADATA:
        return None
    return {**payload, "metadata": {**metadata, _MARK: mark}}


def _mark_of(job: Json) -> str:
    metadata = job.get("metadata")
    mark = metadata.get(_MARK) if isinstance(metadata, dict) else None
    return mark if isinstance(mark, str) else ""


def _page(answer: Any) -> tuple[list[Json], str]:
    jobs = answer.get("jobs") if isinstance(answer, dict) else None
    cursor = answer.get("next") if isinstance(answer, dict) else None
    listed = [job for job in jobs if isinstance(job, dict)] if isinstance(jobs, list) else []
    return listed, cursor if isinstance(cursor, str) else ""


SPENDING = SpendingFacts(
    currency="usd",
    free_backends=frozenset({"simulator"}),
    jobs_in=_jobs_in,
    estimates=lambda payload: tuple(_estimates(payload)),
    priced=_priced,
    charged=_charged,
    for_backend=_for_backend,
    as_dry_run=lambda payload: {**payload, "dry_run": True},
    is_dry_run=lambda payload: payload.get("dry_run") is True,
    marked=_marked,
    mark_of=_mark_of,
    page=_page,
)
