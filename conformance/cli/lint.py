"""`qconform lint`: contradictions in one document."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command("lint", short_help="find contradictions in one document")
@click.argument("document")
@click.option("--overlay", "overlays", multiple=True, type=click.Path(path_type=Path),
              help="OpenAPI overlay to apply first.")  # fmt: skip
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              show_default=True, help="What to print.")  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit 1 for warnings too.")
@click.option("--follow-refs", is_flag=True,
              help="Let references lead to other files and addresses.")  # fmt: skip
def command(
    *, document: str, overlays: tuple[Path, ...], output: str, strict: bool, follow_refs: bool
) -> int:
    """Find what is wrong with an OpenAPI document in itself.

    Contradictions, alternatives that overlap, references that lead nowhere, examples that fail
    their schema, words without effect. DOCUMENT is a file, an address, or git:REVISION:PATH.
    """
    from conformance.errors import ExitCode
    from conformance.gate import documents
    from conformance.gate.linting import RULES, lint
    from conformance.report.visible import no_command, visible

    loaded = documents.load(document, overlays, follow_outside=follow_refs, bundled=follow_refs)
    problems = lint(loaded.source.document, document)
    failed = [p for p in problems if strict or not p.is_warning]
    if output == "json":
        entries = [
            {
                "rule": p.rule,
                "severity": "warning" if p.is_warning else "error",
                "pointer": p.pointer,
                "line": loaded.lines.line(p.pointer),
                "text": p.text,
                "witness": p.witness,
                "says": RULES[p.rule],
            }
            for p in problems
        ]
        click.echo(json.dumps({"lint": 1, "document": document, "problems": entries}, indent=2))
        return ExitCode.VIOLATED if failed else ExitCode.OK
    for p in problems:
        word = "warning" if p.is_warning else "error"
        place = f"{document}:{loaded.lines.line(p.pointer)}"
        click.echo(no_command(visible(f"{place}: {word} {p.rule}: {p.text}")))
    errors = sum(not p.is_warning for p in problems)
    click.echo(f"{errors} errors, {len(problems) - errors} warnings")
    return ExitCode.VIOLATED if failed else ExitCode.OK
