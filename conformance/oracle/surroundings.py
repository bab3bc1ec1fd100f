"""What can go wrong around the gates: qubits, registers, choice of results, precision, noise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from conformance.oracle.programs import FloatArray
from reference_sim import IONQ_NOISE_MODELS, DepolarizingNoise, apply_readout

Report = Callable[[FloatArray], FloatArray | None]
"""From the right distribution, shape (2**n,), to what is told; None where nothing changes."""


def reversed_bits(p: FloatArray) -> FloatArray | None:
    """Tell qubit 0 as the most significant bit."""
    return _permuted(p, lambda qubits: qubits[::-1])


def rotated_qubits(p: FloatArray) -> FloatArray | None:
    """Count qubits from 1, the last one as 0."""
    return _permuted(p, lambda qubits: [*qubits[1:], qubits[0]])


def rotated_back(p: FloatArray) -> FloatArray | None:
    """Count qubits from -1."""
    return _permuted(p, lambda qubits: [qubits[-1], *qubits[:-1]])


def neighbours_exchanged(p: FloatArray) -> FloatArray | None:
    """Exchange qubits 0 and 1."""
    return _permuted(p, lambda qubits: [*qubits[:2][::-1], *qubits[2:]])


def halves_exchanged(p: FloatArray) -> FloatArray | None:
    """Exchange the lower and the upper half of the register, as bytes in the wrong order do."""
    return _permuted(p, lambda qubits: [*qubits[len(qubits) // 2 :], *qubits[: len(qubits) // 2]])


def inverted_bits(p: FloatArray) -> FloatArray:
    """Tell 0 as 1 and 1 as 0."""
    return p[::-1].copy()


def idle_qubits_dropped(p: FloatArray) -> FloatArray | None:
    """Leave out qubits that are always 0, and close up the others."""
    n = _width(p)
    live = [q for q in range(n) if _reads_one(p, q)]
    if len(live) in {0, n}:
        return None
    packed = np.zeros_like(p)
    indices = np.arange(p.size)
    moved = sum(((indices >> q) & 1) << i for i, q in enumerate(live))
    np.add.at(packed, moved, p)
    return packed


def wider_register(p: FloatArray) -> FloatArray | None:
    """Shift every key up by a bit; None where the uppermost qubit may be 1."""
    half = p.size // 2
    if p[half:].any():
        return None
    wide = np.zeros_like(p)
    wide[::2] = p[:half]
    return wide


def top_qubit_lost(p: FloatArray) -> FloatArray:
    """Read every qubit but the uppermost."""
    half = p.size // 2
    return np.concatenate((p[:half] + p[half:], np.zeros(half)))


def bottom_qubit_lost(p: FloatArray) -> FloatArray:
    """Read every qubit but the lowest, which is told as 0."""
    told = np.zeros_like(p)
    told[::2] = p[::2] + p[1::2]
    return told


def uniform(p: FloatArray) -> FloatArray:
    """Tell every outcome as equally likely."""
    return np.full(p.size, 1 / p.size)


def uniform_support(p: FloatArray) -> FloatArray:
    """Tell every possible outcome as equally likely."""
    return _normal((p > 1e-12).astype(np.float64))


def spike(p: FloatArray) -> FloatArray:
    """Tell the most probable outcome alone."""
    told = np.zeros_like(p)
    told[int(np.argmax(p))] = 1.0
    return told


def all_zeros(p: FloatArray) -> FloatArray:
    """Tell the state before the first gate."""
    told = np.zeros_like(p)
    told[0] = 1.0
    return told


def independent_qubits(p: FloatArray) -> FloatArray:
    """Tell the product of the qubits' own distributions."""
    told = np.ones(1)
    indices = np.arange(p.size)
    for qubit in range(_width(p)):
        one = float(p[(indices >> qubit) & 1 == 1].sum())
        told = np.multiply.outer(np.array([1 - one, one]), told).reshape(-1)
    return told


def amplitudes_told(p: FloatArray) -> FloatArray:
    """Tell magnitudes of amplitudes, normalised, for probabilities."""
    return _normal(np.sqrt(p))


def squared_twice(p: FloatArray) -> FloatArray:
    """Tell squares of probabilities, normalised."""
    return _normal(p * p)


def rounded(decimals: int) -> Report:
    """Return a report of so many decimals."""
    return lambda p: np.round(p, decimals)


def in_half_precision(p: FloatArray) -> FloatArray:
    """Tell 11 significant bits."""
    return p.astype(np.float16).astype(np.float64)


def cut(below: float, *, renormalised: bool = False) -> Report:
    """Return a report that leaves out outcomes less likely than `below`."""

    def report(p: FloatArray) -> FloatArray | None:
        kept = np.where(p < below, 0.0, p)
        if not kept.any():
            return None
        return _normal(kept) if renormalised else kept

    return report


