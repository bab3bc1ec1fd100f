"""The proxy that a request goes through, as users of requests and httpx know it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from conformance.errors import BadValue


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy of the environment; `url` is without user and password."""

    url: str
    user: str = ""
    password: str = ""

    @property
    def auth(self) -> tuple[str, str] | None:
        """User and password, if it has some."""
        return (self.user, self.password) if self.user or self.password else None


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy for `url`, of HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.

    Call it for other machines only: the loopback address of a proxy is not ours.

    Raises:
        BadValue: A variable names a proxy that is no http or https URL.
    """
    from requests.utils import get_environ_proxies, select_proxy

    named = select_proxy(url, get_environ_proxies(url, no_proxy=None))
    if not named:
        return None
    parts = urlsplit(named if "://" in named else f"http://{named}")
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        shown = parts._replace(netloc=host).geturl()
        repair = "Set HTTPS_PROXY, or NO_PROXY for hosts that need none."
        raise BadValue("proxy of the environment", "an http or https URL", shown, repair)
    return Proxy(
        url=f"{parts.scheme}://{host}",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
