"""Exchanges and histories through the catalogue of rules, into findings and counts."""

from __future__ import annotations

import shlex
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.checks import (
    EXCHANGE_RULES,
    HISTORY_RULES,
    RUN_RULES,
    Contract,
    ExchangeRule,
    Rule,
    weighed,
)
from conformance.checks.judge import JudgesDisagree
from conformance.engine.choosing import Choice
from conformance.model import (
    Delivery,
    Exchange,
    Finding,
    Judgement,
    Operation,
    Outcome,
    Severity,
    Weighed,
)

_DRIPPING = 400
"""Bytes a second at which curl sends what a walk sent in drips."""
_KEY_HEADERS = frozenset({"authorization", "x-auth-token"})
WEIGHED = frozenset({"lifecycle", "physics", "recorded"})
"""Suites whose results are weighed together."""


@dataclass(slots=True, kw_only=True)
class Judging:
    """Applies rules, keeps count, and reports each departure the first time it is seen.

    Args:
        contract: What is judged by.
        only: Ids of the rules that are applied; empty for all.
        repeat: Case id to the command that plays it again.
        url: Base URL of the target, for curl lines.
        clean: Removes secrets from a text.
        on_finding: Told of each new finding.
        choice: What else was chosen: rules by their families, weights, what is accepted.
        on_note: Told of what is our own defect: two validators that differ.
    """

    contract: Contract
    only: frozenset[str]
    repeat: Callable[[str], str]
    url: str
    clean: Callable[[str], str]
    on_finding: Callable[[Finding], None]
    on_note: Callable[[str], None]
    choice: Choice = field(default_factory=Choice)
    findings: dict[str, Finding] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    _results: list[tuple[Weighed, Mapping[str, Any]]] = field(default_factory=list)
    _witnesses: dict[int, Exchange] = field(default_factory=dict)
    _open: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _tallies: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    _taken: dict[tuple[frozenset[str], int], tuple[Any, ...]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def exchange(self, exchange: Exchange) -> None:
        """Judge one exchange by every rule that applies to it."""
        for rule in self._chosen(EXCHANGE_RULES):
            found = self._guarded(rule, exchange)
            if found is not None:
                self._count(rule, exchange, len(found))
                for finding in found:
                    self._report(rule, finding, exchange)

    def history(self, exchanges: Sequence[Exchange]) -> None:
        """Judge the ordered exchanges of one scenario by every rule about histories."""
        if not exchanges:
            return
        by_number = {exchange.number: exchange for exchange in exchanges}
        for rule in self._chosen(HISTORY_RULES):
            judged = self._guarded(rule, exchanges) or []
            found = [finding for finding in judged if finding is not None]
            for finding in found:
                witness = by_number.get(max(finding.exchanges, default=0), exchanges[-1])
                self._report(rule, finding, witness)
            if judged:
                self._add(rule, exchanges[0], _subject(found, by_number), judged, found)
        self._weigh(exchanges, by_number)

    def _weigh(self, exchanges: Sequence[Exchange], by_number: dict[int, Exchange]) -> None:
        if exchanges[0].case.suite not in WEIGHED or not self._chosen(RUN_RULES):
            return
        try:
            rows = list(weighed(exchanges, self.contract))
        except Exception as error:  # noqa: BLE001 - one result's defect must not end the run
            self.on_note(f"a result could not be weighed, a defect of qconform: {error!r}")
            return
        with self._lock:
            self._results += rows
            for row, _ in rows:
                self._witnesses[row.exchanges[-1]] = by_number[row.exchanges[-1]]

    def run(self, suite: str) -> Judgement:
        """Judge all results of the run so far by every rule about runs; `suite` ends with it."""
        judgement = self.contract.oracle.judge(self._results)
        for rule in self._chosen(RUN_RULES):
            for finding in (said := self._judged_run(rule, judgement)):
                operation = self.contract.provider.jobs.results
                if finding is not None:
                    witness = self._witnesses[max(finding.exchanges)]
                    operation = witness.operation.id if witness.operation else ""
                    self._report(rule, finding, witness)
                key = (suite, rule.id, operation)
                with self._lock:
                    tally = self._tallies.setdefault(key, [0, 0])
                    tally[0] += finding is None
                    tally[1] += finding is not None
            if said and rule is RUN_RULES[0]:
                self._open[suite, rule.id, self.contract.provider.jobs.results] = judgement.open
        return judgement

    def _judged_run(self, rule: Rule, judgement: Judgement) -> list[Finding | None]:
        try:
            return list(rule.check(judgement, self.contract))
        except Exception as error:  # noqa: BLE001 - one rule's defect must not end the run
            self.on_note(f"{rule.id} could not judge, a defect of qconform: {error!r}")
            return []

    def unseen(self, exchanges: Sequence[Exchange]) -> frozenset[str]:
        """Return what the rules about histories would find that was not found yet; report nothing.

        Each is named by rule and clause, which stay the same while a history is made shorter.
        """
        known = {(f.check, f.clause) for f in self.findings.values()}
        named = {
            (rule.id, finding.clause)
            for rule in self._chosen(HISTORY_RULES)
            for finding in self._guarded(rule, exchanges) or ()
            if finding is not None
        }
        return frozenset(" ".join(each) for each in named - known)

    def outcomes(self, suite: str) -> tuple[Outcome, ...]:
        """Return how each rule fared in `suite`, in a fixed order."""
        return tuple(
            Outcome(
                check=check,
                operation=operation,
                judged=judged,
                violated=violated,
                inconclusive=self._open[name, check, operation],
            )
            for (name, check, operation), (judged, violated) in sorted(self._tallies.items())
            if name == suite
        )

    def _chosen(self, rules: tuple[Rule, ...]) -> tuple[Any, ...]:
        """Return those of `rules`, one of the catalogue's tuples, that are chosen."""
        only, choice, facts = self.only, self.choice, self.contract.provider
        key = (only, id(rules))
        if key not in self._taken:
            self._taken[key] = tuple(
                rule
                for rule in rules
                if (not only or rule.id in only) and choice.takes(rule.id)
                if not facts.reason_against(rule.id)
            )
        return self._taken[key]

    def _guarded(self, rule: Rule, evidence: Any) -> list[Any] | None:
        """Return what `rule` says of the evidence; None when it cannot be judged by it."""
        try:
            if isinstance(rule, ExchangeRule) and not rule.applies(evidence, self.contract):
                return None
            return list(rule.check(evidence, self.contract))
        except JudgesDisagree as disagreement:
            self.on_note(f"{rule.id} could not judge: {disagreement}")
        except Exception as error:  # noqa: BLE001 - one rule's defect must not end the run
            self.on_note(f"{rule.id} could not judge, a defect of qconform: {error!r}")
        return None

    def _count(self, rule: Rule, exchange: Exchange, violated: int) -> None:
        operation = exchange.operation.id if exchange.operation else ""
        with self._lock:
            tally = self._tallies.setdefault((exchange.case.suite, rule.id, operation), [0, 0])
            tally[0] += 1
            tally[1] += bool(violated)

    def _add(
        self,
        rule: Rule,
        first: Exchange,
        operation: str,
        judged: Sequence[Finding | None],
        found: Sequence[Finding],
    ) -> None:
        with self._lock:
            tally = self._tallies.setdefault((first.case.suite, rule.id, operation), [0, 0])
            tally[0] += max(len(judged) - len(found), len(found))
            tally[1] += len(found)

    def _report(self, rule: Rule, finding: Finding, judged: Exchange) -> None:
        operation = judged.operation
        scenario = ".".join(judged.case.id.split(".")[:2])
        whole = replace(
            finding,
            check=rule.id,
            operation=operation.id if operation else "",
            case=judged.case.id,
            source=finding.source or (operation.pointer if operation else ""),
            severity=self.choice.severity_of(rule),
            exchanges=finding.exchanges or (judged.number,),
            curl=self.clean(curl_line(judged, self.url)),
            again=self.repeat(scenario),
            where=self.clean(finding.where),
            expected=self.clean(finding.expected),
            seen=self.clean(finding.seen),
            note=self.clean(finding.note),
        )
        whole = self.choice.waived(whole)
        with self._lock:
            self.counts[whole.fingerprint] += 1
            if whole.fingerprint in self.findings:
                return
            self.findings[whole.fingerprint] = whole
        self.on_finding(whole)

    @property
    def violated(self) -> bool:
        """Whether any finding is an error."""
        return any(f.severity is Severity.ERROR for f in self.findings.values())


def curl_line(exchange: Exchange, url: str) -> str:
    """Return the request as a curl command that reads its key from the environment."""
    request = exchange.case.request
    words = ["curl", "-sS", "-i"]
    if request.method != "GET":
        words += ["-X", request.method]
    if request.delivery is Delivery.IN_DRIPS:
        words += ["--limit-rate", str(_DRIPPING)]
    line = shlex.join([*words, f"{url.rstrip('/')}{request.path}"])
    for name, value in request.headers:
        if name.lower() in _KEY_HEADERS:
            prefix, space, _ = value.rpartition(" ")
            line += f' -H "{name}: {prefix}{space}$QCONFORM_API_KEY"'
        else:
            line += f" -H {shlex.quote(f'{name}: {value}')}"
    if request.body:
        line += f" --data-raw {shlex.quote(request.body.decode('utf-8', 'replace'))}"
    return line


def _subject(found: Sequence[Finding], by_number: dict[int, Exchange]) -> str:
    """Return the id of the operation that a history rule was judged on, as far as it is known."""
    for finding in found:
        exchange = by_number.get(max(finding.exchanges, default=0))
        if exchange is not None and isinstance(exchange.operation, Operation):
            return exchange.operation.id
    return ""
