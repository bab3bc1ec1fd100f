"""Designed circuits: each makes one gate, one order or one form of payload visible.

A gate stands between preparations and readings at generic angles, so that its inverse, its
neighbour, a lost control, an exchanged operand or a misread unit gives another distribution.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.generate.circuits import FIXED, PAIR_ROTATIONS, ROTATIONS, Gate
from conformance.generate.designs import designs

_BEFORE = ((0.9, 0.4), (1.3, -0.7), (0.6, 1.1), (1.7, 0.3), (0.8, -0.5), (1.1, 0.9))
_TURNING = (*ROTATIONS, *PAIR_ROTATIONS)
_AFTER = ((0.7, 0.5), (-0.4, 0.8), (1.2, -0.6), (0.3, 1.0), (0.9, -0.8), (-0.6, 0.4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """One or several circuits and what they are there to show.

    `documented` is False for what the service is known to accept but the published document
    does not describe; a refusal of it is no finding. With `gateset`, the circuits are sent
    as one multi-circuit job whose parent has that gateset.
    """

    name: str
    inputs: tuple[dict[str, Any], ...]
    documented: bool = True
    gateset: str = ""
    model: str = "ideal"
    """The noise model that is asked for."""
    shots: int = 1000
    briefly: bool = False
    """Whether the aggregated results are read alone, not those of each circuit."""


def specimens() -> Iterator[Specimen]:
    """Yield the whole catalogue, cheapest and most telling first."""
    yield from _orders()
    for name in FIXED:
        yield _qis(f"gate-{name}", 1, [{"gate": name, "target": 0}])
    for name in ROTATIONS:
        yield _qis(f"gate-{name}", 1, [{"gate": name, "target": 0, "rotation": 1.234}])
    for name in PAIR_ROTATIONS:
        yield _qis(f"gate-{name}", 2, [{"gate": name, "targets": [0, 1], "rotation": 0.77}])
    yield _qis("gate-swap", 3, [{"gate": "swap", "targets": [0, 2]}])
    yield _qis("gate-cnot", 2, [{"gate": "cnot", "control": 1, "target": 0}])
    yield from _controlled()
    twice = [{"gate": name, "target": 0} for name in ("t", "t", "s", "s", "s", "v", "v")]
    turned = [{"gate": "rx", "target": 1, "rotation": 0.4}] * 2
    yield _qis("gates-repeated", 2, [*twice, *turned])
    yield _long()
    yield from _native()
    yield from _several()
    yield from packs()
    yield from mixed()
    yield from noisy()
    yield from _undocumented()


def packs() -> Iterator[Specimen]:
    """Yield jobs of many circuits: every design, so that few requests cover every hypothesis."""
    alone = dict(designs(0, 0)) | {"cnot": next(c for k, c in designs(1, 1) if k == "cnot")}
    for gateset in ("qis", "native"):
        inputs = tuple(c for k, c in alone.items() if c["gateset"] == gateset and k != "pauliexp")
        yield Specimen(name=f"amplified-{gateset}", inputs=inputs, gateset=gateset, briefly=True)
    for controls in (1, 2, 3, 4):
        inputs = tuple(c for k, c in designs(controls, controls) if k != "pauliexp")
        inputs += tuple(map(_beyond_half_a_turn, _TURNING)) if controls == 1 else ()
        name = f"under-{controls}-control{'s' if controls > 1 else ''}"
        yield Specimen(name=name, inputs=inputs, gateset="qis", briefly=True)
    exponentials = tuple(c for k, c in designs(0, 4) if k == "pauliexp")
    yield Specimen(
        name="amplified-pauliexp",
        inputs=exponentials,
        gateset="qis",
        briefly=True,
        documented=False,
    )


def _beyond_half_a_turn(name: str) -> dict[str, Any]:
    """Return a circuit with a controlled rotation that is not the same less a full turn.

    Without a control the two differ by a sign that nobody sees; under one it is a phase.
    """
    targets = [0, 1] if name in PAIR_ROTATIONS else [0]
    control = len(targets)
    before = [{"gate": "ry", "target": q, "rotation": _BEFORE[q][0]} for q in (*targets, control)]
    after = [{"gate": "rx", "target": q, "rotation": _AFTER[q][0]} for q in (*targets, control)]
    gate = {"gate": name, "targets": targets, "controls": [control], "rotation": 4.9}
    return {"qubits": control + 1, "gateset": "qis", "circuit": [*before, gate, *after]}


def noisy() -> Iterator[Specimen]:
    """Yield circuits for noise models: native gates, where readings of the model agree best.

    A circuit and its inverse leave every qubit at 0 but for the noise; layers of generic gates
    show which gates it follows; the longest circuit tells rates that differ by a fifteenth.
    """
    for number, model in enumerate(NOISY_MODELS):
        pair = "zz" if model.startswith("forte") else "ms"
        mirrored, layered = _mirrored(pair, 3, 8), _entangled(pair, 4, 8)
        for index, one in enumerate((mirrored, layered, _turned(3, 20 + number))):
            name = f"noise-{model}-{index}"
            yield Specimen(name=name, inputs=(one,), model=model, shots=10_000)
    longest = _mirrored("ms", 2, 30)
    yield Specimen(name="noise-long", inputs=(longest,), model="aria-2", shots=100_000)


NOISY_MODELS = ("aria-1", "aria-2", "forte-1")
"""Noise models whose rates are published."""


def mixed() -> Iterator[Specimen]:
    """Yield circuits with many kinds of gates, which show what is wrong with every kind."""
    turned: list[Gate] = [{"gate": "ry", "target": q, "rotation": 0.9 + 0.3 * q} for q in range(4)]
    forms: tuple[tuple[str, list[int], list[int], float], ...] = (
        ("rx", [0], [1, 2, 3], -1.1), ("ry", [1], [0, 2], 7.3), ("rz", [2], [3], -2.2),
        ("xx", [0, 3], [1], -0.8), ("z", [1], [0, 2, 3], -1.9), ("yy", [1, 2], [0], 7.1),
    )  # fmt: skip
    plain = (("x", [3], [0, 1, 2]), ("h", [0], [2, 1, 3]), ("v", [2], [1, 0]), ("y", [1], [3, 2]))
    gates: list[Gate] = [*turned]
    for name, targets, controls, rotation in forms:
        gates.append({"gate": name, "targets": targets, "controls": controls, "rotation": rotation})
    for name, targets, controls in plain:
        gates.append({"gate": name, "targets": targets, "controls": controls})
    yield _bare("mixed-controls", 4, [*gates, *turned])
    native: list[Gate] = [
        {"gate": "gpi", "target": 1, "phase": 0.21},
        {"gate": "ms", "targets": [0, 1], "phases": [0.11, 0.34], "angle": 0.15},
        {"gate": "gpi2", "target": 0, "phase": -0.17},
        {"gate": "zz", "targets": [1, 0], "angle": 0.12},
    ]
    yield _sandwiched("mixed-native", 2, native)


def _mirrored(pair: str, qubits: int, layers: int) -> dict[str, Any]:
    """Return layers on the two lowest qubits and their inverses: every qubit ends at 0.

    An `ms` is undone by its first phase half a turn on; a `zz` between two `gpi` of its first
    qubit.
    """
    there: list[list[Gate]] = []
    back: list[list[Gate]] = []
    for layer in range(layers):
        turn: Gate = {"gate": "gpi2", "target": layer % 2, "phase": _wrapped(0.09 * layer - 0.4)}
        gate: Gate = {"gate": pair, "targets": [0, 1], "angle": 0.19}
        flips: list[Gate] = [{"gate": "gpi", "target": 0, "phase": 0.0}] if pair == "zz" else []
        inverse = gate if pair == "zz" else {**gate, "phases": [0.63, -0.31]}
        there.append([turn, gate if pair == "zz" else {**gate, "phases": [0.13, -0.31]}])
        back.append([*flips, inverse, *flips, {**turn, "phase": _wrapped(turn["phase"] + 0.5)}])
    gates = [gate for block in (*there, *reversed(back)) for gate in block]
    return {"qubits": qubits, "gateset": "native", "circuit": gates}


def _wrapped(phase: float) -> float:
    """Return a phase in turns within the documented range, -1 to 1."""
    return round(math.fmod(phase, 1.0), 2)


def _entangled(pair: str, qubits: int, layers: int) -> dict[str, Any]:
    """Return layers of `pair` on neighbours of three qubits of a wider register."""
    gates: list[Gate] = [{"gate": "gpi2", "target": q, "phase": 0.1 + 0.2 * q} for q in range(3)]
    for layer in range(layers):
        targets = [layer % 3, (layer + 1) % 3]
        entangling: Gate = {"gate": pair, "targets": targets, "angle": 0.21}
        if pair == "ms":
            entangling["phases"] = [0.13, -0.31]
        gates += [
            entangling,
            {"gate": "gpi2", "target": layer % 3, "phase": _wrapped(0.07 * layer - 0.4)},
        ]
    return {"qubits": qubits, "gateset": "native", "circuit": gates}


def _turned(qubits: int, gates: int) -> dict[str, Any]:
    """Return one-qubit gates alone on every qubit but the last, which stays 0."""
    turns: list[Gate] = [
        {
            "gate": ("gpi2", "gpi")[index % 5 == 4],
            "target": q,
            "phase": _wrapped(0.11 * index - 0.3 * q),
        }
        for index in range(gates)
        for q in range(qubits - 1)
    ]
    return {"qubits": qubits, "gateset": "native", "circuit": turns}


def _orders() -> Iterator[Specimen]:
    yield _bare("order-x-on-qubit-0", 3, [{"gate": "x", "target": 0}])
    yield _bare(
        "order-cnot-chain",
        4,
        [
            {"gate": "rx", "target": 1, "rotation": 0.8},
            {"gate": "cnot", "control": 1, "target": 3},
            {"gate": "ry", "target": 0, "rotation": 2.2},
        ],
    )
    yield _bare(
        "width-with-idle-qubits",
        6,
        [
            {"gate": "ry", "target": 1, "rotation": 1.0},
            {"gate": "cnot", "control": 1, "target": 4},
        ],
    )
    yield _bare("width-of-12", 12, [{"gate": "ry", "target": 2, "rotation": 0.9}, _x(11)])
    yield _bare("width-of-12-all-used", 12, _entangling_all())
    yield _bare("width-of-1", 1, [{"gate": "ry", "targets": [0], "rotation": 0.9}])
    yield _bare(
        "superposition-of-5",
        5,
        [{"gate": "ry", "target": q, "rotation": 0.5 + 0.3 * q} for q in range(5)],
    )


def _entangling_all() -> list[Gate]:
    """Return gates that use each of 12 qubits and leave 16 outcomes, no two equally likely."""
    turned = {0: 0.7, 5: 1.1, 9: 1.6, 10: 2.2}
    gates: list[Gate] = [{"gate": "ry", "target": q, "rotation": a} for q, a in turned.items()]
    pairs = ((0, 7), (5, 2), (9, 4), (10, 11), (7, 1), (2, 8), (4, 3), (11, 6))
    gates += ({"gate": "cnot", "control": c, "target": t} for c, t in pairs)
    return [*gates, _x(8), _x(3), {"gate": "x", "targets": [1], "controls": [5, 10]}]


def _controlled() -> Iterator[Specimen]:
    for name in ("x", "y", "z", "h", "s", "t", "v"):
        yield _qis(f"controlled-{name}", 2, [{"gate": name, "targets": [0], "controls": [1]}])
    for name in ROTATIONS:
        gate = {"gate": name, "targets": [1], "controls": [0], "rotation": 1.234}
        yield _qis(f"controlled-{name}", 2, [gate])
    yield _qis("controlled-swap", 3, [{"gate": "swap", "targets": [0, 1], "controls": [2]}])
    yield _qis("doubly-controlled-x", 3, [{"gate": "x", "targets": [1], "controls": [0, 2]}])
    yield _qis("doubly-controlled-z", 3, [{"gate": "z", "targets": [1], "controls": [0, 2]}])
    yield _qis("triply-controlled-x", 4, [{"gate": "x", "targets": [3], "controls": [0, 1, 2]}])
    yield _qis("cnot-with-two-controls", 3, [{"gate": "cnot", "targets": [0], "controls": [1, 2]}])


def _long() -> Specimen:
    """Return 150 gates on four qubits, each layer at other angles."""
    gates: list[Gate] = []
    for layer in range(25):
        pair = (layer % 4, (layer + 1 + layer // 4) % 4)
        pair = pair if pair[0] != pair[1] else (pair[0], (pair[0] + 1) % 4)
        gates += [
            {"gate": ("rx", "ry", "rz")[layer % 3], "target": q, "rotation": 0.2 + 0.03 * layer}
            for q in range(4)
        ]
        gates.append({"gate": "cnot", "control": pair[0], "target": pair[1]})
        gates.append({"gate": FIXED[layer % len(FIXED)], "target": pair[1]})
    return _bare("many-gates", 4, gates)


def _native() -> Iterator[Specimen]:
    yield _sandwiched("native-gpi", 1, [{"gate": "gpi", "target": 0, "phase": 0.137}])
    yield _sandwiched("native-gpi2", 1, [{"gate": "gpi2", "target": 0, "phase": 0.137}])
    ms = {"gate": "ms", "targets": [0, 1], "phases": [0.11, 0.34]}
    yield _sandwiched("native-ms-default-angle", 2, [ms])
    yield _sandwiched("native-ms", 2, [{**ms, "angle": 0.15}])
    yield _sandwiched("native-ms-high-first", 3, [{**ms, "targets": [2, 0], "angle": 0.2}])
    yield _sandwiched("native-zz", 2, [{"gate": "zz", "targets": [0, 1], "angle": 0.13}])


def _several() -> Iterator[Specimen]:
    first = _bare("", 3, [_x(0)]).inputs[0]
    second = _bare("", 3, [_x(1), _x(2)]).inputs[0]
    third = _bare("", 3, [{"gate": "ry", "target": 2, "rotation": 1.0}]).inputs[0]
    yield Specimen(name="several-circuits", inputs=(first, second, third), gateset="qis")
    entangled = {"gate": "ms", "targets": [0, 1], "phases": [0.11, 0.34], "angle": 0.15}
    native = _sandwiched("", 2, [entangled, {"gate": "gpi", "target": 1, "phase": 0.2}]).inputs[0]
    qis = _bare("", 2, [{"gate": "h", "target": 0}, {"gate": "ry", "target": 1, "rotation": 0.6}])
    yield Specimen(name="several-gatesets", inputs=(qis.inputs[0], native), gateset="native")
    yield Specimen(name="native-within-qis", inputs=(native, qis.inputs[0]), gateset="qis")
    yield Specimen(name="several-of-one", inputs=(third,), gateset="qis")


def _undocumented() -> Iterator[Specimen]:
    yield _qis("phase-gate", 1, [{"gate": "z", "target": 0, "rotation": 0.9}], documented=False)
    idle = {"gate": "nop", "targets": [0]}
    yield replace(_sandwiched("native-nop", 1, [idle]), documented=False)
    term = {"gate": "pauliexp", "targets": [0, 1], "coefficients": [0.4], "time": 0.9}
    yield _qis("pauliexp", 2, [{**term, "terms": ["XY"]}], documented=False)
    terms = {**term, "terms": ["ZI", "ZZ"], "coefficients": [0.4, -0.7]}
    yield _qis("pauliexp-of-two-terms", 2, [terms], documented=False)


def _bare(name: str, qubits: int, gates: Sequence[Gate]) -> Specimen:
    return Specimen(name=name, inputs=({"qubits": qubits, "gateset": "qis", "circuit": [*gates]},))


def _qis(name: str, qubits: int, gates: Sequence[Gate], *, documented: bool = True) -> Specimen:
    """Return `gates` between generic rotations of every qubit before and after."""
    before = [g for q in range(qubits) for g in _turn(q, _BEFORE[q], ("ry", "rz"))]
    after = [g for q in range(qubits) for g in _turn(q, _AFTER[q], ("rx", "ry"))]
    whole = {"qubits": qubits, "gateset": "qis", "circuit": [*before, *gates, *after]}
    return Specimen(name=name, inputs=(whole,), documented=documented)


def _turn(qubit: int, angles: tuple[float, float], axes: tuple[str, str]) -> Iterator[Gate]:
    for axis, rotation in zip(axes, angles, strict=True):
        yield {"gate": axis, "target": qubit, "rotation": rotation}


def _sandwiched(name: str, qubits: int, gates: Sequence[Gate]) -> Specimen:
    """Return native `gates` between quarter turns about generic axes, two before and one after.

    One turn before leaves a qubit on the equator, where the sign of an `ms` does not show.
    """
    before = [
        {"gate": "gpi2", "target": q, "phase": phase}
        for q in range(qubits)
        for phase in (0.07 + 0.16 * q, 0.42 + 0.09 * q)
    ]
    after = [{"gate": "gpi2", "target": q, "phase": 0.31 - 0.12 * q} for q in range(qubits)]
    whole = {"qubits": qubits, "gateset": "native", "circuit": [*before, *gates, *after]}
    return Specimen(name=name, inputs=(whole,))


def _x(qubit: int) -> Gate:
    return {"gate": "x", "target": qubit}
