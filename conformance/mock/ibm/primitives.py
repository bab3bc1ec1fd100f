"""Primitive jobs: what a sampler is given, and what it answers.

Inputs are pubs: a circuit alone, or a list of circuit, parameter values and shots. A circuit is
OpenQASM text, or Qiskit's QPY as its client wraps it. A client that says `support_qiskit` gets the
typed form it can decode into its own classes, any other the plain one: hexadecimal samples.
"""

from __future__ import annotations

import base64
import io
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from conformance.mock.program import MeasuredCircuit, ProgramProblem, openqasm, qpy

DEFAULT_SHOTS = 4096
MOST_SHOTS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pub:
    """One circuit and how often it is run."""

    circuit: MeasuredCircuit
    shots: int


def pubs_of(params: Mapping[str, Any]) -> tuple[Pub, ...]:
    """Return the pubs of a sampler job.

    Raises:
        ProgramProblem: They are not what a sampler takes.
    """
    listed = params.get("pubs")
    if not isinstance(listed, list) or not listed:
        raise ProgramProblem("expected params.pubs, a list with one circuit at least")
    default = _option(params, "default_shots") or params.get("shots") or DEFAULT_SHOTS
    return tuple(_pub(entry, default, number) for number, entry in enumerate(listed))


def results_of(params: Mapping[str, Any], pubs: Sequence[Pub], seed: int) -> dict[str, Any]:
    """Return the result of a sampler job in the form that its client asked for.

    Raises:
        ProgramProblem: A circuit cannot be run.
    """
    drawn = [pub.circuit.sample(pub.shots, seed + number) for number, pub in enumerate(pubs)]
    if params.get("support_qiskit"):
        return _typed(pubs, drawn)
    return {"results": [_plain(pub, each) for pub, each in zip(pubs, drawn, strict=True)]}


def _option(params: Mapping[str, Any], name: str) -> Any:
    options = params.get("options")
    return options.get(name) if isinstance(options, dict) else None


def _pub(entry: Any, default: Any, number: int) -> Pub:
    parts = entry if isinstance(entry, list) else [entry]
    if not parts or (len(parts) > 1 and _values(parts[1])):
        raise ProgramProblem(f"pub {number}: expected a circuit without open parameters")
    shots = parts[2] if len(parts) > 2 and parts[2] is not None else default
    if not isinstance(shots, int) or isinstance(shots, bool) or not 1 <= shots <= MOST_SHOTS:
        raise ProgramProblem(f"pub {number}: expected 1 to {MOST_SHOTS} shots, got {shots!r}")
    return Pub(circuit=_circuit(parts[0], number), shots=shots)


def _values(given: Any) -> Any:
    """Return the parameter values of a pub; an array of Qiskit's client counts by its entries."""
    if not isinstance(given, dict) or given.get("__type__") != "ndarray":
        return given
    content = given.get("__value__")
    if not isinstance(content, str):
        return content
    try:
        raw = zlib.decompress(base64.b64decode(content, validate=True))
        return np.load(io.BytesIO(raw), allow_pickle=False).size
    except (ValueError, zlib.error) as problem:
        raise ProgramProblem(f"expected an array of parameter values: {problem}") from problem


def _circuit(form: Any, number: int) -> MeasuredCircuit:
    if isinstance(form, dict) and form.get("__type__") == "QuantumCircuit":
        circuit = qpy.read(str(form.get("__value__", "")))
    elif isinstance(form, str):
        circuit = openqasm.read(form)
    else:
        raise ProgramProblem(f"pub {number}: expected a circuit as OpenQASM or QPY")
    if not circuit.registers:
        raise ProgramProblem(f"pub {number}: expected a circuit that measures into a register")
    return circuit


def _plain(pub: Pub, drawn: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    widths = {register.name: len(register.bits) for register in pub.circuit.registers}
    data = {
        name: {"samples": [hex(value) for value in values], "num_bits": widths[name]}
        for name, values in drawn.items()
    }
    return {"data": data, "metadata": {}}


def _typed(pubs: Sequence[Pub], drawn: Sequence[Mapping[str, Sequence[int]]]) -> dict[str, Any]:
    results = [_typed_pub(pub, each) for pub, each in zip(pubs, drawn, strict=True)]
    return _value("PrimitiveResult", {"pub_results": results, "metadata": {"version": 2}})


def _typed_pub(pub: Pub, drawn: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    fields = {
        register.name: _bit_array(drawn[register.name], len(register.bits))
        for register in pub.circuit.registers
    }
    data = {
        "field_names": list(fields),
        "field_types": ["BitArray"] * len(fields),
        "shape": [],
        "fields": fields,
    }
    return _value("SamplerPubResult", {"data": _value("DataBin", data), "metadata": {}})


def _bit_array(values: Sequence[int], bits: int) -> dict[str, Any]:
    """Return values as Qiskit packs them: big-endian bytes, shape (shots, ceil(bits / 8))."""
    width = max(1, -(-bits // 8))
    packed = np.frombuffer(b"".join(v.to_bytes(width, "big") for v in values), dtype=np.uint8)
    buffer = io.BytesIO()
    np.save(buffer, packed.reshape(len(values), width), allow_pickle=False)
    text = base64.standard_b64encode(zlib.compress(buffer.getvalue())).decode("ascii")
    return _value("BitArray", {"array": _value("ndarray", text), "num_bits": bits})


def _value(kind: str, content: Any) -> dict[str, Any]:
    return {"__type__": kind, "__value__": content}
