"""Faults of jobs that are no plain circuits: cuts, energies, and the parts of a debiased run."""

from __future__ import annotations

from conformance.mock.faults.fault import Fault, fault


def _of_job(name: str, summary: str, finds: str, scenario: str) -> Fault:
    return fault(name, summary, finds, suite="physics", operation="GetJob", scenario=scenario)


FAULTS: tuple[Fault, ...] = (
    _of_job(
        "edge-weights-ignored",
        "a solver takes every edge of a graph to weigh one",
        "PHYS-005",
        "maxcut",
    ),
    _of_job(
        "cut-beyond-optimum",
        "a solver tells one and a half times what its cut weighs",
        "PHYS-005",
        "maxcut",
    ),
    _of_job(
        "cut-sides-shifted",
        "a cut tells the side of each node for its neighbour",
        "PHYS-005",
        "maxcut",
    ),
    _of_job("cut-node-forgotten", "a cut leaves out the last node", "PHYS-005", "maxcut"),
    _of_job(
        "energy-summed",
        "an energy is summed over the shots, not averaged",
        "PHYS-006",
        "energies",
    ),
    _of_job("energy-sign-lost", "an energy is told without its sign", "PHYS-007", "energies"),
    _of_job(
        "parameters-reversed",
        "the parameters of an ansatz go to its inputs last one first",
        "PHYS-007",
        "energies",
    ),
    _of_job("last-term-lost", "the last term of a Hamiltonian is left out", "PHYS-007", "energies"),
)
