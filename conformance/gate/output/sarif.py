"""The gate's report as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from conformance import __version__
from conformance.gate.accepting import Result
from conformance.gate.changes import Change, Verdict
from conformance.gate.rules import BY_NAME, CHANGES
from conformance.gate.wording import brief
from conformance.report.visible import visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Verdict.BREAKING: "error",
    Verdict.SUSPECTED: "warning",
    Verdict.RISKY: "warning",
    Verdict.COMPATIBLE: "none",
}


def sarif(result: Result) -> str:
    """Return a SARIF log with one run."""
    used = sorted({BY_NAME[c.rule].id for c in result.comparison.changes})
    rules = [
        {
            "id": rule.id,
            "name": rule.name,
            "shortDescription": {"text": rule.says},
            "defaultConfiguration": {"level": "warning"},
        }
        for rule in CHANGES
        if rule.id in used
    ]
    run = {
        "tool": {"driver": {"name": "qconform gate", "version": __version__, "rules": rules}},
        "automationDetails": {"id": "qconform-gate/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, change, used) for change in result.comparison.changes],
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _result(result: Result, change: Change, used: list[str]) -> dict[str, Any]:
    rule = BY_NAME[change.rule]
    text = f"{change.operation} {change.where}: was {change.before}, is {change.after}".strip()
    if change.witness is not None:
        text += f"; witness: {brief(dict(change.witness.message), 600)}"
    entry: dict[str, Any] = {
        "ruleId": rule.id,
        "ruleIndex": used.index(rule.id),
        "level": _LEVELS[change.verdict],
        "kind": "informational" if change.verdict is Verdict.COMPATIBLE else "fail",
        "message": {"text": visible(text)},
        "partialFingerprints": {"qconformChange/v1": change.fingerprint},
        "properties": {"verdict": str(change.verdict), "direction": change.direction},
    }
    file = result.file(change)
    if file:
        region = {"startLine": result.line(change)}
        place = {"artifactLocation": {"uri": quote(file)}, "region": region}
        entry["locations"] = [{"physicalLocation": place}]
    if result.is_accepted(change):
        entry["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return entry
