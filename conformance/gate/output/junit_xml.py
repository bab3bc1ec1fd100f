"""The gate's report as JUnit XML: a case for each change, a suite for each operation."""

from __future__ import annotations

import json
from itertools import groupby

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from conformance.gate.accepting import Result
from conformance.gate.changes import Change, Verdict
from conformance.gate.rules import BY_NAME
from conformance.report.visible import shortened, visible


def junit(result: Result) -> str:
    """Return JUnit XML; what fails the gate is a failure, what was accepted or may pass a skip."""
    document = JUnitXml("qconform gate")
    ordered = sorted(result.comparison.changes, key=lambda change: change.operation)
    for operation, group in groupby(ordered, key=lambda change: change.operation):
        suite = TestSuite(visible(operation or "the whole API"))
        for change in group:
            suite.add_testcase(_case(result, change))
        document.add_testsuite(suite)
    if not ordered:
        suite = TestSuite("the whole API")
        suite.add_testcase(TestCase("nothing changed", "qconform gate"))
        document.add_testsuite(suite)
    document.update_statistics()  # type: ignore[no-untyped-call]  # junitparser's own gap
    raw: bytes = document.tostring()  # type: ignore[no-untyped-call]  # junitparser's own gap
    return raw.decode("utf-8") + "\n"


def _case(result: Result, change: Change) -> TestCase:
    rule = BY_NAME[change.rule]
    case = TestCase(visible(f"{change.where} {change.fingerprint}"), f"{rule.id} {rule.name}")
    message = f"{change.verdict}: was {change.before}, is {change.after}"
    text = visible(shortened(message, 1000))
    if result.fails(change):
        failure = Failure(text, str(change.verdict))
        if change.witness is not None:
            failure.text = visible(json.dumps(change.witness.message, ensure_ascii=False))
        case.result = [failure]
    elif change.verdict is not Verdict.COMPATIBLE:
        accepted = "accepted, " if result.is_accepted(change) else ""
        case.result = [Skipped(f"{accepted}{text}", str(change.verdict))]
    return case
