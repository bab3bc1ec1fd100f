"""Exact outcome probabilities under noise, by density matrix.

The matrix rho of n qubits is held as a state of 2n: bits n to 2n-1 of an index are rho's row, bits
0 to n-1 its column. A gate acts on the rows, its complex conjugate on the columns.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from reference_sim.circuit import Circuit, parse
from reference_sim.errors import BadArgument, shown
from reference_sim.fields import Fields
from reference_sim.forms import Gate, Gateset
from reference_sim.gates import Matrix, matrix_of
from reference_sim.noise import DepolarizingNoise
from reference_sim.statevector import State, apply_gate, apply_matrix, blocks

NOISY_QUBITS: Final = 10
"""Most qubits of `noisy_probabilities` unless asked for more: rho takes 16 MiB, then 16 times as
much for every two qubits more."""

NOISY_QUBITS_ON_REQUEST: Final = 12
"""Most qubits that may be asked for: rho takes 256 MiB."""

_KEPT: Final = 2048
"""Channels that are kept, of 4 KiB or less: the same gates come again in every circuit."""


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
    rho = np.zeros(4**n, dtype=np.complex128)
    rho[0] = 1
    for gate in circuit.gates:
        apply_noisy_gate(rho, gate, circuit.gateset, noise)
    diagonal = rho[:: 2**n + 1].real
    found: npt.NDArray[np.float64] = np.maximum(
        diagonal, 0.0
    )  # rounding can leave -1e-20 for an impossible outcome
    return found


def apply_noisy_gate(rho: State, gate: Gate, gateset: Gateset, noise: DepolarizingNoise) -> None:
    """Change `rho`, shape (4**n,), to what it is after `gate` and the noise that follows it."""
    if gate.name == "nop":
        return
    qubits = gate.targets + gate.controls
    rate = noise.rate(len(qubits))
    n = (rho.size.bit_length() - 1) // 2
    both = qubits + tuple(q + n for q in qubits)
    if len(qubits) <= 2:
        channel = _channel(
            gateset, gate.name, gate.parameters, gate.words, len(gate.controls), rate
        )
        apply_matrix(rho, channel, both)
    else:
        _apply_two_sided(rho, gate, gateset, n)
        depolarize(rho, rate, both)


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
