"""A document as the gate sees it: operations by what goes over the wire, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from conformance.errors import UnreadableDocument
from conformance.gate.routing import Routes
from conformance.spec import pointers

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}
_SILENT = {"charset", "boundary", "q"}
"""Parameters of media types that choose no format."""
LOCATIONS = tuple(STYLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Something that a document describes, and where."""

    raw: Mapping[str, Any]
    pointer: str

    def flag(self, name: str) -> bool:
        """Whether the part says `name: true`."""
        return self.raw.get(name) is True


@dataclass(frozen=True, slots=True, kw_only=True)
class Param(Part):
    """A parameter, or a header of a response."""

    name: str
    location: str
    required: bool
    schema: Any
    schema_pointer: str
    media: str = ""
    """Media type of a parameter that is described by `content`."""

    @property
    def style(self) -> tuple[str, bool]:
        """How values become text: style and explode, with the defaults of OpenAPI."""
        style = str(self.raw.get("style") or STYLES.get(self.location, "simple"))
        explode = self.raw.get("explode")
        return style, style == "form" if explode is None else explode is True


@dataclass(frozen=True, slots=True, kw_only=True)
class Media(Part):
    """A body in one media type."""

    name: str
    schema: Any
    schema_pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body(Part):
    """The body of a request."""

    required: bool
    content: Mapping[str, Media]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Part):
    """A response under one status key."""

    status: str
    content: Mapping[str, Media]
    headers: Mapping[str, Param]


Credentials = frozenset[tuple[str, frozenset[str]]]
"""What a request must carry at once: each a scheme in words, and its scopes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Op(Part):
    """An operation."""

    method: str
    path: str
    params: tuple[Param, ...] = ()
    body: Body | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    security: tuple[Credentials, ...] = ()
    """Alternatives, each enough; an empty one lets everybody in."""
    security_pointer: str = ""
    calls: Mapping[str, Call] = field(default_factory=dict)
    """What the service sends on behalf of the operation, by a name."""

    @property
    def key(self) -> tuple[str, str]:
        """Method and path with nameless parameters: what a request is routed by."""
        return self.method, nameless(self.path)

    @property
    def shown(self) -> str:
        """Method and path for people."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that the service sends: one of a callback, or a webhook."""

    op: Op


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """A document and its operations."""

    document: Mapping[str, Any]
    source: str
    operations: tuple[Op, ...]
    servers: tuple[str, ...]
    """URLs with variables at their defaults and no last slash."""
    webhooks: Mapping[str, Call] = field(default_factory=dict)

    routes: Mapping[str, Routes[Op]] = field(default_factory=dict, compare=False, repr=False)
    """Operations of each method by their paths."""

    @property
    def prefix(self) -> str:
        """Path of the first server."""
        return urlsplit(self.servers[0]).path.rstrip("/") if self.servers else ""


def nameless(path: str) -> str:
    """Return a path template without the names of its parameters."""
    return re.sub(r"\{[^}]*\}", "{}", path).rstrip("/") or "/"


def read_api(document: Mapping[str, Any], source: str) -> Api:
    """Return the operations of a document.

    Raises:
        UnreadableDocument: A reference leads nowhere, or a part is not what it should be.
    """
    reader = _Reader(document, source)
    try:
        operations = tuple(reader.operations())
        servers = tuple(_server(entry) for entry in document.get("servers") or ())
        webhooks = dict(reader.calls("webhook", document.get("webhooks") or {}, "/webhooks"))
    except (AttributeError, TypeError, KeyError, ValueError) as problem:
        seen = f"one that is not ({type(problem).__name__}: {problem})"
        raise UnreadableDocument(source, "a well-formed OpenAPI document", seen) from problem
    routes = {
        method: Routes((op.path, op) for op in operations if op.method == method)
        for method in {op.method for op in operations}
    }
    return Api(
        document=document,
        source=source,
        operations=operations,
        servers=servers,
        webhooks=webhooks,
        routes=routes,
    )


