"""Parameters of requests: there or not, required or not, and how their text is read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from conformance.gate import lifetime
from conformance.gate.api import Op, Param
from conformance.gate.bodies import Pair
from conformance.gate.changes import Change, Verdict, Witness
from conformance.gate.messages import request
from conformance.gate.wire import encoded

if TYPE_CHECKING:
    from conformance.gate.comparing import Comparer

_Key = tuple[str, str]


def compare(comparer: Comparer, one: Op, other: Op) -> Iterator[Change]:
    """Yield what changed of the parameters of an operation; path parameters go by position."""
    was, now = _by_key(one), _by_key(other)
    for key, param in was.items():
        if key in now:
            yield from _changed(comparer, one, other, param, now[key])
        elif param.location != "path":
            yield comparer.change(
                "parameter-removed", one, "request", _where(param),
                "required" if param.required else "described", "not described", param.pointer,
                gone=True, convention="removed-parameter",
            )  # fmt: skip
    for key, param in now.items():
        if key not in was and param.location != "path":
            yield _added(comparer, one, param)


def _by_key(op: Op) -> dict[_Key, Param]:
    order = {name: str(i) for i, name in enumerate(re.findall(r"\{([^}]*)\}", op.path))}
    found = {}
    for param in op.params:
        name = param.name.lower() if param.location == "header" else param.name
        if param.location == "path":
            name = order.get(param.name, param.name)
        found[param.location, name] = param
    return found


def _where(param: Param) -> str:
    return f"request.{param.location}/{param.name}"


def _added(comparer: Comparer, one: Op, param: Param) -> Change:
    if not param.required:
        return comparer.change(
            "parameter-added", one, "request", _where(param), "not described", "optional",
            param.pointer, convention="additions",
        )  # fmt: skip
    return _demanded(comparer, one, param, "parameter-added", "not described", param.pointer)


def _demanded(
    comparer: Comparer, one: Op, param: Param, rule: str, before: str, pointer: str
) -> Change:
    """Return the change by which a request without the parameter is refused."""
    reason = f"{_where(param)}: was {before}, is required"
    message = request(comparer.schemas, one)
    witness = Witness(kind="request", message=message, accepted_by="base", reason=reason)
    kind = isinstance(param.schema, Mapping) and "default" in param.schema
    convention = "required-with-default" if kind else ""
    verdict = comparer.game.of(convention) if kind else Verdict.BREAKING
    return Change(
        rule=rule,
        verdict=verdict,
        operation=one.shown,
        direction="request",
        where=_where(param),
        before=before,
        after="required",
        pointer=pointer,
        witness=witness,
        convention=convention,
    )


def _changed(comparer: Comparer, one: Op, other: Op, param: Param, now: Param) -> Iterator[Change]:
    where = _where(param)
    if param.location == "path" and param.name != now.name:
        yield comparer.change(
            "path-parameter-name", one, "none", where, param.name, now.name,
            now.pointer, convention="names",
        )  # fmt: skip
    if not param.required and now.required:
        pointer = f"{now.pointer}/required"
        yield _demanded(comparer, one, now, "parameter-required", "optional", pointer)
    elif param.required and not now.required:
        yield comparer.change(
            "parameter-optional", one, "request", where, "required", "optional", now.pointer,
            convention="additions",
        )  # fmt: skip
    yield from _decoding(comparer, one, param, now)
    pair = Pair(
        base=param.schema,
        head=now.schema,
        base_pointer=param.schema_pointer,
        head_pointer=now.schema_pointer,
        direction="request",
        wire=not param.media,
    )
    yield from comparer.schema(one, pair, where, param=(param.location, param.name))
    yield from lifetime.announced(
        param, now, comparer.game, comparer.today, op=one, where=where, direction="request"
    )


def _decoding(comparer: Comparer, one: Op, param: Param, now: Param) -> Iterator[Change]:
    """Yield that a value is written in another way, shown by a value for which it is."""
    if (param.style, param.media) == (now.style, now.media):
        return
    for value in comparer.schemas.examples("base", param.schema):
        before, after = _written(param, value), _written(now, value, name=param.name)
        if before != after:
            break
    else:
        return
    was, then = _manner(param), _manner(now)
    where = _where(param)
    reason = f"{where}: {value!r} was written {before}, and is {after} now"
    params = {(param.location, param.name): value}
    message = request(comparer.schemas, one, params=params)
    witness = Witness(kind="request", message=message, accepted_by="base", reason=reason)
    pointer = f"{now.pointer}/{'style' if 'style' in now.raw else 'explode'}"
    yield comparer.change(
        "parameter-decoding", one, "request", where, was, then, pointer,
        convention="decoded-differently", witness=witness,
    )  # fmt: skip


def _manner(param: Param) -> str:
    style, explode = param.style
    return param.media or (f"{style}, exploded" if explode else style)


def _written(param: Param, value: Any, name: str = "") -> str:
    style, explode = param.style
    return encoded(name or param.name, value, style, explode=explode, media=param.media)
