"""A Bell pair through cirq-ionq, on the mock that `qconform mock` serves."""

import os

import cirq
import cirq_ionq

URL = os.environ.get("IONQ_API_URL", "http://127.0.0.1:8400/v0.4")
KEY = os.environ.get("IONQ_API_KEY", "qconform-mock-key-of-the-first-tenant")

zero, one = cirq.LineQubit.range(2)
circuit = cirq.Circuit(cirq.H(zero), cirq.CNOT(zero, one), cirq.measure(zero, one, key="out"))

# Of the address the client keeps scheme and host; the version it adds itself.
service = cirq_ionq.Service(remote_host=URL, api_key=KEY, default_target="simulator")
result = service.create_job(circuit, repetitions=1000).results(polling_seconds=0.05)

# The leftmost bit is qubit 0.
for outcome, probability in sorted(result.probabilities("out").items()):
    print(f"{outcome:02b} {probability:.3f}")
