"""`qconform check-results`: judge results that somebody already has."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click

from conformance.errors import BadValue, ExitCode


@click.command("check-results", short_help="judge results that you already have")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--alpha", type=float, default=1e-6, show_default=True,
              help="Bound on a false alarm over all results together.")  # fmt: skip
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              help="What to print.")  # fmt: skip
def command(*, file: Path, alpha: float, output: str) -> int:
    """Judge the results in FILE, or in every .json file below it, together.

    A file holds one object or a list of them: a circuit (`circuit` or `input` as IonQ's JSON,
    `qasm` as OpenQASM text, `cirq` as Cirq's JSON), and `counts` or `probabilities`; with
    `noise` the model that was asked for. docs/physics.md shows each form.
    """
    from conformance.model import Verdict
    from conformance.oracle import Reference
    from conformance.oracle.records import records
    from conformance.report.physics import lines

    if not 0 < alpha < 1:
        raise BadValue("--alpha", "a probability between 0 and 1", str(alpha))
    oracle = Reference(alpha=alpha)
    rows = []
    for position, record in enumerate(records(file)):
        problems = oracle.distribution(record.circuit, record.answer)
        if problems:
            found = problems[0]
            raise BadValue(record.place, found.expected, found.seen)
        row = oracle.weigh(
            record.circuit, record.answer, (), shots=record.shots, model=record.model
        )
        rows.append((replace(row, case=record.place, position=position), record.circuit))
    judgement = oracle.judge(rows)
    if output == "json":
        members = {"verdict": str(judgement.verdict), "names": list(judgement.names)}
        members |= dict(lines(judgement))
        click.echo(json.dumps(members, indent=2))
    else:
        click.echo(judgement.verdict.shown)
        for label, text in lines(judgement):
            click.echo(f"{label:<10}{text}")
        for row in judgement.results:
            if row.wrong or row.impossible:
                why = "out of its bound" if row.wrong else f"{row.impossible} impossible shots"
                click.echo(f"{'wrong':<10}{row.case}: {why} {row.expected} {row.seen}".rstrip())
    codes = {Verdict.CONFORMS: ExitCode.OK, Verdict.VIOLATES: ExitCode.VIOLATED}
    return codes.get(judgement.verdict, ExitCode.NOT_JUDGED)
