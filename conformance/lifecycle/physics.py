"""Circuits in, results out; whether they are the circuit's is judged afterwards."""

from __future__ import annotations

from typing import Any

from conformance.generate import Specimen, circuit, relatives
from conformance.generate.functions import SHOTS, energies, graph
from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, Stop
from conformance.lifecycle.shrinking import play_and_shrink
from conformance.providers import State

MACHINE = "qpu.aria-1"
"""The machine whose errors are known best; another one where it is not offered."""


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
    """Run a random valid circuit on the ideal simulator; make it shorter if its result is wrong."""

    def play(one: dict[str, Any]) -> None:
        body = talk.provider.jobs.circuit(one, name=talk.name)
        read_results(talk, talk.submit(body, valid="a valid random circuit"))

    play_and_shrink(talk, circuit(talk.random), play)


def submit_to_machine(talk: Conversation) -> None:
    """Run circuits on a machine, and read what its characterization says of its errors."""
    backend = available_backend(talk, preferred=MACHINE)
    talk.call("getCharacterizationsForBackend", {"backend": backend}, query={"limit": 1})
    flipped = [{"gate": "x", "target": 0}]
    turned = [{"gate": "x", "target": 1}, {"gate": "ry", "target": 0, "rotation": 0.9}]
    entangled = [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}]
    for gates, qubits in ((flipped, 3), (turned, 2), (entangled, 2)):
        circuit = {"qubits": qubits, "gateset": "qis", "circuit": gates}
        body = talk.provider.jobs.circuit(circuit, name=talk.name, backend=backend, shots=1000)
        read_results(talk, talk.submit(body, valid="a circuit for a machine"))


def submit_relatives(talk: Conversation) -> None:
    """Run circuits that must agree: twice, inverted, relabelled, reordered, native, with a seed."""
    facts = talk.provider.jobs
    named = dict(relatives())
    for name, one in named.items():
        read_results(talk, talk.submit(facts.circuit(one, name=name), valid=name))
    first, native = named["a circuit"], named["native gates"]
    entries = [_entry(first, "qis")] * 2
    body = facts.circuits(entries, qubits=first["qubits"], gateset="qis", name="twice")
    read_results(talk, talk.submit(body, valid="one circuit twice"))
    noise = {"model": "aria-1", "seed": talk.random.randrange(1, 2**31)}
    for _ in range(2):
        body = facts.circuit(native, name="seeded", noise=noise)
        read_results(talk, talk.submit(body, valid="a circuit with a seed"))


def submit_maxcut(talk: Conversation) -> None:
    """Ask for the largest cut of a small graph; who does not solve such problems may refuse."""
    body = talk.provider.functions.cut(graph(), name=talk.name, shots=200)
    _finish_or_leave(talk, talk.submit(body))


def submit_energies(talk: Conversation) -> None:
    """Ask for the energies of small Hamiltonians; who does not know such jobs may refuse."""
    for name, (ansatz, hamiltonian) in energies().items():
        body = talk.provider.functions.energy(ansatz, hamiltonian, name=name, shots=SHOTS)
        _finish_or_leave(talk, talk.submit(body))


def _finish_or_leave(talk: Conversation, job: str) -> None:
    """Wait for a job that nobody promised to end in time: that it does not says nothing.

    Raises:
        Stop: It has not ended; said so that the run keeps its patience with other jobs.
    """
    try:
        talk.finish(job)
    except Stop as reason:
        raise Stop(f"job {job} takes longer than this run waits for it") from reason


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
