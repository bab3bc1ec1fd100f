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

MOST_CONTROLS = 7
"""Controls that a gate may have on a machine, where they are compiled: the mock's choice."""

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


def circuits_of(payload: Mapping[str, Any], backend: Backend) -> tuple[Circuit, ...]:
    """Return the circuits of a job of one circuit or several.

    Raises:
        JobFailure: They cannot run on `backend`.
    """
    whole = payload["input"]
    if payload["type"] == "ionq.circuit.v1":
        return (runnable(whole, payload, backend),)
    if not whole["circuits"]:
        raise JobFailure("InvalidInput", "expected at least one circuit, got none")
    inherited = {key: whole[key] for key in ("gateset", "qubits") if key in whole}
    return tuple(
        runnable({**inherited, **part}, payload, backend, f"circuit {index}: ", whole["gateset"])
        for index, part in enumerate(whole["circuits"])
    )


def _width_limit(payload: Mapping[str, Any], backend: Backend) -> int:
    if backend.is_qpu:
        return backend.qubits
    model = (payload.get("noise") or {}).get("model", "ideal")
    return min(backend.qubits, NOISE_QUBITS[model])


def runnable(
    part: Mapping[str, Any],
    payload: Mapping[str, Any],
    backend: Backend,
    where: str = "",
    gateset: str = "",
) -> Circuit:
    """Return a circuit that can run.

    Args:
        part: An `input` object of one circuit.
        payload: The job that it is part of.
        backend: Where it is to run.
        where: Said before what is wrong.
        gateset: That of the whole job, if the circuit may have another.

    Raises:
        JobFailure: It cannot run.
    """
    gates: Sequence[Gate] = part["circuit"]
    source: dict[str, Any] = {"gateset": part["gateset"], "circuit": gates}
    if part.get("qubits") is not None:
        source["qubits"] = part["qubits"]
    checked = _checked(source, _width_limit(payload, backend), where)
    if backend.is_qpu:
        _check_controls(checked, where)
    touched = sorted({qubit for gate in checked.gates for qubit in gate.targets + gate.controls})
    compact = checked.qubits > _WIDE
    source["qubits"] = checked.qubits
    if compact:
        moved = relabelled(gates, _positions(touched))
        source |= {"qubits": max(1, len(touched)), "circuit": moved}
    check_work(len(gates), source["qubits"], where)
    return Circuit(
        input=source,
        qubits=checked.qubits,
        places=tuple(touched) if compact else None,
        gate_counts=_gate_counts(checked),
        overrides=source["gateset"] != (gateset or source["gateset"]),
    )


def _check_controls(circuit: reference_sim.Circuit, where: str) -> None:
    for number, gate in enumerate(circuit.gates):
        if len(gate.controls) > MOST_CONTROLS:
            message = f"{where}gate {number} has {len(gate.controls)} controls"
            raise JobFailure("TooManyControls", f"{message}, a machine takes {MOST_CONTROLS}")


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


def check_work(gates: int, active: int, where: str) -> None:
    """Refuse what this mock would simulate for too long."""
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


def _positions(touched: Sequence[int]) -> Mapping[int, int]:
    return {qubit: index for index, qubit in enumerate(touched)}


def relabelled(
    gates: Iterable[Gate], names: Mapping[int, int] | Sequence[int]
) -> list[dict[str, Any]]:
    """Return `gates` on other qubits: qubit k becomes `names[k]`."""
    moved = []
    for gate in gates:
        copy = dict(gate)
        for key in ("target", "control"):
            if key in gate:
                copy[key] = names[int(gate[key])]
        for key in ("targets", "controls"):
            if key in gate:
                copy[key] = [names[int(qubit)] for qubit in gate[key]]
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
