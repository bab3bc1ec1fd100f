"""Which targets a run may have: an address that can be dialled, and a key that can be sent."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from conformance.errors import BadValue, RefusedTarget


def check_address(url: str, *, live: bool) -> None:
    """Raise unless `url` is a base URL, of this machine when the run is not `live`.

    Raises:
        BadValue: It is no such URL, or carries what a base URL has no place for.
        RefusedTarget: It names another machine.
    """
    parts = _parts(url)
    if parts.username is not None or parts.password is not None:
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        repair = "A key goes into --api-key or the environment."
        raise BadValue("--url", "a URL without user and password", bare, repair)
    if parts.query or parts.fragment:
        raise BadValue("--url", "a base URL without ? and #", url)
    if not is_loopback(url) and not live:
        raise RefusedTarget(url)


def check_key(
    key: str,
    where: str,
    words: Sequence[str] = ("the key of an account",),
    variables: Sequence[str] = ("QCONFORM_API_KEY",),
) -> None:
    """Raise unless each word of `key` can stand in a header; the message does not show it.

    Args:
        key: As it was given.
        where: What it was given by.
        words: What it consists of, in order, with spaces between.
        variables: Of the environment, in which it may be given.

    Raises:
        BadValue: It is empty or holds other than visible ASCII characters.
    """
    if not key:
        repair = f"Give it with {where}, or in {' or '.join(variables)}."
        raise BadValue(where, " and ".join(words), "", repair)
    given = key.split(" ") if words[1:] else [key]
    if len(given) < len(words) or not all(given):
        seen = f"{len(given)} word{'s' * (len(given) != 1)}"
        raise BadValue(where, f"{' and '.join(words)}, with a space between", seen)
    if not all("!" <= character <= "~" for word in given for character in word):
        raise BadValue(where, "a key of visible ASCII characters", "others")


def is_loopback(url: str) -> bool:
    """Whether `url` names this machine by an address that leads nowhere else."""
    host = (urlsplit(url).hostname or "").lower()
    try:
        address = ipaddress.ip_address(host)
    except ValueError:  # a name; the transport looks where this one leads
        return host == "localhost"
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _parts(url: str) -> SplitResult:
    """Return the parts of an absolute http URL whose host and port can be dialled."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")
        usable = parts.scheme in {"http", "https"} and bool(host) and parts.port != 0
    except ValueError:  # brackets, port or host name
        usable = False
    if not usable:
        raise BadValue("--url", "an http or https URL with a host", url)
    return parts
