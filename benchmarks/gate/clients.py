"""What client libraries send and read, measured against the mock.

    python benchmarks/gate/clients.py > specs/ionq/v0.4/clients.toml

The clients are unmodified. What they send is what arrives at the mock. What they read is seen by
answering with objects that note which members are asked for; a client that turns a whole answer
into a model at once (ionq-core) reads what its model fails without.
"""

from __future__ import annotations

import copy
import json
import os
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

from conformance import spec
from conformance.mock import Running, ionq, running

Seen = dict[str, set[str]]
"""Operation, as method and path, to places."""


class Noting(dict[str, Any]):
    """An object that notes which of its members somebody asks for."""

    def __init__(self, value: dict[str, Any], place: str, asked: set[str]) -> None:
        super().__init__({k: noting(v, _join(place, k), asked) for k, v in value.items()})
        self._place, self._asked = place, asked

    def __getitem__(self, key: str) -> Any:
        self._asked.add(_join(self._place, key))
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return a member, noted."""
        self._asked.add(_join(self._place, key))
        return super().get(key, default)


def noting(value: Any, place: str, asked: set[str]) -> Any:
    """Return a value whose objects note what is asked of them."""
    if isinstance(value, dict):
        return Noting(value, place, asked)
    return (
        [noting(part, _join(place, "*"), asked) for part in value]
        if isinstance(value, list)
        else value
    )


def _join(place: str, step: str) -> str:
    return f"{place}/{step}" if place else step


def places(value: Any, place: str = "") -> Iterator[str]:
    """Yield every place of a value."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield _join(place, key)
            yield from places(part, _join(place, key))
    elif isinstance(value, list):
        for part in value:
            yield from places(part, _join(place, "*"))


def operation_of(method: str, url: str) -> str:
    """Return method and path template of a request, or nothing."""
    path = "/" + url.split("/v0.4/", 1)[-1]
    found = spec.match(spec.load("ionq"), method, path)
    return f"{method} {found[0].path}" if found else ""


def described(operation: str, direction: str) -> set[str]:
    """Return the places that the document describes, so that free maps are left out."""
    from conformance.gate.hints import said

    document = spec.load("ionq").document
    method, path = operation.split(" ")
    raw = document["paths"][path][method.lower()]
    holders = (
        [raw.get("requestBody", {})] if direction == "request" else list(raw["responses"].values())
    )
    found: set[str] = set()
    for holder in holders:
        whole = spec.pointers.find(document, holder["$ref"]) if "$ref" in holder else holder
        for media in whole.get("content", {}).values():
            found |= {"/".join(path_) for path_ in said(document, media["schema"], "") if path_}
    return found


def qiskit_ionq(served: Running) -> tuple[Seen, Seen]:
    """Submit a circuit and read its counts, probabilities and metadata."""
    import qiskit
    import qiskit_ionq as client
    import requests

    sent, read = Seen(), Seen()
    plain_json, plain_send = requests.Response.json, requests.Session.send

    def noted_json(self: Any, **options: Any) -> Any:
        operation = operation_of(str(self.request.method), str(self.request.url))
        return noting(plain_json(self, **options), "", read.setdefault(operation, set()))

    def noted_send(self: Any, request: Any, **options: Any) -> Any:
        operation = operation_of(str(request.method), str(request.url))
        body = json.loads(request.body) if request.body else None
        sent.setdefault(operation, set()).update(places(body))
        return plain_send(self, request, **options)

    requests.Response.json, requests.Session.send = noted_json, noted_send  # type: ignore[method-assign]  # for this run
    try:
        provider = client.IonQProvider(served.keys[0], served.url)
        backend = provider.get_backend("ionq_simulator")
        circuit = qiskit.QuantumCircuit(2, 2)
        circuit.h(0)
        circuit.cx(0, 1)
        circuit.measure([0, 1], [0, 1])
        job = backend.run(circuit, shots=100)
        result = job.result()
        result.get_counts(), result.get_probabilities(), job.status()
        provider.backends()
    finally:
        requests.Response.json, requests.Session.send = plain_json, plain_send  # type: ignore[method-assign]  # as it was
    return sent, read


def ionq_core(served: Running) -> tuple[Seen, Seen]:
    """Find what the client's models of a job, a list of jobs and a session fail without."""
    import requests
    from ionq_core import models

    headers = {"Authorization": f"apiKey {served.keys[0]}"}
    body = {
        "type": "ionq.circuit.v1", "backend": "simulator", "shots": 10,
        "input": {"gateset": "qis", "qubits": 1, "circuit": [{"gate": "h", "target": 0}]},
    }  # fmt: skip
    made = requests.post(f"{served.url}/jobs", json=body, headers=headers, timeout=10).json()
    session = requests.post(
        f"{served.url}/sessions", json={"backend": "qpu.aria-1"}, headers=headers, timeout=10
    ).json()
    subjects: list[tuple[str, Any, str]] = [
        ("POST /jobs", made, "JobCreationResponse"),
        ("GET /jobs/{UUID}", _get(served, f"jobs/{made['id']}", headers), "GetCircuitJobResponse"),
        ("GET /jobs", _get(served, "jobs", headers), "GetJobsResponse"),
        ("POST /sessions", session, "Session"),
    ]
    read: Seen = defaultdict(set)
    for operation, answer, name in subjects:
        model = getattr(models, name, None)
        if model is not None and _reads(model.from_dict, answer):
            read[operation] |= {
                p for p in set(places(answer)) if not _reads(model.from_dict, _without(answer, p))
            }
    return {}, dict(read)


def _get(served: Running, path: str, headers: dict[str, str]) -> Any:
    import requests

    return requests.get(f"{served.url}/{path}", headers=headers, timeout=10).json()


def _reads(make: Callable[[Any], Any], answer: Any) -> bool:
    try:
        make(copy.deepcopy(answer))
    except Exception:  # noqa: BLE001  # whatever the client raises is what is measured
        return False
    return True


def _without(value: Any, place: str) -> Any:
    step, _, rest = place.partition("/")
    if isinstance(value, list):
        return [_without(part, rest) for part in value]
    if not isinstance(value, dict) or step not in value:
        return value
    if not rest:
        return {k: v for k, v in value.items() if k != step}
    return {**value, step: _without(value[step], rest)}


def main() -> None:
    """Print the table."""
    warnings.simplefilter("ignore")
    print("# Measured by benchmarks/gate/clients.py against the mock; do not edit by hand.")
    for name, measure in (("qiskit-ionq", qiskit_ionq), ("ionq-core", ionq_core)):
        with running(ionq.app(seed=1)) as served:
            os.environ["IONQ_API_URL"] = os.environ["QISKIT_IONQ_API_URL"] = served.url
            sent, read = measure(served)
        for operation in sorted({*sent, *read} - {""}):
            sends = sorted(sent.get(operation, set()) & described(operation, "request"))
            reads = sorted(read.get(operation, set()) & described(operation, "response"))
            if sends or reads:
                print(f'\n[[client]]\nname = "{name} {version(name)}"\noperation = "{operation}"')
                print(f"sends = {json.dumps(sends)}\nreads = {json.dumps(reads)}")


if __name__ == "__main__":
    main()
