"""A file of records that survives the process: SQLite with a write-ahead log.

What was committed is there after the process was killed. After a power cut the last
moments may be missing, but the file is whole (SQLite's synchronous=NORMAL).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.errors import UnusableState

APPLICATION = 0x71636D6B
"""`qcmk`: how a file says that it is ours (PRAGMA application_id)."""

VERSION = 1
"""Of the layout below and of the records (PRAGMA user_version)."""

KINDS = ("jobs", "sessions", "spent")

_LAYOUT = [
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    *(
        f"CREATE TABLE {kind} (owner INTEGER NOT NULL, number INTEGER NOT NULL, "
        "record TEXT NOT NULL, PRIMARY KEY (owner, number)) WITHOUT ROWID"
        for kind in KINDS
    ),
]

_WHAT = "the state of a mock"


@dataclass(frozen=True, slots=True)
class Row:
    """One record: of which kind, whose, and the how-manieth of theirs."""

    kind: str
    owner: int
    number: int
    record: Any = None
    """Plain JSON; None strikes the row out."""


@dataclass(slots=True)
class Batch:
    """What one transaction writes."""

    rows: list[Row] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    afresh: bool = False
    """Strike out all rows first."""


class StateFile:
    """An open file; nobody else can open it meanwhile."""

    def __init__(self, path: Path) -> None:
        """Open `path`, or make it.

        Raises:
            UnusableState: It is no such file, broken, newer than this program, or in use.
        """
        self._path = path
        self._lock = threading.Lock()
        try:
            self._base = sqlite3.connect(
                path, timeout=0.2, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as problem:
            raise self._unusable("a place to write to", str(problem)) from problem
        try:
            self._prepare()
        except sqlite3.Error as problem:
            self._base.close()
            raise self._explained(problem) from problem
        except UnusableState:
            self._base.close()
            raise

    def facts(self) -> dict[str, Any]:
        """Return the single values."""
        return {name: json.loads(value) for name, value in self._read("SELECT * FROM facts")}

    def rows(self, kind: str) -> Iterator[Row]:
        """Yield the rows of one kind, by owner and number."""
        query = f"SELECT owner, number, record FROM {kind} ORDER BY owner, number"  # noqa: S608 (a name of KINDS)
        for owner, number, record in self._read(query):
            yield Row(kind, owner, number, json.loads(record))

    def write(self, batch: Batch) -> None:
        """Write `batch` in one transaction; when this returns it outlives the process.

        Raises:
            UnusableState: It could not be written; nothing was.
        """
        with self._lock:
            try:
                self._base.execute("BEGIN IMMEDIATE")
                try:
                    self._execute(batch)
                except BaseException:
                    self._base.execute("ROLLBACK")
                    raise
                self._base.execute("COMMIT")
            except sqlite3.Error as problem:
                raise self._explained(problem) from problem

    def close(self) -> None:
        """Close the file; its log is folded into it."""
        with self._lock:
            self._base.close()

    def _prepare(self) -> None:
        self._base.execute("PRAGMA locking_mode=EXCLUSIVE")
        application, version = (
            self._base.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version")
        )
        tables = self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        is_new = not (application or tables)
        if not is_new:
            self._require_ours(application, version)
        # Not before: another program's file stays as it is.
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=NORMAL")
        self._base.execute("BEGIN IMMEDIATE")
        if is_new:
            for statement in _LAYOUT:
                self._base.execute(statement)
            self._base.execute(f"PRAGMA application_id={APPLICATION}")
            self._base.execute(f"PRAGMA user_version={VERSION}")
        self._base.execute("COMMIT")

    def _require_ours(self, application: int, version: int) -> None:
        if application != APPLICATION:
            raise self._unusable(_WHAT, "a database of another program")
        if version != VERSION:
            raise self._unusable(f"layout {VERSION}", f"layout {version} of another release")
        found = self._base.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise self._unusable(_WHAT, f"a damaged file ({found})")

    def _execute(self, batch: Batch) -> None:
        if batch.afresh:
            for kind in KINDS:
                self._base.execute(f"DELETE FROM {kind}")  # noqa: S608 (a name of KINDS)
        for row in batch.rows:
            key = (row.owner, row.number)
            if row.record is None:
                self._base.execute(_STRIKE[row.kind], key)
            else:
                self._base.execute(_PUT[row.kind], (*key, _text(row.record)))
        self._base.executemany(
            "INSERT OR REPLACE INTO facts VALUES (?, ?)",
            [(name, _text(value)) for name, value in batch.facts.items()],
        )

    def _read(self, query: str) -> Iterable[tuple[Any, ...]]:
        try:
            yield from self._base.execute(query)
        except sqlite3.Error as problem:
            raise self._explained(problem) from problem

    def _explained(self, problem: sqlite3.Error) -> UnusableState:
        text = str(problem)
        if "locked" in text:
            return self._unusable("a file that nobody else uses", "one that another mock has open")
        if "not a database" in text:
            return self._unusable(_WHAT, "a file of another kind")
        return self._unusable(_WHAT, f"one that cannot be used ({text})")

    def _unusable(self, expected: str, seen: str) -> UnusableState:
        return UnusableState(path=str(self._path), expected=expected, seen=seen)


_PUT = {kind: f"INSERT OR REPLACE INTO {kind} VALUES (?, ?, ?)" for kind in KINDS}  # noqa: S608 (a name of KINDS)
_STRIKE = {kind: f"DELETE FROM {kind} WHERE owner = ? AND number = ?" for kind in KINDS}  # noqa: S608 (a name of KINDS)


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
