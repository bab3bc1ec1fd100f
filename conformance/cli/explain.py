"""`qconform explain`: the page of one rule."""

from __future__ import annotations

import click


@click.command("explain", short_help="say what a rule demands and why")
@click.argument("wanted", metavar="RULE")
def command(*, wanted: str) -> int:
    """Say what RULE (an id such as PHYS-001) demands, why, where it comes from, what proves it."""
    from conformance.checks import RULES
    from conformance.errors import UnknownName
    from conformance.mock import FAULTS

    known = {rule.id: rule for rule in RULES} | {rule.name: rule for rule in RULES}
    rule = known.get(wanted) or known.get(wanted.upper())
    if rule is None:
        raise UnknownName("rule", wanted, tuple(r.id for r in RULES))
    title, why, source = rule.page
    faults = [fault.name for fault in FAULTS if rule.id in fault.finds]
    click.echo(f"{rule.id}  {rule.name}  ({rule.severity})\n")
    for label, text in (
        ("demands", title),
        ("why", why),
        ("source", source),
        ("proved by", ", ".join(faults) or "no fault of the mock yet"),
    ):
        click.echo(click.wrap_text(f"{label:10} {text}", width=88, subsequent_indent=" " * 11))
    return 0
