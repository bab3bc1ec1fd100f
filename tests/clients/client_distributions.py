"""Comparing the distributions that clients hand out, whatever library they came through."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

REASON = "the client libraries are optional: install the extra 'clients'"

Distribution = dict[int, float]

ARIA_1 = (0.0005, 0.0133)
"""Depolarising rates of one- and two-qubit gates that IonQ publishes for its Aria 1 model."""

EXACT = 1e-6
"""How far an exact probability may be off: single precision, many times over."""

SHOTS = 4000
"""Shots of a sampled job, enough to tell the circuits of these tests apart."""


def distance(left: Mapping[int, float], right: Mapping[int, float]) -> float:
    """Return the sum of all differences."""
    return sum(abs(left.get(key, 0.0) - right.get(key, 0.0)) for key in {*left, *right})


def shot_noise_bound(outcomes: int, shots: int, alpha: float = 1e-9) -> float:
    """Return what `distance` of frequencies from their distribution exceeds once in 1/alpha.

    Source: Weissman et al. (2003), Inequalities for the L1 deviation of the empirical
    distribution: P(distance >= e) <= 2**outcomes exp(-shots e**2 / 2).
    """
    return math.sqrt(2 * (outcomes * math.log(2) - math.log(alpha)) / shots)


def assert_exactly(seen: Mapping[int, float], expected: Mapping[int, float]) -> None:
    """Compare outcome by outcome; what is not named has probability 0."""
    size = 1 + max({*seen, *expected})
    dense = [[float(side.get(key, 0.0)) for key in range(size)] for side in (seen, expected)]
    np.testing.assert_allclose(dense[0], dense[1], rtol=0, atol=EXACT)
