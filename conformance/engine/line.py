"""The line to a target: connections, what a live run may do over it, and what it leaves there."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from conformance.engine.address import is_loopback
from conformance.engine.cleaning import Cleaned, Cleaner
from conformance.engine.options import Options
from conformance.errors import BadValue
from conformance.live import (
    Budget,
    Guard,
    Journal,
    Leftover,
    Pace,
    default_folder,
    read_journal,
)
from conformance.model import Specification
from conformance.providers import Provider, provider
from conformance.spec import load
from conformance.transport import HttpTransport, Proxy, proxy_for

LIVE_RATE = 10.0
"""Requests a second on somebody else's system, unless another rate is named."""
_TIME_TO_CLEAN = 120.0
"""Seconds that removing what a run made may take."""


class Interrupt:
    """Ends a run from outside: a signal handler, another thread. Usable once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self.raised = False
        self.at_once = False
        """Whether not even what the run made is to be removed; its journal stays."""

    def listen(self, end: Callable[[], None]) -> None:
        """Call `end` when the run is interrupted; at once if it was already."""
        with self._lock:
            self._ends.append(end)
        if self.raised:
            end()

    def __call__(self) -> None:
        """Interrupt the run."""
        self.raised = True
        for end in tuple(self._ends):
            end()


class Line:
    """Everything between a run and its target.

    Args:
        options: Of the run; its URL is that of the target, also for the embedded mock.
        specification: The document.
        embedded: Whether the target is a mock that the run itself started.
        ends_at: Moment on the monotonic clock that no request outlasts.
    """

    def __init__(
        self, options: Options, specification: Specification, *, embedded: bool, ends_at: float
    ) -> None:
        self._options = options
        self._specification = specification
        self._provider: Provider = provider(options.provider)
        self.owned = is_loopback(options.url) and not options.live
        self.proxy = None if is_loopback(options.url) else proxy_for(options.url)
        self.transport = _transport(options, self.proxy, ends_at=ends_at)
        limits = options.limits
        if not self.owned and not embedded and limits.rate is None:
            limits = replace(limits, rate=LIVE_RATE)
        self.budget = Budget(limits)
        self.journal = None if self.owned or embedded else self._new_journal()
        self.guard = Guard(
            self._provider,
            live=not self.owned,
            budget=self.budget,
            journal=self.journal,
            backend=options.backend,
            dry_run=options.dry_run,
        )
        self._cleaning = threading.Lock()
        self._cleaned = False

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be written down, besides keys."""
        return tuple(filter(None, (self.proxy.password,))) if self.proxy else ()

    def clean_up(self) -> Cleaned:
        """Remove what a live run made, once, also after its time is up; a second call waits."""
        with self._cleaning:
            if self.owned or self._cleaned:
                return Cleaned()
            self._cleaned = True
            return self._clean_up()

    def _clean_up(self) -> Cleaned:
        left = read_journal(self.journal.path) if self.journal else None
        submissions = left.open if left else {}
        if not self.guard.made and not submissions:
            return Cleaned()
        transport = _transport(self._options, self.proxy)
        try:
            return Cleaner(
                transport,
                self._specification,
                self._provider,
                self._options.key,
                journal=self.journal,
                on_request=lambda: self.budget.take_request(removal=True),
                ends_at=time.monotonic() + _TIME_TO_CLEAN,
                pace=Pace(self.budget.limits.rate),
            ).clean(self.guard.made, submissions)
        finally:
            transport.close()

    def close(self) -> None:
        """Close all connections, and the journal, which goes when nothing is left."""
        self.transport.close()
        if self.journal is not None:
            self.journal.close()

    def _new_journal(self) -> Journal:
        options = self._options
        folder = Path(options.journal) if options.journal else default_folder()
        name = secrets.token_hex(6)
        return Journal(folder, run=name, url=options.url, provider=options.provider)


def clean_journal(left: Leftover, options: Options) -> Cleaned:
    """Remove what the run of a journal left; `options` give key, certificates and pace.

    Raises:
        ConformanceError: The target is none that may be contacted.
    """
    facts = provider(left.provider)
    specification = load(left.provider)
    if options.url != left.url:
        raise BadValue("--url", f"the target of the journal, {left.url}", options.url)
    proxy = None if is_loopback(options.url) else proxy_for(options.url)
    transport = _transport(options, proxy)
    journal = Journal.reopened(left)
    try:
        return Cleaner(
            transport,
            specification,
            facts,
            options.key,
            journal=journal,
            ends_at=time.monotonic() + _TIME_TO_CLEAN,
            pace=Pace(options.limits.rate or (None if is_loopback(options.url) else LIVE_RATE)),
        ).clean(left.made, left.open)
    finally:
        transport.close()
        journal.close()


def _transport(
    options: Options, proxy: Proxy | None, *, ends_at: float = float("inf")
) -> HttpTransport:
    return HttpTransport(
        options.url,
        timeout=options.request_timeout,
        ends_at=ends_at,
        trust=options.trust,
        proxy=proxy,
        loopback=is_loopback(options.url),
    )
