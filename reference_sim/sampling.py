"""Samples of a distribution: the same from the same seed on every platform and release.

The algorithm, so that anybody can repeat it:

1. Each probability p becomes the integer weight round(p * (2**53 / sum)), half to even; the sum is
   the correctly rounded one.
2. Their running sums are exact. The last outcome of non-zero weight takes what rounding left
   short of 2**53, or gives up what it left over.
3. Philox4x64-10 (Salmon et al. 2011) with the seed as its key and a counter that starts from 1
   gives 64-bit words; shot i takes the upper 53 bits of word i.
4. The outcome of a shot is the first whose running sum is greater than those 53 bits.

NumPy promises the words of a bit generator, not the numbers that its distributions make of them;
so only the words are used. An outcome of probability 0 is never drawn, nor one below 2**-54.
"""

from __future__ import annotations

import math
import operator
from typing import Final

import numpy as np
import numpy.typing as npt

from reference_sim.errors import BadArgument, shown

SUM_TOLERANCE: Final = 1e-6
"""How far the sum of a distribution may be from 1: outcomes in single precision still fit."""

_SCALE: Final = 2**53


def sample(probabilities: npt.ArrayLike, shots: int, seed: int) -> npt.NDArray[np.int64]:
    """Return how often each outcome was drawn: shape (2**n,), int64, summing to `shots`.

    The counts of `sample_outcomes` with the same arguments.

    Raises:
        BadArgument: See `sample_outcomes`.
    """
    drawn = sample_outcomes(probabilities, shots, seed)
    return np.bincount(drawn, minlength=np.size(probabilities)).astype(np.int64, copy=False)


def sample_outcomes(probabilities: npt.ArrayLike, shots: int, seed: int) -> npt.NDArray[np.int64]:
    """Return the outcome of each shot, in the order of drawing: shape (shots,), int64.

    More shots with the same seed continue the same sequence.

    Args:
        probabilities: Shape (2**n,), none negative, summing to 1 within `SUM_TOLERANCE`.
        shots: How many to draw, 0 or more.
        seed: From 0 to 2**128 - 1.

    Raises:
        BadArgument: An argument is not as described.
    """
    from numpy.random import Philox  # a simulation without samples need not wait for it

    shots = checked_integer("shots", shots, 2**63)
    words = Philox(key=checked_integer("seed", seed, 2**128)).random_raw(shots)
    sums = _running_sums(probabilities)
    drawn = np.searchsorted(sums, (words >> np.uint64(11)).astype(np.int64), side="right")
    return drawn.astype(np.int64, copy=False)


def _running_sums(probabilities: npt.ArrayLike) -> npt.NDArray[np.int64]:
    array = np.asarray(probabilities, dtype=np.float64)
    if array.ndim != 1 or array.size == 0 or array.size & (array.size - 1):
        raise BadArgument("probabilities", "2**n numbers", f"an array of shape {array.shape}")
    if not np.isfinite(array).all() or array.min() < 0:
        raise BadArgument("probabilities", "numbers that are not negative", "others among them")
    total = math.fsum(array)
    if abs(total - 1) > SUM_TOLERANCE:
        raise BadArgument("probabilities", "a sum of 1", shown(total))
    sums = np.cumsum(np.rint(array * (_SCALE / total)).astype(np.int64))
    sums[sums == sums[-1]] = _SCALE
    return np.minimum(sums, _SCALE)


def checked_integer(argument: str, value: int, bound: int) -> int:
    """Return `value`, which must be a whole number from 0 to bound - 1."""
    try:
        number = operator.index(value)
    except TypeError:
        number = -1
    if isinstance(value, bool) or not 0 <= number < bound:
        raise BadArgument(argument, f"a whole number from 0 to {bound - 1}", shown(value))
    return number
