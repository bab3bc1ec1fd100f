"""Departures of real clients."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from conformance import resources
from conformance.spec import check, load, tolerances
from conformance.spec.judging import accepts, accepts_request

STRICT = load("ionq")
LENIENT = load("ionq", lenient=True)
JOB = {
    "type": "ionq.circuit.v1",
    "backend": "simulator",
    "input": {"gateset": "qis", "circuit": []},
}
SEEDLESS = {"noise": {"model": "ideal", "seed": None}}


def submitted(contract: object, **members: object) -> bool:
    operation = (
        LENIENT.operation("CreateJob") if contract is LENIENT else STRICT.operation("CreateJob")
    )
    return accepts(operation.body["application/json"], {**JOB, **members})


@pytest.mark.parametrize("tolerance", tolerances("ionq"), ids=lambda tolerance: str(tolerance.id))
def test_an_entry_says_who_departs_how_and_why(tolerance: object) -> None:
    for name in ("id", "operations", "says", "sent", "clients", "reason", "example"):
        assert getattr(tolerance, name), name


@pytest.mark.parametrize(
    "members", [SEEDLESS, {"shots": "100"}, {"shots": "1000000"}, {"lang": "json"}]
)
def test_a_listed_departure_is_accepted_when_lenient_only(members: dict[str, object]) -> None:
    assert not submitted(STRICT, **members)
    assert submitted(LENIENT, **members)


@pytest.mark.parametrize(
    "members",
    [
        {"shots": "0"}, {"shots": "1000001"}, {"shots": "many"}, {"shots": None}, {"lang": "qasm"},
        {"noise": {"seed": None}}, {"noise": {"model": "ideal", "seed": "1"}}, {"more": 1},
    ],
)  # fmt: skip
def test_nothing_else_is_accepted_when_lenient(members: dict[str, object]) -> None:
    assert not submitted(LENIENT, **members)


@pytest.mark.parametrize("members", [{}, {"shots": 5}, {"noise": {"model": "ideal", "seed": 3}}])
def test_what_the_document_allows_stays_allowed(members: dict[str, object]) -> None:
    assert submitted(STRICT, **members)
    assert submitted(LENIENT, **members)


def test_answers_are_not_widened() -> None:
    for operation in STRICT.operations:
        lenient = LENIENT.operation(operation.id)
        for status, declared in operation.responses.items():
            assert declared == lenient.responses[status], (operation.id, status)


def test_both_contracts_have_the_same_digest() -> None:
    assert STRICT.digest == LENIENT.digest


@pytest.mark.parametrize(
    ("wanted", "query", "strict", "lenient"),
    [
        ("GetJobProbabilities", {"sharpen": "true"}, True, True),
        ("GetJobProbabilities", {"sharpen": "True"}, False, True),
        ("GetJobProbabilities", {"sharpen": "TRUE"}, False, False),
        ("GetJobs", {"status": "ready"}, True, True),
        ("GetJobs", {"status": "queued"}, False, True),
        ("GetJobs", {"status": "running"}, False, False),
        ("EstimateJobCost", {"shots": "10"}, True, True),
        ("EstimateJobCost", {"shots": "ten"}, False, False),
    ],
)
def test_parameters_widen_likewise(
    wanted: str, query: dict[str, str], *, strict: bool, lenient: bool
) -> None:
    assert accepts_request(STRICT.operation(wanted), {"query": query}) is strict
    assert accepts_request(LENIENT.operation(wanted), {"query": query}) is lenient


def copied(tmp_path: Path, old: str, new: str) -> Path:
    folder = tmp_path / "ionq" / "v0.4"
    shutil.copytree(resources.folder("specs") / "ionq" / "v0.4", folder)
    path = folder / "tolerances.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    return folder


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ('"shots": "100"', '"shots": 100', "shots-as-text: CreateJob refuses"),
        ('"shots": "100"', '"shots": "none"', "shots-as-text: CreateJob accepts"),
        ('operations = ["GetJobs"]\nsays = "the', 'operations = ["Lost"]\nsays = "the', "Lost"),
    ],
)
def test_an_entry_that_is_not_true_is_reported(
    tmp_path: Path, old: str, new: str, seen: str
) -> None:
    folder = copied(tmp_path, old, new)
    (text,) = [proof.text for proof in check(folder=folder) if not proof.holds]
    assert seen in text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CircuitJobCreationPayload/properties/noise", "Lost/properties/noise"),
        ('id = "lang-member"\n', ""),
        ('"lang": "json"', '"lang: json"'),
        ("[[tolerance]]", "[[tolerance"),
    ],
)
def test_a_broken_list_is_refused(tmp_path: Path, old: str, new: str) -> None:
    folder = copied(tmp_path, old, new)
    (proof,) = [proof for proof in check(folder=folder) if not proof.holds]
    assert "tolerances.toml" in proof.text
