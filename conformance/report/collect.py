"""Events to a `Summary`: what happened, counted once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from conformance.model import (
    Event,
    Exchange,
    ExchangeRecorded,
    Finding,
    FindingMade,
    Judgement,
    NoteMade,
    Outcome,
    ResultsWeighed,
    RunFinished,
    RunStarted,
    Severity,
    SuiteFinished,
    SuiteStarted,
)
from conformance.report.summary import (
    OperationTally,
    Reach,
    RuleTally,
    SlowExchange,
    SuiteTally,
    Summary,
)

SLOWEST = 5

_Key = tuple[str, str]
"""Rule id and operation id."""


def summarize(events: Iterable[Event]) -> Summary:
    """Return what the reports of a run show.

    Args:
        events: Of one run, in order. They are read twice, so that only the exchanges that
            findings point to are kept; an iterator is stored first, `runlog.Log` is not.

    Raises:
        ValueError: There is no `RunStarted` among them.
    """
    if isinstance(events, Iterator):
        events = tuple(events)
    shown = {
        number
        for event in events
        if isinstance(event, FindingMade)
        for number in event.finding.exchanges
    }
    tally = _Tally(shown=shown)
    for event in events:
        tally.add(event)
    return tally.summary()


@dataclass(slots=True)
class _Tally:
    shown: set[int]
    run: RunStarted | None = None
    finished: RunFinished | None = None
    suites: dict[str, SuiteTally] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    """How many finding events there were, by fingerprint."""
    statuses: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Statuses and problems, by operation id; the empty id for none."""
    exchanges: dict[int, Exchange] = field(default_factory=dict)
    slowest: list[SlowExchange] = field(default_factory=list)
    notes: list[NoteMade] = field(default_factory=list)
    judgement: Judgement | None = None
    last: float = 0.0

    def add(self, event: Event) -> None:
        match event:
            case RunStarted():
                self.run = event
                for suite in event.suites:
                    self._suite(suite)
            case SuiteStarted(suite=name, planned=planned):
                self.suites[name] = replace(self._suite(name), started=True, planned=planned)
            case ExchangeRecorded(exchange=exchange):
                self._add_exchange(exchange)
            case FindingMade(finding=finding):
                self._add_finding(finding)
            case SuiteFinished():
                self._end_suite(event)
            case NoteMade():
                self.notes.append(event)
            case ResultsWeighed(judgement=judgement):
                self.judgement = judgement
            case RunFinished():
                self.finished = event

    def _suite(self, name: str) -> SuiteTally:
        return self.suites.setdefault(name, SuiteTally(name=name))

    def _add_exchange(self, exchange: Exchange) -> None:
        suite = self._suite(exchange.case.suite)
        self.suites[suite.name] = replace(suite, started=True, exchanges=suite.exchanges + 1)
        operation = exchange.operation.id if exchange.operation else ""
        self.statuses[operation][_answer(exchange)] += 1
        if exchange.number in self.shown:
            self.exchanges[exchange.number] = exchange
        elapsed = exchange.response.elapsed if exchange.response else 0.0
        self.last = max(self.last, exchange.started + elapsed)
        self._add_time(exchange)

    def _add_time(self, exchange: Exchange) -> None:
        if exchange.response is None:
            return
        slow = SlowExchange(
            number=exchange.number,
            method=exchange.case.request.method,
            path=exchange.case.request.path,
            status=exchange.response.status,
            elapsed=exchange.response.elapsed,
        )
        self.slowest = sorted([*self.slowest, slow], key=lambda one: -one.elapsed)[:SLOWEST]

    def _add_finding(self, finding: Finding) -> None:
        fingerprint = finding.fingerprint
        self.findings.setdefault(fingerprint, finding)
        self.seen[fingerprint] += finding.count
        if finding.case:
            suite = self._suite(finding.case.partition(".")[0])
            self.suites[suite.name] = replace(suite, findings=suite.findings + 1)

    def _end_suite(self, event: SuiteFinished) -> None:
        suite = self._suite(event.suite)
        self.suites[event.suite] = replace(
            suite,
            started=True,
            ended=True,
            exchanges=max(suite.exchanges, event.exchanges),
            elapsed=event.elapsed,
            stopped=event.stopped,
            outcomes=event.outcomes,
        )

    def summary(self) -> Summary:
        if self.run is None:
            raise ValueError("expected a RunStarted among the events, got none")
        findings = self._counted()
        outcomes = _merged(self.suites.values(), findings)
        return Summary(
            run=self.run,
            finished=self.finished,
            requests=sum(suite.exchanges for suite in self.suites.values()),
            elapsed=self.finished.elapsed if self.finished else self.last,
            suites=tuple(self.suites.values()),
            rules=_by_rule(outcomes, findings),
            operations=_by_operation(self.run, self.statuses, outcomes),
            outside=self._outside(self.run),
            findings=findings,
            exchanges=self.exchanges,
            slowest=tuple(self.slowest),
            notes=tuple(self.notes),
            judgement=self.judgement,
        )

    def _counted(self) -> tuple[Finding, ...]:
        final = dict(self.finished.findings) if self.finished else {}
        counted = (
            replace(finding, count=final.get(fingerprint, self.seen[fingerprint]))
            for fingerprint, finding in self.findings.items()
        )
        return tuple(sorted(counted, key=_importance))

    def _outside(self, run: RunStarted) -> int:
        known = {operation for operation, _, _ in run.operations}
        return sum(
            counts.total() for operation, counts in self.statuses.items() if operation not in known
        )


