"""The log file: written as the run goes, read whole or cut off."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from conformance.errors import ConformanceError, ExitCode, UnwritableOutput
from conformance.model import Event, RunStarted, parse_json
from conformance.runlog.decode import from_json
from conformance.runlog.encode import SCHEMA_VERSION, Scrub, to_json, unchanged

LONGEST_LINE = 64 * 1024 * 1024
"""Bytes of a line that is read; ours hold two cut bodies, or a request as a curl line."""


@dataclass(eq=False)
class UnreadableLog(ConformanceError):
    """A file that should be a run log is none."""

    path: str
    line: int
    """Number of the line from 1, or 0 for the file itself."""
    expected: str
    seen: str
    repair: str = "Name the run.ndjson that `qconform run` wrote."
    exit_code = ExitCode.NOT_JUDGED

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line else self.path
        return f"{place}: expected {self.expected}, got {self.seen}. {self.repair}"


class Writer:
    """Writes each event at once, so that a run that is killed leaves all it said.

    A context manager; `write` may be called from any thread.

    Args:
        path: The file; its folders are made, an older log there is replaced.
        scrub: Applied to every text before it is written: defence in depth, because what
            arrives here should hold no secret any more.

    Raises:
        UnwritableOutput: From the constructor and from `write`.
    """

    def __init__(self, path: Path, *, scrub: Scrub = unchanged) -> None:
        self._path = path
        self._scrub = scrub
        self._lock = threading.Lock()
        self._first = True
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file: IO[str] = path.open("w", encoding="ascii", newline="\n")
        except OSError as error:
            raise UnwritableOutput(path=str(path), seen=error.strerror or str(error)) from error

    def __enter__(self) -> Self:
        """Return the writer itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file."""
        self.close()

    def write(self, event: Event) -> None:
        """Append `event` as one line and flush it; the first line carries the version."""
        entry = to_json(event, scrub=self._scrub)
        with self._lock:
            if self._first:
                entry = {"log": SCHEMA_VERSION, **entry}
                self._first = False
            self._append(json.dumps(entry, allow_nan=False, separators=(",", ":")) + "\n")

    def _append(self, line: str) -> None:
        try:
            self._file.write(line)
            self._file.flush()
        except (OSError, ValueError) as error:  # ValueError: closed, after an earlier failure
            with contextlib.suppress(OSError):
                self._file.close()
            seen = getattr(error, "strerror", None) or str(error)
            raise UnwritableOutput(path=str(self._path), seen=seen) from error

    def close(self) -> None:
        """Close the file; closing twice is fine."""
        self._file.close()


@dataclass(frozen=True, slots=True)
class Log:
    """The events of a log file, read anew by each iteration; see `read`."""

    path: Path

    def __iter__(self) -> Iterator[Event]:
        """Yield the events in order."""
        return read(self.path)


def read(path: Path) -> Iterator[Event]:
    """Yield the events of the log at `path`, in order.

    A last line that was cut off is skipped: whoever killed the run killed it in the middle
    of a write. Reading is lazy, so errors come while iterating.

    Raises:
        UnreadableLog: There is no such file, it is no run log, or a newer qconform wrote it.
    """
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(_lines(file), start=1):
                if len(line) > LONGEST_LINE:
                    seen = f"a line of more than {LONGEST_LINE} bytes"
                    raise UnreadableLog(str(path), number, _wanted(number), seen)
                try:
                    yield _event(path, number, line)
                except _CutOff:
                    break
    except OSError as error:
        seen = error.strerror or str(error)
        raise UnreadableLog(str(path), 0, "a run log", seen) from error
    if not number:
        raise UnreadableLog(str(path), 0, "a run log", "an empty file")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines of `file`; one that is longer than any we write comes cut."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line


class _CutOff(Exception):
    """The last line has no end and no meaning."""


def _event(path: Path, number: int, line: bytes) -> Event:
    try:
        entry = parse_json(line)
    except (ValueError, RecursionError) as error:
        if number > 1 and not line.endswith(b"\n"):
            raise _CutOff from error
        seen = f"a line that is no JSON: {_start(line)}"
        raise UnreadableLog(str(path), number, _wanted(number), seen) from error
    if not isinstance(entry, dict):
        raise UnreadableLog(str(path), number, _wanted(number), _start(line))
    if number == 1:
        _check_version(path, entry, line)
    try:
        event = from_json(entry)
    except ValueError as error:
        raise UnreadableLog(str(path), number, _wanted(number), f"another: {error}") from error
    if number == 1 and not isinstance(event, RunStarted):
        raise UnreadableLog(str(path), number, "run-started", str(entry["event"]))
    return event


def _check_version(path: Path, entry: dict[str, Any], line: bytes) -> None:
    version = entry.get("log")
    if isinstance(version, bool) or not isinstance(version, int):
        raise UnreadableLog(str(path), 1, _wanted(1), _start(line))
    if not 1 <= version <= SCHEMA_VERSION:
        raise UnreadableLog(
            path=str(path),
            line=1,
            expected=f"version {SCHEMA_VERSION} of the run log or an older one",
            seen=f"version {version}",
            repair="Read it with the qconform that wrote it, or a newer one.",
        )


def _wanted(number: int) -> str:
    return (
        f'the first line of a run log ({{"log":{SCHEMA_VERSION}, ...}})'
        if number == 1
        else ("an event of a run log")
    )


def _start(line: bytes) -> str:
    shown = ascii(line[:60].decode("utf-8", "replace").rstrip())
    return shown + (" ..." if len(line) > 60 else "")
