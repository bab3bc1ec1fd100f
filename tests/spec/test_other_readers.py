"""Other programs that read OpenAPI accept the overlaid document, and understand it as we do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from conformance.spec import load, match
from conformance.spec.judging import accepts

CONTRACT = load("ionq")
JOB = {
    "id": "j", "status": "submitted", "type": "ionq.circuit.v1", "backend": "simulator",
    "dry_run": False, "submitter_id": "s", "project_id": None, "parent_job_id": None,
    "session_id": None, "metadata": None, "name": None, "submitted_at": "2026-05-15T08:00:00Z",
    "started_at": None, "completed_at": None, "predicted_wait_time_ms": None,
    "predicted_execution_duration_ms": None, "execution_duration_ms": None, "failure": None,
    "output": {}, "settings": {}, "stats": {}, "results": None, "child_job_ids": None,
}  # fmt: skip
LISTED = {name: value for name, value in JOB.items() if name != "child_job_ids"}
FAILURE = {"code": "InvalidInput", "message": "no"}
ERROR = {"statusCode": 404, "error": "Not Found", "message": "no such job"}
USAGE = {"group_type": "job", "modality": "daily"}


RESPONSES = [
    response
    for item in CONTRACT.document["paths"].values()
    for operation in item.values()
    for response in operation["responses"].values()
] + list(CONTRACT.document["components"]["responses"].values())
LINKS = [link for response in RESPONSES for link in response.get("links", {}).values()]


@pytest.fixture(scope="module")
def strict_reader() -> OpenAPI:
    return OpenAPI.from_dict(json.loads(json.dumps(CONTRACT.document)))


CASES: list[tuple[str, int, Any, bool]] = [
    ("/jobs/j", 200, JOB, True),
    ("/jobs/j", 200, {**JOB, "metadata": {"a": "b"}, "failure": FAILURE, "results": {}}, True),
    ("/jobs/j", 200, {**JOB, "metadata": 5}, False),
    ("/jobs/j", 200, {**JOB, "metadata": "text"}, False),
    ("/jobs/j", 200, {**JOB, "failure": {**FAILURE, "code": "Other"}}, False),
    ("/jobs/j", 200, {**JOB, "status": None}, False),
    ("/jobs", 200, {"jobs": [LISTED], "next": None}, True),
    ("/jobs", 200, {"jobs": [{**LISTED, "started_at": 5}], "next": None}, False),
    ("/jobs/j", 404, ERROR, True),
    ("/jobs/j", 400, {**ERROR, "validation": {"keys": ["shots"], "source": "body"}}, True),
    ("/jobs/j/results/probabilities", 404, ERROR, True),
    ("/jobs/j/results/probabilities", 404, {"error": "no"}, False),
    ("/jobs/j/results/probabilities/aggregated", 200, {"c": {"0": 1.0}}, True),
    ("/jobs/j/results/probabilities/aggregated", 200, {"0": 1.0}, False),
    ("/jobs/j/circuits/native", 403, ERROR, True),
    ("/organizations/o/usage", 200, USAGE, True),
    ("/organizations/o/usage", 200, {**USAGE, "start_date": "2026-05-01"}, True),
    ("/organizations/o/usage", 200, {"group_type": "job"}, False),
    ("/backends/qpu.aria-1/characterizations/c", 200,
     {"fidelity": {"spam": {"median": 0.99, "stderr": None}},
      "timing": {"readout": 0.0003, "reset": 0.00002, "1q": 0.000135}}, True),
]  # fmt: skip


@pytest.mark.parametrize(("path", "status", "body", "accepted"), CASES)
def test_openapi_core_judges_answers_as_we_do(
    strict_reader: OpenAPI, path: str, status: int, body: Any, *, accepted: bool
) -> None:
    request = MockRequest("https://api.ionq.co", "get", f"/v0.4{path}")
    response = MockResponse(
        json.dumps(body).encode(), status_code=status, content_type="application/json"
    )
    try:
        strict_reader.validate_response(request, response)
        theirs = True
    except OpenAPIError:
        theirs = False
    found = match(CONTRACT, "GET", path)
    assert found is not None
    declared = found[0].declared(status)
    assert declared is not None
    assert theirs is accepted
    assert accepts(declared.content["application/json"], body) is accepted


GATE = {"gate": "pauliexp", "targets": [0], "terms": ["X"], "coefficients": [1], "time": 0.5}
ENERGY = {"type": "hamiltonian-energy", "data": {"hamiltonian": [], "ansatz": {"data": ""}}}


@pytest.mark.parametrize(
    ("kind", "payload", "accepted"),
    [
        ("ionq.circuit.v1", {"gateset": "qis", "circuit": [GATE]}, True),
        ("ionq.circuit.v1", {"gateset": "qis", "circuit": [{**GATE, "time": -1}]}, False),
        ("ionq.circuit.v1", {"gateset": "qis", "circuit": [{**GATE, "terms": "X"}]}, False),
        ("quantum-function", {"data": ENERGY}, True),
        ("quantum-function", {"type": "hamiltonian-energy", "data": ENERGY}, True),
        ("quantum-function", {"type": "other", "data": {}}, True),
        ("quantum-function", {"type": "other"}, False),
    ],
)
def test_openapi_core_judges_jobs_as_we_do(
    strict_reader: OpenAPI, kind: str, payload: Any, *, accepted: bool
) -> None:
    body = {"type": kind, "backend": "simulator", "input": payload}
    request = MockRequest(
        "https://api.ionq.co",
        "post",
        "/v0.4/jobs",
        data=json.dumps(body).encode(),
        headers={"Authorization": "apiKey key"},
    )
    try:
        strict_reader.validate_request(request)
        theirs = True
    except OpenAPIError:
        theirs = False
    ours = accepts(CONTRACT.operation("CreateJob").body["application/json"], body)
    assert (theirs, ours) == (accepted, accepted)


def test_schemathesis_reads_every_operation_and_link() -> None:
    import schemathesis

    schema = schemathesis.openapi.from_dict(json.loads(json.dumps(CONTRACT.document)))
    kinds = [type(result).__name__ for result in schema.get_all_operations()]
    assert kinds == ["Ok"] * len(CONTRACT.operations)
    assert schema.statistic.transitions.total == len(LINKS)


def test_every_link_leads_to_an_operation_with_that_parameter() -> None:
    assert len(LINKS) > 12
    for link in LINKS:
        names = {parameter.name for parameter in CONTRACT.operation(link["operationId"]).parameters}
        assert set(link["parameters"]) <= names, link
