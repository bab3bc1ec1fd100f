"""PHYS: the results of a job are those of its circuit."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from conformance.checks.contract import Contract
from conformance.checks.judge import shown
from conformance.checks.life import History
from conformance.checks.story import (
    Moment,
    Story,
    jobs_of,
    query_of,
    response_object,
    sessions_of,
    state_of,
)
from conformance.model import Exchange, Finding, Oddity
from conformance.providers import State
from conformance.spec import match

Circuit = Mapping[str, Any]

_SHORT = 300
"""Characters up to which a finding spells out the circuit whose result is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service gave as the results of one circuit."""

    circuit: Circuit
    value: object
    story: Story
    moment: Moment
    place: str = ""
    others: tuple[tuple[str, Circuit], ...] = ()
    model: str = "ideal"
    """The noise model that was asked for; empty for a machine."""
    shots: int = 0
    """As many as were asked for."""
    exact: bool = True
    """Whether it is computed, not drawn."""


def exact_probabilities_match(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The probabilities of the ideal simulator are those of the submitted circuit.

    Why it matters: it is the product. A wrong bit order, a wrong sign or the wrong circuit
    looks like a result.

    Source: reference_sim; the gate definitions in IonQ's guides and client libraries. The
    bound is derived from single precision and the number of gates.
    """
    for answer in _ideal_answers(history, contract):
        if not isinstance(answer.value, Mapping):
            continue
        if contract.oracle.distribution(answer.circuit, answer.value):
            continue
        yield None
        oddities = contract.oracle.exact(answer.circuit, answer.value, answer.others)
        told = json.dumps(answer.circuit, separators=(",", ":"))
        spelt = f" Circuit: {told}" if len(told) <= _SHORT else ""
        yield from _findings([replace(o, note=o.note + spelt) for o in oddities], answer)


def probabilities_are_a_distribution(
    history: History, contract: Contract
) -> Iterator[Finding | None]:
    """Results are probabilities from 0 to 1 that sum to 1, under keys within the register.

    Why it matters: cirq-ionq refuses sums that are off by more than 1e-5, the others
    renormalise and hide the mistake.

    Source: GetResultsResponse ("keyed by decimal qubit state").
    """
    for answer in answers(history, contract):
        yield None
        yield from _findings(contract.oracle.distribution(answer.circuit, answer.value), answer)


