"""Ctrl-C and SIGTERM end a run with a report; a second one ends the program."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from conformance.engine import Interrupt


@contextlib.contextmanager
def stopping(interrupt: Interrupt) -> Iterator[None]:
    """End the run at the first Ctrl-C or SIGTERM while the block runs, all at the second."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        if interrupt.raised:
            interrupt.at_once = True
            raise KeyboardInterrupt
        click.echo("qconform: stopping; the report follows (again: stop at once)", err=True)
        interrupt()

    before = {name: signal.signal(name, stop) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
