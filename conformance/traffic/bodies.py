"""Bodies as recordings keep them: text, bytes, base64, compressed, or only their beginning."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping

from conformance.model import Headers
from conformance.traffic.unreadable import Broken, shown

LARGEST = 16 * 1024 * 1024
"""Bytes of a body, decompressed."""


def to_bytes(value: object) -> bytes:
    """Return the body that a cassette holds as text, bytes, or a mapping around one of them.

    Raises:
        Broken: It is something else.
    """
    if isinstance(value, Mapping) and {"string", "base64_string"} & value.keys():
        if value.get("base64_string") is not None:
            return from_base64(value["base64_string"])
        value = value.get("string")
    if value is None:
        return b""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, (dict, list)):  # clients that are handed JSON, not text
        return json.dumps(value).encode()
    raise Broken("a body as text", shown(value))


def from_base64(text: object) -> bytes:
    """Return the bytes that `text` stands for.

    Raises:
        Broken: It is no base64.
    """
    if isinstance(text, str):
        try:
            return base64.b64decode(text.encode("ascii"), validate=False)
        except (binascii.Error, UnicodeEncodeError):
            pass
    raise Broken("base64", shown(text))


def decompressed(body: bytes, headers: Headers) -> tuple[bytes, Headers]:
    """Return the body without its Content-Encoding, and the headers that then hold.

    A body that is plain already, whatever its headers say, stays as it is.

    Raises:
        Broken: It decompresses to more than `LARGEST`, or in a way that is not read.
    """
    label = next((v for k, v in headers if k.lower() == "content-encoding"), "").strip().lower()
    if label in {"", "identity"} or not body or body[:1] in b'{["':
        return body, headers
    if label not in {"gzip", "x-gzip", "deflate"}:
        raise Broken("a body plain, or in gzip or deflate", f"Content-Encoding {shown(label)}")
    body = _inflated(body)
    if len(body) > LARGEST:
        raise Broken(f"a body of at most {LARGEST} bytes", "more")
    dropped = {"content-encoding", "content-length", "transfer-encoding"}
    return body, tuple(h for h in headers if h[0].lower() not in dropped)


def _inflated(body: bytes) -> bytes:
    for form in (zlib.MAX_WBITS | 32, -zlib.MAX_WBITS):  # with a header, and bare as some send it
        try:
            return zlib.decompressobj(form).decompress(body, LARGEST + 1)
        except zlib.error:
            continue
    return body  # decompressed by the recorder, which left the header
