"""A mock with a state file: stopped, killed, started again."""

from __future__ import annotations

import http.client
import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from mock_driver import CNOT, FIRST, SECOND, Driver, H, X, multi, qis

from conformance.errors import BadValue, UnusableState
from conformance.mock import InstantClock, RealClock, SteppedClock, ionq

CHECKOUT = Path(__file__).resolve().parents[2]

QPU: dict[str, Any] = {"backend": "qpu.aria-1"}


DEBIASED = {"error_mitigation": {"debiasing": True}}

MAXCUT: dict[str, Any] = {
    "type": "qctrl.qaoa.v1",
    "backend": "simulator",
    "input": {
        "problem_type": "maxcut",
        "problem": {
            "directed": False,
            "multigraph": False,
            "graph": [],
            "nodes": [{"id": 0}, {"id": 1}],
            "adjacency": [[{"id": 1}], [{"id": 0}]],
        },
    },
    "external_settings": {"api_credentials": "a-key-for-the-solver"},
}

ENERGY: dict[str, Any] = {
    "type": "quantum-function",
    "backend": "simulator",
    "input": {
        "data": {
            "type": "hamiltonian-energy",
            "data": {
                "hamiltonian": [{"pauli_string": "Z", "coefficient": 2.0}],
                "ansatz": {"data": "OPENQASM 3.0; input float a; qubit[1] q; ry(a) q[0];"},
            },
        },
        "params": [0.7],
    },
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "mock.state"


@contextmanager
def stepped(file: Path, **options: Any) -> Iterator[Driver]:
    """Give a mock with a state whose clock a test steps."""
    with closing(ionq.app(clock=SteppedClock(), state=file, **options)) as mock:
        yield Driver(mock)


def live_through(driver: Driver) -> list[str]:
    """Do something of each kind and return the ids of the jobs that are left."""
    session = driver.session(job_count_limit=3, cost_limit={"unit": "usd", "value": 1000})
    in_session: dict[str, Any] = {"backend": "qpu.forte-1", "session_id": session}
    kept = [
        driver.submit(qis(H, CNOT, name="bell", metadata={"a": "\x1e\u00e4"})),
        driver.submit(qis(H, noise={"model": "aria-1", "seed": 7})),
        driver.submit(qis(H, CNOT, **QPU)),
        driver.submit(qis(H, dry_run=True, **QPU)),
        driver.submit(qis({"gate": "x", "target": 40})),
        driver.submit(multi({"qubits": 1, "circuit": [H]}, {"qubits": 1, "circuit": [X]})),
        driver.submit(qis(H, **in_session)),
        driver.submit(qis(H, CNOT, settings=DEBIASED, **QPU)),
        driver.submit(MAXCUT),
        driver.submit(ENERGY),
    ]
    gone = [driver.submit(qis(H, **in_session)), driver.submit(qis(X, **QPU))]
    canceled = driver.submit(qis(H, **QPU))
    assert driver.send("PUT", f"/jobs/{canceled}/status/cancel").status == 200
    driver.app.clock.advance(1)
    for job in gone:
        assert driver.send("DELETE", f"/jobs/{job}").status == 200
    other = driver.session()
    assert driver.send("POST", f"/sessions/{other}/end").status == 200
    return [*kept, canceled]


def everything(driver: Driver, jobs: list[str]) -> dict[str, bytes]:
    """Return every answer that the state is in."""
    usage = "start_date=2025-12-01&end_date=2026-02-01&group_by=job&modality=daily"
    organization = ionq.TENANTS[0].organization_id
    places = ["/jobs", "/sessions", f"/organizations/{organization}/usage?{usage}"]
    for job in jobs:
        children = json.loads(driver.send("GET", f"/jobs?parent_job_id={job}").raw)["jobs"]
        for each in (job, *(child["id"] for child in children)):
            places += [
                f"/jobs/{each}",
                f"/jobs/{each}/cost",
                f"/jobs/{each}/results/probabilities",
                f"/jobs/{each}/results/probabilities/aggregated",
                f"/jobs/{each}/circuits/native",
            ]
            told = driver.get(f"/jobs/{each}")
            mitigation = told["output"].get("error_mitigation", {}).get("debiasing", {})
            for variant in mitigation.get("variants", ()):
                links = [result["url"] for result in variant["results"].values()]
                places += [link.removeprefix("/v0.4") for link in links]
    for session in driver.get("/sessions")["sessions"]:
        places += [f"/sessions/{session['id']}", f"/sessions/{session['id']}/jobs"]
    return {place: driver.send("GET", place).raw for place in places}


def test_a_mock_that_starts_again_gives_the_very_same_answers(file: Path) -> None:
    with stepped(file, seed=3) as driver:
        jobs = live_through(driver)
        before = everything(driver, jobs)
    with stepped(file, seed=3) as driver:
        assert everything(driver, jobs) == before
    assert len(before) > 80
    assert sum(b"statusCode" not in told for told in before.values()) > 50
    assert b"a-key-for-the-solver" not in file.read_bytes()


def test_what_is_new_after_a_start_is_unlike_what_was_before(file: Path) -> None:
    with stepped(file) as driver:
        before = [*live_through(driver), driver.session()]
    with stepped(file) as driver:
        after = [*live_through(driver), driver.session()]
        assert not set(before) & set(after)
        assert len(driver.get("/jobs?limit=100")["jobs"]) == 22


def test_a_session_remembers_the_jobs_that_were_deleted(file: Path) -> None:
    with stepped(file) as driver:
        session = driver.session(job_count_limit=2)
        payload = qis(H, backend="qpu.forte-1", session_id=session)
        job = driver.submit(payload)
        driver.app.clock.advance(1)
        assert driver.send("DELETE", f"/jobs/{job}").status == 200
    with stepped(file) as driver:
        driver.submit(payload)
        assert driver.send("POST", "/jobs", payload).status == 409


def test_time_goes_on_while_the_mock_is_down(file: Path) -> None:
    with closing(ionq.app(clock=RealClock(speed=1000), state=file)) as mock:
        mock.step(1e6)
        seen = mock.clock.now()
    with closing(ionq.app(clock=RealClock(), state=file)) as mock:
        assert mock.clock.now() >= seen


def test_a_job_that_was_seen_to_end_has_ended_after_a_start(file: Path) -> None:
    mock = ionq.app(clock=InstantClock(), state=file)
    driver = Driver(mock)
    job = driver.submit(qis(H, **QPU))
    assert driver.get(f"/jobs/{job}")["status"] == "completed"
    mock.close()
    with closing(ionq.app(clock=InstantClock(), state=file)) as again:
        driver = Driver(again)
        driver.send("PUT", f"/jobs/{job}/status/cancel")
        assert driver.get(f"/jobs/{job}")["status"] == "completed"


def test_a_reset_empties_the_file_too(file: Path) -> None:
    with stepped(file) as driver:
        live_through(driver)
        driver.app.reset()
    with stepped(file) as driver:
        assert driver.get("/jobs")["jobs"] == []
        assert driver.get("/sessions")["sessions"] == []


def test_what_is_forgotten_for_room_stays_forgotten_and_billed(file: Path) -> None:
    usage = "start_date=2025-12-01&end_date=2026-02-01&group_by=job&modality=daily"
    place = f"/organizations/{ionq.TENANTS[0].organization_id}/usage?{usage}"
    with stepped(file, keep=2) as driver:
        for _ in range(6):
            driver.submit(qis(H, **QPU))
            driver.app.clock.advance(1)
        before = driver.get(place)
        assert before["job_count"] == 6
        assert len(driver.get("/jobs")["jobs"]) == 2
    with stepped(file, keep=2) as driver:
        assert len(driver.get("/jobs")["jobs"]) == 2
        assert driver.get(place) == before


def test_tenants_stay_apart_over_a_start(file: Path) -> None:
    with stepped(file) as driver:
        job = driver.submit(qis(H))
        assert driver.send("GET", f"/jobs/{job}", key=SECOND).status == 404
    with stepped(file) as driver:
        assert driver.send("GET", f"/jobs/{job}", key=FIRST).status == 200
        assert driver.send("GET", f"/jobs/{job}", key=SECOND).status == 404


def another_program(file: Path) -> None:
    with closing(sqlite3.connect(file)) as base:
        base.execute("CREATE TABLE notes (text)")


def damaged(file: Path) -> None:
    with stepped(file) as driver:
        for _ in range(200):
            driver.submit(qis(H, name="n" * 300))
    content = bytearray(file.read_bytes())
    content[5000:60000] = b"\x5a" * 55000
    file.write_bytes(content)


def of_another_release(file: Path) -> None:
    with stepped(file):
        pass
    with closing(sqlite3.connect(file)) as base:
        base.execute("PRAGMA user_version=99")


def of_odd_records(file: Path) -> None:
    with stepped(file) as driver:
        driver.submit(qis(H))
    with closing(sqlite3.connect(file)) as base:
        base.execute("UPDATE jobs SET record = '{\"id\": 5}'")
        base.commit()


@pytest.mark.parametrize(
    ("make", "seen"),
    [
        (lambda file: file.write_text("not a database, but long enough to be one" * 40), "kind"),
        (another_program, "a database of another program"),
        (damaged, "damaged|cannot be used"),
        (of_another_release, "layout 99 of another release"),
        (of_odd_records, "a record that cannot be read"),
        (lambda file: file.mkdir(), "unable to open"),
    ],
)
def test_a_file_that_is_no_state_is_named_and_left_alone(file: Path, make: Any, seen: str) -> None:
    make(file)
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(UnusableState, match=f"mock.state: expected .*{seen}"):
        ionq.app(state=file)
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_two_mocks_cannot_have_one_file(file: Path) -> None:
    with stepped(file), pytest.raises(UnusableState, match="another mock has open"):
        ionq.app(state=file)


def test_a_file_is_not_continued_with_another_seed(file: Path) -> None:
    with stepped(file, seed=5):
        pass
    with pytest.raises(BadValue, match=r"expected 5, got '0'.*made with seed 5"):
        ionq.app(state=file)


@contextmanager
def command(file: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `qconform mock` with a state until the block ends, which kills it without warning."""
    arguments = ["mock", "--port", "0", "--clock", "instant", "--state", str(file)]
    with subprocess.Popen(  # noqa: S603 (our own program)
        [sys.executable, "-m", "conformance", *arguments],
        cwd=CHECKOUT,
        text=True,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().split()[1]
        finally:
            process.kill()


def write_until_it_dies(
    url: str, key: str, acknowledged: list[str], enough: threading.Event
) -> None:
    """Submit jobs over one connection and note the ids that were answered."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    headers = {"Authorization": f"apiKey {key}", "Content-Type": "application/json"}
    body = json.dumps(qis(H, CNOT))
    try:
        while True:
            connection.request("POST", "/v0.4/jobs", body, headers)
            reply = connection.getresponse()
            answer = json.loads(reply.read())
            assert reply.status == 201
            acknowledged.append(answer["id"])
            if len(acknowledged) >= 25:
                enough.set()
    except (OSError, http.client.HTTPException, ValueError):
        connection.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_no_acknowledged_job_is_lost_when_the_mock_is_killed_while_writing(file: Path) -> None:
    acknowledged: dict[str, list[str]] = {FIRST: [], SECOND: []}
    for _ in range(3):
        with command(file) as (process, url):
            threads = []
            for key in (FIRST, SECOND, FIRST, SECOND):
                mine, enough = list[str](), threading.Event()
                thread = threading.Thread(
                    target=write_until_it_dies, args=(url, key, mine, enough), daemon=True
                )
                thread.start()
                threads.append((key, thread, mine, enough))
            for _key, _thread, _mine, enough in threads:
                assert enough.wait(120)
            process.send_signal(signal.SIGKILL)
            for key, thread, mine, _enough in threads:
                thread.join(120)
                acknowledged[key] += mine
    with closing(ionq.app(clock=InstantClock(), state=file)) as mock:
        for key, ids in acknowledged.items():
            driver = Driver(mock, key=key)
            assert len(ids) >= 150
            assert len(set(ids)) == len(ids)
            assert {driver.send("GET", f"/jobs/{job}").status for job in ids} == {200}
            assert driver.get(f"/jobs/{ids[-1]}/results/probabilities").keys() == {"0", "3"}


def test_jobs_of_every_type_come_back_with_the_same_results(file: Path) -> None:
    graph = {"nodes": [{"id": 0}, {"id": 1}], "adjacency": [[{"id": 1}], [{"id": 0}]]}
    energy = {"hamiltonian": [{"pauli_string": "X", "coefficient": 2}],
              "ansatz": {"data": "input float t; qubit q; ry(t) q;"}}  # fmt: skip
    payloads: list[dict[str, Any]] = [
        {"type": "qctrl.qaoa.v1", "input": {"problem_type": "maxcut", "problem": graph},
         "external_settings": {"api_credentials": "a secret"}, **QPU},
        {"type": "quantum-function", "input": {"params": [0.3], "data": {
            "type": "hamiltonian-energy", "data": energy}}, **QPU},
        qis(H, CNOT, settings={"error_mitigation": {"debiasing": True}}, **QPU),
    ]  # fmt: skip
    with stepped(file) as driver:
        jobs = [driver.submit(payload) for payload in payloads]
        driver.app.clock.advance(1)
        told = [driver.get(f"/jobs/{job}") for job in jobs]
        variant = told[2]["output"]["error_mitigation"]["debiasing"]["variants"][0]
        shots = driver.get(variant["results"]["shots"]["url"].removeprefix("/v0.4"))
        children = [driver.get(f"/jobs/{child}") for child in told[0]["child_job_ids"]]
    assert b"a secret" not in file.read_bytes()
    with stepped(file) as driver:
        assert [driver.get(f"/jobs/{job}") for job in jobs] == told
        assert driver.get(variant["results"]["shots"]["url"].removeprefix("/v0.4")) == shots
        assert [driver.get(f"/jobs/{job['id']}") for job in children] == children
