"""HTTP: status, media type, methods, and that there is an answer at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from conformance.checks.contract import Contract, as_documented
from conformance.model import DeclaredResponse, Exchange, Expectation, Finding, Problem

_LARGE = 65_536
_INTERNALS = re.compile(
    r"Traceback \(most recent call last\)"
    r"|File \\?\"[^\"\n]{1,200}\", line \d+"
    r"|\bat [\w$.<>]{1,100} ?\([\w./\\:-]{1,200}:\d+"
    r"|\bgoroutine \d+ \["
)
"""How stack traces of Python, Java, JavaScript and Go look."""

_NOTHING_SENT = {None, Problem.UNREACHABLE, Problem.UNTRUSTED, Problem.UNSENDABLE}
"""Why there may be no response that the service could be blamed for."""


def was_answered(exchange: Exchange, _contract: Contract) -> bool:
    """Whether there is a response to an operation's own method."""
    return exchange.response is not None and as_documented(exchange)


def got_any_response(exchange: Exchange, _contract: Contract) -> bool:
    """Whether there is a response, whatever was asked."""
    return exchange.response is not None


def was_sent(_exchange: Exchange, _contract: Contract) -> bool:
    """Every exchange."""
    return True


def used_undeclared_method(exchange: Exchange, _contract: Contract) -> bool:
    """Whether the request used a method that the path does not offer, or an unknown path."""
    unknown = exchange.operation is None and exchange.case.expects is Expectation.REFUSED
    other = exchange.operation is not None and not as_documented(exchange)
    return exchange.response is not None and (unknown or other)


def no_server_error(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """No request makes the service answer 5XX.

    Why it matters: a 5XX is the service's own admission of a defect; clients retry it, some
    for ever. That a document lists 500 does not make it an answer to a request.

    Source: RFC 9110, section 15.6.
    """
    response = exchange.response
    if response is not None and response.status >= 500 and response.status not in {501, 505}:
        seen = f"{response.status} {response.body[:60].decode('utf-8', 'replace')!r}"
        yield Finding(
            clause="5xx", where="response.status", expected="a status below 500", seen=seen
        )


def status_is_declared(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """The response carries a status code that its operation declares.

    Why it matters: a client generated from the document has no branch for an undeclared
    code, so the error surfaces far from its cause.

    Source: OpenAPI 3.0.3, section 4.7.16 (Responses Object).
    """
    operation, response = exchange.operation, exchange.response
    if operation is None or response is None or exchange.is_http_refusal:
        return
    if response.status < 500 and operation.declared(response.status) is None:
        yield Finding(
            clause="responses",
            where="response.status",
            expected=f"one of {', '.join(sorted(operation.responses))}",
            seen=str(response.status),
            source=f"{operation.pointer}/responses",
        )


def media_type_is_declared(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """The response is labelled with a media type that its operation declares.

    Why it matters: clients choose their parser by this label.

    Source: OpenAPI 3.0.3, section 4.7.17 (Response Object); RFC 9110, section 8.3.
    """
    operation, response = exchange.operation, exchange.response
    if operation is None or response is None or exchange.is_http_refusal:
        return
    declared = operation.declared(response.status)
    if declared is None or not declared.content:
        return
    label = response.header("content-type") or ""
    essences = _essences(declared)
    if label not in essences and label.partition(";")[0].strip().lower() not in essences:
        yield Finding(
            clause="content",
            where="response.headers.content-type",
            expected=" or ".join(declared.content),
            seen=label or "no Content-Type",
            source=f"{operation.pointer}/responses/{declared.status}/content",
        )


_ESSENCES: dict[int, tuple[DeclaredResponse, frozenset[str]]] = {}


def _essences(declared: DeclaredResponse) -> frozenset[str]:
    """Return the media types of a declared response without parameters; found once."""
    kept = _ESSENCES.get(id(declared))
    if kept is None or kept[0] is not declared:
        found = frozenset(media.partition(";")[0].strip().lower() for media in declared.content)
        kept = _ESSENCES[id(declared)] = (declared, found)
    return kept[1]


def undeclared_method_is_refused(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """A method that the path does not offer, or a path that is not documented, is refused.

    Why it matters: what an undocumented method does, nobody has promised or secured.

    Source: RFC 9110, sections 15.5.5 and 15.5.6; any other refusal is accepted as well.
    """
    method = exchange.case.request.method
    if exchange.succeeded and method not in {"HEAD", "OPTIONS"} and exchange.response is not None:
        yield Finding(
            clause="method",
            where="response.status",
            expected=f"404, 405 or another refusal of {method} here",
            seen=str(exchange.response.status),
        )


def request_completes(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """Every request gets one complete HTTP response in time.

    Why it matters: a request that hangs or breaks off holds a client's thread and leaves it
    not knowing whether its job exists.

    Source: RFC 9112; the time limit is `--request-timeout`.
    """
    large = len(exchange.case.request.body) > _LARGE
    if large and exchange.problem is Problem.DISCONNECTED:
        return  # RFC 9110, section 15.5.14: a server may close on content that is too large
    if exchange.problem not in _NOTHING_SENT:
        yield Finding(
            clause=str(exchange.problem),
            where="response",
            expected="a complete HTTP response",
            seen=exchange.detail or str(exchange.problem),
        )


def no_internals_in_answers(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """No answer shows the inside of the service: a stack trace, a source file.

    Why it matters: it tells attackers what runs there, and users nothing.

    Source: OWASP API8:2023 (security misconfiguration).
    """
    response = exchange.response
    if response is None or response.status < 400:
        return
    shown = _INTERNALS.search(response.body.decode("utf-8", "replace"))
    if shown:
        yield Finding(
            clause="internals",
            where="response.body",
            expected="no stack trace",
            seen=shown.group()[:80],
        )
