"""A running mock that is stepped, given faults, and made as new."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from mock_driver import SECOND, Driver, H, qis

from conformance.errors import BadValue
from conformance.mock import Clock, InstantClock, RealClock, SteppedClock, clock_named, ionq

Reply = tuple[int, Any]


def control(
    mock: ionq.IonqMock,
    method: str,
    place: str = "",
    body: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Ask the control path of `mock` and return status and content."""

    async def exchange() -> httpx.Response:
        transport = httpx.ASGITransport(app=mock)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            sent = None if body is None else json.dumps(body)
            used = {"content-type": "application/json"} if headers is None else dict(headers)
            return await client.request(method, f"/_mock{place}", content=sent, headers=used)

    reply = asyncio.run(exchange())
    return reply.status_code, reply.json()


@pytest.fixture
def mock() -> ionq.IonqMock:
    return ionq.app(clock=SteppedClock(), control=True)


def test_there_is_no_control_path_unless_asked_for() -> None:
    assert control(ionq.app(), "GET")[0] == 404
    assert control(ionq.app(), "POST", "/reset")[0] == 404


def test_stepping_the_clock_moves_jobs_on(mock: ionq.IonqMock) -> None:
    driver = Driver(mock)
    job = driver.submit(qis(H, backend="qpu.aria-1"))
    assert driver.get(f"/jobs/{job}")["status"] == "submitted"
    status, state = control(mock, "POST", "/clock", {"advance": 60})
    assert (status, state["clock"]["now"]) == (200, "2026-01-01T00:01:00.000Z")
    assert driver.get(f"/jobs/{job}")["status"] == "completed"


def test_faults_are_switched_while_the_mock_runs(mock: ionq.IonqMock) -> None:
    driver = Driver(mock)
    job = driver.submit(qis(H))
    assert control(mock, "POST", "/faults", {"on": ["missing-field"]})[1]["faults"] == [
        "missing-field"
    ]
    assert "stats" not in driver.get(f"/jobs/{job}")
    control(mock, "POST", "/faults", {"off": ["missing-field"]})
    assert "stats" in driver.get(f"/jobs/{job}")


def test_an_unknown_fault_is_named_and_nothing_is_switched(mock: ionq.IonqMock) -> None:
    status, answer = control(mock, "POST", "/faults", {"on": ["uniform", "unniform"]})
    assert status == 400
    assert "Did you mean 'uniform'?" in answer["message"]
    assert mock.faults.names == ()


def test_a_reset_mock_is_as_new() -> None:
    mock = ionq.app(clock=SteppedClock(), seed=4, faults=["wrong-stats"], rate_limit=3)
    driver = Driver(mock)
    first = [driver.submit(qis(H, shots="10")) for _ in range(2)]
    assert driver.send("POST", "/sessions", {"backend": "simulator"}).status == 201
    assert driver.send("GET", "/jobs").status == 429
    mock.clock.advance(5)
    mock.faults.switch_on("uniform")
    mock.faults.switch_off("wrong-stats")
    mock.reset()
    assert mock.counts == {"jobs": 0, "sessions": 0}
    assert (mock.faults.names, mock.leniency.report()) == (("wrong-stats",), ())
    assert mock.clock.now() == SteppedClock().now()
    assert [driver.submit(qis(H)) for _ in range(2)] == first


def test_the_control_path_resets_too(mock: ionq.IonqMock) -> None:
    Driver(mock).submit(qis(H))
    assert control(mock, "GET")[1]["jobs"] == 1
    assert control(mock, "POST", "/reset")[1]["jobs"] == 0


@pytest.mark.parametrize(
    ("method", "place", "body", "headers", "status"),
    [
        ("POST", "/clock", {"advance": -1}, None, 400),
        ("POST", "/clock", {"advance": "60"}, None, 400),
        ("POST", "/clock", {"advance": True}, None, 400),
        ("POST", "/clock", {"minutes": 1}, None, 400),
        ("POST", "/clock", [60], None, 400),
        ("POST", "/faults", {"on": "uniform"}, None, 400),
        ("POST", "/faults", {"on": [["uniform"]]}, None, 400),
        ("POST", "/reset", {}, {"content-type": "text/plain"}, 415),
        ("POST", "/reset", {}, {"origin": "http://x", "content-type": "application/json"}, 403),
        ("GET", "/reset", None, None, 404),
        ("POST", "/nowhere", {}, None, 404),
    ],
)
def test_what_the_control_path_cannot_do_is_refused_with_the_reason(
    mock: ionq.IonqMock,
    method: str,
    place: str,
    body: Any,
    headers: Mapping[str, str] | None,
    status: int,
) -> None:
    Driver(mock).submit(qis(H))
    found, answer = control(mock, method, place, body, headers)
    assert found == status
    assert answer["message"].startswith(("expected", "clock: expected"))
    assert control(mock, "GET")[1]["jobs"] == 1


