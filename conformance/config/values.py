"""Words of the environment and values of a file to what a setting holds."""

from __future__ import annotations

import difflib
import math
from pathlib import Path
from typing import Any

from conformance.config.files import shown
from conformance.config.settings import Kind, Setting

_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"0", "false", "no", "off", ""})


class Unfit(Exception):
    """A value is not what a setting can hold; the arguments are what was expected and seen."""

    def __init__(self, expected: str, seen: object, repair: str = "") -> None:
        super().__init__(expected, seen)
        self.expected = expected
        self.seen = shown(seen)
        self.repair = repair


def from_words(setting: Setting, text: str) -> Any:
    """Return what the text of an environment variable means; lists are parted by commas.

    Raises:
        Unfit: It means nothing that `setting` can hold.
    """
    match setting.kind:
        case Kind.TEXT | Kind.PATH:
            return checked(setting, text)
        case Kind.FLAG:
            if text.strip().lower() not in _YES | _NO:
                raise Unfit("1 or 0", text)
            return text.strip().lower() in _YES
        case Kind.INTEGER | Kind.NUMBER:
            return checked(setting, _number(text, whole=setting.kind is Kind.INTEGER))
        case Kind.TEXTS:
            return checked(setting, [word.strip() for word in text.split(",") if word.strip()])
        case Kind.TABLE:
            pairs = [word.partition("=") for word in text.split(",") if word.strip()]
            return checked(setting, {left.strip(): right.strip() for left, _, right in pairs})


def checked(setting: Setting, value: Any, *, base: Path | None = None) -> Any:
    """Return `value` as `setting` holds it; paths are relative to the folder `base`.

    Raises:
        Unfit: It is of another type, none of the choices, or out of bounds.
    """
    match setting.kind:
        case Kind.TEXT:
            return _chosen(setting, _text(value))
        case Kind.PATH:
            text = _text(value)
            return str(base / text) if base is not None and text else text
        case Kind.FLAG:
            if not isinstance(value, bool):
                raise Unfit("true or false", value)
            return value
        case Kind.INTEGER | Kind.NUMBER:
            return _bounded(setting, value)
        case Kind.TEXTS:
            words = [value] if isinstance(value, str) else value
            if not isinstance(words, (list, tuple)):
                raise Unfit("a list of texts", value)
            return tuple(_chosen(setting, _text(word)) for word in words)
        case Kind.TABLE:
            if not isinstance(value, dict):
                raise Unfit("a table of texts", value)
            return {name: _chosen(setting, _text(word)) for name, word in value.items()}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unfit("a text", value)
    return value


def _number(text: str, *, whole: bool) -> float | int:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        raise Unfit("a whole number" if whole else "a number", text) from None


def _chosen(setting: Setting, text: str) -> str:
    if setting.choices and text not in setting.choices:
        near = difflib.get_close_matches(text, setting.choices, n=1, cutoff=0.5)
        repair = f"Did you mean {near[0]!r}?" if near else ""
        raise Unfit(f"one of {', '.join(setting.choices)}", text, repair)
    return text


def _bounded(setting: Setting, value: Any) -> float | int:
    whole = setting.kind is Kind.INTEGER
    numeric = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not numeric or not math.isfinite(value):
        raise Unfit("a whole number" if whole else "a number", value)
    low, above, high = setting.minimum, setting.above, setting.maximum
    if low is not None and value < low:
        raise Unfit(f"at least {low:g}", value)
    if above is not None and value <= above:
        raise Unfit(f"more than {above:g}", value)
    if high is not None and value > high:
        raise Unfit(f"at most {high:g}", value)
    return int(value) if whole else float(value)
