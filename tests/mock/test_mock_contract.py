"""The mock's own traffic against the document, judged by openapi-core in both directions."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from jsonschema import Draft202012Validator
from mock_walk import Step, walked
from openapi_core import OpenAPI
from openapi_core.testing.requests import MockRequest
from openapi_core.testing.responses import MockResponse

from conformance import spec
from conformance.model import Operation, Specification

HOST = "https://api.ionq.co"


@pytest.fixture(scope="module")
def strict() -> Specification:
    return spec.load("ionq")


@pytest.fixture(scope="module")
def steps() -> list[Step]:
    return walked()


@pytest.fixture(scope="module")
def judge(strict: Specification) -> OpenAPI:
    return OpenAPI.from_dict(json.loads(json.dumps(strict.document)))


def operation_of(strict: Specification, step: Step) -> Operation | None:
    found = spec.match(strict, step.method, step.path)
    return None if found is None else found[0]


def as_request(step: Step) -> MockRequest:
    place, _, query = step.path.partition("?")
    return MockRequest(
        HOST,
        step.method.lower(),
        f"/v0.4{place}",
        args=parse_qs(query),
        headers={} if step.key is None else {"Authorization": f"apiKey {step.key}"},
        data=None if step.body is None else json.dumps(step.body).encode(),
    )


def as_response(step: Step) -> MockResponse:
    return MockResponse(step.reply.raw, step.reply.status, content_type=step.reply.media_type)


def test_the_walk_visits_every_operation_successfully(
    strict: Specification, steps: list[Step]
) -> None:
    visited = {
        operation.id
        for step in steps
        if (operation := operation_of(strict, step)) and step.reply.status < 300
    }
    unavailable = {
        "GetCompiledFile",
        "GetVariantHistogram",
        "GetVariantProbabilities",
        "GetVariantShots",
    }
    assert visited | unavailable == {operation.id for operation in strict.operations}


def test_every_accepted_request_is_one_that_the_document_allows(
    judge: OpenAPI, steps: list[Step]
) -> None:
    accepted = [step for step in steps if step.reply.status < 300]
    assert len(accepted) > 40
    for step in accepted:
        judge.validate_request(as_request(step))


def test_every_response_is_one_that_the_document_promises(
    judge: OpenAPI, strict: Specification, steps: list[Step]
) -> None:
    promised = [step for step in steps if operation_of(strict, step) is not None]
    assert {200, 201, 400, 401, 404, 409} <= {step.reply.status for step in promised}
    for step in promised:
        judge.validate_response(as_request(step), as_response(step))


def test_every_response_obeys_the_further_documents_that_bind_it(
    strict: Specification, steps: list[Step]
) -> None:
    judged = set()
    for step in steps:
        operation = operation_of(strict, step)
        if operation is None:
            continue
        for binding in strict.bindings_for(operation.id, step.reply.status):
            validator = Draft202012Validator(
                binding.schema, format_checker=Draft202012Validator.FORMAT_CHECKER
            )
            for part in parts(step.reply.json(), binding.place):
                validator.validate(part)
                judged.add(operation.id)
    assert judged == {binding.operation for binding in strict.bindings}


def parts(body: Any, place: str) -> list[Any]:
    found = [body]
    for name in place.split("/")[1:]:
        found = [inner for outer in found for inner in (outer if name == "*" else [outer[name]])]
    return found


def test_the_judge_refuses_a_response_with_a_fault(judge: OpenAPI) -> None:
    broken = next(
        step
        for step in walked("missing-field")
        if step.path.startswith("/jobs/") and step.method == "GET" and step.reply.status == 200
    )
    with pytest.raises(Exception, match="InvalidData"):
        judge.validate_response(as_request(broken), as_response(broken))


def test_every_answer_is_a_function_of_the_seed_and_the_requests(steps: list[Step]) -> None:
    assert walked() == steps
