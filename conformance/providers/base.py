"""The form in which a provider states its facts, so that suites need not know whose they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from conformance.providers.functions import FunctionFacts, VariantFacts
from conformance.providers.spending import SpendingFacts

Json = dict[str, Any]


class State(StrEnum):
    """Where a job or session is in its life, in words that all providers share."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"
    UNKNOWN = "unknown"

    @property
    def terminal(self) -> bool:
        """Whether nothing may follow."""
        return self in {State.COMPLETED, State.FAILED, State.CANCELED}


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFacts:
    """Operations and fields by which jobs are made, read and ended."""

    create: str
    read: str
    listing: str
    cancel: str
    delete: str
    cancel_many: str
    delete_many: str
    cost: str
    estimate: str
    results: str
    results_of_many: str
    id_parameter: str
    ideal_backend: str
    schemas: tuple[str, ...]
    """JSON Schemas that describe creation payloads besides the document."""
    states: Mapping[str, State]
    order: tuple[str, ...]
    """States in the order in which a job passes through them."""
    excusable_failures: frozenset[str]
    """Failure codes that say nothing about the submitted circuit."""
    limit_failures: frozenset[str]
    """Failure codes by which a service states a limit that no document gives."""
    times: tuple[str, ...]
    """Fields with moments, in the order in which they happen."""
    set_when_done: tuple[str, ...]
    """Fields that are null before a job has run, and not null once it has completed."""
    circuit: Callable[..., Json]
    """Circuit and options to a creation payload for one circuit."""
    circuits: Callable[..., Json]
    """Circuits and options to a creation payload for several."""
    circuits_of: Callable[[Json], tuple[Json, ...]]
    """Creation payload to its circuits, each with the gateset and qubits that hold for it."""
    is_ideal: Callable[[Json], bool]
    """Whether a creation payload asks for exact probabilities."""
    default_shots: int
    """Of a job that does not say how many."""
    model_of: Callable[[Json], str]
    """Creation payload to the noise model that it asks for: `ideal`; empty for a machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """Operations and fields by which sessions are made, read and ended."""

    create: str
    read: str
    listing: str
    end: str
    jobs: str
    id_parameter: str
    states: tuple[str, ...]
    """In the order in which a session passes through them; the last one is final."""
    request: Callable[..., Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """Facts about one API that hold whatever target speaks it."""

    name: str
    title: str
    url: str
    """Base URL of the real service."""
    key_variables: tuple[str, ...]
    """Environment variables in which its clients look for a key, first one first."""
    second_key_variable: str
    key_prefix: str
    """What stands before the key in the Authorization header."""
    wrong_key: str
    """A key of the right form that belongs to nobody."""
    free_parameters: frozenset[str]
    """Path parameters whose enumeration a service may extend."""
    free_access: frozenset[str]
    """Operations that a service may leave open although they are shown with a key."""
    probe: str
    """Operation that anybody may call and every such service answers."""
    list_lag: float
    """Seconds that a list may lag behind single reads; a service may answer lists from a copy."""
    jobs: JobFacts
    sessions: SessionFacts
    spending: SpendingFacts
    functions: FunctionFacts
    variants: VariantFacts

    def authorization(self, key: str) -> tuple[str, str]:
        """Return the header that carries `key`."""
        return ("Authorization", f"{self.key_prefix}{key}")
