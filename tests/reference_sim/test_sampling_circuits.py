from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from reference_sim import BadArgument, sample, sample_outcomes

MASK = 2**64 - 1


def philox_words(key: int, count: int) -> list[int]:
    """Philox4x64-10 by its paper (Salmon et al. 2011), in integers of Python.

    NumPy counts before the first block, so that the counter starts from 1.
    """
    words: list[int] = []
    counter = 0
    while len(words) < count:
        counter += 1
        c, (k0, k1) = [counter & MASK, counter >> 64, 0, 0], (key & MASK, key >> 64)
        for _ in range(10):
            high0, low0 = divmod(0xD2E7470EE14C6C93 * c[0], 2**64)
            high1, low1 = divmod(0xCA5A826395121157 * c[2], 2**64)
            c = [high1 ^ c[1] ^ k0, low1, high0 ^ c[3] ^ k1, low0]
            k0, k1 = (k0 + 0x9E3779B97F4A7C15) & MASK, (k1 + 0xBB67AE8584CAA73B) & MASK
        words += c
    return words[:count]


@pytest.mark.parametrize("seed", [0, 1, 20571, 2**64 + 5, 2**128 - 1])
def test_outcomes_follow_the_documented_algorithm(seed: int) -> None:
    probabilities = [0.125, 0.5, 0.0, 0.375]
    sums = [2**50, 5 * 2**50, 5 * 2**50, 8 * 2**50]
    expected = [
        next(k for k, bound in enumerate(sums) if bound > word >> 11)
        for word in philox_words(seed, 50)
    ]
    assert sample_outcomes(probabilities, 50, seed).tolist() == expected


def test_the_same_seed_gives_the_counts_that_it_always_gave() -> None:
    """Recorded from version 0 of the algorithm; a change here is a change of everyone's results."""
    assert sample([0.1, 0.2, 0.3, 0.4], 1000, 7).tolist() == [115, 203, 285, 397]


def test_counts_are_those_of_the_outcomes() -> None:
    distribution = np.array([0.3, 0.0, 0.1, 0.6])
    counts = sample(distribution, 500, seed=3)
    assert counts.dtype == np.int64
    assert counts.shape == (4,)
    assert counts.sum() == 500
    drawn = sample_outcomes(distribution, 500, seed=3)
    assert counts.tolist() == [int((drawn == k).sum()) for k in range(4)]


def test_more_shots_continue_the_sequence() -> None:
    distribution = [0.5, 0.5]
    few, many = (sample_outcomes(distribution, shots, seed=9) for shots in (10, 100))
    assert few.tolist() == many[:10].tolist()


def test_seeds_differ() -> None:
    first, second = (sample([0.25] * 4, 200, seed).tolist() for seed in (1, 2))
    assert first != second


def test_an_impossible_outcome_is_never_drawn() -> None:
    distribution = np.array([0, 1 / 3, 0, 1 / 3, 0, 0, 1 / 3, 0])
    counts = sample(distribution, 20_000, seed=5)
    assert counts[distribution == 0].sum() == 0


def test_frequencies_stay_within_five_standard_errors() -> None:
    distribution = np.array([0.5, 0.25, 0.2, 0.05])
    shots = 100_000
    error = np.sqrt(shots * distribution * (1 - distribution))
    counts = sample(distribution, shots, seed=11)
    assert (np.abs(counts - shots * distribution) < 5 * error).all()


def test_no_shots_give_no_counts() -> None:
    assert sample([0.5, 0.5], 0, seed=1).tolist() == [0, 0]


def test_rounding_in_a_sum_does_not_matter() -> None:
    assert sample([1 - 1e-9, 0.0], 100, seed=1).tolist() == [100, 0]


@pytest.mark.parametrize(
    ("argument", "arguments"),
    [
        ("probabilities", ([0.5, 0.4], 1, 1)),
        ("probabilities", ([0.5, 0.25, 0.25], 1, 1)),
        ("probabilities", ([[0.5, 0.5]], 1, 1)),
        ("probabilities", ([], 1, 1)),
        ("probabilities", ([1.5, -0.5], 1, 1)),
        ("probabilities", ([math.nan, 1], 1, 1)),
        ("shots", ([1, 0], -1, 1)),
        ("shots", ([1, 0], 1.5, 1)),
        ("shots", ([1, 0], True, 1)),
        ("seed", ([1, 0], 1, -1)),
        ("seed", ([1, 0], 1, 2**128)),
        ("seed", ([1, 0], 1, None)),
    ],
)
def test_a_bad_argument_is_named(argument: str, arguments: tuple[Any, Any, Any]) -> None:
    with pytest.raises(BadArgument, match=f"^{argument}: expected ") as caught:
        sample(*arguments)
    assert caught.value.argument == argument
