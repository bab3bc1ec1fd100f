"""The guard, the budget, the journal and the waits of a live run, each by itself."""

from __future__ import annotations

import email.utils
import json
import random
import time
from pathlib import Path

import pytest

from conformance.errors import UnwritableOutput
from conformance.live import (
    Budget,
    Guard,
    Journal,
    Limits,
    Pace,
    asked_wait,
    in_use,
    journals,
    read_journal,
    wait_before_retry,
)
from conformance.live.guard import Errand
from conformance.model import Case, Credential, Exchange, Request, Response
from conformance.providers import Price, provider
from conformance.spec import load

IONQ = provider("ionq")
BELL = {"qubits": 1, "gateset": "qis", "circuit": [{"gate": "h", "target": 0}]}
JOB = {"type": "ionq.circuit.v1", "backend": "simulator", "input": BELL}


def case(
    operation: str,
    body: object = None,
    path: str = "/jobs",
    credential: Credential = Credential.FIRST,
) -> Case:
    described = load("ionq").operation(operation)
    request = Request(method=described.method, path=path, body=json.dumps(body).encode())
    return Case(
        id="lifecycle.y.1",
        suite="lifecycle",
        operation=described,
        request=request,
        credential=credential,
    )


def never_asked(_query: dict[str, object]) -> object:
    raise AssertionError("an estimate was asked for")


def submitted(guard: Guard, body: object = JOB) -> Errand:
    errand = guard.errand(case("CreateJob", body), never_asked)
    assert isinstance(errand, Errand)
    return errand


def answered(errand: Errand, status: int, body: bytes = b'{"id": "mine"}') -> Exchange:
    return Exchange(case=errand.case, response=Response(status=status, body=body))


@pytest.mark.parametrize(
    ("operation", "body", "path"),
    [
        ("CreateJob", {"backend": "qpu.aria-1"}, "/jobs"),
        ("CreateJob", {"backend": ["simulator"]}, "/jobs"),
        ("CreateJob", {"backend": ""}, "/jobs"),
        ("CreateJob", [], "/jobs"),
        ("CreateSession", {"backend": "qpu.aria-1"}, "/sessions"),
        ("EndSession", None, "/sessions/s/end"),
        ("DeleteJob", None, "/jobs/somebody-elses"),
        ("CancelJobs", {"ids": ["somebody-elses"]}, "/jobs/status/cancel"),
        ("CancelJobs", {"ids": [["mine"]]}, "/jobs/status/cancel"),
        ("DeleteJobs", {"ids": []}, "/jobs"),
        ("DeleteJobs", {"ids": ["mine", "somebody-elses"]}, "/jobs"),
    ],
)
def test_a_live_run_does_not_send(operation: str, body: object, path: str) -> None:
    guard = Guard(IONQ, live=True)
    errand = submitted(guard)
    guard.settle(errand, answered(errand, 201))
    assert guard.made == ("mine",)
    wanted = case(operation, body, path)
    assert guard.objection(wanted)
    assert not Guard(IONQ, live=False).objection(wanted)


def test_a_live_run_submits_nothing_for_its_second_account() -> None:
    wanted = case("CreateJob", JOB, credential=Credential.SECOND)
    assert Guard(IONQ, live=True).objection(wanted)


def test_a_live_run_reads_submits_to_the_simulator_and_deletes_its_own() -> None:
    guard = Guard(IONQ, live=True)
    assert not guard.objection(case("GetJobs"))
    errand = submitted(guard)
    assert not guard.objection(errand.case)
    guard.settle(errand, answered(errand, 201))
    removal = case("DeleteJob", None, "/jobs/mine")
    assert not guard.objection(removal)
    guard.note(Exchange(case=removal, response=Response(status=200, body=b'{"id": "mine"}')))
    assert guard.made == ()


