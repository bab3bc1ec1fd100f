"""Every gate that IonQ accepts, as a matrix: the page to audit.

Conventions, here and everywhere in this package:

* qubit 0 is the least significant bit of a basis index, so x on qubit 0 of three gives index 1;
* bit j of a row or column number belongs to the j-th target, so the rows of a two-target gate stand
  for |00>, |01>, |10>, |11> with the first target written **last**;
* QIS angles are radians; native phases and angles are turns (1 turn is 2*pi);
* phases are as written: under controls a global phase is visible.

Sources: [NC] Nielsen and Chuang, Quantum Computation and Quantum Information (2010), section 4.2;
[GS] IonQ's public guide to its native gates; [QI] the wire forms that qiskit-ionq 1.1.1 writes.
"""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

Matrix: TypeAlias = npt.NDArray[np.complex128]

MAX_EXPONENT_TARGETS: Final = 10
"""Most targets of a `pauliexp` whose terms do not all commute: a matrix of 1024 x 1024."""


def _fixed(*rows: Sequence[complex]) -> Matrix:
    matrix = np.array(rows, dtype=np.complex128)
    matrix.setflags(write=False)
    return matrix


# ---------------------------------------------------------------- QIS gates without an angle

R: Final = math.sqrt(0.5)
W: Final = complex(R, R)  # exp(i pi/4)

IDENTITY: Final = _fixed((1, 0), (0, 1))
X: Final = _fixed((0, 1), (1, 0))  # [NC] eq. 4.1
Y: Final = _fixed((0, -1j), (1j, 0))  # [NC] eq. 4.1
Z: Final = _fixed((1, 0), (0, -1))  # [NC] eq. 4.1
H: Final = _fixed((R, R), (R, -R))  # [NC] eq. 4.2
S: Final = _fixed((1, 0), (0, 1j))  # [NC] eq. 4.2: diag(1, i)
SI: Final = _fixed((1, 0), (0, -1j))  # inverse of s
T: Final = _fixed((1, 0), (0, W))  # [NC] eq. 4.2: diag(1, exp(i pi/4))
TI: Final = _fixed((1, 0), (0, W.conjugate()))  # inverse of t
V: Final = _fixed((0.5 + 0.5j, 0.5 - 0.5j), (0.5 - 0.5j, 0.5 + 0.5j))  # v v = x; eigenvalues 1, i
VI: Final = _fixed((0.5 - 0.5j, 0.5 + 0.5j), (0.5 + 0.5j, 0.5 - 0.5j))  # inverse of v
SWAP: Final = _fixed((1, 0, 0, 0), (0, 0, 1, 0), (0, 1, 0, 0), (0, 0, 0, 1))  # [NC] fig. 1.7

# `not` is another spelling of x; `cnot` is x that must have a control.
FIXED: Final[Mapping[str, Matrix]] = MappingProxyType(
    {
        "x": X, "not": X, "cnot": X, "y": Y, "z": Z, "h": H, "s": S, "si": SI,
        "t": T, "ti": TI, "v": V, "vi": VI, "swap": SWAP,
    }
)  # fmt: skip


# ---------------------------------------------------------------- QIS gates with an angle (radians)


def rx(t: float) -> Matrix:
    """Return exp(-i t X / 2); [NC] eq. 4.4."""
    c, s = math.cos(t / 2), -1j * math.sin(t / 2)
    return np.array(((c, s), (s, c)))


def ry(t: float) -> Matrix:
    """Return exp(-i t Y / 2); [NC] eq. 4.5."""
    c, s = math.cos(t / 2), math.sin(t / 2)
    return np.array(((c, -s), (s, c)), dtype=np.complex128)


def rz(t: float) -> Matrix:
    """Return exp(-i t Z / 2) = diag(exp(-i t/2), exp(i t/2)); [NC] eq. 4.6."""
    e = cmath.rect(1, t / 2)
    return np.array(((e.conjugate(), 0), (0, e)))


