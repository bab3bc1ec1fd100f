"""A second opinion: openapi-core, an independent judge, on a sample of exchanges.

Where it objects to a response that our own judge accepts, one of the two is wrong. That is
ours to settle, so it becomes a note and never a finding.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from conformance.checks.contract import as_documented
from conformance.checks.judge import judge_for
from conformance.model import Exchange, Specification

_LONGEST = 256 * 1024
"""Bytes of the longest body that is judged; openapi-core wants seconds for megabytes."""


class SecondOpinion:
    """Judges one exchange in `one_in`, chosen by its case id."""

    def __init__(self, specification: Specification, *, one_in: int) -> None:
        self._specification = specification
        self._one_in = one_in

    def objection(self, exchange: Exchange) -> str:
        """Return in what openapi-core and our judge differ on the response; empty if in nothing."""
        operation, response = exchange.operation, exchange.response
        if operation is None or response is None or not self._chosen(exchange.case.id):
            return ""
        if len(response.body) > _LONGEST:
            return ""
        declared = operation.declared(response.status)
        schema = next(iter(declared.content.values()), None) if declared else None
        if schema is None or not as_documented(exchange) or not _has_json(exchange):
            return ""
        if not judge_for(schema).accepts(response.json_or_none()):
            return ""  # theirs would list each of what may be 250,000 departures
        theirs = self._refusal(exchange)
        if theirs:
            return f"openapi-core refuses a response of {operation.id} that we accept: {theirs}"
        return ""

    def _chosen(self, case: str) -> bool:
        return hashlib.sha256(case.encode()).digest()[0] % self._one_in == 0

    def _refusal(self, exchange: Exchange) -> str:
        from openapi_core.exceptions import OpenAPIError

        try:
            self._judge.validate_response(
                _asked(exchange, self._specification), _answered(exchange)
            )
        except OpenAPIError as error:
            return _reason(error)
        return ""

    @functools.cached_property
    def _judge(self) -> Any:
        from openapi_core import OpenAPI

        return OpenAPI.from_dict(dict(self._specification.document))


def _has_json(exchange: Exchange) -> bool:
    """Whether the answer is labelled as JSON, is JSON, and is not one that HTTP itself defines."""
    response = exchange.response
    if response is None or exchange.is_http_refusal:
        return False
    return "json" in (response.header("content-type") or "") and response.json_or_none() is not None


def _reason(error: Exception) -> str:
    """Return the innermost reasons of an objection, in one bounded line.

    Number formats (int32 ...) are left out: they are annotations to our judges. So are whole
    numbers written with a point, which JSON Schema 2020-12 calls integers.
    """
    cause = error
    while isinstance(cause.__cause__, Exception):
        cause = cause.__cause__
    found = getattr(cause, "schema_errors", None)
    if found is None:
        return " ".join(str(cause).split())[:200]
    reasons = [f"{list(e.absolute_path)}: {e.message}" for e in found if not _is_free(e)]
    return " ".join("; ".join(reasons).split())[:200]


def _is_free(error: Any) -> bool:
    whole = isinstance(error.instance, float) and error.instance.is_integer()
    return error.validator == "format" or (error.validator == "type" and whole)


def _asked(exchange: Exchange, specification: Specification) -> Any:
    """Return the request in the form that openapi-core reads; only its route matters here."""
    from openapi_core.contrib.requests import RequestsOpenAPIRequest
    from requests import Request

    server = str(specification.document["servers"][0]["url"])
    request = exchange.case.request
    return RequestsOpenAPIRequest(Request(request.method, server + request.path))


def _answered(exchange: Exchange) -> Any:
    """Return the response in the form that openapi-core reads."""
    from openapi_core.contrib.requests import RequestsOpenAPIResponse
    from requests import Response

    given, response = exchange.response, Response()
    if given is not None:
        response.status_code = given.status
        response.headers.update(given.headers)
        response._content = given.body
    return RequestsOpenAPIResponse(response)
