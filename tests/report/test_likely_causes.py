"""Findings that likely have one cause are put together."""

from __future__ import annotations

from dataclasses import replace

from conformance.model import Finding, Severity
from conformance.report.causes import causes_of


def finding(check: str, operation: str, where: str, *, exchange: int, count: int = 1) -> Finding:
    return Finding(
        check=check,
        operation=operation,
        clause="schema/type",
        where=where,
        expected="integer",
        seen='"7"',
        exchanges=(1, exchange),
        count=count,
    )


SHOTS = finding("SCHEMA-001", "GetJob", "response.body/shots", exchange=7, count=3)
ECHO = finding("LIFE-007", "GetJob", "response.body/shots", exchange=9)
LISTED = finding("SCHEMA-001", "GetJobs", "response.body/jobs/0/shots", exchange=11)
PAGES = finding("LIST-001", "GetJobs", "response.body/jobs", exchange=12)
LATE = finding("LIFE-006", "GetSession", "response.body/ended_at", exchange=13)


def test_rules_that_object_to_one_place_have_one_cause_and_the_most_basic_leads() -> None:
    (cause,) = causes_of([ECHO, SHOTS])
    assert cause.head is SHOTS
    assert cause.others == (ECHO,)


def test_what_a_rule_finds_at_one_place_of_several_operations_is_one_cause() -> None:
    (cause,) = causes_of([SHOTS, replace(SHOTS, operation="CancelJob", exchanges=(20,))])
    assert cause.head is SHOTS


def test_findings_about_one_answer_are_one_cause() -> None:
    assert len(causes_of([ECHO, replace(LATE, exchanges=(9,))])) == 1


def test_a_field_that_is_wrong_in_single_reads_and_in_lists_is_one_cause() -> None:
    (cause,) = causes_of([replace(LISTED, check="LIST-003"), SHOTS])
    assert cause.head is SHOTS


def test_what_nothing_ties_together_stays_apart() -> None:
    assert [cause.head for cause in causes_of([SHOTS, PAGES, LATE])] == [SHOTS, PAGES, LATE]


def test_a_status_alone_ties_nothing_together() -> None:
    crash = replace(SHOTS, check="HTTP-001", where="response.status", exchanges=(3,))
    open_door = replace(SHOTS, check="ACCESS-001", where="response.status", exchanges=(4,))
    assert len(causes_of([crash, open_door])) == 2


def test_a_warning_never_leads_nor_follows_an_error() -> None:
    mild = replace(ECHO, severity=Severity.WARNING)
    assert len(causes_of([SHOTS, mild])) == 2


def test_every_finding_is_under_one_cause() -> None:
    findings = [SHOTS, ECHO, LISTED, LATE]
    told = [f for cause in causes_of(findings) for f in (cause.head, *cause.others)]
    assert sorted(f.fingerprint for f in told) == sorted(f.fingerprint for f in findings)
