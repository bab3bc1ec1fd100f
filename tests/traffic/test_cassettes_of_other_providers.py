"""`cassettes/ibm` and `cassettes/scaleway`: recorded from the mocks, and found right.

`pytest tests/traffic/test_cassettes_of_other_providers.py --update-golden` records them again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from other_scenarios import PROVIDERS, origin, recorded, scenarios

from conformance import resources, spec, traffic
from conformance.engine import Replay, replay
from conformance.mock.playing import keys_of
from conformance.model import FindingMade, RunFinished, SuiteFinished
from conformance.providers import provider

CASSETTES = resources.folder("cassettes")


@pytest.fixture(scope="module", autouse=True)
def cassettes(request: pytest.FixtureRequest) -> None:
    """Record all of them again under `--update-golden`."""
    for name in PROVIDERS if request.config.getoption("--update-golden") else ():
        folder = CASSETTES / name
        folder.mkdir(exist_ok=True)
        for path in folder.glob("*.yaml"):
            path.unlink()
        for scenario, walk in scenarios(name).items():
            path = folder / f"{scenario}.yaml"
            traffic.write(path, recorded(name, walk), origin(name), base=provider(name).url)


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_scenario_of_another_provider_has_its_cassette(name: str) -> None:
    assert {path.stem for path in (CASSETTES / name).glob("*.yaml")} == set(scenarios(name))


@pytest.mark.parametrize("name", PROVIDERS)
def test_every_operation_of_another_provider_is_recorded_and_no_key(name: str) -> None:
    document = spec.load(name)
    asked = set()
    for path in (CASSETTES / name).glob("*.yaml"):
        asked |= {e.operation.id for e in traffic.read(path, document) if e.operation}
        text = path.read_text("utf-8")
        assert not [key for key in map(provider(name).secret, keys_of(name)) if key in text]
    assert asked == {operation.id for operation in document.operations}


@pytest.mark.parametrize("name", PROVIDERS)
def test_replaying_cassettes_of_another_provider_finds_nothing(name: str) -> None:
    events = list(replay(Replay(paths=(CASSETTES / name,), provider=name)))
    assert [event.finding for event in events if isinstance(event, FindingMade)] == []
    (suite,) = (event for event in events if isinstance(event, SuiteFinished))
    judged = {outcome.check for outcome in suite.outcomes if outcome.judged}
    assert {"SESSION-001", "SESSION-004", "LIFE-014", "STAT-001", "ACCESS-003"} <= judged
    assert isinstance(events[-1], RunFinished)
    assert events[-1].exit_code == 0


@pytest.mark.parametrize(
    ("name", "scenario", "old", "new", "rule"),
    [
        ("ibm", "whole-session", '"state":"closed"', '"state":"active"', "LIFE-009"),
        ("scaleway", "whole-session", '"status":"stopped"', '"status":"running"', "LIFE-009"),
        ("scaleway", "end-at-last", '"status":"stopped"', '"status":"running"', "SESSION-001"),
    ],
)
def test_editing_the_story_of_a_session_is_found(
    tmp_path: Path, name: str, scenario: str, old: str, new: str, rule: str
) -> None:
    text = (CASSETTES / name / f"{scenario}.yaml").read_text("utf-8")
    place = text.rindex(old)
    (tmp_path / "c.yaml").write_text(text[:place] + new + text[place + len(old) :], "utf-8")
    seen = replay(Replay(paths=(tmp_path / "c.yaml",), provider=name))
    assert rule in [event.finding.check for event in seen if isinstance(event, FindingMade)]


@pytest.mark.parametrize("name", PROVIDERS)
def test_recording_another_provider_again_gives_the_same_exchanges(name: str) -> None:
    walk = scenarios(name)["whole-session"]
    first, second = (recorded(name, walk) for _ in range(2))
    told = [[(e.case.request, e.response) for e in each] for each in (first, second)]
    assert told[0] == told[1]
