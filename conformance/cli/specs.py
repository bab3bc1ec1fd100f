"""`qconform specs`: the bundled documents, shown and proved."""

from __future__ import annotations

from pathlib import Path

import click


@click.group("specs", short_help="show and prove the bundled documents")
def command() -> None:
    """Show and prove the bundled documents."""


@command.command("check")
@click.argument("provider", default="ionq")
@click.option("--folder", type=click.Path(path_type=Path), help="A folder elsewhere to prove.")
@click.option("--quiet", is_flag=True, help="Print only what fails.")
def check(*, provider: str, folder: Path | None, quiet: bool) -> int:
    """Prove what a provider's folder claims: documents, overlay, disagreements, tolerances."""
    from conformance.errors import ExitCode
    from conformance.spec import check as proofs

    held = failed = 0
    for proof in proofs(provider, folder=folder):
        held, failed = held + proof.holds, failed + (not proof.holds)
        if not (quiet and proof.holds):
            click.echo(f"{'holds' if proof.holds else 'FAILS':6} {proof.text}")
    click.echo(f"{held} claims hold, {failed} fail")
    return ExitCode.VIOLATED if failed else ExitCode.OK


@command.command("show")
@click.argument("provider", default="ionq")
@click.option("--lenient", is_flag=True, help="With the listed tolerances.")
def show(*, provider: str, lenient: bool) -> int:
    """Print the OpenAPI document with its overlay applied, as JSON."""
    import json

    from conformance.spec import load

    click.echo(json.dumps(load(provider, lenient=lenient).document, indent=2))
    return 0
