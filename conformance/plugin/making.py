"""The one run behind all items: as small as their selection allows."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from conformance.cli.results import record, write_reports
from conformance.cli.run import options_from
from conformance.cli.settings import configuration, values_of
from conformance.engine import Options, run
from conformance.errors import ConformanceError
from conformance.plugin.subjects import Subject


def options_of(config: pytest.Config, selected: Collection[Subject], all_of_them: int) -> Options:
    """Return the run that command line and configuration ask for, as small as the selection allows.

    Raises:
        ConformanceError: One of them says what cannot be.
    """
    held = configuration()
    given = values_of("run", held)
    for name in ("url", "profile", "seed"):
        wanted = config.getoption(f"--conformance-{name}")
        given[name] = given[name] if wanted in {None, ""} else wanted
    for name in ("suite", "fault"):
        given[f"{name}s"] = tuple(config.getoption(f"--conformance-{name}")) or given[f"{name}s"]
    given["provider"] = config.getoption("--conformance")
    given["live"] = config.getoption("--conformance-live") or given["live"]
    whole = len(selected) == all_of_them
    if not whole:
        given["rules"] = tuple(sorted({s.rule.id for s in selected}))
    if not whole and not any(subject.is_history for subject in selected):
        given["operations"] = tuple(sorted({s.operation for s in selected}))
    return options_from(given, case="", waivers=held.waivers)


def make(options: Options, out: Path) -> str:
    """Run, leave log and reports in `out`, and return an empty text, or why there is no run."""
    log = out / "run.ndjson"
    try:
        record(run(options), log, on_event=lambda _event: None)
        write_reports(log, out)
    except ConformanceError as error:
        return str(error)
    return ""
