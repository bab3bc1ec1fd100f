"""From a provider's documents to operations, in one form for OpenAPI 3.0 and 3.1."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from conformance.model import Schema
from conformance.spec import reading
from conformance.spec.loading import find_folder, load, load_files, load_folder
from conformance.spec.normative import Disagreement, read_disagreements
from conformance.spec.proof import Proof
from conformance.spec.routing import match
from conformance.spec.tolerance import Tolerance, read_tolerances

__all__ = [
    "Disagreement",
    "Proof",
    "Tolerance",
    "check",
    "disagreements",
    "json_schema",
    "load",
    "load_files",
    "load_folder",
    "match",
    "tolerances",
]


def tolerances(provider: str = "ionq", *, version: str | None = None) -> tuple[Tolerance, ...]:
    """Return the departures of clients that a provider's service may accept or refuse.

    Raises:
        UnknownName: There is no such provider or version.
        UnreadableDocument: The list is broken.
    """
    return read_tolerances(find_folder(provider, version) / "tolerances.toml")


def disagreements(
    provider: str = "ionq", *, version: str | None = None
) -> tuple[Disagreement, ...]:
    """Return where a provider's documents say different things, and which of them binds.

    Raises:
        UnknownName: There is no such provider or version.
        UnreadableDocument: The list is broken.
    """
    return read_disagreements(find_folder(provider, version))


def json_schema(provider: str, name: str, *, version: str | None = None) -> Schema:
    """Return one of a provider's JSON Schemas as published: `job`, `session`, `backend`.

    What of it binds a response is in `Specification.bindings`.

    Raises:
        UnknownName: There is no such provider or version.
        UnreadableDocument: There is no such schema, or it is broken.
    """
    return reading.read_json(find_folder(provider, version) / "schemas" / f"{name}.json")


def check(
    provider: str = "ionq", *, version: str | None = None, folder: Path | None = None
) -> Iterator[Proof]:
    """Yield a proof for everything that a provider's folder claims.

    Args:
        provider: Name of a folder of `specs/`.
        version: Name of a folder in it; the newest when left out.
        folder: A folder elsewhere to prove instead.

    Raises:
        UnknownName: There is no such provider or version.
    """
    from conformance.spec.proving import prove  # validators are slow to import

    return prove(folder or find_folder(provider, version))
