"""What a run is asked to do, and how much of each thing a profile does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from conformance.live import Limits
from conformance.model import Waiver
from conformance.transport import Trust

SUITES = ("access", "lifecycle", "physics", "hostile", "contract")
"""In the order in which they run: directed probes first, fuzzing last."""
SEQUENCES = "sequences"
"""Name of the contract suite's scenario of linked requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How much a run does."""

    random_circuits: int
    """Random circuits beside the designed ones."""
    examples: int
    """Fuzzed requests an operation."""
    fuzzed_submissions: int
    """Fuzzed requests of the operation that creates jobs."""
    walked_sequences: int
    """Random sequences of calls about jobs and sessions, found wanting by Hypothesis."""
    sequences: int
    """Linked sequences of requests."""
    coverage_share: float
    """Share of Schemathesis' coverage cases beyond the first of each kind and place."""
    fuzz_seconds: float
    """Time for Schemathesis' engine; a slow target gets fewer of its cases."""
    phases: tuple[str, ...]
    """Phases of Schemathesis' engine."""
    second_opinion: int
    """One exchange in so many is judged by openapi-core too; 1 for all."""
    required: tuple[str, ...]
    """Rules without which nothing was judged."""


_ALWAYS = ("HTTP-001", "SCHEMA-001")
PROFILES = {
    "smoke": Profile(
        random_circuits=2,
        examples=3,
        fuzzed_submissions=5,
        walked_sequences=4,
        sequences=0,
        coverage_share=0.0,
        fuzz_seconds=15.0,
        phases=("examples", "fuzzing"),
        second_opinion=20,
        required=_ALWAYS,
    ),
    "ci": Profile(
        random_circuits=10,
        examples=4,
        fuzzed_submissions=12,
        walked_sequences=7,
        sequences=6,
        coverage_share=0.01,
        fuzz_seconds=60.0,
        phases=("examples", "coverage", "fuzzing", "stateful"),
        second_opinion=20,
        required=_ALWAYS,
    ),
    "full": Profile(
        random_circuits=200,
        examples=100,
        fuzzed_submissions=500,
        walked_sequences=300,
        sequences=100,
        coverage_share=1.0,
        fuzz_seconds=math.inf,
        phases=("examples", "coverage", "fuzzing", "stateful"),
        second_opinion=1,
        required=_ALWAYS,
    ),
}
"""Profiles by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A run, as its caller wants it.

    `url` is the base URL of the target; empty for the embedded mock, with `faults` on.
    Times are in seconds.
    """

    provider: str = "ionq"
    url: str = ""
    key: str = ""
    second_key: str = ""
    seed: int = 0
    profile: str = "ci"
    suites: tuple[str, ...] = SUITES
    operations: tuple[str, ...] = ()
    """Ids of operations to which the run is limited; empty for all."""
    case: str = ""
    """`suite.scenario`, or an id of a case in it: plays this scenario alone."""
    first: tuple[str, ...] = ()
    """Scenarios, as `suite.scenario`, that are played before the others: what failed last."""
    rules: tuple[str, ...] = ()
    """Rules to which judging is limited; empty for all."""
    select: tuple[str, ...] = ()
    """Rules that are judged, by id or by how ids begin; empty for all."""
    ignore: tuple[str, ...] = ()
    """Rules that are not judged, by id or by how ids begin."""
    severity: Mapping[str, str] = field(default_factory=dict)
    """Rule to `error` or `warning`, where it is to weigh other than by itself."""
    waivers: tuple[Waiver, ...] = ()
    """Findings that are accepted."""
    request_timeout: float = 10.0
    deadline: float = 0.0
    """Of the whole run; 0 for none."""
    patience: float = 30.0
    """How long a job may take from submission to its end."""
    alpha: float = 1e-6
    """Bound on the probability of a false alarm over all sampled results of the run."""
    live: bool = False
    limits: Limits = field(default_factory=Limits)
    """What a live run may use."""
    backend: str = ""
    """That jobs of a live run are for; empty for the free simulator."""
    dry_run: bool = False
    """Whether jobs of a live run are checked and not executed."""
    journal: str = ""
    """Folder of the journal of a live run; empty for the user's own."""
    trust: Trust = field(default_factory=Trust)
    workers: int = 4
    """Scenarios side by side; on a slow target that is ours, up to four times as many."""
    faults: tuple[str, ...] = ()
