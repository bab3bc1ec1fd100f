"""The control path: look at a running mock, step its clock, switch faults, make it as new.

Off unless asked for. It takes JSON and nothing else, and no request of a web page, so that
no page that a browser happens to show can reach into a mock on the same machine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from conformance.errors import ConformanceError
from conformance.mock.clock import Clock, timestamp
from conformance.mock.faults import Faults
from conformance.mock.http import Answer, Receive, Refusal, Request, read_body
from conformance.mock.leniency import Leniency

PLACE = "/_mock"
"""Path of everything here."""


class Controlled(Protocol):
    """A mock that can be looked at and changed from outside."""

    clock: Clock
    faults: Faults
    leniency: Leniency

    @property
    def counts(self) -> Mapping[str, int]:
        """How many there are of what the mock keeps."""

    def step(self, seconds: float) -> None:
        """Move the clock on."""

    def reset(self) -> None:
        """Be as new."""


class Control:
    """Answers the requests of the control path."""

    def __init__(self, mock: Controlled) -> None:
        self._mock = mock
        self._routes: Mapping[tuple[str, str], Callable[[Mapping[str, Any]], None]] = {
            ("GET", PLACE): lambda _body: None,
            ("POST", f"{PLACE}/clock"): self._step,
            ("POST", f"{PLACE}/faults"): self._switch,
            ("POST", f"{PLACE}/reset"): lambda _body: mock.reset(),
        }

    async def answer(self, request: Request, receive: Receive) -> Answer:
        """Return the state of the mock, after what `request` asks for was done."""
        try:
            body = await read_body(receive)
            self._carry_out(request, body)
        except Refusal as refusal:
            return refusal.answer()
        except ConformanceError as problem:
            return Refusal(400, str(problem)).answer()
        return Answer(content=self._state())

    def _carry_out(self, request: Request, body: bytes) -> None:
        act = self._routes.get((request.method, request.path.rstrip("/")))
        if act is None:
            known = ", ".join(f"{method} {path}" for method, path in self._routes)
            raise Refusal(404, f"expected one of {known}")
        if b"origin" in request.headers:
            raise Refusal(403, "expected a request of a program, got one of a web page")
        act(_object(request, body) if request.method == "POST" else {})

    def _state(self) -> dict[str, Any]:
        mock = self._mock
        return {
            "clock": {"now": timestamp(mock.clock.now()), "speed": mock.clock.speed},
            "faults": list(mock.faults.names),
            **mock.counts,
            "let_pass": [asdict(each) for each in mock.leniency.report()],
        }

    def _step(self, body: Mapping[str, Any]) -> None:
        _only(body, "advance")
        seconds = body.get("advance")
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise Refusal(400, f"expected seconds as `advance`, got {seconds!r}")
        self._mock.step(seconds)

    def _switch(self, body: Mapping[str, Any]) -> None:
        _only(body, "on", "off")
        on, off = (_names(body, key) for key in ("on", "off"))
        known = Faults(on + off)  # refuses unknown names before anything is switched
        del known
        for name in on:
            self._mock.faults.switch_on(name)
        for name in off:
            self._mock.faults.switch_off(name)


def _object(request: Request, body: bytes) -> Mapping[str, Any]:
    if (request.media_type or "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "expected the media type application/json")
    try:
        found = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refusal(400, f"expected a JSON object: {error}") from error
    if not isinstance(found, dict):
        raise Refusal(400, f"expected a JSON object, got {type(found).__name__}")
    return found


def _only(body: Mapping[str, Any], *known: str) -> None:
    for name in body:
        if name not in known:
            raise Refusal(400, f"expected {' or '.join(known)}, got {name!r}")


def _names(body: Mapping[str, Any], key: str) -> list[str]:
    found = body.get(key, [])
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise Refusal(400, f"expected a list of names of faults as `{key}`, got {found!r}")
    return found
