"""`qconform run`: judge a target and leave a report."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.settings import settings_of, table_from
from conformance.config import SUITES, Configuration
from conformance.errors import ExitCode, UnknownName

if TYPE_CHECKING:
    from conformance.engine import Options
    from conformance.live import Limits
    from conformance.model import Event, Waiver
    from conformance.transport import Trust


@click.command("run", short_help="judge a target, or the embedded mock, by the contract")
@settings_of("run")
@click.option("--case", default="", help="Only this scenario, as a finding names it.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              help="What to print.")  # fmt: skip
@click.option("--record", type=click.Path(path_type=Path),
              help="Record all exchanges here, as a cassette (.yaml or .json).")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress display.")
@click.option("--plan", is_flag=True,
              help="Say what the run would do and cost, and contact nothing.")  # fmt: skip
@click.pass_obj
def command(
    configuration: Configuration | None,
    /,
    *,
    case: str,
    output: str,
    record: Path | None,
    quiet: bool,
    plan: bool,
    **given: Any,
) -> int:
    """Judge a target by the bundled contract; print the verdict and leave a report.

    Without --url the target is the embedded mock. Reports go to conformance-report/:
    report.html, junit.xml, report.json and run.ndjson, from which all of them are made.
    """
    from conformance.cli.leftovers import warn_of_leftovers
    from conformance.cli.progress import Progress
    from conformance.cli.recording import check_recording, recorded
    from conformance.cli.remembering import failing_scenarios
    from conformance.cli.results import check_writable, print_results, write_reports
    from conformance.cli.results import record as record_events
    from conformance.cli.stopping import stopping
    from conformance.engine import Interrupt, run
    from conformance.providers import provider as facts_of

    out, junit = Path(given["out"]), given["junit"]
    options = options_from(given, case=case, waivers=configuration.waivers if configuration else ())
    if junit is not None:
        check_writable(junit)
    if record is not None:
        check_recording(record)
    if plan:
        return _show_plan(options, output=output)
    options = replace(options, first=failing_scenarios(out / "run.ndjson"))
    interrupt = Interrupt()
    try:
        seen = recorded(run(options, interrupt=interrupt), record, facts_of(options.provider).url)
        with stopping(interrupt), _closing(seen) as events:
            with Progress(shown=not quiet and output == "text") as progress:
                code = record_events(events, out / "run.ndjson", on_event=progress.tell)
            write_reports(out / "run.ndjson", out, junit=junit)
            print_results(out / "run.ndjson", output=output, out=out)
    finally:
        warn_of_leftovers(options)
    return code if code is not None else ExitCode.NOT_JUDGED


@contextlib.contextmanager
def _closing(events: Iterator[Event]) -> Iterator[Iterator[Event]]:
    """Close `events` after the block: what a run made is removed then, if it was not before."""
    with contextlib.closing(events) as stream:  # type: ignore[type-var] # a generator
        yield stream


def _show_plan(options: Options, *, output: str) -> int:
    from conformance.cli.plan import plan_text
    from conformance.engine.rehearsing import rehearse

    click.echo(plan_text(rehearse(options), output=output))
    return ExitCode.OK


def _limits(given: Mapping[str, Any]) -> Limits:
    from conformance.live import Limits

    if not given["live"]:
        return Limits(rate=given["rate"])
    return Limits(
        jobs=given["max_jobs"],
        cost=given["max_cost"],
        qpu_seconds=given["max_qpu_seconds"],
        requests=given["max_requests"],
        rate=given["rate"],
    )


def trust_from(given: Mapping[str, Any]) -> Trust:
    """Return the certificates that the command line names."""
    from conformance.transport import Trust

    named = {"ca": "ca", "certificate": "client_cert", "key": "client_key"}
    return Trust(**{field: str(given[option] or "") for field, option in named.items()})


def options_from(given: Mapping[str, Any], *, case: str, waivers: tuple[Waiver, ...]) -> Options:
    """Return the run that the options of the command line ask for.

    Raises:
        ConformanceError: One of them names what does not exist, or cannot be.
    """
    from conformance.cli.keys import key_from
    from conformance.engine import Options
    from conformance.providers import provider as facts_of

    facts = facts_of(given["provider"])
    _check_rules(given["rules"])
    live, url = given["live"], given["url"] or (facts.url if given["live"] else "")
    key, second = given["api_key"], given["second_api_key"]
    return Options(
        provider=given["provider"],
        url=url,
        key=key_from(key, facts.key_variables) if url else key,
        second_key=key_from(second, (facts.second_key_variable,)) if url else "",
        seed=given["seed"],
        profile=given["profile"],
        suites=given["suites"] or SUITES,
        operations=given["operations"],
        rules=given["rules"],
        select=given["select"],
        ignore=given["ignore"],
        severity=table_from(given["severity"], "severity"),
        waivers=waivers,
        case=case,
        request_timeout=given["request_timeout"],
        patience=given["job_timeout"] or (300.0 if live else 30.0),
        deadline=given["deadline"],
        alpha=given["alpha"],
        live=live,
        limits=_limits(given),
        backend=given["backend"],
        dry_run=given["dry_run"],
        journal=str(given["journal"] or ""),
        trust=trust_from(given),
        workers=given["workers"],
        faults=given["faults"],
    )


def _check_rules(wanted: tuple[str, ...]) -> None:
    from conformance.checks import RULES

    known = tuple(rule.id for rule in RULES)
    for name in wanted:
        if name not in known:
            raise UnknownName("rule", name, known, "--rule")
