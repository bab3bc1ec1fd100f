"""What a circuit gives where a job runs: exactly, under a noise model, or on a machine.

A machine behaves like the noise model of its name, and then misreads qubits: each is read wrongly
with a probability of its own, of which the machine's characterization tells the median. Every
result is a function of the job's id, so that it can be computed again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.mock.ionq import noise
from conformance.mock.ionq.backends import Backend
from conformance.mock.ionq.circuits import Circuit
from conformance.mock.ionq.identifiers import seed_of
from conformance.mock.ionq.job import Job
from conformance.mock.ionq.rates import rates_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Number = TypeVar("Number", int, float)

NEGLIGIBLE = 1e-15
"""Outcomes less likely than this are left out: rounding alone makes them."""

_ASYMMETRY = 0.3
"""Ones are misread more often than zeros: by this share more, and zeros less, than the mean."""


def distribution(
    job: Job, circuit: Circuit, source: Mapping[str, Any], number: int = 0
) -> dict[int, float]:
    """Return what `circuit` gives in `job`: outcome to probability, bit k being qubit k.

    The ideal simulator is exact to rounding; noise models and machines give multiples of 1/shots.

    Args:
        job: Says where, how often, and by its id, with which luck.
        circuit: One of the job's.
        source: What is simulated for it: `circuit.input`, unless a fault is on.
        number: Tells the circuits of one job apart.
    """
    if job.backend.is_qpu:
        return shares(machine_shots(job, circuit, source, number))
    if job.noise_model == "ideal":
        return _places_back(circuit, _exact(source))
    counts = noise.sampled(source, rates_of(job.noise_model), job.shots, _seed(job, number))
    found = {outcome: count / job.shots for outcome, count in counts.items()}
    return _places_back(circuit, found)


def shares(outcomes: npt.NDArray[np.int64]) -> dict[int, float]:
    """Return the share of each outcome among `outcomes`, in ascending order."""
    return {outcome: count / len(outcomes) for outcome, count in histogram(outcomes).items()}


def histogram(outcomes: npt.NDArray[np.int64]) -> dict[int, int]:
    """Return how often each outcome is among `outcomes`, in ascending order."""
    import numpy as np

    found, counts = np.unique(outcomes, return_counts=True)
    return dict(zip(found.tolist(), counts.tolist(), strict=True))


def machine_shots(
    job: Job,
    circuit: Circuit,
    source: Mapping[str, Any],
    number: int = 0,
    maps: Sequence[tuple[int, Sequence[int]]] = (),
) -> npt.NDArray[np.int64]:
    """Return what a machine reads, shot by shot: shape (shots,), bit k being qubit k.

    Args:
        job: The job.
        circuit: One of the job's.
        source: What is simulated for it.
        number: Tells the circuits of one job apart.
        maps: Shots and the ion of each qubit, for parts of the run that are placed differently;
            none to run all of it with qubit k on ion k.
    """
    import numpy as np

    seed = _seed(job, number)
    counts = noise.sampled(source, rates_of(job.noise_model), job.shots, seed)
    found = _places_back(circuit, counts)
    ordered = np.repeat(np.array(list(found), dtype=np.int64), list(found.values()))
    outcomes = ordered[np.argsort(_words(seed, 0, job.shots), kind="stable")]
    start = 0
    for shots, ions in maps or ((job.shots, range(circuit.qubits)),):
        _misread(outcomes[start : start + shots], job.backend, ions, seed_of(seed, start))
        start += shots
    return outcomes


def _seed(job: Job, number: int) -> int:
    asked = (job.payload.get("noise") or {}).get("seed")
    if asked is not None and not job.backend.is_qpu:
        return seed_of("asked", asked, number)
    return seed_of(job.id, number)


def readout_errors(backend: Backend) -> tuple[float, ...]:
    """Return how likely each ion of `backend` is misread: the mean over its two states.

    They lie evenly around the median that characterizations tell, up to 40 percent from it, in an
    order that has nothing to do with their numbers.
    """
    count = backend.qubits
    order = sorted(range(count), key=lambda ion: seed_of("readout", backend.name, ion))
    steps = {ion: 2 * rank / (count - 1) - 1 for rank, ion in enumerate(order)}
    return tuple((1 - backend.spam) * (1 + 0.4 * steps[ion]) for ion in range(count))


def _misread(
    outcomes: npt.NDArray[np.int64], backend: Backend, ions: Sequence[int], seed: int
) -> None:
    """Change `outcomes`: qubit k is read from the ion `ions[k]`."""
    import numpy as np

    errors = readout_errors(backend)
    for qubit, ion in enumerate(ions):
        zero, one = errors[ion] * (1 - _ASYMMETRY), errors[ion] * (1 + _ASYMMETRY)
        bounds = np.array([round(zero * 2**53), round(one * 2**53)], dtype=np.uint64)
        drawn = _words(seed, 1 + qubit, len(outcomes)) >> np.uint64(11)
        outcomes ^= (drawn < bounds[outcomes >> qubit & 1]).astype(np.int64) << qubit


def _words(seed: int, stream: int, count: int) -> npt.NDArray[np.uint64]:
    """Return `count` random words; NumPy promises these to be the same in every release."""
    from numpy.random import Philox

    return Philox(key=seed_of(seed, stream)).random_raw(count)


def _exact(source: Mapping[str, Any]) -> dict[int, float]:
    import reference_sim

    values = reference_sim.probabilities(source)
    if len(values) <= 64:
        return {index: p for index, p in enumerate(values.tolist()) if p > NEGLIGIBLE}
    kept = (values > NEGLIGIBLE).nonzero()[0]
    return dict(zip(kept.tolist(), values[kept].tolist(), strict=True))


def _places_back(circuit: Circuit, found: dict[int, Number]) -> dict[int, Number]:
    """Return `found` with the qubits that the submitted circuit had."""
    if circuit.places is None:
        return found
    return {
        sum(1 << place for bit, place in enumerate(circuit.places) if key >> bit & 1): value
        for key, value in found.items()
    }
