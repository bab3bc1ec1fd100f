"""Results that must agree with each other, at any size and without a simulator."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from conformance.checks.contract import Contract
from conformance.checks.life import History
from conformance.checks.physics import Answer, answers
from conformance.model import Finding

Gate = Mapping[str, Any]
Key = tuple[Any, ...]

_INVERSES = {"s": "si", "si": "s", "t": "ti", "ti": "t", "v": "vi", "vi": "v"}
_KNOWN = frozenset({*_INVERSES, "x", "y", "z", "h", "not", "cnot", "swap"})
_SHOWN = 6
_DECIMALS = 9
"""To which angles are compared."""


def related_results_agree(history: History, contract: Contract) -> Iterator[Finding | None]:
    """Circuits that are the same in other words have the same results; what undoes itself gives 0.

    Why it matters: it holds at any size, where no simulator reaches, and needs none.

    Source: exchange of gates on different qubits, relabelled qubits, native gates as rotations
    (IonQ's guide to its native gates), a circuit and its inverse; a seed that is given twice.
    """
    known: dict[Key, Answer] = {}
    for answer in answers(history, contract):
        if not answer.model or contract.oracle.distribution(answer.circuit, answer.value):
            continue
        if answer.model != "ideal":
            yield from _seeded(answer, known)
            continue
        if _undoes_itself(answer.circuit.get("circuit", ())):
            yield None
            yield from _differing("inverse", {"0": 1.0}, _values(answer), answer, None, contract)
        key, places = _form(answer.circuit)
        first = known.setdefault(key, answer)
        if first is not answer:
            yield None
            wanted = _renamed(_values(first), _form(first.circuit)[1])
            seen = _renamed(_values(answer), places)
            yield from _differing("same-circuit", wanted, seen, answer, first, contract)


def _seeded(answer: Answer, known: dict[Key, Answer]) -> Iterator[Finding | None]:
    noise = answer.story.payload.get("noise") or {}
    seed = noise.get("seed") if isinstance(noise, dict) else None
    if seed is None or answer.place:
        return
    form = json.dumps(answer.circuit, sort_keys=True)
    key = ("seed", answer.model, seed, answer.shots, form)
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


def _form(circuit: Mapping[str, Any]) -> tuple[Key, list[int]]:
    """Return a circuit in words of its own, and its qubits in the order in which they are named.

    Gates are QIS gates, as early as they can be, and qubits are numbered as they first come.
    """
    gates = [_plain(gate) for gate in circuit.get("circuit", ()) if gate.get("gate") != "nop"]
    ready: dict[int, int] = {}
    layered: list[tuple[int, str, tuple[float, ...], tuple[int, ...], int]] = []
    for name, numbers, qubits, controls in gates:
        layer = max((ready.get(q, 0) for q in qubits), default=0)
        layered.append((layer, name, numbers, qubits, controls))
        ready.update(dict.fromkeys(qubits, layer + 1))
    layered.sort(key=lambda entry: entry[:3])
    places: list[int] = []
    form = []
    for _, name, numbers, qubits, controls in layered:
        places += [q for q in qubits if q not in places]
        form.append((name, numbers, tuple(places.index(q) for q in qubits), controls))
    return ("form", *form), places


def _plain(gate: Gate) -> tuple[str, tuple[float, ...], tuple[int, ...], int]:
    """Return name, numbers, qubits (targets first) and how many of them are controls."""
    targets = [*([gate["target"]] if "target" in gate else []), *gate.get("targets", ())]
    controls = [*([gate["control"]] if "control" in gate else []), *gate.get("controls", ())]
    unique = tuple(dict.fromkeys(int(q) for q in (*targets, *controls)))
    name, numbers = _as_qis(gate)
    return name, tuple(round(x, _DECIMALS) for x in numbers), unique, len(set(controls))


def _as_qis(gate: Gate) -> tuple[str, tuple[float, ...]]:
    """Return a gate's name and numbers; a native gate that is a QIS rotation as that."""
    name, turn = str(gate.get("gate")), 2 * math.pi
    if name == "gpi2" and gate.get("phase") in {0.0, 0.25}:
        return ("rx" if gate["phase"] == 0 else "ry"), (turn / 4,)
    if name == "ms" and list(gate.get("phases", ())) == [0.0, 0.0]:
        return "xx", (turn * gate.get("angle", 0.25),)
    if name == "zz" and "angle" in gate:
        return "zz", (turn * gate["angle"],)
    fields = ("rotation", "phase", "angle", "time", "phases", "coefficients")
    values = [gate[f] for f in fields if f in gate]
    numbers = [x for v in values for x in (v if isinstance(v, list) else [v])]
    terms = "".join(gate.get("terms", ()))
    return f"{name}{terms}", tuple(float(x) for x in numbers)


def _undoes_itself(gates: Sequence[Gate]) -> bool:
    """Whether the second half of the gates are the inverses of the first, in reverse order."""
    half = len(gates) // 2
    if len(gates) % 2 or not gates:
        return False
    return all(
        _known(gates[i]) and _inverse(_plain(gates[i])) == _plain(gates[-1 - i])
        for i in range(half)
    )


def _known(gate: Gate) -> bool:
    return "rotation" in gate or gate.get("gate") in _KNOWN


def _inverse(
    plain: tuple[str, tuple[float, ...], tuple[int, ...], int],
) -> tuple[str, tuple[float, ...], tuple[int, ...], int]:
    name, numbers, qubits, controls = plain
    return _INVERSES.get(name, name), tuple(-x for x in numbers), qubits, controls


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
