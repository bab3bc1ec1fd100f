"""A run played on the embedded mock as if it were live, to say what it would do and cost."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, replace

from conformance.engine.line import LIVE_RATE, Interrupt
from conformance.engine.options import Options
from conformance.engine.running import Run
from conformance.model import ExchangeRecorded, NoteMade, RunFinished
from conformance.providers import Price


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a live run would do, as far as a mock can tell."""

    url: str
    suites: tuple[tuple[str, int, int], ...]
    """Of each suite: name, requests, submissions."""
    requests: int
    """All, removals and estimates included."""
    price: Price
    currency: str
    backend: str
    rate: float
    stopped: str
    """Why the run would end early; empty when it would not."""
    notes: tuple[str, ...]


def rehearse(options: Options) -> Plan:
    """Play the run of `options` on the embedded mock, under the same rules and limits.

    Nothing else is contacted. Prices are the mock's own.

    Raises:
        ConformanceError: The options are wrong.
    """
    played = replace(
        options, url="", live=True, limits=replace(options.limits, rate=None), journal="", faults=()
    )
    requests, submissions = Counter[str](), Counter[str]()
    notes, stopped = [], ""
    with ExitStack() as resources:
        run = Run(played, resources, Interrupt())
        create = run.provider.jobs.create
        for event in run.events():
            if isinstance(event, ExchangeRecorded):
                case = event.exchange.case
                requests[case.suite] += 1
                made = case.operation is not None and case.operation.id == create
                submissions[case.suite] += made
            elif isinstance(event, NoteMade) and "not sent" in event.text:
                notes.append(event.text)
            elif isinstance(event, RunFinished):
                stopped = event.stopped
        used = run.line.budget
        return Plan(
            url=options.url or run.provider.url,
            suites=tuple((name, requests[name], submissions[name]) for name in requests),
            requests=used.requests,
            price=used.spent,
            currency=run.provider.spending.currency,
            backend=options.backend or run.provider.jobs.ideal_backend,
            rate=options.limits.rate or LIVE_RATE,
            stopped=stopped,
            notes=tuple(dict.fromkeys(notes)),
        )
