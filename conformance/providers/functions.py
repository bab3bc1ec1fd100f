"""Facts about jobs that are no plain circuits: what is sent, and where its answer is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CutTold:
    """The cut that a solver tells of a graph."""

    cost: object
    sides: object
    """The side of each node; in which order is the service's to choose."""
    place: str
    """Where it is told: a pointer into the job."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyAsked:
    """The energy that a job asks for."""

    hamiltonian: list[Any]
    ansatz: Json | None
    """The circuit of the ansatz; None where its program is not one that the provider wrote."""
    shots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyTold:
    """The energy that a job tells."""

    value: object
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionFacts:
    """Payloads of maxcut and energy jobs, and how jobs and payloads are read back.

    What is read from a payload or a job is None, or empty, where there is nothing of the kind.
    """

    cut: Callable[..., Json]
    """A graph in NetworkX's adjacency form, and fields, to a creation payload."""
    graph_of: Callable[[Mapping[str, Any]], Json | None]
    """Creation payload to its graph."""
    cuts_told: Callable[[Mapping[str, Any]], Sequence[CutTold]]
    """A completed job to the cuts that it tells as its last word."""
    energy: Callable[..., Json]
    """An ansatz (a circuit), a Hamiltonian, and fields, to a creation payload."""
    energy_of: Callable[[Mapping[str, Any]], EnergyAsked | None]
    """Creation payload to the energy that it asks for: the expectation of a Hamiltonian."""
    energy_told: Callable[[Mapping[str, Any]], EnergyTold | None]
    """A completed job to its energy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One part of a debiased run, as its job tells of it."""

    id: str
    shots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFacts:
    """Operations and fields by which the parts of a debiased run are read."""

    settings: Json
    """Of a creation payload that asks for debiasing."""
    fewest_shots: int
    """With which a job may be debiased."""
    of: Callable[[Mapping[str, Any]], Sequence[Variant]]
    """A completed job to its variants, empty where one of them cannot be read."""
    probabilities: str
    histogram: str
    single_shots: str
    id_parameter: str
    sharpen: str
    """Query parameter by which the plain result becomes the sharpened one."""


NO_FUNCTIONS = FunctionFacts(
    cut=lambda *_parts, **_fields: {},
    graph_of=lambda _payload: None,
    cuts_told=lambda _job: (),
    energy=lambda *_parts, **_fields: {},
    energy_of=lambda _payload: None,
    energy_told=lambda _job: None,
)
"""Of a provider whose jobs are circuits alone."""
NO_VARIANTS = VariantFacts(
    settings={},
    fewest_shots=0,
    of=lambda _job: (),
    probabilities="",
    histogram="",
    single_shots="",
    id_parameter="",
    sharpen="",
)
"""Of a provider that debiases nothing."""
