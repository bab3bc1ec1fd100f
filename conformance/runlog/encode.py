"""Events to JSON objects that every strict parser reads."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from conformance.model import (
    Case,
    Delivery,
    Event,
    Exchange,
    ExchangeRecorded,
    Finding,
    FindingMade,
    NoteMade,
    Operation,
    Outcome,
    Request,
    Response,
    ResultsWeighed,
    RunFinished,
    RunStarted,
    SuiteFinished,
    SuiteStarted,
)
from conformance.runlog.bodies import body_to_json

SCHEMA_VERSION = 1
"""Version of the log; the first line carries it as `log`."""

Scrub = Callable[[str], str]

KINDS: dict[type, str] = {
    RunStarted: "run-started",
    SuiteStarted: "suite-started",
    ExchangeRecorded: "exchange-recorded",
    FindingMade: "finding-made",
    ResultsWeighed: "results-weighed",
    SuiteFinished: "suite-finished",
    NoteMade: "note-made",
    RunFinished: "run-finished",
}

_STRUCTURE = frozenset({"event", "base64", "expects", "credential", "problem", "severity"})
"""Members that are words of the log or already clean, so that no scrubbing may change them."""


def unchanged(text: str) -> str:
    """Return `text`; the default of every `scrub`."""
    return text


def to_json(event: Event, *, scrub: Scrub = unchanged) -> dict[str, Any]:
    r"""Return `event` as a JSON object; `json.dumps(..., allow_nan=False)` accepts it.

    Lone surrogates become their escapes (`\ud800` as six characters), infinite and undefined
    numbers become null, bodies are stored as `body_to_json` says.

    Args:
        event: What to store; secrets should be gone already.
        scrub: Applied to every text that comes from a run, as the last line of defence.
    """
    members: dict[str, Any] = _clean(_members(event, scrub), scrub)
    if isinstance(event, FindingMade):
        members["fingerprint"] = _fingerprint(members)
    return {"event": KINDS[type(event)], **members}


def _members(event: Event, scrub: Scrub) -> dict[str, Any]:
    match event:
        case ExchangeRecorded(exchange=exchange):
            return _exchange(exchange, scrub)
        case FindingMade(finding=finding):
            return _plain(finding)
        case ResultsWeighed(judgement=judgement):
            return _plain(judgement) | {"results": [_plain(row) for row in judgement.results]}
        case SuiteFinished():
            return _plain(event) | {"outcomes": [_outcome(o) for o in event.outcomes]}
        case _:
            return _plain(event)


def _plain(value: Any) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in fields(value) if f.init}


def _fingerprint(stored: dict[str, Any]) -> str:
    """Return the fingerprint of the stored words, which is the one that a reader computes."""
    identity = {name: stored[name] for name in ("check", "operation", "clause", "where")}
    return Finding(expected="", seen="", **identity).fingerprint


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return _plain(outcome) | {"verdict": outcome.verdict}


def _exchange(exchange: Exchange, scrub: Scrub) -> dict[str, Any]:
    return {
        "number": exchange.number,
        "started": exchange.started,
        "case": _case(exchange.case, scrub),
        "response": exchange.response and _response(exchange.response, scrub),
        "problem": exchange.problem,
        "detail": exchange.detail,
    }


def _case(case: Case, scrub: Scrub) -> dict[str, Any]:
    return _plain(case) | {
        "operation": case.operation and _operation(case.operation),
        "request": _request(case.request, scrub),
    }


def _operation(operation: Operation) -> dict[str, str]:
    return {"id": operation.id, "method": operation.method, "path": operation.path}


def _request(request: Request, scrub: Scrub) -> dict[str, Any]:
    told = _plain(request) | {"body": body_to_json(request.body, scrub)}
    if request.delivery is Delivery.WHOLE:
        del told["delivery"]
    return told


def _response(response: Response, scrub: Scrub) -> dict[str, Any]:
    return _plain(response) | {"body": body_to_json(response.body, scrub)}


def _clean(value: Any, scrub: Scrub) -> Any:
    match value:
        case str():
            return scrub(str(value)).encode("utf-8", "backslashreplace").decode("utf-8")
        case float() if not math.isfinite(value):
            return None
        case dict():
            return {
                key: _word(item) if key in _STRUCTURE else _clean(item, scrub)
                for key, item in value.items()
            }
        case list() | tuple():
            return [_clean(item, scrub) for item in value]
        case _:
            return value


def _word(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
