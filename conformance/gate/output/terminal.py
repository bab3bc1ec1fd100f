"""The gate's report as plain text."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from itertools import groupby

from conformance.gate.accepting import Result
from conformance.gate.changes import Change, Verdict
from conformance.gate.rules import BY_NAME
from conformance.model import Waiver
from conformance.report.visible import no_command, shortened, visible

SHOWN = 40
"""Changes that are shown in full; compatible ones get a line each."""
LINES = 60
"""Compatible changes that get a line."""
_COLORS = {
    Verdict.BREAKING: "31",
    Verdict.SUSPECTED: "33",
    Verdict.RISKY: "33",
    Verdict.COMPATIBLE: "32",
}
_LABEL = 10


def terminal(result: Result, *, color: bool = False, width: int = 80) -> str:
    """Return the report that a person reads, grouped by operation, the worst first.

    Args:
        result: What was found.
        color: Whether to use ANSI colours.
        width: Columns to fill.

    Returns:
        Lines that end with a line feed; the verdict is the last one.
    """
    comparison = result.comparison
    blocks = ["\n".join(_identity(result, width))]
    told = [c for c in comparison.changes if c.verdict is not Verdict.COMPATIBLE]
    for operation, group in groupby(told[:SHOWN], key=lambda c: c.operation):
        blocks += (
            "\n".join(_change(result, operation, change, color=color, width=width))
            for change in group
        )
    if len(told) > SHOWN:
        blocks.append(f"and {len(told) - SHOWN} more: see --out")
    harmless = [c for c in comparison.changes if c.verdict is Verdict.COMPATIBLE]
    if harmless:
        lines = [_line(change) for change in harmless[:LINES]]
        more = len(harmless) - LINES
        blocks.append("\n".join([*lines, *([f"and {more} more"] if more > 0 else [])]))
    blocks += ["\n".join(_waivers(result, width))] if _any_waiver(result) else []
    blocks += ["\n".join(_wrapped("note", note, width)) for note in comparison.notes]
    blocks.append("\n".join(_verdict(result, color=color)))
    return "\n\n".join(blocks) + "\n"


def _identity(result: Result, width: int) -> Iterator[str]:
    for label, document in (("base", result.comparison.base), ("head", result.comparison.head)):
        text = f"{document.title} {document.version}; {document.name} ({document.digest[:12]})"
        yield from _wrapped(label, text, width)


def _change(
    result: Result, operation: str, change: Change, *, color: bool, width: int
) -> Iterator[str]:
    rule = BY_NAME[change.rule]
    word = str(change.verdict)
    if result.is_accepted(change):
        word += " (accepted)"
    painted = f"\x1b[{_COLORS[change.verdict]}m{word}\x1b[0m" if color else word
    place = visible(operation or "the whole API")
    yield no_command(f"{rule.id} {rule.name}  {place}  {painted}")
    yield from _field("where", change.where, width)
    yield from _field("was", change.before, width)
    yield from _field("is", change.after, width)
    if change.witness is not None:
        speaker = "fits" if change.witness.accepted_by == "base" else "may come"
        shown = json.dumps(change.witness.message, ensure_ascii=False)
        yield from _field("witness", f"{change.witness.kind} that {speaker}: {shown}", width)
        yield from _field("because", change.witness.reason, width)
    if change.convention:
        yield from _field("by rule", change.convention, width)
    if change.note:
        yield from _field("note", change.note, width)
    for each in change.evidence:
        yield from _field("evidence", f"{each.source}: {each.text}", width)
    yield from _field("line", f"{result.file(change)}:{result.line(change)}", width)
    yield from _field("accept", f"fingerprint {change.fingerprint}", width)


def _line(change: Change) -> str:
    text = f"{change.verdict}  {change.rule}  {change.operation}  {change.where}"
    if change.before and change.after:
        text += f"  ({shortened(change.before, 40)} -> {shortened(change.after, 40)})"
    return no_command(visible(text))


def _any_waiver(result: Result) -> bool:
    return bool(result.waivers.unused or result.waivers.expired)


def _waivers(result: Result, width: int) -> Iterator[str]:
    for waiver in result.waivers.expired:
        yield from _wrapped("waiver", f"expired on {waiver.expires}: {_shown(waiver)}", width)
    for waiver in result.waivers.unused:
        yield from _wrapped("waiver", f"covers nothing: {_shown(waiver)}", width)


def _shown(waiver: Waiver) -> str:
    owner = f", {waiver.owner}" if waiver.owner else ""
    return f"{waiver.fingerprint} ({waiver.reason}{owner})"


def _verdict(result: Result, *, color: bool) -> Iterator[str]:
    yield f"suggested version step: {result.comparison.suggested}"
    failing = result.has_failed
    word = "failed" if failing else "passed"
    if color:
        word = f"\x1b[{31 if failing else 32}m{word}\x1b[0m"
    facts = f"{result.comparison.operations} operations, {result.comparison.seconds:.1f} s"
    yield f"{word}: {result.sentence}; {facts}"


def _field(label: str, text: str, width: int) -> Iterator[str]:
    yield from _wrapped(label, shortened(text, 1200), width, indent=2)


def _wrapped(label: str, text: str, width: int, indent: int = 0) -> Iterator[str]:
    room = max(20, width - indent - _LABEL)
    lines = textwrap.wrap(visible(text), room, break_on_hyphens=False) or ["(empty)"]
    for number, line in enumerate(lines):
        shown = label if number == 0 else ""
        yield f"{' ' * indent}{shown:<{_LABEL}}{no_command(line)}"
