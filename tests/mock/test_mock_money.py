"""Estimates, costs and usage: one model, told in three places."""

from __future__ import annotations

from typing import Any

import pytest
from mock_driver import CNOT, Driver, H, X, multi, qis

from conformance.mock import SteppedClock, ionq
from conformance.mock.ionq import TENANTS

DAY = 86_400.0


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def driver(clock: SteppedClock) -> Driver:
    return Driver(ionq.app(clock=clock))


def estimated(driver: Driver, **query: Any) -> float:
    text = "&".join(f"{name.lstrip('_')}={value}" for name, value in query.items())
    cost: float = driver.get(f"/jobs/estimate?{text}")["estimated_cost"]
    return cost


def usage(driver: Driver, start: str, end: str, by: str = "job", every: str = "daily") -> Any:
    query = f"start_date={start}&end_date={end}&group_by={by}&modality={every}"
    return driver.get(f"/organizations/{TENANTS[0].organization_id}/usage?{query}")


def test_the_simulator_is_free(driver: Driver, clock: SteppedClock) -> None:
    assert estimated(driver, backend="simulator", shots=10**6, _2q_gates=1000) == 0
    job = driver.submit(qis(H))
    clock.advance(1)
    assert driver.get(f"/jobs/{job}/cost")["cost"] == {"value": 0.0, "unit": "usd"}


def test_an_estimate_tells_what_it_was_asked_with_the_defaults(driver: Driver) -> None:
    assert driver.get("/jobs/estimate?backend=qpu.aria-1")["input_values"] == {
        "backend": "qpu.aria-1",
        "type": "ionq.circuit.v1",
        "qubits": 25,
        "shots": 1000,
        "1q_gates": 0,
        "2q_gates": 0,
        "error_mitigation": False,
    }


def test_an_estimate_follows_from_the_rates_that_it_tells(driver: Driver) -> None:
    query = "backend=qpu.forte-1&shots=2000&1q_gates=30&2q_gates=20"
    told = driver.get(f"/jobs/estimate?{query}")
    rates = told["rate_information"]
    expected = 2000 * (30 * rates["cost_1q_gate"] + 20 * rates["cost_2q_gate"])
    assert told["estimated_cost"] == pytest.approx(expected, abs=1e-6)
    assert expected > rates["job_cost_minimum"]


@pytest.mark.parametrize("name", ["shots", "1q_gates", "2q_gates"])
def test_more_never_costs_less(driver: Driver, name: str) -> None:
    base = {"backend": "qpu.aria-1", "shots": 1000, "1q_gates": 10, "2q_gates": 10}
    costs = [
        estimated(driver, **{**base, name: number}) for number in (-5, 0, 1, 50, 10_000, 2**31 - 1)
    ]
    assert costs == sorted(costs)
    assert costs[0] >= 12.5


def test_error_mitigation_costs_at_least_twice_the_minimum(driver: Driver) -> None:
    assert estimated(driver, backend="qpu.aria-1", error_mitigation="true") == 25


def test_an_estimate_for_an_unknown_backend_is_refused(driver: Driver) -> None:
    assert driver.send("GET", "/jobs/estimate?backend=qpu.none").status == 404


def test_a_job_costs_what_was_estimated_for_its_gates(driver: Driver, clock: SteppedClock) -> None:
    job = driver.submit(qis(*[H, CNOT] * 20, backend="qpu.aria-1", shots=5000))
    before = driver.get(f"/jobs/{job}/cost")
    assert "cost" not in before
    clock.advance(1)
    after = driver.get(f"/jobs/{job}/cost")
    counts = driver.get(f"/jobs/{job}")["stats"]["gate_counts"]
    asked = {"1q_gates": counts["1q"], "2q_gates": counts["2q"]}
    expected = estimated(driver, backend="qpu.aria-1", shots=5000, **asked)
    assert before["estimated_cost"] == after["estimated_cost"] == after["cost"]
    assert after["cost"] == {"value": expected, "unit": "usd"}


