"""Callbacks and webhooks: requests that the service sends, so that the game is turned round.

Their bodies are said by the service and may only narrow; what is answered to them is said by the
client and may only widen. Their parameters are not compared.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.gate.api import Call, Media, Op, media_for
from conformance.gate.bodies import Pair
from conformance.gate.changes import Change, Verdict, Witness
from conformance.gate.messages import response
from conformance.gate.wire import is_textual

if TYPE_CHECKING:
    from conformance.gate.comparing import Comparer


def compare(
    comparer: Comparer, was: Mapping[str, Call], now: Mapping[str, Call]
) -> Iterator[Change]:
    """Yield what changed of calls, each under its name."""
    for name, call in was.items():
        if name not in now:
            yield comparer.change(
                "call-removed", _named(call.op, name), "response", "call", "described",
                "not described", call.op.pointer, gone=True, convention="removed-call",
            )  # fmt: skip
        else:
            yield from _body(comparer, _named(call.op, name), call.op, now[name].op)
            yield from _answers(comparer, _named(call.op, name), call.op, now[name].op)
    for name, call in now.items():
        if name not in was:
            yield comparer.change(
                "call-added", _named(call.op, name), "response", "call", "not described",
                "described", call.op.pointer, convention="additions",
            )  # fmt: skip


def _named(op: Op, name: str) -> Op:
    """Return the operation of a call under the name that reports have for it."""
    method, _, path = name.partition(" ")
    return replace(op, method=method, path=path)


def _body(comparer: Comparer, one: Op, was: Op, now: Op) -> Iterator[Change]:
    if was.body is None:
        return  # nobody reads what was not described
    if was.body.required and (now.body is None or not now.body.required):
        after = "no body" if now.body is None else "optional"
        rule = "body-removed" if now.body is None else "body-optional"
        message = {"method": was.method, "path": was.path}
        yield _broken(one, rule, "call.body", "required", after, was.body.pointer, message, "head")
    if now.body is None:
        return
    for key, media in now.body.content.items():
        known = media_for(was.body.content, key)
        if known is not None:
            yield from _schema(comparer, one, was, known, media)
        elif not any(media_for(now.body.content, each) for each in was.body.content):
            message = _message(was, media.name)
            yield _broken(
                one, "request-media-type-added", "call.body", ", ".join(was.body.content),
                media.name, media.pointer, message, "head",
            )  # fmt: skip


def _schema(comparer: Comparer, one: Op, was: Op, known: Media, media: Media) -> Iterator[Change]:
    pair = Pair(
        base=known.schema,
        head=media.schema,
        base_pointer=known.schema_pointer,
        head_pointer=media.schema_pointer,
        direction="response",
        wire=is_textual(media.name),
    )
    wrap = functools.partial(_message, was, media.name)
    yield from comparer.schema(one, pair, "call.body", wrap=wrap)


def _answers(comparer: Comparer, one: Op, was: Op, now: Op) -> Iterator[Change]:
    """Yield what changed of the answers that the client gives."""
    for status, answer in was.answers.items():
        found = now.answers.get(status) or now.answers.get("default")
        if found is None:
            if status[0] == "2" and f"{status[0]}XX" not in now.answers:
                yield _broken(
                    one, "response-status-removed", f"call answer {status}", "described",
                    "not described", answer.pointer, response(status), "base",
                )  # fmt: skip
            continue
        for key, media in answer.content.items():
            other = media_for(found.content, key)
            if other is not None:
                pair = Pair(
                    base=media.schema,
                    head=other.schema,
                    base_pointer=media.schema_pointer,
                    head_pointer=other.schema_pointer,
                    direction="request",
                    wire=is_textual(key),
                )
                wrap = functools.partial(response, status, key)
                yield from comparer.schema(one, pair, f"call answer {status}.body", wrap=wrap)


def _message(op: Op, media: str, *body: Any) -> dict[str, Any]:
    """Return a request that the service sends."""
    message = {"method": op.method, "path": op.path, "headers": {"Content-Type": media}}
    return {**message, "body": body[0]} if body else message


def _broken(
    one: Op,
    rule: str,
    where: str,
    before: str,
    after: str,
    pointer: str,
    message: Mapping[str, Any],
    speaker: str,
) -> Change:
    kind = "response" if "status" in message else "request"
    reason = f"{where}: was {before}, is {after}"
    return Change(
        rule=rule,
        verdict=Verdict.BREAKING,
        operation=one.shown,
        direction="response" if speaker == "head" else "request",
        where=where,
        before=before,
        after=after,
        pointer=pointer,
        gone=speaker == "base" or rule == "body-removed",
        witness=Witness(kind=kind, message=message, accepted_by=speaker, reason=reason),
    )
