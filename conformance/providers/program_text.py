"""Circuits as OpenQASM text in the one plain form that our requests have, and back.

One statement a line, one register of each kind, every qubit measured into the bit of its own
number at the end. What is not in this form is no circuit of ours and is not judged. Gates: the
standard libraries of the two versions of the language (Cross et al., 2017 and 2022).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_PLAIN = {
    "x": "x", "y": "y", "z": "z", "h": "h", "s": "s", "si": "sdg", "t": "t", "ti": "tdg",
    "rx": "rx", "ry": "ry", "rz": "rz", "swap": "swap",
}  # fmt: skip
"""Name of a gate in an `input` object to its name in the library."""
_CONTROLLED = {("x", 1): "cx", ("z", 1): "cz", ("x", 2): "ccx"}
_TURNED = frozenset({"rx", "ry", "rz"})
_BACK = {text: name for name, text in _PLAIN.items()}
_BACK_CONTROLLED = {text: pair for pair, text in _CONTROLLED.items()}
_HEADS = {
    2: ("OPENQASM 2.0;", 'include "qelib1.inc";', "qreg q[{n}];", "creg c[{n}];"),
    3: ("OPENQASM 3.0;", 'include "stdgates.inc";', "qubit[{n}] q;", "bit[{n}] c;"),
}
_ENDS = {2: "measure q[{i}] -> c[{i}];", 3: "c[{i}] = measure q[{i}];"}
_GATE = re.compile(r"(\w+)(?:\(([-+.e\d]+)\))? (q\[\d+\](?:, q\[\d+\])*);")
_WIDTH = re.compile(r"(?:qreg q\[(\d+)\]|qubit\[(\d+)\] q);")


def is_writable(circuit: Mapping[str, Any]) -> bool:
    """Whether every gate of `circuit` has a name in the library."""
    gates = circuit.get("circuit")
    return isinstance(gates, list) and all(_line(gate) for gate in gates)


def written(circuit: Mapping[str, Any], *, version: int) -> str:
    """Return `circuit`, an `input` object of QIS gates, as a program.

    Args:
        circuit: One that `is_writable`.
        version: Of the language: 2 or 3.
    """
    qubits = circuit["qubits"]
    lines = [line.format(n=qubits) for line in _HEADS[version]]
    lines += [_line(gate) for gate in circuit["circuit"]]
    lines += [_ENDS[version].format(i=qubit) for qubit in range(qubits)]
    return "\n".join(lines)


def width_of(program: object) -> int:
    """Return how many qubits, and bits, a program in our form has; 0 for any other."""
    lines = program.splitlines() if isinstance(program, str) else []
    width = _WIDTH.fullmatch(lines[2]) if len(lines) > 3 else None
    return 0 if width is None else int(width[1] or width[2])


def circuit_in(program: object) -> dict[str, Any] | None:
    """Return the circuit of a program in our form; None for any other."""
    lines = program.splitlines() if isinstance(program, str) else []
    qubits = width_of(program)
    if not qubits:
        return None
    version = 2 if lines[2].startswith("qreg") else 3
    heads = [line.format(n=qubits) for line in _HEADS[version]]
    ends = [_ENDS[version].format(i=qubit) for qubit in range(qubits)]
    if lines[:4] != heads or lines[len(lines) - qubits :] != ends:
        return None
    gates = list(_gates(lines[4 : len(lines) - qubits]))
    if None in gates:
        return None
    return {"qubits": qubits, "gateset": "qis", "circuit": gates}


def _line(gate: Mapping[str, Any]) -> str:
    """Return the statement of a gate; empty when the library has no such gate."""
    name = "x" if gate.get("gate") in {"cnot", "not"} else str(gate.get("gate"))
    targets = gate.get("targets", [gate.get("target")])
    controls = gate.get("controls", [gate["control"]] if "control" in gate else [])
    text = _CONTROLLED.get((name, len(controls))) if controls else _PLAIN.get(name)
    turn = gate.get("rotation")
    if text is None or (turn is not None) != (name in _TURNED) or (controls and len(targets) != 1):
        return ""
    operands = ", ".join(f"q[{qubit}]" for qubit in (*controls, *targets))
    return f"{text}({turn!r}) {operands};" if turn is not None else f"{text} {operands};"


def _gates(lines: list[str]) -> Iterator[dict[str, Any] | None]:
    for line in lines:
        found = _GATE.fullmatch(line)
        yield None if found is None else _gate(found)


def _gate(found: re.Match[str]) -> dict[str, Any] | None:
    text, turn = found[1], found[2]
    qubits = [int(number) for number in re.findall(r"\d+", found[3])]
    if text in _BACK_CONTROLLED and turn is None:
        name, controls = _BACK_CONTROLLED[text]
        return {"gate": name, "controls": qubits[:controls], "targets": qubits[controls:]}
    if text not in _BACK or (turn is not None) != (text in _TURNED):
        return None
    gate = {"gate": _BACK[text], "targets": qubits}
    return gate if turn is None else {**gate, "rotation": float(turn)}
