"""`qconform gate`: what a new document breaks for clients of the old one."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from conformance.gate.accepting import Result
    from conformance.model import Exchange, Waiver

FORMATS = ("text", "json", "markdown", "github", "sarif", "junit", "html")
FILES = {
    "text": "gate.txt",
    "json": "gate.json",
    "markdown": "gate.md",
    "sarif": "gate.sarif",
    "junit": "gate.xml",
    "html": "gate.html",
}
LEVELS = ("breaking", "suspected", "risky", "compatible", "never")


@click.command("gate", short_help="tell what a new document breaks, with a witness")
@click.argument("base")
@click.argument("head")
@click.option("--base-overlay", "base_overlays", multiple=True,
              type=click.Path(path_type=Path), help="OpenAPI overlay for BASE.")  # fmt: skip
@click.option("--head-overlay", "head_overlays", multiple=True,
              type=click.Path(path_type=Path), help="OpenAPI overlay for HEAD.")  # fmt: skip
@click.option("--format", "output", type=click.Choice(FORMATS), default="text",
              show_default=True, help="What to print.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), help="Folder for every report as a file.")
@click.option("--fail-on", type=click.Choice(LEVELS), default="breaking", show_default=True,
              help="Exit 1 for this verdict and every worse one.")  # fmt: skip
@click.option("--set", "settings", multiple=True, metavar="NAME=VERDICT",
              help="Set a convention of the game; see `--conventions`.")  # fmt: skip
@click.option("--waivers", type=click.Path(path_type=Path),
              help="TOML file with [[waiver]] tables, instead of the configuration.")  # fmt: skip
@click.option("--grace-days", type=click.IntRange(min=0), default=0, show_default=True,
              help="Days that must lie before a newly announced sunset.")  # fmt: skip
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Judge as of this day.")
@click.option("--budget", type=click.FloatRange(min=0.05), default=2.0, show_default=True,
              help="Seconds in which a witness for one change is looked for.")  # fmt: skip
@click.option("--follow-refs", is_flag=True,
              help="Let references lead to other files and addresses.")  # fmt: skip
@click.option("--traffic", type=click.Path(path_type=Path), multiple=True,
              help="Recorded exchanges to weigh changes by: cassettes, HAR, run logs.")  # fmt: skip
@click.option("--clients", is_flag=True, help="Say which client library sends or reads it.")
@click.option("--target", default="",
              help="Service of HEAD, on this machine: judged by what BASE promises.")  # fmt: skip
@click.option("--replay-promises", is_flag=True,
              help="Judge the recordings of --traffic by what BASE promises.")  # fmt: skip
@click.option("--provider", default="", help="Whose API it is, for --clients and --target; "
              "else told by BASE for --clients, ionq for --target.")  # fmt: skip
@click.option("--conventions", is_flag=True, is_eager=True, expose_value=False,
              callback=lambda ctx, _, on: _conventions(ctx, on=on),
              help="Print the conventions of the game, and stop.")  # fmt: skip
def command(
    *,
    base: str,
    head: str,
    base_overlays: tuple[Path, ...],
    head_overlays: tuple[Path, ...],
    output: str,
    out: Path | None,
    fail_on: str,
    settings: tuple[str, ...],
    waivers: Path | None,
    grace_days: int,
    today: dt.datetime | None,
    budget: float,
    follow_refs: bool,
    traffic: tuple[Path, ...],
    clients: bool,
    target: str,
    replay_promises: bool,
    provider: str,
) -> int:
    """Tell what HEAD, a new OpenAPI document, breaks for clients of BASE.

    Each is a file, an address, or git:REVISION:PATH. Every breaking change comes with a request
    or response that was valid before and is not any more, confirmed by two validators.

    Exit codes: 0 nothing breaks, 1 something does, 2 wrong usage, 3 a document cannot be read.
    """
    from dataclasses import replace

    from conformance.gate import accepting, compare, documents, game

    day = today.date() if today else dt.datetime.now(dt.UTC).date()
    rules = game(map(_setting, settings), grace_days=grace_days)
    accepted = _waivers(waivers)
    before = documents.load(base, base_overlays, follow_outside=follow_refs)
    after = documents.load(head, head_overlays, follow_outside=follow_refs)
    comparison = compare(before.source, after.source, rules, today=day, budget=budget)
    if traffic:
        from conformance.gate.evidence import weighed

        comparison = weighed(comparison, before.source, after.source, recordings=traffic)
    if clients:
        from conformance.gate.clients import known_by_clients

        comparison = known_by_clients(comparison, before.source, after.source, provider)
    if target or replay_promises:
        from conformance.gate.behaviour import promises, told
        from conformance.gate.evidence import recorded

        exchanges = [
            *(_answers(target, provider or "ionq") if target else ()),
            *(recorded(traffic, before.source) if replay_promises else ()),
        ]
        fared = promises(before.source, exchanges)
        comparison = replace(comparison, promises=fared, notes=(*comparison.notes, *told(fared)))
    result = replace(
        accepting.judge(comparison, accepted, day, fail_on),
        base_file=before.file,
        head_file=after.file,
        line=lambda c: (before if c.gone else after).lines.line(c.pointer),
    )
    _write(result, output, out)
    return result.exit_code


def _answers(target: str, provider: str) -> Iterator[Exchange]:
    """Yield what a service answers to a small run of the bundled contract."""
    from conformance.cli.keys import key_from
    from conformance.engine import Options, run
    from conformance.model import ExchangeRecorded
    from conformance.providers import provider as facts_of

    facts = facts_of(provider)
    options = Options(
        provider=provider,
        url=target,
        key=key_from("", facts.key_variables),
        profile="smoke",
        suites=("lifecycle",),
        seed=1,
    )
    for event in run(options):
        if isinstance(event, ExchangeRecorded):
            yield event.exchange


def _setting(text: str) -> tuple[str, str]:
    name, _, verdict = text.partition("=")
    return name.strip(), verdict.strip()


def _waivers(path: Path | None) -> tuple[Waiver, ...]:
    """Return the waivers of a file, or of the configuration that holds in this folder."""
    from conformance import config

    found = config.read(path) if path is not None else config.find(Path.cwd())
    return config.waivers_of(found) if found is not None else ()


def _write(result: Result, output: str, out: Path | None) -> None:
    """Print one report, and write all of them into a folder."""
    from conformance.gate.output import render, terminal
    from conformance.report import write_text

    if output == "text":
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        width = min(shutil.get_terminal_size((80, 24)).columns, 120)
        click.echo(terminal(result, color=color, width=width), nl=False)
    else:
        click.echo(render(result, output), nl=False)
    for name, file in FILES.items() if out is not None else ():
        assert out is not None  # noqa: S101  # the loop is empty otherwise
        write_text(out / file, render(result, name))


def _conventions(ctx: click.Context, *, on: bool) -> None:
    if not on or ctx.resilient_parsing:
        return
    from conformance.gate import CONVENTIONS

    for line in CONVENTIONS:
        click.echo(f"{line.name:<30}{line.verdict:<12}{line.says}")
    ctx.exit(0)
