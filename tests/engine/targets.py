"""Targets that are the mock with one more habit, and the events of a run against them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.engine import Options, run
from conformance.mock import Running, running
from conformance.mock.ionq import IonqMock, app
from conformance.model import (
    Event,
    Exchange,
    ExchangeRecorded,
    Finding,
    FindingMade,
    NoteMade,
    RunFinished,
    RunStarted,
    SuiteFinished,
)

Send = Callable[[Any], Awaitable[None]]


@dataclass
class Habit:
    """The mock behind a habit: it is told each request's number, and may answer itself.

    `habit` returns None to let the mock answer, or (status, headers, body).
    """

    habit: Callable[[int, str], Awaitable[tuple[int, dict[str, str], bytes] | None]]
    mock: IonqMock = field(default_factory=app)
    paths: list[str] = field(default_factory=list)

    @property
    def base_path(self) -> str:
        return self.mock.base_path

    @property
    def keys(self) -> tuple[str, ...]:
        return self.mock.keys

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await self.mock(scope, receive, send)
            return
        self.paths.append(scope["path"])
        answer = await self.habit(len(self.paths), scope["path"])
        if answer is None:
            await self.mock(scope, receive, send)
            return
        status, headers, body = answer
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        raw.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": body})


@contextmanager
def served(habit: Habit) -> Iterator[tuple[Running, Options]]:
    """Serve `habit` while the block runs, with the options of a small run against it."""
    with running(habit) as target:
        first, second = target.keys
        yield (
            target,
            Options(url=target.url, key=first, second_key=second, profile="smoke", workers=2),
        )


async def hang() -> None:
    """Wait for longer than any test does."""
    await asyncio.sleep(30)


@dataclass(frozen=True)
class Played:
    """The events of a run, sorted by kind."""

    events: tuple[Event, ...]

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def exchanges(self) -> list[Exchange]:
        return [event.exchange for event in self.of(ExchangeRecorded)]

    @property
    def findings(self) -> list[Finding]:
        return [event.finding for event in self.of(FindingMade)]

    @property
    def rules(self) -> set[str]:
        return {finding.check for finding in self.findings}

    @property
    def notes(self) -> list[str]:
        return [event.text for event in self.of(NoteMade)]

    @property
    def suites(self) -> list[SuiteFinished]:
        return self.of(SuiteFinished)

    @property
    def started(self) -> RunStarted:
        assert isinstance(self.events[0], RunStarted)
        return self.events[0]

    @property
    def finished(self) -> RunFinished:
        assert isinstance(self.events[-1], RunFinished)
        return self.events[-1]


def play(options: Options | None = None, **changes: Any) -> Played:
    """Run to the end and return what was said; by default a small run on the embedded mock."""
    base = options or Options(profile="smoke", workers=2)
    return Played(tuple(run(replace(base, **changes))))
