"""Exact outcome probabilities of ideal circuits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from reference_sim.circuit import MAX_QUBITS, Circuit, parse, parse_multi
from reference_sim.fields import Fields
from reference_sim.gather import MOST_QUBITS, small_probabilities
from reference_sim.statevector import evolve

Probabilities = npt.NDArray[np.float64]


def probabilities(
    input: Fields,  # noqa: A002 (the name of this object in the API)
    *,
    max_qubits: int = MAX_QUBITS,
) -> Probabilities:
    """Return the exact outcome probabilities of an IonQ v0.4 `input` object.

    >>> probabilities({"qubits": 3, "gateset": "qis", "circuit": [{"gate": "x", "target": 0}]})
    array([0., 1., 0., 0., 0., 0., 0., 0.])

    Args:
        input: `{"qubits", "gateset", "circuit"}`; see `parse` for what may be left out.
        max_qubits: The most qubits to simulate; n of them take 24 * 2**n bytes.

    Returns:
        Shape (2**qubits,), summing to 1 within rounding; bit k of an index is qubit k.

    Raises:
        CircuitError: The circuit is malformed or too large.
    """
    return circuit_probabilities(parse(input, max_qubits=max_qubits))


def multi_probabilities(
    input: Fields,  # noqa: A002 (the name of this object in the API)
    *,
    max_qubits: int = MAX_QUBITS,
) -> list[Probabilities]:
    """Return the exact outcome probabilities of each circuit of a multi-circuit `input`.

    Args:
        input: `{"circuits": [...]}`; see `parse_multi`.
        max_qubits: As in `probabilities`, for each circuit.

    Raises:
        CircuitError: A circuit is malformed or too large; its `circuit` says which. All are
            checked before the first is simulated.
    """
    return [circuit_probabilities(each) for each in parse_multi(input, max_qubits=max_qubits)]


def circuit_probabilities(circuit: Circuit) -> Probabilities:
    """Return the exact outcome probabilities of a parsed circuit, shape (2**qubits,)."""
    if circuit.qubits <= MOST_QUBITS:
        return small_probabilities(circuit)
    state = evolve(circuit)
    found: Probabilities = state.real**2
    found += state.imag**2
    return found
