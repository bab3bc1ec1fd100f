"""The gate's report as Markdown, for a comment on a pull request or a step summary."""

from __future__ import annotations

import json
from collections.abc import Iterator

from conformance.gate.accepting import Result
from conformance.gate.changes import Change, Verdict
from conformance.gate.rules import BY_NAME
from conformance.report.visible import shortened, visible

SHOWN = 50
LIMIT = 60_000
"""Characters; GitHub takes 65,536 in a comment."""


def markdown(result: Result) -> str:
    """Return the report; whatever a document says is shown as text, never obeyed."""
    comparison = result.comparison
    word = "failed" if result.has_failed else "passed"
    lines = [
        f"## API gate {word}: {result.sentence}",
        "",
        f"{_code(comparison.base.name)} to {_code(comparison.head.name)}",
        f"(suggested version step: **{comparison.suggested}**)",
    ]
    told = [c for c in comparison.changes if c.verdict is not Verdict.COMPATIBLE]
    operation = None
    for change in told[:SHOWN]:
        if change.operation != operation:
            operation = change.operation
            lines += ["", f"### {_code(operation or 'the whole API')}"]
        lines += _change(result, change)
    if len(told) > SHOWN:
        lines += ["", f"and {len(told) - SHOWN} more"]
    harmless = [c for c in comparison.changes if c.verdict is Verdict.COMPATIBLE]
    if harmless:
        lines += ["", f"<details><summary>{len(harmless)} compatible</summary>", ""]
        lines += [f"- {c.rule} {_code(c.operation)} {_code(c.where)}" for c in harmless[:200]]
        lines += ["", "</details>"]
    for note in comparison.notes:
        lines += ["", _plain(note)]
    for waiver in (*result.waivers.expired, *result.waivers.unused):
        state = "expired" if waiver in result.waivers.expired else "covers nothing"
        lines += ["", f"Waiver {_code(waiver.fingerprint)} {state}: {_plain(waiver.reason)}"]
    return shortened("\n".join(lines), LIMIT) + "\n"


def _change(result: Result, change: Change) -> Iterator[str]:
    rule = BY_NAME[change.rule]
    accepted = ", accepted" if result.is_accepted(change) else ""
    yield f"- **{change.verdict}**{accepted} {rule.id} {rule.name} at {_code(change.where)}: "
    yield f"  was {_code(change.before)}, is {_code(change.after)}"
    if change.note:
        yield f"  ({_plain(change.note)})"
    for each in change.evidence:
        yield f"  - {_plain(each.source)}: {_plain(each.text)}"
    if change.witness is not None:
        text = visible(json.dumps(change.witness.message, ensure_ascii=False, indent=1), lines=True)
        fence = "`" * max(3, _longest_run(text) + 1)
        yield f"\n  <details><summary>witness: {change.witness.kind}</summary>\n"
        yield f"  {fence}json"
        yield from (f"  {line}" for line in shortened(text, 2000).splitlines())
        yield f"  {fence}\n\n  </details>"
    yield f"  fingerprint {_code(change.fingerprint)}"


def _code(text: str) -> str:
    fence = "`" * (_longest_run(text) + 1)
    return f"{fence} {visible(shortened(text, 200))} {fence}" if text else "(none)"


def _longest_run(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return longest


def _plain(text: str) -> str:
    safe = visible(shortened(text, 400))
    for char in "\\`*_[]<>#|@":
        safe = safe.replace(char, f"\\{char}" if char != "@" else "@\u200b")
    return safe