def _server(entry: Mapping[str, Any]) -> str:
    url = str(entry.get("url", ""))
    for name, variable in (entry.get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return url.rstrip("/")


@dataclass(slots=True)
class _Reader:
    document: Mapping[str, Any]
    source: str

    def operations(self) -> Iterator[Op]:
        """Yield every operation in the order of the document."""
        for path, described in (self.document.get("paths") or {}).items():
            if path.startswith("x-"):
                continue
            item, at = self.follow(described, pointers.join(["paths", path]))
            for method in METHODS:
                if method in item:
                    op = self._operation(path, method, Part(raw=item, pointer=at))
                    yield replace(op, calls=dict(self._callbacks(op)))

    def _callbacks(self, op: Op) -> Iterator[tuple[str, Call]]:
        for name, entry in (op.raw.get("callbacks") or {}).items():
            described, at = self.follow(entry, f"{op.pointer}/callbacks/{pointers.escape(name)}")
            yield from self.calls(f"{op.shown} callback {name}", described, at)

    def calls(self, name: str, described: Any, at: str) -> Iterator[tuple[str, Call]]:
        """Yield the requests of a callback, or the webhooks, by a name."""
        for address, entry in described.items():
            if address.startswith("x-"):
                continue
            item, place = self.follow(entry, f"{at}/{pointers.escape(address)}")
            for method in METHODS:
                if method in item:
                    op = self._operation(address, method, Part(raw=item, pointer=place))
                    yield f"{name} {address} {method.upper()}", Call(op=op)

    def _operation(self, path: str, method: str, item: Part) -> Op:
        at = f"{item.pointer}/{method}"
        raw = item.raw[method]
        own = "security" in raw
        return Op(
            raw=raw,
            pointer=at,
            method=method.upper(),
            path=path,
            params=tuple(self._params(item, Part(raw=raw, pointer=at))),
            body=self._body(raw["requestBody"], f"{at}/requestBody")
            if "requestBody" in raw
            else None,
            answers=dict(self._answers(raw.get("responses") or {}, f"{at}/responses")),
            security=tuple(self._security(raw if own else self.document)),
            security_pointer=f"{at}/security" if own else at,
        )

    def _params(self, item: Part, operation: Part) -> Iterator[Param]:
        chosen: dict[tuple[str, str], Param] = {}
        for part in (item, operation):
            for index, entry in enumerate(part.raw.get("parameters") or ()):
                raw, at = self.follow(entry, f"{part.pointer}/parameters/{index}")
                where = str(raw["in"])
                name = str(raw["name"])
                if where in LOCATIONS:
                    key = where, name.lower() if where == "header" else name
                    chosen[key] = self._param(name, where, raw, at)
        yield from chosen.values()

    def _param(self, name: str, where: str, raw: Mapping[str, Any], at: str) -> Param:
        media = next(iter(raw.get("content") or {}), "")
        schema, place = raw.get("schema", {}), f"{at}/schema"
        if media:
            schema = (raw["content"][media] or {}).get("schema", {})
            place = f"{at}{pointers.join(['content', media, 'schema'])}"
        return Param(
            raw=raw,
            pointer=at,
            name=name,
            location=where,
            required=raw.get("required") is True or where == "path",
            schema=schema,
            schema_pointer=place,
            media=media,
        )

    def _body(self, entry: Any, place: str) -> Body:
        raw, at = self.follow(entry, place)
        required = raw.get("required") is True
        return Body(raw=raw, pointer=at, required=required, content=self._content(raw, at))

    def _content(self, raw: Mapping[str, Any], at: str) -> dict[str, Media]:
        found = {}
        for name, described in (raw.get("content") or {}).items():
            place = f"{at}{pointers.join(['content', name])}"
            media = described or {}
            found[media_key(name)] = Media(
                raw=media,
                pointer=place,
                name=name,
                schema=media.get("schema", {}),
                schema_pointer=f"{place}/schema",
            )
        return found

    def _answers(self, raw: Mapping[str, Any], at: str) -> Iterator[tuple[str, Answer]]:
        for key, entry in raw.items():
            if key.startswith("x-"):
                continue
            status = key if key == "default" else key.upper()
            described, place = self.follow(entry, f"{at}/{pointers.escape(key)}")
            headers = {
                name.lower(): self._header(name, header, f"{place}/headers/{pointers.escape(name)}")
                for name, header in (described.get("headers") or {}).items()
                if name.lower() != "content-type"
            }
            yield (
                status,
                Answer(
                    raw=described,
                    pointer=place,
                    status=status,
                    content=self._content(described, place),
                    headers=headers,
                ),
            )

    def _header(self, name: str, entry: Any, place: str) -> Param:
        raw, at = self.follow(entry, place)
        return self._param(name, "header", raw, at)

    def _security(self, holder: Mapping[str, Any]) -> Iterator[Credentials]:
        listed = holder.get("security") or [{}]
        known = (self.document.get("components") or {}).get("securitySchemes") or {}
        for alternative in listed:
            yield frozenset(
                (self._scheme(name, known), frozenset(scopes or ()))
                for name, scopes in alternative.items()
            )

    def _scheme(self, name: str, known: Mapping[str, Any]) -> str:
        """Return a scheme by what a request carries, not by its name."""
        raw, _ = self.follow(known.get(name) or {}, "")
        kind = raw.get("type")
        if kind == "apiKey":
            where = str(raw.get("in"))
            field_ = str(raw.get("name"))
            return f"key in {where} {field_.lower() if where == 'header' else field_}"
        if kind == "http":
            return f"http {str(raw.get('scheme')).lower()}"
        if kind in {"oauth2", "openIdConnect", "mutualTLS"}:
            return str(kind)
        return f"undefined scheme {name}"

    def follow(self, value: Any, place: str) -> tuple[Any, str]:
        """Return what a reference leads to, and where that stands."""
        seen: set[str] = set()
        while isinstance(value, Mapping) and "$ref" in value:
            reference = value["$ref"]
            if not isinstance(reference, str) or not reference.startswith("#"):
                expected = "references into the document"
                raise UnreadableDocument(
                    self.source, expected, f"$ref: {reference}", "Bundle it, or allow it."
                )
            if reference in seen:
                seen_ = f"$ref: {reference}, which leads to itself"
                raise UnreadableDocument(self.source, "references that lead somewhere", seen_)
            seen.add(reference)
            try:
                value, place = pointers.find(self.document, reference), reference[1:]
            except KeyError:
                seen_ = f"$ref: {reference}"
                raise UnreadableDocument(
                    self.source, "references that lead somewhere", seen_
                ) from None
        return value, place


def media_key(name: str) -> str:
    """Return a media type in lower case, with the parameters that choose a format, in order."""
    kind, *rest = (part.strip() for part in name.split(";"))
    said = [part.replace('"', "") for part in rest if part]
    chosen = [part for part in said if part.partition("=")[0].strip().lower() not in _SILENT]
    return ";".join([kind.lower(), *sorted(chosen)])


def media_for(content: Mapping[str, Media], name: str) -> Media | None:
    """Return what is said of a media type: by its name, without its parameters, or by a range.

    A name without parameters is also said by one that has some: who asks for any, takes it.
    """
    if name in content:
        return content[name]
    plain = name.partition(";")[0]
    if plain == name:
        for key, media in content.items():
            if key.partition(";")[0] == name:
                return media
    for key in (plain, f"{plain.partition('/')[0]}/*", "*/*"):
        if key in content:
            return content[key]
    return None
