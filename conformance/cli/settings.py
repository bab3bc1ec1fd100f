"""The table of settings as click options, and what file and environment give them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from conformance.config import SETTINGS, Configuration, Kind, Setting, resolve
from conformance.errors import BadValue

_Command = TypeVar("_Command", bound=Callable[..., Any])


def settings_of(command: str) -> Callable[[_Command], _Command]:
    """Return a decorator that adds an option for each setting that `command` has."""

    def decorate(function: _Command) -> _Command:
        for setting in reversed(SETTINGS):
            if command in setting.commands:
                function = option_of(setting)(function)
        return function

    return decorate


def option_of(setting: Setting) -> Callable[[_Command], _Command]:
    """Return the click option of `setting`; a repeated one has the plural in the function."""
    named: list[str] = [f"--{setting.name}"]
    more: dict[str, Any] = {"help": setting.help, "default": setting.default}
    match setting.kind:
        case Kind.FLAG:
            more["is_flag"] = True
        case Kind.TEXTS:
            named.append(parameter_of(setting))
            more["multiple"] = True
        case Kind.TABLE:
            more |= {"multiple": True, "default": (), "metavar": "NAME=WORD"}
        case Kind.PATH:
            more["type"] = click.Path(path_type=Path)
        case Kind.INTEGER | Kind.NUMBER:
            more["type"] = _number(setting)
        case Kind.TEXT:
            pass
    if setting.default and setting.kind is not Kind.TABLE:
        more["show_default"] = True
    return click.option(*named, **more)


def parameter_of(setting: Setting) -> str:
    """Return the name that the function of a command has for `setting`."""
    name = setting.name.replace("-", "_")
    return f"{name}s" if setting.kind is Kind.TEXTS and name not in {"select", "ignore"} else name


def configuration() -> Configuration:
    """Return what file and environment say in the current folder.

    Raises:
        ConformanceError: One of them says what it cannot say.
    """
    return resolve(Path.cwd(), os.environ)


def defaults_of(command: str, held: Configuration) -> dict[str, Any]:
    """Return the defaults of the options of `command`, as click's `default_map` has them."""
    by_name = {setting.name: setting for setting in SETTINGS}
    return {
        parameter_of(by_name[name]): _as_given(by_name[name], value)
        for name, value in held.given(command).items()
    }


def values_of(command: str, held: Configuration) -> dict[str, Any]:
    """Return all that the function of `command` is given when its command line says nothing."""
    values = [value for value in held.values.values() if command in value.setting.commands]
    given = {parameter_of(v.setting): _as_given(v.setting, v.value) for v in values}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()}


def table_from(pairs: tuple[str, ...], setting: str) -> dict[str, str]:
    """Return the table that `NAME=WORD` texts of the command line make.

    Raises:
        BadValue: One is no such pair, or its word is none that the setting knows.
    """
    words = next(s.choices for s in SETTINGS if s.name == setting)
    table = {}
    for pair in pairs:
        name, equals, word = pair.partition("=")
        if not name or not equals or word not in words:
            wanted = " or ".join(f"NAME={word}" for word in words)
            raise BadValue(f"--{setting}", wanted, pair)
        table[name] = word
    return table


def _as_given(setting: Setting, value: Any) -> Any:
    if setting.kind is Kind.TABLE:
        return [f"{name}={word}" for name, word in value.items()]
    return list(value) if isinstance(value, tuple) else value


def _number(setting: Setting) -> Any:
    low, high = setting.minimum, setting.maximum
    if setting.kind is Kind.NUMBER:
        opened = setting.above is not None
        return click.FloatRange(setting.above if opened else low, high, min_open=opened)
    if low is None and high is None:
        return click.INT
    return click.IntRange(None if low is None else int(low), None if high is None else int(high))
