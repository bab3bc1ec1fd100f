"""Several providers on one port: each answers under the path of the real service."""

from __future__ import annotations

from collections.abc import Mapping

from conformance.mock.http import AsgiApp, Receive, Scope, Send, live_and_die

_NOTHING = b'{"message":"no provider answers under this path"}'


class Together:
    """An application that hands each request to the one whose path it begins with."""

    base_path = ""

    def __init__(self, apps: Mapping[str, AsgiApp], keys: tuple[str, ...]) -> None:
        """Hand over.

        Args:
            apps: Path prefix, `/v0.4` for one, to the application that answers under it.
            keys: Every key that one of them accepts.
        """
        self._apps = dict(apps)
        self.keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await live_and_die(receive, send)
            return
        path = scope["path"]
        for prefix, app in self._apps.items():
            if path == prefix or path.startswith(f"{prefix}/"):
                await app(scope, receive, send)
                return
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": _NOTHING})
