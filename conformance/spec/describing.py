"""A document to its operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args
from urllib.parse import urlsplit

from conformance.errors import UnreadableDocument
from conformance.model import DeclaredResponse, Location, Operation, Parameter, Schema
from conformance.spec import pointers
from conformance.spec.conversion import Converter, Direction

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Locate = Callable[[str, str], str]
"""From path and method to the place that describes the operation."""


def operations_of(
    document: Mapping[str, Any], source: str, locate: Locate
) -> tuple[Operation, ...]:
    """Return the operations of a document in its order.

    An operation without `operationId` is called by its method and path.

    Raises:
        UnreadableDocument: A reference leads nowhere, or a part is no object.
    """
    reader = _Reader(document, source, locate)
    try:
        return tuple(reader.operations())
    except (AttributeError, TypeError, KeyError) as problem:
        seen = f"one that is not ({problem})"
        raise UnreadableDocument(source, "a well-formed OpenAPI document", seen) from problem


def base_path_of(document: Mapping[str, Any]) -> str:
    """Return the path of the first server without its last slash; empty when there is none."""
    servers = document.get("servers") or [{}]
    first = servers[0] if isinstance(servers, list) and isinstance(servers[0], dict) else {}
    url = str(first.get("url", ""))
    for name, variable in (first.get("variables") or {}).items():
        url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
    return urlsplit(url).path.rstrip("/")


class _Reader:
    def __init__(self, document: Mapping[str, Any], source: str, locate: Locate) -> None:
        self._document = document
        self._source = source
        self._locate = locate
        self._converter = Converter(document, source)

    def operations(self) -> Iterator[Operation]:
        """Yield every operation."""
        for path, item in (self._document.get("paths") or {}).items():
            whole = self._follow(item)
            for method, described in whole.items():
                if method in METHODS:
                    yield self._operation(path, method, described, whole)

    def _operation(
        self, path: str, method: str, described: Mapping[str, Any], item: Mapping[str, Any]
    ) -> Operation:
        body = self._follow(described.get("requestBody") or {})
        return Operation(
            id=described.get("operationId") or f"{method.upper()} {path}",
            method=method.upper(),
            path=path,
            parameters=tuple(self._parameters(item, described)),
            body=self._content(body, "request"),
            body_required=body.get("required", False),
            responses=self._responses(described),
            authenticated=_needs_key(described.get("security", self._document.get("security"))),
            pointer=self._locate(path, method),
        )

    def _parameters(
        self, item: Mapping[str, Any], described: Mapping[str, Any]
    ) -> Iterator[Parameter]:
        chosen: dict[tuple[str, str], Mapping[str, Any]] = {}
        for reference in [*item.get("parameters", ()), *described.get("parameters", ())]:
            parameter = self._follow(reference)
            chosen[parameter["in"], parameter["name"]] = parameter
        for (location, name), parameter in chosen.items():
            if location in get_args(Location):
                yield Parameter(
                    name=name,
                    location=location,  # type: ignore[arg-type]  # just compared with all of them
                    required=parameter.get("required", False),
                    schema=self._parameter_schema(parameter),
                )

    def _parameter_schema(self, parameter: Mapping[str, Any]) -> Schema:
        for content in (parameter.get("content") or {}).values():
            return self._converter.convert(content.get("schema", {}), "request")
        return self._converter.convert(parameter.get("schema", {}), "request")

    def _responses(self, described: Mapping[str, Any]) -> dict[str, DeclaredResponse]:
        responses = {}
        for status, reference in (described.get("responses") or {}).items():
            if not status.startswith("x-"):
                content = self._content(self._follow(reference), "response")
                key = status.upper() if status != "default" else status
                responses[key] = DeclaredResponse(status=key, content=content)
        return responses

    def _content(self, holder: Mapping[str, Any], direction: Direction) -> dict[str, Schema]:
        return {
            media: self._converter.convert((described or {}).get("schema", {}), direction)
            for media, described in (holder.get("content") or {}).items()
        }

    def _follow(self, value: Any) -> Any:
        """Return `value`, or what its `$ref` leads to."""
        seen: set[str] = set()
        while isinstance(value, dict) and "$ref" in value:
            if value["$ref"] in seen:
                raise UnreadableDocument(
                    self._source, "references that lead somewhere", f"$ref: {value['$ref']}"
                )
            seen.add(value["$ref"])
            value = self._converter.resolve(value["$ref"])
        return value


def _needs_key(security: Any) -> bool:
    """Whether no listed alternative is the empty one, which lets everybody in."""
    return bool(security) and all(security)


def path_pointer(path: str, method: str) -> str:
    """Return the pointer of an operation in its document."""
    return pointers.join(["paths", path, method])
