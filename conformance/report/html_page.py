"""The summary as one HTML file that opens from disk and fetches nothing."""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from conformance import resources
from conformance.checks import titles
from conformance.model import Exchange, Finding, Severity, Verdict
from conformance.report import physics, wording
from conformance.report.chart import chart
from conformance.report.commands import broken
from conformance.report.pretty import pretty
from conformance.report.rules import NO_RULES, Rules, rule_text
from conformance.report.sessions import promises
from conformance.report.summary import RuleTally, Summary
from conformance.report.visible import shortened, visible

DETAILED = 60
"""Findings that are shown with their exchanges."""
LISTED = 500
"""Findings that are shown at all; `report.json` has every one."""
EXCHANGES_SHOWN = 8
FIELD_LIMIT = 1500
COMMANDS = frozenset({"curl", "again"})
COMMAND_LIMIT = 6000
COMMAND_WIDTH = 100
HEADER_LIMIT = 20
BODY_BUDGET = 118_000
"""Characters of all bodies together, so that the page stays small with many findings."""


def html(summary: Summary, *, rules: Rules = NO_RULES) -> str:
    """Return the report as one HTML page.

    Everything a server said is escaped, and invisible characters are spelled out. The page
    works without scripts; its only script filters what is shown, and a content security policy
    admits that script and the style sheet by their digests and nothing else.
    """
    folder = resources.folder("reports") / "templates"
    environment = _environment(folder)
    style = _source(folder / "report.css")
    script = _source(folder / "report.js")
    page = environment.get_template("report.html.j2").render(
        summary=summary,
        run=summary.run,
        rules=_tallies(summary, rules),
        promises=promises(summary),
        providers=titles(),
        groups=_groups(summary.findings[:LISTED]),
        followers=_followers(summary),
        detailed={finding.fingerprint for finding in summary.findings[:DETAILED]},
        unlisted=max(0, len(summary.findings) - LISTED),
        body_limit=_body_limit(summary),
        text_of=lambda check: rule_text(rules, check),
        style=style,
        style_digest=_digest(style),
        script=script,
        script_digest=_digest(script),
    )
    return page + "\n"


@functools.cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.globals.update(
        Verdict=Verdict,
        Severity=Severity,
        chart=chart,
        commands=COMMANDS,
        content=_content,
        exchanges_of=_exchanges_of,
        fields=_fields,
        findings_counted=wording.findings_counted,
        headline=wording.headline,
        physics_lines=physics.lines,
        plural=wording.plural,
        pretty=pretty,
        reason=wording.reason,
        seconds=wording.seconds,
        shortened=shortened,
        stopped=wording.stopped,
        uncounted=wording.UNCOUNTED,
        verdict_counts=_verdict_counts,
        header_limit=HEADER_LIMIT,
    )
    return environment


def _shown(value: Any) -> Any:
    """Return what a template expression prints: text without invisible characters."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible(value, lines=True)


def _content(text: str) -> Markup:
    """Return `text` for the content of an element, never an attribute: quotes stay as they are.

    Bodies are full of quotes; escaping them would make the page half as large again.
    """
    shown = visible(text, lines=True)
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(escaped)  # noqa: S704  # escaped in the line above


def _source(path: Path) -> Markup:
    return Markup(path.read_text("utf-8"))  # noqa: S704  # our own file, from the installation


def _digest(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode("ascii")


def _tallies(summary: Summary, rules: Rules) -> list[RuleTally]:
    judged = {rule.check: rule for rule in summary.rules}
    ids = [*rules, *(check for check in judged if check not in rules)]
    return [judged.get(check) or RuleTally(check=check) for check in ids]


def _groups(findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    return [(check, list(group)) for check, group in groupby(findings, key=lambda f: f.check)]


def _followers(summary: Summary) -> dict[str, Finding]:
    """Return, by fingerprint, the finding that tells most of what another likely comes from."""
    return {other.fingerprint: cause.head for cause in summary.causes for other in cause.others}


def _exchanges_of(finding: Finding, exchanges: Mapping[int, Exchange]) -> list[Exchange]:
    """Return the last exchanges that show `finding`, in order."""
    numbers = finding.exchanges[-EXCHANGES_SHOWN:]
    return [exchanges[number] for number in numbers if number in exchanges]


def _fields(finding: Finding) -> list[tuple[str, str]]:
    return [
        (label, _command(text) if label in COMMANDS else shortened(text, FIELD_LIMIT))
        for label, text in wording.fields(finding)
    ]


def _command(text: str) -> str:
    return "\n".join(broken(visible(shortened(text, COMMAND_LIMIT)), COMMAND_WIDTH))


def _body_limit(summary: Summary) -> int:
    bodies = 2 * sum(
        min(len(finding.exchanges), EXCHANGES_SHOWN) for finding in summary.findings[:DETAILED]
    )
    return max(150, min(4000, BODY_BUDGET // max(1, bodies)))


def _verdict_counts(rules: Iterable[RuleTally]) -> list[tuple[Verdict, int]]:
    """Return how many rules have each verdict, the worst first."""
    verdicts = [rule.verdict for rule in rules]
    order = (Verdict.VIOLATES, Verdict.INCONCLUSIVE, Verdict.CONFORMS, Verdict.NOT_TESTED)
    return [(verdict, verdicts.count(verdict)) for verdict in order]
