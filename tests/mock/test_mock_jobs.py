"""The life of jobs: what they tell, when they move on, cancel, delete, lists."""

from __future__ import annotations

from typing import Any

import pytest
from mock_driver import CNOT, Driver, H, X, multi, native, qis

from conformance.mock import InstantClock, SteppedClock, ionq


@pytest.fixture
def driver() -> Driver:
    return Driver(ionq.app(clock=InstantClock()))


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def stepped(clock: SteppedClock) -> Driver:
    return Driver(ionq.app(clock=clock))


def test_a_new_job_is_submitted_and_belongs_to_no_session(driver: Driver) -> None:
    reply = driver.send("POST", "/jobs", qis(H))
    assert reply.status == 201
    assert reply.json() | {"id": "*"} == {"id": "*", "status": "submitted", "session_id": None}


def test_a_job_moves_from_submitted_over_ready_and_started_to_completed(
    stepped: Driver, clock: SteppedClock
) -> None:
    job = stepped.submit(qis(H))
    seen = []
    for _ in range(40):
        seen.append(stepped.get(f"/jobs/{job}")["status"])
        clock.advance(0.001)
    assert list(dict.fromkeys(seen)) == ["submitted", "ready", "started", "completed"]
    assert seen == sorted(seen, key=["submitted", "ready", "started", "completed"].index)


def test_nothing_moves_while_the_clock_stands_still(stepped: Driver) -> None:
    job = stepped.submit(qis(H))
    assert {stepped.get(f"/jobs/{job}")["status"] for _ in range(5)} == {"submitted"}


def test_a_queue_lies_before_a_machine(stepped: Driver, clock: SteppedClock) -> None:
    simulated, run = stepped.submit(qis(H)), stepped.submit(qis(H, backend="qpu.aria-1"))
    clock.advance(0.03)
    assert stepped.get(f"/jobs/{simulated}")["status"] == "completed"
    assert stepped.get(f"/jobs/{run}")["status"] == "ready"


def test_times_and_results_appear_as_they_come_about(stepped: Driver, clock: SteppedClock) -> None:
    job = stepped.submit(qis(H))
    early = stepped.get(f"/jobs/{job}")
    unset = ("started_at", "completed_at", "execution_duration_ms", "results", "failure")
    assert [early[name] for name in unset] == [None] * 5
    assert stepped.send("GET", f"/jobs/{job}/results/probabilities").status == 404
    clock.advance(1)
    late = stepped.get(f"/jobs/{job}")
    assert early["submitted_at"] == late["submitted_at"] < late["started_at"] < late["completed_at"]
    assert late["execution_duration_ms"] == 12
    url = late["results"]["probabilities"]["url"]
    assert url == f"/v0.4/jobs/{job}/results/probabilities"


def test_a_job_on_an_instant_clock_has_ended_when_it_is_read(driver: Driver) -> None:
    assert driver.get(f"/jobs/{driver.submit(qis(H))}")["status"] == "completed"


def test_what_was_submitted_comes_back(driver: Driver) -> None:
    payload = qis(
        H, CNOT, {"gate": "x", "targets": [2], "controls": [0, 1]},
        qubits=4, name="a name", shots=321, metadata={"\x1e": "\x1f\u0000é\U0001f600"},
        noise={"model": "aria-1", "seed": 5},
        settings={"compilation": {"opt": 1, "precision": "1E-3", "other": []}},
    )  # fmt: skip
    told = driver.get(f"/jobs/{driver.submit(payload)}")
    for name in ("type", "backend", "name", "shots", "metadata", "noise"):
        assert told[name] == payload[name]
    assert told["settings"] == {"compilation": {"opt": 1, "precision": "1E-3"}}
    assert told["stats"]["qubits"] == 4
    assert told["stats"]["gate_counts"] == {"1q": 1, "2q": 1, "3q": 1}


def test_noise_is_told_of_simulator_jobs_only(driver: Driver) -> None:
    assert driver.get(f"/jobs/{driver.submit(qis(H))}")["noise"] == {"model": "ideal"}
    assert "noise" not in driver.get(f"/jobs/{driver.submit(qis(H, backend='qpu.aria-1'))}")


