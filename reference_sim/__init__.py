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
from reference_sim.errors import BadArgument, CircuitError, ProblemError
from reference_sim.forms import Gate
from reference_sim.gates import matrix_of
from reference_sim.ideal import circuit_probabilities, multi_probabilities, probabilities
from reference_sim.maxcut import MAX_CUT_NODES, Cut, cut_value, maxcut
from reference_sim.noise import IONQ_NOISE_MODELS, DepolarizingNoise, apply_readout
from reference_sim.observables import (
    MAX_DIAGONAL_QUBITS,
    MAX_SPECTRUM_QUBITS,
    EnergyRange,
    energy,
    energy_range,
)
from reference_sim.sampling import sample, sample_outcomes
from reference_sim.statevector import evolve
from reference_sim.trajectories import (
    MOST_TRAJECTORIES,
    TRAJECTORY_QUBITS,
    TrajectoryMean,
    noisy_trajectories,
)

__all__ = [
    "IONQ_NOISE_MODELS",
    "MAX_CUT_NODES",
    "MAX_DIAGONAL_QUBITS",
    "MAX_QUBITS",
    "MAX_SPECTRUM_QUBITS",
    "MOST_TRAJECTORIES",
    "NOISY_QUBITS",
    "NOISY_QUBITS_ON_REQUEST",
    "TRAJECTORY_QUBITS",
    "BadArgument",
    "Circuit",
    "CircuitError",
    "Cut",
    "DepolarizingNoise",
    "EnergyRange",
    "Gate",
    "ProblemError",
    "TrajectoryMean",
    "apply_readout",
    "circuit_probabilities",
    "cut_value",
    "energy",
    "energy_range",
    "evolve",
    "matrix_of",
    "maxcut",
    "multi_probabilities",
    "noisy_circuit_probabilities",
    "noisy_probabilities",
    "noisy_trajectories",
    "parse",
    "parse_multi",
    "probabilities",
    "sample",
    "sample_outcomes",
]
