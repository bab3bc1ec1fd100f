"""What a run says of its own reach: rules that are not for this API, promises it has tested."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks import RULES, told
from conformance.engine.judging import Judging
from conformance.engine.options import SUITES
from conformance.providers import Provider

_REASONS = 6
"""Reasons in one note, which is shown whole."""


def not_judged(provider: Provider) -> Iterator[str]:
    """Yield which rules are skipped because this API has nothing that they could judge, and why."""
    reasons: dict[str, list[str]] = {}
    for rule in RULES:
        if reason := provider.reason_against(rule.id):
            reasons.setdefault(reason, []).append(rule.id)
    texts = [f"{', '.join(ids)} ({reason})" for reason, ids in reasons.items()]
    for start in range(0, len(texts), _REASONS):
        yield f"not for this API: {'; '.join(texts[start : start + _REASONS])}"


def of_sessions(judging: Judging) -> Iterator[str]:
    """Yield what was tested of sessions, if anything was."""
    outcomes = [o for suite in SUITES for o in judging.outcomes(suite) if o.judged]
    sentence = told((o.check for o in outcomes), (o.check for o in outcomes if o.violated))
    if sentence:
        yield sentence
