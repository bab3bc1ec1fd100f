"""Evidence of counts against a distribution: likelihood ratios, as logarithms to base e.

A likelihood ratio whose denominator is the declared distribution has an expectation of at most 1
where the declared distribution is true, whatever its numerator is, as long as that was fixed
before the counts were seen. So have products over results and mixtures over numerators, and by
Ville's inequality none of them ever exceeds 1/alpha with a probability above alpha: at any number
of shots, for outcomes however rare, and without a correction for how often one looks.

Source: Ville (1939); Ramdas et al., Game-theoretic statistics and safe anytime-valid inference
(2023); Krichevsky and Trofimov (1981) for mixtures over all distributions.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

FLOOR = 1e-12
"""Probability that all outcomes together are lifted to in a denominator, each by its share. It only
makes evidence smaller, and by as much in a marginal as in the whole."""
LEAK = 1e-6
"""Share of the declared distribution in every numerator: no single shot refutes a mistake."""
CONCENTRATIONS = (1.0, 10.0, 100.0, 1000.0, 10_000.0)
"""How close to the declared distribution an unlisted one is expected: deviations of about the
square root of p (1 - p) over this."""
WHOLE_QUBITS = 8
"""Up to so many qubits the unlisted mistake is looked for in the whole distribution too."""


def log_ratios(declared: FloatArray, predicted: FloatArray) -> FloatArray:
    """Return the log likelihood ratio of each outcome, for one shot; shapes (2**n,).

    `predicted` is normalised first and mixed with a little of `declared`.
    """
    total = predicted.sum()
    if not total > 0:
        return np.zeros_like(declared)
    numerator = (1 - LEAK) * np.maximum(predicted, 0.0) / total + LEAK * declared
    ratios: FloatArray = _log(np.maximum(numerator, FLOOR * LEAK / declared.size)) - log_floored(
        declared
    )
    return ratios


def log_unlisted(declared: FloatArray, counts: npt.NDArray[np.int64]) -> FloatArray:
    """Return the log evidence for a distribution that is on no list, for each row of `counts`.

    The numerator is a mixture over all distributions: Dirichlet priors around the declared one,
    for the whole register and for every qubit and pair of qubits by themselves, so that a small
    deviation of few qubits is not drowned by the number of outcomes.

    Args:
        declared: Shape (2**n,), summing to 1.
        counts: Shape (runs, 2**n).

    Returns:
        Shape (runs,).
    """
    n = declared.size.bit_length() - 1
    seen = counts.astype(np.float64)
    terms = []
    for views in _views(n):
        p = np.stack([_summed(declared[np.newaxis], view) for view in views])
        of_views = np.stack([_summed(seen, view) for view in views])
        terms += [_log_dirichlet(p, of_views, c) for c in CONCENTRATIONS]
        terms.append(_log_even(p, of_views))
    return log_mean(np.concatenate(terms))


def log_mean(terms: FloatArray) -> FloatArray:
    """Return the logarithm of the mean of exp(terms) over the first axis."""
    top = terms.max(axis=0)
    mean: FloatArray = top + np.log(np.exp(terms - top).mean(axis=0))
    return mean


@lru_cache(maxsize=32)
def _views(n: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Return the sets of qubits that are looked at, those of one size together."""
    sizes = dict.fromkeys([*([n] if n <= WHOLE_QUBITS else []), *range(1, min(n, 2) + 1)])
    return tuple(tuple(itertools.combinations(range(n), size)) for size in sizes)


def _summed(values: FloatArray, qubits: Sequence[int]) -> FloatArray:
    """Return the sums of each row over all qubits but those named: shape (rows, 2**k)."""
    rows, size = values.shape
    n = size.bit_length() - 1
    if len(qubits) == n:
        return values
    tensor = values.reshape((rows, *(2,) * n))
    gone = tuple(n - q for q in range(n) if q not in qubits)
    summed: FloatArray = tensor.sum(axis=gone).reshape(rows, -1)
    return summed


def _log_dirichlet(p: FloatArray, counts: FloatArray, concentration: float) -> FloatArray:
    """Return the log marginal likelihood under Dirichlet(concentration p) over that under p.

    Args:
        p: Shape (views, 1, 2**k).
        counts: Shape (views, runs, 2**k).
        concentration: Of the prior around p.

    Returns:
        Shape (views, runs).
    """
    prior = np.maximum(p, FLOOR / p.shape[-1]) * concentration
    return _log_polya(prior, counts) - _log_likelihood(p, counts)


def _log_even(p: FloatArray, counts: FloatArray) -> FloatArray:
    """Return the same for Krichevsky and Trofimov's prior, which knows nothing of p."""
    return _log_polya(np.full_like(p, 0.5), counts) - _log_likelihood(p, counts)


def _log_likelihood(p: FloatArray, counts: FloatArray) -> FloatArray:
    logs = _log(np.maximum(p, FLOOR / p.shape[-1]))
    found: FloatArray = (counts @ logs.swapaxes(1, 2))[..., 0]
    return found


def _log_polya(prior: FloatArray, counts: FloatArray) -> FloatArray:
    """Return the log probability of shots in one order under a Dirichlet prior, for each row."""
    rising = (_log_gamma(prior + counts) - _log_gamma(prior)).sum(axis=-1)
    whole = prior.sum(axis=-1)
    found: FloatArray = rising - _log_gamma(whole + counts.sum(axis=-1)) + _log_gamma(whole)
    return found


def log_floored(p: FloatArray) -> FloatArray:
    """Return the logarithm of probabilities, those of impossible outcomes lifted to the floor."""
    return _log(np.maximum(p, FLOOR / p.size))


def _log(values: FloatArray) -> FloatArray:
    found: FloatArray = np.log(values)
    return found


def _log_gamma(x: FloatArray) -> FloatArray:
    """Return the logarithm of the gamma function of positive numbers, to about 1e-13 relative.

    Stirling's series at x + 8, brought back by the recurrence.
    Source: DLMF 5.11.1 and 5.5.1.
    """
    shifted = x + 8.0
    product = x.copy()
    for step in range(1, 8):
        product = product * (x + step)
    inverse = 1.0 / shifted
    square = inverse * inverse
    series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
    found: FloatArray = (
        (shifted - 0.5) * np.log(shifted)
        - shifted
        + 0.5 * math.log(2 * math.pi)
        + series
        - np.log(product)
    )
    return found
