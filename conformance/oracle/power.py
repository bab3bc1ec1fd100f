"""What a test could have seen: the smallest effect found with 99 % power at these shots.

Normal approximations to the distribution of the log likelihood ratio; the study in
`benchmarks/statistics` holds them against simulation.
"""

from __future__ import annotations

import math

from conformance.oracle.evidence import FloatArray

QUANTILE = 2.3263478740408408
"""Of the normal distribution at 99 %."""


def smallest_distance(outcomes: int, shots: int, threshold: float) -> float:
    """Return the total variation distance that is seen with 99 % power wherever it lies.

    The evidence of a Dirichlet mixture of the best concentration, by Laplace's approximation, is
    half of s X**2 - (d - 1) log(1/(1 - s)) with Pearson's X**2 and s = shots / (shots + c). X**2
    is noncentral chi-square with noncentrality shots * chi2(q, p), and chi2 is at least
    4 TVD**2 (Cauchy and Schwarz), so a distance t is seen if 4 t**2 shots reaches it.

    Args:
        outcomes: Possible outcomes.
        shots: Their number.
        threshold: Log evidence at which an alarm is given, prior weights included.

    Returns:
        At most 1; 1 also where no distance is sure to be seen.
    """
    freedom = max(1, outcomes - 1)
    best = 1.0
    for concentration in (1.0, 10.0, 100.0, 1000.0, 10_000.0):
        share = shots / (shots + concentration)
        needed = (2 * threshold + freedom * math.log1p(shots / concentration)) / share
        excess = _noncentrality(needed, freedom)
        best = min(best, 0.5 * math.sqrt(excess / shots))
    return best


def _noncentrality(needed: float, freedom: int) -> float:
    """Return the noncentrality whose chi-square exceeds `needed` with 99 %: normal approximation.

    freedom + x - z sqrt(2 (freedom + 2 x)) = needed, a quadratic in the root of freedom + 2 x.
    """
    z = QUANTILE * math.sqrt(2)
    root = z + math.sqrt(z * z + 2 * needed - freedom) if 2 * needed > freedom else z
    return max(0.0, (root * root - freedom) / 2)


def smallest_error(
    declared: FloatArray, predicted: FloatArray, error: float, shots: int, threshold: float
) -> float:
    """Return the error of an angle that is seen with 99 % power by the hypothesis of `error`.

    To first order the ratio's mean is shots * I * (e g - g**2 / 2) at the true error e, where g is
    the hypothesis' and I the Fisher information of the angle; its variance shots * I * g**2.

    Returns:
        In the units of `error`; infinity where the circuit does not show it.
    """
    likely = declared > 1e-12
    change = (predicted[likely] - declared[likely]) / error
    information = float((change * change / declared[likely]).sum())
    if information * shots < 1e-9:
        return math.inf
    spread = QUANTILE * math.sqrt(shots * information) * error
    return (threshold + spread) / (shots * information * error) + error / 2


def log_expected(declared: FloatArray, predicted: FloatArray, shots: int) -> tuple[float, float]:
    """Return mean and standard deviation of the log evidence for `predicted` where it is true."""
    from conformance.oracle.evidence import log_ratios

    ratios = log_ratios(declared, predicted)
    total = predicted.sum()
    p = predicted / total if total > 0 else declared
    mean = float(p @ ratios)
    variance = float(p @ (ratios - mean) ** 2)
    return shots * mean, math.sqrt(max(0.0, shots * variance))


__all__ = ["QUANTILE", "log_expected", "smallest_distance", "smallest_error"]
