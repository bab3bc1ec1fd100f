"""`cassettes/ionq/`: recorded from the mock, found right, and wrong as soon as a word changes.

`pytest tests/traffic/test_shipped_cassettes.py --update-golden` records them again.
"""

from __future__ import annotations

import copy
import gc
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import vcr  # type: ignore[import-untyped] # vcrpy has no types
from recorded_scenarios import DOCUMENT, ORIGIN, recorded, scenarios

from conformance import resources, traffic
from conformance.engine import Bench, Replay, replay
from conformance.mock.ionq import keys
from conformance.model import Exchange, FindingMade, NoteMade, RunFinished, SuiteFinished

CASSETTES = resources.folder("cassettes") / "ionq"
BASE = "https://api.ionq.co/v0.4"


@pytest.fixture(scope="module", autouse=True)
def cassettes(request: pytest.FixtureRequest) -> None:
    """Record all of them again under `--update-golden`."""
    if request.config.getoption("--update-golden"):
        for path in CASSETTES.glob("*.yaml"):
            path.unlink()
        for name, walk in scenarios().items():
            traffic.write(CASSETTES / f"{name}.yaml", recorded(walk), ORIGIN, base=BASE)


def shipped() -> list[Exchange]:
    return [
        exchange
        for path in traffic.files_in([CASSETTES])
        for exchange in traffic.read(path, DOCUMENT)
    ]


def test_a_replay_leaves_the_garbage_collector_as_it_was() -> None:
    before = gc.get_threshold()
    assert list(replay(Replay(paths=(CASSETTES,))))
    assert gc.get_threshold() == before


def test_every_scenario_has_its_cassette() -> None:
    assert {path.stem for path in CASSETTES.glob("*.yaml")} == set(scenarios())


def test_every_operation_and_every_shape_of_refusal_is_recorded() -> None:
    exchanges = shipped()
    asked = {exchange.operation.id for exchange in exchanges if exchange.operation}
    assert asked == {operation.id for operation in DOCUMENT.operations}
    statuses = {exchange.response.status for exchange in exchanges if exchange.response}
    assert statuses >= {200, 201, 400, 401, 404, 405, 409, 415}


def test_cassettes_say_that_they_are_from_the_mock() -> None:
    for path in CASSETTES.glob("*.yaml"):
        origin = traffic.origin_of(path)
        assert origin is not None
        assert origin.target == "embedded mock"
        assert "not from the service" in origin.note


def test_cassettes_hold_no_key() -> None:
    for path in CASSETTES.glob("*.yaml"):
        content = path.read_text("utf-8")
        assert not [key for key in keys() if key in content]


def test_replaying_them_finds_nothing() -> None:
    events = list(replay(Replay(paths=(CASSETTES,))))
    assert [event.finding for event in events if isinstance(event, FindingMade)] == []
    assert [e.text for e in events if isinstance(e, NoteMade) and "stale" not in e.text] == []
    (suite,) = (event for event in events if isinstance(event, SuiteFinished))
    assert suite.exchanges == len(shipped())
    assert len({outcome.check for outcome in suite.outcomes if outcome.judged}) > 40
    assert isinstance(events[-1], RunFinished)
    assert events[-1].exit_code == 0


def test_vcrpy_reads_them() -> None:
    path = CASSETTES / "whole-life.yaml"
    with vcr.use_cassette(str(path), record_mode="none") as cassette:
        assert len(cassette) == len(list(traffic.read(path, DOCUMENT)))


@pytest.mark.parametrize("name", ["whole-life", "whole-session", "refusals-of-http"])
def test_recording_again_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    for file in ("first.yaml", "second.yaml"):
        traffic.write(tmp_path / file, recorded(scenarios()[name]), ORIGIN, base=BASE)
    assert (tmp_path / "first.yaml").read_bytes() == (tmp_path / "second.yaml").read_bytes()


def test_editing_any_promised_field_is_found() -> None:
    bench = Bench()
    edited, missed = 0, []
    for place, exchange, body in edits():
        edited += 1
        assert exchange.response is not None
        response = replace(exchange.response, body=json.dumps(body).encode())
        if not bench.exchange(replace(exchange, response=response)):
            missed.append(place)
    assert missed == []
    assert edited > 500


