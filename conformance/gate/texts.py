"""Strings: patterns within a bound, and formats with examples of what fits and what does not."""

from __future__ import annotations

import functools
from collections.abc import Callable

EXAMPLES: dict[str, tuple[str, ...]] = {
    "date": ("2026-01-31", "1999-12-01"),
    "date-time": ("2026-01-31T12:00:00Z", "1999-12-01T00:00:00+01:00"),
    "time": ("12:00:00Z",),
    "duration": ("P1D", "PT5M"),
    "email": ("a@example.com",),
    "hostname": ("example.com", "a"),
    "ipv4": ("192.0.2.1", "10.0.0.1"),
    "ipv6": ("2001:db8::1",),
    "uri": ("https://example.com/a", "urn:a:b"),
    "uri-reference": ("/a", "https://example.com/a"),
    "iri": ("https://example.com/a",),
    "iri-reference": ("/a",),
    "uri-template": ("https://example.com/{a}",),
    "uuid": ("0197c2a8-5f3e-7cc1-9d41-6f0a5a1d2b07", "6f9619ff-8b86-d011-b42d-00c04fc964ff"),
    "regex": ("a*",),
    "json-pointer": ("/a",),
    "relative-json-pointer": ("0/a",),
    "idn-email": ("a@example.com",),
    "idn-hostname": ("example.com",),
    "byte": ("YQ==", ""),
}
"""A format that validators check, to values that have it."""

ODD = ("a", "", "0", "-", "a b", "(", "ä", "1.5", "true", "/", "00000000", "no", "A")
"""Short texts that most formats refuse, for one reason or another."""

NUMERIC_FORMATS = {
    "int8": (-(2**7), 2**7 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint8": (0, 2**8 - 1),
    "uint16": (0, 2**16 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}
"""A format of integers, to its bounds (OpenAPI Format Registry)."""

LARGEST_SINGLE = 2**128 - 2**104
SILENT = frozenset({"double", "binary", "password"})
"""Formats that exclude no JSON value."""
BASE64 = r"^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"

_SEARCHED = 4096
"""Characters of a text that a pattern is tried on."""


def matches(pattern: str, text: str) -> bool:
    """Return whether `pattern` occurs in `text`; a pattern that is none matches everything.

    The engine is that of jsonschema-rs, which takes linear time where a backtracking one would
    take for ever.
    """
    judge = _searcher(pattern)
    return judge is None or judge(text[:_SEARCHED])


def fits_format(name: str, text: str) -> bool:
    """Return whether `text` has the format; every text has a format that no validator knows."""
    judge = _judge(name)
    return judge is None or judge(text)


def is_checked(name: str) -> bool:
    """Return whether validators check the format."""
    return _judge(name) is not None


@functools.lru_cache(maxsize=4096)
def _searcher(pattern: str) -> Callable[[str], bool] | None:
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid
    except ValueError:
        return None


@functools.cache
def _judge(name: str) -> Callable[[str], bool] | None:
    if name not in EXAMPLES:
        return None
    if name == "byte":
        return functools.partial(matches, BASE64)
    import jsonschema_rs

    schema = {"type": "string", "format": name}
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid
