"""A Bell pair through pennylane-ionq, on the mock that `qconform mock` serves."""

import os

import pennylane as qml
from pennylane_ionq.api_client import APIClient

# The client takes its address from nowhere else.
APIClient.BASE_URL = os.environ.get("IONQ_API_URL", "http://127.0.0.1:8400/v0.4")
KEY = os.environ.get("IONQ_API_KEY", "qconform-mock-key-of-the-first-tenant")

device = qml.device("ionq.simulator", wires=2, api_key=KEY)


@qml.set_shots(1000)
@qml.qnode(device)
def bell():
    """Entangle two wires."""
    qml.Hadamard(0)
    qml.CNOT([0, 1])
    return qml.probs(wires=[0, 1])


# The leftmost bit is wire 0.
for outcome, probability in enumerate(bell()):
    if probability:
        print(f"{outcome:02b} {probability:.3f}")
