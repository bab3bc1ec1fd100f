"""The form in which a provider states its facts, so that suites need not know whose they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from conformance.providers.functions import NO_FUNCTIONS, NO_VARIANTS, FunctionFacts, VariantFacts
from conformance.providers.listing import ListFacts
from conformance.providers.spending import NOTHING, SpendingFacts
from conformance.providers.things import Things

Json = dict[str, Any]
Words = tuple[str, ...]
"""A key as it is given: the secret, and whatever else tells an account of this provider."""


def _unsupported(*_arguments: Any, **_fields: Any) -> Json:
    raise NotImplementedError("this provider has no such payload")


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
    """Operations and fields by which jobs are made, read and ended; empty where there is none."""

    create: str
    read: str
    listing: str
    cancel: str
    delete: str
    results: str
    id_parameter: str
    change: str = ""
    """Changes what was submitted."""
    cancel_many: str = ""
    delete_many: str = ""
    cost: str = ""
    estimate: str = ""
    results_of_many: str = ""
    ideal_backend: str = ""
    schemas: tuple[str, ...] = ()
    """JSON Schemas that describe creation payloads besides the document."""
    states: Mapping[str, State]
    order: tuple[str, ...]
    """States in the order in which a job passes through them."""
    excusable_failures: frozenset[str] = frozenset()
    """Failure codes that say nothing about the submitted circuit."""
    limit_failures: frozenset[str] = frozenset()
    """Failure codes by which a service states a limit that no document gives."""
    times: tuple[str, ...] = ()
    """Fields with moments, in the order in which they happen."""
    ended_at: str = ""
    """Field that is null until a job has ended."""
    lasted: str = ""
    """Field with the duration of a job that has ended, as its provider writes durations."""
    given: tuple[str, str] = ("", "")
    """Operation that tells what a job was given to run, and the field of its payload."""
    last_changed: str = ""
    """Field with the moment at which a job came into its state."""
    set_when_done: tuple[str, ...] = ()
    """Fields that are null before a job has run, and not null once it has completed."""
    links: str = ""
    """Field that says where the results of a completed job are."""
    made_at: str = ""
    """Field with the moment at which a job was submitted, by the service's clock."""
    circuit: Callable[..., Json] = _unsupported
    """Circuit and options to a creation payload for one circuit."""
    circuits: Callable[..., Json] = _unsupported
    """Circuits and options to a creation payload for several."""
    circuits_of: Callable[[Json], tuple[Json, ...]]
    """Creation payload to its circuits, each with the gateset and qubits that hold for it."""
    is_ideal: Callable[[Json], bool] = lambda _payload: False
    """Whether a creation payload asks for exact probabilities."""
    default_shots: int = 0
    """Of a job that does not say how many."""
    shots_of: Callable[[Json], Any] = lambda payload: payload.get("shots")
    """Creation payload to how often its circuits are run; None where it does not say."""
    model_of: Callable[[Json], str] = lambda _payload: ""
    """Creation payload to the noise model that it asks for: `ideal`; empty for a machine."""
    samples: bool = False
    """Whether results without noise are drawn, too, instead of computed."""
    is_result: Callable[[Json], bool] = lambda _body: True
    """Whether a successful answer of the results operation holds results."""
    measured: Callable[[Json], object] = lambda body: body
    """Results of one circuit to probability by decimal key; bit k of the key is qubit k."""
    stays: bool = False
    """Whether a job that has ended cannot be canceled any more."""
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields of a creation payload that a job repeats, by the steps to each: `params/pubs`, and
    at which steps of its own."""
    metrics: str = ""
    """Operation that tells the times and the use of a job."""
    metric_times: tuple[str, ...] = ()
    """Members of its `timestamps`, in the order in which they happen: made, begun, ended."""
    metric_use: str = ""
    """Member of its `usage` with the seconds that a job ran."""
    several: Callable[..., Json] | None = None
    """Circuits, backend and shots to a creation payload for all; None where there is none."""
    misshapen: Callable[[Json, Json], str] = lambda _payload, _results: ""
    """Creation payload and results to how these are not of its circuits; empty if they are."""
    simulators: Callable[[Json], Iterable[str]] = lambda _body: ()
    """Any answer to the names of the backends that it says have no noise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFacts:
    """Operations, fields and the table of states by which sessions are made, read and ended."""

    create: str
    read: str
    listing: str
    end: str
    jobs: str = ""
    """Lists the jobs of one session."""
    id_parameter: str
    states: tuple[str, ...]
    """In the order in which a session passes through them; the last one is final."""
    request: Callable[..., Json] = _unsupported
    state: str = "status"
    """Field that says which of these it is in."""
    returns: frozenset[tuple[str, str]] = frozenset()
    """Steps back that are part of its life: from the first of a pair to the second."""
    over: frozenset[str] = frozenset()
    """States in which it has ended or is about to; the final one alone when none is named."""
    ready: frozenset[str] = frozenset()
    """States in which it takes jobs, where it need not take them from the first moment on."""
    finishes: bool = False
    """Whether jobs that run when it is told to end run to their own end."""
    opening: Json = field(default_factory=dict)
    """Body of a call of `close` that asks it to take jobs again."""
    waiting_jobs: str = ""
    """Field that says how many of its jobs have not started."""
    finished_jobs: str = ""
    """Field that says how many of its jobs have ended."""
    log: str = ""
    """Field that lists each state it entered: its `status`, and its `timestamp`."""
    entered: Mapping[str, str] = field(default_factory=dict)
    """States to the fields with the moment of the last entry into them."""
    last_end: str = ""
    """Field with the moment at which a job last ended."""
    used: str = ""
    """Field that says how many seconds it has used."""
    lowered: frozenset[str] = frozenset()
    """Durations of a creation payload that a plan may lower."""
    busy: frozenset[str] = frozenset()
    """States that a session leaves when it has been idle for too long."""
    times: tuple[str, ...] = ()
    """Fields with moments, in the order in which they happen."""
    ended_at: str = ""
    """Field with the moment of its end."""
    last_start: str = ""
    """Field with the moment at which its last job was started."""
    backend: str = "backend"
    """Field of a creation payload that says where its jobs run."""
    runs_on: str = "backend"
    """Field of a session that repeats it."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Further fields of a creation payload that a session repeats, and under which names."""
    longest: str = ""
    """Field that says how long it may last."""
    counted_from: tuple[str, ...] = ()
    """Fields with the moment from which that counts: the first one that is set."""
    idle: str = ""
    """Field that says how long it may be idle."""
    idle_from: tuple[str, ...] = ()
    """Fields with moments, after the last of which it is idle unless a job runs."""
    seconds: Callable[[object], float | None] = lambda _value: None
    """A duration as this provider writes it, in seconds."""
    idly: Json = field(default_factory=dict)
    """Fields of a creation payload for a session that may be idle for a short while only."""
    idly_else: Json = field(default_factory=dict)
    """The same where only some customers may ask for `idly`."""
    unused: float = 0.0
    """Seconds after which a session ends that never had a job; 0 for never."""
    close: str = ""
    """Operation after which a session takes no job and finishes those it has."""
    closing: Json = field(default_factory=dict)
    """Body of a call of that operation that closes."""
    closes: Callable[[Json], bool] = lambda _body: True
    """Whether a call of that operation closes; it may open again."""
    change: str = ""
    """Operation that changes what was asked for."""
    remove: str = ""
    """Operation after which neither the session nor its jobs exist."""
    deduplication: str = ""
    """Field of a creation payload that names a live session: the same one is given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageFacts:
    """How an account learns what it has used; empty where no operation tells."""

    operation: str = ""
    used: str = ""
    """Field with the seconds used in this period."""
    limit: str = ""
    """Field with the seconds that may be used; absent for no limit."""
    reached: str = ""
    """Field that says whether the limit is reached."""
    period: tuple[str, str, str] = ("", "", "")
    """Field of the period, and its own fields with its begin and its end."""


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
    key_header: str = "Authorization"
    key_prefix: str
    """What stands before the key in its header."""
    key_words: tuple[str, ...] = ("the key of an account",)
    """What a key consists of, in order, as it is given with spaces between; empty for no keys."""
    further_headers: Callable[[Words], tuple[tuple[str, str], ...]] = lambda _words: ()
    """Words of a key to what is sent besides the secret."""
    scope_of: Callable[[Words], Mapping[str, str]] = lambda _words: {}
    """Words of a key to what requests of its account name: parameters and fields."""
    takes_tokens: bool = False
    """Whether a bearer token may come in the place of the key."""
    wrong_key: str
    """A secret of the right form that belongs to nobody."""
    free_parameters: frozenset[str]
    """Path parameters whose enumeration a service may extend."""
    presumed: frozenset[str] = frozenset()
    """Required query parameters of which the documents disagree whether they may be left out."""
    free_access: frozenset[str]
    """Operations that a service may leave open although they are shown with a key."""
    probe: str
    """Operation that anybody may call and every such service answers."""
    list_lag: float
    """Seconds that a list may lag behind single reads; a service may answer lists from a copy."""
    jobs: JobFacts
    sessions: SessionFacts
    spending: SpendingFacts = NOTHING
    functions: FunctionFacts = NO_FUNCTIONS
    variants: VariantFacts = NO_VARIANTS
    things: Things | None = None
    """What operations are about, where suites are made from this table alone."""
    repeats: Mapping[str, str] = field(default_factory=dict)
    """Operations to the field of the answer that repeats the one id of the path."""
    usage: UsageFacts = UsageFacts()
    lists: tuple[ListFacts, ...] = ()
    """What lists can be asked for, where walks are made from the table of things."""
    unjudged: Mapping[str, str] = field(default_factory=dict)
    """Rules, by how their ids begin, that say nothing about this API, and why."""
    live: bool = True
    """Whether a run on somebody else's system is known to be safe."""
    documents: Path | None = None
    """Holds VERSION/openapi.yaml, of a provider that another package adds; None when bundled."""

    def secret(self, key: str) -> str:
        """Return the part of `key` that nobody else may know."""
        return key.partition(" ")[0]

    def authorization(self, key: str) -> tuple[str, str]:
        """Return the header that carries the secret of `key`."""
        return (self.key_header, f"{self.key_prefix}{self.secret(key)}")

    def headers(self, key: str) -> tuple[tuple[str, str], ...]:
        """Return all headers that tell whose request it is."""
        return (self.authorization(key), *self.further_headers(tuple(key.split(" "))))

    def with_secret(self, key: str, secret: str) -> str:
        """Return `key` with another secret and the same account."""
        return " ".join([secret, *key.split(" ")[1:]])

    def scope(self, key: str) -> dict[str, str]:
        """Return what requests of the account of `key` name."""
        return dict(self.scope_of(tuple(key.split(" "))))

    def reason_against(self, rule: str) -> str:
        """Return why the rule with this id says nothing here; empty when it judges."""
        return next((why for start, why in self.unjudged.items() if rule.startswith(start)), "")
