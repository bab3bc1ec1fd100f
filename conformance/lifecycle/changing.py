"""Walks that change what was made, one field at a time, and read it before and after."""

from __future__ import annotations

from conformance.lifecycle.conversation import Conversation, Stop
from conformance.lifecycle.having import right_call
from conformance.model import Operation, Specification


def reads_back(operation: Operation, specification: Specification) -> Operation | None:
    """Return what reads the thing that `operation` changes; None where nothing is changed."""
    if operation.method not in {"PATCH", "PUT"} or not operation.body:
        return None
    steps = operation.path.split("/")
    paths = [operation.path]
    if "{" in operation.path and not steps[-1].startswith("{"):
        paths.append("/".join(steps[:-1]))  # a part of the thing, under its own path
    return next(
        (
            o
            for path in paths
            for o in specification.operations
            if (o.method, o.path) == ("GET", path)
        ),
        None,
    )


def change(talk: Conversation, *, operation: Operation) -> None:
    """Change a thing by one field after another; what is not named must stay as it is."""
    reading = reads_back(operation, talk.specification)
    call = right_call(talk, operation)
    if reading is None or not isinstance(call.body, dict):
        raise Stop("nothing tells what was changed")
    if "job" in call.had:
        talk.finish(call.had["job"])
    talk.call(reading.id, call.ids, query=call.query)
    for name, value in call.body.items():
        talk.call(operation.id, call.ids, query=call.query, body={name: value})
        talk.call(reading.id, call.ids, query=call.query)
