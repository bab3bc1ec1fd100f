"""A reference simulator for the circuits that quantum-cloud APIs accept, on NumPy alone.

Qubit 0 is the least significant bit of a basis index, everywhere.
"""

from reference_sim.circuit import MAX_QUBITS, Circuit, parse, parse_multi
from reference_sim.density import (
    NOISY_QUBITS,
    NOISY_QUBITS_ON_REQUEST,
    noisy_circuit_probabilities,
    noisy_probabilities,
)
from reference_sim.errors import BadArgument, CircuitError
from reference_sim.forms import Gate
from reference_sim.gates import matrix_of
from reference_sim.ideal import circuit_probabilities, multi_probabilities, probabilities
from reference_sim.noise import IONQ_NOISE_MODELS, DepolarizingNoise, apply_readout
from reference_sim.sampling import sample, sample_outcomes
from reference_sim.statevector import evolve

__all__ = [
    "IONQ_NOISE_MODELS",
    "MAX_QUBITS",
    "NOISY_QUBITS",
    "NOISY_QUBITS_ON_REQUEST",
    "BadArgument",
    "Circuit",
    "CircuitError",
    "DepolarizingNoise",
    "Gate",
    "apply_readout",
    "circuit_probabilities",
    "evolve",
    "matrix_of",
    "multi_probabilities",
    "noisy_circuit_probabilities",
    "noisy_probabilities",
    "parse",
    "parse_multi",
    "probabilities",
    "sample",
    "sample_outcomes",
]
