"""Walks over debiased jobs, which run as variants."""

from __future__ import annotations

import contextlib

from conformance.lifecycle.access import require_two_owners
from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, Stop
from conformance.lifecycle.physics import MACHINE, read_results
from conformance.model import Credential, Expectation
from conformance.providers import State


def submit_debiased(talk: Conversation) -> None:
    """Run a circuit as variants; read each, their average and their vote, as a stranger tries."""
    backend = available_backend(talk, preferred=MACHINE)
    facts = talk.provider.variants
    gates = [{"gate": "x", "target": 1}, {"gate": "ry", "target": 0, "rotation": 0.9}]
    body = talk.provider.jobs.circuit(
        {"qubits": 3, "gateset": "qis", "circuit": gates},
        name=talk.name,
        backend=backend,
        shots=facts.fewest_shots + 1,
        settings=facts.settings,
    )
    job = talk.submit(body)
    reading = read_results(talk, job)
    found = facts.of(reading)
    for variant in found:
        ids = {**talk.job_ids(job), facts.id_parameter: variant.id}
        for operation in (facts.probabilities, facts.histogram, facts.single_shots):
            talk.call(operation, ids)
    if found:
        _read_as_stranger(talk, {**talk.job_ids(job), facts.id_parameter: found[0].id})
    if talk.state(reading) is State.COMPLETED:
        for sharpen in (True, False):
            query = {facts.sharpen: sharpen}
            talk.call(talk.provider.jobs.results, talk.job_ids(job), query=query)


def _read_as_stranger(talk: Conversation, ids: dict[str, str]) -> None:
    """Read one variant with the second tenant's key, where both keys are not one owner's."""
    facts = talk.provider.variants
    if not talk.has_second_key:
        return
    with contextlib.suppress(Stop):
        require_two_owners(talk, talk.specification.operation(facts.probabilities))
        for operation in (facts.probabilities, facts.histogram, facts.single_shots):
            talk.call(
                operation,
                ids,
                credential=Credential.SECOND,
                expects=Expectation.REFUSED,
                because="it belongs to another tenant",
            )
