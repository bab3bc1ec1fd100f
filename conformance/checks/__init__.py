"""Exchanges to findings: pure functions, and the catalogue that lists them."""

from conformance.checks.catalogue import (
    EXCHANGE_RULES,
    HISTORY_RULES,
    RULES,
    Basis,
    ExchangeRule,
    HistoryRule,
    Rule,
)
from conformance.checks.contract import Contract, Oracle

__all__ = [
    "EXCHANGE_RULES",
    "HISTORY_RULES",
    "RULES",
    "Basis",
    "Contract",
    "ExchangeRule",
    "HistoryRule",
    "Oracle",
    "Rule",
]
