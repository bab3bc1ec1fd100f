"""A scenario's side of the talk: patience, stopping, and what is judged when it stops."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance.lifecycle import Conversation, Stop
from conformance.lifecycle.jobs import whole_life
from conformance.model import Case, Exchange, Response
from conformance.providers import provider
from conformance.spec import load

SPECIFICATION = load("ionq")
LENIENT = load("ionq", lenient=True)
Answer = tuple[int, Any]


def conversation(answer: Callable[[Case], Answer], *, patience: float = 5.0) -> Conversation:
    """Return a conversation with a service that gives `answer` to each case."""

    def send(case: Case) -> Exchange:
        status, body = answer(case)
        return Exchange(case=case, response=Response(status=status, body=json.dumps(body).encode()))

    return Conversation(
        name="walk",
        suite="lifecycle",
        specification=SPECIFICATION,
        lenient=LENIENT,
        provider=provider("ionq"),
        send=send,
        random=random.Random(1),  # noqa: S311 - cases, not secrets
        patience=patience,
    )


def states(*names: str) -> Callable[[Case], Answer]:
    """Return a service whose job passes through `names`, the last one for ever."""
    remaining: Iterator[str] = iter(names)
    last = [""]

    def answer(_case: Case) -> Answer:
        last[0] = next(remaining, last[0])
        return 200, {"id": "j", "status": last[0]}

    return answer


def test_a_job_is_polled_until_it_has_ended() -> None:
    talk = conversation(states("submitted", "ready", "started", "completed"))
    assert talk.finish("j")["status"] == "completed"
    assert len(talk.history) == 4


@pytest.mark.parametrize("end", ["completed", "failed", "canceled"])
def test_every_end_is_an_end(end: str) -> None:
    assert conversation(states(end)).finish("j")["status"] == end


def test_patience_ends_in_time_and_after_few_requests() -> None:
    talk = conversation(states("submitted"), patience=0.3)
    begun = time.monotonic()
    with pytest.raises(Stop, match=r"job j did not end within 0\.3 s"):
        talk.finish("j")
    assert time.monotonic() - begun < 1.0
    assert 5 < len(talk.history) < 25


@pytest.mark.parametrize("answer", [(404, {}), (200, []), (200, {"status": "frozen"}), (500, None)])
def test_a_job_that_cannot_be_read_stops_the_walk(answer: Answer) -> None:
    with pytest.raises(Stop, match="cannot be read"):
        conversation(lambda _case: answer).finish("j")


@pytest.mark.parametrize("answer", [(400, {"id": "j"}), (201, {}), (201, {"id": ""}), (201, [])])
def test_a_refused_submission_stops_the_walk_and_is_in_its_history(answer: Answer) -> None:
    talk = conversation(lambda _case: answer)
    with pytest.raises(Stop, match="POST /jobs made nothing"):
        whole_life(talk)
    assert [exchange.case.id for exchange in talk.history] == ["lifecycle.walk.1"]


def test_what_was_made_is_known_by_its_id() -> None:
    talk = conversation(lambda _case: (201, {"id": "j-1"}))
    assert talk.submit({}) == "j-1"
    assert talk.open_session({}) == "j-1"


def test_ids_and_queries_are_encoded() -> None:
    talk = conversation(lambda _case: (200, {}))
    exchange = talk.call("GetJob", {"UUID": "a/b c"})
    assert exchange.case.request.path == "/jobs/a%2Fb%20c"
    listed = talk.call("GetJobs", query={"ids": ["x", "y"], "limit": 2})
    assert listed.case.request.path == "/jobs?ids=x&ids=y&limit=2"
    active = talk.call("GetSessions", query={"active": True})
    assert active.case.request.path == "/sessions?active=true"


def test_a_walk_that_stops_is_judged_all_the_same() -> None:
    from conformance.engine import Options, run
    from conformance.model import ExchangeRecorded, FindingMade, NoteMade

    plan = Options(
        suites=("lifecycle",),
        case="lifecycle.dry-run",
        profile="smoke",
        faults=("job-stuck", "wrong-type"),
        patience=0.3,
    )
    events = list(run(plan))
    notes = [event.text for event in events if isinstance(event, NoteMade)]
    found = {event.finding.check for event in events if isinstance(event, FindingMade)}
    assert any("dry-run stopped early" in note for note in notes)
    assert {"LIFE-008", "SCHEMA-001"} <= found
    assert sum(isinstance(event, ExchangeRecorded) for event in events) > 3
