"""What jobs cost: rates, estimates, and the usage of an organisation.

The rates are the mock's own, of the order of published list prices; the form of the model
follows the document's `rate_information`: a price for each gate of each shot, and a minimum
for the job.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from conformance.mock.ionq.backends import Backend

Counts = Mapping[str, int]

_LARGEST = 2**31 - 1
"""Numbers in answers are int32 where the document says so."""

GROUPS_SHOWN = 5
"""Groups that the document lets a usage entry list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """US dollars for a job at least, and for a gate of a shot."""

    minimum: float
    one_qubit: float
    two_qubit: float


FREE = Rates(minimum=0.0, one_qubit=0.0, two_qubit=0.0)
ARIA = Rates(minimum=12.5, one_qubit=0.0002, two_qubit=0.001)
FORTE = Rates(minimum=25.0, one_qubit=0.00016, two_qubit=0.0011)


def rates(backend: Backend) -> Rates:
    """Return what `backend` charges."""
    if not backend.is_qpu:
        return FREE
    return ARIA if "aria" in backend.name else FORTE


def price(backend: Backend, shots: int, counts: Counts, *, debiasing: bool = False) -> float:
    """Return the cost in US dollars of running gates `counts` for `shots` shots.

    Debiasing doubles the minimum. A gate on k > 2 qubits is charged as k - 1 gates on two.
    """
    asked = rates(backend)
    ones, twos = billed_gates(counts)
    minimum = asked.minimum * (2 if debiasing else 1)
    return round(max(minimum, shots * (ones * asked.one_qubit + twos * asked.two_qubit)), 6)


def billed_gates(counts: Counts) -> tuple[int, int]:
    """Return how many one- and two-qubit gates `counts` are charged as."""
    twos = sum((int(size[:-1]) - 1) * number for size, number in counts.items())
    return counts.get("1q", 0), twos


def compute_time_us(backend: Backend, shots: int, counts: Counts) -> int:
    """Return the microseconds that a machine needs, as the mock predicts them."""
    ones, twos = billed_gates(counts)
    seconds = shots * (ones * backend.gate_seconds[0] + twos * backend.gate_seconds[1])
    return min(_LARGEST, round(seconds * 1e6))


def estimate(backend: Backend, organization: str, moment: str, asked: Mapping[str, Any]) -> Any:
    """Return the answer to an estimate with the query `asked`, defaults filled in."""
    values = {
        "backend": backend.name,
        "type": asked.get("type", "ionq.circuit.v1"),
        "qubits": asked.get("qubits", 25),
        "shots": asked.get("shots", 1000),
        "1q_gates": asked.get("1q_gates", 0),
        "2q_gates": asked.get("2q_gates", 0),
        "error_mitigation": asked.get("error_mitigation", False),
    }
    shots, ones, twos = (max(values[key], 0) for key in ("shots", "1q_gates", "2q_gates"))
    counts = {"1q": ones, "2q": twos}
    charged = rates(backend)
    return {
        "input_values": values,
        "estimated_at": moment,
        "cost_unit": "usd",
        "rate_information": {
            "job_cost_minimum": charged.minimum,
            "cost_1q_gate": charged.one_qubit,
            "cost_2q_gate": charged.two_qubit,
            "organization": organization,
        },
        "estimated_cost": price(backend, shots, counts, debiasing=values["error_mitigation"]),
        "estimated_execution_time": compute_time_us(backend, shots, counts) / 1e6,
        "current_predicted_queue_time": backend.queue_seconds,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one finished job on a machine cost, and when; or several of one day together."""

    day: date
    job: str
    job_name: str
    amount: float
    time_us: int
    jobs: int = 1
    """How many jobs these are; several have no name of their own."""


def condensed(spent: Iterable[Spent]) -> list[Spent]:
    """Return what gives the same usage as `spent` in few entries.

    Of each day the dearest jobs stay what they are, as many as usage ever shows: the dearest of a
    longer period are among them. The others become one entry.
    """
    days: dict[date, list[Spent]] = defaultdict(list)
    for job in spent:
        days[job.day].append(job)
    return [entry for day in sorted(days) for entry in _condensed_day(days[day])]


def _condensed_day(jobs: list[Spent]) -> list[Spent]:
    single = sorted((job for job in jobs if job.jobs == 1), key=lambda job: -job.amount)
    shown, rest = single[:GROUPS_SHOWN], single[GROUPS_SHOWN:]
    rest += (job for job in jobs if job.jobs > 1)
    if not rest:
        return shown
    together = Spent(
        day=rest[0].day,
        job="",
        job_name="",
        amount=_amount(rest),
        time_us=sum(job.time_us for job in rest),
        jobs=sum(job.jobs for job in rest),
    )
    return [*shown, together]


def usage(
    spent: Iterable[Spent], *, start: date, end: date, modality: str, groups: Mapping[str, str]
) -> dict[str, Any]:
    """Return the totals of the jobs from `start` to before `end`, newest period first.

    Args:
        spent: The jobs of the organisation.
        start: First day.
        end: The day after the last.
        modality: `daily`, `weekly` (from Monday) or `monthly`.
        groups: The one project or user as {id: name}; empty to make each job a group.
    """
    within = [job for job in spent if start <= job.day < end]
    periods: dict[date, list[Spent]] = defaultdict(list)
    for job in within:
        periods[max(start, _first_day(job.day, modality))].append(job)
    return {
        "amount_total": _amount(within),
        "job_count": sum(job.jobs for job in within),
        "time_us_total": sum(job.time_us for job in within),
        "usage_data": [_period(day, periods[day], groups) for day in sorted(periods, reverse=True)],
        "usage_unit": "USD",
    }


def _first_day(day: date, modality: str) -> date:
    if modality == "weekly":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if modality == "monthly" else day


def _period(day: date, jobs: list[Spent], groups: Mapping[str, str]) -> dict[str, Any]:
    grouped = [_group(key, name, jobs) for key, name in groups.items()]
    if not groups:
        grouped = [_group(job.job, job.job_name, [job]) for job in jobs if job.jobs == 1]
    grouped.sort(key=lambda group: group["amount"], reverse=True)
    return {
        "from": day.isoformat(),
        "amount": _amount(jobs),
        "job_count": sum(job.jobs for job in jobs),
        "time_us": sum(job.time_us for job in jobs),
        "group_usages": grouped[:GROUPS_SHOWN],
    }


def _group(key: str, name: str, jobs: list[Spent]) -> dict[str, Any]:
    return {
        "group_id": key,
        "group_name": name,
        "amount": _amount(jobs),
        "job_count": sum(job.jobs for job in jobs),
        "time_us": sum(job.time_us for job in jobs),
    }


def _amount(jobs: Iterable[Spent]) -> float:
    return round(sum(job.amount for job in jobs), 6)
