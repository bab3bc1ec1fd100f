"""`qconform config`: show what holds and where it came from."""

from __future__ import annotations

import json
from typing import Any

import click

from conformance.cli.settings import configuration
from conformance.config import Configuration, Value, schema


@click.command("config", short_help="show every setting, its value, and where it came from")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              help="What to print.")  # fmt: skip
@click.option("--schema", "as_schema", is_flag=True,
              help="Print the JSON Schema of the file, for editors, and exit.")  # fmt: skip
def command(*, output: str, as_schema: bool) -> int:
    """Show what file and environment set; the options of a command line go over both.

    The file is the nearest qconform.toml, or pyproject.toml with [tool.qconform], up to the
    root of the repository; QCONFORM_CONFIG names another. Keys are not shown.
    """
    if as_schema:
        click.echo(json.dumps(schema(), indent=2))
        return 0
    held = configuration()
    click.echo(_json(held) if output == "json" else _text(held))
    return 0


def _text(held: Configuration) -> str:
    rows = [(name, _shown(value), value.origin) for name, value in held.values.items()]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    lines = [f"file  {held.file or 'none'}", ""]
    lines += [f"{n:{widths[0]}}  {v:{widths[1]}}  {origin}".rstrip() for n, v, origin in rows]
    if held.waivers:
        lines.append("")
    for waiver in held.waivers:
        until = f" until {waiver.expires}" if waiver.expires else ""
        lines.append(f"waiver {waiver.fingerprint}{until}: {waiver.reason!a}")
    lines += ["", *held.unknown] if held.unknown else []
    return "\n".join(lines)


def _json(held: Configuration) -> str:
    entries = {
        name: {"value": _plain(value), "origin": value.origin}
        for name, value in held.values.items()
    }
    waivers = [
        {
            "fingerprint": waiver.fingerprint,
            "reason": waiver.reason,
            "owner": waiver.owner,
            "expires": str(waiver.expires) if waiver.expires else None,
        }
        for waiver in held.waivers
    ]
    file = str(held.file) if held.file else None
    whole = {"file": file, "settings": entries, "waivers": waivers, "unknown": held.unknown}
    return json.dumps(whole, indent=2)


def _plain(value: Value) -> Any:
    if value.setting.secret:
        return "(set, not shown)" if value.value else ""
    return value.value


def _shown(value: Value) -> str:
    plain = _plain(value)
    if plain is None or plain in ("", (), {}):
        return "-"
    if isinstance(plain, bool):
        return "yes" if plain else "no"
    if isinstance(plain, tuple):
        return ", ".join(map(_visible, plain))
    if isinstance(plain, dict):
        return ", ".join(f"{_visible(name)}={word}" for name, word in plain.items())
    return _visible(str(plain))


def _visible(text: str) -> str:
    from conformance.report.visible import visible

    return visible(text)