def test_a_job_is_marked_where_its_text_may_be_written_anew_and_nowhere_else(
    tmp_path: Path,
) -> None:
    journal = Journal(tmp_path, run="r", url="http://127.0.0.1/v0.4", provider="ionq")
    guard = Guard(IONQ, live=True, journal=journal)
    body = json.loads(submitted(guard, {**JOB, "metadata": {"a": "b"}}).case.request.body)
    assert body == {**JOB, "metadata": {"a": "b", "qconform": "r-1"}}
    full = {**JOB, "metadata": {str(n): "x" for n in range(10)}}
    assert json.loads(submitted(guard, full).case.request.body) == full
    odd = {**JOB, "metadata": 7}
    assert json.loads(submitted(guard, odd).case.request.body) == odd
    twice = b'{"backend": "simulator", "backend": "simulator"}'
    raw = case("CreateJob")
    raw = Case(
        id=raw.id,
        suite=raw.suite,
        operation=raw.operation,
        request=Request(method="POST", path="/jobs", body=twice),
    )
    errand = guard.errand(raw, never_asked)
    assert isinstance(errand, Errand)
    assert errand.case.request.body == twice
    assert isinstance(Guard(IONQ, live=True, dry_run=True).errand(raw, never_asked), str), (
        "what must go out as it is cannot be made a dry run"
    )
    left = read_journal(journal.path)
    assert left is not None
    assert left.open == {1: "r-1", 2: "", 3: "", 4: ""}
    journal.close()


@pytest.mark.parametrize(
    ("status", "sent", "kept"),
    [
        (201, True, True),
        (500, True, True),
        (502, True, True),
        (400, True, False),
        (429, False, False),
    ],
)
def test_what_may_have_been_made_stays_in_the_account(status: int, sent: bool, kept: bool) -> None:  # noqa: FBT001 - a table of cases
    guard = Guard(IONQ, live=True, budget=Budget(Limits(jobs=1)))
    errand = submitted(guard)
    errand.sent = sent
    guard.settle(errand, answered(errand, status))
    again = guard.errand(case("CreateJob", JOB), never_asked)
    assert isinstance(again, str) == kept


def test_children_count_as_jobs() -> None:
    several = {**JOB, "type": "ionq.multi-circuit.v1", "input": {"circuits": [BELL, BELL]}}
    assert submitted(Guard(IONQ, live=True), several).price == Price(jobs=3)
    limited = Guard(IONQ, live=True, budget=Budget(Limits(jobs=2)))
    assert isinstance(limited.errand(case("CreateJob", several), never_asked), str)


def test_the_price_of_a_job_on_a_machine_is_that_of_all_its_circuits() -> None:
    asked = []

    def ask(query: dict[str, object]) -> object:
        asked.append(query)
        return {"estimated_cost": 5.5, "estimated_execution_time": 2}

    guard = Guard(IONQ, live=True, backend="qpu.aria-1")
    several = {**JOB, "type": "ionq.multi-circuit.v1", "input": {"circuits": [BELL, BELL]}}
    errand = guard.errand(case("CreateJob", several), ask)
    assert isinstance(errand, Errand)
    assert errand.price == Price(jobs=3, cost=11.0, qpu_seconds=4.0)
    assert [query["1q_gates"] for query in asked] == [1, 1]
    assert json.loads(errand.case.request.body)["backend"] == "qpu.aria-1"


@pytest.mark.parametrize("answer", [None, [], {}, {"estimated_cost": "1"}, {"estimated_cost": -1}])
def test_a_job_without_a_price_is_not_submitted(answer: object) -> None:
    guard = Guard(IONQ, live=True, backend="qpu.aria-1")
    assert isinstance(guard.errand(case("CreateJob", JOB), lambda _query: answer), str)


def test_each_job_keeps_a_request_for_its_removal() -> None:
    budget = Budget(Limits(requests=4))
    assert budget.take_request()
    assert budget.reserve(Price(jobs=1)) == ""
    assert budget.take_request()
    assert budget.reserve(Price(jobs=1)), "one more would leave one behind"
    assert budget.take_request()
    assert not budget.take_request()
    assert budget.take_request(removal=True)
    assert budget.requests == 4


