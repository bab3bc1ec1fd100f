"""`qconform explain`: the page of one rule."""

from __future__ import annotations

import click


@click.command("explain", short_help="say what a rule demands and why")
@click.argument("wanted", metavar="RULE")
def command(*, wanted: str) -> int:
    """Say what RULE (an id such as PHYS-001) demands, why, where it comes from, what proves it."""
    from conformance.checks import RULES
    from conformance.cli.rules import described
    from conformance.errors import UnknownName

    known = {rule.id: rule for rule in RULES} | {rule.name: rule for rule in RULES}
    rule = known.get(wanted) or known.get(wanted.upper())
    if rule is None:
        raise UnknownName("rule", wanted, tuple(r.id for r in RULES))
    said = described(rule)
    proofs = said["proved by"]
    basis = f"{rule.basis}; an error because {rule.raised}" if rule.raised else str(rule.basis)
    click.echo(f"{rule.id}  {rule.name}  ({rule.severity})\n")
    for label, text in (
        ("demands", said["demands"]),
        ("why", said["why"]),
        ("source", said["source"]),
        ("basis", basis),
        ("needs", rule.needs),
        ("proved by", ", ".join(proofs) if isinstance(proofs, list) else ""),
    ):
        if text:
            shown = f"{label:10} {text}"
            click.echo(click.wrap_text(shown, width=88, subsequent_indent=" " * 11))
    return 0
