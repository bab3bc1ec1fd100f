"""`qconform run`: judge a target and leave a report."""

from __future__ import annotations

from pathlib import Path

import click

from conformance.errors import ExitCode, UnknownName

SUITES = ("access", "lifecycle", "physics", "hostile", "contract")
PROFILES = ("smoke", "ci", "full")


@click.command("run", short_help="judge a target, or the embedded mock, by the contract")
@click.option("--url", default="", help="Base URL of the target; without it, the embedded mock.")
@click.option(
    "--api-key", default="", help="Key of the account; or QCONFORM_API_KEY, IONQ_API_KEY."
)
@click.option("--second-api-key", default="", help="Key of another account, to test access with.")
@click.option("--live", is_flag=True, help="Allow a target that is not on this machine.")
@click.option("--provider", default="ionq", show_default=True, help="Whose API it is.")
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same cases.")
@click.option("--profile", default="ci", show_default=True, help="smoke, ci or full.")
@click.option("--suite", "suites", multiple=True, help=f"Only this suite: {', '.join(SUITES)}.")
@click.option("--operation", "operations", multiple=True, help="Only this operation, by its id.")
@click.option("--rule", "rules", multiple=True, help="Judge by this rule only.")
@click.option("--case", default="", help="Only this scenario, as a finding names it.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("conformance-report"),
              show_default=True, help="Folder for the run log and the reports.")  # fmt: skip
@click.option("--junit", type=click.Path(path_type=Path), help="Write JUnit XML here too.")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text",
              help="What to print.")  # fmt: skip
@click.option("--request-timeout", type=click.FloatRange(min=0.01), default=10.0,
              show_default=True, help="Seconds a request may take in all.")  # fmt: skip
@click.option("--job-timeout", type=click.FloatRange(min=0.01), default=None,
              help="Seconds a job may take to end; 30, and 300 with --live.")  # fmt: skip
@click.option("--deadline", type=click.FloatRange(min=0), default=0.0,
              help="Seconds the run may take in all; then it reports what it has.")  # fmt: skip
@click.option("--alpha", type=float, default=1e-6, show_default=True,
              help="Bound on a false alarm over all sampled results of the run.")  # fmt: skip
@click.option("--workers", type=click.IntRange(1, 64), default=4, show_default=True,
              help="Scenarios played side by side.")  # fmt: skip
@click.option("--fault", "faults", multiple=True, help="Switch a fault of the embedded mock on.")
@click.option("--record", type=click.Path(path_type=Path),
              help="Record all exchanges here, as a cassette (.yaml or .json).")  # fmt: skip
@click.option("--quiet", is_flag=True, help="No progress display.")
def command(
    *,
    url: str,
    api_key: str,
    second_api_key: str,
    live: bool,
    provider: str,
    seed: int,
    profile: str,
    suites: tuple[str, ...],
    operations: tuple[str, ...],
    rules: tuple[str, ...],
    case: str,
    out: Path,
    junit: Path | None,
    output: str,
    request_timeout: float,
    job_timeout: float | None,
    deadline: float,
    alpha: float,
    workers: int,
    faults: tuple[str, ...],
    record: Path | None,
    quiet: bool,
) -> int:
    """Judge a target by the bundled contract; print the verdict and leave a report.

    Without --url the target is the embedded mock. Reports go to conformance-report/:
    report.html, junit.xml, report.json and run.ndjson, from which all of them are made.
    """
    from conformance.cli.keys import key_from
    from conformance.cli.progress import Progress
    from conformance.cli.recording import check_recording, recorded
    from conformance.cli.results import check_writable, print_results, write_reports
    from conformance.cli.results import record as record_events
    from conformance.engine import Options, run
    from conformance.providers import provider as facts_of

    facts = facts_of(provider)
    _check_rules(rules)
    if junit is not None:
        check_writable(junit)
    if record is not None:
        check_recording(record)
    options = Options(
        provider=provider,
        url=url,
        key=key_from(api_key, facts.key_variables) if url else api_key,
        second_key=key_from(second_api_key, (facts.second_key_variable,)) if url else "",
        seed=seed,
        profile=profile,
        suites=suites or SUITES,
        operations=operations,
        rules=rules,
        case=case,
        request_timeout=request_timeout,
        patience=job_timeout or (300.0 if live else 30.0),
        deadline=deadline,
        alpha=alpha,
        live=live,
        workers=workers,
        faults=faults,
    )
    with Progress(shown=not quiet and output == "text") as progress:
        events = recorded(run(options), record, facts.url)
        code = record_events(events, out / "run.ndjson", on_event=progress.tell)
    write_reports(out / "run.ndjson", out, junit=junit)
    print_results(out / "run.ndjson", output=output, out=out)
    return code if code is not None else ExitCode.NOT_JUDGED


def _check_rules(wanted: tuple[str, ...]) -> None:
    from conformance.checks import RULES

    known = tuple(rule.id for rule in RULES)
    for name in wanted:
        if name not in known:
            raise UnknownName("rule", name, known, "--rule")
