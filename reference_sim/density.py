"""Exact outcome probabilities under noise, by density matrix.

The matrix rho of n qubits is held as a state of 2n: bits n to 2n-1 of an index are rho's row, bits
0 to n-1 its column. A gate acts on the rows, its complex conjugate on the columns.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from reference_sim.circuit import Circuit, parse
from reference_sim.errors import BadArgument, shown
from reference_sim.fields import Fields
from reference_sim.forms import Gate, Gateset
from reference_sim.gates import Matrix, matrix_of
from reference_sim.gather import Indices, mixed_indices
from reference_sim.noise import DepolarizingNoise
from reference_sim.statevector import State, apply_gate, apply_matrix, blocks

NOISY_QUBITS: Final = 10
"""Most qubits of `noisy_probabilities` unless asked for more: rho takes 16 MiB, then 16 times as
much for every two qubits more."""

NOISY_QUBITS_ON_REQUEST: Final = 12
"""Most qubits that may be asked for: rho takes 256 MiB."""

_KEPT: Final = 2048
"""Channels that are kept, of 4 KiB or less: the same gates come again in every circuit."""

_GATHERED_QUBITS: Final = 5
"""Up to here a gate costs what its Python calls cost; the index arrays of one take 16 KiB."""


def noisy_probabilities(
    input: Fields,  # noqa: A002 (the name of this object in the API)
    noise: DepolarizingNoise,
    *,
    max_qubits: int = NOISY_QUBITS,
) -> npt.NDArray[np.float64]:
    """Return the exact outcome probabilities of an IonQ `input` object under `noise`.

    Args:
        input: As for `probabilities`.
        noise: Acts after every gate but `nop`, on the gate's targets and controls.
        max_qubits: The most qubits to simulate, at most `NOISY_QUBITS_ON_REQUEST`.

    Returns:
        Shape (2**qubits,), summing to 1 within rounding; bit k of an index is qubit k.

    Raises:
        CircuitError: The circuit is malformed or too large.
        BadArgument: `max_qubits` is out of range.
    """
    if not 1 <= max_qubits <= NOISY_QUBITS_ON_REQUEST:
        expected = f"a number from 1 to {NOISY_QUBITS_ON_REQUEST}"
        raise BadArgument("max_qubits", expected, shown(max_qubits))
    return noisy_circuit_probabilities(parse(input, max_qubits=max_qubits), noise)


def noisy_circuit_probabilities(
    circuit: Circuit, noise: DepolarizingNoise
) -> npt.NDArray[np.float64]:
    """Return the exact outcome probabilities of a parsed circuit under `noise`.

    Shape (2**qubits,). Cost: O(gates 4**qubits) time; 16 * 4**qubits bytes.

    Raises:
        BadArgument: The circuit has more than `NOISY_QUBITS_ON_REQUEST` qubits.
    """
    n = circuit.qubits
    if n > NOISY_QUBITS_ON_REQUEST:
        raise BadArgument("circuit", f"at most {NOISY_QUBITS_ON_REQUEST} qubits", str(n))
    return noisy_outcomes(n, ((gate, circuit.gateset, noise) for gate in circuit.gates))


def noisy_outcomes(
    n: int, steps: Iterable[tuple[Gate, Gateset, DepolarizingNoise]]
) -> npt.NDArray[np.float64]:
    """Return the exact outcome probabilities of `n` qubits after `steps`, shape (2**n,).

    Each step is a gate, its gateset and the noise that follows it. Cost: as for a circuit.
    """
    diagonal = _gathered(n, steps) if n <= _GATHERED_QUBITS else _in_place(n, steps)
    found: npt.NDArray[np.float64] = np.maximum(
        diagonal, 0.0
    )  # rounding can leave -1e-20 for an impossible outcome
    return found


def _in_place(
    n: int, steps: Iterable[tuple[Gate, Gateset, DepolarizingNoise]]
) -> npt.NDArray[np.float64]:
    rho = _ground(n)
    for gate, gateset, noise in steps:
        apply_noisy_gate(rho, gate, gateset, noise)
    return rho[:: 2**n + 1].real


def _gathered(
    n: int, steps: Iterable[tuple[Gate, Gateset, DepolarizingNoise]]
) -> npt.NDArray[np.float64]:
    """Do the same with fewer NumPy calls a gate: rho lies in any order, `view[i]` being index i."""
    rho, view = _ground(n), np.arange(4**n, dtype=np.intp)
    for gate, gateset, noise in steps:
        qubits = gate.targets + gate.controls
        if len(qubits) <= 2 and gate.name != "nop":
            where, back = _doubled_plan(n, qubits)
            rho = _channel_of(gate, gateset, noise).dot(rho.take(view.take(where))).ravel()
            view = back
        else:
            rho = rho[view]
            apply_noisy_gate(rho, gate, gateset, noise)
            view = np.arange(4**n, dtype=np.intp)
    return rho[view[:: 2**n + 1]].real


def _ground(n: int) -> State:
    rho = np.zeros(4**n, dtype=np.complex128)
    rho[0] = 1
    return rho


@lru_cache(maxsize=128)
def _doubled_plan(n: int, qubits: tuple[int, ...]) -> tuple[Indices, Indices]:
    """Return which indices of rho a gate on `qubits` mixes, and where they are afterwards."""
    where = mixed_indices(2 * n, qubits + tuple(q + n for q in qubits))
    return where, np.argsort(where, axis=None)


def apply_noisy_gate(rho: State, gate: Gate, gateset: Gateset, noise: DepolarizingNoise) -> None:
    """Change `rho`, shape (4**n,), to what it is after `gate` and the noise that follows it."""
    if gate.name == "nop":
        return
    qubits = gate.targets + gate.controls
    rate = noise.rate(len(qubits))
    n = (rho.size.bit_length() - 1) // 2
    both = qubits + tuple(q + n for q in qubits)
    if len(qubits) <= 2:
        apply_matrix(rho, _channel_of(gate, gateset, noise), both)
    else:
        _apply_two_sided(rho, gate, gateset, n)
        depolarize(rho, rate, both)


def _channel_of(gate: Gate, gateset: Gateset, noise: DepolarizingNoise) -> Matrix:
    controls = len(gate.controls)
    rate = noise.rate(len(gate.targets) + controls)
    return _channel(gateset, gate.name, gate.parameters, gate.words, controls, rate)


@lru_cache(maxsize=_KEPT)
def _channel(
    gateset: Gateset,
    name: str,
    parameters: tuple[float, ...],
    words: tuple[str, ...],
    controls: int,
    rate: float,
) -> Matrix:
    """Return the map of a gate on at most two qubits and the noise that follows it; read only."""
    matrix = _controlled(matrix_of(gateset, name, parameters, words), controls)
    channel = superoperator(matrix, rate)
    channel.flags.writeable = False
    return channel


def superoperator(matrix: Matrix, rate: float) -> Matrix:
    """Return the map rho -> depolarised (matrix rho matrix^dagger), shape (4**k, 4**k).

    Bits k to 2k-1 of a row or column number are rho's row, bits 0 to k-1 its column.
    """
    size = len(matrix)
    rotated: Matrix = np.einsum("ab,cd->acbd", matrix, matrix.conj()).reshape(size**2, size**2)
    traced = rotated[:: size + 1].sum(axis=0) / size
    rotated *= 1 - rate
    rotated[:: size + 1] += rate * traced
    return rotated


def depolarize(rho: State, rate: float, both: tuple[int, ...]) -> None:
    """Change `rho` to (1 - rate) rho + rate Tr_k(rho) (x) I / 2**k on the qubits of `both`.

    `both` holds k column qubits and then their k row qubits, as numbers of the doubled state.
    """
    size = 2 ** (len(both) // 2)
    for block in blocks(rho, both, ()):
        columns = block.reshape(size**2, -1).copy()
        traced = columns[:: size + 1].sum(axis=0) / size
        columns *= 1 - rate
        columns[:: size + 1] += rate * traced
        block[...] = columns.reshape(block.shape)


def _controlled(matrix: Matrix, controls: int) -> Matrix:
    """Return the gate with its controls as further targets, after its own."""
    if not controls:
        return matrix
    size = len(matrix) << controls
    full = np.eye(size, dtype=np.complex128)
    full[-len(matrix) :, -len(matrix) :] = matrix
    return full


def _apply_two_sided(rho: State, gate: Gate, gateset: Gateset, n: int) -> None:
    """Change `rho` by a gate on any number of qubits, without a matrix on the doubled state."""
    targets = tuple(q + n for q in gate.targets)
    controls = tuple(q + n for q in gate.controls)
    apply_gate(rho, gate._replace(targets=targets, controls=controls), gateset)
    np.conjugate(rho, out=rho)
    apply_gate(rho, gate, gateset)
    np.conjugate(rho, out=rho)
