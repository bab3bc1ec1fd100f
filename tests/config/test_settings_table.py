"""Options, environment, schema and documentation say what the table of settings says."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
import tomlkit
from jsonschema import Draft202012Validator

from conformance.cli.cleanup import command as cleanup
from conformance.cli.replay import command as replay
from conformance.cli.run import command as run
from conformance.cli.settings import parameter_of
from conformance.config import SETTINGS, Kind, Setting, schema
from conformance.engine import PROFILES, SUITES
from conformance.resources import folder

COMMANDS = {"run": run, "cleanup": cleanup, "replay": replay}
ONLY_ON_THE_COMMAND_LINE = {
    "run": {"case", "format", "quiet", "plan", "record"},
    "cleanup": {"list", "forget"},
    "replay": {"format", "quiet"},
}
DOCS = Path(__file__).parents[2] / "docs" / "configuration.md"


def options_of(command: str) -> dict[str, click.Option]:
    parameters = [p for p in COMMANDS[command].params if isinstance(p, click.Option)]
    return {option.opts[0].removeprefix("--"): option for option in parameters}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_option_is_a_setting_or_belongs_to_one_call_alone(command: str) -> None:
    settings = {setting.name for setting in SETTINGS if command in setting.commands}
    assert set(options_of(command)) == settings | ONLY_ON_THE_COMMAND_LINE[command]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_an_option_has_the_form_and_the_words_of_its_setting(setting: Setting) -> None:
    for command in setting.commands:
        option = options_of(command)[setting.name]
        assert option.name == parameter_of(setting)
        assert option.help == setting.help
        assert option.is_flag == (setting.kind is Kind.FLAG)
        assert option.multiple == (setting.kind in {Kind.TEXTS, Kind.TABLE})
        if setting.kind is not Kind.TABLE:
            assert option.default == setting.default


def test_what_may_be_chosen_is_what_the_engine_has() -> None:
    choices = {setting.name: setting.choices for setting in SETTINGS}
    assert choices["suite"] == SUITES
    assert choices["profile"] == tuple(PROFILES)


def test_names_of_settings_and_variables_are_unique_and_regular() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert all(s.name == s.name.lower() and "_" not in s.name for s in SETTINGS)


def test_the_shipped_schema_is_the_one_of_the_table() -> None:
    shipped = json.loads((folder("reports") / "schema" / "config.schema.json").read_text("utf-8"))
    assert shipped == schema()
    Draft202012Validator.check_schema(shipped)
    assert "api-key" not in shipped["properties"]
    assert "live" not in shipped["properties"]


def test_the_documented_table_is_the_table() -> None:
    rows = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("| `")]
    told = [tuple(cell.strip(" `") for cell in row.split("|")[1:3]) for row in rows]
    assert told == [(setting.name, setting.variable) for setting in SETTINGS]


def test_the_documented_file_is_valid() -> None:
    text = DOCS.read_text("utf-8").partition("## The file")[2].partition("## The environment")[0]
    block = "\n".join(line[4:] for line in text.splitlines() if line.startswith("    "))
    held = json.loads(json.dumps(tomlkit.parse(block).unwrap(), default=str))
    assert set(held) > {"url", "severity", "waiver"}
    Draft202012Validator(schema()).validate(held)
