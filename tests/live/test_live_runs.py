"""A live run reads, submits simulator jobs, and leaves nothing behind."""

from __future__ import annotations

import json

import pytest

from conformance.engine import Options, run, running
from conformance.live import Guard
from conformance.mock import InstantClock
from conformance.mock import running as serving
from conformance.mock.ionq import app
from conformance.model import Case, Event, Exchange, ExchangeRecorded, Request, Response
from conformance.providers import provider
from conformance.spec import load

IONQ = provider("ionq")


def _case(operation: str, body: object = None, path: str = "/jobs") -> Case:
    described = load("ionq").operation(operation)
    request = Request(method=described.method, path=path, body=json.dumps(body).encode())
    return Case(id="x.y.1", suite="x", operation=described, request=request)


@pytest.mark.parametrize(
    ("operation", "body", "path"),
    [
        ("CreateJob", {"backend": "qpu.aria-1"}, "/jobs"),
        ("CreateJob", {"backend": ["simulator"]}, "/jobs"),
        ("CreateJob", [], "/jobs"),
        ("CreateSession", {"backend": "qpu.aria-1"}, "/sessions"),
        ("EndSession", None, "/sessions/s/end"),
        ("DeleteJob", None, "/jobs/somebody-elses"),
        ("CancelJobs", {"ids": ["somebody-elses"]}, "/jobs/status/cancel"),
        ("DeleteJobs", {"ids": []}, "/jobs"),
    ],
)
def test_a_live_run_does_not_send(operation: str, body: object, path: str) -> None:
    case = _case(operation, body, path)
    assert Guard(IONQ, live=True).objection(case)
    assert not Guard(IONQ, live=False).objection(case)


def test_a_live_run_reads_submits_to_the_simulator_and_deletes_its_own() -> None:
    guard = Guard(IONQ, live=True)
    made = _case("CreateJob", {"backend": "simulator"})
    assert not guard.objection(_case("GetJobs"))
    assert not guard.objection(made)
    guard.note(Exchange(case=made, response=Response(status=201, body=b'{"id": "mine"}')))
    removal = _case("DeleteJob", None, "/jobs/mine")
    assert not guard.objection(removal)
    guard.note(Exchange(case=removal, response=Response(status=200, body=b'{"id": "mine"}')))
    assert guard.made == ()


def test_a_whole_live_run_leaves_the_account_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "is_loopback", lambda _url: False)
    mock = app(clock=InstantClock())
    with serving(mock) as served:
        first, second = served.keys
        options = Options(
            url=served.url, key=first, second_key=second, live=True, profile="smoke", seed=3
        )
        events = list(run(options))
        listed = _jobs_of(served.url, first)
    sent = [_sent(event) for event in events if isinstance(event, ExchangeRecorded)]
    posted = [body for method, path, body in sent if method == "POST" and path == "/jobs"]
    assert posted
    assert all(body["backend"] == "simulator" for body in posted)
    assert not [path for method, path, _ in sent if method == "POST" and "/sessions" in path]
    assert listed == []


def _jobs_of(url: str, key: str) -> list[object]:
    from conformance.transport import HttpTransport

    transport = HttpTransport(url)
    header = IONQ.authorization(key)
    answer = transport.send(Request(method="GET", path="/jobs?limit=100", headers=(header,)))
    transport.close()
    jobs: list[object] = answer.json()["jobs"]
    return jobs


def _sent(event: Event) -> tuple[str, str, dict[str, object]]:
    assert isinstance(event, ExchangeRecorded)
    request = event.exchange.case.request
    body = json.loads(request.body) if request.body.startswith(b"{") else {}
    return request.method, request.path.partition("?")[0], body
