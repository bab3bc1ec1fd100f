"""What a run finds, its recording shows too: offline, without the service."""

from __future__ import annotations

from pathlib import Path

import pytest
from plans import BY_NAME, plan_for

from conformance import traffic
from conformance.engine import Replay, replay, run
from conformance.model import ExchangeRecorded, Finding, FindingMade
from conformance.traffic import Origin

ORIGIN = Origin(provider="ionq", target="embedded mock", recorded="2026-01-01", tool="0")
NEED_THE_KEY = {"ACCESS-005"}
"""The key itself is gone from a recording, so that nothing in it can be told to be the key."""
SOME = (
    "missing-field", "unknown-backend-status", "crash", "nan-cost", "cut-body", "html-answer",
    "hang", "shots-unchecked", "refused-job-kept", "no-key-needed", "job-deletable", "list-leaks",
    "reversed-bits", "aggregate-disordered", "job-steps-back", "job-stuck", "session-unlimited",
    "page-drops-entry", "list-disagrees", "dry-run-billed", "usage-forgets", "key-echoed",
)  # fmt: skip


def found_live_and_in_recording(name: str, path: Path) -> tuple[list[Finding], list[Finding]]:
    plan = plan_for(BY_NAME[name])
    events = list(run(plan))
    exchanges = [event.exchange for event in events if isinstance(event, ExchangeRecorded)]
    traffic.write(path, exchanges, ORIGIN, base="https://api.ionq.co/v0.4")
    again = replay(Replay(paths=(path,), patience=plan.patience))
    return (
        [event.finding for event in events if isinstance(event, FindingMade)],
        [event.finding for event in again if isinstance(event, FindingMade)],
    )


@pytest.mark.parametrize(
    "name",
    [
        *SOME,
        *(pytest.param(n, marks=pytest.mark.exhaustive) for n in BY_NAME if n not in SOME),
    ],
)
def test_a_recording_shows_what_the_run_found(name: str, tmp_path: Path) -> None:
    live, recorded = found_live_and_in_recording(name, tmp_path / "c.yaml")
    assert live
    assert {f.fingerprint for f in recorded} == {
        f.fingerprint for f in live if f.check not in NEED_THE_KEY
    }
