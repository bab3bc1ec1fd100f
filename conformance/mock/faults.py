"""The catalogue of deliberate misbehaviours, and the switches that turn them on.

Every fault names the rules that must find it; a check without such a fault has not been
shown to be able to fail.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from conformance.errors import UnknownName


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One deliberate misbehaviour of the mock."""

    name: str
    summary: str
    """What the service does wrong."""
    finds: tuple[str, ...]
    """Ids of the rules that must find it, the most telling first."""
    suite: str
    """The suite whose smallest plan should find it."""
    operation: str = ""
    """Id of the operation that shows it; empty when several do."""


def _fault(
    name: str, summary: str, finds: str, suite: str = "contract", operation: str = ""
) -> Fault:
    return Fault(
        name=name, summary=summary, finds=tuple(finds.split()), suite=suite, operation=operation
    )


FAULTS: tuple[Fault, ...] = (
    # Bodies.
    _fault("missing-field", "a job comes without its stats", "SCHEMA-001", "lifecycle",
           "GetJob"),
    _fault("wrong-type", "a job's shots come as text", "SCHEMA-001 SCHEMA-002", "lifecycle",
           "GetJob"),
    _fault(
        "extra-field", "a job carries a field that the document forbids", "SCHEMA-001",
        "lifecycle", "GetJob",
    ),
    _fault(
        "unknown-status", "a new job is queued, a status that does not exist", "SCHEMA-001",
        "lifecycle", "CreateJob",
    ),
    _fault(
        "null-list", "a list of sessions without entries is null", "SCHEMA-001",
        operation="GetSessions",
    ),
    _fault(
        "unknown-backend-status", "a backend is online, a status of no schema", "SCHEMA-002",
        operation="getBackends",
    ),
    _fault(
        "naked-date", "a session's times carry no date-time but words", "SCHEMA-001 SCHEMA-002",
        "lifecycle", "CreateSession",
    ),
    _fault("nan-cost", "an estimate is NaN, which is no JSON", "SCHEMA-003", "lifecycle",
           "EstimateJobCost"),
    _fault("cut-body", "the last byte of the body is missing", "SCHEMA-003", operation="getWhoami"),
    # HTTP.
    _fault("crash", "a valid request for a job's cost ends in 500", "HTTP-001",
           "lifecycle", "GetJobCost"),
    _fault("undeclared-status", "a job is created with 202", "HTTP-002", "lifecycle",
           "CreateJob"),
    _fault("html-answer", "the backends come as HTML", "HTTP-003", operation="getBackends"),
    _fault("lax-methods", "a method that nobody declared is served", "HTTP-004",
           operation="getWhoami"),
    _fault("hang", "the list of sessions never comes", "HTTP-005", operation="GetSessions"),
    # Requests.
    _fault(
        "shots-unchecked", "more shots than allowed are accepted", "INPUT-002",
        operation="CreateJob",
    ),
    _fault(
        "extra-input-unchecked", "fields that the document forbids are accepted", "INPUT-002",
        operation="CreateJob",
    ),
    _fault(
        "missing-input-unchecked", "a session without a backend is accepted", "INPUT-002",
        operation="CreateSession",
    ),
    _fault(
        "valid-gate-refused", "a circuit with the gate v is refused with 400", "INPUT-001",
        "physics", "CreateJob",
    ),
    _fault("bare-refusal", "an error body lacks its statusCode", "SCHEMA-001", operation="GetJob"),
    _fault(
        "contradicting-refusal", "an error body states another status", "INPUT-003",
        operation="GetJob",
    ),
    _fault(
        "valid-gate-fails", "a job with the gate v fails", "LIFE-012", "physics", "CreateJob"
    ),
    _fault(
        "trace-shown", "an error body carries a stack trace", "ROBUST-001", "lifecycle", "GetJob"
    ),
    _fault(
        "refused-job-kept", "a job whose submission was refused is there all the same",
        "INPUT-004", operation="CreateJob",
    ),
    _fault(
        "self-control-runs", "a gate controlled by its own target is left out, the job completes",
        "INPUT-005", "lifecycle", "CreateJob",
    ),
    # Access.
    _fault("no-key-needed", "requests without a key are served", "ACCESS-001 ACCESS-008",
           "access"),
    _fault("any-key-accepted", "requests with an unknown key are served",
           "ACCESS-002 ACCESS-008", "access"),
    _fault("job-readable", "a job can be read by another tenant", "ACCESS-003", "access", "GetJob"),
    _fault(
        "results-readable", "results can be read by another tenant", "ACCESS-003", "access",
        "GetJobProbabilities",
    ),
    _fault(
        "session-readable", "a session can be read by another tenant", "ACCESS-003", "access",
        "GetSession",
    ),
    _fault(
        "job-cancelable", "a job can be canceled by another tenant", "ACCESS-004 ACCESS-008",
        "access", "CancelJob",
    ),
    _fault(
        "job-deletable", "a job can be deleted by another tenant", "ACCESS-004 ACCESS-008",
        "access",
        "DeleteJob",
    ),
    _fault(
        "session-endable", "a session can be ended by another tenant",
        "ACCESS-004 ACCESS-008 LIFE-020", "access", "EndSession",
    ),
    _fault("key-echoed", "a refusal repeats the key", "ACCESS-005", "access"),
    _fault("list-leaks", "the list shows other tenants' jobs", "ACCESS-006", "access", "GetJobs"),
    _fault("open-needs-key", "the backends are shown to callers with a key only",
           "ACCESS-007 INPUT-001", "access", "getBackends"),
    # Physics.
    _fault(
        "reversed-bits", "qubit 0 is the most significant bit of a key", "PHYS-001", "physics",
        "GetJobProbabilities",
    ),
    _fault("uniform", "every outcome is equally likely", "PHYS-001", "physics",
           "GetJobProbabilities"),
    _fault(
        "unnormalised", "the probabilities sum to 0.9", "PHYS-002", "physics",
        "GetJobProbabilities",
    ),
    _fault(
        "negative-probability", "an outcome has a probability below zero", "PHYS-002", "physics",
        "GetJobProbabilities",
    ),
    _fault("s-as-si", "s is applied as its inverse", "PHYS-001", "physics", "GetJobProbabilities"),
    _fault(
        "control-ignored", "gates act whatever their controls say", "PHYS-001", "physics",
        "GetJobProbabilities",
    ),
    _fault(
        "phase-in-radians", "native phases are read in radians, not turns", "PHYS-001", "physics",
        "GetJobProbabilities",
    ),
    _fault(
        "zz-halved", "the native zz turns half as far", "PHYS-001", "physics",
        "GetJobProbabilities",
    ),
    _fault(
        "rotation-halved", "rx, ry and rz turn half as far", "PHYS-001", "physics",
        "GetJobProbabilities",
    ),
    _fault(
        "circuits-swapped", "the first two circuits of a job swap their results",
        "PHYS-001", "physics", "GetJobAggregatedProbabilities",
    ),
    _fault(
        "gateset-override-ignored", "a circuit's own gateset is ignored, its gates left out",
        "PHYS-001", "physics", "GetJobAggregatedProbabilities",
    ),
    _fault(
        "aggregate-disordered", "the results of several circuits come last circuit first",
        "PHYS-003", "physics", "GetJobAggregatedProbabilities",
    ),
    _fault(
        "stale-results", "the results are those of the tenant's job before", "PHYS-001 PHYS-002",
        "lifecycle", "GetJobProbabilities",
    ),
    _fault("wrong-stats", "the stats tell one qubit too many", "PHYS-004", "physics", "GetJob"),
    _fault(
        "fifth-qubit-lost", "gates that touch qubit 4 are left out", "PHYS-010 PHYS-001",
        "physics", "GetJobProbabilities",
    ),
    _fault(
        "noise-tripled", "ms gates have three times the noise of their model", "STAT-001",
        "physics", "GetJobProbabilities",
    ),
    _fault(
        "stray-shots", "one shot in a hundred reads the highest qubit wrongly",
        "STAT-002 STAT-001", "physics", "GetJobProbabilities",
    ),
    # Jobs and sessions.
    _fault(
        "metadata-altered", "metadata comes back in lower case", "LIFE-007", "lifecycle", "GetJob"
    ),
    _fault(
        "shots-off-by-one", "a job tells one shot more than asked", "LIFE-007", "physics", "GetJob"
    ),
    _fault(
        "times-disordered", "a job has ended before it started", "LIFE-006", "physics", "GetJob"
    ),
    _fault(
        "results-too-early", "a job that was canceled gives results all the same", "LIFE-003",
        "lifecycle", "GetJobProbabilities",
    ),
    _fault(
        "results-withheld", "a completed job names no results", "LIFE-003", "physics", "GetJob"
    ),
    _fault(
        "results-elsewhere", "the link to the results lacks the version", "LIFE-017", "lifecycle",
        "GetJob",
    ),
    _fault(
        "job-steps-back", "a completed job is started again when read again",
        "LIFE-002 LIFE-003", "lifecycle", "GetJob",
    ),
    _fault("job-requeued", "a started job is read as ready again", "LIFE-001", "lifecycle",
           "GetJob"),
    _fault("child-lost", "a job names all of its children but the last", "LIFE-013", "lifecycle",
           "GetJob"),
    _fault("job-stuck", "a job stays submitted for ever", "LIFE-008", "lifecycle", "GetJob"),
    _fault(
        "canceled-job-completes", "a canceled job runs on", "LIFE-004", "lifecycle", "CancelJob"
    ),
    _fault("deleted-job-stays", "a deleted job can still be read", "LIFE-005", "lifecycle",
           "DeleteJob"),
    _fault(
        "silent-failure", "a failed job does not say why", "LIFE-011 LIST-003", "lifecycle",
        "GetJob",
    ),
    _fault(
        "session-reopens", "an ended session is read as created", "LIFE-009 LIFE-014 LIFE-020",
        "lifecycle", "GetSession",
    ),
    _fault(
        "session-unlimited", "a session takes jobs beyond its limits", "LIFE-010", "lifecycle",
        "CreateJob",
    ),
    _fault(
        "session-never-ends", "a session that is told to end goes on", "LIFE-014 LIFE-010",
        "lifecycle", "EndSession",
    ),
    _fault(
        "session-forgets-jobs", "the list of a session's jobs is empty", "LIFE-015 LIST-001",
        "lifecycle", "GetSessionJobs",
    ),
    _fault(
        "session-limit-raised", "a session allows one job more than was asked", "LIFE-016",
        "lifecycle", "GetSession",
    ),
    _fault(
        "cost-limit-forgotten", "a session forgets its cost limit and takes job after job",
        "LIFE-018", "lifecycle", "CreateSession",
    ),
    _fault(
        "unknown-session-ignored", "a job for a session that does not exist runs without one",
        "LIFE-019", "lifecycle", "CreateJob",
    ),
    _fault(
        "session-never-starts", "a session is created however many jobs it has run", "LIFE-020",
        "lifecycle", "GetSession",
    ),
    _fault(
        "sessions-end-together", "ending one session ends the tenant's others", "LIFE-020",
        "lifecycle", "EndSession",
    ),
    _fault(
        "session-unlisted", "the list of sessions lacks the newest", "LIFE-021", "lifecycle",
        "GetSessions",
    ),
    # Lists and money.
    _fault("page-drops-entry", "a full page loses its last entry", "LIST-001", "lifecycle",
           "GetJobs"),
    _fault("page-repeats-entry", "a full page shows its first entry twice", "LIST-001",
           "lifecycle", "GetJobs"),
    _fault("filter-ignored", "lists ignore their filters", "LIST-002", "lifecycle", "GetJobs"),
    _fault(
        "list-disagrees", "the list shows other names than the jobs", "LIST-003", "lifecycle",
        "GetJobs",
    ),
    _fault("active-ignored", "the list of sessions ignores its filter", "LIST-004", "lifecycle",
           "GetSessions"),
    _fault(
        "estimate-falls", "more shots cost less", "COST-001", "lifecycle", "EstimateJobCost"
    ),
    _fault("estimate-misread", "an estimate is for one shot more than asked", "COST-004",
           "lifecycle", "EstimateJobCost"),
    _fault("dry-run-billed", "a dry run costs as much as the run", "COST-002", "lifecycle",
           "GetJobCost"),
    _fault(
        "usage-forgets", "usage reports half of what was spent", "COST-003", "lifecycle",
        "get-usages",
    ),
)  # fmt: skip


class Faults:
    """The faults that are on. Truthy when any is."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._on: set[str] = set()
        self.told: set[str] = set()
        """Ids of what was already told, for faults that lie the second time."""
        for name in names:
            self.switch_on(name)

    def on(self, name: str) -> bool:
        """Return whether fault `name` is on."""
        return name in self._on

    def switch_on(self, name: str) -> None:
        """Turn fault `name` on.

        Raises:
            UnknownName: No fault has this name.
        """
        known = tuple(fault.name for fault in FAULTS)
        if name not in known:
            raise UnknownName(kind="fault", wanted=name, known=known)
        self._on.add(name)

    def switch_off(self, name: str) -> None:
        """Turn fault `name` off, whether or not it is on."""
        self._on.discard(name)

    def reset(self, names: Iterable[str] = ()) -> None:
        """Leave just `names` on, and forget what was told.

        Raises:
            UnknownName: No fault has one of these names.
        """
        self._on.clear()
        self.told.clear()
        for name in names:
            self.switch_on(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the faults that are on, sorted."""
        return tuple(sorted(self._on))

    def __bool__(self) -> bool:
        return bool(self._on)
