"""What is raised when a recording cannot be read."""

from __future__ import annotations

from dataclasses import dataclass

from conformance.errors import ConformanceError, ExitCode


@dataclass(eq=False)
class UnreadableTraffic(ConformanceError):
    """A file that should hold recorded exchanges holds none, or is broken."""

    path: str
    expected: str
    seen: str
    place: str = ""
    """Line, or number of the exchange; empty for the file as a whole."""
    repair: str = ""
    exit_code = ExitCode.NOT_JUDGED

    def __str__(self) -> str:
        place = f"{self.path}, {self.place}" if self.place else self.path
        repair = f" {self.repair}" if self.repair else ""
        return f"{place}: expected {self.expected}, got {self.seen}.{repair}"


class Broken(Exception):
    """Part of a recording is not what it should be; `read` says where.

    Args:
        expected: What should have been there.
        seen: What is there.
    """

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(expected, seen)
        self.expected = expected
        self.seen = seen


def shown(value: object) -> str:
    """Return `value` for a message: one line of bounded length that a terminal takes."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
