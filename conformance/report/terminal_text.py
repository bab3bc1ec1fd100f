"""The summary as plain text for a terminal or a CI log."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

from conformance.model import Finding, Severity, Verdict
from conformance.report import physics, wording
from conformance.report.causes import Cause
from conformance.report.commands import broken
from conformance.report.rules import NO_RULES, Rules, rule_text
from conformance.report.summary import SuiteTally, Summary
from conformance.report.visible import no_command, shortened, visible

FINDINGS_SHOWN = 20
"""Causes that are shown."""
ALSO_SHOWN = 6
"""Further findings of one cause that are named."""
FIELD_LIMIT = 600
"""Characters of a field that are shown; the other reports have more."""
COMMAND_LIMIT = 2000
"""Characters of a curl line or command: longer ones are in the other reports only."""

_LABEL = 10
_COLORS = {
    Verdict.CONFORMS: "32",
    Verdict.VIOLATES: "31",
    Verdict.INCONCLUSIVE: "33",
    Verdict.NOT_TESTED: "90",
}
NAMES_SHOWN = 8
NAME_LIMIT = 120

_Paint = Callable[[str, str], str]
"""Text and SGR code to text."""


def terminal(
    summary: Summary, *, color: bool = False, width: int = 80, rules: Rules = NO_RULES
) -> str:
    """Return the report that a person reads where the run was started.

    Whatever a server said comes out as printable text that no terminal and no CI system
    obeys. Commands stand on lines of their own, so that they can be copied.

    Args:
        summary: What to show.
        color: Whether to use ANSI colours; the words say the same without.
        width: Columns to fill; commands may be longer.
        rules: Names of the rules.

    Returns:
        Lines that end with a line feed; the verdict is the last one.
    """
    paint = _painted if color else _plain
    causes = summary.causes
    parts = (
        _identity(summary, width),
        _unfinished(summary, paint),
        _suites(summary, paint),
        *(_cause(cause, summary, rules, paint, width) for cause in causes[:FINDINGS_SHOWN]),
        _left_out(causes),
        _results(summary, width),
        _open_rules(summary, rules, paint),
        _never_asked(summary, width),
        _notes(summary, width),
        _verdict(summary, paint, width),
    )
    blocks = ("\n".join(lines) for lines in map(list, parts) if lines)
    return "\n\n".join(blocks) + "\n"


def _plain(text: str, _code: str) -> str:
    return text


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _identity(summary: Summary, width: int) -> Iterator[str]:
    run = summary.run
    facts = f"profile {run.profile}, seed {run.seed}, started {run.started}"
    yield from _wrapped("qconform", f"{run.tool}, {facts}", width)
    yield from _wrapped("document", f"{run.title}; {run.document} ({run.digest[:12]})", width)
    yield from _wrapped("target", run.target, width)


def _unfinished(summary: Summary, paint: _Paint) -> Iterator[str]:
    if not summary.ended:
        yield paint(wording.DID_NOT_END, _COLORS[Verdict.INCONCLUSIVE])
        yield f"({wording.UNCOUNTED})"


def _suites(summary: Summary, paint: _Paint) -> Iterator[str]:
    names = [visible(shortened(suite.name, NAME_LIMIT)) for suite in summary.suites]
    widest = max(map(len, names), default=0)
    for name, suite in zip(names, summary.suites, strict=True):
        verdict = paint(f"{suite.verdict.shown:<11}", _COLORS[suite.verdict])
        yield no_command(f"{name:<{widest}}  {verdict}  {_suite_facts(suite)}")


def _suite_facts(suite: SuiteTally) -> str:
    if not suite.started:
        return "not started"
    facts = [wording.plural(suite.exchanges, "request")]
    if suite.ended:
        facts.append(wording.seconds(suite.elapsed))
    else:
        facts.append("did not end")
    if suite.findings:
        facts.append(wording.plural(suite.findings, "finding"))
    if suite.stopped:
        facts.append(wording.stopped(visible(shortened(suite.stopped, NAME_LIMIT))))
    return ", ".join(facts)


def _finding(
    finding: Finding, summary: Summary, rules: Rules, paint: _Paint, width: int
) -> Iterator[str]:
    yield from _head(finding, summary, rules, paint, width)
    for label, text in wording.fields(finding):
        if label in {"curl", "again"}:
            yield from _command(label, text, width)
        else:
            yield from _wrapped(label, shortened(text, FIELD_LIMIT), width, indent=2)


def _cause(
    cause: Cause, summary: Summary, rules: Rules, paint: _Paint, width: int
) -> Iterator[str]:
    """Yield the finding that tells most, and in a line each those that likely go with it."""
    yield from _finding(cause.head, summary, rules, paint, width)
    for number, other in enumerate(cause.others[:ALSO_SHOWN]):
        times = f", {other.count:,} times" if other.count > 1 else ""
        text = f"{_rule(other.check, rules)} on {_operation(other, summary)}{times}; {other.where}"
        yield from _wrapped("" if number else "also", shortened(text, FIELD_LIMIT), width, indent=2)
    more = len(cause.others) - ALSO_SHOWN
    if more > 0:
        yield from _wrapped("", f"and {wording.plural(more, 'more finding')}", width, indent=2)


def _head(
    finding: Finding, summary: Summary, rules: Rules, paint: _Paint, width: int
) -> Iterator[str]:
    """Yield rule, operation and verdict: in one line where that fits, else in two."""
    rule = visible(shortened(_rule(finding.check, rules), NAME_LIMIT))
    place = visible(shortened(_operation(finding, summary), NAME_LIMIT))
    word, code = Verdict.VIOLATES.shown, _COLORS[Verdict.VIOLATES]
    if finding.severity is Severity.WARNING:
        word, code = f"{word} (warning)", _COLORS[Verdict.INCONCLUSIVE]
    times = f", {finding.count:,} times" if finding.count > 1 else ""
    if len(f"{rule}  {place}  {word}{times}") <= width:
        yield no_command(f"{paint(rule, '1')}  {place}  {paint(word, code)}{times}")
    else:
        yield no_command(f"{paint(rule, '1')}  {paint(word, code)}{times}")
        yield from _wrapped("on", place, width, indent=2)


def _rule(check: str, rules: Rules) -> str:
    return f"{check} {rule_text(rules, check).name}".strip()


def _operation(finding: Finding, summary: Summary) -> str:
    for operation in summary.operations:
        if operation.id == finding.operation:
            return f"{operation.method} {operation.path}"
    return finding.operation or "the whole run"


def _wrapped(label: str, text: str, width: int, indent: int = 0) -> Iterator[str]:
    """Yield `text` behind `label`, in lines of at most `width` columns."""
    room = max(20, width - indent - _LABEL)
    lines = textwrap.wrap(visible(text), room, break_on_hyphens=False) or ["(empty)"]
    for number, line in enumerate(lines):
        shown = label if number == 0 else ""
        yield f"{' ' * indent}{shown:<{_LABEL}}{no_command(line)}"


def _command(label: str, text: str, width: int) -> Iterator[str]:
    """Yield a command that can be copied: broken only before options, by backslashes."""
    text = visible(text)
    if len(text) > COMMAND_LIMIT:
        yield f"  {label:<{_LABEL}}({len(text):,} characters: in report.html)"
        return
    room = max(20, width - _LABEL - 4)
    for number, line in enumerate(broken(text, room)):
        shown = label if number == 0 else ""
        yield f"  {shown:<{_LABEL}}{no_command(line)}"


def _left_out(causes: Sequence[Cause]) -> Iterator[str]:
    more = sum(1 + len(cause.others) for cause in causes[FINDINGS_SHOWN:])
    if more > 0:
        yield f"and {wording.plural(more, 'more finding')}: see report.html"


def _open_rules(summary: Summary, rules: Rules, paint: _Paint) -> Iterator[str]:
    verdict = Verdict.INCONCLUSIVE
    for rule in summary.open_rules:
        name = _rule(rule.check, rules)
        times = f"{rule.inconclusive:,} of {rule.judged:,} times"
        yield no_command(f"{paint(verdict.shown, _COLORS[verdict])}  {visible(name)}, {times}")


def _results(summary: Summary, width: int) -> Iterator[str]:
    if summary.judgement is not None:
        for label, text in physics.lines(summary.judgement):
            yield from _wrapped(label, shortened(text, FIELD_LIMIT), width)


def _never_asked(summary: Summary, width: int) -> Iterator[str]:
    unasked = [operation for operation in summary.operations if not operation.requests]
    if not unasked:
        return
    if len(unasked) == len(summary.operations):
        yield from _wrapped("untested", "every operation of the document", width)
        return
    for number, operation in enumerate(unasked[:NAMES_SHOWN]):
        label = "untested" if number == 0 else ""
        yield from _wrapped(label, f"{operation.method} {operation.path}", width)
    if len(unasked) > NAMES_SHOWN:
        yield from _wrapped("", f"and {len(unasked) - NAMES_SHOWN} more", width)


def _notes(summary: Summary, width: int) -> Iterator[str]:
    for note in summary.notes:
        text = f"{note.suite}: {note.text}" if note.suite else note.text
        yield from _wrapped("note", shortened(text, FIELD_LIMIT), width)


def _verdict(summary: Summary, paint: _Paint, width: int) -> Iterator[str]:
    reason = visible(wording.reason(summary))
    if summary.finished is None:
        reason = "the run did not end"
    elif summary.finished.exit_code:
        reason = f"exit {summary.finished.exit_code}: {reason}"
    for line in textwrap.wrap(reason, width):
        yield no_command(line)
    word = summary.verdict.shown
    line = visible(wording.headline(summary))
    yield paint(word, f"1;{_COLORS[summary.verdict]}") + line.removeprefix(word)
