"""What checks judge by: the documents as they bind, and what they leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from conformance.model import (
    Binding,
    Exchange,
    Judgement,
    Oddity,
    Operation,
    Specification,
    Weighed,
)
from conformance.providers import Provider

_BINDINGS: dict[tuple[int, str, int], tuple[Specification, tuple[Binding, ...]]] = {}
"""What binds a response, by document, operation and status: found once, asked for every answer."""


_WIDENED: dict[int, tuple[Operation, Specification, Operation]] = {}
"""What the widened document has of an operation: looked up once."""


class Oracle(Protocol):
    """An independent source of what a circuit gives."""

    def is_valid(self, circuit: Mapping[str, Any]) -> bool:
        """Whether the circuit has a meaning."""

    def impossible(self, circuit: Mapping[str, Any]) -> str:
        """Return why no machine can run `circuit`; empty when that is not plain."""

    def bound(self, circuit: Mapping[str, Any]) -> float:
        """Return how far a correct probability may be from the exact one."""

    def distribution(self, circuit: Mapping[str, Any], answer: object) -> Sequence[Oddity]:
        """Return in what `answer` is no distribution over the circuit's qubits."""

    def exact(
        self,
        circuit: Mapping[str, Any],
        answer: Mapping[str, float],
        others: Sequence[tuple[str, Mapping[str, Any]]],
    ) -> Sequence[Oddity]:
        """Return in what `answer` is not the distribution of `circuit`."""

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
        """Return what a result says; `shots` 0 for an exact one."""

    def cut(
        self, graph: Mapping[str, Any], cost: float | None, sides: object
    ) -> Sequence[Oddity] | None:
        """Return in what a cut is not one of `graph`; None where the graph has no meaning."""

    def spectrum(
        self, hamiltonian: Sequence[Any], value: float, shots: int
    ) -> Sequence[Oddity] | None:
        """Return whether no state has this energy; None where that cannot be told."""

    def energy(
        self, ansatz: Mapping[str, Any], hamiltonian: Sequence[Any], value: float, shots: int
    ) -> Sequence[Oddity] | None:
        """Return whether it is not the energy of `ansatz`; None where that cannot be told."""

    def judge(self, results: Iterable[tuple[Weighed, Mapping[str, Any]]]) -> Judgement:
        """Return the verdict over all results of a run, each with its circuit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """A provider's documents and facts, as every check is handed them.

    `lenient` is the document widened by the listed tolerances: what only it accepts may be
    accepted or refused.
    """

    strict: Specification
    lenient: Specification
    provider: Provider
    oracle: Oracle
    leaks: Callable[[str | bytes], bool] = lambda _text: False
    """Whether a text carries a key of this run."""
    patience: float = 20.0
    """Seconds within which a valid job on the ideal simulator is to end."""
    lag: float = 0.0
    """Seconds that a list may lag behind what single calls said."""

    def bindings(self, operation: str, status: int) -> tuple[Binding, ...]:
        """Return the further documents that bind a response."""
        kept = _BINDINGS.get((id(self.strict), operation, status))
        if kept is None or kept[0] is not self.strict:
            kept = (self.strict, self.strict.bindings_for(operation, status))
            _BINDINGS[id(self.strict), operation, status] = kept
        return kept[1]

    def tolerant(self, operation: Operation) -> Operation:
        """Return `operation` as the widened document has it."""
        kept = _WIDENED.get(id(operation))
        if kept is None or kept[0] is not operation or kept[1] is not self.lenient:
            kept = (operation, self.lenient, self.lenient.operation(operation.id))
            _WIDENED[id(operation)] = kept
        return kept[2]


def settled(event: Exchange, listing: Exchange, contract: Contract) -> bool:
    """Whether `listing` was asked for so long after `event` that it must know of it."""
    took = event.response.elapsed if event.response is not None else 0.0
    return listing.started >= event.started + took + contract.lag


def as_documented(exchange: Exchange) -> bool:
    """Whether the request uses the method of its operation."""
    operation = exchange.operation
    return operation is not None and exchange.case.request.method == operation.method
