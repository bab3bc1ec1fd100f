"""Values of parameters as the text that carries them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

_DELIMITERS = {"form": ",", "simple": ",", "spaceDelimited": "%20", "pipeDelimited": "|"}


_TEXTUAL = {
    "application/x-www-form-urlencoded", "application/xml", "multipart/form-data", "text/csv",
    "text/plain", "text/xml",
}  # fmt: skip


def is_textual(media: str) -> bool:
    """Whether a media type carries numbers and words alike, as text."""
    kind = media.partition(";")[0]
    return kind in _TEXTUAL or kind.endswith("+xml")


def readings(value: Any) -> list[Any]:
    """Return what a service may take the text of `value` for, the value itself first."""
    if isinstance(value, list):
        parts = [readings(part) for part in value]
        return [[each[min(i, len(each) - 1)] for each in parts] for i in range(3)]
    if isinstance(value, Mapping):
        rows = {name: readings(part) for name, part in value.items()}
        return [{n: each[min(i, len(each) - 1)] for n, each in rows.items()} for i in range(3)]
    text = scalar(value)
    found = [value, text]
    if isinstance(value, str):
        try:
            parsed = json.loads(text)
        except ValueError:
            return found
        if isinstance(parsed, bool | int | float):
            found.append(parsed)
    return found


def scalar(value: Any) -> str:
    """Return a value that is no list or object as the text of a parameter."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def encoded(name: str, value: Any, style: str, *, explode: bool, media: str = "") -> str:
    """Return the text that carries `value` (OpenAPI 3.1, section 4.8.12.6)."""
    if media:
        return f"{name}={quote(json.dumps(value))}"
    if isinstance(value, Mapping):
        return _object(name, value, style, explode=explode)
    if isinstance(value, list):
        return _list(name, [_quoted(part) for part in value], style, explode=explode)
    lead = {"matrix": f";{name}=", "label": ".", "simple": ""}.get(style, f"{name}=")
    return f"{lead}{_quoted(value)}"


def _quoted(value: Any) -> str:
    text = scalar(value) if not isinstance(value, list | Mapping) else json.dumps(value)
    return quote(text, safe="-._~:@!$'()*")


def _list(name: str, parts: list[str], style: str, *, explode: bool) -> str:
    if style == "simple":
        return ",".join(parts)
    if style == "label":
        return "." + (".".join(parts) if explode else ",".join(parts))
    lead = ";" if style == "matrix" else ""
    if explode:
        return (lead or "&").join(["", *(f"{name}={part}" for part in parts)][0 if lead else 1 :])
    return f"{lead}{name}=" + _DELIMITERS.get(style, ",").join(parts)


def _object(name: str, value: Mapping[str, Any], style: str, *, explode: bool) -> str:
    pairs = [(key, _quoted(part)) for key, part in value.items()]
    if style == "deepObject":
        return "&".join(f"{name}[{key}]={part}" for key, part in pairs)
    flat = ",".join(f"{key},{part}" for key, part in pairs)
    if explode:
        mark = {"matrix": ";", "label": ".", "simple": ","}.get(style, "&")
        lead = mark if style in {"matrix", "label"} else ""
        return lead + mark.join(f"{key}={part}" for key, part in pairs)
    lead = {"matrix": f";{name}=", "label": ".", "simple": ""}.get(style, f"{name}=")
    return f"{lead}{flat}"
