"""How each client library is pointed at a mock: one line to paste for each."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


def pointers(url: str, key: str) -> Mapping[str, str]:
    """Return client library to the line that makes it talk to the API at `url` with `key`.

    Lines that begin with `export` are for a shell, the others for Python. cirq-ionq takes
    scheme and host alone and adds the version; qiskit-ionq reads the environment also where
    a provider was given a `url`; pennylane-ionq has no setting but an attribute.

    Args:
        url: Base URL with the version, without a slash at its end.
        key: API key.
    """
    host = "{0.scheme}://{0.netloc}".format(urlsplit(url))
    return {
        "ionq-core": f'client = ionq_core.IonQClient(api_key="{key}", base_url="{url}")',
        "qiskit-ionq": f"export QISKIT_IONQ_API_TOKEN={key} QISKIT_IONQ_API_URL={url}",
        "cirq-ionq": f"export CIRQ_IONQ_API_KEY={key} CIRQ_IONQ_REMOTE_HOST={host}",
        "pennylane-ionq": (
            f'from pennylane_ionq.api_client import APIClient; APIClient.BASE_URL = "{url}"; '
            f'import os; os.environ["PENNYLANE_IONQ_API_KEY"] = "{key}"'
        ),
    }
