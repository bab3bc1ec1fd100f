"""From a document alone to a first table of things: what a person would write down first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.model import Operation, Schema, Specification
from conformance.providers.sampling import sample

_JSON = re.compile(r"application/([\w.-]+\+)?json")


@dataclass(frozen=True, slots=True)
class Named:
    """In a body: the id of a thing."""

    thing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """A kind of thing, as the paths of the document suggest it."""

    name: str
    path: str
    create: str = ""
    listing: str = ""
    member: str = ""
    field: str = "id"
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a document suggests about its API."""

    things: tuple[Guessed, ...]
    bodies: Mapping[str, Any] = field(default_factory=dict)
    """Operation to a body, with `Named` where an id goes."""
    unsure: tuple[str, ...] = ()
    """Operations that may refuse these calls, for all that the document says."""
    probe: str = ""
    roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """`job` and `session` to operations by the names of the facts that they may be."""


def guess(contract: Specification) -> Guess:
    """Return what the operations of `contract` suggest."""
    found = tuple(_things(contract.operations))
    bodies: dict[str, Any] = {}
    things = {thing.name: thing for thing in found}
    for operation in contract.operations:
        if not any(map(_JSON.fullmatch, operation.body)):
            continue
        body = _example(contract, operation)
        maker = next((t for t in things.values() if t.create == operation.id), None)
        if maker is not None and isinstance(body, dict):
            body, needs = _with_ids(body, maker, things)
            things[maker.name] = replace(maker, needs=needs)
        bodies[operation.id] = body
    return Guess(
        things=tuple(things.values()),
        bodies=bodies,
        unsure=tuple(o.id for o in contract.operations if o.method != "GET" or _is_part(o.path)),
        probe=_probe(contract.operations),
        roles={name: _roles(name, found, contract.operations) for name in ("job", "session")},
    )


def _is_part(path: str) -> bool:
    """Whether a path goes on after an id: results, for one, which come with time."""
    return bool(path.partition("}")[2].strip("/"))


def _things(operations: tuple[Operation, ...]) -> Iterator[Guessed]:
    starts = dict.fromkeys(o.path.partition("/{")[0] for o in operations if "/{" in o.path)
    used: set[str] = set()
    for start in starts:
        item = next(o.path for o in operations if o.path.startswith(f"{start}/{{"))
        parameter = item.partition("/{")[2].partition("}")[0]
        name = _singular(start.rpartition("/")[2]) or parameter
        while name in used:
            name = f"another {name}"
        used.add(name)
        yield _thing(name, start, parameter, operations)


def _thing(name: str, start: str, parameter: str, operations: tuple[Operation, ...]) -> Guessed:
    here = {o.method: o for o in operations if o.path.rstrip("/") == start}
    made, listed = here.get("POST"), here.get("GET")
    entry = _answer(made) if made else {}
    member = ""
    if listed and not made:
        member, entry = _entries(_answer(listed))
    known = entry.get("properties", {})
    names = (parameter, "id", f"{name}_id", "uuid", "name")
    return Guessed(
        name=name,
        path=start,
        create=made.id if made else "",
        listing=listed.id if listed and not made else "",
        member=member,
        field=next((each for each in names if each in known), "id"),
    )


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _answer(operation: Operation) -> dict[str, Any]:
    """Return the schema of the first success, references at its top followed."""
    for status, response in operation.responses.items():
        for media, schema in response.content.items():
            if status.startswith("2") and _JSON.fullmatch(media):
                return _followed(schema, schema)
    return {}


def _followed(schema: Any, whole: Schema) -> dict[str, Any]:
    for _ in range(len(whole.get("$defs", {})) + 1):
        if not isinstance(schema, Mapping) or "$ref" not in schema:
            break
        schema = whole["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    named = {"$defs": whole["$defs"]} if "$defs" in whole else {}
    return {**schema, **named} if isinstance(schema, Mapping) else {}


def _entries(schema: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the member of a list's answer that holds its entries, and the schema of one."""
    if "items" in schema:
        return "", _followed(schema["items"], schema)
    for name, described in schema.get("properties", {}).items():
        inner = _followed(described, schema)
        if "items" in inner:
            return name, _followed(inner["items"], schema)
    return "", {}


def _example(contract: Specification, operation: Operation) -> Any:
    """Return the document's own example of a body, or a sample of its schema."""
    media = next(name for name in operation.body if _JSON.fullmatch(name))
    item = contract.document["paths"].get(operation.path, {})
    described = item.get(operation.method.lower(), {}).get("requestBody", {})
    content = described.get("content", {}).get(media) or {}
    if "example" in content:
        return content["example"]
    for example in (content.get("examples") or {}).values():
        if isinstance(example, dict) and "value" in example:
            return example["value"]
    return sample(operation.body[media])


def _with_ids(
    body: dict[str, Any], maker: Guessed, things: Mapping[str, Guessed]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Put ids of things where members of `body` are called after them."""
    needs: dict[str, None] = {}
    filled = dict(body)
    for member, value in body.items():
        name = member.removesuffix("_id").removesuffix("Id")
        thing = things.get(name)
        if thing is None or not isinstance(value, str) or maker.name in _all_needs(name, things):
            continue
        if thing.create or thing.listing:
            filled[member] = Named(name)
            needs[name] = None
    return filled, tuple(needs)


def _all_needs(name: str, things: Mapping[str, Guessed]) -> set[str]:
    """Return the thing `name` with all that must be there before it."""
    found, todo = set[str](), [name]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += things[one].needs
    return found


def _probe(operations: tuple[Operation, ...]) -> str:
    """Return the operation that is easiest to call: a read that needs nothing, best without key."""
    needy = [o for o in operations if o.method != "GET" or "{" in o.path]
    demanding = [o for o in operations if any(p.required for p in o.parameters)]
    plain = [o for o in operations if o not in needy and o not in demanding]
    ordered = sorted(plain, key=lambda o: o.authenticated) or [*operations]
    return ordered[0].id


def _roles(
    name: str, things: tuple[Guessed, ...], operations: tuple[Operation, ...]
) -> dict[str, str]:
    """Return which operations may be those by which the thing `name` is made, read and ended."""
    thing = next((thing for thing in things if thing.name == name), None)
    if thing is None:
        return {}
    roles: dict[str, str] = {}
    for operation in operations:
        start, brace, rest = operation.path.partition("/{")
        if start.rstrip("/") != thing.path:
            continue
        parameter, _, tail = rest.partition("}")
        if not brace:
            role = {"POST": "create", "GET": "listing"}.get(operation.method, "")
        elif not tail.strip("/"):
            methods = {"GET": "read", "DELETE": "delete", "PATCH": "change", "PUT": "change"}
            role = methods.get(operation.method, "")
            roles["id_parameter"] = parameter
        else:
            role = _role_of(tail)
        if role:
            roles.setdefault(role, operation.id)
    return roles


def _role_of(tail: str) -> str:
    words = {"cancel": "cancel", "result": "results", "end": "end", "terminate": "end"}
    words |= {"close": "end", "stop": "end", "jobs": "jobs"}
    return next((role for word, role in words.items() if word in tail.lower()), "")
