"""Backends and their characterizations."""

from __future__ import annotations

import pytest
from mock_driver import Driver

from conformance.mock import InstantClock, ionq


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


def test_the_simulator_and_every_machine_are_listed(driver: Driver) -> None:
    qubits = {backend["backend"]: backend["qubits"] for backend in driver.get("/backends")}
    assert qubits == {
        "simulator": 29,
        "qpu.aria-1": 25,
        "qpu.aria-2": 25,
        "qpu.forte-1": 36,
        "qpu.forte-enterprise-1": 36,
        "qpu.forte-enterprise-2": 36,
        "qpu.forte-enterprise-3": 36,
    }


def test_a_listed_backend_is_the_backend(driver: Driver) -> None:
    for backend in driver.get("/backends"):
        assert driver.get(f"/backends/{backend['backend']}") == backend


def test_a_backend_names_its_newest_characterization(driver: Driver) -> None:
    backend = driver.get("/backends/qpu.forte-1")
    newest = driver.get("/backends/qpu.forte-1/characterizations?limit=1")["characterizations"][0]
    wanted = backend["characterization_id"]
    assert newest["id"] == wanted
    assert driver.get(f"/backends/qpu.forte-1/characterizations/{wanted}") == newest
    assert newest["qubits"] == backend["qubits"]
    assert len(newest["connectivity"]) == 36 * 35 // 2


def test_pages_of_characterizations_tell_how_many_remain(driver: Driver) -> None:
    seen, page, remaining = [], 1, 1
    while remaining:
        told = driver.get(f"/backends/qpu.aria-1/characterizations?limit=4&page={page}")
        seen += [each["date"] for each in told["characterizations"]]
        assert told["pages"] == 7 - page
        page, remaining = page + 1, told["pages"]
    assert len(set(seen)) == 25
    assert seen == sorted(seen, reverse=True)


def test_characterizations_are_chosen_by_date(driver: Driver) -> None:
    query = "start=2025-12-01&end=2025-12-29"
    told = driver.get(f"/backends/qpu.aria-1/characterizations?{query}")["characterizations"]
    dates = [each["date"][:10] for each in told]
    assert dates == ["2025-12-22", "2025-12-15", "2025-12-08", "2025-12-01"]


def test_a_characterization_belongs_to_one_backend(driver: Driver) -> None:
    wanted = driver.get("/backends/qpu.aria-1")["characterization_id"]
    path = f"/backends/qpu.aria-2/characterizations/{wanted}"
    assert driver.send("GET", path).status == 404
