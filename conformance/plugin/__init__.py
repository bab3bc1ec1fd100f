"""The pytest plugin: options, markers and hooks. What they do is in the modules beside this one.

Nothing but pytest is imported until an option or a fixture of ours is used, so that a project
which merely has qconform installed pays a few milliseconds.
"""

from __future__ import annotations

from typing import Any

import pytest

from conformance.plugin.fixtures import (
    conformance_cassette,
    conformance_check,
    conformance_fault,
    conformance_mock,
    conformance_target,
)

__all__ = [
    "conformance_cassette",
    "conformance_check",
    "conformance_fault",
    "conformance_mock",
    "conformance_target",
    "pytest_addoption",
    "pytest_configure",
    "pytest_generate_tests",
    "pytest_terminal_summary",
]

_MARKERS = {
    "conformance_faults(*names)": "run the test against the mock once for each fault or hardship; "
    "without names, for each that a client should survive",
    "conformance_mock(**options)": "options of the mock that the test is given: seed, strict, "
    "clock, latency, rate_limit, queue_time",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add our options."""
    group = parser.getgroup("conformance", "conformance of quantum-cloud APIs (qconform)")
    group.addoption(
        "--conformance",
        metavar="PROVIDER",
        default="",
        help="Collect this provider's contract as tests (ionq), one for each rule and operation.",
    )
    group.addoption(
        "--conformance-url",
        metavar="URL",
        default="",
        help="Base URL of the target, its key in QCONFORM_API_KEY; without it, the mock.",
    )
    group.addoption(
        "--conformance-live",
        action="store_true",
        help="Allow a target that is not on this machine.",
    )
    group.addoption(
        "--conformance-profile",
        metavar="NAME",
        default="",
        help="How much is done: smoke, ci or full (default: ci).",
    )
    group.addoption(
        "--conformance-suite",
        metavar="NAME",
        action="append",
        default=[],
        help="Only this suite of the run: access, lifecycle, physics ...; may be repeated.",
    )
    group.addoption(
        "--conformance-seed",
        metavar="N",
        type=int,
        default=None,
        help="Same seed, same cases (default: 1).",
    )
    group.addoption(
        "--conformance-fault",
        metavar="NAME",
        action="append",
        default=[],
        help="Switch a fault of the mock on; may be repeated.",
    )
    group.addoption(
        "--conformance-out",
        metavar="DIR",
        default="",
        help="Folder for the run log and the reports (default: conformance-report).",
    )
    group.addoption(
        "--conformance-record",
        metavar="MODE",
        choices=("none", "once", "new_episodes", "all"),
        default="once",
        help="Whether conformance_cassette records: none, once, new_episodes, all (default: once).",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make our markers known, and collect the contract if that is asked for."""
    for marker, meaning in _MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {meaning}")
    if config.getoption("--conformance"):
        from conformance.plugin.collecting import register

        register(config)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test marked `conformance_faults` once for each fault."""
    marker = metafunc.definition.get_closest_marker("conformance_faults")
    if marker is not None:
        from conformance.plugin.mocks import fault_names

        names = fault_names(marker, metafunc)
        metafunc.parametrize("conformance_fault", names, ids=names, indirect=True)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say which cassettes of `conformance_cassette` are stale."""
    from conformance.plugin import stale

    stale.tell(terminalreporter)
