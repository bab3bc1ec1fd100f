"""`qconform replay`: judge recorded exchanges again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from conformance.cli.settings import settings_of, table_from
from conformance.config import Configuration
from conformance.errors import ExitCode, UnknownName


@click.command("replay", short_help="judge recorded exchanges again, offline")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True,
                type=click.Path(path_type=Path))  # fmt: skip
@settings_of("replay")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              help="What to print.")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress display.")
@click.pass_obj
def command(
    configuration: Configuration | None,
    /,
    *,
    paths: tuple[Path, ...],
    output: str,
    quiet: bool,
    **given: Any,
) -> int:
    """Judge every exchange in PATH... by today's documents and rules; contact nothing.

    PATH is a run log, a cassette of vcrpy, qconform or Schemathesis, a HAR file, or a folder
    of them.
    """
    from conformance.cli.progress import Progress
    from conformance.cli.results import check_writable, print_results, record, write_reports
    from conformance.engine import Replay, replay

    out, junit = Path(given["out"]), given["junit"]
    _check(given["rules"])
    if junit is not None:
        check_writable(junit)
    log = out / "run.ndjson"
    _check_apart(paths, log)
    options = Replay(
        paths=paths,
        provider=given["provider"],
        operations=given["operations"],
        rules=given["rules"],
        select=given["select"],
        ignore=given["ignore"],
        severity=table_from(given["severity"], "severity"),
        waivers=configuration.waivers if configuration else (),
        alpha=given["alpha"],
        patience=given["job_timeout"] or 30.0,
    )
    with Progress(shown=not quiet and output == "text") as progress:
        code = record(replay(options), log, on_event=progress.tell)
    write_reports(log, out, junit=junit)
    print_results(log, output=output, out=out)
    return code if code is not None else ExitCode.NOT_JUDGED


def _check(rules: tuple[str, ...]) -> None:
    from conformance.checks import RULES

    known = tuple(rule.id for rule in RULES)
    for name in rules:
        if name not in known:
            raise UnknownName("rule", name, known, "--rule")


def _check_apart(paths: tuple[Path, ...], log: Path) -> None:
    """Raise unless the log to write is none of the files to read."""
    from conformance.errors import BadValue
    from conformance.traffic import files_in

    if log.exists() and any(path.exists() and path.samefile(log) for path in files_in(paths)):
        repair = "Name another with --out."
        raise BadValue("--out", "a folder that holds none of the recordings", str(log), repair)
