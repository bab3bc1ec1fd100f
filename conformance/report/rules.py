"""What a report says about a rule, besides how it fared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from conformance.model import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleText:
    """The words of one rule of the catalogue."""

    id: str
    name: str
    title: str
    """One sentence: what must hold."""
    why: str = ""
    """Why it matters, and to whom."""
    source: str = ""
    severity: Severity = Severity.ERROR


Rules = Mapping[str, RuleText]
"""Rule texts by rule id, in the order of the catalogue."""

NO_RULES: Rules = MappingProxyType({})


def rule_text(rules: Rules, check: str) -> RuleText:
    """Return the words for `check`; for a rule that the catalogue lacks, only its id."""
    return rules.get(check) or RuleText(id=check, name="", title="")
