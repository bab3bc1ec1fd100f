"""What holds: the environment over the file over the defaults; the command line over all."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conformance.config.files import Found, UnreadableConfiguration, find, read, shown
from conformance.config.settings import SETTINGS, Setting
from conformance.config.values import Unfit, checked, from_words
from conformance.config.waivers import waivers_of
from conformance.errors import BadValue
from conformance.model import Waiver

FILE_VARIABLE = "QCONFORM_CONFIG"
"""Names a configuration file; empty for none at all."""
_OTHERS = frozenset({FILE_VARIABLE, "QCONFORM_TRACEBACK"})
_BY_NAME = {setting.name: setting for setting in SETTINGS}
_BY_VARIABLE = {setting.variable: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Value:
    """What a setting holds, and who said so."""

    setting: Setting
    value: Any
    origin: str = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """All settings below the command line."""

    values: Mapping[str, Value]
    """By the name of the setting, in the order of the table."""
    waivers: tuple[Waiver, ...] = ()
    file: Path | None = None
    unknown: tuple[str, ...] = field(default=())
    """Variables of the environment that look like ours and set nothing, each with a hint."""

    def given(self, command: str) -> dict[str, Any]:
        """Return what `command` is given by file and environment, by name of the setting."""
        return {
            name: value.value
            for name, value in self.values.items()
            if value.origin != "default" and command in value.setting.commands
        }


def resolve(folder: Path, environment: Mapping[str, str]) -> Configuration:
    """Return what holds in `folder` with this `environment`.

    Raises:
        BadValue: A variable says what its setting cannot hold.
        UnreadableConfiguration: The file is broken, or says what it cannot say.
    """
    values = {setting.name: Value(setting, setting.default) for setting in SETTINGS}
    found = _file(folder, environment)
    if found is not None:
        values |= _from_file(found)
    values |= {
        setting.name: Value(setting, _from_variable(setting, text), f"environment, {variable}")
        for variable, setting in _BY_VARIABLE.items()
        if (text := environment.get(variable))
    }
    return Configuration(
        values=values,
        waivers=waivers_of(found) if found else (),
        file=found.path if found else None,
        unknown=tuple(_unknown(name) for name in sorted(environment) if _is_stray(name)),
    )


def _file(folder: Path, environment: Mapping[str, str]) -> Found | None:
    named = environment.get(FILE_VARIABLE)
    if named is None:
        return find(folder)
    return read(folder / named) if named else None


def _from_file(found: Found) -> dict[str, Value]:
    named = {}
    for key, value in found.tables.items():
        if key == "waiver":
            continue
        setting = _setting(found, key)
        try:
            held = checked(setting, value, base=found.path.parent)
        except Unfit as unfit:
            raise UnreadableConfiguration(
                str(found.path), unfit.expected, unfit.seen, f"{found.prefix}{key}", unfit.repair
            ) from None
        named[key] = Value(setting, held, f"{found.path.name}, {found.prefix}{key}")
    return named


def _setting(found: Found, key: str) -> Setting:
    setting = _BY_NAME.get(key)
    place = (str(found.path), f"{found.prefix}{key}")
    if setting is None:
        known = (*(s.name for s in SETTINGS if s.in_file), "waiver")
        near = difflib.get_close_matches(key.replace("_", "-"), known, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}?" if near else "`qconform config` lists them all."
        raise UnreadableConfiguration(place[0], "a setting", shown(key), repair=hint)
    if setting.secret:
        repair = f"A file is read by others: put it into the environment, {setting.variable}."
        raise UnreadableConfiguration(place[0], "no secret", "one", place[1], repair)
    if setting.consent:
        repair = f"Say --{setting.name}, or set {setting.variable}=1: a file comes with a checkout."
        raise UnreadableConfiguration(
            place[0], "nothing that only you can allow", "it", place[1], repair
        )
    return setting


def _from_variable(setting: Setting, text: str) -> Any:
    try:
        return from_words(setting, text)
    except Unfit as unfit:
        seen = "something else" if setting.secret else text
        raise BadValue(setting.variable, unfit.expected, seen, unfit.repair) from None


def _is_stray(name: str) -> bool:
    return name.startswith("QCONFORM_") and name not in _BY_VARIABLE and name not in _OTHERS


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, [*_BY_VARIABLE, *_OTHERS], n=1, cutoff=0.7)
    return f"{name} sets nothing." + (f" Did you mean {near[0]}?" if near else "")
