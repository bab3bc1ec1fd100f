"""Walks over every operation of a document, made from the provider's table of things alone.

Each is called rightly, wrongly in one way, without a key, by a stranger, and oddly.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any

from conformance.generate.mutants import mutants
from conformance.lifecycle.conversation import Conversation, Forbidden, Stop
from conformance.lifecycle.having import (
    UNKNOWN,
    Call,
    have,
    required_query,
    right_call,
    scope_of,
    things_of,
)
from conformance.lifecycle.inputs import bad_texts, judge_of, resolved
from conformance.model import Credential, Expectation, Operation, Schema

_ODD_IDS = ("\0", "..", "null", "%2F", "x" * 300, "\u2603", "' OR 1=1", "-1", " ")
_ODD_METHODS = ("TRACE", "PROPFIND", "QCONFORM", "get")
_LABELS = ("text/plain", "application/xml", ";", "APPLICATION/JSON", "application/json;;")
_DEEP = 500
_LARGE = 300_000
_MOMENT = "2026-01-01T00:00:00Z"


def accept_call(talk: Conversation, *, operation: Operation) -> None:
    """Call `operation` rightly, first with what is required, then with each optional parameter."""
    call = right_call(talk, operation)
    free = operation.id in things_of(talk).elsewhere
    expects = Expectation.FREE if free else Expectation.ACCEPTED
    why = "it is a right call about things that exist"
    talk.call(
        operation.id, call.ids, query=call.query, body=call.body, expects=expects, because=why
    )
    if operation.method != "GET":
        return
    for name, value in _right_values(operation):
        talk.call(
            operation.id,
            call.ids,
            query={**call.query, name: value},
            expects=expects,
            because=f"{name} is {value}, as it may be",
        )


def _right_values(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield values of optional query parameters that the document allows."""
    for parameter in operation.parameters:
        if parameter.location != "query" or parameter.required:
            continue
        for value in _values(resolved(parameter.schema)):
            yield parameter.name, value


def _values(schema: Schema) -> list[str]:
    if "enum" in schema:
        return [str(value) for value in schema["enum"]]
    if schema.get("type") == "integer":
        return [str(schema.get("minimum", 1)), str(schema.get("maximum", 2))]
    if schema.get("type") == "boolean":
        return ["true", "false"]
    return [_MOMENT] if schema.get("format") == "date-time" else []


def refuse_bodies(talk: Conversation, *, operation: Operation, share: tuple[int, int]) -> None:
    """Send every edit of a right body that the documents refuse; `share` is (part, of how many)."""
    call = right_call(talk, operation)
    judges = [judge_of(next(iter(o.body.values()))) for o in (operation, talk.tolerant(operation))]
    for number, mutant in enumerate(mutants(call.body)):
        if number % share[1] != share[0] or any(j.is_valid(mutant.value) for j in judges):
            continue
        because = f"{mutant.pointer or 'the body'} is {mutant.edit}"
        _refused(talk, operation, call, because, body=mutant.value)


def refuse_texts(talk: Conversation, *, operation: Operation) -> None:
    """Send bodies that are no JSON, or nothing, where a JSON object is required."""
    call = right_call(talk, operation)
    for text, because in (
        (b"{", "the body is cut off"),
        (b"not json", "the body is no JSON"),
        (b"[]", "the body is a list"),
        (b'"text"', "the body is a text"),
        *(((b"", "the body is missing"),) if operation.body_required else ()),
    ):
        _refused(talk, operation, call, because, raw=text)
    for raw in (b"[" * _DEEP + b"]" * _DEEP, b'{"qconform": "' + b"x" * _LARGE + b'"}'):
        with contextlib.suppress(Forbidden):
            talk.call(operation.id, call.ids, query=call.query, raw=raw)


def refuse_queries(talk: Conversation, *, operation: Operation) -> None:
    """Send query parameters one at a time out of their type, enumeration or bounds."""
    call = right_call(talk, operation)
    for name in (n for n in call.query if n not in talk.provider.presumed):
        without = {k: v for k, v in call.query.items() if k != name}
        _refused(talk, operation, call, f"{name} is missing", query=without)
    for parameter in talk.tolerant(operation).parameters:
        if parameter.location == "query":
            for text in bad_texts(resolved(parameter.schema)):
                query = {**call.query, parameter.name: text}
                _refused(talk, operation, call, f"{parameter.name} is {text!r}", query=query)


def _refused(
    talk: Conversation, operation: Operation, call: Call, because: str, **instead: Any
) -> None:
    parts: dict[str, Any] = {"query": call.query, "body": call.body, **instead}
    talk.call(operation.id, call.ids, **parts, expects=Expectation.REFUSED, because=because)


def try_keys(talk: Conversation, *, operation: Operation) -> None:
    """Call `operation` without a key and with wrong ones, all else being right."""
    call = right_call(talk, operation)
    forged = (Credential.FORGED,) if talk.provider.takes_tokens else ()
    wrong = (Credential.WRONG, Credential.CUT, Credential.LONGER, *forged)
    for credential in (Credential.NONE, *wrong):
        if not operation.authenticated and credential is not Credential.NONE:
            continue
        refused, free = operation.authenticated, operation.id in things_of(talk).elsewhere
        accepted = Expectation.FREE if free else Expectation.ACCEPTED
        talk.call(
            operation.id,
            call.ids,
            query=call.query,
            body=call.body,
            credential=credential,
            expects=Expectation.REFUSED if refused else accepted,
            because=f"the key is {credential}" if refused else "the operation is open",
        )
    _read_again(talk, call)


