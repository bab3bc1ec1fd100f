from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from sample_runs import (
    OPERATIONS,
    STARTED,
    clean_run,
    exchange,
    killed_run,
    violated_run,
)

from conformance.model import (
    Event,
    ExchangeRecorded,
    Finding,
    FindingMade,
    Outcome,
    Request,
    RunFinished,
    Severity,
    SuiteFinished,
    SuiteStarted,
    Verdict,
)
from conformance.report import Reach, Summary, summarize

FINDING = Finding(
    check="HTTP-002",
    operation="GetJob",
    clause="responses",
    where="response.status",
    expected="one of 200",
    seen="418",
    case="contract.1.1",
    exchanges=(7,),
)


def of(*events: Event) -> Summary:
    return summarize((STARTED, *events))


def finished(**changes: object) -> RunFinished:
    end = RunFinished(verdict=Verdict.CONFORMS, exit_code=0, elapsed=1.0)
    return replace(end, **changes)  # type: ignore[arg-type]  # fields by name


def test_a_finding_made_twice_is_shown_once_and_counted() -> None:
    again = replace(FINDING, seen="419")

    summary = of(FindingMade(finding=FINDING), FindingMade(finding=again))

    assert summary.findings == (replace(FINDING, count=2),)


def test_the_count_at_the_end_of_the_run_is_the_one_that_holds() -> None:
    summary = of(FindingMade(finding=FINDING), finished(findings=((FINDING.fingerprint, 31),)))

    assert [finding.count for finding in summary.findings] == [31]


def test_errors_come_before_warnings() -> None:
    early = replace(FINDING, check="ACCESS-001", severity=Severity.WARNING)

    summary = of(FindingMade(finding=early), FindingMade(finding=FINDING))

    assert [finding.check for finding in summary.findings] == ["HTTP-002", "ACCESS-001"]
    assert (summary.errors, summary.warnings) == (1, 1)


def test_outcomes_of_several_suites_add_up() -> None:
    ends = [
        SuiteFinished(
            suite=suite,
            exchanges=0,
            elapsed=0.1,
            outcomes=(
                Outcome(check="HTTP-001", operation="GetJob", judged=3, inconclusive=unsure),
            ),
        )
        for suite, unsure in (("contract", 0), ("access", 1))
    ]

    summary = of(*ends, finished())

    (rule,) = summary.rules
    assert (rule.judged, rule.inconclusive, rule.verdict) == (6, 1, Verdict.INCONCLUSIVE)
    assert summary.open_rules == (rule,)


def test_a_run_that_was_killed_is_judged_by_what_it_found() -> None:
    summary = summarize(killed_run())

    assert not summary.ended
    assert summary.verdict is Verdict.VIOLATES
    (rule,) = summary.rules
    assert (rule.check, rule.verdict, rule.violated) == ("HTTP-002", Verdict.VIOLATES, 1)
    assert [suite.verdict for suite in summary.suites] == [
        Verdict.VIOLATES,
        Verdict.NOT_TESTED,
        Verdict.NOT_TESTED,
    ]


def test_a_killed_run_without_findings_never_holds() -> None:
    summary = of(SuiteStarted(suite="contract"))

    assert summary.verdict is Verdict.INCONCLUSIVE
    assert summary.suites[0].verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize(
    ("statuses", "reach"),
    [
        ((404, 201), Reach.SUCCESS),
        ((404, 500), Reach.REFUSAL),
        ((None, 302), Reach.REFUSAL),
        ((None,), Reach.SILENCE),
        ((), Reach.NEVER),
    ],
)
def test_how_far_an_operation_was_reached_is_told(
    statuses: Iterable[int | None], reach: Reach
) -> None:
    events = [
        ExchangeRecorded(exchange=exchange(number, "GetJob", status=status))
        for number, status in enumerate(statuses, start=1)
    ]

    tallies = {tally.id: tally for tally in of(*events).operations}

    assert tallies["GetJob"].reach is reach
    assert tallies["GetJob"].requests == len(events)


def test_statuses_and_missing_answers_are_counted_by_operation() -> None:
    events = [
        ExchangeRecorded(exchange=exchange(number, "GetJobs", status=status))
        for number, status in enumerate((200, 200, 404, None), start=1)
    ]

    tallies = {tally.id: tally for tally in of(*events).operations}

    assert tallies["GetJobs"].statuses == (("200", 2), ("404", 1), ("timeout", 1))
    assert list(tallies) == list(OPERATIONS)


def test_requests_for_no_operation_are_counted_apart() -> None:
    made = exchange(1, "GetJob")
    stray = replace(
        made, case=replace(made.case, operation=None, request=Request(method="TRACE", path="/"))
    )

    summary = of(ExchangeRecorded(exchange=stray))

    assert (summary.requests, summary.outside, summary.asked_operations) == (1, 1, 0)


def test_only_exchanges_that_findings_point_to_are_kept() -> None:
    events = [ExchangeRecorded(exchange=exchange(n, "GetJob")) for n in range(1, 10)]

    summary = of(*events, FindingMade(finding=FINDING))

    assert list(summary.exchanges) == [7]


def test_the_slowest_answers_come_slowest_first() -> None:
    elapsed = [slow.elapsed for slow in summarize(clean_run()).slowest]

    assert elapsed == sorted(elapsed, reverse=True)
    assert len(elapsed) == 5


def test_an_iterator_of_events_gives_the_same_summary() -> None:
    assert summarize(iter(violated_run())) == summarize(violated_run())


def test_events_without_a_beginning_are_no_run() -> None:
    with pytest.raises(ValueError, match="RunStarted"):
        summarize([finished()])
