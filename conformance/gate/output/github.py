"""Annotations that GitHub shows at the changed line of the document."""

from __future__ import annotations

from conformance.gate.accepting import Result
from conformance.gate.changes import Change, Verdict
from conformance.gate.rules import BY_NAME
from conformance.gate.wording import brief
from conformance.report.visible import visible

SHOWN = 50
_LEVELS = {Verdict.BREAKING: "error", Verdict.SUSPECTED: "warning", Verdict.RISKY: "warning"}


def commands(result: Result) -> str:
    """Return one workflow command a line for each change that is not compatible."""
    told = [c for c in result.comparison.changes if c.verdict in _LEVELS]
    lines = [_command(result, change) for change in told[:SHOWN] if not result.is_accepted(change)]
    return "".join(f"{line}\n" for line in (*lines, f"API gate: {result.sentence}"))


def _command(result: Result, change: Change) -> str:
    level = "error" if result.fails(change) else _LEVELS[change.verdict].replace("error", "warning")
    rule = BY_NAME[change.rule]
    place = [f"title={_property(f'{change.verdict}: {rule.id} {rule.name}')}"]
    if not change.gone and result.head_file:  # the base is not what is annotated
        place = [f"file={_property(result.head_file)}", f"line={result.line(change)}", *place]
    text = f"{change.operation} {change.where}: was {change.before}, is {change.after}"
    if change.witness is not None:
        text += f"\nwitness: {brief(dict(change.witness.message), 600)}"
    return f"::{level} {','.join(place)}::{_data(visible(text, lines=True))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")
