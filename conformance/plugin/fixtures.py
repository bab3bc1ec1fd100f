"""The fixtures, each a line or two around what makes its value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conformance.plugin.checking import Check
    from conformance.plugin.mocks import Mock
    from conformance.plugin.targets import Target


@pytest.fixture
def conformance_fault(request: pytest.FixtureRequest) -> str:
    """Name of the fault or hardship that this run of a `conformance_faults` test is for, or ''."""
    return str(getattr(request, "param", ""))


@pytest.fixture
def conformance_mock(request: pytest.FixtureRequest, conformance_fault: str) -> Iterator[Mock]:
    """A running mock of the test's own: `url`, `api_key`, `clock`, `faults`."""
    from conformance.plugin.mocks import serve

    with serve(request, conformance_fault) as mock:
        yield mock


@pytest.fixture
def conformance_target(request: pytest.FixtureRequest) -> Iterator[Target]:
    """What `--conformance-url` names, or a mock; what it answers is judged when the test ends."""
    from conformance.plugin.targets import target

    with target(request) as found:
        yield found


@pytest.fixture
def conformance_check(request: pytest.FixtureRequest) -> Check:
    """Judges one response of requests or httpx by the contract, or one result by its circuit."""
    from conformance.plugin.checking import Check

    return Check(request.config.getoption("--conformance") or "ionq")


@pytest.fixture
def conformance_cassette(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Plays the test's cassette to its HTTP client, or records it, secrets removed."""
    from conformance.plugin.cassettes import cassette

    with cassette(request) as found:
        yield found
