"""Documents from files, addresses and git, read within bounds."""

from __future__ import annotations

import hashlib
import json
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

from conformance.errors import UnreadableDocument
from conformance.gate.comparing import Source
from conformance.gate.lines import Lines
from conformance.spec import overlaying, pointers, reading

WHAT = "an OpenAPI document"
LARGEST = 16 * 2**20
"""Bytes of a document."""
LARGEST_YAML = 4 * 2**20
"""Bytes of a document in YAML, which takes some seconds to read; JSON takes none."""
SECONDS = 20
"""Time for an address to answer, or git."""
BUNDLED = "x-qconform-bundled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A document, and where in its text each part stands."""

    source: Source
    file: str
    """Path for annotations; empty for what is no file of this checkout."""
    lines: Lines


def load(
    location: str,
    overlays: Sequence[Path] = (),
    *,
    follow_outside: bool = False,
    bundled: bool = True,
) -> Loaded:
    """Return the document at `location`: a path, an address, or `git:REVISION:PATH`.

    Args:
        location: Where it is.
        overlays: OpenAPI overlays to apply, in this order.
        follow_outside: Whether references may lead to other files and addresses.
        bundled: Whether references that lead outside are looked at at all.

    Raises:
        UnreadableDocument: It cannot be read, is too large, or is no OpenAPI 3.0 or 3.1.
    """
    content = fetch(location)
    document = parse(content, location)
    require_openapi(document, location)
    if bundled:
        document = _bundled(document, location, follow_outside=follow_outside)
    total = hashlib.sha256(content)
    for path in overlays:
        raw = reading.read_bytes(path, what="an OpenAPI overlay")
        total.update(raw)
        overlay = reading.parse_document(raw, str(path), what="an OpenAPI overlay")
        document = overlaying.apply(document, overlay, str(path))
    source = Source(document=document, name=location, digest=total.hexdigest())
    file = location.split(":", 2)[2] if location.startswith("git:") else location
    return Loaded(source=source, file="" if "://" in location else file, lines=Lines(content))


def fetch(location: str) -> bytes:
    """Return the bytes at a path, an address, or a path of a git revision.

    Raises:
        UnreadableDocument: There are none, or too many.
    """
    if location.startswith("git:"):
        content = _from_git(location)
    elif location.startswith(("http://", "https://")):
        content = _from_address(location)
    else:
        path = Path(location)
        if path.is_file() and path.stat().st_size > LARGEST:
            raise _too_large(location, path.stat().st_size)
        content = reading.read_bytes(path, what=WHAT)
    if len(content) > LARGEST:
        raise _too_large(location, len(content))
    return content


def _too_large(location: str, size: int) -> UnreadableDocument:
    expected = f"at most {LARGEST // 2**20} MiB"
    return UnreadableDocument(location, expected, f"{size:,} bytes or more")


