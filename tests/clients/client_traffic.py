"""Serving the mock to a client, what the client really sent, and where that departs."""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs

from conformance import resources, spec
from conformance.mock import InstantClock, Running, ionq, running
from conformance.mock.http import Receive, Scope, Send, read_body
from conformance.model import Operation, Specification

_FOLDER = Path("ionq") / "v0.4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One request as it arrived, and the status that it was answered with."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    status: int


@dataclass(slots=True)
class Recorder:
    """An application that notes what it is asked, and before that fails as often as it is told.

    `refusals` maps a method and the end of a path to statuses; each of the next requests that
    fits is answered with the first of them left, and the rest reach the mock.
    """

    mock: ionq.IonqMock
    refusals: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    retry_after: str = ""
    sent: list[Sent] = field(default_factory=list)

    @property
    def base_path(self) -> str:
        """Path prefix of every operation."""
        return self.mock.base_path

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of every tenant."""
        return self.mock.keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note one request and have it served."""
        body = await read_body(receive)
        pending = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_again() -> Any:
            return pending.pop() if pending else await receive()

        async def note_and_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.sent.append(_noted(scope, body, message["status"]))
            await send(message)

        refused = self._refusal(scope["method"], scope["path"])
        if refused is None:
            await self.mock(scope, receive_again, note_and_send)
        else:
            await _refuse(note_and_send, refused, self.retry_after)

    def statuses(self, method: str, ending: str) -> list[int]:
        """Return how the requests with this method and end of path were answered, in order."""
        return [one.status for one in self.sent if _fits(one.method, one.path, method, ending)]

    def _refusal(self, method: str, path: str) -> int | None:
        for (wanted, ending), statuses in self.refusals.items():
            if statuses and _fits(method, path, wanted, ending):
                return statuses.pop(0)
        return None


def _fits(method: str, path: str, wanted: str, ending: str) -> bool:
    return method == wanted and path.endswith(ending)


def _noted(scope: Scope, body: bytes, status: int) -> Sent:
    headers = {name.decode("latin-1"): text.decode("latin-1") for name, text in scope["headers"]}
    query = tuple(parse_qsl(scope["query_string"].decode("latin-1")))
    return Sent(
        method=scope["method"],
        path=scope["path"],
        query=query,
        headers=headers,
        body=body,
        status=status,
    )


async def _refuse(send: Send, status: int, retry_after: str) -> None:
    body = {"statusCode": status, "error": "Not now", "message": "try again"}
    headers = [(b"content-type", b"application/json")]
    if retry_after:
        headers.append((b"retry-after", retry_after.encode("ascii")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode("ascii")})


@dataclass(frozen=True, slots=True)
class Service:
    """A mock that is being served to a client under test."""

    running: Running
    recorder: Recorder

    @property
    def url(self) -> str:
        """Base URL of the API."""
        return self.running.url

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of every tenant."""
        return self.running.keys


@contextlib.contextmanager
def serving(client: str, mock: ionq.IonqMock | None = None) -> Iterator[Service]:
    """Serve `mock` to one client; at the end, what it sent departs as is listed for it.

    The mock's own report of what its leniency let pass has to name exactly that.

    Args:
        client: Name and version of the client, as `tolerances.toml` has it.
        mock: What to serve; one in which a job has ended when it is first read, if left out.
    """
    recorder = Recorder(mock or ionq.app(seed=11, clock=InstantClock()))
    with running(recorder) as served:
        yield Service(served, recorder)
    found = departures(recorder.sent)
    assert found <= listed_for(client), f"{client} departs in a way that is not listed for it"
    assert {each.tolerance for each in recorder.mock.leniency.report()} == found


def listed_for(client: str) -> set[str]:
    """Return the ids of the departures that `tolerances.toml` lists for `client`."""
    return {each.id for each in spec.tolerances("ionq") if client in each.clients}


def departures(sent: Iterable[Sent]) -> set[str]:
    """Return the ids of the listed departures that some accepted request needed.

    A request departs by one of them when the document with all departures allows it, and the
    document with all but that one does not. The mock counts them by another way, as it goes.
    """
    found: set[str] = set()
    for one in sent:
        operation = _operation(one)
        if operation is not None and one.status < 400 and _allows("", one):
            found |= {
                each.id
                for each in spec.tolerances("ionq")
                if operation.id in each.operations and _needs(each, one)
            }
    return found


def undeclared_parameters(sent: Iterable[Sent]) -> set[str]:
    """Return the query parameters that not even the document with its tolerances declares."""
    return {
        f"{operation.id} {name}"
        for one in sent
        if (operation := _operation(one)) is not None
        for name, _ in one.query
        if name not in _schemas("", operation.id, "query")
    }


def _operation(one: Sent) -> Operation | None:
    matched = spec.match(_widened(""), one.method, one.path)
    return None if matched is None else matched[0]


def _needs(tolerance: spec.Tolerance, one: Sent) -> bool:
    if tolerance.kind != "transport":
        return not _allows(tolerance.id, one)
    if tolerance.id == "json-without-content-type":
        return bool(one.body) and "content-type" not in one.headers
    return bool(one.body)


@functools.cache
def _widened(without: str) -> Specification:
    """Return the document with every departure allowed but the one with this id."""
    source = resources.folder("specs") / _FOLDER
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / _FOLDER
        shutil.copytree(source, folder)
        listing = folder / "tolerances.toml"
        entries = listing.read_text("utf-8").split("[[tolerance]]")
        kept = [entry for entry in entries if f'\nid = "{without}"\n' not in entry]
        assert len(entries) - len(kept) == bool(without)
        listing.write_text("[[tolerance]]".join(kept), "utf-8")
        return spec.load_folder(folder, lenient=True)


def _allows(without: str, one: Sent) -> bool:
    """Return whether the document allows a request when one departure is not listed.

    A query parameter that no document declares is ignored, as HTTP services do.
    """
    matched = spec.match(_widened(without), one.method, one.path)
    if matched is None:
        return False
    operation, path = matched
    known = _schemas("", operation.id, "query")
    query = [(name, text) for name, text in one.query if name in known]
    return (
        _body_is_allowed(without, operation, one.body)
        and _are_allowed(_schemas(without, operation.id, "path"), path.items())
        and _are_allowed(_schemas(without, operation.id, "query"), query)
    )


@functools.cache
def _schemas(
    without: str, operation_id: str, location: str
) -> dict[str, jsonschema_rs.Draft202012Validator]:
    """Return what judges each parameter of an operation, or under `body` its body."""
    (operation,) = (each for each in _widened(without).operations if each.id == operation_id)
    schemas = {p.name: p.schema for p in operation.parameters if p.location == location}
    if location == "body":
        schemas = {"body": operation.body["application/json"]}
    return {name: jsonschema_rs.Draft202012Validator(dict(schemas[name])) for name in schemas}


def _body_is_allowed(without: str, operation: Operation, body: bytes) -> bool:
    if not operation.body:
        return True
    try:
        value = json.loads(body)
    except ValueError:
        return False
    return _schemas(without, operation.id, "body")["body"].is_valid(value)


def _are_allowed(
    schemas: Mapping[str, jsonschema_rs.Draft202012Validator], values: Iterable[tuple[str, str]]
) -> bool:
    return all(
        name in schemas and any(schemas[name].is_valid(each) for each in _read(text))
        for name, text in values
    )


def _read(text: str) -> Iterator[Any]:
    """Yield what the text of a parameter may mean."""
    yield text
    yield [text]
    with contextlib.suppress(ValueError):
        yield json.loads(text)
