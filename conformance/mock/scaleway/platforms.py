"""The platforms and the application of the mock, invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.mock.ionq.identifiers import identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Hardware and software that run circuits."""

    name: str
    backend_name: str
    qubits: int
    is_bookable: bool = False
    kind: str = "simulator"

    @property
    def id(self) -> str:
        """The identifier, fixed by the name."""
        return identifier("platform", self.name)


PLATFORMS = {
    platform.id: platform
    for platform in (
        Platform(name="mock_exact_20", backend_name="mock", qubits=20),
        Platform(
            name="mock_booked_12", backend_name="mock", qubits=12, is_bookable=True, kind="qpu"
        ),
    )
}
APPLICATION = {
    "id": identifier("application", "vqe"),
    "name": "mock_vqe",
    "type": "vqe",
    "compatible_platform_ids": list(PLATFORMS),
    "input_template": "{}",
}


def described(platform: Platform) -> dict[str, Any]:
    """Return a platform as the API tells it."""
    nothing = {"currency_code": "EUR", "units": 0, "nanos": 0}
    return {
        "id": platform.id,
        "version": "1.0.0",
        "name": platform.name,
        "provider_name": "qconform",
        "backend_name": platform.backend_name,
        "type": platform.kind,
        "technology": "general_purpose",
        "max_qubit_count": platform.qubits,
        "max_shot_count": 1_000_000,
        "max_circuit_count": 100,
        "availability": "available",
        "metadata": "{}",
        "price_per_hour": nothing,
        "price_per_shot": nothing,
        "price_per_circuit": nothing,
        "hardware": {
            "name": "mock",
            "vcpus": 1,
            "gpus": 0,
            "gpus_network": "",
            "ram": 0,
            "vram": 0,
        },
        "booking_requirement": {},
        "description": "A simulator of state vectors without noise.",
        "documentation_url": "",
        "is_bookable": platform.is_bookable,
    }
