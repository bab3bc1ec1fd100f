"""ACCESS: who may see and do what."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.checks.contract import Contract, as_documented
from conformance.model import Credential, Exchange, Expectation, Finding

_READING = frozenset({"GET", "HEAD"})


def came_without_key(exchange: Exchange, contract: Contract) -> bool:
    """Whether a protected operation was called without a key."""
    return _was_protected(exchange, contract) and exchange.case.credential is Credential.NONE


def came_with_wrong_key(exchange: Exchange, contract: Contract) -> bool:
    """Whether a protected operation was called with a key of nobody."""
    wrong = {Credential.WRONG, Credential.CUT, Credential.LONGER, Credential.FORGED}
    return _was_protected(exchange, contract) and exchange.case.credential in wrong


def came_in_another_form(exchange: Exchange, contract: Contract) -> bool:
    """Whether a protected operation was called with the right key in an undocumented form."""
    other = {Credential.BARE, Credential.OTHER_SCHEME}
    return _was_protected(exchange, contract) and exchange.case.credential in other


def reads_of_another(exchange: Exchange, _contract: Contract) -> bool:
    """Whether the second tenant asked for what is the first one's."""
    return _is_intrusion(exchange) and exchange.case.request.method in _READING


def changes_of_another(exchange: Exchange, _contract: Contract) -> bool:
    """Whether the second tenant tried to change what is the first one's."""
    return _is_intrusion(exchange) and exchange.case.request.method not in _READING


def opens_without_key(exchange: Exchange, _contract: Contract) -> bool:
    """Whether an open operation was called without a key."""
    operation = exchange.operation
    return (
        exchange.response is not None
        and operation is not None
        and as_documented(exchange)
        and not operation.authenticated
        and exchange.case.credential is Credential.NONE
        and exchange.case.expects is Expectation.ACCEPTED
    )


def key_is_required(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """A protected operation refuses a request that carries no key.

    Why it matters: whatever it answers, it answers to everybody.

    Source: the operation's `security` in the OpenAPI document.
    """
    yield from _refused(exchange, "without a key")


def wrong_key_is_refused(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """A protected operation refuses a key that belongs to nobody.

    Why it matters: a key that is not checked is none.

    Source: the operation's `security` in the OpenAPI document.
    """
    yield from _refused(exchange, "with a key of nobody")


def key_comes_as_documented(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """A protected operation refuses a key that is not sent in the documented form.

    Why it matters: what is accepted today by accident is relied on tomorrow, and proxies and
    scanners that look for the documented form miss it.

    Source: the security scheme of the OpenAPI document ("the word `apiKey`, a space, and the
    key"); that every other form is refused is our reading of it.
    """
    form = exchange.case.credential
    how = "without its scheme" if form is Credential.BARE else "as a bearer token"
    yield from _refused(exchange, f"with the key {how}")


def other_tenant_cannot_read(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """What one tenant made cannot be read with another tenant's key.

    Why it matters: circuits and results are their owner's secrets.

    Source: the API key identifies its project; OWASP API1:2023 (object level authorization).
    """
    yield from _refused(exchange, "with another tenant's key")


def other_tenant_cannot_change(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """What one tenant made cannot be ended, cancelled or deleted with another tenant's key.

    Why it matters: anybody could stop anybody's work.

    Source: the API key identifies its project; OWASP API1:2023 (object level authorization).
    """
    yield from _refused(exchange, "with another tenant's key")


def key_is_never_echoed(exchange: Exchange, contract: Contract) -> Iterator[Finding]:
    """No response holds the caller's key, in any encoding.

    Why it matters: answers are logged, cached and pasted into bug reports; keys must not be.

    Source: OWASP API8:2023; RFC 9110, section 11.6.2.
    """
    response = exchange.response
    if response is None:
        return
    if contract.leaks("\n".join(value for _, value in response.headers)):
        leaking = [name for name, value in response.headers if contract.leaks(value)]
        yield _echo(f"response.headers.{(leaking or ['*'])[0].lower()}")
    elif contract.leaks(response.body):
        yield _echo("response.body")


def open_operation_needs_no_key(exchange: Exchange, _contract: Contract) -> Iterator[Finding]:
    """An operation that the document leaves open answers without a key.

    Why it matters: clients look backends up before they have a key.

    Source: `security: []` in the OpenAPI document.
    """
    response = exchange.response
    if response is not None and response.status in {401, 403}:
        yield Finding(
            clause="open",
            where="response.status",
            expected="an answer without a key",
            seen=str(response.status),
        )


def _was_protected(exchange: Exchange, contract: Contract) -> bool:
    operation = exchange.operation
    return (
        exchange.response is not None
        and operation is not None
        and operation.id not in contract.provider.free_access
        and operation.authenticated
        and as_documented(exchange)
    )


def _is_intrusion(exchange: Exchange) -> bool:
    return (
        exchange.response is not None
        and exchange.case.credential in {Credential.SECOND, Credential.BORROWED}
        and exchange.case.expects is Expectation.REFUSED
    )


def _refused(exchange: Exchange, how: str) -> Iterator[Finding]:
    response = exchange.response
    if response is not None and response.status < 400:
        yield Finding(
            clause="refusal",
            where="response.status",
            expected=f"401, 403 or another refusal {how}",
            seen=str(response.status),
            source=exchange.operation.pointer if exchange.operation else "",
        )


def _echo(where: str) -> Finding:
    return Finding(clause="echo", where=where, expected="no key", seen="the caller's key")
