"""What a person at a terminal sees while a run goes on; nothing in CI."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from conformance.model import (
    Event,
    ExchangeRecorded,
    FindingMade,
    SuiteFinished,
    SuiteStarted,
)

if TYPE_CHECKING:
    from rich.status import Status


class Progress:
    """One line on stderr with the suite, the requests so far and the findings so far."""

    def __init__(self, *, shown: bool) -> None:
        self._shown = shown and sys.stderr.isatty()
        self._status: Status | None = None
        self._suite = "starting"
        self._requests = 0
        self._findings = 0

    def __enter__(self) -> Self:
        if self._shown:
            from rich.console import Console

            self._status = Console(stderr=True).status(self._line())
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def tell(self, event: Event) -> None:
        """Show what `event` changes."""
        if isinstance(event, SuiteStarted):
            self._suite = event.suite
        elif isinstance(event, ExchangeRecorded):
            self._requests += 1
        elif isinstance(event, FindingMade):
            self._findings += 1
        if self._status is None:
            return
        if isinstance(event, SuiteFinished):
            self._status.console.print(
                f"{event.suite}: {event.exchanges} requests, {event.elapsed:.1f} s", style="dim"
            )
        if self._requests % 10 == 0 or not isinstance(event, ExchangeRecorded):
            self._status.update(self._line())

    def _line(self) -> str:
        return f"{self._suite}: {self._requests} requests, {self._findings} findings"
