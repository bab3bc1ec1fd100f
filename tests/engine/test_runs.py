"""Runs on the embedded mock: what they say, in which order, and that they can be repeated."""

from __future__ import annotations

import json
import re
import threading
import time
import uuid
from collections import Counter
from collections.abc import Generator
from typing import Any, cast

import pytest
from targets import Habit, Played, play, served

from conformance.engine import Options, run
from conformance.errors import ConformanceError, ExitCode
from conformance.mock.ionq import app
from conformance.model import Event, ExchangeRecorded, RunStarted, Verdict
from conformance.spec import load

FIRST, _ = app().keys
UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def planned(played: Played, *, creating_only: bool = False) -> Counter[tuple[str, bytes, bytes]]:
    """Return the requests of a run, ids that the server made left out."""
    return Counter(
        (exchange.case.request.method, UUID.sub(b"*", path), UUID.sub(b"*", body))
        for exchange in played.exchanges
        for path, body in [(exchange.case.request.path.encode(), exchange.case.request.body)]
        if not creating_only or (exchange.case.request.method, path) == ("POST", b"/jobs")
    )


def test_a_clean_target_conforms() -> None:
    played = play(suites=("access",), operations=("GetJob",))
    assert played.findings == []
    assert (played.finished.verdict, played.finished.exit_code) == (Verdict.CONFORMS, ExitCode.OK)
    assert played.finished.stopped == ""
    assert {e.case.suite for e in played.exchanges} == {"access"}


def test_events_come_in_the_order_in_which_a_reader_needs_them() -> None:
    played = play(
        suites=("access", "physics"), operations=("getWhoami",), faults=("reversed-bits",)
    )
    kinds = [type(event).__name__ for event in played.events]
    assert kinds[0] == "RunStarted"
    assert kinds[-1] == "RunFinished"
    assert [suite.suite for suite in played.suites] == ["access", "physics"]
    numbers = [exchange.number for exchange in played.exchanges]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [suite.exchanges for suite in played.suites] == [
        sum(exchange.case.suite == suite for exchange in played.exchanges)
        for suite in ("access", "physics")
    ]
    recorded: set[int] = set()
    for event in played.events:
        if isinstance(event, ExchangeRecorded):
            recorded.add(event.exchange.number)
    assert all(set(finding.exchanges) <= recorded for finding in played.findings)


def test_a_run_says_what_it_judges_and_by_what() -> None:
    started = play(suites=("access",), operations=("getWhoami",), seed=77).started
    specification = load("ionq")
    assert (started.provider, started.seed, started.profile) == ("ionq", 77, "smoke")
    assert started.target == "embedded mock"
    assert (started.document, started.digest) == (specification.source, specification.digest)
    assert len(started.operations) == len(specification.operations)


def test_a_fault_violates_its_rule_and_the_finding_says_all_that_is_needed() -> None:
    played = play(suites=("access",), operations=("GetJob",), faults=("job-readable",), seed=5)
    assert (played.finished.verdict, played.finished.exit_code) == (
        Verdict.VIOLATES,
        ExitCode.VIOLATED,
    )
    finding = next(f for f in played.findings if f.check == "ACCESS-003")
    assert finding.operation == "GetJob"
    assert finding.expected
    assert finding.seen
    assert finding.where
    assert finding.source
    judged = next(e for e in played.exchanges if e.number == finding.exchanges[-1])
    assert judged.case.id == finding.case
    assert judged.case.request.path in finding.curl
    assert "$QCONFORM_API_KEY" in finding.curl
    again = "qconform run --fault job-readable --profile smoke --seed 5 --case "
    assert finding.again == again + "access.GetJob-other-tenant"
    assert dict(played.finished.findings)[finding.fingerprint] >= 1


@pytest.mark.parametrize(
    ("fault", "suite", "operation"),
    [
        ("key-echoed", "access", "GetJob"),
        ("job-readable", "access", "GetJob"),
        ("html-answer", "contract", "getBackends"),
        ("null-list", "contract", "GetSessions"),
    ],
)
def test_the_scenario_of_a_finding_finds_it_again(fault: str, suite: str, operation: str) -> None:
    first = play(suites=(suite,), operations=(operation,), faults=(fault,), seed=3)
    wanted = first.findings[0]
    scenario = wanted.again.rpartition("--case ")[2]
    again = play(case=scenario, faults=(fault,), seed=3)
    assert wanted.fingerprint in {finding.fingerprint for finding in again.findings}
    assert {exchange.case.id.rpartition(".")[0] for exchange in again.exchanges} == {scenario}
    assert again.finished.exit_code == ExitCode.VIOLATED


def test_half_a_key_is_no_secret_where_it_is_a_word_of_the_answers() -> None:
    async def named(_number: int, path: str) -> tuple[int, dict[str, str], bytes] | None:
        if not path.endswith("/whoami"):
            return None
        who = {"key_id": str(uuid.UUID(int=1)), "key_name": f"A {FIRST[: len(FIRST) // 2]}"}
        return 200, {"content-type": "application/json"}, json.dumps(who).encode()

    with served(Habit(named)) as (_, options):
        played = play(options, suites=("access",), operations=("getWhoami",))
    assert "ACCESS-001" in played.rules  # it asks for no key at all
    assert "ACCESS-005" not in played.rules


