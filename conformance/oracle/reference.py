"""The oracle that checks are handed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import reference_sim
from conformance.model import Judgement, Oddity, Weighed
from conformance.oracle.exact import exact_bound, judge_distribution, judge_exact
from conformance.oracle.functions import judge_cut, judge_energy, judge_spectrum
from conformance.oracle.programs import parsed
from conformance.oracle.verdict import ALPHA, judge
from conformance.oracle.weighing import (
    weigh_counts,
    weigh_counts_of_machine,
    weigh_exact,
    with_tells,
)

_QUBIT_FIELDS = frozenset({"target", "targets", "control", "controls"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The oracle that checks are handed: `reference_sim`, and what its numbers allow."""

    alpha: float = ALPHA
    """Bound on the probability of a false alarm over all sampled results of a run."""

    def is_valid(self, circuit: Mapping[str, Any]) -> bool:
        """Whether the reference simulator can tell what `circuit` gives."""
        try:
            parsed(circuit)
        except reference_sim.CircuitError:
            return False
        return True

    def impossible(self, circuit: Mapping[str, Any]) -> str:
        """Return why no machine can run `circuit`; empty when that is not plain from its qubits."""
        try:
            parsed(circuit)
        except reference_sim.CircuitError as error:
            about_qubits = error.gate is not None and error.field in _QUBIT_FIELDS
            return f"gate {error.gate}: {error.reason}" if about_qubits else ""
        return ""

    def bound(self, circuit: Mapping[str, Any]) -> float:
        """Return how far a correct probability may be from the exact one."""
        return exact_bound(circuit)

    def distribution(self, circuit: Mapping[str, Any], answer: object) -> Sequence[Oddity]:
        """Return in what `answer` is no distribution over the circuit's qubits."""
        qubits = parsed(circuit).qubits
        return judge_distribution(answer, qubits, exact_bound(circuit))

    def exact(
        self,
        circuit: Mapping[str, Any],
        answer: Mapping[str, float],
        others: Sequence[tuple[str, Mapping[str, Any]]],
    ) -> Sequence[Oddity]:
        """Return in what `answer` is not the distribution of `circuit`."""
        return judge_exact(circuit, answer, others)

    def weigh(
        self,
        circuit: Mapping[str, Any],
        answer: Mapping[str, float],
        others: Sequence[tuple[str, Mapping[str, Any]]],
        *,
        shots: int,
        model: str,
        characterization: Mapping[str, Any] | None = None,
    ) -> Weighed:
        """Return what a result says; `shots` 0 for an exact one.

        With a characterization it is that of a machine, whose name is `model`.
        """
        if characterization is not None:
            return weigh_counts_of_machine(circuit, answer, characterization, shots, model)
        if not shots:
            return weigh_exact(circuit, answer, others)
        return weigh_counts(
            circuit, answer, shots=shots, model=model, alpha=self.alpha, others=others
        )

    def cut(
        self, graph: Mapping[str, Any], cost: float | None, sides: object
    ) -> Sequence[Oddity] | None:
        """Return in what a cut is not one of `graph`; None where the graph has no meaning."""
        try:
            return judge_cut(graph, cost, sides)
        except reference_sim.ProblemError:
            return None

    def spectrum(
        self, hamiltonian: Sequence[Any], value: float, shots: int
    ) -> Sequence[Oddity] | None:
        """Return whether no state has this energy; None where that cannot be told."""
        try:
            return judge_spectrum(hamiltonian, value, shots, self.alpha)
        except reference_sim.ProblemError:
            return None

    def energy(
        self, ansatz: Mapping[str, Any], hamiltonian: Sequence[Any], value: float, shots: int
    ) -> Sequence[Oddity] | None:
        """Return whether it is not the energy of `ansatz`; None where that cannot be told."""
        try:
            return judge_energy(ansatz, hamiltonian, value, shots, self.alpha)
        except (reference_sim.CircuitError, reference_sim.ProblemError):
            return None

    def judge(self, results: Iterable[tuple[Weighed, Mapping[str, Any]]]) -> Judgement:
        """Return the verdict over all results of a run, each with its circuit."""
        return judge(with_tells(results), self.alpha)
