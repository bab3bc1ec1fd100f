"""The documents of IBM and Scaleway: proven, and mended where they contradict their services."""

from __future__ import annotations

import pytest

from conformance.model import Operation
from conformance.spec import check, disagreements, load
from conformance.spec.judging import accepts, accepts_request

IBM = load("ibm")
SCALEWAY = load("scaleway")
SESSION = {"id": "s", "platform_id": "p", "status": "running", "max_duration": "3600s"}


def success(operation: Operation, status: str = "200") -> dict[str, object]:
    return dict(operation.responses[status].content["application/json"])


@pytest.mark.parametrize("provider", ["ibm", "scaleway"])
def test_everything_that_the_folder_claims_is_proven(provider: str) -> None:
    proofs = list(check(provider))
    assert len(proofs) > 50
    assert [proof.text for proof in proofs if not proof.holds] == []


def test_every_operation_may_refuse() -> None:
    for operation in (*IBM.operations, *SCALEWAY.operations):
        assert "4XX" in operation.responses, operation.id


def test_only_the_list_of_versions_needs_no_key() -> None:
    for contract, open_ones in ((IBM, {"list_versions"}), (SCALEWAY, set())):
        assert {o.id for o in contract.operations if not o.authenticated} == open_ones


@pytest.mark.parametrize(
    "more", [{}, {"interactive_ttl": 60}, {"instance": "crn:v1::", "max_ttl": 60}]
)
def test_a_session_of_any_of_ibms_customers_can_be_asked_for(more: dict[str, object]) -> None:
    body = {"mode": "batch", "backend": "ibm_fez", **more}
    assert accepts_request(IBM.operation("create_session"), {"body": body})
    assert not accepts_request(IBM.operation("create_session"), {"body": {**body, "mode": "x"}})


def test_ibms_session_may_have_used_nothing_yet() -> None:
    session = {"id": "s", "backend_name": None, "mode": "batch", "elapsed_time": None}
    assert accepts(success(IBM.operation("get_session")), session)


def test_none_of_the_seeds_names_for_ibms_session_binds() -> None:
    listed = disagreements("ibm")
    assert {entry.binds for entry in listed} == {"openapi"}
    assert {entry.pointer for entry in listed} >= {
        "/max_time",
        "/max_session_ttl",
        "/interactive_timeout",
        "/active_at",
        "/created_at",
        "/state",
    }


@pytest.mark.parametrize("name", ["started_at", "max_duration", "tags", "booking_id"])
def test_scaleways_session_may_have_nulls(name: str) -> None:
    schema = success(SCALEWAY.operation("GetSession"))
    assert accepts(schema, {**SESSION, name: None})
    assert not accepts(schema, {**SESSION, "status": None})


@pytest.mark.parametrize("seen", [3600, "3600", "1h"])
def test_scaleways_durations_are_text_in_seconds(seen: object) -> None:
    schema = success(SCALEWAY.operation("GetSession"))
    assert accepts(schema, {**SESSION, "max_duration": "2.5s"})
    assert not accepts(schema, {**SESSION, "max_duration": seen})
