"""For every fault of the mock the smallest plan that should find it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from conformance.engine import Options, run
from conformance.mock import FAULTS
from conformance.mock.faults import Fault
from conformance.model import Event, Finding, FindingMade

BY_NAME = {fault.name: fault for fault in FAULTS}

SCENARIOS = {
    "missing-field": "whole-life",
    "wrong-type": "whole-life",
    "extra-field": "whole-life",
    "unknown-status": "whole-life",
    "undeclared-status": "whole-life",
    "nan-cost": "estimates",
    "naked-date": "active-sessions",
    "crash": "whole-life",
    "shots-unchecked": "wrong-qis-job-2",
    "extra-input-unchecked": "wrong-qis-job-0",
    "missing-input-unchecked": "wrong-session-3",
    "self-control-runs": "impossible-jobs",
    "trace-shown": "unknown-job",
    "refused-job-kept": "wrong-qis-job-0",
    "valid-gate-refused": "gate-v",
    "valid-gate-fails": "gate-v",
    "no-key-needed": "DeleteJob-keys",
    "any-key-accepted": "DeleteJob-keys",
    "key-echoed": "GetJob-other-tenant",
    "job-readable": "GetJob-other-tenant",
    "results-readable": "GetJobProbabilities-other-tenant",
    "session-readable": "GetSession-other-tenant",
    "job-cancelable": "CancelJob-other-tenant",
    "job-deletable": "DeleteJob-other-tenant",
    "session-endable": "EndSession-other-tenant",
    "list-leaks": "GetJobs-other-tenant",
    "open-needs-key": "getBackends-keys",
    "reversed-bits": "order-x-on-qubit-0",
    "uniform": "order-x-on-qubit-0",
    "unnormalised": "order-x-on-qubit-0",
    "negative-probability": "order-x-on-qubit-0",
    "s-as-si": "gate-s",
    "control-ignored": "controlled-x",
    "phase-in-radians": "native-gpi",
    "zz-halved": "native-zz",
    "rotation-halved": "gate-rx",
    "circuits-swapped": "several-circuits",
    "aggregate-disordered": "several-circuits",
    "stale-results": "plain-submissions",
    "gateset-override-ignored": "several-gatesets",
    "fifth-qubit-lost": "relatives",
    "noise-tripled": "noise-aria-1-0",
    "stray-shots": "noise-aria-1-0",
    "wrong-stats": "width-of-1",
    "metadata-altered": "whole-life",
    "shots-off-by-one": "width-of-1",
    "times-disordered": "width-of-1",
    "results-too-early": "cancel-at-once",
    "results-withheld": "width-of-1",
    "results-elsewhere": "whole-life",
    "job-steps-back": "whole-life",
    "job-requeued": "dry-run",
    "job-stuck": "dry-run",
    "child-lost": "several-circuits",
    "canceled-job-completes": "cancel-at-once",
    "deleted-job-stays": "whole-life",
    "silent-failure": "impossible-jobs",
    "session-reopens": "whole-session",
    "session-never-ends": "whole-session",
    "session-forgets-jobs": "whole-session",
    "session-limit-raised": "whole-session",
    "session-unlimited": "job-count",
    "cost-limit-forgotten": "cost-limit",
    "unknown-session-ignored": "unknown-session",
    "session-never-starts": "whole-session",
    "sessions-end-together": "active-sessions",
    "session-unlisted": "active-sessions",
    "page-drops-entry": "pages",
    "page-repeats-entry": "pages",
    "filter-ignored": "filters",
    "list-disagrees": "pages",
    "active-ignored": "active-sessions",
    "estimate-falls": "estimates",
    "estimate-misread": "estimates",
    "dry-run-billed": "dry-run",
    "usage-forgets": "usage",
}
"""Fault to the scenario of its suite that shows it; the others are shown by their operation."""


def plan_for(fault: Fault) -> Options:
    """Return the smallest plan that should find `fault`."""
    plan = Options(
        faults=(fault.name,),
        suites=(fault.suite,),
        profile="smoke",
        patience=0.5 if fault.name == "job-stuck" else 10.0,
        request_timeout=0.3 if fault.name == "hang" else 10.0,
    )
    scenario = SCENARIOS.get(fault.name)
    if scenario:
        return replace(plan, case=f"{fault.suite}.{scenario}")
    profile = "ci" if fault.name == "lax-methods" else "smoke"
    return replace(plan, operations=(fault.operation,), profile=profile)


def findings(options: Options) -> list[Finding]:
    """Run the plan and return what it finds."""
    return [event.finding for event in events(options) if isinstance(event, FindingMade)]


def first_finding(options: Options, rule: str) -> Finding | None:
    """Run the plan until `rule` finds something, and return that."""
    with _closing(events(options)) as stream:
        for event in stream:
            if isinstance(event, FindingMade) and event.finding.check == rule:
                return event.finding
    return None


def events(options: Options) -> Iterator[Event]:
    """Run the plan and yield its events."""
    return run(options)


@contextmanager
def _closing(stream: Iterator[Event]) -> Iterator[Iterator[Event]]:
    try:
        yield stream
    finally:
        close = getattr(stream, "close", None)
        if close is not None:
            close()
