"""What the tests of qiskit-ionq share: connecting, and reading distributions."""

from __future__ import annotations

from typing import Any

import pytest
from client_distributions import REASON, Distribution
from client_traffic import Service

qiskit: Any = pytest.importorskip("qiskit", reason=REASON)
qiskit_ionq: Any = pytest.importorskip("qiskit_ionq", reason=REASON)

CLIENT = "qiskit-ionq 1.1.1"
QUIET = pytest.mark.filterwarnings("ignore:Transpiler default optimization_level:UserWarning")
"""The client says so to everybody whose qiskit has its default settings."""

EVERY = 100_000
"""Shots at which the client's own sampling leaves out no outcome of the circuits of these tests."""


def provider(served: Service, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Any:
    """Connect the client, whose look-up of a machine's size reads the environment alone.

    A `.env` file beside the checkout would win over the environment, so none is read.
    """
    monkeypatch.setattr("qiskit_ionq.helpers.dotenv_values", dict)
    for name in ("QISKIT_IONQ_API_TOKEN", "IONQ_API_KEY", "IONQ_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("QISKIT_IONQ_API_URL", "IONQ_API_URL"):
        monkeypatch.setenv(name, served.url)
    return qiskit_ionq.IonQProvider(served.keys[0], served.url, **options)


def distributions(job: Any) -> list[Distribution]:
    found = job.result(timeout=20, wait=0.01).get_probabilities()
    return [as_numbers(one) for one in (found if isinstance(found, list) else [found])]


def as_numbers(counts: Any) -> Distribution:
    """Return `counts` keyed by number; bit k is classical bit k, into which qubit k went."""
    return {int(key.replace(" ", ""), 2): float(value) for key, value in counts.items()}
