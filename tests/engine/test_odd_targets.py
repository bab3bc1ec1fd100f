"""Targets that are busy, hang, vanish, or are no such API at all."""

from __future__ import annotations

import time

import pytest
from hypothesis.errors import FlakyFailure, FlakyStrategyDefinition
from targets import Habit, hang, play, served

from conformance.engine import Options
from conformance.errors import BadValue, ConformanceError, ExitCode, RefusedTarget, SilentTarget

Answer = tuple[int, dict[str, str], bytes] | None
BUSY = b'{"statusCode": 429, "error": "Too Many Requests", "message": "slow down"}'


async def correct(_number: int, _path: str) -> Answer:
    return None


def test_a_target_over_http_that_keeps_its_promises_conforms() -> None:
    with served(Habit(correct)) as (target, options):
        played = play(options, suites=("access",), operations=("GetJob",))
    assert played.findings == []
    assert played.started.target == target.url
    assert played.finished.exit_code == ExitCode.OK


def test_a_429_is_obeyed_and_is_no_finding() -> None:
    refused: list[float] = []

    async def busy(number: int, _path: str) -> Answer:
        if number in {4, 9}:
            refused.append(time.monotonic())
            return 429, {"retry-after": "0.3", "content-type": "application/json"}, BUSY
        return None

    habit = Habit(busy)
    with served(habit) as (_, options):
        begun = time.monotonic()
        played = play(options, suites=("access",), operations=("GetJob",), workers=1)
        assert time.monotonic() - begun > 0.6
    assert len(refused) == 2
    assert played.findings == []
    assert played.finished.exit_code == ExitCode.OK
    statuses = {e.response.status for e in played.exchanges if e.response}
    assert 429 not in statuses, "a request that was sent again is recorded with its answer"


def test_a_target_that_hangs_for_ever_is_a_finding_and_the_run_ends() -> None:
    async def hangs_later(number: int, _path: str) -> Answer:
        if number > 20:
            await hang()
        return None

    with served(Habit(hangs_later)) as (_, options):
        begun = time.monotonic()
        played = play(options, suites=("access", "physics"), request_timeout=0.1)
        assert time.monotonic() - begun < 5
    assert played.rules == {"HTTP-005"}
    assert played.finished.exit_code == ExitCode.VIOLATED
    assert played.finished.stopped == "target-silent"
    assert {str(finding.clause) for finding in played.findings} == {"timeout"}


def test_a_target_that_hangs_in_one_place_is_judged_in_all_others() -> None:
    async def hangs_at_whoami(_number: int, path: str) -> Answer:
        if path.endswith("/whoami"):
            await hang()
        return None

    with served(Habit(hangs_at_whoami)) as (_, options):
        played = play(options, suites=("access",), request_timeout=0.15)
    assert "HTTP-005" in played.rules
    assert played.finished.stopped == ""
    assert played.exchanges[-1].response is not None


def test_a_target_that_answers_html_is_no_such_api() -> None:
    async def website(_number: int, _path: str) -> Answer:
        return 200, {"content-type": "text/html"}, b"<!doctype html><title>Hello</title>"

    with served(Habit(website)) as (_, options), pytest.raises(SilentTarget) as caught:
        play(options)
    assert "text/html" in str(caught.value)
    assert caught.value.exit_code == ExitCode.NOT_JUDGED


def test_a_target_that_never_answers_is_silent() -> None:
    async def mute(_number: int, _path: str) -> Answer:
        await hang()
        return None

    with served(Habit(mute)) as (_, options), pytest.raises(SilentTarget) as caught:
        play(options, request_timeout=0.2)
    assert "timeout" in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.org/v0.4",
        "http://127.0.0.1.example.org/v0.4",
        "http://localhost.example.org/v0.4",
        "http://0.0.0.0:8400/v0.4",
        "http://127.1/v0.4",
        "http://[::2]/v0.4",
    ],
)
def test_another_machine_is_refused_without_live(url: str) -> None:
    with pytest.raises(RefusedTarget, match="--live"):
        play(Options(url=url, key="a-key-of-somebody"))


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "ftp://127.0.0.1/v0.4",
        "http://",
        "http://[::1",
        "http://127.0.0.1:99999/v0.4",
        "http://127.0.0.1:port/v0.4",
        "http://a..b/v0.4",
        "http://127.0.0.1/v0.4?tenant=1",
        "http://127.0.0.1/v0.4#jobs",
    ],
)
def test_what_is_no_base_url_is_refused_by_name(url: str) -> None:
    with pytest.raises(BadValue, match="--url") as caught:
        play(Options(url=url, key="a-key-of-somebody", live=True))
    assert url in str(caught.value)


def test_a_password_in_the_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(BadValue, match="without user and password") as caught:
        play(Options(url="http://me:hunter2@127.0.0.1/v0.4", key="a-key-of-somebody"))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "schlüssel-12", "two words", "line\nbreak"])
def test_a_key_that_no_header_can_carry_is_refused_and_not_repeated(key: str) -> None:
    for first, second in ((key, ""), ("a-key-of-somebody", key or "\n")):
        with pytest.raises(ConformanceError, match="api-key") as caught:
            play(Options(url="http://127.0.0.1:9/v0.4", key=first, second_key=second))
        assert caught.value.exit_code == ExitCode.USAGE
        assert not key or key not in str(caught.value)


def test_faults_are_for_the_embedded_mock_alone() -> None:
    with pytest.raises(BadValue, match="--fault"):
        play(Options(url="http://127.0.0.1:9/v0.4", key="a-key-of-somebody", faults=("crash",)))


def test_a_target_that_changes_its_mind_is_no_defect_of_ours() -> None:
    async def refuses_at_times(number: int, path: str) -> Answer:
        if path.endswith("/jobs") and number % 3:
            return 503, {"content-type": "application/json", "retry-after": "0"}, BUSY
        return None

    with served(Habit(refuses_at_times)) as (_, options):
        played = play(options, profile="ci", case="lifecycle.sequences")
    assert not any("defect" in text for text in played.notes)
    assert played.finished.exit_code in {ExitCode.VIOLATED, ExitCode.NOT_JUDGED, ExitCode.OK}


@pytest.mark.parametrize("error", [FlakyStrategyDefinition, FlakyFailure])
def test_a_random_search_that_hypothesis_gives_up_ends_with_a_note(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def give_up(*_: object, **__: object) -> None:
        raise error("Inconsistent data generation", [ValueError()])

    monkeypatch.setattr("conformance.lifecycle.machine.run_state_machine_as_test", give_up)
    played = play(Options(), profile="ci", case="lifecycle.sequences")
    assert any("sequences stopped early" in text for text in played.notes), played.notes
    assert not any("defect" in text for text in played.notes)


def test_a_walk_that_breaks_by_our_fault_is_told_and_the_run_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from conformance.lifecycle import lists

    def broken(_talk: object) -> None:
        raise TypeError("unhashable")

    monkeypatch.setitem(lists.WALKS, "backends", broken)
    with served(Habit(correct)) as (_, options):
        played = play(options, suites=("lifecycle",), workers=1)
    (text,) = (text for text in played.notes if "defect" in text)
    assert text.startswith("backends broke off, a defect of qconform: TypeError('unhashable') in ")
    assert played.finished.exit_code == ExitCode.BUG
    assert len(played.exchanges) > 50
