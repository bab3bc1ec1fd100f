"""UUIDs that look random and are a function of the seed and of what they name."""

from __future__ import annotations

import hashlib

_MARKED = 0xF000 << 64 | 0xC000 << 48
"""Bits of a UUID that say of which version and variant it is (RFC 9562, section 4)."""

_VERSION_4 = 0x4000 << 64 | 0x8000 << 48


def identifier(*what: object) -> str:
    """Return the UUID (version 4 in form) of what is named by the values `what`."""
    number = int.from_bytes(_digest(*what), "big") & ~_MARKED | _VERSION_4
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def seed_of(*what: object) -> int:
    """Return an integer in [0, 2**63) that depends on the values `what` alone."""
    return int.from_bytes(_digest(*what)[:8], "big") >> 1


def _digest(*what: object) -> bytes:
    return hashlib.blake2b(repr(what).encode(), digest_size=16).digest()
