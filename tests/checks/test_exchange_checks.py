"""Rules about one exchange: a departure is named with its clause and place, freedom is not."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from told import JSON, KEY, PAYLOAD, Told, all_found, found, job, refusal

from conformance import spec
from conformance.model import Credential, Expectation, Problem
from conformance.spec import Tolerance

HTML = (("Content-Type", "text/html"),)
REFUSED: dict[str, Any] = {"expects": Expectation.REFUSED, "because": "no such thing"}

DEPARTURES: list[tuple[str, str, str, str, dict[str, Any]]] = [
    ("SCHEMA-001", "schema/type", "response.body/shots", "GetJob", {"body": job(shots="12")}),
    ("SCHEMA-001", "schema/additionalProperties", "response.body", "GetJob",
     {"body": job(debug=1)}),
    ("SCHEMA-001", "schema/required", "response.body", "GetJob", {"status": 404, "body": {}}),
    ("SCHEMA-003", "json", "response.body", "GetJob", {"raw": b'{"id": NaN}'}),
    ("SCHEMA-003", "json", "response.body", "GetJob", {"raw": b""}),
    ("SCHEMA-003", "json", "response.body", "GetJob", {"raw": rb'{"name": "\ud800"}'}),
    ("HTTP-001", "5xx", "response.status", "GetJob", {"status": 500, "body": refusal(500)}),
    ("HTTP-002", "responses", "response.status", "GetJob", {"status": 304}),
    ("HTTP-002", "responses", "response.status", "CreateJob", {"status": 200, "sent": PAYLOAD}),
    ("HTTP-003", "content", "response.headers.content-type", "GetJob",
     {"body": job(), "headers": HTML}),
    ("HTTP-003", "content", "response.headers.content-type", "GetJob",
     {"body": job(), "headers": ()}),
    ("HTTP-004", "method", "response.status", "getWhoami", {"method": "PATCH"}),
    ("HTTP-005", "timeout", "response", "GetJob", {"problem": Problem.TIMEOUT}),
    ("HTTP-005", "disconnected", "response", "GetJob", {"problem": Problem.DISCONNECTED}),
    ("INPUT-001", "valid", "response.status", "CreateJob",
     {"status": 400, "body": refusal(400), "expects": Expectation.ACCEPTED}),
    ("INPUT-002", "refusal", "request", "GetJob", {"body": job(), **REFUSED}),
    ("INPUT-002", "refusal", "request.query/limit", "GetJobs", {"query": {"limit": "many"}}),
    ("INPUT-002", "refusal", "request.body/shots", "CreateJob",
     {"status": 201, "sent": {**PAYLOAD, "shots": 1_000_001}}),
    ("INPUT-003", "statusCode", "response.body/statusCode", "GetJob",
     {"status": 404, "body": refusal(403)}),
    ("ACCESS-001", "refusal", "response.status", "GetJob",
     {"body": job(), "credential": Credential.NONE}),
    ("ACCESS-002", "refusal", "response.status", "GetJob",
     {"body": job(), "credential": Credential.WRONG}),
    ("ACCESS-003", "refusal", "response.status", "GetJob",
     {"body": job(), "credential": Credential.SECOND, **REFUSED}),
    ("ACCESS-004", "refusal", "response.status", "DeleteJob",
     {"body": {}, "credential": Credential.SECOND, **REFUSED}),
    ("ACCESS-005", "echo", "response.body", "GetJob",
     {"status": 404, "body": refusal(404, message=f"no job for {KEY}")}),
    ("ACCESS-005", "echo", "response.headers.x-debug", "GetJob",
     {"body": job(), "headers": (*JSON, ("X-Debug", KEY))}),
    ("ACCESS-007", "open", "response.status", "getBackends",
     {"status": 401, "body": refusal(401), "credential": Credential.NONE,
      "expects": Expectation.ACCEPTED}),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "clause", "where", "operation", "answer"), DEPARTURES)
def test_a_departure_is_found_under_its_clause_and_place(
    rule: str, clause: str, where: str, operation: str, answer: dict[str, Any]
) -> None:
    findings = found(rule, Told().say(operation, **answer))
    assert {(f.clause, f.where) for f in findings} == {(clause, where)}
    assert findings[0].expected
    assert findings[0].seen


TOLERATED = [
    tolerance
    for tolerance in spec.tolerances("ionq")
    if tolerance.kind == "body" and "CreateJob" in tolerance.operations
]

FREE: list[tuple[str, str, dict[str, Any]]] = [
    ("ids of any form", "GetJob", {"body": job(submitter_id="me", project_id="project 7")}),
    ("an offset instead of Z", "GetJob", {"body": job(submitted_at="2026-03-01T12:00:00+02:00")}),
    ("more digits in times", "GetJob", {"body": job(submitted_at="2026-03-01T10:00:00.123456Z")}),
    ("further headers", "GetJob", {"body": job(), "headers": (*JSON, ("X-Request-Id", "a1"))}),
    ("a charset", "GetJob",
     {"body": job(), "headers": (("Content-Type", "application/json; charset=utf-8"),)}),
    ("null results of a dry run", "GetJob", {"body": job(dry_run=True, results=None)}),
    ("half of a character that another client sent", "GetJobs",
     {"raw": rb'{"jobs": [{"name": "\ud800"}], "next": null}'}),
    ("405 without Allow", "getWhoami", {"method": "PATCH", "status": 405, "raw": b""}),
    ("404 for a method", "getWhoami", {"method": "PATCH", "status": 404, "body": {}}),
    ("OPTIONS served", "getWhoami", {"method": "OPTIONS", "status": 204, "raw": b""}),
    ("403 for another's job", "GetJob",
     {"status": 403, "body": refusal(403), "credential": Credential.SECOND, **REFUSED}),
    ("404 for another's job", "GetJob",
     {"status": 404, "body": refusal(404), "credential": Credential.SECOND, **REFUSED}),
    ("404 without a key", "GetJob",
     {"status": 404, "body": refusal(404), "credential": Credential.NONE}),
    ("403 with a wrong key", "GetJob",
     {"status": 403, "body": refusal(403), "credential": Credential.WRONG}),
    ("an id of no UUID refused", "GetJob",
     {"status": 400, "body": refusal(400), "ids": {"UUID": "x"}}),
    ("too many requests", "GetJob", {"status": 429, "raw": b"slow down", "headers": ()}),
    ("429 to a valid job", "CreateJob",
     {"status": 429, "raw": b"", "headers": (), "sent": PAYLOAD, "expects": Expectation.ACCEPTED}),
    ("shots as text refused", "CreateJob",
     {"status": 400, "body": refusal(400), "sent": {**PAYLOAD, "shots": "1000"}}),
    ("the wording of errors", "GetJob", {"status": 404, "body": refusal(404, message="")}),
]  # fmt: skip


@pytest.mark.parametrize(("what", "operation", "answer"), FREE)
def test_what_a_provider_may_decide_is_no_finding(
    what: str, operation: str, answer: dict[str, Any]
) -> None:
    assert all_found([Told().say(operation, **answer)]) == [], what


@pytest.mark.parametrize("status", [201, 400])
@pytest.mark.parametrize("tolerance", TOLERATED, ids=lambda tolerance: tolerance.id)
def test_a_tolerated_departure_may_be_accepted_and_refused(
    tolerance: Tolerance, status: int
) -> None:
    body = {"id": "j", "status": "submitted", "session_id": None}
    answer = body if status == 201 else refusal(400)
    exchange = Told().say("CreateJob", status, answer, sent=tolerance.example["body"])
    assert all_found([exchange]) == []


@pytest.mark.parametrize("status", [201, 400])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_service_may_read_other_encodings_of_unicode(encoding: str, status: int) -> None:
    body = {"id": "j", "status": "submitted", "session_id": None}
    exchange = Told().say("CreateJob", status, body if status == 201 else refusal(400))
    request = replace(exchange.case.request, body=json.dumps(PAYLOAD).encode(encoding))
    told = replace(exchange, case=replace(exchange.case, request=request))
    assert all_found([told]) == []


def test_an_unreachable_target_is_no_departure() -> None:
    assert found("HTTP-005", Told().say("GetJob", problem=Problem.UNREACHABLE)) == []


@pytest.mark.parametrize(
    ("encoding", "rules"), [("utf-16", []), ("utf-32", []), ("latin-1", ["INPUT-002"])]
)
def test_a_body_in_another_encoding_of_unicode_may_be_accepted(
    encoding: str, rules: list[str]
) -> None:
    accepted = {"id": "j", "status": "submitted", "session_id": None}
    said = Told().say("CreateJob", 201, accepted, sent=PAYLOAD)
    text = json.dumps({**PAYLOAD, "name": "\u00e9"}, ensure_ascii=False)
    request = replace(said.case.request, body=text.encode(encoding))
    said = replace(said, case=replace(said.case, request=request))
    assert [name.split()[0] for name in all_found([said])] == rules
