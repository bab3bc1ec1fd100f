"""Sentences and numbers that every report words alike."""

from __future__ import annotations

from conformance.model import Finding, Severity
from conformance.report.summary import Summary

DID_NOT_END = "the run did not end: what follows is what was judged by then"
UNCOUNTED = "what holds in a suite is known only when that suite ends"

_STOPS = {
    "deadline": "the run stopped at its deadline",
    "interrupted": "the run was interrupted",
    "target-silent": "the target fell silent",
}


def plural(number: int, noun: str) -> str:
    """Return `1 finding`, `2 findings`, `1,043 requests`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def seconds(value: float) -> str:
    """Return a duration in seconds as people write it: `431 ms`, `12.3 s`, `3 min 07 s`."""
    if value < 0.0995:
        return f"{value * 1e3:.1f} ms"
    if value < 0.9995:
        return f"{value * 1e3:.0f} ms"
    if value < 119.95:
        return f"{value:.1f} s"
    whole = round(value)
    return f"{whole // 60} min {whole % 60:02d} s"


def findings_counted(summary: Summary) -> str:
    """Return `0 findings`, `1 finding, 2 warnings`: a warning fails no run."""
    text = plural(summary.errors, "finding")
    causes = sum(cause.head.severity is Severity.ERROR for cause in summary.causes)
    if causes < summary.errors:
        text += f" of likely {plural(causes, 'cause')}"
    return f"{text}, {plural(summary.warnings, 'warning')}" if summary.warnings else text


def reason(summary: Summary) -> str:
    """Return why the run has its verdict and exit code, as one sentence without a full stop."""
    if summary.finished is None:
        return DID_NOT_END
    stop = stopped(summary.finished.stopped)
    return f"{_of_code(summary, summary.finished.exit_code)}{f'; {stop}' if stop else ''}"


def _of_code(summary: Summary, code: int) -> str:
    broken = sum(rule.findings > 0 for rule in summary.rules)
    match code:
        case 0:
            return f"nothing is violated{_left_open(summary)}"
        case 1:
            return f"{findings_counted(summary)}, against {plural(broken, 'rule')}"
        case 3 if summary.judged_rules:
            return f"not everything that had to be judged could be{_left_open(summary)}"
        case 3:
            return "nothing could be judged"
        case 2:
            return "the command was not understood"
        case _:
            return "qconform itself failed: please report it"


def _left_open(summary: Summary) -> str:
    parts = []
    if summary.warnings and not summary.errors:
        parts.append(plural(summary.warnings, "warning"))
    if summary.open_rules:
        parts.append(f"of {plural(len(summary.open_rules), 'rule')} nothing could be told")
    return f"; {', '.join(parts)}" if parts else ""


def stopped(word: str) -> str:
    """Return the sentence for why something ended early; empty when it did not."""
    return _STOPS.get(word, word)


def headline(summary: Summary) -> str:
    """Return the final line: verdict, findings, how much was judged, how long, seed."""
    return (
        f"{summary.verdict.shown}: {findings_counted(summary)}; "
        f"{plural(summary.judged_rules, 'rule')} on "
        f"{plural(summary.asked_operations, 'operation')}, "
        f"{plural(summary.requests, 'request')}, {seconds(summary.elapsed)}, "
        f"seed {summary.run.seed}"
    )


def fields(finding: Finding) -> tuple[tuple[str, str], ...]:
    """Return the labelled lines of a finding that have something to say, in order."""
    place = "; ".join(part for part in (finding.where, finding.source) if part)
    labelled = (
        ("expected", finding.expected),
        ("seen", finding.seen),
        ("where", place),
        ("note", finding.note),
        ("curl", finding.curl),
        ("again", finding.again),
    )
    return tuple((label, text) for label, text in labelled if text)
