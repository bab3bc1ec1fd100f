"""The faults: a catalogue without gaps; tests/selftest shows that each of them is seen."""

from __future__ import annotations

import re

import pytest
from mock_driver import Driver, qis

from conformance.errors import UnknownName
from conformance.mock import FAULTS, InstantClock, ionq

NAMES = [fault.name for fault in FAULTS]


def test_names_are_unique_and_every_fault_names_rules_and_a_suite() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for fault in FAULTS:
        assert fault.suite in {"contract", "access", "physics", "lifecycle", "hostile"}
        assert fault.summary
        assert fault.finds
        for rule in fault.finds:
            assert re.fullmatch(
                r"(SCHEMA|HTTP|INPUT|ACCESS|LIFE|LIST|PHYS|STAT|COST|ROBUST)-\d{3}", rule
            )


def test_every_suite_has_enough_faults_to_prove_it() -> None:
    for suite in ("contract", "access", "physics", "lifecycle"):
        assert sum(fault.suite == suite for fault in FAULTS) >= 6


def test_the_operation_of_a_fault_exists() -> None:
    known = {operation.id for operation in ionq.app().specification.operations}
    assert {fault.operation for fault in FAULTS} - {""} <= known


def test_an_unknown_fault_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownName, match="'reversed-bits'"):
        ionq.app(faults=["reverse-bits"])


def test_faults_can_be_switched_while_the_mock_runs() -> None:
    app = ionq.app(clock=InstantClock())
    driver = Driver(app)
    payload = qis({"gate": "x", "target": 0}, qubits=3)
    app.faults.switch_on("reversed-bits")
    assert driver.probabilities(payload) == {"4": 1.0}
    app.faults.switch_off("reversed-bits")
    assert driver.probabilities(payload) == {"1": 1.0}


def test_a_request_that_hangs_ends_when_the_client_gives_up() -> None:
    reply = Driver(ionq.app(faults=["hang"])).send("GET", "/sessions")
    assert reply.status == 0
