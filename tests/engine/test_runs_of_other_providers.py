"""Whole runs against the mocks of the other providers: nothing is wrong with them."""

from __future__ import annotations

import shlex

import pytest

from conformance.engine import SUITES, Options, run
from conformance.errors import BadValue
from conformance.mock import InstantClock, RealClock, running
from conformance.mock.playing import keys_of, mock_of
from conformance.model import Event, FindingMade, NoteMade, RunFinished, SuiteFinished
from conformance.spec import load

PROVIDERS = ("ibm", "scaleway")


def events(options: Options) -> list[Event]:
    return list(run(options))


def told(options: Options) -> tuple[list[str], list[str], RunFinished]:
    """Return what was found, which walks stopped early, and the end of the run."""
    seen = events(options)
    found = [
        f"{e.finding.check} {e.finding.operation}: {e.finding.expected}, {e.finding.seen}"
        for e in seen
        if isinstance(e, FindingMade)
    ]
    stopped = [e.text for e in seen if isinstance(e, NoteMade) and "stopped early" in e.text]
    return found, stopped, next(e for e in seen if isinstance(e, RunFinished))


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_faultless_mock_keeps_to_its_accesses_and_lifecycles(name: str) -> None:
    suites = ("access", "lifecycle")
    found, stopped, end = told(Options(provider=name, seed=3, suites=suites, profile="smoke"))
    assert found == []
    assert stopped == []
    assert end.verdict == "inconclusive" or end.exit_code == 0


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(1, 21))
@pytest.mark.parametrize("name", PROVIDERS)
def test_no_seed_finds_anything_in_a_faultless_mock(name: str, seed: int) -> None:
    found, stopped, end = told(Options(provider=name, seed=seed, suites=SUITES, profile="smoke"))
    assert (found, stopped, end.exit_code) == ([], [], 0)


@pytest.mark.parametrize("name", PROVIDERS)
def test_counts_of_a_simulator_are_weighed(name: str) -> None:
    seen = events(Options(provider=name, suites=("physics",), case="physics.order-x-on-qubit-0"))
    outcomes = [o for e in seen if isinstance(e, SuiteFinished) for o in e.outcomes]
    assert sum(o.judged for o in outcomes if o.check == "STAT-001") == 1
    assert sum(o.violated + o.inconclusive for o in outcomes) == 0


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_rules_that_do_not_judge_an_api_are_named_with_their_reasons(name: str) -> None:
    seen = events(Options(provider=name, suites=("lifecycle",), case="lifecycle.unknown-job"))
    notes = [e.text for e in seen if isinstance(e, NoteMade)]
    assert any("LIFE-018 (a session has no limit of cost)" in text for text in notes)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_served_mock_is_judged_by_its_url_and_keys(name: str) -> None:
    app = mock_of(name, seed=1, strict=False, clock=InstantClock())
    first, second = keys_of(name)
    with running(app) as served:
        url = served.url.removesuffix(app.base_path) + load(name).base_path
        case = "lifecycle.whole-session"
        options = Options(provider=name, url=url, key=first, second_key=second, case=case)
        found, stopped, _ = told(options)
    assert (found, stopped) == ([], [])


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize("case", ["lifecycle.end-at-last", "lifecycle.idle-session"])
def test_a_mock_whose_clock_runs_fast_keeps_its_limits_too(name: str, case: str) -> None:
    app = mock_of(name, seed=1, strict=False, clock=RealClock(speed=1000.0))
    first, second = keys_of(name)
    with running(app) as served:
        url = served.url.removesuffix(app.base_path) + load(name).base_path
        options = Options(provider=name, url=url, key=first, second_key=second, case=case)
        found, _, _ = told(options)
    assert found == []


def test_a_key_without_its_other_words_is_refused_with_what_it_consists_of() -> None:
    with pytest.raises(BadValue, match="the CRN of its instance, with a space between"):
        events(Options(provider="ibm", url="http://127.0.0.1:1/api", key="alone"))


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_run_on_the_service_itself_is_refused(name: str) -> None:
    url, key = "https://example.com", " ".join(["word"] * 3)
    with pytest.raises(BadValue, match="--live"):
        events(Options(provider=name, url=url, key=key, live=True))


def test_the_way_to_see_a_finding_again_names_the_provider() -> None:
    options = Options(
        provider="ibm",
        suites=("lifecycle",),
        case="lifecycle.whole-session",
        faults=("end-moves",),
    )
    again = [e.finding.again for e in events(options) if isinstance(e, FindingMade)]
    assert again
    assert shlex.split(again[0])[:4] == ["qconform", "run", "--provider", "ibm"]