def test_the_id_of_a_case_plays_its_scenario() -> None:
    whole = play(case="physics.random-1")
    one = play(case="physics.random-1.2")
    assert planned(whole, creating_only=True) == planned(one, creating_only=True)
    assert len(planned(one, creating_only=True)) == 1


def test_the_same_seed_submits_the_same_circuits() -> None:
    first = planned(play(suites=("physics",), seed=9), creating_only=True)
    second = planned(play(suites=("physics",), seed=9, workers=1), creating_only=True)
    third = planned(play(suites=("physics",), seed=10), creating_only=True)
    assert first == second
    assert first != third
    assert sum(first.values()) > 10


def test_the_same_seed_fuzzes_with_the_same_requests() -> None:
    def fuzzed(seed: int) -> Counter[tuple[str, bytes, bytes]]:
        requests = planned(play(suites=("contract",), operations=("getBackend",), seed=seed))
        return Counter({key: n for key, n in requests.items() if key[1].startswith(b"/backends/")})

    first, second, third = fuzzed(4), fuzzed(4), fuzzed(5)
    assert first == second
    assert first != third


def test_a_run_of_one_operation_leaves_the_others_alone() -> None:
    played = play(suites=("access", "contract"), operations=("getBackends",))
    scenarios = {exchange.case.id.split(".")[1] for exchange in played.exchanges}
    others = {operation.id for operation in load("ionq").operations} - {"getBackends"}
    assert {"getBackends", "getBackends-keys"} <= scenarios
    assert scenarios.isdisjoint(others | {f"{name}-keys" for name in others})


def test_judging_can_be_limited_to_a_rule() -> None:
    faults = ("key-echoed", "job-readable")
    played = play(suites=("access",), operations=("GetJob",), rules=("ACCESS-003",), faults=faults)
    assert played.rules == {"ACCESS-003"}
    judged = {outcome.check for suite in played.suites for outcome in suite.outcomes}
    assert judged == {"ACCESS-003"}


def test_a_run_in_which_nothing_was_judged_cannot_tell() -> None:
    played = play(suites=("access",), operations=("getWhoami",), rules=("PHYS-001",))
    assert (played.finished.verdict, played.finished.exit_code) == (
        Verdict.INCONCLUSIVE,
        ExitCode.NOT_JUDGED,
    )


@pytest.mark.parametrize("suites", [("access", "lifecycle", "physics"), ("contract",)])
def test_a_run_ends_by_its_deadline_and_says_so(suites: tuple[str, ...]) -> None:
    begun = time.monotonic()
    played = play(Options(profile="full", suites=suites), deadline=1.0)
    assert time.monotonic() - begun < 3.0
    assert played.finished.stopped == "deadline"
    assert played.suites[-1].stopped == "deadline"
    assert played.findings == []


def test_a_request_that_the_deadline_cuts_off_is_no_finding() -> None:
    begun = time.monotonic()
    case = "access.GetSessions-other-tenant"
    played = play(case=case, faults=("hang",), deadline=0.8, request_timeout=20.0)
    assert time.monotonic() - begun < 3.0
    assert played.findings == []
    assert played.finished.stopped == "deadline"


def test_closing_the_events_stops_the_run() -> None:
    events = cast("Generator[Event]", run(Options(profile="full", workers=2)))
    assert isinstance(next(events), RunStarted)
    while not isinstance(next(events), ExchangeRecorded):
        pass
    worker = next(thread for thread in threading.enumerate() if thread.name == "run")
    events.close()
    worker.join(timeout=3)
    assert not worker.is_alive()
    assert "mock" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"profile": "huge"}, ("--profile", "'huge'", "smoke, ci, full")),
        ({"suites": ("access", "physic")}, ("--suite", "'physic'", "'physics'")),
        ({"operations": ("getJobs",)}, ("--operation", "'getJobs'", "'GetJobs'")),
        ({"provider": "acme"}, ("--provider", "'acme'", "ionq")),
        ({"faults": ("crush",)}, ("fault", "'crush'", "'crash'")),
        ({"case": "physic.bell"}, ("--case", "'physic'", "'physics'")),
        ({"case": "access"}, ("--case", "'access'")),
        ({"case": "access.GetJobs-key"}, ("--case", "'access.GetJobs-keys'")),
        ({"case": "lifecycle.nothing.3"}, ("--case", "'lifecycle.nothing'")),
        ({"case": "physics.random-2"}, ("--case", "'physics.random-2'", "random-1")),
        ({"case": "contract.getJobs.7"}, ("--case", "'contract.GetJobs'")),
        ({"deadline": float("nan")}, ("--deadline", "seconds", "'nan'")),
        ({"request_timeout": float("nan")}, ("--request-timeout", "seconds")),
        ({"patience": float("inf")}, ("--job-timeout", "seconds", "'inf'")),
    ],
)
def test_options_that_cannot_be_are_refused_before_anything_is_sent(
    changes: dict[str, Any], words: tuple[str, ...]
) -> None:
    with pytest.raises(ConformanceError) as caught:
        play(**changes)
    assert caught.value.exit_code == ExitCode.USAGE
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert "\n" not in str(caught.value)
