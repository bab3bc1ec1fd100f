"""Mocks for tests: one each, with the clock, the faults and the hardships that the test wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from conformance.errors import ConformanceError, UnknownName
from conformance.mock import FAULTS, Clock, Faults, running
from conformance.mock.clock import clock_named
from conformance.mock.hardships import HARDSHIPS, enduring
from conformance.mock.ionq import IonqMock, app

SURVIVABLE = (
    *HARDSHIPS,
    "reversed-bits",
    "unknown-status",
    "missing-field",
    "results-withheld",
    "job-stuck",
    "crash",
    "html-answer",
    "cut-body",
)
"""What a client may meet and should survive: hardships, and faults of the service."""


@dataclass(slots=True)
class Mock:
    """A running mock."""

    url: str
    """Base URL, version included."""
    api_key: str = field(repr=False)
    second_api_key: str = field(repr=False)
    """Of another account."""
    app: IonqMock = field(repr=False)
    fault: str = ""
    """The fault or hardship of this run of a `conformance_faults` test, or ''."""

    @property
    def clock(self) -> Clock:
        """What jobs and sessions move on; `clock.advance(seconds)` moves it."""
        return self.app.clock

    @property
    def faults(self) -> Faults:
        """Switches: `faults.switch_on("reversed-bits")` takes effect at once."""
        return self.app.faults

    def reset(self) -> None:
        """Forget all jobs and sessions, and set clock and faults back to how they began."""
        self.app.reset()


@contextmanager
def serve(request: pytest.FixtureRequest, fault: str) -> Iterator[Mock]:
    """Serve the mock that a test asks for while the block runs."""
    marker = request.node.get_closest_marker("conformance_mock")
    options: dict[str, Any] = dict(marker.kwargs) if marker else {}
    hardships = [fault] if fault in HARDSHIPS else []
    try:
        clock = options.pop("clock", "real")
        made = app(
            clock=clock_named(clock) if isinstance(clock, str) else clock,
            faults=[fault] if fault and not hardships else [],
            **{**_options_of(hardships), **options},
        )
    except (ConformanceError, TypeError) as error:
        raise pytest.UsageError(f"conformance_mock: {error}") from None
    with running(enduring(made, hardships)) as served:
        first, second = made.keys[:2]
        yield Mock(served.url, first, second, made, fault)


def _options_of(hardships: list[str]) -> Mapping[str, Any]:
    return {"queue_time": 1.0} if "slow-queue" in hardships else {}


def fault_names(marker: pytest.Mark, metafunc: pytest.Metafunc) -> tuple[str, ...]:
    """Return the faults that a test marked `conformance_faults` is run for.

    Raises:
        pytest.UsageError: One does not exist, or the test uses no mock.
    """
    known = (*HARDSHIPS, *(fault.name for fault in FAULTS))
    where = f"{metafunc.definition.nodeid}: conformance_faults"
    for name in marker.args:
        if name not in known:
            raise pytest.UsageError(str(UnknownName("fault", str(name), known, where)))
    if "conformance_fault" not in metafunc.fixturenames:
        raise pytest.UsageError(f"{where}: expected a test with the fixture conformance_mock")
    return tuple(marker.args) or SURVIVABLE
