"""Whose certificates are trusted, and with which one we introduce ourselves."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conformance.errors import ConformanceError, ExitCode

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables that name trusted authorities: of requests first, then those that httpx reads."""


@dataclass(eq=False)
class UnusableCertificate(ConformanceError):
    """A certificate or key of ours, or of the authorities to trust, cannot be read."""

    where: str
    path: str
    seen: str
    exit_code = ExitCode.USAGE

    def __str__(self) -> str:
        return f"{self.where}: expected PEM certificates in {self.path}, got {self.seen}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """Files of a TLS connection; each is empty where nothing is named.

    Authorities are those of `ca`, else those that the environment names as users of requests
    and httpx know it, else those that certifi ships.
    """

    ca: str = ""
    certificate: str = ""
    key: str = ""

    def context(self, environment: Mapping[str, str] = os.environ) -> ssl.SSLContext:
        """Return the context in which connections are made; it verifies name and chain.

        Raises:
            UnusableCertificate: A file is missing, or holds something else.
        """
        where, path = self._authorities(environment)
        try:
            context = ssl.create_default_context(
                cafile=None if Path(path).is_dir() else path,
                capath=path if Path(path).is_dir() else None,
            )
        except (OSError, ssl.SSLError) as error:
            raise UnusableCertificate(where, path, _said(error)) from None
        if self.certificate:
            try:  # a password would be asked for on the terminal: an empty one fails instead
                context.load_cert_chain(self.certificate, self.key or None, password="")
            except (OSError, ssl.SSLError) as error:
                files = f"{self.certificate} {self.key}".strip()
                raise UnusableCertificate("--client-cert", files, _said(error)) from None
        return context

    def _authorities(self, environment: Mapping[str, str]) -> tuple[str, str]:
        if self.ca:
            return "--ca", self.ca
        for name in _BUNDLES:
            if environment.get(name):
                return name, environment[name]
        import certifi

        return "certifi", certifi.where()


def _said(error: OSError) -> str:
    """Return what is wrong in words; an SSLError is an OSError with a reason."""
    reason = getattr(error, "reason", None) or error.strerror or type(error).__name__
    return str(reason).lower().replace("_", " ")
