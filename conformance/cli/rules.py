"""`qconform rules`: list the rules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from conformance.checks import Rule


@click.command("rules", short_help="list the rules")
@click.option("--family", default="", help="Only this family: SCHEMA, HTTP, INPUT ...")
@click.option("--sessions", is_flag=True,
              help="Print what sessions promise, provider by provider, in Markdown.")  # fmt: skip
@click.option("--format", "output", type=click.Choice(["text", "json", "markdown"]),
              default="text", help="What to print.")  # fmt: skip
def command(*, family: str, sessions: bool, output: str) -> int:
    """List the rules: id, name, severity, and what must hold."""
    from conformance.checks import RULES
    from conformance.errors import UnknownName

    if sessions:
        click.echo(sessions_page())
        return 0
    families = tuple(dict.fromkeys(rule.family for rule in RULES))
    if family and family not in families:
        raise UnknownName("family", family, families, "--family")
    chosen = [rule for rule in RULES if not family or rule.family == family]
    writers = {"text": _as_text, "json": _as_json, "markdown": _as_markdown}
    click.echo(writers[output](chosen))
    return 0


def described(rule: Rule) -> dict[str, object]:
    """Return all that the catalogue says about a rule."""
    from conformance.mock.playing import faults_of
    from conformance.providers import NAMES

    proofs = [
        (name, fault.name) for name in NAMES for fault in faults_of(name) if rule.id in fault.finds
    ]
    first = [fault for name, fault in proofs if name == NAMES[0]]
    title, why, source = rule.page
    return {
        "id": rule.id,
        "name": rule.name,
        "severity": str(rule.severity),
        "demands": title,
        "why": why,
        "source": source,
        "basis": str(rule.basis),
        "raised": rule.raised,
        "needs": rule.needs,
        "proved by": first or [f"{name}: {fault}" for name, fault in proofs],
    }


def sessions_page() -> str:
    """Return the page on sessions: docs/sessions.md is this text."""
    from conformance.cli.sessions_page import page

    return page()


def _as_text(rules: Sequence[Rule]) -> str:
    return "\n".join(
        f"{rule.id:11} {rule.severity:8} {rule.name:38} {rule.page[0]}" for rule in rules
    )


def _as_json(rules: Sequence[Rule]) -> str:
    return json.dumps([described(rule) for rule in rules], indent=1)


def _as_markdown(rules: Sequence[Rule]) -> str:
    """Return the page of rules: docs/rules.md is this text."""
    lines = [
        "# The rules",
        "",
        "Written by `qconform rules --format markdown`. A rule whose basis is weaker than the",
        "document or a standard is a warning, unless its page says why it is raised. Settings and",
        "options `select`, `ignore` and `severity` take an id, or a beginning that ids share.",
    ]
    for rule in sorted(rules, key=lambda rule: rule.id):
        said = described(rule)
        basis = (
            f"{said['basis']}; an error because {said['raised']}"
            if said["raised"]
            else (str(said["basis"]))
        )
        proofs = said["proved by"]
        lines += ["", f"## {rule.id} {rule.name} ({rule.severity})", "", str(said["demands"])]
        lines += ["", f"- why: {said['why']}", f"- source: {said['source']}", f"- basis: {basis}"]
        if said["needs"]:
            lines.append(f"- needs: {said['needs']}")
        lines.append(
            f"- proved by: {', '.join(map(str, proofs if isinstance(proofs, list) else []))}"
        )
    return "\n".join(lines)
