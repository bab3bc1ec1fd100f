"""Request to response: how the bytes travel, and what is removed before anything is kept."""

from conformance.transport.http import HttpTransport, Transport, TransportFailure
from conformance.transport.proxies import Proxy, proxy_for
from conformance.transport.redact import REMOVED, Redactor
from conformance.transport.trust import Trust, UnusableCertificate

__all__ = [
    "REMOVED",
    "HttpTransport",
    "Proxy",
    "Redactor",
    "Transport",
    "TransportFailure",
    "Trust",
    "UnusableCertificate",
    "proxy_for",
]