def test_a_dry_run_completes_without_results(driver: Driver) -> None:
    job = driver.submit(qis(H, dry_run=True))
    told = driver.get(f"/jobs/{job}")
    assert (told["status"], told["dry_run"], told["results"]) == ("completed", True, None)
    assert driver.send("GET", f"/jobs/{job}/results/probabilities").status == 404


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (qis({"gate": "x", "target": 2}), "InvalidInput"),
        (qis({"gate": "x", "target": -1}), "InvalidInput"),
        (qis({"gate": "x", "targets": [0.5]}), "InvalidInput"),
        (qis({"gate": "rx", "target": 0}), "InvalidInput"),
        (qis({"gate": "swap", "targets": [0, 0]}), "InvalidInput"),
        (qis({"gate": "cnot", "control": 0, "target": 0}), "InvalidInput"),
        (native({"gate": "gpi", "target": 0}), "InvalidInput"),
        (multi(), "InvalidInput"),
        (multi({"circuit": [X]}, gateset="native"), "UnsupportedGate"),
        (qis(H, qubits=30), "NotEnoughQubits"),
        (qis(H, qubits=10**30), "NotEnoughQubits"),
        (qis(H, qubits=26, noise={"model": "aria-1"}), "NotEnoughQubits"),
        (qis(H, qubits=26, backend="qpu.aria-1"), "NotEnoughQubits"),
        (qis(*[{"gate": "h", "target": q} for q in range(25)], qubits=25), "SimulationTimeout"),
        (qis(*[{"gate": "h", "target": q % 20} for q in range(4000)], qubits=20), "TooManyGates"),
        (
            qis(H, backend="qpu.aria-1", shots=499,
                settings={"error_mitigation": {"debiasing": True}}),
            "DebiasingError",
        ),
        (
            {"type": "quantum-function", "backend": "simulator",
             "input": {"type": "f", "data": {}}},
            "PreflightError",
        ),
    ],
)  # fmt: skip
def test_a_job_that_cannot_run_fails_and_says_why(
    driver: Driver, payload: dict[str, Any], code: str
) -> None:
    job = driver.submit(payload)
    told = driver.get(f"/jobs/{job}")
    assert told["status"] == "failed"
    assert told["failure"]["code"] == code
    assert told["failure"]["message"]
    assert (told["started_at"], told["results"], told["child_job_ids"]) == (None, None, None)
    assert driver.send("GET", f"/jobs/{job}/results/probabilities").status == 404
    assert driver.get(f"/jobs/{job}/cost")["estimated_cost"]["value"] == 0


def test_a_job_for_an_unknown_backend_or_session_is_refused(driver: Driver) -> None:
    assert driver.send("POST", "/jobs", qis(H, backend="qpu.none")).status == 404
    assert driver.send("POST", "/jobs", qis(H, session_id="none")).status == 404
    assert driver.get("/jobs")["jobs"] == []


def test_a_canceled_job_stays_canceled_and_says_why(stepped: Driver, clock: SteppedClock) -> None:
    job = stepped.submit(qis(H))
    clock.advance(0.009)
    reply = stepped.send("PUT", f"/jobs/{job}/status/cancel")
    assert reply.json() == {"id": job, "status": "canceled"}
    clock.advance(1)
    told = stepped.get(f"/jobs/{job}")
    assert told["status"] == "canceled"
    assert told["failure"]["code"] == "SystemCancel"
    assert told["started_at"] is not None
    assert (told["completed_at"], told["results"]) == (None, None)
    assert stepped.send("GET", f"/jobs/{job}/results/probabilities").status == 404


def test_canceling_a_completed_job_changes_nothing(driver: Driver) -> None:
    job = driver.submit(qis(H))
    before = driver.get(f"/jobs/{job}")
    assert driver.send("PUT", f"/jobs/{job}/status/cancel").status == 200
    assert driver.get(f"/jobs/{job}") == before


def test_a_deleted_job_is_gone_everywhere(driver: Driver) -> None:
    job = driver.submit(multi({"circuit": [H]}, {"circuit": [X]}))
    child = driver.get(f"/jobs/{job}")["child_job_ids"][0]
    assert driver.send("DELETE", f"/jobs/{job}").json() == {"id": job, "status": "deleted"}
    for path in (f"/jobs/{job}", f"/jobs/{child}", f"/jobs/{job}/cost"):
        assert driver.send("GET", path).status == 404
    assert driver.get("/jobs")["jobs"] == []
    assert driver.send("DELETE", f"/jobs/{job}").status == 404


def test_several_jobs_are_canceled_or_deleted_together_or_not_at_all(stepped: Driver) -> None:
    ids = [stepped.submit(qis(H)) for _ in range(3)]
    assert stepped.send("PUT", "/jobs/status/cancel", {"ids": [*ids, "none"]}).status == 404
    assert stepped.get(f"/jobs/{ids[0]}")["status"] == "submitted"
    answer = stepped.send("PUT", "/jobs/status/cancel", {"ids": ids}).json()
    assert answer == {"ids": ids, "status": "canceled"}
    assert {job["status"] for job in stepped.get("/jobs")["jobs"]} == {"canceled"}
    assert stepped.send("DELETE", "/jobs", {"ids": ids}).status == 200
    assert stepped.get("/jobs")["jobs"] == []
    again = stepped.send("DELETE", "/jobs", {"ids": [stepped.submit(qis(H))] * 2})
    assert again.status == 200


