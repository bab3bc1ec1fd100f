"""UUIDs that look random and are a function of the seed and of what they name."""

from __future__ import annotations

import hashlib
import uuid


def identifier(*what: object) -> str:
    """Return the UUID (version 4 in form) of what is named by the values `what`."""
    return str(uuid.UUID(bytes=_digest(*what)[:16], version=4))


def seed_of(*what: object) -> int:
    """Return an integer in [0, 2**63) that depends on the values `what` alone."""
    return int.from_bytes(_digest(*what)[:8], "big") >> 1


def _digest(*what: object) -> bytes:
    return hashlib.blake2b(repr(what).encode(), digest_size=16).digest()
