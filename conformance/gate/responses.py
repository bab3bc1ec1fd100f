"""Responses: statuses, media types, headers and bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from conformance.gate.api import Answer, Media, Op, media_for
from conformance.gate.bodies import Pair
from conformance.gate.changes import Change, Verdict, Witness
from conformance.gate.messages import answered, request, response
from conformance.gate.wire import is_textual

if TYPE_CHECKING:
    from conformance.gate.comparing import Comparer


def compare(comparer: Comparer, one: Op, other: Op) -> Iterator[Change]:
    """Yield what changed of the responses of an operation.

    A status of one document is held against what the other says of it: under the same key,
    under its class, or under `default`.
    """
    for status, answer in one.answers.items():
        now = _said_of(status, other.answers)
        if now is None:
            yield _status_removed(comparer, one, other, answer)
        else:
            yield from _answer(comparer, one, answer, now)
    for status, answer in other.answers.items():
        if status in one.answers:
            continue
        was = _said_of(status, one.answers)
        if was is None:
            yield _status_added(comparer, one, answer)
        else:
            yield from _answer(comparer, one, was, answer)


def _said_of(status: str, answers: Mapping[str, Answer]) -> Answer | None:
    for key in (status, f"{status[0]}XX", "default"):
        if key in answers:
            return answers[key]
    return None


def _is_success(status: str) -> bool:
    return status[0] in "23"


def _status_removed(comparer: Comparer, one: Op, other: Op, answer: Answer) -> Change:
    status, witness = answer.status, None
    convention = "removed-error-status"
    if _is_success(status):
        left = any(_is_success(k) and _said_of(k, other.answers) for k in one.answers)
        convention = "removed-other-success" if left else "removed-success-status"
    elif status == "default" and not any(_is_success(key) for key in other.answers):
        convention = "removed-success-status"
    if convention == "removed-success-status":
        reason = f"the answer to it was {status}, and no success is described now"
        message = request(comparer.schemas, one)
        witness = Witness(kind="request", message=message, accepted_by="base", reason=reason)
    return comparer.change(
        "response-status-removed", one, "response", f"response {status}", "described",
        "not described", answer.pointer, gone=True, convention=convention, witness=witness,
    )  # fmt: skip


def _status_added(comparer: Comparer, one: Op, answer: Answer) -> Change:
    status = answer.status
    success = _is_success(status)
    witness = None
    if success:
        message = answered(comparer.schemas, answer)
        reason = f"status {status} was not described"
        witness = Witness(kind="response", message=message, accepted_by="head", reason=reason)
    return comparer.change(
        "response-status-added", one, "response", f"response {status}", "not described",
        "described", answer.pointer, witness=witness,
        convention="new-success-status" if success else "new-error-status",
    )  # fmt: skip


def _answer(comparer: Comparer, one: Op, was: Answer, now: Answer) -> Iterator[Change]:
    where = f"response {now.status}"
    for name, media in was.content.items():
        found = media_for(now.content, name)
        if found is None:
            yield _media_removed(comparer, one, where, name, media)
            continue
        pair = Pair(
            base=media.schema,
            head=found.schema,
            base_pointer=media.schema_pointer,
            head_pointer=found.schema_pointer,
            direction="response",
            wire=is_textual(name),
        )
        yield from comparer.schema(one, pair, f"{where}.body", media=name, status=now.status)
    for name, media in now.content.items():
        if media_for(was.content, name) is None:
            yield comparer.change(
                "response-media-type-added", one, "response", f"{where}.body", "not described",
                name, media.pointer, convention="new-response-media-type",
            )  # fmt: skip
    yield from _headers(comparer, one, was, now)


def _media_removed(comparer: Comparer, one: Op, where: str, name: str, media: Media) -> Change:
    message = request(comparer.schemas, one)
    message["headers"] = {**message.get("headers", {}), "Accept": name}
    reason = f"{where}.body: {name} was offered, and is no more"
    witness = Witness(kind="request", message=message, accepted_by="base", reason=reason)
    return comparer.change(
        "response-media-type-removed", one, "response", f"{where}.body", name, "not described",
        media.pointer, gone=True, convention="removed-response-media-type", witness=witness,
    )  # fmt: skip


def _headers(comparer: Comparer, one: Op, was: Answer, now: Answer) -> Iterator[Change]:
    for key, header in was.headers.items():
        where = f"response {now.status}.headers/{header.name}"
        found = now.headers.get(key)
        if header.required and (found is None or not found.required):
            rule = "response-header-optional" if found else "response-header-removed"
            after = "optional" if found else "not described"
            pointer = found.pointer if found else header.pointer
            yield _header_missing(one, now, rule, where, after, pointer, gone=found is None)
        elif found is None:
            yield comparer.change(
                "response-header-removed", one, "response", where, "described", "not described",
                header.pointer, gone=True, convention="removed-response-header",
            )  # fmt: skip
        elif found.required and not header.required:
            yield comparer.change(
                "response-header-required", one, "response", where, "optional", "required",
                found.pointer, convention="additions",
            )  # fmt: skip
        if found is not None:
            pair = Pair(
                base=header.schema,
                head=found.schema,
                base_pointer=header.schema_pointer,
                head_pointer=found.schema_pointer,
                direction="response",
                wire=not header.media,
            )
            key_ = ("header", header.name)
            yield from comparer.schema(one, pair, where, status=now.status, param=key_)
    for key, header in now.headers.items():
        if key not in was.headers:
            yield comparer.change(
                "response-header-added", one, "response",
                f"response {now.status}.headers/{header.name}", "not described", "described",
                header.pointer, convention="additions",
            )  # fmt: skip


def _header_missing(
    one: Op, now: Answer, rule: str, where: str, after: str, pointer: str, *, gone: bool
) -> Change:
    message = response(now.status)
    reason = f"{where}: was required, is {after}"
    return Change(
        rule=rule,
        verdict=Verdict.BREAKING,
        operation=one.shown,
        direction="response",
        where=where,
        before="required",
        after=after,
        pointer=pointer,
        gone=gone,
        witness=Witness(kind="response", message=message, accepted_by="head", reason=reason),
    )