def test_the_journal_says_what_may_be_left(tmp_path: Path) -> None:
    journal = Journal(tmp_path, run="r", url="http://127.0.0.1/v0.4", provider="ionq")
    assert in_use(journal.path)
    numbers = [journal.attempt()[0] for _ in range(4)]
    journal.made(numbers[0], "a")
    journal.made(numbers[1], "b")
    journal.removed("a")
    journal.refused(numbers[2])
    left = read_journal(journal.path)
    assert left is not None
    assert (left.made, left.open, left.url) == (["b"], {4: "r-4"}, "http://127.0.0.1/v0.4")
    journal.close()
    assert journals(tmp_path) == (journal.path,)
    assert not in_use(journal.path)
    again = Journal.reopened(left)
    again.removed("b")
    again.refused(4)
    again.close()
    assert journals(tmp_path) == ()


def test_a_journal_that_was_cut_off_at_any_byte_is_read(tmp_path: Path) -> None:
    journal = Journal(tmp_path, run="r", url="u", provider="ionq")
    number, _ = journal.attempt()
    journal.made(number, "a")
    whole = journal.path.read_bytes()
    torn = tmp_path / "torn"
    head = whole.index(b"\n") + 1
    attempted = whole.index(b"\n", head) + 1
    for length in range(head, len(whole)):
        torn.write_bytes(whole[:length])
        left = read_journal(torn)
        assert left is not None
        known = len(left.made) + len(left.open)
        assert known == (whole[:length].count(b"\n") > 1 or length == attempted - 1)
    for junk in (b"", b"\xff\n", b"[]\n", b'{"journal": 2}\n', b"[" * 100_000):
        torn.write_bytes(junk)
        assert read_journal(torn) is None
    journal.close()


def test_a_run_without_a_journal_submits_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnwritableOutput, match="--journal"):
        Journal(tmp_path / "file", run="r", url="u", provider="ionq")


def retry(status: int, method: str, headers: dict[str, str], *, live: bool) -> float | None:
    response = Response(status=status, headers=tuple(headers.items()))
    return wait_before_retry(response, method, 0, live=live, lot=random.Random(1))  # noqa: S311 - dice


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT"])
def test_only_what_was_not_taken_or_changes_nothing_is_sent_again(method: str) -> None:
    safe = method == "GET"
    assert retry(429, method, {}, live=True) is not None
    assert retry(429, method, {}, live=False) is not None
    for status in (502, 503, 504):
        assert (retry(status, method, {}, live=True) is not None) == safe
        assert (retry(status, method, {"Retry-After": "1"}, live=False) is not None) == safe
        assert retry(status, method, {}, live=False) is None
    for status in (200, 400, 408, 409, 500):
        assert retry(status, method, {"Retry-After": "1"}, live=True) is None


def test_waits_grow_and_differ_and_have_an_end() -> None:
    lot = random.Random(2)  # noqa: S311 - dice
    busy = Response(status=429)
    waits = [
        wait_before_retry(busy, "GET", attempt, live=True, lot=lot) or 0.0 for attempt in range(12)
    ]
    assert all(0.25 * 2**n <= wait <= 0.5 * 2**n for n, wait in enumerate(waits[:6]))
    assert all(15 <= wait <= 30 for wait in waits[6:])
    assert len(set(waits)) == len(waits)


@pytest.mark.parametrize("skew", [-86400, 0, 86400])
def test_a_date_to_wait_for_is_read_by_the_clock_that_wrote_it(skew: int) -> None:
    date, later = (email.utils.formatdate(time.time() + skew + s, usegmt=True) for s in (0, 30))
    response = Response(status=429, headers=(("Date", date), ("Retry-After", later)))
    assert asked_wait(response) == pytest.approx(30)


@pytest.mark.parametrize("text", ["", "soon", "-5", "1e9", "nan", "٣", "Mon, 99 Foo 2026"])
def test_what_is_no_time_to_wait_is_no_time_to_wait(text: str) -> None:
    assert asked_wait(Response(status=429, headers=(("Retry-After", text),))) is None


def test_requests_keep_their_distance() -> None:
    now = [100.0]
    pace = Pace(4.0, now=lambda: now[0])
    assert [pace.delay() for _ in range(3)] == [0.0, 0.25, 0.5]
    now[0] = 200.0
    assert pace.delay() == 0.0
    assert [Pace(None).delay() for _ in range(3)] == [0.0] * 3