def _answer(exchange: Exchange) -> str:
    if exchange.response is not None:
        return str(exchange.response.status)
    return str(exchange.problem) if exchange.problem else "no answer"


def _importance(finding: Finding) -> tuple[bool, str, str, str]:
    return (
        finding.severity is Severity.WARNING,
        finding.check,
        finding.operation,
        finding.fingerprint,
    )


def _merged(suites: Iterable[SuiteTally], findings: Iterable[Finding]) -> dict[_Key, Outcome]:
    """Return the outcomes of all suites, one for each rule and operation.

    A suite that did not end reported no outcomes; its findings stand in for them.
    """
    merged: dict[_Key, Outcome] = {}
    for outcome in (outcome for suite in suites for outcome in suite.outcomes):
        key = (outcome.check, outcome.operation)
        merged[key] = _sum(merged[key], outcome) if key in merged else outcome
    found = Counter[_Key]()
    for finding in findings:
        found[finding.check, finding.operation] += finding.count
    for key, count in found.items():
        known = merged.get(key) or Outcome(check=key[0], operation=key[1], judged=0)
        if not known.violated:
            merged[key] = replace(known, judged=max(known.judged, count), violated=count)
    return merged


def _sum(one: Outcome, other: Outcome) -> Outcome:
    return replace(
        one,
        judged=one.judged + other.judged,
        violated=one.violated + other.violated,
        inconclusive=one.inconclusive + other.inconclusive,
    )


def _by_rule(outcomes: dict[_Key, Outcome], findings: Iterable[Finding]) -> tuple[RuleTally, ...]:
    counts = Counter(finding.check for finding in findings)
    grouped = defaultdict[str, list[Outcome]](list)
    for (check, _), outcome in sorted(outcomes.items()):
        grouped[check].append(outcome)
    return tuple(
        RuleTally(check=check, outcomes=tuple(group), findings=counts[check])
        for check, group in grouped.items()
    )


def _by_operation(
    run: RunStarted, statuses: dict[str, Counter[str]], outcomes: dict[_Key, Outcome]
) -> tuple[OperationTally, ...]:
    grouped = defaultdict[str, list[Outcome]](list)
    for (_, operation), outcome in sorted(outcomes.items()):
        grouped[operation].append(outcome)
    tallies = []
    for operation, method, path in run.operations:
        counts = statuses.get(operation, Counter[str]())
        tallies.append(
            OperationTally(
                id=operation,
                method=method,
                path=path,
                requests=counts.total(),
                statuses=tuple(sorted(counts.items())),
                reach=_reach(counts),
                outcomes=tuple(grouped[operation]),
            )
        )
    return tuple(tallies)


def _reach(counts: Counter[str]) -> Reach:
    answers = [answer for answer in counts if answer.isdigit()]
    if any(answer.startswith("2") for answer in answers):
        return Reach.SUCCESS
    if answers:
        return Reach.REFUSAL
    return Reach.SILENCE if counts else Reach.NEVER
