"""The summary as JUnit XML, for CI systems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from conformance.model import Finding, Outcome, Severity, Verdict
from conformance.report import wording
from conformance.report.rules import NO_RULES, Rules, rule_text
from conformance.report.summary import RuleTally, Summary
from conformance.report.visible import shortened, visible

MESSAGE_LIMIT = 1000
TEXT_LIMIT = 20_000


def junit(summary: Summary, *, rules: Rules = NO_RULES) -> str:
    """Return JUnit XML: one suite for each family of rules, one case for each rule and operation.

    Violated is a failure; violated by warnings only, cannot tell and not tested are skipped,
    each with its reason. The case `run reaches a verdict` is an error when the run was killed
    or judged nothing, because the other cases then prove less than they seem to.
    """
    document = JUnitXml("qconform")
    document.add_testsuite(_run_suite(summary))
    tallies = _all_rules(summary, rules)
    for family, group in groupby(tallies, key=lambda rule: rule.check.partition("-")[0]):
        document.add_testsuite(_family(family, group, summary, rules))
    document.update_statistics()  # type: ignore[no-untyped-call]  # junitparser's own gap
    return _text_of(document)


def _text_of(document: JUnitXml) -> str:
    """Return the document with a tag a line; a `>` in text is escaped, so none is touched."""
    raw: bytes = document.tostring()  # type: ignore[no-untyped-call]  # junitparser's own gap
    text = raw.decode("utf-8")
    root = text[text.index("<testsuites") :]
    tidy = root.replace(" />", "/>").replace("><", ">\n<")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tidy}\n'


def _all_rules(summary: Summary, rules: Rules) -> list[RuleTally]:
    judged = {rule.check: rule for rule in summary.rules}
    return [judged.get(check) or RuleTally(check=check) for check in sorted({*judged, *rules})]


def _run_suite(summary: Summary) -> TestSuite:
    suite = TestSuite("run")
    suite.timestamp = visible(summary.run.started)
    for name, value in _identity(summary):
        suite.add_property(name, visible(value))
    case = TestCase("run reaches a verdict", "run", round(summary.elapsed, 3))
    if summary.finished is None or summary.finished.exit_code > 1:
        case.result = [Error(visible(wording.reason(summary)), summary.verdict.shown)]
    suite.add_testcase(case)
    return suite


def _identity(summary: Summary) -> Iterator[tuple[str, str]]:
    run = summary.run
    yield "tool", f"qconform {run.tool}"
    yield "document", run.document
    yield "digest", run.digest
    yield "target", run.target
    yield "profile", run.profile
    yield "seed", str(run.seed)
    yield "verdict", summary.verdict.shown


def _family(family: str, group: Iterable[RuleTally], summary: Summary, rules: Rules) -> TestSuite:
    suite = TestSuite(visible(family))
    for rule in group:
        for case in _cases(rule, summary, rules):
            suite.add_testcase(case)
    return suite


def _cases(rule: RuleTally, summary: Summary, rules: Rules) -> Iterator[TestCase]:
    classname = visible(f"{rule.check} {rule_text(rules, rule.check).name}".strip())
    if not rule.outcomes:
        case = TestCase("every operation", classname)
        case.result = [Skipped(Verdict.NOT_TESTED.shown)]
        yield case
    places = {o.id: f"{o.method} {o.path} ({o.id})" for o in summary.operations}
    for outcome in rule.outcomes:
        name = places.get(outcome.operation, outcome.operation) or "the whole run"
        case = TestCase(visible(name), classname)
        findings = [
            finding
            for finding in summary.findings
            if (finding.check, finding.operation) == (outcome.check, outcome.operation)
        ]
        _judge(case, outcome, findings)
        yield case


def _judge(case: TestCase, outcome: Outcome, findings: list[Finding]) -> None:
    verdict = outcome.verdict
    if verdict is Verdict.VIOLATES:
        fatal = [finding for finding in findings if finding.severity is Severity.ERROR]
        if fatal or not findings:
            case.result = [_failure(fatal)]
        else:
            case.result = [Skipped(f"warning: {_message(findings)}", "warning")]
            case.system_out = _text(findings)
    elif verdict is not Verdict.CONFORMS:
        times = f"{outcome.inconclusive:,} of {outcome.judged:,} times"
        told = f"{verdict.shown}, {times}" if outcome.judged else verdict.shown
        case.result = [Skipped(told, verdict.shown)]


def _failure(findings: list[Finding]) -> Failure:
    failure = Failure(_message(findings), Verdict.VIOLATES.shown)
    failure.text = _text(findings)
    return failure


def _message(findings: list[Finding]) -> str:
    if not findings:
        return "violated; the log holds no finding"
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    text = f"expected {first.expected}, seen {first.seen}, at {first.where}"
    return visible(shortened(text, MESSAGE_LIMIT)) + more


def _text(findings: list[Finding]) -> str:
    blocks = (
        "\n".join(f"{label:<10}{visible(text)}" for label, text in wording.fields(finding))
        for finding in findings
    )
    return shortened("\n\n".join(blocks), TEXT_LIMIT)
