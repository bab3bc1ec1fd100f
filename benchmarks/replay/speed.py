"""Print how many recorded exchanges a replay judges in a second of processor time.

    python benchmarks/replay/speed.py [RECORDING]

RECORDING is a run log, a cassette or a HAR file; without it a `ci` run against the embedded mock is
recorded first, which takes a minute. The recording is read and judged anew in each of some rounds,
in this process, and the quickest counts; writing log and reports is left out. "Rules" is judging
by every rule but those of the run's sampled results, "all" is judging by every rule: each sampled
result is weighed against every mistake on the list, which takes as long as some hundred
exchanges, so that line depends on how many of them a recording holds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from conformance.cli import main as qconform
from conformance.engine import Replay, replay
from conformance.model import ExchangeRecorded, ResultsWeighed

ROUNDS = 5


def recorded(folder: Path) -> Path:
    """Record a `ci` run against the embedded mock and return the cassette."""
    path = folder / "recorded.json"
    qconform(["run", "--quiet", "--out", str(folder / "out"), "--record", str(path)])
    return path


def judged(options: Replay) -> tuple[float, int, int]:
    """Return the seconds of processor time of one replay, its exchanges and sampled results."""
    begun = time.process_time()
    events = list(replay(options))
    seconds = time.process_time() - begun
    sampled = sum(e.judgement.sampled for e in events if isinstance(e, ResultsWeighed))
    return seconds, sum(isinstance(e, ExchangeRecorded) for e in events), sampled


def main() -> None:
    """Print the two figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(sys.argv[1]) if len(sys.argv) > 1 else recorded(Path(folder))
        for label, ignore in (("rules", ("STAT",)), ("all", ())):
            options = Replay(paths=(path,), ignore=ignore)
            rounds = [judged(options) for _ in range(ROUNDS)]
            seconds, count, sampled = min(rounds)
            print(
                f"{label:6}{count / seconds:7.0f} exchanges a second "
                f"({count} in {seconds:.2f} s, {sampled} sampled results)"
            )


if __name__ == "__main__":
    main()
