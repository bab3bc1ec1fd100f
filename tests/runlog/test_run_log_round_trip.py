from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance import resources
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
from conformance.runlog import BODY_LIMIT, CutBody, from_json, to_json

SCHEMA = json.loads((resources.folder("reports") / "schema" / "run-log.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

words = st.text(max_size=12)
counts = st.integers(0, 10**9)
times = st.floats(0, 1e9)
headers = st.lists(st.tuples(words, words), max_size=3).map(tuple)
bodies = st.binary(max_size=40) | words.map(str.encode)


def _exchanges(text: st.SearchStrategy[str]) -> st.SearchStrategy[Exchange]:
    operations = st.builds(Operation, id=text, method=text, path=text)
    light = operations.map(lambda o: Operation(id=o.id, method=o.method, path=o.path))
    cases = st.builds(
        Case,
        id=text,
        suite=text,
        operation=st.none() | light,
        request=st.builds(
            Request,
            method=text,
            path=text,
            headers=headers,
            body=bodies,
            delivery=st.sampled_from(Delivery),
        ),
        expects=st.sampled_from(Expectation),
        credential=st.sampled_from(Credential),
        because=text,
    )
    responses = st.builds(
        Response, status=st.integers(100, 599), headers=headers, body=bodies, elapsed=times
    )
    return st.builds(
        Exchange,
        case=cases,
        response=st.none() | responses,
        problem=st.none() | st.sampled_from(Problem),
        detail=text,
        started=times,
        number=counts,
    )


def events(text: st.SearchStrategy[str]) -> st.SearchStrategy[Event]:
    texts = st.lists(text, max_size=3).map(tuple)
    findings = st.builds(
        Finding,
        clause=text,
        where=text,
        expected=text,
        seen=text,
        note=text,
        check=text,
        operation=text,
        case=text,
        source=text,
        severity=st.sampled_from(Severity),
        exchanges=st.lists(counts, max_size=3).map(tuple),
        curl=text,
        again=text,
        count=st.integers(1, 10**6),
    )
    amounts = st.lists(st.tuples(text, st.floats(-1e6, 1e6)), max_size=2).map(tuple)
    numbers = st.floats(-1e6, 1e6)
    rows = st.builds(
        Weighed,
        case=text,
        position=counts,
        exchanges=st.lists(counts, max_size=2).map(tuple),
        model=text,
        shots=counts,
        qubits=counts,
        readings=amounts,
        evidence=amounts,
        unlisted=numbers,
        impossible=counts,
        wrong=st.booleans(),
        fits=texts,
        tells=texts,
        smallest=amounts,
        expected=text,
        seen=text,
        open=text,
    )
    judgements = st.builds(
        Judgement,
        verdict=st.sampled_from(Verdict),
        alpha=numbers,
        evidence=numbers,
        names=texts,
        against=numbers,
        exact=counts,
        sampled=counts,
        open=counts,
        impossible=counts,
        told=texts,
        untold=texts,
        smallest=amounts,
        results=st.lists(rows, max_size=2).map(tuple),
    )
    outcomes = st.builds(
        Outcome, check=text, operation=text, judged=counts, violated=counts, inconclusive=counts
    )
    return st.one_of(
        st.builds(
            RunStarted,
            tool=text,
            provider=text,
            title=text,
            document=text,
            digest=text,
            target=text,
            seed=st.integers(),
            profile=text,
            suites=texts,
            started=text,
            operations=st.lists(st.tuples(text, text, text), max_size=2).map(tuple),
        ),
        st.builds(SuiteStarted, suite=text, planned=counts),
        st.builds(ExchangeRecorded, exchange=_exchanges(text)),
        st.builds(FindingMade, finding=findings),
        st.builds(ResultsWeighed, judgement=judgements),
        st.builds(
            SuiteFinished,
            suite=text,
            exchanges=counts,
            elapsed=times,
            outcomes=st.lists(outcomes, max_size=2).map(tuple),
            stopped=text,
        ),
        st.builds(NoteMade, text=text, suite=text),
        st.builds(
            RunFinished,
            verdict=st.sampled_from(Verdict),
            exit_code=st.integers(0, 4),
            elapsed=times,
            findings=st.lists(st.tuples(text, st.integers(1, 99)), max_size=2).map(tuple),
            stopped=text,
        ),
    )


hostile = st.text(st.characters(categories=["Cs", "Cc", "Cf", "Co", "Cn", "Ll"]), max_size=12)


@given(events(words))
def test_an_event_survives_the_way_to_json_and_back(event: Event) -> None:
    assert from_json(json.loads(json.dumps(to_json(event), allow_nan=False))) == event


@given(events(words | hostile))
def test_every_event_matches_the_published_schema(event: Event) -> None:
    VALIDATOR.validate(to_json(event))


@given(events(hostile))
def test_whatever_came_in_the_line_is_ascii_without_lone_surrogates(event: Event) -> None:
    line = json.dumps(to_json(event), allow_nan=False)

    assert line.isascii()
    assert "\n" not in line
    json.dumps(json.loads(line), ensure_ascii=False).encode("utf-8")


@given(events(hostile))
def test_writing_what_was_read_changes_nothing(event: Event) -> None:
    once = to_json(event)

    assert to_json(from_json(once)) == once


@given(st.lists(st.text(min_size=1, max_size=8), min_size=4, max_size=4))
def test_the_stored_fingerprint_is_the_one_of_the_finding(texts: list[str]) -> None:
    check, operation, clause, where = texts
    finding = Finding(
        check=check, operation=operation, clause=clause, where=where, expected="", seen=""
    )

    assert to_json(FindingMade(finding=finding))["fingerprint"] == finding.fingerprint


def recorded(body: bytes = b"", **changes: Any) -> ExchangeRecorded:
    case = Case(
        id="contract.1.1", suite="contract", operation=None, request=Request(method="GET", path="/")
    )
    exchange = Exchange(case=case, response=Response(status=200, body=body, elapsed=0.1))
    return ExchangeRecorded(exchange=replace(exchange, **changes))


def body_after(event: ExchangeRecorded) -> bytes:
    again = from_json(to_json(event))
    assert isinstance(again, ExchangeRecorded)
    assert again.exchange.response is not None
    return again.exchange.response.body


@pytest.mark.parametrize("unit", [b"a", "ä".encode(), b"\xff", "😀".encode()])
def test_a_long_body_keeps_its_beginning_and_its_true_length(unit: bytes) -> None:
    body = unit * (BODY_LIMIT + 7)

    kept = body_after(recorded(body))

    assert isinstance(kept, CutBody)
    assert kept.length == len(body)
    assert body.startswith(kept)
    assert BODY_LIMIT - 4 < len(kept) <= BODY_LIMIT
    assert body_after(recorded(kept)) == kept


def test_a_body_of_exactly_the_limit_is_whole() -> None:
    kept = body_after(recorded(b"a" * BODY_LIMIT))

    assert len(kept) == BODY_LIMIT
    assert not isinstance(kept, CutBody)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_time_that_is_no_number_becomes_null(number: float) -> None:
    entry = to_json(recorded(started=number))

    assert entry["started"] is None
    VALIDATOR.validate(entry)
    assert isinstance(from_json(entry), ExchangeRecorded)


def test_scrubbing_reaches_every_text_and_both_kinds_of_body() -> None:
    def scrub(text: str) -> str:
        return text.replace("hunter2", "***")

    case = Case(
        id="hunter2",
        suite="hunter2",
        operation=Operation(id="hunter2", method="hunter2", path="/hunter2"),
        request=Request(
            method="GET",
            path="/?key=hunter2",
            headers=(("X-hunter2", "hunter2"),),
            body=b"\xff hunter2",
        ),
        because="hunter2",
    )
    response = Response(
        status=200, headers=(("hunter2", "hunter2"),), body=b"x" * (BODY_LIMIT - 3) + b"hunter2"
    )
    exchange = Exchange(case=case, response=response, detail="hunter2")
    entry = to_json(ExchangeRecorded(exchange=exchange), scrub=scrub)

    again = from_json(entry)
    assert isinstance(again, ExchangeRecorded)
    assert again.exchange.case.request.body == b"\xff ***"
    assert "hunt" not in json.dumps(entry)


def test_words_of_the_log_itself_are_never_scrubbed(tmp_path: Path) -> None:
    entry = to_json(recorded(), scrub=lambda _: "***")

    assert entry["event"] == "exchange-recorded"
    assert entry["case"]["credential"] == "first"
    assert isinstance(from_json(entry), ExchangeRecorded)
