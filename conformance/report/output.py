"""Reports of a run log, written into a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from conformance.errors import UnknownName, UnwritableOutput
from conformance.report.collect import summarize
from conformance.report.html_page import html
from conformance.report.json_file import json_report
from conformance.report.junit_xml import junit
from conformance.report.rules import NO_RULES, Rules
from conformance.report.summary import Summary
from conformance.runlog import Log

_Render = Callable[[Summary, Rules], str]

_FORMATS: dict[str, tuple[str, _Render]] = {
    "html": ("report.html", lambda summary, rules: html(summary, rules=rules)),
    "junit": ("junit.xml", lambda summary, rules: junit(summary, rules=rules)),
    "json": ("report.json", lambda summary, rules: json_text(summary, rules=rules)),
}

FORMATS = tuple(_FORMATS)


def json_text(summary: Summary, *, rules: Rules = NO_RULES) -> str:
    """Return the JSON report as it stands in a file."""
    return json.dumps(json_report(summary, rules=rules), indent=2, allow_nan=False) + "\n"


def write(
    log: Path, out: Path, *, formats: Sequence[str] = FORMATS, rules: Rules = NO_RULES
) -> list[Path]:
    """Write the reports of the run log `log` into the folder `out`, which is made if missing.

    Each file replaces an older one at once, so that nobody ever reads half a report.

    Returns:
        The files, in the order of `formats`.

    Raises:
        UnknownName: A format that is none of `FORMATS`.
        UnreadableLog: `log` is no run log.
        UnwritableOutput: The folder or a file cannot be written.
    """
    for name in formats:
        if name not in _FORMATS:
            raise UnknownName(kind="format", wanted=name, known=FORMATS)
    summary = summarize(Log(log))
    written = []
    for name in formats:
        file, render = _FORMATS[name]
        written.append(write_text(out / file, render(summary, rules)))
    return written


def write_text(path: Path, text: str) -> Path:
    """Write `text` to `path` in UTF-8, whole or not at all, and return `path`.

    Raises:
        UnwritableOutput: The folder cannot be made, or the file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        seen = error.strerror or str(error)
        raise UnwritableOutput(path=str(path), seen=seen) from error
    return path


def _replace(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