def most_likely(count: int) -> Report:
    """Return a report of the `count` most likely outcomes alone, renormalised."""

    def report(p: FloatArray) -> FloatArray | None:
        if p.size <= count:
            return None
        kept = np.zeros_like(p)
        best = np.argsort(-p, kind="stable")[:count]
        kept[best] = p[best]
        return _normal(kept)

    return report


def white_noise(share: float) -> Report:
    """Return a report that mixes in the uniform distribution."""
    return lambda p: (1 - share) * p + share / p.size


def misread(up: float, down: float) -> Report:
    """Return a report in which each qubit is misread: 0 as 1, and 1 as 0."""
    return lambda p: apply_readout(p, up, down)


def _permuted(p: FloatArray, order: Callable[[list[int]], list[int]]) -> FloatArray | None:
    """Return `p` with the bit of qubit k where `order` has k; None below two qubits."""
    n = _width(p)
    if n < 2:
        return None
    axes = [n - 1 - q for q in reversed(order(list(range(n))))]
    return np.ascontiguousarray(p.reshape((2,) * n).transpose(axes)).reshape(-1)


def _reads_one(p: FloatArray, qubit: int) -> bool:
    return bool((p.reshape(-1, 2, 2**qubit)[:, 1] > 1e-12).any())


def _normal(p: FloatArray) -> FloatArray:
    told: FloatArray = p / p.sum()
    return told


def _width(p: FloatArray) -> int:
    return p.size.bit_length() - 1


REPORTS: Mapping[str, Report] = MappingProxyType(
    {
        "the reversed bit order (qubit 0 as the most significant bit)": reversed_bits,
        "qubits counted from 1": rotated_qubits,
        "qubits counted from -1": rotated_back,
        "qubits 0 and 1 exchanged": neighbours_exchanged,
        "the halves of the register exchanged": halves_exchanged,
        "0 and 1 exchanged": inverted_bits,
        "idle qubits left out of the register": idle_qubits_dropped,
        "a register one qubit too wide": wider_register,
        "the highest qubit not read": top_qubit_lost,
        "the lowest qubit not read": bottom_qubit_lost,
        "the uniform distribution": uniform,
        "the uniform distribution of the possible outcomes": uniform_support,
        "the most probable outcome alone": spike,
        "no gate at all": all_zeros,
        "the correlations of qubits lost": independent_qubits,
        "magnitudes of amplitudes for probabilities": amplitudes_told,
        "squares of probabilities": squared_twice,
        "two decimals": rounded(2),
        "three decimals": rounded(3),
        "four decimals": rounded(4),
        "half precision": in_half_precision,
        "outcomes below 1 % left out": cut(0.01),
        "outcomes below 0.1 % left out": cut(0.001),
        "outcomes below 1 % left out and the rest scaled up": cut(0.01, renormalised=True),
        "outcomes below 0.1 % left out and the rest scaled up": cut(0.001, renormalised=True),
        "the four most probable outcomes alone": most_likely(4),
        "probabilities that sum to 0.9": lambda p: 0.9 * p,
        "1 % of white noise": white_noise(0.01),
        "2 % of white noise": white_noise(0.02),
        "5 % of white noise": white_noise(0.05),
        "10 % of white noise": white_noise(0.1),
        "a 1 % readout error": misread(0.01, 0.01),
        "a 3 % readout error": misread(0.03, 0.03),
        "a 5 % decay of 1 while reading": misread(0.0, 0.05),
    }
)
"""Name to report; the name completes "The data fit: ..."."""

MODELS: Mapping[str, DepolarizingNoise] = MappingProxyType(
    {name: noise for name, noise in IONQ_NOISE_MODELS.items() if noise and name != "ideal"}
)
"""Noise models whose rates are published."""


def _rates(one: float, two: float) -> DepolarizingNoise:
    return DepolarizingNoise(one_qubit=min(one, 1.0), two_qubit=min(two, 1.0))


NOISES: Mapping[str, Callable[[DepolarizingNoise], DepolarizingNoise | None]] = MappingProxyType(
    {
        "no noise": lambda noise: None,
        "noise at half the rates": lambda n: _rates(n.one_qubit / 2, n.two_qubit / 2),
        "noise at twice the rates": lambda n: _rates(n.one_qubit * 2, n.two_qubit * 2),
        "noise after one-qubit gates only": lambda n: _rates(n.one_qubit, 0.0),
        "the rates of one- and two-qubit gates exchanged": lambda n: _rates(
            n.two_qubit, n.one_qubit
        ),
        "rates taken for probabilities of an error": lambda n: _rates(
            n.one_qubit * 4 / 3, n.two_qubit * 16 / 15
        ),
        "percent for rates": lambda n: _rates(n.one_qubit * 100, n.two_qubit * 100),
    }
)
"""Name to the noise that is applied for the one that was asked for."""

DEPOLARISATIONS: Mapping[str, DepolarizingNoise] = MappingProxyType(
    {
        f"depolarisation of {100 * rate:g} % after every gate": _rates(rate, rate)
        for rate in (0.001, 0.005, 0.02, 0.05)
    }
)
"""Noise that nobody asked for."""
