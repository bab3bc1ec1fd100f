"""Circuits in, results out; whether they are the circuit's is judged afterwards."""

from __future__ import annotations

from typing import Any

from conformance.generate import Specimen, circuit
from conformance.lifecycle.conversation import Conversation
from conformance.providers import State


def submit_specimen(talk: Conversation, *, specimen: Specimen) -> None:
    """Run the circuits of `specimen` on the ideal simulator and read their results."""
    facts = talk.provider.jobs
    noise = None if specimen.model == "ideal" else {"model": specimen.model}
    valid = f"a circuit that shows {specimen.name}" if specimen.documented else ""
    if specimen.gateset:
        entries = [_entry(one, specimen.gateset) for one in specimen.inputs]
        qubits = max(one["qubits"] for one in specimen.inputs)
        body = facts.circuits(entries, qubits=qubits, gateset=specimen.gateset, name=specimen.name)
    else:
        body = facts.circuit(
            specimen.inputs[0], name=specimen.name, noise=noise, shots=specimen.shots
        )
    read_results(talk, talk.submit(body, valid=valid), briefly=specimen.briefly)


def submit_random(talk: Conversation) -> None:
    """Run a random valid circuit on the ideal simulator and read its results."""
    body = talk.provider.jobs.circuit(circuit(talk.random), name=talk.name)
    read_results(talk, talk.submit(body, valid="a valid random circuit"))


def read_results(talk: Conversation, job: str, *, briefly: bool = False) -> dict[str, Any]:
    """Wait for `job`, read its results and those of its children; return its last reading.

    `briefly` leaves out the children, whose results the aggregated ones repeat.
    """
    reading = talk.finish(job)
    if talk.state(reading) is not State.COMPLETED:
        return reading
    children = reading.get("child_job_ids")
    if isinstance(children, list) and children:
        talk.call(talk.provider.jobs.results_of_many, talk.job_ids(job))
        for child in () if briefly else children:
            if isinstance(child, str):
                talk.read(child)
                talk.call(talk.provider.jobs.results, talk.job_ids(child))
    else:
        talk.call(talk.provider.jobs.results, talk.job_ids(job))
    return reading


def _entry(one: dict[str, Any], parent: str) -> dict[str, Any]:
    """Return an entry of `circuits`; it names its gateset where that is not the parent's."""
    own = {} if one["gateset"] == parent else {"gateset": one["gateset"]}
    return {"circuit": one["circuit"], **own}
