"""The gate's report as one HTML file that opens from disk and fetches nothing."""

from __future__ import annotations

import base64
import hashlib
import json
from itertools import groupby
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from conformance import resources
from conformance.gate.accepting import Result
from conformance.gate.changes import Change, Verdict
from conformance.gate.rules import BY_NAME
from conformance.report.visible import shortened, visible

CLASSES = {
    Verdict.BREAKING: "violates",
    Verdict.SUSPECTED: "inconclusive",
    Verdict.RISKY: "inconclusive",
    Verdict.COMPATIBLE: "conforms",
}
"""Verdict to the class of the report's style sheet that has its colour."""
LISTED = 500


def html(result: Result) -> str:
    """Return the report as one page; everything a document said is escaped."""
    folder = resources.folder("reports") / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    style = (folder / "report.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    page = environment.get_template("gate.html.j2").render(
        result=result,
        comparison=result.comparison,
        groups=_groups(result.comparison.changes[:LISTED]),
        unlisted=max(0, len(result.comparison.changes) - LISTED),
        rules=BY_NAME,
        classes=CLASSES,
        pretty=_pretty,
        style=Markup(style),  # noqa: S704  # our own file, from the installation
        style_digest=digest,
    )
    return page + "\n"


def _groups(changes: tuple[Change, ...]) -> list[tuple[str, list[Change]]]:
    """Return changes by operation, the worst verdict of each group first."""
    order: dict[str, list[Change]] = {}
    for operation, group in groupby(changes, key=lambda c: c.operation):
        order.setdefault(operation, []).extend(group)
    return list(order.items())


def _pretty(value: Any) -> Markup:
    """Return a value as indented JSON, its line feeds kept and everything else escaped."""
    text = visible(shortened(json.dumps(value, indent=2, ensure_ascii=False), 4000), lines=True)
    return Markup.escape(text)


def _shown(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible(value)
