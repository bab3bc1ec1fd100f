"""Debiased jobs: variants that agree with each other, with the job, and with the machine."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from mock_driver import CNOT, SECOND, Driver, H, X, multi, qis

from conformance.mock import InstantClock, SteppedClock, ionq

DEBIASED = {"error_mitigation": {"debiasing": True}}


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


def debiased(*gates: Any, shots: int = 1000, **fields: Any) -> dict[str, Any]:
    return {**qis(*gates, backend="qpu.aria-1", shots=shots, settings=DEBIASED), **fields}


def variants_of(driver: Driver, job: str) -> list[dict[str, Any]]:
    output = driver.get(f"/jobs/{job}")["output"]
    found: list[dict[str, Any]] = output["error_mitigation"]["debiasing"]["variants"]
    return found


def read(driver: Driver, variant: dict[str, Any], kind: str) -> dict[str, float]:
    found: dict[str, float] = driver.get(variant["results"][kind]["url"].removeprefix("/v0.4"))
    return found


@pytest.mark.parametrize("shots", [500, 503, 1000, 1001, 4096])
def test_the_shots_of_all_variants_are_those_of_the_job(driver: Driver, shots: int) -> None:
    variants = variants_of(driver, driver.submit(debiased(H, CNOT, shots=shots)))
    assert sum(variant["shots"] for variant in variants) == shots
    assert len({variant["variant_id"] for variant in variants}) == len(variants) > 1
    assert max(v["shots"] for v in variants) - min(v["shots"] for v in variants) <= 1


def test_a_qubit_map_names_an_ion_of_the_machine_for_each_qubit(driver: Driver) -> None:
    payload = debiased(H, input={**qis(H)["input"], "qubits": 25})
    maps = [tuple(v["qubit_map"]) for v in variants_of(driver, driver.submit(payload))]
    assert all(sorted(ions) == list(range(25)) for ions in maps)
    assert len(set(maps)) == len(maps)


def test_histogram_probabilities_and_shots_of_a_variant_are_the_same_reading(
    driver: Driver,
) -> None:
    for variant in variants_of(driver, driver.submit(debiased(H, CNOT))):
        histogram, shots = read(driver, variant, "histogram"), read(driver, variant, "shots")
        assert sum(histogram.values()) == variant["shots"]
        assert list(shots) == [str(number) for number in range(variant["shots"])]
        assert Counter(shots.values()) == {int(key): n for key, n in histogram.items()}
        shares = {key: count / variant["shots"] for key, count in histogram.items()}
        assert read(driver, variant, "probabilities") == shares


@pytest.mark.parametrize("shots", [1000, 503])
def test_the_job_tells_the_average_of_its_variants(driver: Driver, shots: int) -> None:
    job = driver.submit(debiased(H, CNOT, shots=shots))
    total: Counter[str] = Counter()
    for variant in variants_of(driver, job):
        total.update({k: int(n) for k, n in read(driver, variant, "histogram").items()})
    expected = {key: count / shots for key, count in total.items()}
    assert driver.get(f"/jobs/{job}/results/probabilities") == expected


def test_sharpened_results_are_the_vote_of_the_variants(driver: Driver) -> None:
    job = driver.submit(debiased(H, CNOT, shots=1000))
    ballots = [list(read(driver, v, "shots").values()) for v in variants_of(driver, job)]
    votes: dict[str, float] = {}
    for ballot in zip(*ballots, strict=True):
        counts = Counter(ballot)
        winners = [outcome for outcome, n in counts.items() if n == max(counts.values())]
        for outcome in winners:
            votes[str(outcome)] = votes.get(str(outcome), 0.0) + 1 / len(winners)
    told = driver.get(f"/jobs/{job}/results/probabilities?sharpen=true")
    assert told == driver.get(f"/jobs/{job}/results/probabilities?sharpen=True")
    assert told.keys() == votes.keys()
    for key, share in told.items():
        assert abs(share - votes[key] / len(ballots[0])) < 1e-12


def test_sharpening_makes_the_likely_outcome_likelier(driver: Driver) -> None:
    job = driver.submit(debiased(*[X, X] * 60, X, shots=2000))
    plain = driver.get(f"/jobs/{job}/results/probabilities?sharpen=false")["1"]
    assert plain < driver.get(f"/jobs/{job}/results/probabilities?sharpen=true")["1"] <= 1


def test_sharpening_changes_nothing_without_variants(driver: Driver) -> None:
    for payload in (qis(H), qis(H, backend="qpu.aria-1")):
        path = f"/jobs/{driver.submit(payload)}/results/probabilities"
        assert driver.get(f"{path}?sharpen=true") == driver.get(path)


def test_each_circuit_of_a_job_has_variants_of_its_own(driver: Driver) -> None:
    payload = multi({"circuit": [X]}, {"circuit": [H, CNOT]}, backend="qpu.forte-1",
                    settings=DEBIASED)  # fmt: skip
    job = driver.submit(payload)
    told = driver.get(f"/jobs/{job}")
    assert "error_mitigation" not in told["output"]
    children = told["child_job_ids"]
    named = {v["variant_id"] for child in children for v in variants_of(driver, child)}
    assert len(named) == 20
    plain = driver.get(f"/jobs/{job}/results/probabilities/aggregated")
    voted = driver.get(f"/jobs/{job}/results/probabilities/aggregated?sharpen=true")
    assert list(plain) == list(voted) == children
    assert voted[children[0]]["1"] > plain[children[0]]["1"]


@pytest.mark.parametrize(
    "payload",
    [
        qis(H, settings=DEBIASED),
        qis(H, backend="qpu.aria-1"),
        qis(H, backend="qpu.aria-1", settings={"error_mitigation": {"debiasing": False}}),
        qis(H, backend="qpu.aria-1", settings=DEBIASED, dry_run=True),
    ],
    ids=["simulator", "unasked", "declined", "dry run"],
)
def test_only_runs_on_machines_that_ask_for_it_have_variants(
    driver: Driver, payload: dict[str, Any]
) -> None:
    job = driver.submit(payload)
    assert "error_mitigation" not in driver.get(f"/jobs/{job}")["output"]
    path = f"/jobs/{job}/variants/e1a09d90-b2ba-4ea5-9fd7-4bfc14eac524/results/shots"
    assert driver.send("GET", path).status == 404


def test_variants_are_told_when_they_have_results_and_to_their_owner() -> None:
    clock = SteppedClock()
    driver = Driver(ionq.app(clock=clock))
    job = driver.submit(debiased(H))
    assert driver.get(f"/jobs/{job}")["output"] == {}
    clock.advance(1)
    url = variants_of(driver, job)[0]["results"]["histogram"]["url"].removeprefix("/v0.4")
    assert driver.send("GET", url).status == 200
    assert driver.send("GET", url, key=SECOND).status == 404


def test_the_same_seed_gives_the_same_variants() -> None:
    drivers = [Driver(ionq.app(seed=seed, clock=InstantClock())) for seed in (3, 3, 4)]
    first, again, other = (variants_of(d, d.submit(debiased(H))) for d in drivers)
    assert first == again
    assert first != other
