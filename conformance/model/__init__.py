"""The values that everybody speaks: frozen, keyword-only, without behaviour of their own."""

from conformance.model.contract import (
    Binding,
    DeclaredResponse,
    Location,
    Operation,
    Parameter,
    Schema,
    Specification,
)
from conformance.model.events import (
    Event,
    ExchangeRecorded,
    FindingMade,
    NoteMade,
    ResultsWeighed,
    RunFinished,
    RunStarted,
    SuiteFinished,
    SuiteStarted,
)
from conformance.model.evidence import Judgement, Weighed
from conformance.model.exchange import (
    Case,
    Credential,
    Exchange,
    Expectation,
    Headers,
    Problem,
    Request,
    Response,
    parse_json,
)
from conformance.model.findings import Finding, Oddity, Outcome, Severity, Verdict
from conformance.model.waivers import Waived, Waiver, waived

__all__ = [
    "Binding",
    "Case",
    "Credential",
    "DeclaredResponse",
    "Event",
    "Exchange",
    "ExchangeRecorded",
    "Expectation",
    "Finding",
    "FindingMade",
    "Headers",
    "Judgement",
    "Location",
    "NoteMade",
    "Oddity",
    "Operation",
    "Outcome",
    "Parameter",
    "Problem",
    "Request",
    "Response",
    "ResultsWeighed",
    "RunFinished",
    "RunStarted",
    "Schema",
    "Severity",
    "Specification",
    "SuiteFinished",
    "SuiteStarted",
    "Verdict",
    "Waived",
    "Waiver",
    "Weighed",
    "parse_json",
    "waived",
]
