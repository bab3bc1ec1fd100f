"""From a job's payload to circuits that can run, or to the failure that the job will end with.

The document cannot say that a qubit is out of range, so such a job is accepted and fails:
which of the two a service does is its own choice, this is ours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.mock.ionq.backends import NOISE_QUBITS, Backend

if TYPE_CHECKING:
    import reference_sim

MOST_ACTIVE_QUBITS = 20
"""Qubits that gates of one circuit may touch; the mock simulates no more."""

MOST_WORK = 2**31
"""Bound on gates times amplitudes, a few seconds of simulation."""

_WIDE = 10
"""Circuits with more qubits than this are simulated on the qubits that gates touch."""

Gate = Mapping[str, Any]


@dataclass(eq=False)
class JobFailure(Exception):
    """Why a job ends as failed: one of the documented codes, and a sentence."""

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """One circuit that can run."""

    input: Mapping[str, Any]
    """What the simulator takes: qubits, gateset, circuit."""
    qubits: int
    """Width of the circuit as submitted."""
    places: tuple[int, ...] | None
    """Qubit of the submitted circuit for each qubit of `input`; None when they are the same."""
    gate_counts: Mapping[str, int]
    """`1q`, `2q`, `3q` ... to the number of gates on that many qubits."""
    overrides: bool = False
    """Whether the circuit names another gateset than its job."""


def prepared(payload: Mapping[str, Any], backend: Backend) -> tuple[Circuit, ...]:
    """Return the circuits of `payload`.

    Raises:
        JobFailure: They cannot run on `backend`.
    """
    kind = payload["type"]
    if kind not in {"ionq.circuit.v1", "ionq.multi-circuit.v1"}:
        raise JobFailure("PreflightError", f"jobs of type {kind} do not run on this mock yet")
    whole = payload["input"]
    limit = _width_limit(payload, backend)
    if kind == "ionq.circuit.v1":
        return (_circuit(whole, whole, limit),)
    if not whole["circuits"]:
        raise JobFailure("InvalidInput", "expected at least one circuit, got none")
    return tuple(
        _circuit(part, whole, limit, f"circuit {index}: ")
        for index, part in enumerate(whole["circuits"])
    )


def _width_limit(payload: Mapping[str, Any], backend: Backend) -> int:
    if backend.is_qpu:
        return backend.qubits
    model = (payload.get("noise") or {}).get("model", "ideal")
    return min(backend.qubits, NOISE_QUBITS[model])


def _circuit(
    part: Mapping[str, Any], whole: Mapping[str, Any], limit: int, where: str = ""
) -> Circuit:
    gates: Sequence[Gate] = part["circuit"]
    source: dict[str, Any] = {"gateset": part.get("gateset", whole["gateset"]), "circuit": gates}
    declared = part.get("qubits", whole.get("qubits"))
    if declared is not None:
        source["qubits"] = declared
    checked = _checked(source, limit, where)
    touched = sorted({qubit for gate in checked.gates for qubit in gate.targets + gate.controls})
    compact = checked.qubits > _WIDE
    source["qubits"] = checked.qubits
    if compact:
        source |= {"qubits": max(1, len(touched)), "circuit": _relabelled(gates, touched)}
    _check_work(len(gates), source["qubits"], where)
    return Circuit(
        input=source,
        qubits=checked.qubits,
        places=tuple(touched) if compact else None,
        gate_counts=_gate_counts(checked),
        overrides=source["gateset"] != whole["gateset"],
    )


def _checked(source: Mapping[str, Any], limit: int, where: str) -> reference_sim.Circuit:
    import reference_sim

    declared = source.get("qubits", 1)
    if declared > limit:
        message = f"{where}the circuit has {declared} qubits, this backend {limit}"
        raise JobFailure("NotEnoughQubits", message)
    try:
        return reference_sim.parse(source, max_qubits=limit)
    except reference_sim.CircuitError as error:
        code = "UnsupportedGate" if error.field == "gate" else "InvalidInput"
        raise JobFailure(code, f"{where}{error}") from error


def _check_work(gates: int, active: int, where: str) -> None:
    if active > MOST_ACTIVE_QUBITS:
        message = f"{where}gates touch {active} qubits, this mock simulates {MOST_ACTIVE_QUBITS}"
        raise JobFailure("SimulationTimeout", message)
    if gates << active > MOST_WORK:
        message = f"{where}{gates} gates on {active} qubits take this mock too long"
        raise JobFailure("TooManyGates", message)


def qubits_of(gate: Gate) -> list[Any]:
    """Return the qubits of `gate` as written: targets, then controls."""
    found = [gate[key] for key in ("target", "control") if key in gate]
    for key in ("targets", "controls"):
        found += gate.get(key, ())
    return found


def _relabelled(gates: Iterable[Gate], touched: Sequence[int]) -> list[Gate]:
    position = {qubit: index for index, qubit in enumerate(touched)}
    moved: list[Gate] = []
    for gate in gates:
        copy = dict(gate)
        for key in ("target", "control"):
            if key in gate:
                copy[key] = position[gate[key]]
        for key in ("targets", "controls"):
            if key in gate:
                copy[key] = [position[qubit] for qubit in gate[key]]
        moved.append(copy)
    return moved


def _gate_counts(circuit: reference_sim.Circuit) -> dict[str, int]:
    sizes = Counter(
        len(gate.targets) + len(gate.controls) for gate in circuit.gates if gate.name != "nop"
    )
    counts = {"1q": 0, "2q": 0}
    for size in sorted(sizes):
        counts[f"{size}q"] = sizes[size]
    return counts
