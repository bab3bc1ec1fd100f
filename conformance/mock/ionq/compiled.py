"""Compiled circuits as the API tells them: in native gates, or in OpenQASM 3.

Both are text, and both are the same gates. The OpenQASM program defines the native gates in terms
of the language's own, so that any reader of OpenQASM 3 understands it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from conformance.mock.ionq.circuits import Circuit, relabelled
from conformance.mock.ionq.compiler import Entangler, NativeGate, compiled
from conformance.mock.ionq.lowering import NotCompiled

__all__ = ["NotCompiled", "entangler_of", "told"]

_DEFINITIONS = {
    "gpi": "gate gpi(turns) q { U(pi, 2*pi*turns, pi - 2*pi*turns) q; }",
    "gpi2": "gate gpi2(turns) q { U(pi/2, 2*pi*turns - pi/2, pi/2 - 2*pi*turns) q; }",
    "zz": "gate zz(turns) a, b { cx a, b; rz(2*pi*turns) b; cx a, b; }",
    "ms": (
        "gate ms(first, second, turns) a, b {\n"
        "  rz(-2*pi*first) a; rz(-2*pi*second) b; h a; h b;\n"
        "  cx a, b; rz(2*pi*turns) b; cx a, b;\n"
        "  h a; h b; rz(2*pi*first) a; rz(2*pi*second) b;\n"
        "}"
    ),
}
"""Native gates in OpenQASM 3, up to a global phase; phases and angles are in turns."""


def entangler_of(backend: str, noise_model: str) -> Entangler:
    """Return the interaction of a machine, or of the one whose noise the simulator imitates.

    Forte systems have zz and all others ms, which is also what clients take the ideal simulator
    to have.
    """
    return "zz" if "forte" in backend or "forte" in noise_model else "ms"


def told(circuit: Circuit, entangler: Entangler, language: str) -> str:
    """Return `circuit` compiled, as text in `language`: `native` (JSON) or `qasm3`.

    Raises:
        NotCompiled: The compiler has no exact form of it.
    """
    import reference_sim

    gates = compiled(reference_sim.parse(circuit.input), entangler)
    if circuit.places is not None:
        gates = relabelled(gates, circuit.places)
    if language == "qasm3":
        return "\n".join(_program(gates, circuit.qubits)) + "\n"
    return json.dumps({"qubits": circuit.qubits, "gateset": "native", "circuit": gates})


def _program(gates: Iterable[NativeGate], qubits: int) -> Iterator[str]:
    written = list(gates)
    yield "OPENQASM 3.0;"
    yield 'include "stdgates.inc";'
    used = {gate["gate"] for gate in written}
    yield from (text for name, text in _DEFINITIONS.items() if name in used)
    yield f"qubit[{qubits}] q;"
    yield from map(_statement, written)


def _statement(gate: NativeGate) -> str:
    numbers = [*gate.get("phases", ()), *(gate[key] for key in ("phase", "angle") if key in gate)]
    targets: list[Any] = gate.get("targets", [gate.get("target")])
    operands = ", ".join(f"q[{target}]" for target in targets)
    return f"{gate['gate']}({', '.join(map(repr, numbers))}) {operands};"
