"""Walks over input: requests wrong in one way, and valid ones in every form that is documented."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from conformance.generate.mutants import mutants
from conformance.lifecycle.backends import available_backend
from conformance.lifecycle.conversation import Conversation, Forbidden, answered
from conformance.lifecycle.jobs import BELL
from conformance.lifecycle.money import organization_of
from conformance.model import Expectation, Operation, Schema
from conformance.providers import Provider

_SETTINGS = {
    "error_mitigation": {"debiasing": False},
    "compilation": {"opt": 0.5, "precision": "1E-3"},
}
_FULL: dict[str, Any] = {
    "shots": 500,
    "name": "input",
    "metadata": {"key": "value"},
    "noise": {"model": "ideal", "seed": 3},
    "settings": _SETTINGS,
    "dry_run": False,
}
_ROTATED: dict[str, Any] = {
    "qubits": 3,
    "gateset": "qis",
    "circuit": [
        {"gate": "rx", "target": 0, "rotation": 0.5},
        {"gate": "x", "targets": [1], "controls": [0, 2]},
    ],
}
_NATIVE: dict[str, Any] = {
    "qubits": 2,
    "gateset": "native",
    "circuit": [
        {"gate": "gpi", "target": 0, "phase": 0.25},
        {"gate": "ms", "targets": [0, 1], "phases": [0.0, 0.25], "angle": 0.25},
    ],
}


def payloads(provider: Provider) -> dict[str, dict[str, Any]]:
    """Return creation payloads for circuits that together use every documented field, by name."""
    entries = [
        {"name": "one", "circuit": _ROTATED["circuit"], "qubits": 3, "registers": {"all": [0, 1]}},
        {"name": "two", "gateset": "native", "circuit": _NATIVE["circuit"]},
    ]
    override = {"gateset": "qis", "circuit": _ROTATED["circuit"], "qubits": 3}
    facts = provider.jobs
    return {
        "qis-job": facts.circuit(_ROTATED, **_FULL),
        "native-job": facts.circuit(_NATIVE, shots=100),
        "several-circuits": facts.circuits(entries, qubits=3, **_FULL),
        "one-override": facts.circuits([override], qubits=3, gateset="native"),
    }


def refuse_bodies(
    talk: Conversation,
    *,
    operation: Operation,
    valid: Mapping[str, Any],
    share: tuple[int, int],
    within: str = "",
) -> None:
    """Send every mutant of `valid` that the documents refuse; `share` is (part, of how many).

    Only those whose pointer begins with `within` are sent: another body shows the rest.
    """
    if operation.id == talk.provider.sessions.create:
        valid = {**valid, "backend": available_backend(talk)}
    creates = operation.id == talk.provider.jobs.create
    if creates:
        valid = {**valid, "name": f"refused {talk.name}"}
        talk.call(talk.provider.jobs.listing, query={"limit": 50})
    judges = [judge_of(next(iter(o.body.values()))) for o in (operation, talk.tolerant(operation))]
    for number, mutant in enumerate(mutants(dict(valid))):
        if number % share[1] != share[0] or not mutant.pointer.startswith(within):
            continue
        if any(j.is_valid(mutant.value) for j in judges):
            continue
        with contextlib.suppress(Forbidden):
            talk.call(
                operation.id,
                body=mutant.value,
                expects=Expectation.REFUSED,
                because=f"{mutant.pointer or 'the body'} is {mutant.edit}",
            )
    if creates:
        talk.call(talk.provider.jobs.listing, query={"limit": 50})


def read_plainly(talk: Conversation) -> None:
    """Call what needs nothing but a key, and leave out all that may be left out."""
    facts, sessions = talk.provider.jobs, talk.provider.sessions
    priced = {"backend": facts.ideal_backend}
    for operation, query in (
        ("getWhoami", {}),
        ("getBackends", {}),
        (facts.listing, {}),
        (sessions.listing, {}),
        (facts.estimate, priced),
    ):
        talk.call(
            operation,
            query=query,
            expects=Expectation.ACCEPTED,
            because="it is asked for with nothing but what is required",
        )


def ask_oddly(talk: Conversation) -> None:
    """Ask for what is legal and odd: any answer but a failure of the service is right."""
    facts = talk.provider.jobs
    for odd in ("\0", "..", "null", "%2F", "x" * 300, "\u2603", "' OR 1=1", "-1"):
        talk.call(facts.read, talk.job_ids(odd))
        talk.call(facts.results, talk.job_ids(odd))
        talk.call(talk.provider.sessions.read, talk.session_ids(odd))
    for query in ({"next": "no-such-page"}, {"limit": 0}, {"limit": -1}, {"limit": 2**31 - 1}):
        talk.call(facts.listing, query=query)
    talk.call(facts.listing, query={"ids": ["x"] * 50})
    backend = available_backend(talk)
    listing = "getCharacterizationsForBackend"
    talk.call(listing, {"backend": backend}, query={"page": 9999})
    talk.call(listing, {"backend": backend}, query={"start": "2030-01-01", "end": "2020-01-01"})
    mitigated = {"backend": backend, "error_mitigation": True}
    talk.call(facts.estimate, query=mitigated)
    for many in (facts.cancel_many, facts.delete_many):
        talk.call(many, body={"ids": []})


def ask_for_nothing_known(talk: Conversation) -> None:
    """Ask for paths that the document does not have, and methods that its paths do not offer."""
    for path in ("/qconform-no-such-path", "/jobs/x/y/z/qconform", "/sessions/x/qconform"):
        talk.ask("GET", path, expects=Expectation.REFUSED, because="no such path is documented")


def refuse_gates_of_the_other_set(talk: Conversation) -> None:
    """Send native gates in a circuit of QIS gates, and the reverse."""
    for circuit, other in ((_ROTATED, _NATIVE), (_NATIVE, _ROTATED)):
        for gates in ([*circuit["circuit"], other["circuit"][0]], other["circuit"]):
            talk.call(
                talk.provider.jobs.create,
                body=talk.provider.jobs.circuit({**circuit, "circuit": gates}),
                expects=Expectation.REFUSED,
                because=f"a gate is not of the gateset {circuit['gateset']}",
            )


def refuse_paths(talk: Conversation) -> None:
    """Ask for what exists under a word that its path does not offer."""
    facts = talk.provider.jobs
    backend = available_backend(talk) if talk.owns_target else facts.ideal_backend
    job = talk.submit(facts.circuit(BELL, backend=backend, name="paths"))
    talk.finish(job)
    for operation in talk.specification.operations:
        words = [
            p.name
            for p in operation.parameters
            if p.location == "path"
            and "enum" in resolved(p.schema)
            and p.name not in talk.provider.free_parameters
        ]
        for word in words:
            talk.call(
                operation.id,
                {**talk.job_ids(job), word: "no-such-word"},
                expects=Expectation.REFUSED,
                because=f"{word} is no-such-word",
            )


def refuse_texts(talk: Conversation, *, operation: Operation) -> None:
    """Send bodies that are no JSON, or nothing, where a JSON body is required."""
    for text, because in (
        (b"", "the body is missing"),
        (b"{", "the body is cut off"),
        (b"not json", "the body is no JSON"),
        (b"[]", "the body is a list"),
        (b'"text"', "the body is a text"),
    ):
        talk.call(operation.id, raw=text, expects=Expectation.REFUSED, because=because)
    talk.call(operation.id, raw=b"[" * 3000 + b"]" * 3000)
    talk.call(
        operation.id, raw=b'{"ids": [], "backend": "simulator", "shots": 1' + b"0" * 5000 + b"}"
    )


def refuse_queries(talk: Conversation, *, operation: Operation) -> None:
    """Send query parameters one at a time out of their type, enumeration or bounds."""
    base = dict(_required(operation))
    ids = {p.name: UNKNOWN for p in operation.parameters if p.location == "path"}
    if "organization_id" in ids:
        ids["organization_id"] = organization_of(talk) or UNKNOWN
    if "backend" in ids:
        ids["backend"] = available_backend(talk)
    if talk.provider.sessions.id_parameter in ids:
        session = talk.open_session(talk.provider.sessions.request(backend=available_backend(talk)))
        ids[talk.provider.sessions.id_parameter] = session
    for name in base:
        without = {k: v for k, v in base.items() if k != name}
        _refused(talk, operation, ids, without, f"{name} is missing")
    for parameter in operation.parameters:
        if parameter.location == "query":
            for text in bad_texts(resolved(parameter.schema)):
                query = {**base, parameter.name: text}
                _refused(talk, operation, ids, query, f"{parameter.name} is {text!r}")


def accept_forms(talk: Conversation, *, name: str, body: Mapping[str, Any], sure: bool) -> None:
    """Submit a form of payload; `sure` when nothing about it is for the service to decide."""
    options: dict[str, Any] = {}
    if sure:
        options = {"expects": Expectation.ACCEPTED, "because": f"a valid job: {name}"}
    exchange = talk.call(talk.provider.jobs.create, body=body, **options)
    job = answered(exchange).get("id")
    if isinstance(job, str):
        talk.finish(job)


def forms(provider: Provider) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Yield (name, payload, whether it must be accepted) for every form worth trying alone."""
    circuit = provider.jobs.circuit
    for name, body in payloads(provider).items():
        yield f"all-fields-{name}", body, True
    yield "unicode-name", circuit(BELL, name="Grüße, 量子 ⟨ψ|"), True
    yield "empty-metadata", circuit(BELL, metadata={}), True
    yield "empty-settings", circuit(BELL, settings={}), True
    yield "one-shot", circuit(BELL, shots=1), True
    yield "most-shots", circuit(BELL, shots=1_000_000), True
    yield "targets-of-one", circuit({**BELL, "circuit": [{"gate": "x", "targets": [1]}]}), True
    cnot = {"gate": "cnot", "controls": [0], "targets": [1]}
    yield "controls-of-one", circuit({**BELL, "circuit": [cnot]}), True
    yield "empty-name", circuit(BELL, name=""), False
    yield "empty-circuit", circuit({**BELL, "circuit": []}), False
    width = {k: v for k, v in BELL.items() if k != "qubits"}
    yield "no-width", circuit(width), False
    yield "no-circuits", provider.jobs.circuits([], qubits=1), False
    floats = {"gate": "x", "targets": [1.0], "controls": [0.0]}
    yield "qubits-as-floats", circuit({**BELL, "circuit": [floats]}), False
    yield "shots-as-float", circuit(BELL, shots=100.0), False
    yield "far-seed", circuit(BELL, noise={"model": "ideal", "seed": 2**40}), False


