"""Request to response: how the bytes travel, and what is removed before anything is kept."""

from conformance.transport.http import HttpTransport, Transport, TransportFailure
from conformance.transport.redact import REMOVED, Redactor

__all__ = ["REMOVED", "HttpTransport", "Redactor", "Transport", "TransportFailure"]
