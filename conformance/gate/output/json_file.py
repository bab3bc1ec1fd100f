"""The gate's report as JSON, described by `reports/schema/gate.schema.json`."""

from __future__ import annotations

import json
from typing import Any

from conformance.gate.accepting import Result
from conformance.gate.behaviour import as_json
from conformance.gate.changes import Change, Document
from conformance.gate.confirming import versions
from conformance.gate.rules import BY_NAME
from conformance.model import Waiver

VERSION = 1


def json_text(result: Result) -> str:
    """Return the report as JSON text."""
    return json.dumps(report(result), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def report(result: Result) -> dict[str, Any]:
    """Return the report as JSON values."""
    comparison = result.comparison
    return {
        "gate": VERSION,
        "verdict": "failed" if result.has_failed else "passed",
        "exit_code": int(result.exit_code),
        "summary": result.sentence,
        "fail_on": result.fail_on,
        "suggested_version_step": comparison.suggested,
        "counts": {str(verdict): n for verdict, n in comparison.counted().items()},
        "base": _document(comparison.base),
        "head": _document(comparison.head),
        "operations": comparison.operations,
        "seconds": round(comparison.seconds, 3),
        "validators": list(versions()),
        "notes": list(comparison.notes),
        "changes": [change_json(result, change) for change in comparison.changes],
        "promises": as_json(comparison.promises),
        "waivers": {
            "used": list(map(_waiver, result.waivers.used)),
            "unused": list(map(_waiver, result.waivers.unused)),
            "expired": list(map(_waiver, result.waivers.expired)),
        },
    }


def change_json(result: Result, change: Change) -> dict[str, Any]:
    """Return one change as JSON values."""
    witness = change.witness
    return {
        "fingerprint": change.fingerprint,
        "rule": BY_NAME[change.rule].id,
        "name": change.rule,
        "verdict": str(change.verdict),
        "fails": result.fails(change),
        "accepted": result.is_accepted(change),
        "operation": change.operation,
        "direction": change.direction,
        "where": change.where,
        "before": change.before,
        "after": change.after,
        "convention": change.convention,
        "note": change.note,
        "file": result.file(change),
        "side": "base" if change.gone else "head",
        "pointer": change.pointer,
        "line": result.line(change),
        "witness": None
        if witness is None
        else {
            "kind": witness.kind,
            "accepted_by": witness.accepted_by,
            "message": dict(witness.message),
            "reason": witness.reason,
        },
        "evidence": [
            {"source": each.source, "text": each.text, "count": each.count}
            for each in change.evidence
        ],
    }


def _document(document: Document) -> dict[str, str]:
    return {
        "name": document.name,
        "title": document.title,
        "version": document.version,
        "digest": document.digest,
    }


def _waiver(waiver: Waiver) -> dict[str, str | None]:
    return {
        "fingerprint": waiver.fingerprint,
        "reason": waiver.reason,
        "owner": waiver.owner,
        "expires": waiver.expires.isoformat() if waiver.expires else None,
    }
