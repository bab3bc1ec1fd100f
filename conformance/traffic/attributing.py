"""Which operation a recorded request was for, and with whose key."""

from __future__ import annotations

import ipaddress
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlsplit

from conformance.model import Credential, Exchange, Operation, Specification
from conformance.spec import match

_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


class Attribution:
    """Completes the exchanges of one recording.

    Args:
        specification: Whose operations are looked for; None to leave them as recorded.
        keys_are_kept: Whether a request without a key in the recording had none. Most recorders
            leave keys out, and then a missing key says nothing.
    """

    def __init__(self, specification: Specification | None, *, keys_are_kept: bool) -> None:
        self._specification = specification
        self._keys_are_kept = keys_are_kept
        self._keys: list[str] = []
        self._base = f"{specification.base_path}/" if specification else ""
        self._known = {o.id: o for o in specification.operations} if specification else {}

    def of(self, exchange: Exchange, *, told: bool) -> Exchange:
        """Return `exchange` with its operation, the path under the base URL, and its credential.

        Args:
            exchange: As it was recorded.
            told: Whether the recording itself names operation and credential.
        """
        request = exchange.case.request
        parts = urlsplit(request.path) if "://" in request.path else None
        path = request.path
        if parts is not None:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        elsewhere = parts is not None and not _is_loopback(parts.hostname or "")
        if elsewhere and self._base not in path and not told:
            operation = None  # another service: only on this machine may a gateway drop the base
        else:
            operation, path = self._operation(exchange, request.method, path, told=told)
        credential = exchange.case.credential if told else self._credential(exchange)
        if path != request.path:
            request = replace(request, path=path)
        case = replace(
            exchange.case,
            request=request,
            operation=operation,
            credential=credential,
        )
        return replace(exchange, case=case)

    def _operation(
        self, exchange: Exchange, method: str, path: str, *, told: bool
    ) -> tuple[Operation | None, str]:
        specification = self._specification
        named = exchange.case.operation
        if specification is None:
            return named, path
        bare = _below(specification.base_path, path)
        if told:
            return self._known.get(named.id) if named is not None else None, bare
        found = match(specification, method, bare)
        if found is None:  # another method of a documented path
            others = (match(specification, other, bare) for other in _METHODS if other != method)
            found = next((other for other in others if other is not None), None)
        return (None, path) if found is None else (found[0], bare)

    def _credential(self, exchange: Exchange) -> Credential:
        headers = exchange.case.request.headers
        key = next((value for name, value in headers if name.lower() == "authorization"), None)
        if key is None:
            return Credential.NONE if self._keys_are_kept else Credential.FIRST
        if key not in self._keys:
            self._keys.append(key)
        return Credential.FIRST if key == self._keys[0] else Credential.SECOND


def _below(base: str, path: str) -> str:
    """Return the part of `path` after the base path, wherever a gateway put that."""
    if not base:
        return path
    bare, mark, query = path.partition("?")
    before, found, after = bare.partition(f"{base}/")
    del before
    return f"/{after}{mark}{query}" if found else path


@lru_cache(maxsize=256)
def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return False


def attributed(exchange: Exchange, specification: Specification) -> Exchange:
    """Return a single exchange with its operation, the path under the base URL, and its credential.

    A request without a key is taken for one that had none.
    """
    whole = Attribution(specification, keys_are_kept=True)
    return whole.of(exchange, told=False)
