"""Secrets out of everything that is kept: plain, escaped, percent-encoded, base64, hexadecimal."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote, quote_plus

from conformance.model import Exchange, Headers, Request, Response

REMOVED = "[removed]"
_SECRET_HEADERS = frozenset(
    {
        "authorization",
        "cookie",
        "proxy-authorization",
        "service-crn",
        "set-cookie",
        "x-api-key",
        "x-auth-token",
    }
)
_SHORTEST = 4
_SECRET_NAMES = ("api_credentials", "api_key", "apikey", "password", "secret", "token")
_SECRET_FIELD = re.compile(
    rf'("(?:{"|".join(_SECRET_NAMES)}|access_token)"\s*:\s*)'
    r'(?:"(?:[^"\\]|\\.)*"|\{[^{}]*\}|\[[^\[\]]*\])',
    re.IGNORECASE,
)
_SECRET_PARAMETER = re.compile(
    r"""((?:^|[?&])(?:access_token|api_key|apikey|password|secret|token)=)[^&#\s"'<>]+""",
    re.IGNORECASE,
)


class Redactor:
    """Replaces every secret, in every encoding that is likely to carry one, by `[removed]`."""

    def __init__(self, secrets: Iterable[str]) -> None:
        forms = {f for secret in secrets if len(secret) >= _SHORTEST for f in _encodings(secret)}
        self._forms = {form.casefold() for form in forms}
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = (
            re.compile("|".join(map(re.escape, ordered)), re.IGNORECASE) if forms else None
        )

    def finds(self, text: str | bytes) -> bool:
        """Whether `text` carries a secret."""
        whole = _as_text(text)
        return self._may_carry(whole.casefold()) and bool(
            self._pattern and self._pattern.search(whole)
        )

    def text(self, text: str) -> str:
        """Return `text` without secrets, known ones and values of fields that hold one."""
        if self._pattern is None and '"' not in text and "=" not in text:
            return text
        folded = text.casefold()
        if '"' in text and any(name in folded for name in _SECRET_NAMES):
            text = _SECRET_FIELD.sub(rf'\1"{REMOVED}"', text)
        if "=" in text and any(name in folded for name in _SECRET_NAMES):
            text = _SECRET_PARAMETER.sub(rf"\1{REMOVED}", text)
        if self._pattern is None or not self._may_carry(folded):
            return text
        return self._pattern.sub(REMOVED, text)

    def _may_carry(self, folded: str) -> bool:
        """Look for the forms one by one, which is a hundred times as fast as all in a pattern."""
        return any(form in folded for form in self._forms)

    def body(self, body: bytes) -> bytes:
        """Return `body` without secrets; bytes that are no UTF-8 stay as they are."""
        return self.text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def headers(self, headers: Headers) -> Headers:
        """Return `headers` with the values of secret ones replaced."""
        return tuple(
            (self.text(name), REMOVED if name.lower() in _SECRET_HEADERS else self.text(value))
            for name, value in headers
        )

    def exchange(self, exchange: Exchange) -> Exchange:
        """Return `exchange` as it may be written down."""
        request = exchange.case.request
        clean = Request(
            method=request.method,
            path=self.text(request.path),
            headers=self.headers(request.headers),
            body=self.body(request.body),
        )
        answer = exchange.response
        response = answer and Response(
            status=answer.status,
            headers=self.headers(answer.headers),
            body=self.body(answer.body),
            elapsed=answer.elapsed,
        )
        return replace(
            exchange,
            case=replace(exchange.case, request=clean),
            response=response,
            detail=self.text(exchange.detail),
        )


def _as_text(text: str | bytes) -> str:
    return text if isinstance(text, str) else text.decode("utf-8", "surrogateescape")


def _encodings(secret: str) -> Iterable[str]:
    raw = secret.encode()
    yield secret
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret)[1:-1].replace("/", r"\/")
    yield json.dumps(json.dumps(secret)[1:-1])[1:-1]
    yield html.escape(secret)
    yield "\0".join(secret)  # UTF-16, read as bytes
    yield "".join(f"\\u{ord(c):04x}" for c in secret if ord(c) < 0x10000)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield "".join(f"%{byte:02x}" for byte in raw)
    yield raw.hex()
    yield secret[::-1]
    yield from _base64_forms(raw)


def _base64_forms(raw: bytes) -> Iterable[str]:
    """Yield the part of the base64 text that does not depend on what stands around the secret."""
    for lead in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * lead + raw).decode().rstrip("=")
            first = (lead * 8 + 5) // 6
            last = (lead + len(raw)) * 8 // 6
            if last - first >= _SHORTEST:
                yield text[first:last]
