"""`qconform drift`: whether a bundled document still says what its provider publishes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click


@click.command("drift", short_help="compare a bundled document with the published one")
@click.argument("published")
@click.option("--provider", default="ionq", show_default=True, help="Whose document it is.")
@click.option("--version", default=None, help="Version of the bundled document; the newest.")
@click.option("--overlay", "overlays", multiple=True, type=click.Path(path_type=Path),
              help="OpenAPI overlay for the published document.")  # fmt: skip
@click.option("--format", "output", default="text", show_default=True,
              type=click.Choice(["text", "json", "markdown"]), help="What to print.")  # fmt: skip
def command(
    *,
    published: str,
    provider: str,
    version: str | None,
    overlays: tuple[Path, ...],
    output: str,
) -> int:
    """Tell where PUBLISHED, a provider's document, says something else than the bundled one.

    The bundled document is taken without our overlay. Exit code 1 for any difference in what
    messages are valid, or in what is announced; descriptions are our own and not compared.
    """
    from dataclasses import replace

    from conformance.gate import accepting, compare, documents, game
    from conformance.gate.output import render
    from conformance.spec.loading import find_folder

    today = dt.datetime.now(dt.UTC).date()
    ours = documents.load(str(find_folder(provider, version) / "openapi.yaml"))
    theirs = documents.load(published, overlays)
    comparison = compare(ours.source, theirs.source, game(), today=today)
    result = replace(
        accepting.judge(comparison, (), today, "compatible"),
        base_file=ours.file,
        head_file=theirs.file,
        line=lambda c: (ours if c.gone else theirs).lines.line(c.pointer),
    )
    click.echo(render(result, output), nl=False)
    return result.exit_code
