"""From an IonQ `input` object to checked circuits; everything that can be wrong is found here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reference_sim.errors import CircuitError, shown
from reference_sim.fields import Fields, as_integer, as_object, read_list
from reference_sim.forms import Gate, Gateset, read_gate

MAX_QUBITS: Final = 29
"""Qubits of IonQ's ideal simulator, and the most that are simulated unless a caller says so."""


@dataclass(frozen=True, slots=True)
class Circuit:
    """A circuit that can be simulated."""

    qubits: int
    gates: tuple[Gate, ...]
    gateset: Gateset


def parse(
    input: Fields,  # noqa: A002 (the name of this object in the API)
    *,
    max_qubits: int = MAX_QUBITS,
) -> Circuit:
    """Return the circuit that the `input` of a single-circuit job describes.

    `gateset` is `qis` where it is left out, `qubits` the highest used index + 1 and at least 1.
    Other fields of the input (`name`, `registers`) have no bearing on the outcome.

    Raises:
        CircuitError: The circuit is malformed, or has more than `max_qubits` qubits.
    """
    fields = as_object(input, "input")
    if "circuits" in fields and "circuit" not in fields:
        raise CircuitError("circuit", "expected one circuit, got 'circuits', a multi-circuit input")
    return _circuit(fields, {}, max_qubits)


def parse_multi(
    input: Fields,  # noqa: A002 (the name of this object in the API)
    *,
    max_qubits: int = MAX_QUBITS,
) -> tuple[Circuit, ...]:
    """Return the circuits of a multi-circuit job's `input`, in their order.

    A circuit's own `gateset` and `qubits` stand before those of the input; see `parse` for the
    rest.

    Raises:
        CircuitError: A circuit cannot be simulated; its `circuit` says which.
    """
    fields = as_object(input, "input")
    _gateset(fields)
    _declared_qubits(fields, max_qubits)
    parsed = []
    for index, entry in enumerate(read_list(fields, "circuits")):
        try:
            parsed.append(_circuit(as_object(entry, "circuits"), fields, max_qubits))
        except CircuitError as error:
            error.circuit = index
            raise
    return tuple(parsed)


def _circuit(fields: Fields, inherited: Fields, max_qubits: int) -> Circuit:
    gateset = _gateset(fields if "gateset" in fields else inherited)
    declared = _declared_qubits(fields if "qubits" in fields else inherited, max_qubits)
    gates = _gates(read_list(fields, "circuit"), gateset, declared or max_qubits)
    if declared is None:
        declared = 1 + max((q for gate in gates for q in gate.targets + gate.controls), default=0)
    return Circuit(declared, gates, gateset)


def _gates(entries: Sequence[object], gateset: Gateset, bound: int) -> tuple[Gate, ...]:
    gates: list[Gate] = []
    try:
        for entry in entries:
            gates.append(read_gate(entry, gateset, bound))  # noqa: PERF401 (its length is the index)
    except CircuitError as error:
        error.gate = len(gates)
        raise
    return tuple(gates)


def _gateset(fields: Fields) -> Gateset:
    gateset = fields.get("gateset", "qis")
    if gateset == "qis":
        return "qis"
    if gateset == "native":
        return "native"
    raise CircuitError("gateset", f"expected 'qis' or 'native', got {shown(gateset)}")


def _declared_qubits(fields: Fields, max_qubits: int) -> int | None:
    if "qubits" not in fields:
        return None
    qubits = as_integer(fields["qubits"], "qubits")
    if not 1 <= qubits <= max_qubits:
        raise CircuitError("qubits", f"expected from 1 to {max_qubits}, got {shown(qubits)}")
    return qubits