def phase(t: float) -> Matrix:
    """Return diag(1, exp(i t)): what `z` with a `rotation` means; [QI] for qiskit's p, cp, mcp."""
    return np.array(((1, 0), (0, cmath.rect(1, t))))


def xx(t: float) -> Matrix:
    """Return exp(-i t XX / 2) = cos(t/2) - i sin(t/2) XX."""
    c, s = math.cos(t / 2), -1j * math.sin(t / 2)
    return np.array(((c, 0, 0, s), (0, c, s, 0), (0, s, c, 0), (s, 0, 0, c)))


def yy(t: float) -> Matrix:
    """Return exp(-i t YY / 2) = cos(t/2) - i sin(t/2) YY; YY is -1 on |00><11|, +1 on |01><10|."""
    c, s = math.cos(t / 2), -1j * math.sin(t / 2)
    return np.array(((c, 0, 0, -s), (0, c, s, 0), (0, s, c, 0), (-s, 0, 0, c)))


def zz(t: float) -> Matrix:
    """Return exp(-i t ZZ / 2): exp(-i t/2) where the bits agree, exp(i t/2) where they differ."""
    e = cmath.rect(1, t / 2)
    same = e.conjugate()
    return np.array(((same, 0, 0, 0), (0, e, 0, 0), (0, 0, e, 0), (0, 0, 0, same)))


# ---------------------------------------------------------------- native gates (turns)


def _turn(phi: float) -> complex:
    """Return exp(2 pi i phi); whole turns are removed first, which is exact."""
    return cmath.rect(1, 2 * math.pi * math.fmod(phi, 1.0))


def gpi(phi: float) -> Matrix:
    """Return [[0, exp(-2 pi i phi)], [exp(2 pi i phi), 0]]: half a turn in space; [GS]."""
    e = _turn(phi)
    return np.array(((0, e.conjugate()), (e, 0)))


def gpi2(phi: float) -> Matrix:
    """Return (1 - i gpi(phi)) / sqrt(2): a quarter turn about the same axis; [GS]."""
    e = -1j * R * _turn(phi)
    return np.array(((R, -e.conjugate()), (e, R)))


def ms(phi0: float, phi1: float, a: float) -> Matrix:
    """Return exp(-i pi a gpi(phi0) (x) gpi(phi1)), with phi0 on the first target.

    a = 1/4 entangles fully. It is cos(pi a) - i sin(pi a) G, where the rows 00, 01, 10, 11 of
    G = gpi (x) gpi hold, on the antidiagonal, exp of -(p+q), p-q, q-p, p+q; here p and q are
    2 pi i phi0 and 2 pi i phi1, and p goes with the last bit. [GS]
    """
    half_turns = math.fmod(a, 2.0)
    c, s = math.cos(math.pi * half_turns), -1j * math.sin(math.pi * half_turns)
    e0, e1 = _turn(phi0), _turn(phi1)
    both, apart = e0 * e1, e0 * e1.conjugate()
    return np.array(
        (
            (c, 0, 0, s * both.conjugate()),
            (0, c, s * apart, 0),
            (0, s * apart.conjugate(), c, 0),
            (s * both, 0, 0, c),
        )
    )


def native_zz(a: float) -> Matrix:
    """Return exp(-i pi a ZZ): the QIS zz with a rotation of 2 pi a; [GS]."""
    return zz(2 * math.pi * math.fmod(a, 2.0))


TURNED: Final[Mapping[str, Mapping[str, Callable[..., Matrix]]]] = MappingProxyType(
    {
        "qis": {"rx": rx, "ry": ry, "rz": rz, "z": phase, "xx": xx, "yy": yy, "zz": zz},
        "native": {"gpi": gpi, "gpi2": gpi2, "ms": ms, "zz": native_zz},
    }
)


# ---------------------------------------------------------------- pauliexp

PAULI_COLUMNS: Final[Mapping[str, tuple[int, tuple[complex, complex]]]] = MappingProxyType(
    # whether the letter flips the bit, and the factors that |0> and |1> get on the way
    {"I": (0, (1, 1)), "X": (1, (1, 1)), "Y": (1, (1j, -1j)), "Z": (0, (1, -1))}
)


