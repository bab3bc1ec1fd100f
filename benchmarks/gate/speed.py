"""How long the gate takes to see that a rewritten document is the same API, whole process.

    python benchmarks/gate/speed.py DOCUMENT

Both documents are YAML. Processor time is what counts on a machine that others use; the time on the
clock is printed beside it. A rewrite that is told as a change ends it with exit code 1.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/gate")]

from refactors import REWRITES  # noqa: E402  # found by the line above

from conformance.spec import reading  # noqa: E402  # found by the line above


class _Plain(yaml.SafeDumper):
    """Writes what stands in several places each time, as people do."""

    def ignore_aliases(self, data: Any) -> bool:  # the signature of PyYAML
        return True


def timed(base: Path, head: Path) -> tuple[int, float, float]:
    """Return the exit code, and the seconds of processor and clock, of one comparison."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.monotonic()
    command = [sys.executable, "-m", "conformance", "gate", "--fail-on", "compatible"]
    done = subprocess.run(  # noqa: S603  # our own gate
        [*command, str(base), str(head)], cwd=ROOT, capture_output=True, check=False
    )
    clock = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.returncode, used, clock


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time the gate on rewritten documents.")
    parser.add_argument("document", type=Path)
    parser.add_argument("--times", type=int, default=3, help="How often each is timed.")
    options = parser.parse_args()
    document = reading.read_document(options.document)
    wrong = 0
    print("| rewrite | verdict | processor s | clock s |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        head = Path(name) / "head.yaml"
        for rewrite in REWRITES:
            text = yaml.dump(rewrite(document), Dumper=_Plain, sort_keys=False)
            head.write_text(text, "utf-8")
            runs = [timed(options.document.absolute(), head) for _ in range(options.times)]
            codes = {code for code, _, _ in runs}
            wrong += codes != {0}
            used, clock = (statistics.median(run[i] for run in runs) for i in (1, 2))
            verdict = "no change" if codes == {0} else f"exit {sorted(codes)}"
            print(f"| {rewrite.__name__} | {verdict} | {used:.2f} | {clock:.2f} |", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
