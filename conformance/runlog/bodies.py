"""Bodies of requests and responses as JSON: text, base64, or the beginning of a long one."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

BODY_LIMIT = 64 * 1024
"""Bytes of a body that the log keeps."""


class CutBody(bytes):
    """The beginning of a body that was too long for the log; `length` is that of the whole."""

    length: int

    def __new__(cls, kept: bytes, length: int) -> CutBody:
        """Return `kept` as a body of which `length` bytes were seen."""
        body = super().__new__(cls, kept)
        body.length = length
        return body


def body_to_json(body: bytes, scrub: Callable[[str], str]) -> dict[str, Any]:
    """Return `body` as an object with `text` (valid UTF-8) or `base64`.

    A body over `BODY_LIMIT` is cut, after `scrub` saw the whole of it, so that no secret is
    halved by the cut; `length` then tells how many bytes there were.
    """
    length = body.length if isinstance(body, CutBody) else len(body)
    try:
        clean = scrub(body.decode("utf-8")).encode("utf-8", "backslashreplace")
    except UnicodeDecodeError:
        clean = scrub(body.decode("latin-1")).encode("latin-1", "replace")
        entry: dict[str, Any] = {"base64": base64.b64encode(clean[:BODY_LIMIT]).decode("ascii")}
    else:
        entry = {"text": clean[:BODY_LIMIT].decode("utf-8", "ignore")}
    if len(clean) > BODY_LIMIT or isinstance(body, CutBody):
        entry["length"] = length
    return entry


def body_from_json(entry: Mapping[str, Any]) -> bytes:
    """Return the body that `body_to_json` stored; a `CutBody` where it was cut."""
    if "base64" in entry:
        body = base64.b64decode(entry["base64"], validate=True)
    else:
        body = entry["text"].encode("utf-8")
    return CutBody(body, entry["length"]) if "length" in entry else body