def _from_git(location: str) -> bytes:
    parts = location.split(":", 2)
    if len(parts) != 3 or not parts[1] or parts[1].startswith("-"):
        raise UnreadableDocument(location, "git:REVISION:PATH", "something else")
    command = ["git", "show", f"{parts[1]}:{parts[2]}"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603  # no shell; the revision is no option
    except (OSError, subprocess.TimeoutExpired) as problem:
        seen = f"git that cannot be run ({type(problem).__name__})"
        raise UnreadableDocument(location, WHAT, seen) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UnreadableDocument(location, WHAT, said[-1] if said else "nothing from git")
    return done.stdout


def _from_address(location: str) -> bytes:
    """Return what an address answers; the time for all of it is bounded, not that of each read."""
    outcome: list[bytes | UnreadableDocument] = []
    thread = threading.Thread(target=_fetched, args=(location, outcome), daemon=True)
    thread.start()
    thread.join(SECONDS)
    if not outcome:
        raise UnreadableDocument(location, WHAT, f"no end of the answer in {SECONDS} seconds")
    content = outcome[0]
    if isinstance(content, UnreadableDocument):
        raise content
    return content


def _fetched(location: str, outcome: list[bytes | UnreadableDocument]) -> None:
    import requests

    content = bytearray()
    try:
        with requests.get(location, timeout=SECONDS, stream=True) as answer:
            if answer.status_code != 200:
                seen = f"status {answer.status_code}"
                outcome.append(UnreadableDocument(location, WHAT, seen))
                return
            for chunk in answer.iter_content(65_536):
                content += chunk
                if len(content) > LARGEST:
                    break
    except (requests.RequestException, ValueError) as problem:
        outcome.append(UnreadableDocument(location, WHAT, type(problem).__name__))
        return
    outcome.append(bytes(content))


def parse(content: bytes, name: str) -> dict[str, Any]:
    """Return the mapping that JSON or YAML holds, bounded in size and with aliases spelled out.

    Raises:
        UnreadableDocument: It is neither, too large, or multiplies out to too much.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as problem:
        seen = f"bytes that are no UTF-8, at {problem.start:,}"
        raise UnreadableDocument(name, WHAT, seen) from None
    if content.lstrip()[:1] == b"{":
        try:
            value = json.loads(content, object_pairs_hook=_once, parse_constant=_no_number)
        except _Refused as problem:
            raise UnreadableDocument(name, WHAT, str(problem)) from None
        except RecursionError:
            raise UnreadableDocument(name, WHAT, "nesting too deep to read") from None
        except ValueError:
            value = None  # YAML of the flow style begins alike
        if isinstance(value, dict):
            return value
    if len(content) > LARGEST_YAML:
        expected = f"at most {LARGEST_YAML // 2**20} MiB of YAML"
        repair = "Write it as JSON, which is read at once."
        raise UnreadableDocument(name, expected, f"{len(content):,} bytes", repair)
    return reading.parse_document(content, name, what=WHAT)


class _Refused(Exception):
    """Something that one reader of JSON takes and another does not."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Refused(f"the key {twice!r} a second time")
    return value


def _no_number(text: str) -> None:
    raise _Refused(f"{text}, which is no number of JSON")


def require_openapi(document: Mapping[str, Any], name: str) -> None:
    """Refuse what is no OpenAPI 3.0 or 3.1.

    Raises:
        UnreadableDocument: It is something else.
    """
    version = document.get("openapi")
    if not isinstance(version, str) or not version.startswith(("3.0", "3.1")):
        seen = f"Swagger {document['swagger']}" if "swagger" in document else f"openapi: {version}"
        raise UnreadableDocument(name, "OpenAPI 3.0 or 3.1", seen)
    for part in ("paths", "components"):
        if part in document and not isinstance(document[part], Mapping):
            kind = type(document[part]).__name__
            raise UnreadableDocument(name, f"an object `{part}`", f"a {kind}")


def _bundled(document: dict[str, Any], location: str, *, follow_outside: bool) -> dict[str, Any]:
    """Return a document whose references all lead into itself.

    Raises:
        UnreadableDocument: One leads outside, and that is not allowed.
    """
    found: dict[str, Any] = {}
    whole = _inward(document, location, "", found, follow_outside=follow_outside)
    return {**whole, BUNDLED: found} if found else whole


def _inward(
    value: Any, location: str, prefix: str, found: dict[str, Any], *, follow_outside: bool
) -> Any:
    """Return `value`, a part of the document at `location`, with its references made inner ones."""
    if isinstance(value, list):
        return [
            _inward(part, location, prefix, found, follow_outside=follow_outside) for part in value
        ]
    if not isinstance(value, dict):
        return value
    result = {
        name: _inward(part, location, prefix, found, follow_outside=follow_outside)
        for name, part in value.items()
    }
    reference = result.get("$ref")
    if not isinstance(reference, str):
        return result
    where, _, fragment = reference.partition("#")
    if not where:
        result["$ref"] = f"#{prefix}{fragment}"
        return result
    if not follow_outside:
        repair = "Bundle the document, or add --follow-refs."
        seen = f"$ref: {reference}"
        raise UnreadableDocument(location, "references into the document", seen, repair)
    target = _beside(location, where)
    inner = pointers.join([BUNDLED, target])
    if target not in found:
        found[target] = None
        part = parse(fetch(target), target)
        found[target] = _inward(part, target, inner, found, follow_outside=follow_outside)
    result["$ref"] = f"#{inner}{fragment}"
    return result


def _beside(location: str, where: str) -> str:
    """Return the location that a relative reference means; it stays on its own side.

    A document of an address never leads to a file or a git revision of this machine, and one of
    this machine not above its own folder.
    """
    if urlsplit(where).scheme in {"http", "https"}:
        return where
    if location.startswith(("http://", "https://")):
        there = urljoin(location, where)
        if urlsplit(there).scheme not in {"http", "https"}:
            seen = f"$ref: {where}"
            raise UnreadableDocument(location, "references to other addresses", seen)
        return there
    git, path = location.rsplit(":", 1) if location.startswith("git:") else ("", location)
    beside = PurePosixPath(where)
    if beside.is_absolute() or ".." in beside.parts or ":" in where:
        seen = f"$ref: {where}"
        raise UnreadableDocument(location, "references to files in the same folder", seen)
    found = str(PurePosixPath(Path(path).as_posix()).parent / beside)
    return f"{git}:{found}" if git else found
