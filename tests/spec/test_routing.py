"""Which operation a request is for."""

from __future__ import annotations

import pytest

from conformance.spec import load, match

CONTRACT = load("ionq")


@pytest.mark.parametrize(
    ("method", "path", "wanted", "parameters"),
    [
        ("GET", "/jobs/estimate", "EstimateJobCost", {}),
        ("get", "/jobs/abc", "GetJob", {"UUID": "abc"}),
        ("PUT", "/jobs/status/cancel", "CancelJobs", {}),
        ("PUT", "/jobs/abc/status/cancel", "CancelJob", {"UUID": "abc"}),
        ("GET", "/v0.4/jobs?limit=1", "GetJobs", {}),
        ("GET", "/jobs/a%2Fb", "GetJob", {"UUID": "a/b"}),
        ("GET", "/jobs/j/circuits/native", "GetCompiledFile", {"UUID": "j", "lang": "native"}),
        ("GET", "/jobs/j/results/probabilities", "GetJobProbabilities", {"UUID": "j"}),
    ],
)
def test_a_request_finds_its_operation(
    method: str, path: str, wanted: str, parameters: dict[str, str]
) -> None:
    found = match(CONTRACT, method, path)
    assert found is not None
    assert (found[0].id, found[1]) == (wanted, parameters)


@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", "/jobs"), ("GET", "/job"), ("GET", "/jobs/"), ("GET", "/jobs/a/b/c"), ("GET", "")],
)
def test_a_request_for_nothing_finds_nothing(method: str, path: str) -> None:
    assert match(CONTRACT, method, path) is None


def test_every_operation_is_found_by_its_own_path() -> None:
    for operation in CONTRACT.operations:
        found = match(CONTRACT, operation.method, operation.path)
        assert found is not None
        assert found[0] is operation