def test_what_does_not_run_costs_nothing(driver: Driver, clock: SteppedClock) -> None:
    dry = driver.submit(qis(H, backend="qpu.aria-1", dry_run=True))
    canceled = driver.submit(qis(H, backend="qpu.aria-1"))
    driver.send("PUT", f"/jobs/{canceled}/status/cancel")
    clock.advance(1)
    told = driver.get(f"/jobs/{dry}/cost")
    assert (told["dry_run"], told["cost"]["value"], told["estimated_cost"]["value"]) == (True, 0, 0)
    assert "cost" not in driver.get(f"/jobs/{canceled}/cost")
    assert usage(driver, "2026-01-01", "2026-01-02")["amount_total"] == 0


@pytest.mark.parametrize("by", ["project", "user", "job"])
@pytest.mark.parametrize(
    ("every", "days"),
    [
        ("daily", ["2026-02-01", "2026-01-08", "2026-01-01"]),
        ("weekly", ["2026-01-26", "2026-01-05", "2026-01-01"]),
        ("monthly", ["2026-02-01", "2026-01-01"]),
    ],
)
def test_usage_is_the_sum_of_the_costs_of_the_jobs(
    driver: Driver, clock: SteppedClock, by: str, every: str, days: list[str]
) -> None:
    costs = []
    for wait, shots in ((7, 100), (24, 50_000), (0, 1000)):
        payload = multi({"circuit": [H]}, {"circuit": [X, CNOT]}, backend="qpu.aria-1")
        job = driver.submit({**payload, "shots": shots})
        driver.submit(qis(H))
        clock.advance(1)
        costs.append(driver.get(f"/jobs/{job}/cost")["cost"]["value"])
        clock.advance(wait * DAY)
    told = usage(driver, "2026-01-01", "2026-03-01", by, every)
    assert [entry["from"] for entry in told["usage_data"]] == days
    assert told["amount_total"] == pytest.approx(sum(costs), abs=1e-6)
    assert told["job_count"] == 3
    for total, each in (("amount_total", "amount"), ("time_us_total", "time_us")):
        parts = [entry[each] for entry in told["usage_data"]]
        groups = [g[each] for entry in told["usage_data"] for g in entry["group_usages"]]
        assert sum(parts) == pytest.approx(told[total], abs=1e-6)
        assert sum(groups) == pytest.approx(told[total], abs=1e-6)


def test_usage_begins_on_the_first_day_and_ends_before_the_last(
    driver: Driver, clock: SteppedClock
) -> None:
    driver.submit(qis(H, backend="qpu.aria-1"))
    clock.advance(1)
    assert usage(driver, "2026-01-01", "2026-01-02")["job_count"] == 1
    assert usage(driver, "2025-12-01", "2026-01-01")["job_count"] == 0
    assert usage(driver, "2026-01-02", "2026-01-01")["job_count"] == 0


def test_what_a_deleted_job_cost_is_still_told(driver: Driver, clock: SteppedClock) -> None:
    job = driver.submit(qis(H, backend="qpu.aria-1"))
    clock.advance(1)
    before = usage(driver, "2026-01-01", "2026-01-02")
    driver.send("DELETE", "/jobs", {"ids": [job, job]})
    assert usage(driver, "2026-01-01", "2026-01-02") == before


def test_the_five_dearest_groups_of_a_day_are_told(driver: Driver, clock: SteppedClock) -> None:
    for shots in range(10_000, 80_000, 10_000):
        driver.submit(qis(CNOT, backend="qpu.aria-1", shots=shots))
    clock.advance(1)
    (entry,) = usage(driver, "2026-01-01", "2026-01-02")["usage_data"]
    amounts = [group["amount"] for group in entry["group_usages"]]
    assert len(amounts) == 5
    assert amounts == sorted(amounts, reverse=True)
    assert entry["job_count"] == 7


def test_usage_of_another_organization_is_not_there(driver: Driver) -> None:
    other = TENANTS[1].organization_id
    query = "start_date=2026-01-01&end_date=2026-01-02&group_by=job&modality=daily"
    assert driver.send("GET", f"/organizations/{other}/usage?{query}").status == 404


def test_a_day_that_does_not_exist_is_refused(driver: Driver) -> None:
    query = "start_date=2026-02-30&end_date=2026-03-02&group_by=job&modality=daily"
    reply = driver.send("GET", f"/organizations/{TENANTS[0].organization_id}/usage?{query}")
    assert reply.json()["validation"] == {"keys": ["start_date"], "source": "query"}
