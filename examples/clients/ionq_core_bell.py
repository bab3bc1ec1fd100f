"""A Bell pair through ionq-core, on the mock that `qconform mock` serves."""

import os
import warnings

from ionq_core import IonQClient, wait_for_job
from ionq_core.api.default import create_job, get_job_probabilities
from ionq_core.models import CircuitJobCreationPayload

URL = os.environ.get("IONQ_API_URL", "http://127.0.0.1:8400/v0.4")
KEY = os.environ.get("IONQ_API_KEY", "qconform-mock-key-of-the-first-tenant")

BELL = {
    "type": "ionq.circuit.v1",
    "backend": "simulator",
    "input": {
        "gateset": "qis",
        "qubits": 2,
        "circuit": [
            {"gate": "h", "target": 0},
            {"gate": "cnot", "control": 0, "target": 1},
        ],
    },
}

# The client warns of every address that is not https, as the mock's is not.
warnings.filterwarnings("ignore", message=".*does not use HTTPS")

with IonQClient(api_key=KEY, base_url=URL) as client:
    created = create_job.sync(client=client, body=CircuitJobCreationPayload.from_dict(BELL))
    job = wait_for_job(client, created.id, poll_interval=0.05)
    found = get_job_probabilities.sync(job.id, client=client)

# Bit k of an outcome is qubit k.
for outcome, probability in found.additional_properties.items():
    print(f"{int(outcome):02b} {probability:.3f}")
