"""A wrong circuit is told by the shortest part of it that is wrong too."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from conformance.engine import Options, run
from conformance.generate import qis_circuit
from conformance.lifecycle import Conversation, Stop
from conformance.lifecycle.shrinking import MOST_JOBS, play_and_shrink
from conformance.model import Case, Exchange, Finding, FindingMade, Response
from conformance.providers import provider
from conformance.spec import load

SPECIFICATION = load("ionq")
Wrong = Callable[[dict[str, Any]], bool]


class Service:
    """Takes jobs, of which those with `wrong` circuits have wrong results."""

    def __init__(self, wrong: Wrong, *, breaks_after: int = 10**6) -> None:
        self.wrong, self.left = wrong, breaks_after
        self.talk = Conversation(
            name="walk",
            suite="physics",
            specification=SPECIFICATION,
            lenient=SPECIFICATION,
            provider=provider("ionq"),
            send=self.send,
            random=random.Random(1),  # noqa: S311 - cases, not secrets
            objections=self.objections,
        )
        self.submitted = 0

    def send(self, case: Case) -> Exchange:
        self.submitted += 1
        self.left -= 1
        status = 201 if self.left >= 0 else 503
        return Exchange(case=case, response=Response(status=status, body=b'{"id": "j"}'))

    def objections(self, history: Sequence[Exchange]) -> frozenset[str]:
        circuits = [json.loads(each.case.request.body or b"")["input"] for each in history]
        return frozenset({"PHYS-001 x"} if any(map(self.wrong, circuits)) else {"LIFE-001 y"})

    def play(self, circuit: dict[str, Any]) -> None:
        self.talk.submit(self.talk.provider.jobs.circuit(circuit))


def long_circuit(seed: int) -> dict[str, Any]:
    rng = random.Random(seed)  # noqa: S311 - cases, not secrets
    gates = [gate for _ in range(4) for gate in qis_circuit(rng, most_qubits=4)["circuit"]]
    return {"qubits": 9, "gateset": "qis", "circuit": gates[:16]}


def with_two(circuit: dict[str, Any]) -> dict[str, Any]:
    """Return the circuit with two gates put into it, far from each other."""
    marked = [{"gate": "t", "target": 7}, {"gate": "ti", "target": 8}]
    gates = [g for g in circuit["circuit"] if g["gate"] not in {"t", "ti"}]
    return {**circuit, "circuit": [*gates[:3], marked[0], *gates[3:], marked[1]]}


def has_both(circuit: dict[str, Any]) -> bool:
    names = [gate["gate"] for gate in circuit["circuit"]]
    return "t" in names and "ti" in names[names.index("t") :]


@pytest.mark.parametrize("seed", range(12))
def test_the_gates_that_make_it_wrong_are_left_on_a_register_of_their_own(seed: int) -> None:
    service = Service(has_both)
    found = play_and_shrink(service.talk, with_two(long_circuit(seed)), service.play)
    assert found["circuit"] == [{"gate": "t", "target": 0}, {"gate": "ti", "target": 1}]
    assert found["qubits"] == 2
    assert service.submitted <= MOST_JOBS + 1


def test_the_history_that_is_left_is_that_of_the_shortest_circuit() -> None:
    service = Service(has_both)
    found = play_and_shrink(service.talk, with_two(long_circuit(1)), service.play)
    (exchange,) = service.talk.history
    assert json.loads(exchange.case.request.body or b"")["input"] == found


def test_a_right_circuit_is_played_once() -> None:
    service = Service(lambda _circuit: False)
    whole = long_circuit(1)
    assert play_and_shrink(service.talk, whole, service.play) == whole
    assert service.submitted == 1


def test_a_circuit_that_is_wrong_as_a_whole_alone_stays_and_few_jobs_are_spent_on_it() -> None:
    whole = long_circuit(1)
    service = Service(lambda circuit: len(circuit["circuit"]) == 16)
    found = play_and_shrink(service.talk, whole, service.play)
    assert len(found["circuit"]) == 16
    assert service.submitted <= MOST_JOBS + 1


def test_a_service_that_breaks_leaves_the_shortest_so_far() -> None:
    service = Service(has_both, breaks_after=6)
    whole = with_two(long_circuit(2))
    found = play_and_shrink(service.talk, whole, service.play)
    assert has_both(found)
    assert len(found["circuit"]) < len(whole["circuit"])
    assert service.talk.history


def test_a_service_that_takes_nothing_stops_the_walk() -> None:
    service = Service(has_both, breaks_after=0)
    with pytest.raises(Stop):
        play_and_shrink(service.talk, long_circuit(2), service.play)


@pytest.mark.parametrize("seed", [0, 1, 3])
def test_a_run_tells_the_shortest_circuit_in_its_finding(seed: int) -> None:
    options = Options(faults=("reversed-bits",), case="physics.random-0", seed=seed)
    found = [event.finding for event in run(options) if isinstance(event, FindingMade)]
    finding = next(f for f in found if f.check == "PHYS-001")
    assert len(spelt(finding)["circuit"]) == 1


def spelt(finding: Finding) -> dict[str, Any]:
    circuit: dict[str, Any] = json.loads(finding.note.partition("Circuit: ")[2])
    return circuit