def edits() -> Iterator[tuple[str, Exchange, Any]]:
    """Yield every edit of a recorded body that takes back a promise, each kind at a place once."""
    done = set()
    for exchange in shipped():
        operation, response = exchange.operation, exchange.response
        if operation is None or response is None or exchange.is_http_refusal:
            continue
        declared = operation.declared(response.status)
        schema = next(iter(declared.content.values()), None) if declared else None
        if schema is None or exchange.case.request.method != operation.method:
            continue
        body = response.json()
        for path, kind, new in promises(schema, body, schema):
            shape = ["*" if isinstance(part, int) or len(part) > 30 else part for part in path]
            place = f"{operation.id} {response.status} {'/'.join(shape)} {kind}"
            if place not in done:
                done.add(place)
                yield place, exchange, changed(body, path, new)


GONE = object()
Path_ = tuple[Any, ...]


def promises(
    schema: Mapping[str, Any], value: Any, whole: Mapping[str, Any], path: Path_ = ()
) -> Iterator[tuple[Path_, str, Any]]:
    """Yield (place, kind, what to put there) for each thing that `schema` promises of `value`."""
    schema = resolved(schema, whole)
    for part in schema.get("allOf", ()):
        yield from promises(part, value, whole, path)
    for union in ("anyOf", "oneOf"):
        fitting = [part for part in schema.get(union, ()) if fits(part, value, whole)]
        if len(fitting) == 1 and not isinstance(value, (dict, list)):
            yield path, "type", [["no", "such", "type"]]
        for part in fitting[:1]:
            yield from promises(part, value, whole, path)
    if "type" in schema:
        yield path, "type", [["no", "such", "type"]]
    if "enum" in schema:
        yield path, "enum", "qconform-no-such-word"
    if isinstance(value, dict):
        yield from _of_members(schema, value, whole, path)
    elif isinstance(value, list) and value and "items" in schema:
        yield from promises(schema["items"], value[0], whole, (*path, 0))


def _of_members(
    schema: Mapping[str, Any], value: dict[str, Any], whole: Mapping[str, Any], path: Path_
) -> Iterator[tuple[Path_, str, Any]]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    for name, member in value.items():
        if name in schema.get("required", ()):
            yield (*path, name), "required", GONE
        if name in properties:
            yield from promises(properties[name], member, whole, (*path, name))
        elif isinstance(others, dict) and others:
            yield from promises(others, member, whole, (*path, name))
    if others is False:
        yield (*path, "qconform_no_such_field"), "no further", 1


def resolved(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    return schema


def fits(schema: Mapping[str, Any], value: Any, whole: Mapping[str, Any]) -> bool:
    return jsonschema.Draft202012Validator({**whole, **schema}).is_valid(value)


def changed(body: Any, path: Path_, new: Any) -> Any:
    """Return `body` with `new` at `path`, or without what is there."""
    if not path:
        return new
    made = copy.deepcopy(body)
    holder = made
    for part in path[:-1]:
        holder = holder[part]
    if new is GONE:
        del holder[path[-1]]
    else:
        holder[path[-1]] = new
    return made


@pytest.mark.parametrize(
    ("cassette", "old", "new", "rule"),
    [
        ("order-x-on-qubit-0", '"1":1.0', '"2":1.0', "PHYS-001"),
        ("whole-life", '"status":"completed"', '"status":"started"', "LIFE-002"),
        ("whole-session", '"status":"ended"', '"status":"started"', "LIFE-009"),
    ],
)
def test_editing_a_value_so_that_the_story_is_wrong_is_found(
    tmp_path: Path, cassette: str, old: str, new: str, rule: str
) -> None:
    text = (CASSETTES / f"{cassette}.yaml").read_text("utf-8")
    place = text.rindex(old)
    (tmp_path / "c.yaml").write_text(text[:place] + new + text[place + len(old) :], "utf-8")
    found = [
        event.finding.check
        for event in replay(Replay(paths=(tmp_path / "c.yaml",)))
        if isinstance(event, FindingMade)
    ]
    assert rule in found
