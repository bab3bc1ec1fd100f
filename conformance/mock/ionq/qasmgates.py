"""The gates of OpenQASM 3's standard library, as the QIS gates that they are.

`U` and its relatives are products of z-with-rotation, diag(1, exp(i t)), and ry, so that they keep
their phase under controls. A phase by itself is the gate `gphase`, which only this reader knows:
under controls it becomes a phase of these, and otherwise nobody sees it.

Source: the OpenQASM 3 specification, standard gate library; qiskit's names beyond it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

Gate: TypeAlias = dict[str, Any]
Maker: TypeAlias = Callable[[Sequence[float], Sequence[int]], list[Gate]]


def _plain(name: str, controls: int = 0) -> Maker:
    def made(_angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
        return [_on(qubits, controls, {"gate": name})]

    return made


def _turned(name: str, controls: int = 0) -> Maker:
    def made(angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
        return [_on(qubits, controls, {"gate": name, "rotation": angles[0]})]

    return made


def _on(qubits: Sequence[int], controls: int, gate: Gate) -> Gate:
    placed = {**gate, "targets": list(qubits[controls:])}
    return {**placed, "controls": list(qubits[:controls])} if controls else placed


def universal(angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
    """Return U(theta, phi, lambda) on the last of `qubits`, controlled by the others."""
    theta, phi, lam = angles
    turns = (("z", lam), ("ry", theta), ("z", phi))
    return [_on(qubits, len(qubits) - 1, {"gate": g, "rotation": angle}) for g, angle in turns]


def _controlled_universal(angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
    phase = {"gate": "z", "rotation": angles[3], "targets": [qubits[0]]}
    return [phase, *universal(angles[:3], qubits)]


def _nothing(_angles: Sequence[float], _qubits: Sequence[int]) -> list[Gate]:
    return []


_HALF = 1.5707963267948966

STANDARD: Mapping[str, tuple[int, int, Maker]] = {
    "id": (0, 1, _nothing),
    **{name: (0, 1, _plain(name)) for name in ("x", "y", "z", "h", "s", "t")},
    "sdg": (0, 1, _plain("si")),
    "tdg": (0, 1, _plain("ti")),
    "sx": (0, 1, _plain("v")),
    "sxdg": (0, 1, _plain("vi")),
    **{name: (1, 1, _turned(name)) for name in ("rx", "ry", "rz")},
    **{name: (1, 1, _turned("z")) for name in ("p", "phase", "u1")},
    **{name: (0, 2, _plain("x", 1)) for name in ("cx", "CX")},
    **{f"c{name}": (0, 2, _plain(name, 1)) for name in ("y", "z", "h")},
    **{name: (1, 2, _turned("z", 1)) for name in ("cp", "cphase", "cu1")},
    **{f"c{name}": (1, 2, _turned(name, 1)) for name in ("rx", "ry", "rz")},
    "csx": (0, 2, _plain("v", 1)),
    "swap": (0, 2, _plain("swap")),
    "rxx": (1, 2, _turned("xx")),
    "ryy": (1, 2, _turned("yy")),
    "rzz": (1, 2, _turned("zz")),
    "ccx": (0, 3, _plain("x", 2)),
    "ccz": (0, 3, _plain("z", 2)),
    "cswap": (0, 3, _plain("swap", 1)),
    **dict.fromkeys(("U", "u", "u3"), (3, 1, universal)),
    "u2": (2, 1, lambda angles, qubits: universal([_HALF, *angles], qubits)),
    "cu3": (3, 2, universal),
    "cu": (4, 2, _controlled_universal),
}
"""Name to how many angles it takes, on how many qubits, and what it is; controls come first."""

_INVERSES = {"s": "si", "si": "s", "t": "ti", "ti": "t", "v": "vi", "vi": "v"}


def inverted(gates: Sequence[Gate]) -> list[Gate]:
    """Return what undoes `gates`."""
    return [_inverse(gate) for gate in reversed(gates)]


def _inverse(gate: Gate) -> Gate:
    if "rotation" in gate:
        return {**gate, "rotation": -gate["rotation"]}
    return {**gate, "gate": _INVERSES.get(gate["gate"], gate["gate"])}


def controlled(gates: Sequence[Gate], controls: Sequence[int]) -> list[Gate]:
    """Return `gates` under more controls."""
    return [_with_controls(gate, controls) for gate in gates]


def _with_controls(gate: Gate, controls: Sequence[int]) -> Gate:
    if gate["gate"] == "gphase":
        first, *others = controls
        turned = {"gate": "z", "rotation": gate["rotation"], "targets": [first]}
        return {**turned, "controls": others} if others else turned
    return {**gate, "controls": [*controls, *gate.get("controls", ())]}
