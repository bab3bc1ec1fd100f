"""Where shipped data is, and which providers other installed packages add to ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.errors import BrokenProvider

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "qconform.providers"
"""Entry points by which a package adds a provider: its name to a `Provider`."""

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Return the folder `name`, one of `specs`, `cassettes` and `reports`.

    Raises:
        FileNotFoundError: Neither the package nor a checkout has it.
    """
    for candidate in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"{name}/ is missing from the installation of qconform")


def added_providers() -> tuple[str, ...]:
    """Return the names of the providers that other packages add; none of them is imported."""
    return tuple(sorted(_entries()))


def added_provider(name: str) -> Any:
    """Return what the entry point of the added provider `name` leads to.

    Raises:
        BrokenProvider: It leads to nothing, or several packages add this name.
    """
    entries = _entries()[name]
    where = ", ".join(sorted({_origin(entry) for entry in entries}))
    if len({entry.value for entry in entries}) > 1:
        raise BrokenProvider(name, where, "one package to add it", "several")
    try:
        return entries[0].load()
    except Exception as problem:  # whatever the other package's code raises
        what = f"{type(problem).__name__}: {problem}".partition("\n")[0]
        raise BrokenProvider(name, where, "a module that can be imported", what) from problem


def added_documents(name: str) -> Path:
    """Return the folder of the added provider `name`, with a folder a version in it.

    Raises:
        BrokenProvider: The provider names none, or it holds no version.
    """
    folder = getattr(added_provider(name), "documents", None)
    where = ", ".join(sorted({_origin(entry) for entry in _entries()[name]}))
    expected = "its `documents` to be the folder that holds VERSION/openapi.yaml"
    if not isinstance(folder, Path) or not any(folder.glob("*/openapi.yaml")):
        raise BrokenProvider(name, where, expected, str(folder))
    return folder


def _entries() -> dict[str, tuple[EntryPoint, ...]]:
    from importlib.metadata import entry_points  # slow to import, and seldom needed

    found: dict[str, tuple[EntryPoint, ...]] = {}
    for entry in entry_points(group=GROUP):
        found[entry.name] = (*found.get(entry.name, ()), entry)
    return found


def _origin(entry: EntryPoint) -> str:
    package = f" of {entry.dist.name}" if entry.dist is not None else ""
    return f"entry point {entry.value}{package}"
