"""Results that somebody already has, read from JSON: circuits with counts or probabilities."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import reference_sim
from conformance.errors import UnreadableDocument
from conformance.oracle.foreign import from_cirq, from_openqasm

_FORMS = ("circuit", "input", "qasm", "cirq")
_RESULTS = ("counts", "histogram", "probabilities")
_REPAIR = "docs/physics.md shows the forms."


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One result and the circuit that it is of."""

    place: str
    """File, and the place in it."""
    circuit: Mapping[str, Any]
    """An `input` object."""
    answer: Mapping[str, float]
    """Decimal outcome to probability; bit k is qubit k."""
    shots: int
    """0 for exact probabilities."""
    model: str = "ideal"


def records(path: Path) -> list[Record]:
    """Return the results in a file, or in every `.json` file below a folder.

    Raises:
        UnreadableDocument: There are none, or one cannot be understood; it says where.
    """
    files = sorted(path.rglob("*.json")) if path.is_dir() else [path]
    if not files:
        raise UnreadableDocument(str(path), "files that end in .json", "none", _REPAIR)
    return [record for file in files for record in _of_file(file)]


def _of_file(file: Path) -> Iterator[Record]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as error:
        seen = (error.strerror or str(error)).lower()
        raise UnreadableDocument(str(file), "a readable file", seen) from None
    except (ValueError, RecursionError) as error:
        raise UnreadableDocument(str(file), "JSON", str(error)[:80], _REPAIR) from None
    entries = content if isinstance(content, list) else [content]
    for index, entry in enumerate(entries):
        place = f"{file}" if len(entries) == 1 else f"{file}: entry {index}"
        if not isinstance(entry, dict):
            raise UnreadableDocument(place, "an object", type(entry).__name__, _REPAIR)
        yield _record(place, entry)


def _record(place: str, entry: Mapping[str, Any]) -> Record:
    circuit, big_endian = _circuit(place, entry)
    try:
        qubits = reference_sim.parse(circuit).qubits
    except reference_sim.CircuitError as error:
        raise UnreadableDocument(place, "a circuit that has a meaning", str(error)) from None
    name = next((n for n in _RESULTS if isinstance(entry.get(n), dict)), "")
    if not name or not entry[name]:
        raise UnreadableDocument(place, f"one of {', '.join(_RESULTS)}", "none of them", _REPAIR)
    order = entry.get("bit_order", "big" if big_endian else "little")
    if order not in {"little", "big"}:
        raise UnreadableDocument(place, "bit_order little or big", repr(order))
    values = _outcomes(place, entry[name], qubits, big=order == "big")
    shots = _shots(place, entry, name, values)
    total = sum(values.values()) if name != "probabilities" else 1.0
    noise = entry.get("noise") or {}
    return Record(
        place=place,
        circuit=circuit,
        answer={key: value / total for key, value in values.items()},
        shots=shots,
        model=noise.get("model", "ideal") if isinstance(noise, dict) else str(noise),
    )


def _circuit(place: str, entry: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """Return the circuit as an `input` object, and whether its library writes qubit 0 first."""
    form = next((name for name in _FORMS if name in entry), "")
    value = entry.get(form)
    if form in {"circuit", "input"} and isinstance(value, dict):
        return value, False
    if form == "circuit" and isinstance(value, list):
        inherited = {n: entry[n] for n in ("qubits", "gateset") if n in entry}
        return {**inherited, "circuit": value}, False
    if form == "qasm" and isinstance(value, str):
        return from_openqasm(value, place), False
    if form == "cirq":
        return from_cirq(value if isinstance(value, str) else json.dumps(value), place), True
    raise UnreadableDocument(place, f"a circuit as one of {', '.join(_FORMS)}", "none", _REPAIR)


def _outcomes(place: str, values: Mapping[str, Any], qubits: int, *, big: bool) -> dict[str, float]:
    """Return decimal outcomes; keys may be decimals, or bit strings as long as the register."""
    found: dict[str, float] = {}
    bits = all(len(k.replace(" ", "")) == qubits and set(k) <= set("01 ") for k in values)
    for key, value in values.items():
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not (bits or key.isdecimal()):
            expected = "outcomes in decimals or bit strings, with numbers"
            raise UnreadableDocument(place, expected, f"{key!r}: {value!r}"[:80], _REPAIR)
        text = key.replace(" ", "")
        outcome = int(text[::-1] if big else text, 2) if bits else int(key)
        if not bits and big:
            outcome = int(f"{outcome:0{qubits}b}"[::-1], 2)
        if outcome >= 2**qubits:
            raise UnreadableDocument(place, f"outcomes of {qubits} qubits", repr(key))
        found[str(outcome)] = found.get(str(outcome), 0.0) + value
    return found


def _shots(place: str, entry: Mapping[str, Any], name: str, values: Mapping[str, float]) -> int:
    if name != "probabilities":
        total = sum(values.values())
        if total <= 0 or any(v < 0 or v != int(v) for v in values.values()):
            raise UnreadableDocument(place, "counts: whole numbers, one above 0", str(total))
        return int(total)
    shots = entry.get("shots", 0)
    if not isinstance(shots, int) or isinstance(shots, bool) or shots < 0:
        raise UnreadableDocument(place, "shots: a whole number", repr(shots))
    return shots if entry.get("noise") or entry.get("sampled") else 0
