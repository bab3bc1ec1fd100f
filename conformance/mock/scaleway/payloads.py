"""What a job is given to run, and the result in the form that Qiskit reads.

A payload is JSON text: `run.circuits`, each with a `serialization_format` (1 and 2: OpenQASM 2, 3:
OpenQASM 3) and the text, and `run.options.shots`. Perceval's photonic circuits are not simulated.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from conformance.mock.program import MeasuredCircuit, ProgramProblem, openqasm

DEFAULT_SHOTS, MOST_SHOTS = 1000, 1_000_000
_TEXTUAL = {1, 2, 3}


def result_of(circuit: Mapping[str, Any], qubits: int, seed: int) -> str:
    """Return the result of a job as JSON text.

    Args:
        circuit: Member `circuit` of the request.
        qubits: Of the platform.
        seed: Fixes the samples.

    Raises:
        ProgramProblem: It cannot be run; the reason is the job's.
    """
    text = circuit.get("qiskit_circuit")
    if not text:
        raise ProgramProblem("expected qiskit_circuit: photonic circuits are not simulated here")
    run = _run_of(text)
    options = run.get("options") or {}
    shots = options.get("shots", DEFAULT_SHOTS)
    if not isinstance(shots, int) or isinstance(shots, bool) or not 1 <= shots <= MOST_SHOTS:
        raise ProgramProblem(f"expected 1 to {MOST_SHOTS} shots, got {shots!r}")
    results = [
        _experiment(_read(entry), qubits, shots, seed + number, memory=bool(options.get("memory")))
        for number, entry in enumerate(run["circuits"])
    ]
    return json.dumps({"success": True, "results": results})


def _run_of(text: str) -> dict[str, Any]:
    try:
        run = json.loads(text)["run"]
        if not isinstance(run["circuits"], list) or not run["circuits"]:
            raise TypeError("no circuits")
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise ProgramProblem(f"expected JSON text with run.circuits: {problem}") from problem
    return dict(run)


def _read(entry: Any) -> MeasuredCircuit:
    form = entry.get("serialization_format") if isinstance(entry, dict) else None
    if form not in _TEXTUAL:
        raise ProgramProblem(f"expected the serialization format 1, 2 or 3, got {form!r}")
    circuit = openqasm.read(str(entry.get("circuit_serialization", "")))
    if not circuit.registers:
        raise ProgramProblem("expected a circuit that measures into a register")
    return circuit


def _experiment(
    circuit: MeasuredCircuit, qubits: int, shots: int, seed: int, *, memory: bool
) -> dict[str, Any]:
    if circuit.qubits > qubits:
        raise ProgramProblem(f"expected at most {qubits} qubits, got {circuit.qubits}")
    drawn = circuit.sample(shots, seed)
    values, width = [0] * shots, 0
    for register in circuit.registers:  # the first register has the lowest bits
        bits = drawn[register.name]
        values = [value | bit << width for value, bit in zip(values, bits, strict=True)]
        width += len(register.bits)
    told = [hex(value) for value in values]
    data: dict[str, Any] = {"counts": dict(Counter(told))}
    header = {
        "name": "circuit",
        "creg_sizes": [[register.name, len(register.bits)] for register in circuit.registers],
        "memory_slots": width,
        "n_qubits": circuit.qubits,
    }
    if memory:
        data["memory"] = told
    return {"shots": shots, "success": True, "data": data, "header": header}