@pytest.mark.parametrize("clock", [RealClock(), RealClock(60), InstantClock(), SteppedClock()])
def test_every_clock_is_moved_on_and_set_back(clock: Clock) -> None:
    before = clock.now()
    clock.advance(1e6)
    assert clock.now() - before >= 1e6
    clock.reset()
    assert clock.now() - before < 1e6
    for seconds in (-1.0, float("inf"), float("nan")):
        with pytest.raises(BadValue, match="seconds to move on by"):
            clock.advance(seconds)


def test_a_fast_clock_is_as_fast_as_its_name_says() -> None:
    clock = clock_named("1000000x")
    assert clock.speed == 1e6
    first = clock.now()
    while (later := clock.now()) == first:
        pass
    assert later > first


@pytest.mark.parametrize("name", ["sun", "x", "0x", "-1x", "60", "2000000x", "1e3x", "nanx", ""])
def test_a_clock_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(BadValue, match=r"^clock: expected real, instant, stepped, or a speed"):
        clock_named(name)


def test_a_lenient_mock_tells_what_it_let_pass_by_client() -> None:
    mock = ionq.app(clock=InstantClock())

    def send(method: str, place: str, agent: str, body: Any = None, **headers: str) -> None:
        async def exchange() -> None:
            transport = httpx.ASGITransport(app=mock)
            async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
                key = {"authorization": f"apiKey {SECOND}", "user-agent": agent}
                content = None if body is None else json.dumps(body)
                await client.request(
                    method, f"/v0.4{place}", content=content, headers={**key, **headers}
                )

        asyncio.run(exchange())

    typed = {"content-type": "application/json"}
    null_seed: dict[str, Any] = {"noise": {"model": "ideal", "seed": None}}
    send("POST", "/jobs", "qiskit-ionq/1 (x) os/y", qis(H, **null_seed), **typed)
    send("POST", "/jobs", "cirq/1 (z)", qis(H, shots="5", lang="json"), **typed)
    send("POST", "/jobs", "cirq/1 (z)", qis(H), **typed)
    send("POST", "/jobs", "pennylane/1", qis(H))
    send("GET", "/jobs?status=queued", "qiskit-ionq/1", None)
    send("GET", "/jobs", "cirq/1", {"limit": 1000}, **typed)
    send("GET", "/jobs/x?sharpen=True", "pennylane/1")
    send("GET", "/jobs/x/results/probabilities?sharpen=False", "a\x00b")
    send("GET", "/jobs/x/results/probabilities?sharpen=false", "")
    send("GET", "/backends/qpu.qpu", "")
    send("GET", "/jobs/estimate?backend=simulator&session=false", "")
    found = {(p.client, p.tolerance, p.operation): p.times for p in mock.leniency.report()}
    assert found == {
        ("qiskit-ionq/1", "null-noise-seed", "CreateJob"): 1,
        ("qiskit-ionq/1", "queued-filter", "GetJobs"): 1,
        ("cirq/1", "shots-as-text", "CreateJob"): 1,
        ("cirq/1", "lang-member", "CreateJob"): 1,
        ("cirq/1", "body-on-job-list", "GetJobs"): 1,
        ("pennylane/1", "json-without-content-type", "CreateJob"): 1,
        ("pennylane/1", "sharpen-on-job", "GetJob"): 1,
        ("a?b", "capital-boolean", "GetJobProbabilities"): 1,
        ("a client without a name", "bare-qpu-lookup", "getBackend"): 1,
        ("a client without a name", "session-on-estimate", "EstimateJobCost"): 1,
    }


def test_every_listed_tolerance_is_counted_by_its_own_example() -> None:
    from conformance import spec

    for tolerance in spec.tolerances("ionq"):
        for operation in tolerance.operations:
            mock = ionq.app(clock=InstantClock())
            _send_example(mock, operation, tolerance.example)
            assert {p.tolerance for p in mock.leniency.report()} == {tolerance.id}, tolerance.id


def _send_example(mock: ionq.IonqMock, operation: str, example: Mapping[str, Any]) -> None:
    found = mock.specification.operation(operation)
    path = found.path
    for name, value in example.get("path", {}).items():
        path = path.replace(f"{{{name}}}", value)

    async def exchange() -> None:
        transport = httpx.ASGITransport(app=mock)
        async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
            body = example.get("body")
            headers = example.get("headers", {"content-type": "application/json"} if body else {})
            await client.request(
                found.method,
                f"/v0.4{path}",
                params=example.get("query"),
                content=None if body is None else json.dumps(body),
                headers={"authorization": f"apiKey {SECOND}", **headers},
            )

    asyncio.run(exchange())


def test_the_count_of_clients_has_an_end() -> None:
    mock = ionq.app()
    for number in range(300):
        mock.leniency.note(f"client/{number}", ["lang-member"], "CreateJob")
    report = mock.leniency.report()
    assert len(report) == 101
    assert sum(each.times for each in report) == 300
    assert {each.times for each in report if each.client == "other clients"} == {200}