def test_circuits_of_a_job_are_jobs_that_live_and_end_with_it(stepped: Driver) -> None:
    parent = stepped.submit(multi({"circuit": [H], "name": "one"}, {"circuit": [X, CNOT]}))
    told = stepped.get(f"/jobs/{parent}")
    assert told["stats"]["circuits"] == 2
    assert told["stats"]["gate_counts"] == {"1q": 2, "2q": 1}
    first, second = (stepped.get(f"/jobs/{child}") for child in told["child_job_ids"])
    assert (first["parent_job_id"], first["type"]) == (parent, "ionq.circuit.v1")
    assert (first["name"], first["stats"]["qubits"], second["stats"]["qubits"]) == ("one", 1, 2)
    child = first["id"]
    assert stepped.send("PUT", f"/jobs/{child}/status/cancel").status == 409
    assert stepped.send("DELETE", f"/jobs/{child}").status == 409
    stepped.send("PUT", f"/jobs/{parent}/status/cancel")
    assert stepped.get(f"/jobs/{child}")["status"] == "canceled"


def listed(driver: Driver, query: str = "") -> list[str]:
    return [job["id"] for job in driver.get(f"/jobs?{query}")["jobs"]]


def test_pages_show_every_job_once_newest_first(driver: Driver) -> None:
    ids = [driver.submit(qis(H)) for _ in range(7)]
    seen: list[str] = []
    query = "limit=3"
    while query:
        page = driver.get(f"/jobs?{query}")
        seen += [job["id"] for job in page["jobs"]]
        query = f"limit=3&next={page['next']}" if page["next"] else ""
    assert seen == ids[::-1]


def test_a_page_goes_on_after_jobs_on_it_were_deleted_and_others_came(driver: Driver) -> None:
    ids = [driver.submit(qis(H)) for _ in range(5)]
    following = driver.get("/jobs?limit=2")["next"]
    driver.send("DELETE", f"/jobs/{ids[2]}")
    driver.submit(qis(H))
    assert listed(driver, f"limit=2&next={following}") == [ids[1], ids[0]]


def test_a_page_that_nobody_was_sent_to_is_not_found(driver: Driver) -> None:
    assert driver.send("GET", "/jobs?next=anything").status == 404


def test_pages_hold_25_jobs_unless_asked_and_100_at_most(driver: Driver) -> None:
    for _ in range(102):
        driver.submit(qis(H))
    assert len(listed(driver)) == 25
    assert len(listed(driver, "limit=1000")) == 100
    assert len(listed(driver, "limit=-4")) == 1


def test_filters_keep_what_they_name(driver: Driver) -> None:
    plain = driver.submit(qis(H))
    failed = driver.submit(qis({"gate": "x", "target": 5}))
    run = driver.submit(qis(H, backend="qpu.aria-1"))
    parent = driver.submit(multi({"circuit": [H]}, {"circuit": [X]}))
    children = driver.get(f"/jobs/{parent}")["child_job_ids"]
    assert listed(driver) == [parent, run, failed, plain]
    assert listed(driver, "status=failed") == [failed]
    assert listed(driver, "status=ready") == []
    assert listed(driver, "target=qpu.aria-1") == [run]
    assert listed(driver, "target=qpu.aria-1,simulator") == [parent, run, failed, plain]
    assert listed(driver, f"ids={plain}&ids={run}") == [run, plain]
    assert listed(driver, f"ids={plain},{children[1]}") == [children[1], plain]
    assert listed(driver, f"parent_job_id={parent}") == children
    assert listed(driver, "parent_job_id=none") == []
    assert listed(driver, "session_id=none") == []
    assert listed(driver, f"status=completed&ids={failed}") == []


def test_a_listed_job_is_the_job_without_its_children(driver: Driver) -> None:
    job = driver.submit(multi({"circuit": [H]}))
    single = driver.get(f"/jobs/{job}")
    del single["child_job_ids"]
    assert driver.get("/jobs")["jobs"] == [single]


def test_ids_differ_between_seeds_and_not_between_runs() -> None:
    def first_id(seed: int) -> str:
        return Driver(ionq.app(seed=seed, clock=InstantClock())).submit(qis(H))

    assert first_id(1) == first_id(1) != first_id(2)