def each_circuit_has_its_result(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The aggregated results hold one distribution a circuit, in the order of the circuits.

    Why it matters: qiskit-ionq and cirq-ionq take them by position; a changed order gives
    every circuit another one's result.

    Source: the aggregated results path, as its clients read it.
    """
    for story in jobs_of(history, contract).values():
        circuits = contract.provider.jobs.circuits_of(story.payload)
        children = _children(story, contract)
        if not circuits or len(circuits) != len(children):
            continue
        for moment in _aggregated(story, contract):
            yield None
            if list(moment.body) != children:
                yield Finding(
                    clause="aggregate/order",
                    where="response.body",
                    expected=f"the children in circuit order: {shown(children)}",
                    seen=shown(list(moment.body)),
                    exchanges=(*story.numbers[:1], moment.number),
                )


def links_lead_to_the_results(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The URL that a job gives for its results leads to them.

    Why it matters: qiskit-ionq and pennylane-ionq fetch results by it. It is host-relative and
    starts with the version; qiskit-ionq cannot use another.

    Source: CircuitJobResult and its example in the document; both clients' sources.
    """
    base = contract.strict.base_path
    for story in jobs_of(history, contract).values():
        for moment in story.readings:
            results = moment.body.get("results")
            for name, entry in results.items() if isinstance(results, dict) else ():
                url = entry.get("url") if isinstance(entry, dict) else None
                if not isinstance(url, str):
                    continue
                yield None
                path = url.removeprefix(base).partition("?")[0]
                found = match(contract.strict, "GET", path)
                owner = found[1].get(contract.provider.jobs.id_parameter) if found else None
                if not url.startswith(f"{base}/") or owner != story.id:
                    yield Finding(
                        clause=f"url/{name}",
                        where=f"response.body/results/{name}/url",
                        expected=f"a path below {base}/jobs/{story.id}",
                        seen=url[:200],
                        exchanges=(*story.numbers[:1], moment.number),
                    )


def stats_match_the_circuit(history: History, contract: Contract) -> Iterator[Finding | None]:
    """The statistics of a job count its qubits and circuits as they were submitted.

    Why it matters: cirq-ionq and qiskit-ionq size their bit strings by `stats.qubits`; a
    wrong one permutes every outcome.

    Source: CircuitJobStats of the document; both clients' result decoding.
    """
    for story in jobs_of(history, contract).values():
        circuits = contract.provider.jobs.circuits_of(story.payload)
        whole = story.payload.get("input")
        sent = {"circuits": len(circuits), "qubits": None}
        if isinstance(whole, dict) and circuits:
            sent["qubits"] = whole.get("qubits")
        for moment in story.readings:
            stats = moment.body.get("stats")
            completed = state_of(moment.body, contract) is State.COMPLETED
            if not circuits or not isinstance(stats, dict) or not completed:
                continue
            yield None
            for name, value in sent.items():
                if value is not None and name in stats and stats[name] != value:
                    yield Finding(
                        clause=f"stats/{name}",
                        where=f"response.body/stats/{name}",
                        expected=str(value),
                        seen=shown(stats[name]),
                        exchanges=(*story.numbers[:1], moment.number),
                    )


def valid_job_completes(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job that is valid by construction completes.

    Why it matters: a gate that is documented and then fails cannot be used.

    Source: QisGate and NativeGate of the document. Failures for reasons of the service's own
    (quota, outage) or for limits that no document states are no departure.
    """
    facts = contract.provider.jobs
    excusable = facts.excusable_failures | facts.limit_failures
    for story in jobs_of(history, contract).values():
        if story.created is None or not story.created.exchange.case.because:
            continue
        for moment in story.readings[-1:]:
            failure = moment.body.get("failure")
            code = failure.get("code") if isinstance(failure, dict) else None
            yield None
            excused = isinstance(code, str) and code in excusable
            if state_of(moment.body, contract) is State.FAILED and not excused:
                yield Finding(
                    clause=f"completes/{story.created.exchange.case.because}",
                    where="response.body/status",
                    expected=f"completed: {story.created.exchange.case.because}",
                    seen=f"failed: {shown(failure)}",
                    exchanges=story.numbers,
                )


def impossible_job_does_not_complete(
    history: History, contract: Contract
) -> Iterator[Finding | None]:
    """A job that cannot be run does not complete.

    Why it matters: whatever its results are, they are not those of what was asked for. It may
    be refused at submission or fail later; both are right.

    Source: gates act on distinct qubits of their register; the list of backends.
    """
    known = {name for e in history for name in _backend_names(e)}
    for story in jobs_of(history, contract).values():
        circuits = contract.provider.jobs.circuits_of(story.payload)
        reasons = [reason for c in circuits if (reason := contract.oracle.impossible(c))]
        backend = story.payload.get("backend")
        if known and isinstance(backend, str) and backend not in known:
            reasons.append(f"there is no backend {backend}")
        if not reasons:
            continue
        yield None
        if any(state_of(m.body, contract) is State.COMPLETED for m in story.readings):
            yield Finding(
                clause="impossible",
                where="response.body/status",
                expected=f"a refusal, or a failed job: {reasons[0]}",
                seen="completed",
                exchanges=story.numbers,
            )


def _backend_names(exchange: Exchange) -> Iterator[str]:
    """Yield the names in a list of backends."""
    body = exchange.response.json_or_none() if exchange.response and exchange.succeeded else None
    for entry in body if isinstance(body, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("backend"), str):
            yield entry["backend"]


def _ideal_answers(history: History, contract: Contract) -> Iterator[Answer]:
    return (answer for answer in answers(history, contract) if answer.exact)


def answers(history: History, contract: Contract) -> Iterator[Answer]:
    """Yield every result of a job of circuits in `history`, with the circuit that it is of."""
    facts = contract.provider.jobs
    stories = jobs_of(history, contract)
    for story in stories.values():
        circuits = facts.circuits_of(story.payload)
        if not circuits or not all(map(contract.oracle.is_valid, circuits)):
            continue
        if len(circuits) == 1 and not _children(story, contract):
            found: Iterator[Answer] = (
                Answer(
                    circuit=circuits[0],
                    value=facts.measured(moment.body),
                    story=story,
                    moment=moment,
                )
                for moment in _single(story, contract)
            )
        else:
            found = _answers_of_family(story, circuits, stories, contract)
        asked = facts.shots_of(story.payload)
        shots = facts.default_shots if asked is None else asked
        model = facts.model_of(story.payload) or _declared(history, story, contract)
        exact = model == "ideal" and not facts.samples
        for answer in found:
            yield replace(answer, model=model, shots=shots, exact=exact)


def _declared(history: History, job: Story, contract: Contract) -> str:
    """Return `ideal` where an answer says that what the job ran on has no noise."""
    facts = contract.provider
    names = {
        name
        for exchange in history
        if exchange.succeeded
        for name in facts.jobs.simulators(response_object(exchange))
    }
    if not names:
        return ""
    session = sessions_of(history, contract).get(str(job.payload.get("session_id")))
    places = {job.payload.get("backend")}
    places |= {session.payload.get(facts.sessions.backend)} if session else set()
    return "ideal" if names & places else ""


def _answers_of_family(
    story: Story, circuits: Sequence[Circuit], stories: Mapping[str, Story], contract: Contract
) -> Iterator[Answer]:
    children = _children(story, contract)
    if len(children) != len(circuits):
        return
    for position, (child, circuit) in enumerate(zip(children, circuits, strict=True)):
        others = _others(circuits, position)
        for moment in _aggregated(story, contract):
            if child in moment.body:
                yield Answer(
                    circuit=circuit,
                    value=moment.body[child],
                    story=story,
                    moment=moment,
                    place=f"/{child}",
                    others=others,
                )
        for moment in _single(stories[child], contract) if child in stories else ():
            yield Answer(
                circuit=circuit, value=moment.body, story=story, moment=moment, others=others
            )


def _others(circuits: Sequence[Circuit], position: int) -> tuple[tuple[str, Circuit], ...]:
    """Return the circuits next to one, and the first and last: which others it may be taken for."""
    last = len(circuits) - 1
    near = {0, 1, last - 1, last, position - 1, position + 1, last - position} - {position}
    return tuple((f"number {i}", circuits[i]) for i in sorted(near) if 0 <= i <= last)


def _children(story: Story, contract: Contract) -> list[str]:
    for moment in reversed(story.readings):
        children = moment.body.get("child_job_ids")
        if state_of(moment.body, contract) is State.COMPLETED and isinstance(children, list):
            return [c for c in children if isinstance(c, str)]
    return []


def _single(story: Story, contract: Contract) -> list[Moment]:
    """Return the results that were read as those of one circuit."""
    return _read_by(contract.provider.jobs.results, story, contract)


def _aggregated(story: Story, contract: Contract) -> list[Moment]:
    return _read_by(contract.provider.jobs.results_of_many, story, contract)


def _read_by(wanted: str, story: Story, contract: Contract) -> list[Moment]:
    """Return the results that an operation told; sharpened ones are of no distribution known."""
    return [
        moment
        for moment in story.results
        if moment.exchange.operation
        and moment.exchange.operation.id == wanted
        and not is_sharpened(moment, contract)
    ]


def is_sharpened(moment: Moment, contract: Contract) -> bool:
    """Whether results were asked for as a vote of the variants of a debiased job."""
    asked = query_of(moment.exchange).get(contract.provider.variants.sharpen, [])
    return any(text.lower() == "true" for text in asked)


def _findings(oddities: Sequence[Oddity], answer: Answer) -> Iterator[Finding]:
    for oddity in oddities:
        yield Finding(
            clause=oddity.clause,
            where=oddity.where.replace("response.body", f"response.body{answer.place}", 1),
            expected=oddity.expected,
            seen=oddity.seen,
            note=oddity.note,
            exchanges=(*answer.story.numbers[:1], answer.moment.number),
        )
