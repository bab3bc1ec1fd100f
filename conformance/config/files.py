"""Configuration files: which one holds, and what stands in it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conformance.errors import ConformanceError

NAME = "qconform.toml"
PROJECT = "pyproject.toml"
LARGEST = 1024 * 1024
"""Bytes of a configuration file."""
_ROOTS = (".git", ".hg", ".jj")
"""Folders that mark the root of a repository."""


@dataclass(eq=False)
class UnreadableConfiguration(ConformanceError):
    """A configuration file is missing, broken, or says what it cannot say."""

    path: str
    expected: str
    seen: str
    key: str = ""
    repair: str = ""

    def __str__(self) -> str:
        place = f"{self.path}, key {self.key}" if self.key else self.path
        repair = f" {self.repair}" if self.repair else ""
        return f"{place}: expected {self.expected}, got {self.seen}.{repair}"


@dataclass(frozen=True, slots=True)
class Found:
    """The tables of a configuration file."""

    path: Path
    tables: dict[str, Any]
    prefix: str = ""
    """What stands before each key: `tool.qconform.` in a pyproject.toml."""


def find(start: Path) -> Found | None:
    """Return the configuration that holds in the folder `start`, if there is one.

    It is the nearest `qconform.toml`, or `pyproject.toml` with a table `[tool.qconform]`, from
    `start` up to the root of the repository; outside of one only `start` is looked at, since
    what lies above may be anybody's.

    Raises:
        UnreadableConfiguration: The file is no TOML, or cannot be read.
    """
    for folder in _folders(start.absolute()):
        if (folder / NAME).is_file():
            return read(folder / NAME)
        if (folder / PROJECT).is_file():
            found = read(folder / PROJECT)
            if found is not None:
                return found
    return None


def read(path: Path) -> Found | None:
    """Return what the file `path` says; None for a pyproject.toml that does not speak of us.

    Raises:
        UnreadableConfiguration: It is no TOML, too large, or cannot be read.
    """
    tables = _parse(path)
    if path.name != PROJECT:
        return Found(path, tables)
    tools = tables.get("tool")
    ours = tools.get("qconform") if isinstance(tools, dict) else None
    if ours is None:
        return None
    if not isinstance(ours, dict):
        raise UnreadableConfiguration(str(path), "a table", shown(ours), "tool.qconform")
    return Found(path, ours, "tool.qconform.")


def shown(value: object) -> str:
    """Return `value` as a message shows it: short, on one line."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:60]} ..."


def _folders(start: Path) -> tuple[Path, ...]:
    folders = (start, *start.parents)
    for count, folder in enumerate(folders, 1):
        if any((folder / name).exists() for name in _ROOTS):
            return folders[:count]
    return folders[:1]


def _parse(path: Path) -> dict[str, Any]:
    wanted = "a TOML file"
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        seen = (error.strerror or str(error)).lower()
        raise UnreadableConfiguration(str(path), wanted, seen) from None
    if len(content) > LARGEST:
        raise UnreadableConfiguration(str(path), wanted, f"more than {LARGEST} bytes")
    try:
        return tomllib.loads(content.decode())
    except ValueError as error:
        raise UnreadableConfiguration(str(path), wanted, f"no TOML: {error}") from None
    except RecursionError:
        raise UnreadableConfiguration(str(path), wanted, "nesting too deep to read") from None
