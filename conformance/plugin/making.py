"""The one run behind all items: as small as their selection allows."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

import pytest

from conformance.cli.results import record, write_reports
from conformance.engine import SUITES, Options, run
from conformance.errors import ConformanceError
from conformance.plugin.subjects import Subject
from conformance.providers import provider as facts_of


def options_of(config: pytest.Config, selected: Collection[Subject], all_of_them: int) -> Options:
    """Return the run that the command line asks for, as small as the selection allows."""
    provider = config.getoption("--conformance")
    facts = facts_of(provider)
    url = config.getoption("--conformance-url")
    whole = len(selected) == all_of_them
    wide = whole or any(subject.is_history for subject in selected)
    live = config.getoption("--conformance-live")

    def key(*names: str) -> str:
        return next((os.environ[name] for name in names if os.environ.get(name)), "")

    return Options(
        provider=provider,
        url=url,
        key=key(*facts.key_variables) if url else "",
        second_key=key(facts.second_key_variable) if url else "",
        seed=config.getoption("--conformance-seed"),
        profile=config.getoption("--conformance-profile"),
        suites=tuple(config.getoption("--conformance-suite")) or SUITES,
        rules=() if whole else tuple(sorted({s.rule.id for s in selected})),
        operations=() if wide else tuple(sorted({s.operation for s in selected})),
        patience=300.0 if live else 30.0,
        live=live,
        faults=tuple(config.getoption("--conformance-fault")),
    )


def make(options: Options, out: Path) -> str:
    """Run, leave log and reports in `out`, and return an empty text, or why there is no run."""
    log = out / "run.ndjson"
    try:
        record(run(options), log, on_event=lambda _event: None)
        write_reports(log, out)
    except ConformanceError as error:
        return str(error)
    return ""
