"""What each type of job runs: its circuits, and those of its children."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from conformance.mock.ionq import qaoa
from conformance.mock.ionq.backends import NOISE_QUBITS, Backend
from conformance.mock.ionq.circuits import Circuit, JobFailure, circuits_of
from conformance.mock.ionq.job import Job, Timeline

_CIRCUITS = {"ionq.circuit.v1", "ionq.multi-circuit.v1"}

_KEPT = frozenset({
    "name", "metadata", "shots", "backend", "session_id", "dry_run", "type", "input",
})  # fmt: skip
"""Fields of a quantum function or solver job that are kept as they came."""


def normalised(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a payload with the spellings that tolerant services accept made uniform.

    The document leaves functions and solver jobs open to any other field, of any form; what is not
    understood is dropped, and so are the credentials for the solver, once it is known that there
    are some.
    """
    payload = dict(body)
    if body["type"] not in _CIRCUITS:
        payload = {name: value for name, value in body.items() if name in _KEPT}
        payload |= {"settings": _mitigation(body), **_noise(body)}
        if "external_settings" in body:
            payload["solver_authorised"] = bool(body["external_settings"]["api_credentials"])
    elif isinstance((payload.get("noise") or {}).get("seed"), float):
        payload["noise"] = {**payload["noise"], "seed": int(payload["noise"]["seed"])}
    if payload.get("shots") is not None:
        payload["shots"] = int(payload["shots"])
    return payload


def _mitigation(body: Mapping[str, Any]) -> dict[str, Any]:
    settings = body.get("settings") or {}
    debiasing = (settings.get("error_mitigation") or {}).get("debiasing")
    return {} if debiasing is None else {"error_mitigation": {"debiasing": debiasing}}


def _noise(body: Mapping[str, Any]) -> dict[str, Any]:
    asked = body.get("noise")
    if not isinstance(asked, dict) or asked.get("model") not in list(NOISE_QUBITS):
        return {}
    seed = asked.get("seed")
    whole = isinstance(seed, int) and not isinstance(seed, bool)
    return {"noise": {"model": asked["model"], **({"seed": seed} if whole else {})}}


def prepared(payload: Mapping[str, Any], backend: Backend) -> tuple[Circuit, ...]:
    """Return the circuits that a job runs.

    Raises:
        JobFailure: They cannot run on `backend`, or there are none.
    """
    if payload.get("shots", 100) < 1:
        raise JobFailure("InvalidInput", f"expected at least one shot, got {payload['shots']}")
    if payload["type"] in _CIRCUITS:
        return circuits_of(payload, backend)
    if payload["type"] == "qctrl.qaoa.v1":
        return qaoa.circuits_of(payload, backend)
    from conformance.mock.ionq import energy  # reads OpenQASM, which takes long to import

    return energy.circuits_of(payload, backend)


def child_payload(parent: Job, index: int) -> dict[str, Any]:
    """Return the payload of the job of one circuit of `parent`."""
    payload = {**parent.payload, "type": "ionq.circuit.v1"}
    if parent.type == "qctrl.qaoa.v1":
        payload |= {"type": "qctrl.qaoa-circuit.v1", "input": parent.circuits[index].input}
        payload["name"] = f"iteration {index + 1}"
        return payload
    part = parent.payload["input"]["circuits"][index]
    source = {**parent.payload["input"], **part}
    del source["circuits"]
    payload["input"] = source
    payload["name"] = part.get("name", parent.payload.get("name"))
    return payload


def child_times(parent: Job, index: int) -> Timeline:
    """Return when the job of one circuit moves on: with its parent, or one after the other."""
    whole = parent.times
    if parent.type != "qctrl.qaoa.v1" or whole.started is None:
        return whole
    step = (whole.ends - whole.started) / len(parent.circuits)
    start = whole.started + index * step
    return Timeline(submitted=start, ready=start, started=start, ends=start + step)
