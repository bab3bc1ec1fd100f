"""What a live run must know of a provider: what is free, how to price a job, how to mark one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What jobs are going to cost, or did."""

    jobs: int = 0
    cost: float = 0.0
    """In the provider's currency."""
    qpu_seconds: float = 0.0

    def __add__(self, other: Price) -> Price:
        return Price(
            jobs=self.jobs + other.jobs,
            cost=self.cost + other.cost,
            qpu_seconds=self.qpu_seconds + other.qpu_seconds,
        )

    def __sub__(self, other: Price) -> Price:
        minus = Price(jobs=-other.jobs, cost=-other.cost, qpu_seconds=-other.qpu_seconds)
        return self + minus


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingFacts:
    """How jobs are priced before they are made, and found again after a crash."""

    currency: str
    free_backends: frozenset[str]
    """Backends that cost nothing, whoever asks."""
    jobs_in: Callable[[Json], int]
    """Creation payload to the number of jobs that it makes, children included."""
    estimates: Callable[[Json], tuple[Json, ...]]
    """Creation payload to the queries of the estimate operation whose answers add up to it."""
    priced: Callable[[Any], Price | None]
    """Answer of the estimate operation to a price; None when it states none."""
    charged: Callable[[Any], float | None]
    """Answer of the cost operation to what the job costs; None when it does not say."""
    for_backend: Callable[[Json, str], Json]
    """Creation payload and backend to the payload for that backend."""
    as_dry_run: Callable[[Json], Json]
    """Creation payload to the payload of a job that is checked and not executed."""
    is_dry_run: Callable[[Json], bool]
    marked: Callable[[Json, str], Json | None]
    """Creation payload and mark to the payload that carries it; None when it has no place."""
    mark_of: Callable[[Json], str]
    """Entry of a job list to the mark that the job carries; empty when it has none."""
    page: Callable[[Any], tuple[list[Json], str]]
    """Answer of the job list to its jobs and the cursor of the next page, empty at the end."""


NOTHING = SpendingFacts(
    currency="",
    free_backends=frozenset(),
    jobs_in=lambda _payload: 1,
    estimates=lambda _payload: (),
    priced=lambda _answer: None,
    charged=lambda _answer: None,
    for_backend=lambda payload, _backend: payload,
    as_dry_run=lambda payload: payload,
    is_dry_run=lambda _payload: False,
    marked=lambda _payload, _mark: None,
    mark_of=lambda _job: "",
    page=lambda _answer: ([], ""),
)
"""Of a provider whose prices are not known: runs on its own service are refused."""
