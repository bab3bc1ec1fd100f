"""Results that must agree with each other, at any size and without a simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from conformance.checks.contract import Contract
from conformance.checks.forms import Key, form_of, undoes_itself
from conformance.checks.life import History
from conformance.checks.physics import Answer, answers
from conformance.model import Finding

_SHOWN = 6


def related_results_agree(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Circuits that are the same in other words have the same results; what undoes itself gives 0.

    Why it matters: it holds at any size, where no simulator reaches, and needs none.

    Source: exchange of gates that commute, relabelled qubits, native gates as rotations (IonQ's
    guide to its native gates), a circuit and its inverse; a seed that is given twice.
    """
    known: dict[Key, Answer] = {}
    for answer in answers(history, contract):
        if not answer.model or contract.oracle.distribution(answer.circuit, answer.value):
            continue
        if answer.model != "ideal":
            yield from _seeded(answer, known)
            continue
        if undoes_itself(answer.circuit.get("circuit", ())):
            yield None
            yield from _differing("inverse", {"0": 1.0}, _values(answer), answer, None, contract)
        key, places = form_of(answer.circuit)
        first = known.setdefault(key, answer)
        if first is not answer:
            yield None
            wanted = _renamed(_values(first), form_of(first.circuit)[1])
            seen = _renamed(_values(answer), places)
            yield from _differing("same-circuit", wanted, seen, answer, first, contract)


def _seeded(answer: Answer, known: dict[Key, Answer]) -> Iterator[Finding | None]:
    noise = answer.story.payload.get("noise") or {}
    seed = noise.get("seed") if isinstance(noise, dict) else None
    if seed is None or answer.place:
        return
    text = json.dumps(answer.circuit, sort_keys=True)
    key = ("seed", answer.model, seed, answer.shots, text)
    first = known.setdefault(key, answer)
    if first is answer or first.story is answer.story:
        return
    yield None
    if first.value != answer.value:
        yield Finding(
            clause="relation/seed",
            where="response.body",
            expected=f"what the same seed gave before: {_short(_values(first))}",
            seen=_short(_values(answer)),
            exchanges=(first.moment.number, answer.moment.number),
        )


def _differing(
    clause: str,
    wanted: Mapping[str, float],
    seen: Mapping[str, float],
    answer: Answer,
    other: Answer | None,
    contract: Contract,
) -> Iterator[Finding]:
    bound = 2 * contract.oracle.bound(answer.circuit)
    keys = sorted({*wanted, *seen})
    keys.sort(key=lambda key: -abs(wanted.get(key, 0.0) - seen.get(key, 0.0)))
    worst = keys[:_SHOWN]
    if worst and abs(wanted.get(worst[0], 0.0) - seen.get(worst[0], 0.0)) > bound:
        yield Finding(
            clause=f"relation/{clause}",
            where="response.body",
            expected=f"{json.dumps({k: round(wanted.get(k, 0.0), 6) for k in worst})}, "
            f"each within {bound:.1e}",
            seen=json.dumps({k: round(seen.get(k, 0.0), 6) for k in worst}),
            exchanges=(*([other.moment.number] if other else []), answer.moment.number),
        )


def _renamed(values: Mapping[str, float], places: Sequence[int]) -> dict[str, float]:
    """Return outcomes with qubit places[i] as bit i; qubits that no gate names stay behind."""
    found: dict[str, float] = {}
    for key, value in values.items():
        outcome = int(key)
        bits = sum((outcome >> q & 1) << i for i, q in enumerate(places))
        rest = outcome & ~sum(1 << q for q in places)
        name = str(bits) if not rest else f"{bits} and idle qubits {rest}"
        found[name] = found.get(name, 0.0) + value
    return found


def _values(answer: Answer) -> Mapping[str, float]:
    return answer.value if isinstance(answer.value, Mapping) else {}


def _short(values: Mapping[str, float]) -> str:
    return json.dumps(dict(list(values.items())[:_SHOWN]))
