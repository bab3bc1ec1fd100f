"""Our gate beside Redocly diff and Specmatic on the same single edits of one document.

    python benchmarks/gate/compare.py --peers FOLDER [--redocly-every 5] [--specmatic-every 25]

FOLDER is where `npm install @redocly/cli@2.77.0 specmatic@2.55.1` was run (Node 20, Java 17). Each
edit of tests/gate/mutations.py is judged in both directions, each rewrite of refactors.py beside it
once. Right means: fails where the game says breaking, passes where it says anything else. Every
judgement is a process of its own, start included.
"""

from __future__ import annotations

import argparse
import copy
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/gate")]

from mutations import MUTATIONS  # noqa: E402  # found by the line above
from refactors import REWRITES  # noqa: E402  # found by the line above

from conformance.spec import reading  # noqa: E402  # found by the line above

LIMIT = 150.0
"""Seconds after which a peer is stopped."""
Judge = Callable[[Path, Path], bool | None]
"""Two files to whether the change breaks; None for no verdict."""


@dataclass(frozen=True)
class Task:
    """Two documents, and whether clients break."""

    name: str
    base: dict[str, Any]
    head: dict[str, Any]
    breaks: bool


@dataclass
class Score:
    """How a gate fared."""

    right: int = 0
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, task: Task, verdict: bool | None, seconds: float) -> None:  # noqa: FBT001  # a verdict
        """Count one judgement."""
        self.seconds.append(seconds)
        if verdict is None:
            self.silent.append(task.name)
        elif verdict == task.breaks:
            self.right += 1
        else:
            (self.missed if task.breaks else self.alarms).append(task.name)


def tasks(document: dict[str, Any]) -> Iterator[Task]:
    """Yield rewrites, and each edit there and back."""
    for rewrite in REWRITES:
        yield Task(rewrite.__name__, document, rewrite(document), breaks=False)
    for mutation in MUTATIONS:
        edited = copy.deepcopy(document)
        mutation.edit(edited)
        yield Task(f"{mutation.name}, there", document, edited, mutation.there[0] == "breaking")
        yield Task(f"{mutation.name}, back", edited, document, mutation.back[0] == "breaking")


def run(command: list[str], folder: Path) -> int | None:
    """Return the exit code of a command, None when it had to be stopped."""
    try:
        done = subprocess.run(  # noqa: S603  # the gates under comparison
            command, cwd=folder, capture_output=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def ours(base: Path, head: Path) -> bool | None:
    """Judge by this project's gate."""
    command = [sys.executable, "-m", "conformance", "gate", str(base), str(head)]
    return {0: False, 1: True}.get(run(command, ROOT) or 0)


def redocly(peers: Path) -> Judge:
    """Judge by `redocly diff`, whose default fails on major changes."""
    program = peers / "node_modules/.bin/redocly"

    def judge(base: Path, head: Path) -> bool | None:
        code = run([str(program), "diff", str(base), str(head)], peers)
        return {0: False, 1: True}.get(-1 if code is None else code)

    return judge


def specmatic(peers: Path) -> Judge:
    """Judge by Specmatic's backward-compatibility check, which wants a git repository."""
    program = peers / "node_modules/.bin/specmatic"

    def git(folder: Path, *words: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
        subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)  # noqa: S603, S607  # a scratch repository

    def judge(base: Path, head: Path) -> bool | None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            target = folder / "openapi.json"
            git(folder, "init", "-q", "-b", "main")
            target.write_bytes(base.read_bytes())
            git(folder, "add", ".")
            git(folder, "commit", "-qm", "base")
            git(folder, "checkout", "-qb", "head")
            target.write_bytes(head.read_bytes())
            git(folder, "commit", "-qam", "head", "--allow-empty")
            command = [str(program), "backward-compatibility-check", "--base-branch=main"]
            code = run([*command, f"--repo-dir={folder}", "--target-path=openapi.json"], folder)
        return {0: False, 1: True}.get(-1 if code is None else code)

    return judge


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--peers", type=Path, help="Folder of the peers; ours alone without it.")
    parser.add_argument("--document", type=Path, default=ROOT / "specs/ionq/v0.4/openapi.yaml")
    parser.add_argument("--ours-every", type=int, default=1)
    parser.add_argument("--redocly-every", type=int, default=5)
    parser.add_argument("--specmatic-every", type=int, default=25)
    options = parser.parse_args()
    gates: list[tuple[str, int, Judge]] = [("qconform gate", options.ours_every, ours)]
    if options.peers:
        gates.append(("Redocly diff", options.redocly_every, redocly(options.peers)))
        gates.append(("Specmatic", options.specmatic_every, specmatic(options.peers)))
    print(
        "| gate | judged | right | missed | false alarms | no verdict "
        "| median s | longest s |\n|---|---|---|---|---|---|---|---|"
    )
    for name, every, judge in gates:
        score = Score()
        for task in list(tasks(reading.read_document(options.document)))[::every]:
            _judge(task, judge, score)
        print(
            f"| {name} | {len(score.seconds)} | {score.right} | {len(score.missed)} "
            f"| {len(score.alarms)} | {len(score.silent)} "
            f"| {statistics.median(score.seconds):.2f} | {max(score.seconds):.2f} |",
            flush=True,
        )
        for word in ("missed", "alarms", "silent"):
            for task_name in getattr(score, word):
                print(f"{name}: {word}: {task_name}", file=sys.stderr)


def _judge(task: Task, judge: Judge, score: Score) -> None:
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / "base.json", Path(name) / "head.json"]
        for path, document in zip(paths, (task.base, task.head), strict=True):
            path.write_text(json.dumps(document), "utf-8")
        started = time.monotonic()
        verdict = judge(*paths)
        score.add(task, verdict, time.monotonic() - started)


if __name__ == "__main__":
    main()
