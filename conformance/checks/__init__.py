"""Exchanges to findings: pure functions, and the catalogue that lists them."""

from conformance.checks.catalogue import (
    EXCHANGE_RULES,
    HISTORY_RULES,
    RULES,
    RUN_RULES,
    Basis,
    ExchangeRule,
    HistoryRule,
    Rule,
    RunRule,
)
from conformance.checks.contract import Contract, Oracle
from conformance.checks.session_promises import PROMISES, Promise, judged_by, sides, titles, told
from conformance.checks.statistics import weighed

__all__ = [
    "EXCHANGE_RULES",
    "HISTORY_RULES",
    "PROMISES",
    "RULES",
    "RUN_RULES",
    "Basis",
    "Contract",
    "ExchangeRule",
    "HistoryRule",
    "Oracle",
    "Promise",
    "Rule",
    "RunRule",
    "judged_by",
    "sides",
    "titles",
    "told",
    "weighed",
]
