"""Job payloads that are valid in shape and meaning: the service has no reason to refuse them."""

from __future__ import annotations

import random
import string
from typing import Any

from conformance.generate.circuits import circuit, native_circuit, qis_circuit
from conformance.providers import Provider

_SHOTS = (1, 100, 500, 1000, 999_999, 1_000_000)


def job_payload(rng: random.Random, provider: Provider) -> dict[str, Any]:
    """Return a payload for one or several circuits on the ideal simulator."""
    options = {
        "shots": rng.choice(_SHOTS),
        "name": rng.choice((None, word(rng))),
        "metadata": rng.choice((None, {}, {word(rng): word(rng)})),
        "noise": rng.choice((None, {"model": "ideal"})),
    }
    if rng.random() < 0.7:
        return provider.jobs.circuit(circuit(rng), **options)
    return several_circuits(rng, provider, **options)


def several_circuits(rng: random.Random, provider: Provider, **options: Any) -> dict[str, Any]:
    """Return a payload of one to four circuits; some set a gateset of their own."""
    inputs = [rng.choice((qis_circuit, native_circuit))(rng) for _ in range(rng.randint(1, 4))]
    gateset = rng.choice(("qis", "native"))
    circuits = [
        {"circuit": one["circuit"]}
        | ({"gateset": one["gateset"]} if one["gateset"] != gateset or rng.random() < 0.3 else {})
        for one in inputs
    ]
    qubits = max(one["qubits"] for one in inputs)
    return provider.jobs.circuits(circuits, qubits=qubits, gateset=gateset, **options)


def word(rng: random.Random) -> str:
    """Return a short name in ASCII letters and digits."""
    alphabet = string.ascii_letters + string.digits
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(1, 12)))
