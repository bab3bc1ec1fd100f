"""What a client sends and reads: bodies on their way out, and answers that note what is asked."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from conformance import spec
from conformance.gate.hints import said

Seen = dict[str, set[str]]
"""Operation, as method and path, to places of its body."""


class Noting(dict[str, Any]):
    """An object that notes which of its members somebody asks for."""

    def __init__(self, value: dict[str, Any], place: str, asked: set[str]) -> None:
        super().__init__({k: noting(v, _join(place, k), asked) for k, v in value.items()})
        self._place, self._asked = place, asked

    def __getitem__(self, key: str) -> Any:
        self._asked.add(_join(self._place, key))
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._asked.add(_join(self._place, str(key)))
        return super().__contains__(key)

    def __copy__(self) -> Noting:
        made = Noting({}, self._place, self._asked)
        made.update(self)
        return made

    copy = __copy__

    def get(self, key: str, default: Any = None) -> Any:
        """Return a member, noted."""
        self._asked.add(_join(self._place, key))
        return super().get(key, default)

    def pop(self, key: str, *default: Any) -> Any:
        """Take a member out, noted."""
        self._asked.add(_join(self._place, key))
        return super().pop(key, *default)


def noting(value: Any, place: str, asked: set[str]) -> Any:
    """Return a value whose objects note what is asked of them."""
    if isinstance(value, dict):
        return Noting(value, place, asked)
    if isinstance(value, list):
        return [noting(part, _join(place, "*"), asked) for part in value]
    return value


def _join(place: str, step: str) -> str:
    return f"{place}/{step}" if place else step


def places(value: Any, place: str = "") -> Iterator[str]:
    """Yield every place of a value."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield _join(place, key)
            yield from places(part, _join(place, key))
    elif isinstance(value, list):
        for part in value:
            yield from places(part, _join(place, "*"))


def without(value: Any, place: str) -> Any:
    """Return a value without what stands at a place."""
    step, _, rest = place.partition("/")
    if isinstance(value, list):
        return [without(part, rest) for part in value]
    if not isinstance(value, dict) or step not in value:
        return value
    if not rest:
        return {k: v for k, v in value.items() if k != step}
    return {**value, step: without(value[step], rest)}


def taken(answer: Any, make: Callable[[Any], Any]) -> set[str]:
    """Return the places of an answer without which a client's model of it is another, or none."""
    whole = _model(answer, make)
    return {p for p in set(places(answer)) if _model(without(answer, p), make) != whole}


def _model(answer: Any, make: Callable[[Any], Any]) -> Any:
    try:
        return make(copy.deepcopy(answer))
    except Exception as problem:  # noqa: BLE001  # whatever the client raises is what is measured
        return type(problem)


@dataclass(slots=True, kw_only=True)
class Watch:
    """What was seen of one client of one provider."""

    provider: str
    base_path: str
    sent: Seen = field(default_factory=Seen)
    read: Seen = field(default_factory=Seen)

    def operation(self, method: str, url: str) -> str:
        """Return method and path template of a request, or nothing."""
        path = "/" + url.split("://", 1)[-1].partition("/")[2]
        if not path.startswith(f"{self.base_path}/"):
            return ""
        found = spec.match(spec.load(self.provider), method, path.removeprefix(self.base_path))
        return f"{method} {found[0].path}" if found else ""

    def sends(self, operation: str, body: bytes | str | None) -> None:
        """Note the places of a body that is sent."""
        if body and operation:
            self.sent.setdefault(operation, set()).update(places(json.loads(body)))

    def described(self, operation: str, direction: str) -> set[str]:
        """Return the places that the document describes, so that free maps are left out."""
        document = spec.load(self.provider).document
        method, path = operation.split(" ")
        raw = document["paths"][path][method.lower()]
        answers = list(raw["responses"].values())
        found: set[str] = set()
        for holder in [raw.get("requestBody", {})] if direction == "request" else answers:
            whole = spec.pointers.find(document, holder["$ref"]) if "$ref" in holder else holder
            for media in whole.get("content", {}).values():
                steps = said(document, media.get("schema", {}), "")
                found |= {"/".join(path_) for path_ in steps if path_}
        return found

    def table(self, name: str) -> Iterator[str]:
        """Yield the lines of a table of clients: what is sent and read of what is described."""
        for operation in sorted({*self.sent, *self.read} - {""}):
            sends = sorted(self.sent.get(operation, set()) & self.described(operation, "request"))
            reads = sorted(self.read.get(operation, set()) & self.described(operation, "response"))
            if sends or reads:
                yield f'\n[[client]]\nname = "{name}"\noperation = "{operation}"'
                yield f"sends = {json.dumps(sends)}\nreads = {json.dumps(reads)}"


@contextmanager
def requests_watched(watch: Watch) -> Iterator[None]:
    """Watch what goes through the library requests."""
    import requests

    plain_json, plain_send = requests.Response.json, requests.Session.send

    def noted_json(self: Any, **options: Any) -> Any:
        operation = watch.operation(str(self.request.method), str(self.request.url))
        asked = watch.read.setdefault(operation, set())
        return noting(plain_json(self, **options), "", asked)

    def noted_send(self: Any, request: Any, **options: Any) -> Any:
        watch.sends(watch.operation(str(request.method), str(request.url)), request.body)
        return plain_send(self, request, **options)

    requests.Response.json, requests.Session.send = noted_json, noted_send  # type: ignore[method-assign]  # for this run
    try:
        yield
    finally:
        requests.Response.json, requests.Session.send = plain_json, plain_send  # type: ignore[method-assign]  # as it was
