"""The summary as JSON, for programs; `reports/schema/report.schema.json` describes it."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from conformance.model import Finding, Judgement, Outcome
from conformance.report import wording
from conformance.report.rules import NO_RULES, Rules, rule_text
from conformance.report.summary import OperationTally, RuleTally, SuiteTally, Summary

REPORT_VERSION = 1


def json_report(summary: Summary, *, rules: Rules = NO_RULES) -> dict[str, Any]:
    """Return the report as a JSON object; durations are in seconds.

    Texts are as they were logged: whoever shows them makes them harmless. Rules of the
    catalogue that were not judged are there as `not-tested`.
    """
    return {
        "report": REPORT_VERSION,
        "verdict": str(summary.verdict),
        "reason": wording.reason(summary),
        "exit_code": summary.finished.exit_code if summary.finished else None,
        "ended": summary.ended,
        "stopped": summary.finished.stopped if summary.finished else "",
        "run": _run(summary),
        "counts": _counts(summary),
        "suites": [_suite(suite) for suite in summary.suites],
        "rules": _rules(summary, rules),
        "findings": _findings(summary, rules),
        "operations": [_operation(operation) for operation in summary.operations],
        "slowest": [_plain(slow) for slow in summary.slowest],
        "notes": [_plain(note) for note in summary.notes],
        "results": None if summary.judgement is None else _results(summary.judgement),
    }


def _results(judgement: Judgement) -> dict[str, Any]:
    """Return what the results of circuits weigh; single results are in the run log."""
    members = _plain(judgement) | {"verdict": str(judgement.verdict)}
    del members["results"]
    for name in ("names", "told", "untold"):
        members[name] = list(members[name])
    return members | {"smallest": dict(judgement.smallest)}


def _plain(value: Any) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in fields(value)}


def _run(summary: Summary) -> dict[str, Any]:
    run = _plain(summary.run) | {"suites": list(summary.run.suites)}
    del run["operations"]
    return run


def _counts(summary: Summary) -> dict[str, Any]:
    return {
        "findings": len(summary.findings),
        "causes": len(summary.causes),
        "errors": summary.errors,
        "warnings": summary.warnings,
        "rules_judged": summary.judged_rules,
        "rules_cannot_tell": len(summary.open_rules),
        "operations": len(summary.operations),
        "operations_asked": summary.asked_operations,
        "operations_succeeded": summary.reached_operations,
        "requests": summary.requests,
        "requests_outside": summary.outside,
        "elapsed": summary.elapsed,
    }


def _suite(suite: SuiteTally) -> dict[str, Any]:
    members = _plain(suite) | {"verdict": str(suite.verdict)}
    del members["outcomes"]
    return members


def _rules(summary: Summary, rules: Rules) -> list[dict[str, Any]]:
    judged = {rule.check: rule for rule in summary.rules}
    missing = (RuleTally(check=check) for check in rules if check not in judged)
    return [_rule(rule, rules) for rule in sorted((*judged.values(), *missing), key=_id)]


def _id(rule: RuleTally) -> str:
    return rule.check


def _rule(rule: RuleTally, rules: Rules) -> dict[str, Any]:
    text = rule_text(rules, rule.check)
    return {
        "id": rule.check,
        "name": text.name,
        "title": text.title,
        "severity": str(text.severity),
        "verdict": str(rule.verdict),
        "judged": rule.judged,
        "violated": rule.violated,
        "inconclusive": rule.inconclusive,
        "findings": rule.findings,
        "outcomes": [_outcome(outcome) for outcome in rule.outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    members = _plain(outcome) | {"verdict": str(outcome.verdict)}
    del members["check"]
    return members


def _findings(summary: Summary, rules: Rules) -> list[dict[str, Any]]:
    heads = {
        finding.fingerprint: cause.head.fingerprint
        for cause in summary.causes
        for finding in (cause.head, *cause.others)
    }
    return [
        _finding(finding, summary, rules) | {"cause": heads[finding.fingerprint]}
        for finding in summary.findings
    ]


def _finding(finding: Finding, summary: Summary, rules: Rules) -> dict[str, Any]:
    return _plain(finding) | {
        "fingerprint": finding.fingerprint,
        "name": rule_text(rules, finding.check).name,
        "severity": str(finding.severity),
        "exchanges": [_exchange(number, summary) for number in finding.exchanges],
    }


def _exchange(number: int, summary: Summary) -> dict[str, Any]:
    exchange = summary.exchanges.get(number)
    if exchange is None:
        return {"number": number}
    return {
        "number": number,
        "method": exchange.case.request.method,
        "path": exchange.case.request.path,
        "status": exchange.response.status if exchange.response else None,
        "problem": str(exchange.problem) if exchange.problem else None,
    }


def _operation(operation: OperationTally) -> dict[str, Any]:
    return {
        "id": operation.id,
        "method": operation.method,
        "path": operation.path,
        "requests": operation.requests,
        "reach": str(operation.reach),
        "verdict": str(operation.verdict),
        "statuses": dict(operation.statuses),
    }
