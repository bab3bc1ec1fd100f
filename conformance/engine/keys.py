"""The keys that requests are sent with: those of the accounts, and keys wrong in one way."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.model import Credential, Headers
from conformance.providers import Provider

_OTHER_FORMS = {
    Credential.BARE: "{}",
    Credential.OTHER_SCHEME: "Bearer {}",
    Credential.FORGED: "Bearer {}",
}
"""How a secret is sent in another form than the documented one."""


def keys_by_credential(facts: Provider, first: str, second: str) -> dict[Credential, str]:
    """Return the key of each credential, empty where there is none.

    Args:
        facts: What a key of the provider consists of.
        first: The first account's key.
        second: The second account's key.
    """
    secret = facts.secret(first)
    half = secret[: len(secret) // 2]
    return {
        Credential.FIRST: first,
        Credential.SECOND: second,
        Credential.WRONG: facts.with_secret(first, facts.wrong_key),
        Credential.CUT: facts.with_secret(first, half) if half else "",
        Credential.LONGER: facts.with_secret(first, f"{secret}0") if first else "",
        Credential.BARE: first,
        Credential.OTHER_SCHEME: first,
        Credential.FORGED: facts.with_secret(first, facts.wrong_key),
        Credential.BORROWED: facts.with_secret(first, facts.secret(second)),
    }


def key_headers(facts: Provider, credential: Credential, keys: Mapping[Credential, str]) -> Headers:
    """Return the headers that carry the key of `credential`; none without a key."""
    key = keys.get(credential)
    if not key:
        return ()
    headers = facts.headers(key)
    if credential not in _OTHER_FORMS:
        return headers
    form = _OTHER_FORMS[credential].format(facts.secret(key))
    return ((headers[0][0], form), *headers[1:])
