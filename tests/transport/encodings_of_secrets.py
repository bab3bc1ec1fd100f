"""The forms in which a server may hand a secret back, made in other ways than the redactor's."""

from __future__ import annotations

import base64
import codecs
import html
import json
from urllib.parse import quote, quote_plus


def forms(secret: str) -> dict[str, str]:
    """Return how `secret` may look in a text, by the name of the encoding."""
    raw = secret.encode()
    return {
        "plain": secret,
        "upper case": secret.upper(),
        "lower case": secret.lower(),
        "JSON": json.dumps(secret)[1:-1],
        "JSON with slashes escaped": json.dumps(secret)[1:-1].replace("/", "\\/"),
        "JSON, every character escaped": "".join(f"\\u{ord(c):04X}" for c in secret),
        "percent": quote(secret, safe=""),
        "percent, form": quote_plus(secret),
        "percent, every byte": "".join(f"%{b:02X}" for b in raw),
        "HTML": html.escape(secret),
        "hexadecimal": raw.hex(),
        "hexadecimal, upper case": raw.hex().upper(),
        "backwards": secret[::-1],
        "UTF-16": raw.decode().encode("utf-16-le").decode("latin-1"),
        **{f"base64 after {n} bytes": in_base64(secret, n) for n in range(3)},
        **{f"base64 for URLs after {n} bytes": in_base64(secret, n, "-_") for n in range(3)},
    }


def in_base64(secret: str, lead: int, extra: str = "+/") -> str:
    """Return the base64 text of a document that holds `secret` after `lead` bytes modulo 3.

    All of it counts as a leak of `secret`: what stands around is known.
    """
    text = base64.b64encode(b"{:\n"[:lead] + secret.encode()).decode()
    return text.translate(str.maketrans("+/", extra))


def traces(secret: str, text: str) -> list[str]:
    """Return the encodings in which `secret` can be found in `text`, whatever its case."""
    everywhere = text.lower()
    seen = [
        name
        for name, form in forms(secret).items()
        if not name.startswith("base64") and form.lower() in everywhere
    ]
    if secret.lower() in codecs.decode(everywhere, "unicode_escape", "ignore"):
        seen.append("escaped")
    for lead in range(3):
        inner = base64.b64encode(b"\0" * lead + secret.encode()).decode().rstrip("=")
        core = inner[-(-lead * 8 // 6) : (lead + len(secret.encode())) * 8 // 6]
        if core.lower() in everywhere or core.lower().translate(str.maketrans("+/", "-_")) in (
            everywhere
        ):
            seen.append(f"base64 after {lead} bytes")
    return seen