def try_other_tenant(talk: Conversation, *, operation: Operation) -> None:
    """Call `operation` on the first account's things with the second account's key."""
    if not talk.has_second_key:
        raise Stop("there is no second key")
    call = right_call(talk, operation)
    _read_again(talk, call)
    refused = bool(call.ids) or names_owner(talk, operation)
    talk.call(
        operation.id,
        call.ids,
        query=call.query,
        body=call.body,
        credential=Credential.SECOND,
        expects=Expectation.REFUSED if refused else Expectation.FREE,
        because="it belongs to another account" if refused else "",
    )
    if operation.method == "GET" and not call.ids:
        _list_as_stranger(talk, operation)
        _borrow(talk, operation, call)
    _join_as_stranger(talk, operation, call)
    _read_again(talk, call)


def _borrow(talk: Conversation, operation: Operation, call: Call) -> None:
    """Call `operation` with the second account's secret and the first one's further headers."""
    if len(talk.provider.headers("a b")) > 1:
        talk.call(
            operation.id,
            query=call.query,
            credential=Credential.BORROWED,
            expects=Expectation.REFUSED,
            because="its headers name another account",
        )


def _join_as_stranger(talk: Conversation, operation: Operation, call: Call) -> None:
    """Submit a job into the first account's session, where a job need not be in one."""
    provider, table = talk.provider, things_of(talk)
    needs = any("session" in t.needs for t in table.things if t.create == operation.id)
    if operation.id != provider.jobs.create or not provider.sessions.create or needs:
        return
    session = have(talk, "session", call.had)
    talk.call(
        operation.id,
        body={**call.body, "session_id": session},
        credential=Credential.SECOND,
        expects=Expectation.REFUSED,
        because="its session belongs to another account",
    )


def _list_as_stranger(talk: Conversation, operation: Operation) -> None:
    """Make one of each thing, and ask for the list with the second account's own names."""
    had = scope_of(talk)
    for thing in things_of(talk).things:
        if thing.owned and thing.create:
            have(talk, thing.name, had)
    query = required_query(operation, scope_of(talk, Credential.SECOND))
    talk.call(operation.id, query=query, credential=Credential.SECOND)


def names_owner(talk: Conversation, operation: Operation) -> bool:
    """Whether a right body of `operation` names what is one account's: a thing, or itself."""
    table = things_of(talk)
    made = next((thing for thing in table.things if thing.create == operation.id), None)
    if made is None:
        return False
    return bool(scope_of(talk)) or any(table.named(need).owned for need in made.needs)


def _read_again(talk: Conversation, call: Call) -> None:
    sessions = talk.provider.sessions
    if "job" in call.had and talk.provider.jobs.read:
        talk.read(call.had["job"])
    if "session" in call.had and sessions.read:
        talk.call(sessions.read, talk.session_ids(call.had["session"]))


def ask_oddly(talk: Conversation, *, operation: Operation) -> None:
    """Name what cannot exist, in every way: any answer but a failure of the service is right."""
    parameter = operation.path.partition("{")[2].partition("}")[0]
    body = right_call(talk, operation).body if operation.body else None
    had = scope_of(talk)
    unknown = {p.name: UNKNOWN for p in operation.parameters if p.location == "path"}
    for odd in _ODD_IDS:
        query = required_query(operation, had)
        with contextlib.suppress(Forbidden):
            talk.call(operation.id, {**unknown, parameter: odd}, query=query, body=body)
    talk.call(
        operation.id,
        unknown,
        query=required_query(operation, had),
        body=body,
        expects=Expectation.REFUSED,
        because="nothing has this id",
    )


def ask_for_nothing_known(talk: Conversation) -> None:
    """Ask for paths that the document does not have."""
    start = talk.specification.operations[0].path.rpartition("/")[0]
    for path in ("/qconform-no-such-path", f"{start}/qconform/x/y/z", f"{start}/%2e%2e/qconform"):
        talk.ask("GET", path, expects=Expectation.REFUSED, because="no such path is documented")


def odd_methods(talk: Conversation) -> None:
    """Use methods that no path offers; none may be served."""
    plain = [o.path for o in talk.specification.operations if "{" not in o.path]
    for path in dict.fromkeys(plain):
        for method in _ODD_METHODS:
            talk.ask(method, path, expects=Expectation.FREE, because="")


def odd_labels(talk: Conversation) -> None:
    """Send right bodies under wrong and odd labels."""
    for operation in talk.specification.operations:
        if not operation.body or "{" in operation.path:
            continue
        call = right_call(talk, operation)
        for label in _LABELS:
            raw, headers = json.dumps(call.body).encode(), (("Content-Type", label),)
            talk.call(operation.id, query=call.query, raw=raw, headers=headers)
