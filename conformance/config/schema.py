"""The table of settings as a JSON Schema, by which editors complete and check the file."""

from __future__ import annotations

from typing import Any

from conformance.config.settings import SETTINGS, Kind, Setting
from conformance.config.waivers import SHORTEST

FILE = "config.schema.json"
"""Name of the file in `reports/schema/` that holds it."""


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of `qconform.toml` and of `[tool.qconform]`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of qconform",
        "description": "qconform.toml, or the table [tool.qconform] of a pyproject.toml.",
        "type": "object",
        "properties": {
            **{setting.name: _described(setting) for setting in SETTINGS if setting.in_file},
            "waiver": {"type": "array", "items": _waiver()},
        },
        "additionalProperties": False,
    }


def _described(setting: Setting) -> dict[str, Any]:
    form = {"description": setting.help, **_form(setting)}
    if setting.default is not None:
        held = setting.default
        form["default"] = list(held) if isinstance(held, tuple) else held
    return form


def _form(setting: Setting) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string"}
    if setting.choices:
        text["enum"] = list(setting.choices)
    match setting.kind:
        case Kind.TEXT | Kind.PATH:
            return text
        case Kind.TEXTS:
            return {"anyOf": [text, {"type": "array", "items": text}]}
        case Kind.TABLE:
            return {"type": "object", "additionalProperties": text}
        case Kind.FLAG:
            return {"type": "boolean"}
        case Kind.INTEGER | Kind.NUMBER:
            bounds = {
                "minimum": setting.minimum,
                "exclusiveMinimum": setting.above,
                "maximum": setting.maximum,
            }
            named = {name: bound for name, bound in bounds.items() if bound is not None}
            return {"type": str(setting.kind), **named}


def _waiver() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "A finding that is known and accepted for a while.",
        "properties": {
            "fingerprint": {"type": "string", "pattern": f"^[0-9a-fA-F]{{{SHORTEST},}}$"},
            "reason": {"type": "string", "minLength": 1},
            "owner": {"type": "string"},
            "expires": {"type": "string", "description": "The last day on which it holds."},
        },
        "required": ["fingerprint", "reason"],
        "additionalProperties": False,
    }
