"""`qconform rules`: list the rules."""

from __future__ import annotations

import click


@click.command("rules", short_help="list the rules")
@click.option("--family", default="", help="Only this family: SCHEMA, HTTP, INPUT ...")
def command(*, family: str) -> int:
    """List the rules: id, name, severity, and what must hold."""
    from conformance.checks import RULES
    from conformance.errors import UnknownName

    families = tuple(dict.fromkeys(rule.family for rule in RULES))
    if family and family not in families:
        raise UnknownName("family", family, families, "--family")
    for rule in RULES:
        if not family or rule.family == family:
            click.echo(f"{rule.id:11} {rule.name:34} {rule.page[0]}")
    return 0
