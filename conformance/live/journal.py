"""What a live run is about to make, on disk before it is made, so that a crash loses nothing.

A journal is a file of JSON lines in a folder of the user. Its first line says who runs against
what. Each submission is an entry before it is sent (`attempt`), and after it (`made` with the
job's id, or `refused`); a removal is an entry, too. No key is in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self

from conformance.errors import UnwritableOutput
from conformance.model import parse_json

VERSION = 1
SUFFIX = ".journal.ndjson"
LONGEST_LINE = 64 * 1024


@dataclass(slots=True)
class Leftover:
    """What a journal says that its run may have left on the service."""

    path: Path
    url: str
    provider: str
    run: str
    started: float
    """Seconds since 1970, by the clock of the machine that ran."""
    made: list[str] = field(default_factory=list)
    """Ids of jobs."""
    open: dict[int, str] = field(default_factory=dict)
    """Submissions whose fate is not known, to the marks that their jobs would carry."""

    @property
    def anything(self) -> bool:
        """Whether something may be left."""
        return bool(self.made or self.open)


class Journal:
    """Appends entries and forces each to disk; safe to share by threads.

    While it is open no other process can take it for that of a run that has died.

    Args:
        folder: Where journals are kept; it is made, for the user alone.
        run: Identity of the run, part of the file's name.
        url: Base URL of the target.
        provider: Name of the provider.

    Raises:
        UnwritableOutput: The folder or file cannot be written; from each method, too.
    """

    def __init__(self, folder: Path, *, run: str, url: str, provider: str) -> None:
        self.path = folder / f"{run}{SUFFIX}"
        self._lock = threading.Lock()
        self._count = 0
        self._run = run
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file: IO[str] = self.path.open("x", encoding="ascii", newline="\n")
            _hold(self._file)
        except OSError as error:
            raise self._unwritable(error) from error
        now = time.time()
        self._write({"journal": VERSION, "run": run, "url": url, "provider": provider, "at": now})

    @classmethod
    def reopened(cls, left: Leftover) -> Self:
        """Return the journal of a run that has died, to note what becomes of its jobs.

        Raises:
            UnwritableOutput: It cannot be written.
            BlockingIOError: Its run is alive.
        """
        journal = cls.__new__(cls)
        journal.path, journal._run, journal._count = left.path, left.run, 0
        journal._lock = threading.Lock()
        try:
            journal._file = left.path.open("a", encoding="ascii", newline="\n")
            _hold(journal._file)
            journal._file.write("\n")  # after a line that was cut off
        except BlockingIOError:
            raise
        except OSError as error:
            raise journal._unwritable(error) from error
        return journal

    def attempt(self) -> tuple[int, str]:
        """Note that a job is about to be made; return the number and the mark of the attempt."""
        with self._lock:
            self._count += 1
            number, mark = self._count, f"{self._run}-{self._count}"
            self._write({"event": "attempt", "number": number, "mark": mark})
        return number, mark

    def unmarked(self, number: int) -> None:
        """Note that attempt `number` has no place for its mark."""
        self._note({"event": "unmarked", "number": number})

    def made(self, number: int, job: str) -> None:
        """Note that attempt `number` made `job`."""
        self._note({"event": "made", "number": number, "id": job})

    def refused(self, number: int) -> None:
        """Note that attempt `number` made nothing."""
        self._note({"event": "refused", "number": number})

    def removed(self, job: str) -> None:
        """Note that `job` is gone."""
        self._note({"event": "removed", "id": job})

    def close(self) -> None:
        """Close the file, and remove it when nothing can be left of its run."""
        with self._lock:
            if self._file.closed:
                return
            left = read(self.path)
            self._file.close()
            if left is not None and not left.anything:
                self.path.unlink(missing_ok=True)

    def _note(self, entry: dict[str, Any]) -> None:
        with self._lock:
            self._write(entry)

    def _write(self, entry: dict[str, Any]) -> None:
        try:
            self._file.write(json.dumps(entry, allow_nan=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except (OSError, ValueError) as error:  # ValueError: closed, after an earlier failure
            raise self._unwritable(error) from error

    def _unwritable(self, error: Exception) -> UnwritableOutput:
        seen = (getattr(error, "strerror", None) or str(error)).lower()
        return UnwritableOutput(str(self.path), seen, option="--journal")


def default_folder() -> Path:
    """Return the folder of journals when none is named: with the user's other state."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(base) / "qconform" / "journals"


def journals(folder: Path) -> tuple[Path, ...]:
    """Return the journals in `folder`, oldest first."""
    if not folder.is_dir():
        return ()
    files = [path for path in folder.iterdir() if path.name.endswith(SUFFIX) and path.is_file()]
    return tuple(sorted(files, key=lambda path: path.stat().st_mtime))


def in_use(path: Path) -> bool:
    """Whether the run that writes the journal `path` is still alive on this machine."""
    try:
        with path.open("r+", encoding="ascii") as file:
            _hold(file)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def read(path: Path) -> Leftover | None:
    """Return what the journal `path` says; None when it is none, or cannot be read.

    A line that a crash cut off is skipped: what it would have said had not been done yet.
    """
    left: Leftover | None = None
    try:
        with path.open("rb") as file:
            while line := file.readline(LONGEST_LINE):
                entry = _entry(line)
                if left is None:
                    left = _begun(path, entry)
                    if left is None:
                        return None
                else:
                    _apply(left, entry)
    except OSError:
        return None
    return left


def _entry(line: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        entry = parse_json(line)
        if isinstance(entry, dict):
            return entry
    return {}


def _begun(path: Path, entry: dict[str, Any]) -> Leftover | None:
    texts = [entry.get(name) for name in ("url", "provider", "run")]
    at = entry.get("at")
    if entry.get("journal") != VERSION or not all(isinstance(text, str) for text in texts):
        return None
    if not isinstance(at, int | float):
        return None
    url, provider, run = map(str, texts)
    return Leftover(path, url, provider, run, float(at))


def _apply(left: Leftover, entry: dict[str, Any]) -> None:
    number, job = entry.get("number"), entry.get("id")
    match entry.get("event"):
        case "attempt" if isinstance(number, int):
            left.open[number] = str(entry.get("mark", ""))
        case "unmarked" if isinstance(number, int):
            left.open[number] = ""
        case "made" if isinstance(number, int) and isinstance(job, str):
            left.open.pop(number, None)
            left.made.append(job)
        case "refused" if isinstance(number, int):
            left.open.pop(number, None)
        case "removed" if isinstance(job, str) and job in left.made:
            left.made.remove(job)


def _hold(file: IO[str]) -> None:
    """Lock `file` until it is closed, or its process is gone.

    Raises:
        BlockingIOError: Another process holds it.
    """
    try:
        import fcntl
    except ImportError:  # Windows: an open journal cannot be deleted there, which is enough
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
