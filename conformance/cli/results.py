"""From events to files, and from files to what is printed."""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from conformance.errors import UnwritableOutput
from conformance.model import Event, RunFinished
from conformance.report import Rules, RuleText


def record(events: Iterator[Event], log: Path, *, on_event: Callable[[Event], None]) -> int | None:
    """Write every event to `log` as it happens; return the exit code of the run, if it ended.

    Nothing is asked of `events` after the last one, so that reports need not wait for what a
    run does then: closing it is up to the caller.

    Raises:
        UnwritableOutput: The log cannot be written; nothing was sent to the target yet.
        ConformanceError: What the run raises; no log of a run that never began is left.
    """
    from conformance.runlog import Writer

    _writable(log.parent)
    first = next(events)
    with Writer(log) as writer:
        for event in itertools.chain([first], events):  # closes nothing, unlike `yield from`
            writer.write(event)
            on_event(event)
            if isinstance(event, RunFinished):
                return event.exit_code
    return None


def _writable(folder: Path, *, option: str = "--out") -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".qconform-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        seen = (error.strerror or str(error)).lower()
        raise UnwritableOutput(str(folder), seen, option=option) from None


def write_reports(log: Path, out: Path, *, junit: Path | None = None) -> None:
    """Render `log` as HTML, JUnit and JSON into `out`, and JUnit to `junit` if it is given."""
    from conformance.report import write

    write(log, out, rules=rule_texts())
    if junit is not None:
        check_writable(junit)
        shutil.copyfile(out / "junit.xml", junit)


def check_writable(file: Path, *, option: str = "--junit") -> None:
    """Raise `UnwritableOutput` unless `file` can be made or replaced; its folder is made."""
    if file.is_dir():
        raise UnwritableOutput(str(file), "a folder", option=option)
    _writable(file.parent, option=option)


def print_results(log: Path, *, output: str, out: Path) -> None:
    """Print the verdict of `log` to stdout: for people, or as JSON."""
    from conformance.report import json_text, summarize, terminal
    from conformance.runlog import read

    summary = summarize(list(read(log)))
    if output == "json":
        click.echo(json_text(summary, rules=rule_texts()))
        return
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    width = min(shutil.get_terminal_size((80, 24)).columns, 120)
    click.echo(terminal(summary, color=color, width=width, rules=rule_texts()))
    click.echo(f"report: {out / 'report.html'}", err=True)


def rule_texts() -> Rules:
    """Return the words of all rules, from the catalogue."""
    from conformance.checks import RULES

    texts = {}
    for rule in RULES:
        title, why, source = rule.page
        texts[rule.id] = RuleText(
            id=rule.id, name=rule.name, title=title, why=why, source=source, severity=rule.severity
        )
    return texts
