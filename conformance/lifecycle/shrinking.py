"""A circuit whose result is wrong, made shorter by submitting parts of it, as long as they are too.

What is wrong is for the checks to say: a walk asks the run whether they would object to what was
seen. Rounds are bounded in number and time, since each is a job on the target.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.lifecycle.conversation import Conversation, Stop
from conformance.model import Exchange

Circuit = dict[str, Any]
Gate = dict[str, Any]

MOST_JOBS = 48
_LONGEST = 20.0
"""Seconds that are given to one circuit: a slow target ends the search early."""
_WRONG_RESULT = ("PHYS-001 ", "PHYS-002 ")
"""How the names of departures begin that a circuit shows by its result."""


@dataclass(slots=True)
class _Search:
    """The shortest wrong circuit so far, what was said about it, and how long it may go on."""

    talk: Conversation
    play: Callable[[Circuit], None]
    shortest: Circuit
    history: list[Exchange]
    until: float
    left: int = MOST_JOBS

    def still_wrong(self, candidate: Circuit) -> bool:
        """Whether `candidate` gives a wrong result; keep it if so.

        Raises:
            Stop: There was enough of it, or the target gives no answer.
        """
        if not self.left or time.monotonic() > self.until:
            raise Stop("a wrong circuit was made no shorter")
        self.left -= 1
        self.talk.history.clear()
        self.play(candidate)
        if not _is_wrong(self.talk):
            return False
        self.shortest, self.history = candidate, list(self.talk.history)
        return True


def play_and_shrink(
    talk: Conversation, circuit: Circuit, play: Callable[[Circuit], None]
) -> Circuit:
    """Play a circuit; where its result is wrong, leave the shortest that is in the history.

    Args:
        talk: The scenario's side; its `objections` judge what was seen.
        circuit: An `input` object.
        play: Submits an `input` object and reads its result.

    Returns:
        The shortest circuit, no gate of which can be left out if there was time to try all; or
        `circuit` itself, if its result is right or its departure known already.
    """
    play(circuit)
    if not _is_wrong(talk):
        return circuit
    until = time.monotonic() + _LONGEST
    search = _Search(talk, play, circuit, list(talk.history), until)
    try:
        _shorten(search)
        search.still_wrong(_narrowed(search.shortest))
    except Stop:
        pass  # what was found by then is what there is
    finally:
        talk.history[:] = search.history
    return search.shortest


def _is_wrong(talk: Conversation) -> bool:
    return any(name.startswith(_WRONG_RESULT) for name in talk.objections(talk.history))


def _shorten(search: _Search) -> None:
    """Leave out ever smaller runs of gates, then single ones until none can be left out."""
    size = max(len(search.shortest["circuit"]) // 2, 1)
    while True:
        shorter = _without_runs(search, size)
        if size == 1 and not shorter:
            return
        size = max(size // 2, 1)


def _without_runs(search: _Search, size: int) -> bool:
    """Try to leave out each run of `size` gates, last one first; return whether any went."""
    before = len(search.shortest["circuit"])
    for start in range(before - size, -size, -size):
        gates = search.shortest["circuit"]
        kept = [*gates[: max(start, 0)], *gates[start + size :]]
        if kept and len(kept) < len(gates):
            search.still_wrong({**search.shortest, "circuit": kept})
    return len(search.shortest["circuit"]) < before


def _narrowed(circuit: Circuit) -> Circuit:
    """Return the circuit on a register of the qubits that its gates name, in their order."""
    used = sorted({qubit for gate in circuit["circuit"] for qubit in _qubits(gate)})
    gates = [_moved(gate, used) for gate in circuit["circuit"]]
    return {**circuit, "qubits": len(used), "circuit": gates}


def _qubits(gate: Gate) -> Iterator[int]:
    for name in ("target", "control"):
        if name in gate:
            yield gate[name]
    for name in ("targets", "controls"):
        yield from gate.get(name, ())


def _moved(gate: Gate, used: Sequence[int]) -> Gate:
    moved = dict(gate)
    for name in ("target", "control"):
        if name in gate:
            moved[name] = used.index(gate[name])
    for name in ("targets", "controls"):
        if name in gate:
            moved[name] = [used.index(qubit) for qubit in gate[name]]
    return moved
