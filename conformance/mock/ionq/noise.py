"""Counts of a noisy machine: every shot is a run in which gates may be followed by errors.

After each gate on k qubits a uniformly drawn Pauli string other than the identity follows
with probability r (4^k - 1) / 4^k, which is the depolarising channel of rate r. Shots without
any error share one simulation; each of the others has its own, as far as `MOST_WORK` goes. Where
a density matrix takes less than `MOST_EXACT_WORK`, the exact distribution is sampled instead.

Source: IonQ's public description of the simulator's noise models (rates and channel). Unknown
there, and so our choice: gates on more than two qubits use the two-qubit rate on all their
qubits; models without public rates take the mock's own.
"""

from __future__ import annotations

import itertools
import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.mock.ionq.circuits import Gate, qubits_of
from conformance.mock.ionq.rates import Rates

MOST_WORK = 2**26
"""Gates times amplitudes of all runs for one noisy result: some seconds."""

MOST_EXACT_WORK = 2**25
"""Gates times entries of a density matrix that is computed instead: about a second."""

MOST_RUNS = 2_000
"""Simulations of shots with errors; where more shots have errors, several share a run."""

_PAULIS: Mapping[str, Mapping[str, tuple[Gate, ...]]] = {
    "qis": {"x": ({"gate": "x"},), "y": ({"gate": "y"},), "z": ({"gate": "z"},)},
    "native": {
        "x": ({"gate": "gpi", "phase": 0.0},),
        "y": ({"gate": "gpi", "phase": 0.25},),
        "z": ({"gate": "gpi", "phase": 0.0}, {"gate": "gpi", "phase": 0.25}),
    },
}
"""Pauli errors as gates of either gateset, up to a phase that nobody sees."""


def sampled(
    source: Mapping[str, Any], rates: Rates | None, shots: int, seed: int
) -> dict[int, int]:
    """Return counts by outcome of `shots` noisy runs of the circuit `source`.

    Args:
        source: An `input` object of one circuit.
        rates: Depolarising rates of one- and two-qubit gates; None for a machine without errors.
        shots: How often it runs.
        seed: Fixes the result.
    """
    import reference_sim

    if rates is None:
        return _counts(source, shots, seed)
    if _is_exact(source):
        noise = reference_sim.DepolarizingNoise(one_qubit=rates[0], two_qubit=rates[1])
        exact = reference_sim.noisy_probabilities(source, noise)
        return _nonzero(reference_sim.sample(exact, shots, seed))
    return _sampled_in_runs(source, rates, shots, seed)


def work(source: Mapping[str, Any]) -> int:
    """Return gates times numbers that a noisy result of `source` takes at most."""
    size = (len(source["circuit"]) + 1) << int(source["qubits"])
    return size << int(source["qubits"]) if _is_exact(source) else max(size, MOST_WORK)


def _is_exact(source: Mapping[str, Any]) -> bool:
    """Return whether the noisy distribution is computed exactly and then sampled."""
    qubits = int(source["qubits"])
    return qubits <= 10 and (len(source["circuit"]) + 1) << 2 * qubits <= MOST_EXACT_WORK


def _sampled_in_runs(
    source: Mapping[str, Any], rates: Rates, shots: int, seed: int
) -> dict[int, int]:
    draw = random.Random(seed).random  # noqa: S311 (simulated noise keeps no secret)
    chances = [_chance(gate, rates) for gate in source["circuit"]]
    clean = 1.0
    for chance in chances:
        clean *= 1 - chance
    noisy = sum(draw() > clean for _ in range(shots))
    total = Counter(_counts(source, shots - noisy, seed))
    size = (len(source["circuit"]) + 1) << int(source["qubits"])
    runs = min(noisy, MOST_RUNS, max(1, MOST_WORK // size))
    for run in range(runs):
        share = noisy * (run + 1) // runs - noisy * run // runs
        circuit = _with_errors(source, _places(chances, draw), draw)
        total.update(_counts({**source, "circuit": circuit}, share, seed + 1 + run))
    return dict(total)


def _counts(source: Mapping[str, Any], shots: int, seed: int) -> dict[int, int]:
    import reference_sim

    if not shots:
        return {}
    return _nonzero(reference_sim.sample(reference_sim.probabilities(source), shots, seed))


def _nonzero(counts: Any) -> dict[int, int]:
    found = counts.nonzero()[0]
    return dict(zip(found.tolist(), counts[found].tolist(), strict=True))


def _chance(gate: Gate, rates: Rates) -> float:
    """Return how likely an error follows `gate`."""
    size = len(qubits_of(gate))
    if gate["gate"] == "nop" or not size:
        return 0.0
    return rates[min(size, 2) - 1] * (1 - 0.25**size)


def _places(chances: Sequence[float], draw: Any) -> set[int]:
    """Return the gates that errors follow in a run that has at least one error."""
    survived, weights = 1.0, []
    for chance in chances:
        weights.append(survived * chance)
        survived *= 1 - chance
    sums = list(itertools.accumulate(weights))
    first = bisect_left(sums, draw() * sums[-1])
    later = {i for i in range(first + 1, len(chances)) if draw() < chances[i]}
    return {first} | later


def _with_errors(source: Mapping[str, Any], places: set[int], draw: Any) -> list[Gate]:
    gates: list[Gate] = []
    for number, gate in enumerate(source["circuit"]):
        gates.append(gate)
        if number in places:
            gates.extend(_error(qubits_of(gate), source["gateset"], draw))
    return gates


def _error(qubits: Sequence[int], gateset: str, draw: Any) -> Iterator[Gate]:
    """Yield a uniformly drawn Pauli string on `qubits` that is not the identity."""
    string = 1 + int(draw() * (4 ** len(qubits) - 1))
    for position, qubit in enumerate(qubits):
        letter = "ixyz"[string >> 2 * position & 3]
        for gate in _PAULIS[gateset].get(letter, ()):
            yield {**gate, "target": qubit}
