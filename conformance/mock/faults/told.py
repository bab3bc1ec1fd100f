"""Faults of what jobs tell of themselves, seen in some jobs only."""

from __future__ import annotations

from conformance.mock.faults.fault import Fault, fault

FAULTS: tuple[Fault, ...] = (
    fault(
        "canceled-circuits-complete",
        "the circuits of a canceled job run on",
        "LIFE-004",
        suite="lifecycle",
        operation="CancelJob",
        scenario="cancel-several-circuits",
    ),
    fault(
        "empty-metadata-lost",
        "metadata without a text do not come back",
        "LIFE-007",
        suite="lifecycle",
        operation="GetJob",
        scenario="whole-life",
    ),
    fault(
        "default-shots-of-several-raised",
        "a job of several circuits without shots runs with 1000",
        "LIFE-007",
        suite="lifecycle",
        operation="GetJob",
        scenario="several-circuits",
    ),
    fault(
        "duration-in-microseconds",
        "the execution time of a job is told in microseconds",
        "LIFE-006",
        suite="lifecycle",
        operation="GetJob",
        scenario="usage",
    ),
    fault(
        "metadata-cut-late",
        "metadata values come back cut at 2000 characters",
        "LIFE-007",
        suite="lifecycle",
        operation="GetJob",
        scenario="whole-life",
    ),
    fault(
        "negative-qubit-is-first",
        "a gate on qubit -1 acts on qubit 0",
        "INPUT-005",
        suite="lifecycle",
        operation="CreateJob",
        scenario="impossible-jobs",
    ),
)
