"""Recordings whose bodies have been tampered with: rules object, and none of them breaks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from servers import retyped

from conformance import spec, traffic
from conformance.engine import Replay, replay
from conformance.model import (
    Event,
    Exchange,
    FindingMade,
    NoteMade,
    Request,
    ResultsWeighed,
    RunFinished,
)

CASSETTES = Path(__file__).parents[2] / "cassettes" / "ionq"
SLOW = pytest.mark.exhaustive


def changed(body: bytes, lot: random.Random, share: float) -> bytes:
    """Return `body` with a share of its values exchanged for odd ones, if it is JSON."""
    try:
        return json.dumps(retyped(json.loads(body), lot, share)).encode()
    except ValueError:
        return body


def tampered(path: Path, lot: random.Random) -> Iterator[Exchange]:
    """Yield what `path` recorded, requests and responses with values of other types."""
    share = lot.choice((0.01, 0.03, 0.1))
    for exchange in traffic.read(path, spec.load("ionq")):
        case, response = exchange.case, exchange.response
        request: Request = replace(case.request, body=changed(case.request.body, lot, share / 3))
        if response is not None:
            response = replace(response, body=changed(response.body, lot, share))
        yield replace(exchange, case=replace(case, request=request), response=response)


def tell_all(file: Path) -> list[Event]:
    return list(replay(Replay(paths=(file,))))


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=SLOW) for seed in range(3, 63))])
def test_no_rule_breaks_on_values_of_any_type(seed: int, tmp_path: Path) -> None:
    lot = random.Random(seed)  # noqa: S311 - a test's dice
    file = tmp_path / "tampered.yaml"
    origin = None
    exchanges: list[Exchange] = []
    for cassette in sorted(CASSETTES.glob("*.yaml")):
        origin = origin or traffic.origin_of(cassette)
        exchanges += tampered(cassette, lot)
    assert origin is not None
    traffic.write(file, exchanges, origin, base="https://api.ionq.co/v0.4")
    events = tell_all(file)
    notes = [event.text for event in events if isinstance(event, NoteMade)]
    assert [text for text in notes if "defect" in text] == []
    assert any(isinstance(event, FindingMade) for event in events)
    assert any(isinstance(event, ResultsWeighed) for event in events)
    assert isinstance(events[-1], RunFinished)
