"""The machines of the mock, invented: what they are, and what was measured of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.mock.clock import START, timestamp

BASIS = ("cz", "id", "rx", "rz", "rzz", "sx", "x")
SINGLE_ERROR, PAIR_ERROR, READOUT_ERROR = 2.5e-4, 3.0e-3, 8.0e-3
MICROSECONDS_T1, MICROSECONDS_T2 = 180.0, 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """One machine: a line of qubits, neighbours coupled."""

    name: str
    qubits: int
    simulator: bool = False
    """Whether it says that it has no noise; no machine of the mock has any."""

    @property
    def pairs(self) -> list[list[int]]:
        """Coupled qubits, both ways round."""
        line = range(self.qubits - 1)
        return [pair for q in line for pair in ([q, q + 1], [q + 1, q])]


BACKENDS = {
    b.name: b
    for b in (
        Backend(name="mock_line_7", qubits=7),
        Backend(name="mock_line_16", qubits=16),
        Backend(name="mock_exact_5", qubits=5, simulator=True),
    )
}


def device(backend: Backend, queued: int) -> dict[str, Any]:
    """Return a backend as the list tells it since version 2025-01-01."""
    return {
        "name": backend.name,
        "status": {"name": "online", "reason": "available"},
        "is_simulator": backend.simulator,
        "qubits": backend.qubits,
        "processor_type": {"family": "Mock", "revision": "1"},
        "queue_length": queued,
        "wait_time_seconds": {"average": 3, "p50": 3, "p95": 3},
    }


def status(backend: Backend, queued: int) -> dict[str, Any]:
    """Return whether a backend works."""
    return {
        "state": True,
        "status": "active",
        "message": "available",
        "length_queue": queued,
        "backend_version": "1.0.0",
    }


def configuration(backend: Backend) -> dict[str, Any]:
    """Return what a backend is, in the form that Qiskit reads."""
    single = [{"name": name, "parameters": _angles(name), "qasm_def": ""} for name in BASIS]
    return {
        "backend_name": backend.name,
        "backend_version": "1.0.0",
        "online_date": timestamp(START),
        "n_qubits": backend.qubits,
        "basis_gates": list(BASIS),
        "supported_instructions": [*BASIS, "measure", "delay", "reset"],
        "coupling_map": backend.pairs,
        "gates": single,
        "simulator": backend.simulator,
        "local": False,
        "conditional": False,
        "open_pulse": False,
        "memory": True,
        "max_shots": 1_000_000,
        "max_experiments": 300,
        "dt": 4.0,
        "processor_type": {"family": "Mock", "revision": "1"},
        "description": "A line of qubits without noise.",
    }


def properties(backend: Backend) -> dict[str, Any]:
    """Return what was measured of a backend; the mock itself adds no noise."""
    when = timestamp(START)
    return {
        "backend_name": backend.name,
        "backend_version": "1.0.0",
        "last_update_date": when,
        "qubits": [_qubit(when) for _ in range(backend.qubits)],
        "gates": [*_single_gates(backend, when), *_pair_gates(backend, when)],
        "general": [],
    }


def _angles(name: str) -> list[str]:
    return ["theta"] if name in {"rx", "rz", "rzz"} else []


def _measured(name: str, value: float, unit: str, when: str) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit, "date": when}


def _qubit(when: str) -> list[dict[str, Any]]:
    return [
        _measured("T1", MICROSECONDS_T1, "us", when),
        _measured("T2", MICROSECONDS_T2, "us", when),
        _measured("readout_error", READOUT_ERROR, "", when),
        _measured("prob_meas0_prep1", READOUT_ERROR, "", when),
        _measured("prob_meas1_prep0", READOUT_ERROR, "", when),
        _measured("readout_length", 1500.0, "ns", when),
    ]


def _single_gates(backend: Backend, when: str) -> list[dict[str, Any]]:
    names = [name for name in BASIS if name not in {"cz", "rzz"}]
    return [
        _gate(name, [qubit], 0.0 if name == "rz" else SINGLE_ERROR, 32.0, when)
        for name in names
        for qubit in range(backend.qubits)
    ]


def _pair_gates(backend: Backend, when: str) -> list[dict[str, Any]]:
    return [
        _gate(name, pair, PAIR_ERROR, 68.0, when)
        for name in ("cz", "rzz")
        for pair in backend.pairs
    ]


def _gate(name: str, qubits: list[int], error: float, length: float, when: str) -> dict[str, Any]:
    return {
        "gate": name,
        "qubits": qubits,
        "name": f"{name}{'_'.join(map(str, qubits))}",
        "parameters": [
            _measured("gate_error", error, "", when),
            _measured("gate_length", length, "ns", when),
        ],
    }
