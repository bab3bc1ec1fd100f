"""The backends of the mock: what they are, how fast and noisy, and their characterizations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

from conformance.mock.ionq.identifiers import identifier
from conformance.mock.ionq.rates import rates_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Backend:
    """A machine, or the simulator.

    Qubit counts are IonQ's public ones; queue times, fidelities and gate times are choices
    of the mock in the range of public figures.
    """

    name: str
    qubits: int
    queue_seconds: float = 0.0
    """How long a job waits before it starts."""
    gate_seconds: tuple[float, float] = (0.0, 0.0)
    """Time of a one- and a two-qubit gate."""
    readout_seconds: float = 300e-6
    reset_seconds: float = 20e-6
    spam: float = 1.0
    """Median fidelity of preparing and measuring a qubit."""
    noise_model: str = "ideal"
    """The noise model of the simulator that this machine behaves like."""
    location: str = ""

    @property
    def is_qpu(self) -> bool:
        """Whether jobs here cost money and give counts."""
        return self.name.startswith("qpu.")


SIMULATOR = Backend(name="simulator", qubits=29)

_ARIA: dict[str, Any] = {
    "qubits": 25,
    "queue_seconds": 0.06,
    "gate_seconds": (135e-6, 600e-6),
    "location": "College Park, MD, USA",
}
_FORTE: dict[str, Any] = {
    "qubits": 36,
    "queue_seconds": 0.04,
    "gate_seconds": (130e-6, 970e-6),
    "location": "College Park, MD, USA",
}
_ENTERPRISE: dict[str, Any] = {**_FORTE, "noise_model": "forte-enterprise-1"}

BACKENDS: Mapping[str, Backend] = {
    backend.name: backend
    for backend in (
        SIMULATOR,
        Backend(name="qpu.aria-1", spam=0.9948, noise_model="aria-1", **_ARIA),
        Backend(name="qpu.aria-2", spam=0.9931, noise_model="aria-2", **_ARIA),
        Backend(name="qpu.forte-1", spam=0.9962, noise_model="forte-1", **_FORTE),
        Backend(name="qpu.forte-enterprise-1", spam=0.9958, **_ENTERPRISE),
        Backend(name="qpu.forte-enterprise-2", spam=0.9955, **_ENTERPRISE),
        Backend(name="qpu.forte-enterprise-3", spam=0.9951, **_ENTERPRISE),
    )
}

ANY_QPU = Backend(name="qpu.qpu", spam=0.9948, noise_model="aria-1", **_ARIA)
"""What qiskit-ionq looks up when no machine is named; jobs need a real name."""

NOISE_QUBITS: Mapping[str, int] = {
    "ideal": 29,
    "harmony": 11,
    "harmony-1": 11,
    "harmony-2": 11,
    "aria-1": 25,
    "aria-2": 25,
    "forte-1": 29,
    "forte-enterprise-1": 29,
}
"""Qubits of the simulator under each noise model."""

_LAST_MEASURED = datetime(2025, 12, 29, tzinfo=UTC)
_MEASUREMENTS = 25


def described(backend: Backend) -> dict[str, Any]:
    """Return `backend` as the API describes it."""
    answer: dict[str, Any] = {
        "backend": backend.name,
        "status": "available",
        "degraded": False,
        "qubits": backend.qubits,
        "average_queue_time": round(backend.queue_seconds * 1000),
        "last_updated": _iso(_LAST_MEASURED),
    }
    if backend.is_qpu:
        answer |= {
            "characterization_id": identifier("characterization", backend.name, 0),
            "location": backend.location,
            "kw": 4.2,
        }
    return answer


def characterizations(backend: Backend) -> Iterator[dict[str, Any]]:
    """Yield the weekly characterizations of `backend`, newest first; the simulator has none."""
    if not backend.is_qpu:
        return
    for number in range(_MEASUREMENTS):
        yield _characterization(backend, number)


def _characterization(backend: Backend, number: int) -> dict[str, Any]:
    """Return one measurement; the newest has the figures that results are made with.

    A depolarising gate on k qubits with rate r has the average fidelity 1 - r (1 - 2**-k).
    """
    one, two = rates_of(backend.noise_model) or (0.0, 0.0)
    older = 0.0001 * (number % 5)
    fidelity = {"1q": 1 - one / 2, "2q": 1 - two * 3 / 4 - older, "spam": backend.spam - older}
    pulse, interaction = backend.gate_seconds
    return {
        "id": identifier("characterization", backend.name, number),
        "backend": backend.name,
        "date": _iso(_LAST_MEASURED - timedelta(weeks=number)),
        "qubits": backend.qubits,
        "connectivity": [list(pair) for pair in combinations(range(backend.qubits), 2)],
        "fidelity": {kind: {"median": round(value, 6)} for kind, value in fidelity.items()},
        "timing": {
            "t1": 100,
            "t2": 1,
            "1q": pulse,
            "2q": interaction,
            "readout": backend.readout_seconds,
            "reset": backend.reset_seconds,
        },
    }


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
