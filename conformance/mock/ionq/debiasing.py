"""Debiasing: one job as several variants, each with its qubits on other ions.

What an ion does wrong is so spread over the qubits. The shots of a job are shared out among its
variants; the plain result is that of all shots together, which is the average of the variants,
each counting by its shots. The sharpened one is a vote: the k-th shots of all variants vote for
the outcome that most of them saw, and where several outcomes have most votes they share it.

Source: IonQ's public guides to debiasing and sharpening for the idea. How many variants there
are, how qubits are placed and how votes are grouped is not public: these are choices of the mock.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.mock.ionq import execution
from conformance.mock.ionq.identifiers import identifier, seed_of
from conformance.mock.ionq.job import Job

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

FEWEST_SHOTS = 100
"""Shots that a variant has at least, unless the job is cut into `USUAL` of them."""

MOST = 10
USUAL = 5
FEWEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One part of a debiased run."""

    id: str
    qubit_map: tuple[int, ...]
    """The ion of each qubit of the circuit."""
    shots: int


def variants(job: Job) -> tuple[Variant, ...]:
    """Return the variants of `job`, known before it runs; none where it is not debiased."""
    if not job.is_debiased:
        return ()
    numbers = range(MOST, FEWEST - 1, -1)
    fitting = (n for n in numbers if job.shots % n == 0 and job.shots >= n * FEWEST_SHOTS)
    count = next(fitting, USUAL)
    return tuple(
        Variant(
            id=identifier("variant", job.id, number),
            qubit_map=_placed(job, number),
            shots=job.shots // count + (number < job.shots % count),
        )
        for number in range(count)
    )


def _placed(job: Job, number: int) -> tuple[int, ...]:
    draw = random.Random(seed_of("placed", job.id, number))  # noqa: S311 (keeps no secret)
    return tuple(draw.sample(range(job.backend.qubits), job.qubits))


def shots_of_variants(job: Job, source: Mapping[str, Any]) -> list[npt.NDArray[np.int64]]:
    """Return the outcomes of each variant, shot by shot."""
    planned = variants(job)
    maps = [(variant.shots, variant.qubit_map) for variant in planned]
    outcomes = execution.machine_shots(job, job.circuits[0], source, maps=maps)
    parts, start = [], 0
    for variant in planned:
        parts.append(outcomes[start : start + variant.shots])
        start += variant.shots
    return parts


def averaged(parts: Sequence[npt.NDArray[np.int64]]) -> dict[int, float]:
    """Return the distribution of all shots together."""
    import numpy as np

    return execution.shares(np.concatenate(parts))


def sharpened(parts: Sequence[npt.NDArray[np.int64]]) -> dict[int, float]:
    """Return the distribution of the votes; a variant's last shots may find none to vote with."""
    import numpy as np

    rounds = min(map(len, parts))
    votes: Counter[int] = Counter()
    shared: Counter[int] = Counter()
    for ballot in np.stack([part[:rounds] for part in parts], axis=1).tolist():
        (winner, most), *others = Counter(ballot).most_common()
        tied = [winner, *(outcome for outcome, count in others if count == most)]
        if len(tied) == 1:
            votes[winner] += 1
        for outcome in tied if len(tied) > 1 else ():
            shared[outcome] += 2520 // len(tied)  # 1 to 10 divide 2520, so that sums are exact
    found = {k: (votes[k] + shared[k] / 2520) / rounds for k in {*votes, *shared}}
    return {outcome: found[outcome] for outcome in sorted(found)}
