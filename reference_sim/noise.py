"""Noise as IonQ publishes it: depolarisation after every gate, and readout errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import numpy.typing as npt

from reference_sim.errors import BadArgument, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class DepolarizingNoise:
    """After each gate on k qubits, with probability r, those qubits are lost and replaced.

    Exactly rho -> (1 - r) rho + r Tr_k(rho) (x) I / 2**k. As Kraus operators: sqrt(1 - 3r/4) I and
    sqrt(r/4) sigma for one qubit, sqrt(1 - 15r/16) and sqrt(r/16) for two. So r is aer's parameter;
    cirq and qulacs take the probability of *an error*, which is 3r/4 and 15r/16.

    Source: IonQ's public guide to simulation with noise models.
    """

    one_qubit: float
    """r after gates on one qubit, from 0 to 1."""
    two_qubit: float
    """r after gates on two qubits, from 0 to 1; a control counts as a qubit of its gate."""

    def __post_init__(self) -> None:
        _check_rate("one_qubit", self.one_qubit)
        _check_rate("two_qubit", self.two_qubit)

    def rate(self, qubits: int) -> float:
        """Return r of a gate on that many qubits, controls included.

        What IonQ does after a gate on three or more is unknown (its guide speaks of one and two).
        Here they are depolarised together, once, at the rate for two.
        """
        if qubits == 0:
            return 0.0
        return self.one_qubit if qubits == 1 else self.two_qubit


def apply_readout(
    probabilities: npt.ArrayLike, p01: float | Sequence[float], p10: float | Sequence[float]
) -> npt.NDArray[np.float64]:
    """Return the distribution of what is read, where every qubit may be misread by itself.

    Args:
        probabilities: Shape (2**n,); bit k of an index is qubit k.
        p01: Probability that a 0 is read as 1: one number, or one for each qubit.
        p10: Probability that a 1 is read as 0: likewise.

    Returns:
        Shape (2**n,), new; its sum is that of `probabilities`, within rounding.

    Raises:
        BadArgument: A rate is not from 0 to 1, or the numbers of rates or outcomes do not fit.
    """
    read = np.array(probabilities, dtype=np.float64)
    n = read.size.bit_length() - 1
    if read.shape != (2**n,):
        raise BadArgument("probabilities", "2**n numbers", f"an array of shape {read.shape}")
    pairs = zip(_rates("p01", p01, n), _rates("p10", p10, n), strict=True)
    for qubit, (up, down) in enumerate(pairs):
        zeros, ones = read.reshape(-1, 2, 2**qubit).transpose(1, 0, 2)
        moved = up * zeros - down * ones
        zeros -= moved
        ones += moved
    return read


def _rates(argument: str, value: float | Sequence[float], n: int) -> tuple[float, ...]:
    rates = tuple(value) if isinstance(value, Sequence) else (value,) * n
    if len(rates) != n:
        raise BadArgument(argument, f"one number or {n}, one a qubit", f"{len(rates)}")
    for rate in rates:
        _check_rate(argument, rate)
    return rates


def _check_rate(argument: str, rate: float) -> None:
    number = isinstance(rate, int | float | np.floating) and not isinstance(rate, bool)
    if not number or not 0 <= rate <= 1:
        raise BadArgument(argument, "a number from 0 to 1", shown(rate))


IONQ_NOISE_MODELS: Final[Mapping[str, DepolarizingNoise | None]] = MappingProxyType(
    {
        "ideal": DepolarizingNoise(one_qubit=0.0, two_qubit=0.0),
        "aria-1": DepolarizingNoise(one_qubit=0.0005, two_qubit=0.0133),
        "aria-2": DepolarizingNoise(one_qubit=0.00065733, two_qubit=0.01856),
        "forte-1": DepolarizingNoise(one_qubit=0.00026667, two_qubit=0.00494933),
        "forte-enterprise-1": None,
        "harmony": None,
        "harmony-1": None,
        "harmony-2": None,
    }
)
"""Every value of `noise.model` in IonQ's v0.4 document; None where no rates are published.

Source: IonQ's public guide to simulation with noise models. Whether noise acts before or after
compilation to native gates is unknown; no readout error is mentioned.
"""
