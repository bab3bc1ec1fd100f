"""Walks over one job: from submission to its end, and what may be done to it on the way."""

from __future__ import annotations

import contextlib
import time
from functools import partial
from typing import Any

from conformance.generate import native_circuit, qis_circuit
from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, Stop, answered
from conformance.lifecycle.physics import read_results
from conformance.model import Expectation
from conformance.providers import State

BELL = {
    "qubits": 2,
    "gateset": "qis",
    "circuit": [{"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1}],
}
_READS = 4
_BULK = 4
_LATER = 0.25
"""Seconds after which a canceled job is looked at again."""
_HEADER = "shots\x1e1000\x1f" + "x" * 3000
_IDEAL = {"noise": {"model": "ideal", "seed": 7}}
_NOISY = {"noise": {"model": "aria-1", "seed": 11}}
_TUNED = {"settings": {"compilation": {"opt": 0.5, "precision": "1E-3"}}}
_DEBIASING = {"error_mitigation": {"debiasing": True}}
_METADATA = {
    "purpose": "lifecycle walk",
    "Case Kept": "As It Is",
    "unicode": "Grüße ≠ ASCII",
    "number": "007.50",
    "nothing": "",
    "decomposed": "e\u0301 is not \u00e9",
    "separators": _HEADER,
}


def whole_life(talk: Conversation) -> None:
    """Submit, poll, read results twice and the job by every route, delete it, read again."""
    body = talk.provider.jobs.circuit(BELL, shots=777, name=" Whole  life ", metadata=_METADATA)
    job = talk.submit(body, valid="a Bell circuit with a name and metadata")
    talk.call(talk.provider.jobs.results, talk.job_ids(job))
    reading = read_results(talk, job)
    _follow_links(talk, reading)
    for _ in range(_READS):
        talk.read(job)
    talk.call(talk.provider.jobs.results, talk.job_ids(job))
    talk.call(talk.provider.jobs.cost, talk.job_ids(job))
    await_listing(talk, [job])
    talk.read(job)
    delete(talk, job)
    talk.call(talk.provider.jobs.results, talk.job_ids(job))
    await_listing(talk, [job], gone=True)


def await_listing(talk: Conversation, ids: list[str], *, gone: bool = False) -> None:
    """Ask for jobs until the list shows their ends, or their deletion, or has had time to."""

    def ask() -> bool:
        page = answered(talk.call(talk.provider.jobs.listing, query={"ids": ids}))
        entries = job_entries(page)
        shown = {e["id"] for e in entries if talk.state(e).terminal}
        return not entries if gone else shown == {*ids}

    talk.settle(ask)


def job_entries(page: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the entries of a page of jobs that have an id."""
    jobs = page.get("jobs")
    entries = [j for j in jobs if isinstance(j, dict)] if isinstance(jobs, list) else []
    return [e for e in entries if isinstance(e.get("id"), str)]


def _follow_links(talk: Conversation, reading: dict[str, Any]) -> None:
    """Fetch what the job says its results are at."""
    results = reading.get("results")
    for entry in results.values() if isinstance(results, dict) else ():
        url = entry.get("url") if isinstance(entry, dict) else None
        if isinstance(url, str):
            talk.fetch(url)


def cancel_at_once(talk: Conversation) -> None:
    """Cancel right after submission, then watch the job: it may have ended before."""
    facts = talk.provider.jobs
    job = talk.submit(facts.circuit(BELL, name="to cancel"), valid="a Bell circuit")
    talk.call(facts.cancel, talk.job_ids(job))
    reading = talk.finish(job)
    talk.call(facts.results, talk.job_ids(job))
    if talk.state(reading) is State.CANCELED:
        for _ in range(2):
            time.sleep(_LATER)
            talk.read(job)


def cancel_paid_job(talk: Conversation) -> None:
    """Cancel a job for a machine right after submission, and see what it cost."""
    if not talk.owns_target:
        raise Stop("jobs for machines are submitted to targets that are ours only")
    facts = talk.provider.jobs
    body = facts.circuit(BELL, backend=available_backend(talk), name="to cancel, paid")
    job = talk.submit(body)
    talk.call(facts.cancel, talk.job_ids(job))
    reading = talk.finish(job)
    talk.call(facts.cost, talk.job_ids(job))
    if talk.state(reading) is State.CANCELED:
        _await_canceled(talk, job)


def _await_canceled(talk: Conversation, job: str) -> None:
    """Ask for canceled jobs until this one is among them, or has had time to be."""
    query = {"ids": [job], "status": "canceled"}
    talk.settle(
        lambda: bool(job_entries(answered(talk.call(talk.provider.jobs.listing, query=query))))
    )


def cancel_several_circuits(talk: Conversation) -> None:
    """Cancel a job of several circuits right after submission, then watch its circuits."""
    facts = talk.provider.jobs
    entries = [{"name": f"to cancel {n}", "circuit": BELL["circuit"]} for n in range(2)]
    backend = facts.ideal_backend
    if talk.owns_target:  # jobs for machines wait for longer
        with contextlib.suppress(Stop):
            backend = available_backend(talk)
    fields: dict[str, Any] = {"backend": backend, "shots": 100, "name": "to cancel, all"}
    job = talk.submit(facts.circuits(entries, qubits=2, **fields))
    talk.call(facts.cancel, talk.job_ids(job))
    reading = talk.read(job)
    named = reading.get("child_job_ids")
    children = [c for c in named if isinstance(c, str)] if isinstance(named, list) else []
    if talk.state(reading) is not State.CANCELED:
        return
    for pause in (0.0, 2 * _LATER):
        time.sleep(pause)
        for child in reversed(children):  # the last one is likeliest to wait still
            talk.read(child)


def cancel_too_late(talk: Conversation) -> None:
    """Cancel a job that has ended: whatever is answered, its results must agree with its state."""
    job = talk.submit(talk.provider.jobs.circuit(BELL, name="late"), valid="a Bell circuit")
    read_results(talk, job)
    talk.call(talk.provider.jobs.cancel, talk.job_ids(job))
    talk.read(job)


def dry_run(talk: Conversation) -> None:
    """A dry run ends, returns no results and costs nothing; one of several circuits, too."""
    facts = talk.provider.jobs
    body = facts.circuit(BELL, name="dry run", dry_run=True)
    job = talk.submit(body, valid="a dry run of a Bell circuit")
    talk.finish(job)
    talk.call(facts.cost, talk.job_ids(job))
    if talk.owns_target:
        fields = {"backend": available_backend(talk), "name": "dry run", "dry_run": True}
        _follow(talk, facts.circuits([{"circuit": BELL["circuit"]}] * 2, qubits=2, **fields))


def impossible_jobs(talk: Conversation) -> None:
    """What cannot be run is refused, or its job fails and says why; one job for each reason."""
    talk.call("getBackends")
    facts = talk.provider.jobs
    outside = {"qubits": 1, "gateset": "qis", "circuit": [{"gate": "x", "target": 5}]}
    before = {"qubits": 1, "gateset": "qis", "circuit": [{"gate": "x", "target": -1}]}
    double = {"gate": "cnot", "control": 0, "target": 0}
    doubled = {"gate": "x", "controls": [1], "targets": [1]}
    twice = {"gate": "swap", "targets": [1, 1]}
    narrow = {"gate": "swap", "targets": [0]}
    for name, body in (
        ("outside its register", facts.circuit(outside)),
        ("before its register", facts.circuit(before)),
        ("too wide", facts.circuit({**BELL, "qubits": 4000})),
        ("control is target", facts.circuit({**BELL, "circuit": [double]})),
        ("control among targets", facts.circuit({**BELL, "circuit": [doubled]})),
        ("one target twice", facts.circuit({**BELL, "circuit": [twice]})),
        ("one target too few", facts.circuit({**BELL, "circuit": [narrow]})),
        ("no such backend", facts.circuit(BELL, backend="qpu.no-such-machine")),
        ("debiasing of few shots", facts.circuit(BELL, shots=10, settings=_DEBIASING)),
    ):
        _follow(talk, {**body, "name": name})
    talk.call(facts.listing, query={"status": "completed", "limit": 20})


def _follow(talk: Conversation, body: dict[str, Any]) -> None:
    """Submit what may be refused, and see what becomes of it if it is not."""
    exchange = talk.call(talk.provider.jobs.create, body=body)
    job = answered(exchange).get("id")
    if isinstance(job, str):
        talk.finish(job)
        talk.call(talk.provider.jobs.results, talk.job_ids(job))
        talk.call(talk.provider.jobs.cost, talk.job_ids(job))
        talk.call(talk.provider.jobs.listing, query={"ids": [job]})


def several_circuits(talk: Conversation) -> None:
    """A parent and its children know each other; nobody says how many shots to take."""
    entries = [
        {"name": name, "circuit": qis_circuit(talk.random, most_qubits=2)["circuit"]}
        for name in ("first", "second", "third")
    ]
    body = talk.provider.jobs.circuits(entries, qubits=2, name="family", metadata={"k": "v"})
    del body["shots"]
    job = talk.submit(body, valid="three small circuits")
    read_results(talk, job)
    talk.call(talk.provider.jobs.listing, query={"parent_job_id": job})


def plain_submissions(talk: Conversation) -> None:
    """Jobs that leave out all they may; shots at both ends of their range."""
    for fields in ({"shots": 1}, {"shots": 1_000_000}, _IDEAL, _NOISY, _TUNED):
        native = native_circuit(talk.random, most_qubits=2)
        body = talk.provider.jobs.circuit(native, **fields)
        read_results(talk, talk.submit(body, valid=f"a native circuit with {next(iter(fields))}"))
    body = {
        name: value for name, value in talk.provider.jobs.circuit(BELL).items() if name != "shots"
    }
    talk.finish(talk.submit(body, valid="a Bell circuit without shots"))


def many_at_once(talk: Conversation) -> None:
    """Cancel several jobs by one call, the youngest of them last, and delete several by one."""
    talk.call("getWhoami")
    ids = _several(talk)
    talk.call(talk.provider.jobs.cancel_many, body={"ids": ids})
    for job in reversed(ids):  # the youngest one is likeliest to wait still, if it was forgotten
        talk.read(job)
    for job in ids:
        talk.finish(job)
        talk.call(talk.provider.jobs.cost, talk.job_ids(job))
    talk.call(talk.provider.jobs.delete_many, body={"ids": ids[: _BULK // 2]})
    for job in ids:
        talk.read(job)


def _several(talk: Conversation) -> list[str]:
    """Submit some jobs: at the same moment where the target is ours, so that none has ended."""
    facts = talk.provider.jobs
    bodies = [facts.circuit(BELL, name=f"bulk {index}") for index in range(_BULK)]
    if not talk.owns_target:
        return [talk.submit(body, valid="a Bell circuit") for body in bodies]
    valid: dict[str, Any] = {"expects": Expectation.ACCEPTED, "because": "a Bell circuit"}
    made = talk.at_once([partial(talk.call, facts.create, body=body, **valid) for body in bodies])
    made.sort(key=lambda exchange: exchange.number)
    ids = [i for exchange in made if isinstance(i := answered(exchange).get("id"), str)]
    if len(ids) < _BULK:
        raise Stop("not every job was made")
    return ids


def unknown_job(talk: Conversation) -> None:
    """An id that nobody was given names nothing, by every route."""
    nobody = talk.job_ids("00000000-0000-4000-8000-00000000dead")
    facts = talk.provider.jobs
    for operation in (facts.read, facts.results, facts.cost, facts.cancel, facts.delete):
        talk.call(operation, nobody, expects=Expectation.REFUSED, because="no job has this id")


def delete(talk: Conversation, job: str) -> None:
    """Delete `job` and read it once more.

    Raises:
        Stop: The deletion was refused, so there is nothing more to see.
    """
    removed = talk.call(talk.provider.jobs.delete, talk.job_ids(job))
    if not removed.succeeded:
        raise Stop(f"job {job} was not deleted")
    talk.read(job)


WALKS: dict[str, Any] = {
    "whole-life": whole_life,
    "cancel-at-once": cancel_at_once,
    "cancel-several-circuits": cancel_several_circuits,
    "cancel-paid-job": cancel_paid_job,
    "cancel-too-late": cancel_too_late,
    "dry-run": dry_run,
    "impossible-jobs": impossible_jobs,
    "several-circuits": several_circuits,
    "plain-submissions": plain_submissions,
    "many-at-once": many_at_once,
    "unknown-job": unknown_job,
}
