"""JSON objects of a run log back to events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from conformance.model import (
    Case,
    Credential,
    Delivery,
    Event,
    Exchange,
    ExchangeRecorded,
    Expectation,
    Finding,
    FindingMade,
    Headers,
    Judgement,
    NoteMade,
    Operation,
    Outcome,
    Problem,
    Request,
    Response,
    ResultsWeighed,
    RunFinished,
    RunStarted,
    Severity,
    SuiteFinished,
    SuiteStarted,
    Verdict,
    Weighed,
)
from conformance.runlog.bodies import body_from_json

Entry = Mapping[str, Any]


def from_json(entry: Entry) -> Event:
    """Return the event that `to_json` stored as `entry`; members it does not know are skipped.

    Operations come back light: id, method and path template, as the log keeps no schemas.

    Raises:
        ValueError: `entry` is no event, with what was expected.
    """
    kind = entry.get("event")
    decode = _DECODERS.get(kind) if isinstance(kind, str) else None
    if decode is None:
        raise ValueError(f"expected one of {', '.join(_DECODERS)} as `event`, got {kind!r}")
    try:
        return decode(entry)
    except KeyError as error:
        raise ValueError(f"expected a member {error} in {kind}") from error
    except (AttributeError, TypeError) as error:
        raise ValueError(f"expected the members of {kind}, got others: {error}") from error


def _run_started(entry: Entry) -> RunStarted:
    return RunStarted(
        tool=entry["tool"],
        provider=entry["provider"],
        title=entry["title"],
        document=entry["document"],
        digest=entry["digest"],
        target=entry["target"],
        seed=entry["seed"],
        profile=entry["profile"],
        suites=tuple(entry["suites"]),
        started=entry["started"],
        operations=tuple((id_, method, path) for id_, method, path in entry["operations"]),
    )


def _suite_started(entry: Entry) -> SuiteStarted:
    return SuiteStarted(suite=entry["suite"], planned=entry["planned"])


def _exchange_recorded(entry: Entry) -> ExchangeRecorded:
    exchange = Exchange(
        case=_case(entry["case"]),
        response=None if entry["response"] is None else _response(entry["response"]),
        problem=None if entry["problem"] is None else Problem(entry["problem"]),
        detail=entry["detail"],
        started=_seconds(entry["started"]),
        number=entry["number"],
    )
    return ExchangeRecorded(exchange=exchange)


def _case(entry: Entry) -> Case:
    operation = entry["operation"]
    return Case(
        id=entry["id"],
        suite=entry["suite"],
        operation=None if operation is None else _operation(operation),
        request=_request(entry["request"]),
        expects=Expectation(entry["expects"]),
        credential=Credential(entry["credential"]),
        because=entry["because"],
    )


def _operation(entry: Entry) -> Operation:
    return Operation(id=entry["id"], method=entry["method"], path=entry["path"])


def _request(entry: Entry) -> Request:
    return Request(
        method=entry["method"],
        path=entry["path"],
        headers=_headers(entry["headers"]),
        body=body_from_json(entry["body"]),
        delivery=Delivery(entry.get("delivery", Delivery.WHOLE)),
    )


def _response(entry: Entry) -> Response:
    return Response(
        status=entry["status"],
        headers=_headers(entry["headers"]),
        body=body_from_json(entry["body"]),
        elapsed=_seconds(entry["elapsed"]),
    )


def _headers(entries: list[list[str]]) -> Headers:
    return tuple((name, value) for name, value in entries)


def _seconds(value: float | None) -> float:
    """Return `value`; 0 for null, which stands for a time that was no number."""
    return 0.0 if value is None else float(value)


def _finding_made(entry: Entry) -> FindingMade:
    finding = Finding(
        clause=entry["clause"],
        where=entry["where"],
        expected=entry["expected"],
        seen=entry["seen"],
        note=entry["note"],
        check=entry["check"],
        operation=entry["operation"],
        case=entry["case"],
        source=entry["source"],
        severity=Severity(entry["severity"]),
        exchanges=tuple(entry["exchanges"]),
        curl=entry["curl"],
        again=entry["again"],
        count=entry["count"],
    )
    return FindingMade(finding=finding)


def _results_weighed(entry: Entry) -> ResultsWeighed:
    judgement = Judgement(
        verdict=Verdict(entry["verdict"]),
        alpha=entry["alpha"],
        evidence=entry["evidence"],
        names=tuple(entry["names"]),
        against=entry["against"],
        exact=entry["exact"],
        sampled=entry["sampled"],
        open=entry["open"],
        impossible=entry["impossible"],
        told=tuple(entry["told"]),
        untold=tuple(entry["untold"]),
        smallest=_amounts(entry["smallest"]),
        results=tuple(_weighed(row) for row in entry["results"]),
    )
    return ResultsWeighed(judgement=judgement)


def _weighed(entry: Entry) -> Weighed:
    return Weighed(
        case=entry["case"],
        position=entry["position"],
        exchanges=tuple(entry["exchanges"]),
        model=entry["model"],
        shots=entry["shots"],
        qubits=entry["qubits"],
        readings=_amounts(entry["readings"]),
        evidence=_amounts(entry["evidence"]),
        unlisted=entry["unlisted"],
        impossible=entry["impossible"],
        wrong=entry["wrong"],
        fits=tuple(entry["fits"]),
        tells=tuple(entry["tells"]),
        smallest=_amounts(entry["smallest"]),
        expected=entry["expected"],
        seen=entry["seen"],
        open=entry["open"],
    )


def _amounts(entries: list[list[Any]]) -> tuple[tuple[str, float], ...]:
    return tuple((name, amount) for name, amount in entries)


def _suite_finished(entry: Entry) -> SuiteFinished:
    return SuiteFinished(
        suite=entry["suite"],
        exchanges=entry["exchanges"],
        elapsed=_seconds(entry["elapsed"]),
        outcomes=tuple(_outcome(outcome) for outcome in entry["outcomes"]),
        stopped=entry["stopped"],
    )


def _outcome(entry: Entry) -> Outcome:
    return Outcome(
        check=entry["check"],
        operation=entry["operation"],
        judged=entry["judged"],
        violated=entry["violated"],
        inconclusive=entry["inconclusive"],
    )


def _note_made(entry: Entry) -> NoteMade:
    return NoteMade(text=entry["text"], suite=entry["suite"])


def _run_finished(entry: Entry) -> RunFinished:
    return RunFinished(
        verdict=Verdict(entry["verdict"]),
        exit_code=entry["exit_code"],
        elapsed=_seconds(entry["elapsed"]),
        findings=tuple((fingerprint, count) for fingerprint, count in entry["findings"]),
        stopped=entry["stopped"],
    )


_DECODERS: dict[str, Callable[[Entry], Event]] = {
    "run-started": _run_started,
    "suite-started": _suite_started,
    "exchange-recorded": _exchange_recorded,
    "finding-made": _finding_made,
    "results-weighed": _results_weighed,
    "suite-finished": _suite_finished,
    "note-made": _note_made,
    "run-finished": _run_finished,
}
