"""`qconform report`: render a run log again."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("report", short_help="render a run log again")
@click.argument("log", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Folder for the reports; by default the log's own.",
)
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML here too.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              help="What to print.")  # fmt: skip
def command(*, log: Path, out: Path | None, junit: Path | None, output: str) -> int:
    """Write report.html, junit.xml and report.json from LOG, a run.ndjson, and print it.

    The log of a run that was killed gives a report of what was judged by then.
    """
    from conformance.cli.results import print_results, write_reports

    folder = out or log.parent
    write_reports(log, folder, junit=junit)
    print_results(log, output=output, out=folder)
    return 0
