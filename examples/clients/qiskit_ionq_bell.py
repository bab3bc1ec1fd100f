"""A Bell pair through qiskit-ionq, on the mock that `qconform mock` serves."""

import os

from qiskit import QuantumCircuit
from qiskit_ionq import IonQProvider

# The client looks the size of a backend up at the address in the environment, so it is set there.
URL = os.environ.setdefault("IONQ_API_URL", "http://127.0.0.1:8400/v0.4")
KEY = os.environ.get("IONQ_API_KEY", "qconform-mock-key-of-the-first-tenant")

circuit = QuantumCircuit(2, 2)
circuit.h(0)
circuit.cx(0, 1)
circuit.measure([0, 1], [0, 1])

backend = IonQProvider(KEY, URL).get_backend("simulator")
job = backend.run(circuit, shots=1000)
result = job.result(wait=0.05)

# The rightmost bit is qubit 0.
for outcome, probability in sorted(result.get_probabilities().items()):
    print(f"{outcome} {probability:.3f}")
