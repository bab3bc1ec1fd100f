"""`qconform cleanup`: remove what live runs made and could not remove."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from conformance.cli.settings import settings_of
from conformance.errors import ExitCode

if TYPE_CHECKING:
    from conformance.engine import Options
    from conformance.live import Leftover


@click.command("cleanup", short_help="remove what live runs made and could not remove")
@settings_of("cleanup")
@click.option("--list", "only_list", is_flag=True, help="Show what is left, and contact nothing.")
@click.option("--forget", is_flag=True,
              help="Drop what cannot be removed: you have seen to it.")  # fmt: skip
def command(*, only_list: bool, forget: bool, **given: Any) -> int:
    """Remove the jobs of live runs that were killed, or whose target went away.

    Every live run notes what it makes in a journal, before it makes it. Jobs are found by
    their ids, and those whose creation broke off by the mark that the run gave them. With
    --url only the journals of this target are worked off. Exit code 3: something is left.
    """
    from conformance.cli.leftovers import folder_of, leftovers

    found = [
        left
        for left in leftovers(folder_of(given["journal"]))
        if not given["url"] or left.url == given["url"]
    ]
    if not found:
        click.echo("nothing is left")
        return ExitCode.OK
    whole = True
    for left in found:
        click.echo(_line(left))
        if not only_list:
            whole &= _clean(left, given, forget=forget)
    return ExitCode.OK if whole and not only_list else ExitCode.NOT_JUDGED


def _line(left: Leftover) -> str:
    from conformance.report.visible import visible

    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(left.started))
    jobs, open_ = len(left.made), len(left.open)
    return visible(f"{when}  {left.url}: {jobs} jobs, {open_} submissions without an answer")


def _clean(left: Leftover, given: dict[str, Any], *, forget: bool) -> bool:
    from conformance.engine import clean_journal

    options = _options(left, given)
    cleaned = clean_journal(left, options)
    click.echo(f"  removed {len(cleaned.removed)}, left {len(cleaned.left)}")
    if cleaned.unknown:
        click.echo(f"  {cleaned.unknown} submissions may have made jobs that carry no mark: look")
    if cleaned.whole:
        return True
    if forget:
        left.path.unlink(missing_ok=True)
        click.echo("  forgotten")
        return True
    click.echo(f"  try again later, or see to it and say --forget; the journal: {left.path}")
    return False


def _options(left: Leftover, given: dict[str, Any]) -> Options:
    from conformance.cli.keys import key_from
    from conformance.cli.run import trust_from
    from conformance.engine import Options
    from conformance.engine.address import check_address, check_key
    from conformance.live import Limits
    from conformance.providers import provider

    key = key_from(given["api_key"], provider(left.provider).key_variables)
    check_address(left.url, live=given["live"])
    check_key(key, "--api-key")
    return Options(
        provider=left.provider,
        url=left.url,
        key=key,
        live=given["live"],
        request_timeout=given["request_timeout"],
        limits=Limits(rate=given["rate"]),
        trust=trust_from(given),
    )