UNKNOWN = "00000000-0000-4000-8000-00000000dead"


def _refused(
    talk: Conversation, operation: Operation, ids: dict[str, str], query: Any, because: str
) -> None:
    talk.call(operation.id, ids, query=query, expects=Expectation.REFUSED, because=because)


def bad_texts(schema: Schema) -> Iterator[str]:
    """Yield texts that no reader can take for a value of `schema`."""
    kind = schema.get("type")
    if "enum" in schema:
        yield "no-such-word"
    elif kind == "integer":
        yield "many"
        if "minimum" in schema:
            yield str(schema["minimum"] - 1)
        if "maximum" in schema:
            yield str(schema["maximum"] + 1)
    elif kind == "boolean":
        yield "perhaps"
    elif schema.get("format") == "date":
        yield "not-a-date"


def _required(operation: Operation) -> Iterator[tuple[str, str]]:
    """Yield a right value for each required query parameter."""
    for parameter in operation.parameters:
        if parameter.location == "query" and parameter.required:
            schema = resolved(parameter.schema)
            dates = {"start_date": "2026-01-01", "end_date": "2026-02-01"}
            fallback = dates.get(parameter.name, "simulator")
            yield parameter.name, str(schema.get("enum", [fallback])[0])


def resolved(schema: Schema) -> Schema:
    """Return `schema`, or what it refers to."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        inner: Schema = schema["$defs"][reference.removeprefix("#/$defs/")]
        return inner
    return schema


def judge_of(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """Return what tells whether a value fits `schema`."""
    return jsonschema_rs.Draft202012Validator(dict(schema))


WALKS: dict[str, Any] = {
    "plain-reads": read_plainly,
    "odd-requests": ask_oddly,
    "unknown-paths": ask_for_nothing_known,
    "gates-of-the-other-set": refuse_gates_of_the_other_set,
    "wrong-paths": refuse_paths,
}
