"""Two pages beside the API: the document for people, and for programs."""

from __future__ import annotations

import base64
import functools
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from conformance import resources
from conformance.mock.http import Answer, Request, encode
from conformance.model import Specification
from conformance.spec import Tolerance

FOR_PEOPLE, FOR_PROGRAMS = "/docs", "/openapi.json"

_METHODS = ("get", "post", "put", "patch", "delete")


class Pages:
    """The pages of one mock; each is made when first asked for.

    The page for people is one file, escapes all that it shows and fetches nothing.
    """

    def __init__(self, letter: Specification, tolerances: Iterable[Tolerance]) -> None:
        self._letter = letter
        self._tolerances = tuple(tolerances)

    def answer(self, request: Request) -> Answer | None:
        """Return the page that `request` asks for; None when there is no such page."""
        if request.method != "GET":
            return None
        if request.path == FOR_PEOPLE:
            page, policy = self._page
            headers = [(b"content-security-policy", policy.encode("ascii"))]
            return Answer(raw=page, media_type="text/html; charset=utf-8", headers=headers)
        if request.path == FOR_PROGRAMS:
            return Answer(raw=self._document)
        return None

    @functools.cached_property
    def _document(self) -> bytes:
        return encode(self._letter.document)

    @functools.cached_property
    def _page(self) -> tuple[bytes, str]:
        # Late, since few who start a mock read the page.
        from jinja2 import Environment, FileSystemLoader
        from markupsafe import Markup

        folder = resources.folder("reports") / "templates"
        environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        style = (folder / "mock.css").read_text("utf-8")
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
        policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'"
        document = self._letter.document
        page = environment.get_template("mock.html.j2").render(
            specification=self._letter,
            info=document["info"],
            groups=_groups(document),
            schemas=document.get("components", {}).get("schemas", {}),
            tolerances=self._tolerances,
            described=_described,
            names=_names,
            followed=functools.partial(_followed, document),
            style=Markup(style),  # noqa: S704  # our own file, from the installation
        )
        return page.encode(), policy


def _groups(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return the operations by the first step of their path, each with method and path."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                shared = item.get("parameters", [])
                operation = {
                    **item[method],
                    "method": method.upper(),
                    "path": path,
                    "parameters": [*shared, *item[method].get("parameters", [])],
                }
                groups.setdefault(path.split("/")[1], []).append(operation)
    return groups


def _followed(document: Mapping[str, Any], thing: Any) -> Any:
    """Return what a reference leads to; anything else as it is."""
    while isinstance(thing, dict) and set(thing) == {"$ref"}:
        steps = thing["$ref"].removeprefix("#/").split("/")
        thing = functools.reduce(lambda found, step: found[step], steps, document)
    return thing


def _names(schema: Any) -> list[str]:
    """Return the named schemas that `schema` refers to, in order."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            return [schema["$ref"].rpartition("/")[2]]
        return list(dict.fromkeys(name for value in schema.values() for name in _names(value)))
    if isinstance(schema, list):
        return list(dict.fromkeys(name for value in schema for name in _names(value)))
    return []


def _described(schema: Any) -> str:
    """Return `schema` in a few words: its type, values and bounds; JSON where words fail."""
    if not isinstance(schema, dict):
        return json.dumps(schema)
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    for key, word in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        if key in schema:
            return word.join(_described(part) for part in schema[key]) + _null(schema)
    if schema.get("type") == "array":
        return f"list of {_described(schema.get('items', {}))}{_bounds(schema)}{_null(schema)}"
    if "enum" in schema:
        return ", ".join(json.dumps(value) for value in schema["enum"]) + _null(schema)
    kind = str(schema.get("type", "anything"))
    form = f" ({schema['format']})" if "format" in schema else ""
    return f"{kind}{form}{_bounds(schema)}{_null(schema)}"


def _bounds(schema: Mapping[str, Any]) -> str:
    words = {
        "minimum": "from", "maximum": "to", "minLength": "at least", "maxLength": "at most",
        "minItems": "at least", "maxItems": "at most", "pattern": "like", "default": "default",
    }  # fmt: skip
    found = [f"{word} {schema[key]}" for key, word in words.items() if key in schema]
    return f" {', '.join(found)}" if found else ""


def _null(schema: Mapping[str, Any]) -> str:
    return " or null" if schema.get("nullable") else ""