@lru_cache(maxsize=1024)
def pauli_word(word: str) -> tuple[int, Matrix]:
    """Return (flips, factors) with word |y> = factors[y] |y XOR flips>; factors: shape (2**k,).

    The last letter acts on the first target (qiskit's order of labels), so that the first letter
    belongs to the most significant bit, as in a Kronecker product in the order of writing.
    """
    flips, factors = 0, np.ones(1, dtype=np.complex128)
    for letter in word:
        flip, column = PAULI_COLUMNS[letter]
        flips, factors = 2 * flips + flip, np.multiply.outer(factors, column).ravel()
    factors.setflags(write=False)
    return flips, factors


@lru_cache(maxsize=256)
def commute(words: tuple[str, ...]) -> bool:
    """Return whether all Pauli words commute: each two differ in an even number of places.

    Places where one of the two has I do not count.
    """
    bits = str.maketrans("IXYZ", "0110"), str.maketrans("IXYZ", "0011")  # which letters have X, Z
    masks = {(int(word.translate(bits[0]), 2), int(word.translate(bits[1]), 2)) for word in words}
    return all(
        ((x & other_z) ^ (z & other_x)).bit_count() % 2 == 0
        for (x, z), (other_x, other_z) in combinations(masks, 2)
    )


def pauliexp(words: tuple[str, ...], time: float, coefficients: Sequence[float]) -> Matrix:
    """Return exp(-i time sum_k coefficients[k] words[k]), shape (2**k, 2**k). No factor 1/2; [QI].

    Commuting terms are multiplied out, cos(angle) - i sin(angle) word each; others go through the
    eigenvectors of the Hermitian sum, with an error of a few eps * time * sum |coefficients|.

    Cost: O(terms 4**k), or O(8**k) where they do not commute; `MAX_EXPONENT_TARGETS` bounds that.
    """
    size = 2 ** len(words[0])
    if not commute(words):
        return _hermitian_exponential(words, time, coefficients)
    product = np.eye(size, dtype=np.complex128)
    for word, coefficient in zip(words, coefficients, strict=True):
        flips, factors = pauli_word(word)
        turned = (factors[:, np.newaxis] * product)[np.arange(size) ^ flips]
        angle = time * coefficient
        product = math.cos(angle) * product - 1j * math.sin(angle) * turned
    return product


def _hermitian_exponential(
    words: Sequence[str], time: float, coefficients: Sequence[float]
) -> Matrix:
    """Return the exponential by eigenvectors; the sum is scaled so that no entry overflows."""
    scale = math.fsum(map(abs, coefficients)) or 1.0
    energies, vectors = np.linalg.eigh(hermitian_sum(words, [c / scale for c in coefficients]))
    turned: Matrix = vectors * np.exp(-1j * time * scale * energies)
    exponential: Matrix = turned @ vectors.conj().T
    return exponential


def hermitian_sum(words: Sequence[str], coefficients: Sequence[float]) -> Matrix:
    """Return sum_k coefficients[k] words[k], shape (2**k, 2**k); at least one word."""
    columns = np.arange(2 ** len(words[0]))
    total = np.zeros((columns.size, columns.size), dtype=np.complex128)
    for word, coefficient in zip(words, coefficients, strict=True):
        flips, factors = pauli_word(word)
        total[columns ^ flips, columns] += coefficient * factors
    return total


def matrix_of(
    gateset: str, name: str, parameters: tuple[float, ...] = (), words: tuple[str, ...] = ()
) -> Matrix:
    """Return the matrix of a gate without its controls, shape (2**k, 2**k) for k targets.

    Args:
        gateset: `qis` or `native`; `zz` is in both, with different units.
        name: The gate, as on the wire; `nop` has no matrix.
        parameters: As in `reference_sim.Gate.parameters`.
        words: The terms of a `pauliexp`, at least one.
    """
    if name == "pauliexp":
        return pauliexp(words, parameters[0], parameters[1:])
    return TURNED[gateset][name](*parameters) if parameters else FIXED[name]
