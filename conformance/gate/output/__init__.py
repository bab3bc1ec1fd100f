"""What the gate found, for terminals, pull requests and programs."""

from __future__ import annotations

from collections.abc import Callable

from conformance.gate.accepting import Result
from conformance.gate.output.github import commands
from conformance.gate.output.json_file import json_text
from conformance.gate.output.junit_xml import junit
from conformance.gate.output.markdown import markdown
from conformance.gate.output.sarif import sarif
from conformance.gate.output.terminal import terminal

__all__ = ["FORMATS", "render", "terminal"]


def _html(result: Result) -> str:
    from conformance.gate.output.html_page import html  # jinja takes a while to import

    return html(result)


FORMATS: dict[str, Callable[[Result], str]] = {
    "text": terminal,
    "json": json_text,
    "markdown": markdown,
    "github": commands,
    "sarif": sarif,
    "junit": junit,
    "html": _html,
}


def render(result: Result, name: str) -> str:
    """Return the report in one of `FORMATS`."""
    return FORMATS[name](result)
