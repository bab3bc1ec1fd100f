"""What a run says as it goes; the run log is these, one JSON object a line."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.model.evidence import Judgement
from conformance.model.exchange import Exchange
from conformance.model.findings import Finding, Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """First event: who judges whom, by what, and how much."""

    tool: str
    """Version of qconform."""
    provider: str
    title: str
    """Title and version of the document."""
    document: str
    """Where the document stands in the project."""
    digest: str
    target: str
    """Base URL, or `embedded mock`."""
    seed: int
    profile: str
    suites: tuple[str, ...]
    started: str
    """RFC 3339, UTC."""
    operations: tuple[tuple[str, str, str], ...] = ()
    """(id, method, path) of every operation of the document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteStarted:
    """A suite begins; `planned` is the number of scenarios, 0 when open-ended."""

    suite: str
    planned: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeRecorded:
    """One request and its response; secrets are already removed."""

    exchange: Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingMade:
    """A departure, seen for the first time in this run."""

    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsWeighed:
    """The results of all circuits together, judged once by what each of them weighs."""

    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteFinished:
    """A suite ends; `stopped` says why it ended early, if it did."""

    suite: str
    exchanges: int
    elapsed: float
    outcomes: tuple[Outcome, ...] = ()
    stopped: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMade:
    """Something a reader should know that is no finding."""

    text: str
    suite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """Last event of a run that was not killed."""

    verdict: Verdict
    exit_code: int
    elapsed: float
    findings: tuple[tuple[str, int], ...] = ()
    """(fingerprint, count) of every finding."""
    stopped: str = ""
    """Empty, or why the run ended early: `deadline`, `interrupted`, `target-silent`."""


Event = (
    RunStarted
    | SuiteStarted
    | ExchangeRecorded
    | FindingMade
    | ResultsWeighed
    | SuiteFinished
    | NoteMade
    | RunFinished
)
