"""What we raise. A finding is theirs, an error is ours or the caller's.

Every class holds fields; the sentence a person reads is made in `__str__`, once.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    OK = 0
    VIOLATED = 1
    USAGE = 2
    NOT_JUDGED = 3
    BUG = 4


class ConformanceError(Exception):
    """Base of all errors that a user may see; `exit_code` is what `main` returns for it."""

    exit_code = ExitCode.USAGE


@dataclass(eq=False)
class UnknownName(ConformanceError):
    """An option names something that does not exist."""

    kind: str
    """What it should have been: `operation`, `suite`, `rule`, `fault` ..."""
    wanted: str
    known: tuple[str, ...]
    where: str = ""
    """Option or file that named it."""

    def __str__(self) -> str:
        near = difflib.get_close_matches(self.wanted, self.known, n=1, cutoff=0.5)
        place = f"{self.where}: " if self.where else ""
        article = "an" if self.kind[0] in "aeiou" else "a"
        if near:
            hint = f"Did you mean {near[0]!r}?"
        else:
            shown = ", ".join(self.known[:12])
            more = f" and {len(self.known) - 12} more" if len(self.known) > 12 else ""
            hint = f"Known: {shown}{more}."
        return f"{place}expected {article} {self.kind}, got {self.wanted!r}. {hint}"


@dataclass(eq=False)
class UnreadableDocument(ConformanceError):
    """A document is missing, no YAML or JSON, or not what it should be."""

    path: str
    expected: str
    seen: str
    repair: str = ""
    exit_code = ExitCode.NOT_JUDGED

    def __str__(self) -> str:
        repair = f" {self.repair}" if self.repair else ""
        return f"{self.path}: expected {self.expected}, got {self.seen}.{repair}"


@dataclass(eq=False)
class BadValue(ConformanceError):
    """An option or setting has a value that it cannot have."""

    where: str
    expected: str
    seen: str
    repair: str = ""

    def __str__(self) -> str:
        repair = f" {self.repair}" if self.repair else ""
        return f"{self.where}: expected {self.expected}, got {self.seen!r}.{repair}"


@dataclass(eq=False)
class SilentTarget(ConformanceError):
    """The target does not answer, or answers something that is no such API."""

    url: str
    seen: str
    repair: str
    exit_code = ExitCode.NOT_JUDGED

    def __str__(self) -> str:
        return f"{self.url}: expected an API that answers, got {self.seen}. {self.repair}"


@dataclass(eq=False)
class UntrustedTarget(ConformanceError):
    """The target's certificate, or where its name leads, cannot be trusted; nothing was sent."""

    url: str
    seen: str
    exit_code = ExitCode.NOT_JUDGED

    def __str__(self) -> str:
        return (
            f"{self.url}: expected a target that proves who it is, got {self.seen}. Nothing was "
            "sent. Name the authority of a private certificate with --ca FILE, or in "
            "REQUESTS_CA_BUNDLE or SSL_CERT_FILE."
        )


@dataclass(eq=False)
class RefusedTarget(ConformanceError):
    """A target that is not loopback was named without `--live`."""

    url: str

    def __str__(self) -> str:
        return (
            f"{self.url}: expected a loopback address, got another host. "
            "Add --live to contact it; a live run only reads, and submits simulator jobs."
        )


@dataclass(eq=False)
class UnwritableOutput(ConformanceError):
    """The output folder or file cannot be written."""

    path: str
    seen: str
    option: str = "--out"

    def __str__(self) -> str:
        repair = f"Name another with {self.option}."
        return f"{self.path}: expected a place to write to, got {self.seen}. {repair}"


@dataclass(eq=False)
class UnusableState(ConformanceError):
    """The file in which a mock keeps its jobs is none, broken, or in use."""

    path: str
    expected: str
    seen: str
    repair: str = "Name another file with --state; a new one is made."

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.seen}. {self.repair}"


@dataclass(eq=False)
class BrokenProvider(ConformanceError):
    """A provider that another package adds cannot be used."""

    name: str
    where: str
    """Entry point and package."""
    expected: str
    seen: str

    def __str__(self) -> str:
        repair = "Mend that package, or uninstall it; the bundled providers work without it."
        place = f"provider {self.name!r} ({self.where})"
        return f"{place}: expected {self.expected}, got {self.seen}. {repair}"
