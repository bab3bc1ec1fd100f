"""Gates of OpenQASM and Qiskit, by name, in the gates that the reference simulator knows.

Global phases are right, so that a gate stays right under controls. A phase by itself is the gate
`gphase`, which the simulator does not know: under controls it becomes a phase of these, and
otherwise nobody sees it.

Sources: OpenQASM 3 specification, standard gate library; Qiskit circuit library.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from conformance.mock.program.measured import Gate, ProgramProblem

Build = Callable[[Sequence[float], Sequence[int]], list[Gate]]
"""From parameters in radians and qubits to gates in the order in which they act."""

_INVERSES = {"s": "si", "si": "s", "t": "ti", "ti": "t", "v": "vi", "vi": "v"}
"""Gates without a parameter that do not undo themselves."""


def gates_of(name: str, parameters: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
    """Return what a named gate does.

    Args:
        name: As in `stdgates.inc`, `qelib1.inc` or Qiskit.
        parameters: Angles in radians.
        qubits: Operands in the gate's order.

    Raises:
        ProgramProblem: There is no such gate, or it takes other operands.
    """
    kind = _KINDS.get(name)
    if kind is None:
        raise ProgramProblem(f"expected a gate of the standard library, got {name!r}")
    angles, operands, build = kind
    if len(parameters) != angles or len(qubits) != operands:
        raise ProgramProblem(
            f"expected {angles} parameters and {operands} qubits for {name}, "
            f"got {len(parameters)} and {len(qubits)}"
        )
    if len(set(qubits)) != len(qubits):
        raise ProgramProblem(f"expected different qubits for {name}, got {list(qubits)}")
    if not all(map(math.isfinite, parameters)):
        raise ProgramProblem(f"expected finite parameters for {name}, got {list(parameters)}")
    return build(parameters, qubits)


def under_control(gates: Sequence[Gate], controls: Sequence[int]) -> list[Gate]:
    """Return `gates` acting where all `controls`, one at least, are 1."""
    return [_under_control(gate, controls) for gate in gates]


def _under_control(gate: Gate, controls: Sequence[int]) -> Gate:
    if gate["gate"] == "gphase":
        first, *others = controls
        turned = phase(gate["rotation"], first)
        return {**turned, "controls": others} if others else turned
    return {**gate, "controls": [*controls, *gate.get("controls", ())]}


def inverted(gates: Sequence[Gate]) -> list[Gate]:
    """Return what undoes `gates`."""
    return [_inverse(gate) for gate in reversed(gates)]


def _inverse(gate: Gate) -> Gate:
    if "rotation" in gate:
        return {**gate, "rotation": -gate["rotation"]}
    return {**gate, "gate": _INVERSES.get(gate["gate"], gate["gate"])}


def without_phase(gates: Sequence[Gate]) -> list[Gate]:
    """Return `gates` without the phases that nobody sees."""
    return [gate for gate in gates if gate["gate"] != "gphase"]


def phase(angle: float, qubit: int) -> Gate:
    """Return diag(1, exp(i angle)) on `qubit`."""
    return {"gate": "z", "targets": [qubit], "rotation": angle}


def _plain(name: str, *, controls: int = 0) -> Build:
    def build(_angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
        gate: Gate = {"gate": name, "targets": list(qubits[controls:])}
        return [{**gate, "controls": list(qubits[:controls])} if controls else gate]

    return build


def _turned(name: str, *, controls: int = 0) -> Build:
    def build(angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
        gate: Gate = {"gate": name, "targets": list(qubits[controls:]), "rotation": angles[0]}
        return [{**gate, "controls": list(qubits[:controls])} if controls else gate]

    return build


def _u(angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
    """U(t, p, l) = exp(i (p + l) / 2) rz(p) ry(t) rz(l) = P(p) ry(t) P(l)."""
    theta, phi, lam = angles
    turn: Gate = {"gate": "ry", "targets": [qubits[0]], "rotation": theta}
    return [phase(lam, qubits[0]), turn, phase(phi, qubits[0])]


def _u2(angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
    return _u((math.pi / 2, *angles), qubits)


def _cu(angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
    """Controlled exp(i g) U(t, p, l): the phase g is one of the control."""
    control, target = qubits
    return [phase(angles[3], control), *under_control(_u(angles[:3], [target]), [control])]


def _cu3(angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
    return under_control(_u(angles, qubits[1:]), qubits[:1])


def _rzx(angle: float, control: int, target: int) -> list[Gate]:
    hadamard: Gate = {"gate": "h", "targets": [target]}
    return [hadamard, {"gate": "zz", "targets": [control, target], "rotation": angle}, hadamard]


def _ecr(_angles: Sequence[float], qubits: Sequence[int]) -> list[Gate]:
    first, second = qubits
    flip: Gate = {"gate": "x", "targets": [first]}
    quarter = math.pi / 4
    return [*_rzx(quarter, first, second), flip, *_rzx(-quarter, first, second)]


_KINDS: Final[Mapping[str, tuple[int, int, Build]]] = {
    **{name: (0, 1, _plain(name)) for name in ("x", "y", "z", "h", "s", "t")},
    "id": (0, 1, lambda _angles, _qubits: []),
    "sdg": (0, 1, _plain("si")),
    "tdg": (0, 1, _plain("ti")),
    "sx": (0, 1, _plain("v")),
    "sxdg": (0, 1, _plain("vi")),
    **{name: (1, 1, _turned(name)) for name in ("rx", "ry", "rz")},
    **{name: (1, 1, _turned("z")) for name in ("p", "phase", "u1")},
    "u2": (2, 1, _u2),
    **dict.fromkeys(("u3", "u", "U"), (3, 1, _u)),
    **{name: (0, 2, _plain("x", controls=1)) for name in ("cx", "CX", "cnot")},
    "cy": (0, 2, _plain("y", controls=1)),
    "cz": (0, 2, _plain("z", controls=1)),
    "ch": (0, 2, _plain("h", controls=1)),
    "cs": (0, 2, _plain("s", controls=1)),
    "csdg": (0, 2, _plain("si", controls=1)),
    "csx": (0, 2, _plain("v", controls=1)),
    **{name: (1, 2, _turned("z", controls=1)) for name in ("cp", "cphase", "cu1")},
    **{f"c{name}": (1, 2, _turned(name, controls=1)) for name in ("rx", "ry", "rz")},
    "cu": (4, 2, _cu),
    "cu3": (3, 2, _cu3),
    "swap": (0, 2, _plain("swap")),
    **{f"r{name}": (1, 2, _turned(name)) for name in ("xx", "yy", "zz")},
    "rzx": (1, 2, lambda angles, qubits: _rzx(angles[0], qubits[0], qubits[1])),
    "ecr": (0, 2, _ecr),
    "ccx": (0, 3, _plain("x", controls=2)),
    "ccz": (0, 3, _plain("z", controls=2)),
    "cswap": (0, 3, _plain("swap", controls=1)),
}
"""Name to the number of angles, the number of qubits, and what it does."""
