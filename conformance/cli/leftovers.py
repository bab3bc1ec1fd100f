"""What live runs could not remove, said to people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.live import Leftover, default_folder, in_use, journals, read_journal

if TYPE_CHECKING:
    from conformance.engine import Options


def folder_of(named: object) -> Path:
    """Return the folder of journals: the one that is named, or the user's own."""
    return Path(str(named)) if named else default_folder()


def leftovers(folder: Path) -> list[Leftover]:
    """Return what runs that are over have left, oldest first."""
    read = [read_journal(path) for path in journals(folder) if not in_use(path)]
    return [left for left in read if left is not None and left.anything]


def warn_of_leftovers(options: Options) -> None:
    """Say on stderr that something is left, after a live run."""
    if not options.live:
        return
    left = leftovers(folder_of(options.journal))
    if left:
        jobs = sum(len(each.made) for each in left)
        open_ = sum(len(each.open) for each in left)
        click.echo(
            f"qconform: {jobs} jobs are left on the service, and {open_} submissions may have "
            "made one. Run: qconform cleanup",
            err=True,
        )
