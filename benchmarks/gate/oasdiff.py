"""Which rules of oasdiff the gate decides, by which of ours: the table, measured.

    python benchmarks/gate/oasdiff.py > benchmarks/gate/oasdiff.md

Each rule is two small documents of `tests/gate/oasdiff_rules.py` between which oasdiff's rule would
speak; what stands beside it is what the gate said of them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/gate")]

from oasdiff_rules import Peer, reason, rules  # noqa: E402  # found by the line above

from conformance.gate import Source, compare, game  # noqa: E402  # found by the line above

TODAY = date(2026, 11, 21)
HEADING = """\
# The rules of oasdiff, one by one

Measured by `python benchmarks/gate/oasdiff.py`; do not edit by hand. The ids are those of
`checker/localizations_src/en/messages.yaml` of oasdiff at commit 0001ef8e. oasdiff itself was read,
not run: it is a Go program that no registry at hand carries. For each id there are two documents
of ours, with the smallest edit that the id describes, and what the gate says between them.
"""


def told(rule: Peer) -> tuple[str, ...]:
    """Return what the gate says between the two documents of a rule."""
    base, head = (
        Source(document=document, name=name)
        for document, name in ((rule.base, "base"), (rule.head, "head"))
    )
    changes = compare(base, head, game(), today=TODAY).changes
    return tuple(dict.fromkeys(f"{c.rule}: {c.verdict}" for c in changes))


def table() -> Iterator[str]:
    """Yield the lines of the page."""
    rows = sorted((rule.id, told(rule)) for rule in rules())
    decided = sum(bool(found) for _, found in rows)
    yield HEADING
    yield f"{len(rows)} rules: {decided} are told as a change, {len(rows) - decided} are none.\n"
    yield "| oasdiff | ours |\n|---|---|"
    for name, found in rows:
        yield f"| {name} | {', '.join(found) or f'no change: {reason(name)}'} |"


if __name__ == "__main__":
    for line in table():
        print(line)
