"""Requests wrong in one way, and valid ones: what is sent is what its words say it is."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs

import jsonschema
import jsonschema_rs
import pytest

from conformance.lifecycle import Conversation, Walk, input_walks
from conformance.lifecycle.inputs import forms, payloads
from conformance.model import Case, Exchange, Expectation, Operation, Response
from conformance.providers import provider
from conformance.spec import load

SPECIFICATION = load("ionq")
LENIENT = load("ionq", lenient=True)
FACTS = provider("ionq")
WALKS = list(input_walks(SPECIFICATION, FACTS))
BACKENDS = [{"backend": "qpu.aria-1", "status": "available"}]
DONE = {"id": "made", "status": "completed", "jobs": [], "organization_id": "made"}


def cases_of(walk: Walk) -> list[Case]:
    """Return what `walk` sends to a service that says yes to everything."""
    sent: list[Case] = []

    def send(case: Case) -> Exchange:
        sent.append(case)
        listing = case.operation is not None and case.operation.id == "getBackends"
        body = json.dumps(BACKENDS if listing else DONE).encode()
        return Exchange(case=case, response=Response(status=200, body=body))

    talk = Conversation(
        name=walk.name,
        suite=walk.suite,
        specification=SPECIFICATION,
        lenient=LENIENT,
        provider=FACTS,
        send=send,
        random=random.Random(1),  # noqa: S311 - cases, not secrets
    )
    walk.run(talk)
    return sent


def wrong(prefix: str) -> list[Case]:
    """Return the cases that must be refused of the walks whose name begins with `prefix`."""
    walks = [walk for walk in WALKS if walk.name.startswith(prefix)]
    assert walks
    cases = [case for walk in walks for case in cases_of(walk)]
    return [case for case in cases if case.expects is Expectation.REFUSED]


def schema_of(operation: str, specification: Any = SPECIFICATION) -> Mapping[str, Any]:
    found: Operation = specification.operation(operation)
    schema: Mapping[str, Any] = next(iter(found.body.values()))
    return schema


BODIES = ("qis-job", "native-job", "several-circuits", "session", "CancelJobs", "DeleteJobs")


@pytest.mark.parametrize("name", BODIES)
def test_a_wrong_body_is_refused_by_both_judges_and_by_the_widened_document(name: str) -> None:
    for case in wrong(f"wrong-{name}-"):
        assert case.operation is not None
        value = json.loads(case.request.body or b"")
        schema = schema_of(case.operation.id)
        assert not jsonschema_rs.Draft202012Validator(dict(schema)).is_valid(value), case.because
        assert not jsonschema.Draft202012Validator(schema).is_valid(value), case.because
        widened = dict(schema_of(case.operation.id, LENIENT))
        assert not jsonschema_rs.Draft202012Validator(widened).is_valid(value), case.because


@pytest.mark.parametrize("name", BODIES)
def test_the_parts_of_a_wrong_body_share_its_mutants_without_repeating_one(name: str) -> None:
    because = [case.because for case in wrong(f"wrong-{name}-")]
    assert len(set(because)) == len(because) > 3


@pytest.mark.parametrize("name", ["qis-job", "several-circuits"])
@pytest.mark.parametrize("edit", ["/shots is a text", "/backend is left out", "/input is null",
                                  "the body is a list"])  # fmt: skip
def test_the_plain_mistakes_are_among_the_wrong_bodies(name: str, edit: str) -> None:
    assert edit in {case.because for case in wrong(f"wrong-{name}-")}


def documented(schema: Any, known: Any, seen: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the names of the properties that a schema describes, at every depth."""
    if not isinstance(schema, dict):
        return
    reference = str(schema.get("$ref", "")).removeprefix("#/$defs/")
    if reference and reference not in seen:
        yield from documented(known[reference], known, seen | {reference})
    for name, part in schema.get("properties", {}).items():
        yield name
        yield from documented(part, known, seen)
    for keyword in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(keyword, ()):
            yield from documented(part, known, seen)
    for keyword in ("items", "additionalProperties"):
        yield from documented(schema.get(keyword), known, seen)


def used(value: Any) -> Iterator[str]:
    """Yield the names of the properties of `value`, at every depth."""
    if isinstance(value, dict):
        yield from value
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, dict | list):
            yield from used(part)


CIRCUIT_JOBS = ("CircuitJobCreationPayload", "MultiCircuitJobCreationPayload")
ELSEWHERE = {"control", "session_id", "terms", "coefficients", "time"}
"""Fields that the walks of the physics and lifecycle suites send."""


def test_payloads_are_valid_and_reach_every_documented_field_of_a_circuit_job() -> None:
    schema = schema_of("CreateJob")
    known = schema["$defs"]
    sent = list(payloads(FACTS).values())
    judge = jsonschema_rs.Draft202012Validator(dict(schema))
    assert all(judge.is_valid(payload) for payload in sent)
    described = {name for job in CIRCUIT_JOBS for name in documented(known[job], known)}
    assert described - {name for payload in sent for name in used(payload)} == ELSEWHERE


def test_a_form_that_must_be_accepted_is_what_the_document_describes() -> None:
    judge = jsonschema_rs.Draft202012Validator(dict(schema_of("CreateJob")))
    sure = [(name, payload) for name, payload, must in forms(FACTS) if must]
    assert len(sure) > 6
    assert [name for name, payload in sure if not judge.is_valid(payload)] == []


@pytest.mark.parametrize(
    ("operation", "parameter", "text"),
    [
        ("GetJobs", "limit", "many"),
        ("GetJobs", "status", "no-such-word"),
        ("GetSessions", "active", "perhaps"),
        ("get-usages", "start_date", "not-a-date"),
        ("EstimateJobCost", "shots", "many"),
    ],
)
def test_each_query_parameter_is_sent_wrong_alone(
    operation: str, parameter: str, text: str
) -> None:
    queries = [
        parse_qs(case.request.path.partition("?")[2]) for case in wrong(f"wrong-query-{operation}")
    ]
    assert any(query.get(parameter) == [text] for query in queries)


def test_what_is_no_json_is_sent_where_a_body_is_required() -> None:
    bodies = {case.request.body for case in wrong("no-json-CreateJob")}
    assert {b"", b"{", b"not json"} <= bodies


@pytest.mark.parametrize("name", ["native-job", "one-override"])
def test_a_body_like_another_is_made_wrong_only_where_it_differs(name: str) -> None:
    told = {case.because for case in wrong(f"wrong-{name}")}
    assert told
    assert all(because.startswith("/input") for because in told)
