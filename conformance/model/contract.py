"""What a document promises: operations, their parameters, bodies and responses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Schema = Mapping[str, Any]
"""A self-contained JSON Schema, draft 2020-12: every `$ref` points into its own `$defs`."""

Location = Literal["path", "query", "header", "cookie"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A named value that travels in the path, the query or a header of a request."""

    name: str
    location: Location
    required: bool
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredResponse:
    """What an operation promises to answer under one status key (`200`, `4XX`, `default`)."""

    status: str
    content: Mapping[str, Schema] = field(default_factory=dict)
    """Media type to schema; empty when the document describes no body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method and a path template of the document."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...] = ()
    body: Mapping[str, Schema] = field(default_factory=dict)
    """Media type to schema of the request body; empty when there is none."""
    body_required: bool = False
    responses: Mapping[str, DeclaredResponse] = field(default_factory=dict)
    authenticated: bool = True
    pointer: str = ""
    """Where the document describes it: `specs/...yaml#/paths/~1jobs/post`."""

    def declared(self, status: int) -> DeclaredResponse | None:
        """Return the promise for `status`: its own key first, then its class, then `default`."""
        code = str(status)
        for key in (code, f"{code[0]}XX", "default"):
            if key in self.responses:
                return self.responses[key]
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A further document that binds part of a response body.

    `place` is a JSON pointer pattern in which `*` stands for every element; the empty
    pattern is the body itself.
    """

    document: str
    operation: str
    status: str
    place: str
    schema: Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Specification:
    """A provider's document, its overlay applied, in the one form the harness works with."""

    provider: str
    version: str
    title: str
    base_path: str
    """Path prefix of every operation on the service: `/v0.4`."""
    operations: tuple[Operation, ...]
    bindings: tuple[Binding, ...]
    document: Mapping[str, Any]
    """The OpenAPI document itself after the overlay (and tolerances, if they were asked for)."""
    source: str
    digest: str
    """SHA-256 of document and overlay, hexadecimal."""

    def operation(self, wanted: str) -> Operation:
        """Return the operation with this id; raise `KeyError` when there is none."""
        for operation in self.operations:
            if operation.id == wanted:
                return operation
        raise KeyError(wanted)

    def bindings_for(self, operation: str, status: int) -> tuple[Binding, ...]:
        """Return the further documents that bind a response of `operation` with `status`."""
        return tuple(
            b for b in self.bindings if b.operation == operation and b.status == str(status)
        )
