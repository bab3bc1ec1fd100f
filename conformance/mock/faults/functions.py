"""Faults of jobs that are no plain circuits: cuts, energies, and the parts of a debiased run."""

from __future__ import annotations

from conformance.mock.faults.fault import Fault, fault


def _of_job(name: str, summary: str, finds: str, scenario: str) -> Fault:
    return fault(name, summary, finds, suite="physics", operation="GetJob", scenario=scenario)


def _of_results(name: str, summary: str, finds: str, operation: str) -> Fault:
    return fault(name, summary, finds, suite="physics", operation=operation, scenario="debiased")


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
    _of_job(
        "variant-forgotten",
        "a debiased job tells all its variants but the last",
        "PHYS-008",
        "debiased",
    ),
    _of_results(
        "first-variant-only",
        "the result of a debiased job is that of its first variant",
        "PHYS-008",
        "GetJobProbabilities",
    ),
    _of_results(
        "sharpen-never-off",
        "results are sharpened whatever `sharpen` says, false too",
        "PHYS-008",
        "GetJobProbabilities",
    ),
    _of_results(
        "histogram-miscounts",
        "a histogram counts the first outcome once too often",
        "PHYS-009",
        "GetVariantHistogram",
    ),
    _of_results(
        "histogram-disordered",
        "a histogram tells its counts in another order than its outcomes",
        "PHYS-009",
        "GetVariantHistogram",
    ),
    _of_results(
        "first-shot-invented",
        "the first single shot of a variant is told as another outcome",
        "PHYS-009",
        "GetVariantShots",
    ),
    _of_results(
        "votes-for-probabilities",
        "sharpened results are votes, not shares of them",
        "PHYS-011",
        "GetJobProbabilities",
    ),
    _of_results(
        "sharpened-cut-off",
        "sharpened results leave out an outcome, and do not share out what it had",
        "PHYS-011",
        "GetJobProbabilities",
    ),
    _of_results(
        "variant-in-percent",
        "the probabilities of a variant are told in percent",
        "PHYS-011",
        "GetVariantProbabilities",
    ),
)
