"""Documents from disk to a Specification."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from conformance import resources
from conformance.errors import UnknownName, UnreadableDocument
from conformance.model import Binding, Specification
from conformance.spec import overlaying, reading
from conformance.spec.describing import base_path_of, operations_of, path_pointer
from conformance.spec.normative import bindings_of
from conformance.spec.tolerance import Tolerance, read_tolerances, widen


@functools.lru_cache(maxsize=8)
def load(
    provider: str = "ionq", *, version: str | None = None, lenient: bool = False
) -> Specification:
    """Return the bundled contract of a provider, its overlay applied; read once a process.

    Args:
        provider: Name of a folder of `specs/`.
        version: Name of a folder in it; the newest when left out.
        lenient: Also accept what `tolerances.toml` lists: requests that real clients send
            and real services accept against the document's letter.

    Raises:
        UnknownName: There is no such provider or version.
        UnreadableDocument: A file of the folder is missing or broken.
    """
    folder = find_folder(provider, version)
    letter = _bundled(folder)
    return _widened(letter, read_tolerances(folder / "tolerances.toml")) if lenient else letter


@functools.lru_cache(maxsize=8)
def _bundled(folder: Path) -> Specification:
    return load_folder(folder)


def _widened(letter: Specification, tolerances: tuple[Tolerance, ...]) -> Specification:
    """Return `letter` with what is tolerated, without reading its files again."""
    document = widen(letter.document, tolerances)
    places = {(each.path, each.method.lower()): each.pointer for each in letter.operations}
    operations = operations_of(
        document, letter.source, lambda path, method: places[path, method.lower()]
    )
    return replace(letter, document=document, operations=operations)


def load_folder(folder: Path, *, lenient: bool = False) -> Specification:
    """Return the contract of a folder laid out as `specs/<provider>/<version>/` is.

    Args:
        folder: Holds the documents; its parent is named after the provider.
        lenient: As in `load`.

    Raises:
        UnreadableDocument: A file of the folder is missing or broken.
    """
    shown = f"specs/{folder.parent.name}/{folder.name}"
    return _build(
        openapi=folder / "openapi.yaml",
        overlay=folder / "overlay.yaml",
        names=(f"{shown}/openapi.yaml", f"{shown}/overlay.yaml"),
        provider=folder.parent.name,
        tolerances=read_tolerances(folder / "tolerances.toml") if lenient else (),
        bindings=bindings_of(folder, shown),
    )


def load_files(
    openapi: Path, overlay: Path | None = None, *, provider: str = "custom"
) -> Specification:
    """Return the contract that an OpenAPI 3.0 or 3.1 document describes.

    Args:
        openapi: YAML or JSON file; references lead into itself.
        overlay: OpenAPI Overlay 1.0 file to apply to it.
        provider: What to call it.

    Raises:
        UnreadableDocument: A file is missing, broken, or of another kind.
    """
    names = (str(openapi), str(overlay))
    return _build(openapi=openapi, overlay=overlay, names=names, provider=provider)


def find_folder(provider: str, version: str | None = None) -> Path:
    """Return the folder of a contract, bundled or added; the newest when no version is named.

    Raises:
        UnknownName: There is no such provider or version.
        BrokenProvider: Another package adds it, and cannot be used.
    """
    specs = resources.folder("specs")
    known = sorted(path.name for path in specs.iterdir() if path.is_dir())
    folder = specs / provider if provider in known else _added(provider, known)
    versions = sorted((path.parent.name for path in folder.glob("*/openapi.yaml")), key=_age)
    if version is not None and version not in versions:
        raise UnknownName("version", version, tuple(versions), where=provider)
    return folder / (version or versions[-1])


def _added(provider: str, bundled: list[str]) -> Path:
    """Return the folder of a provider that another package adds."""
    added = resources.added_providers()
    if provider not in added:
        raise UnknownName("provider", provider, (*bundled, *added))
    return resources.added_documents(provider)


def _age(version: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else 0, part) for part in version.lstrip("v").split(".")]


def _build(
    *,
    openapi: Path,
    overlay: Path | None,
    names: tuple[str, ...],
    provider: str,
    tolerances: tuple[Tolerance, ...] = (),
    bindings: tuple[Binding, ...] = (),
) -> Specification:
    contents = [reading.read_bytes(openapi, what="an OpenAPI document")]
    published = reading.parse_document(contents[0], names[0], what="an OpenAPI document")
    _require_openapi(published, names[0])
    document, actions = published, []
    if overlay is not None:
        contents.append(reading.read_bytes(overlay, what="an OpenAPI overlay"))
        added = reading.parse_document(contents[1], names[1], what="an OpenAPI overlay")
        document = overlaying.apply(published, added, names[1])
        actions = overlaying.actions_of(added, names[1])
    document = widen(document, tolerances)

    def locate(path: str, method: str) -> str:
        if method in published["paths"].get(path, {}):
            return f"{names[0]}#{path_pointer(path, method)}"
        made = (n for n, action in enumerate(actions) if path in (action.get("update") or {}))
        return f"{names[1]}#/actions/{next(made, 0)}"

    return Specification(
        provider=provider,
        version=str(document["info"].get("version", "")),
        title=str(document["info"].get("title", "")),
        base_path=base_path_of(document),
        operations=operations_of(document, names[0], locate),
        bindings=bindings,
        document=document,
        source=names[0],
        digest=reading.digest(contents),
    )


def _require_openapi(document: Mapping[str, Any], name: str) -> None:
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith(("3.0", "3.1")):
        seen = f"Swagger {document['swagger']}" if "swagger" in document else f"openapi: {version}"
        raise UnreadableDocument(name, "OpenAPI 3.0 or 3.1", seen)
    for part in ("info", "paths"):
        if not isinstance(document.get(part), dict):
            raise UnreadableDocument(name, f"an object `{part}`", f"{document.get(part)}")
