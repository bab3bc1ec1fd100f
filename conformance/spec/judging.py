"""Whether a schema accepts an instance, by two independent validators."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema
import jsonschema_rs

from conformance.errors import ConformanceError
from conformance.model import Operation, Schema


@dataclass(eq=False)
class SplitVerdict(ConformanceError):
    """The two validators disagree: our schema says something that only one understands."""

    instance: str
    accepted_by: str
    refused_by: str

    def __str__(self) -> str:
        return (
            f"expected one verdict on {self.instance}, "
            f"got a yes of {self.accepted_by} and a no of {self.refused_by}"
        )


def accepts(schema: Schema, instance: Any) -> bool:
    """Return whether `instance` meets `schema`, formats included.

    Raises:
        SplitVerdict: jsonschema and jsonschema-rs do not agree.
    """
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    one = jsonschema.Draft202012Validator(schema, format_checker=checker).is_valid(instance)
    other = jsonschema_rs.Draft202012Validator(dict(schema), validate_formats=True).is_valid(
        instance
    )
    if one != other:
        names = ("jsonschema", "jsonschema-rs")
        yes, no = names if one else names[::-1]
        raise SplitVerdict(json.dumps(instance)[:80], yes, no)
    return one


def accepts_request(operation: Operation, example: Mapping[str, Any]) -> bool:
    """Return whether an example of a request keeps to the letter of its operation.

    Args:
        operation: The one it is made for.
        example: `body`, `path`, `query` and `headers`, each optional; a body without `headers` is
            one whose media type is right.
    """
    if "body" in example and not _body_fits(operation, example):
        return False
    given = [(kind, name) for kind in ("path", "query") for name in example.get(kind, {})]
    declared = {(p.location, p.name): p for p in operation.parameters}
    return all(
        key in declared and _text_fits(declared[key].schema, example[key[0]][key[1]])
        for key in given
    )


def _body_fits(operation: Operation, example: Mapping[str, Any]) -> bool:
    headers = example.get("headers", {"Content-Type": "application/json"})
    schema = operation.body.get(headers.get("Content-Type", ""))
    return schema is not None and accepts(schema, example["body"])


def _text_fits(schema: Schema, text: str) -> bool:
    """A parameter arrives as text and stands for a number or a boolean where that is declared."""
    return any(accepts(schema, value) for value in _readings(text))


def _readings(text: str) -> Iterable[Any]:
    yield text
    if text in {"true", "false"} or text.lstrip("-").replace(".", "", 1).isdigit():
        yield json.loads(text)
