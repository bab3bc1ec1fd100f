"""The contract suite: Schemathesis' engine generates, our target sends, our rules judge.

All contact with Schemathesis is in this module. Its phases and checks all run; what its
checks object to counts where a rule of ours confirms it on the same exchange, because several
of them are right about the document and wrong about the service (a 400 for a valid request
that no server can serve, a 404 for 405). What is not confirmed is told as a note.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections import Counter
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import hypothesis.strategies as st
import requests
import schemathesis
from requests.structures import CaseInsensitiveDict
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response as Answer
from schemathesis.engine import events
from schemathesis.engine import from_schema as engine_for
from schemathesis.generation import GenerationMode
from schemathesis.generation.meta import TestPhase
from schemathesis.transport.requests import REQUESTS_TRANSPORT, RequestsTransport

from conformance.engine.adapter import Adapter, headers_of
from conformance.engine.mixing import about
from conformance.engine.options import SEQUENCES, Profile
from conformance.engine.scenarios import Stage, seed_of
from conformance.engine.target import Stopped
from conformance.generate import job_payload
from conformance.lifecycle import Conversation, Stop, Walk, right_calls
from conformance.model import (
    Case,
    Credential,
    Exchange,
    Expectation,
    Operation,
    Request,
    Schema,
)
from conformance.spec import json_schema

_MOST_PLACES = 3
"""Places in a body at which one kind of coverage case is tried, unless all are."""


def fuzz(stage: Stage, profile: Profile) -> None:
    """Run Schemathesis' engine against the target of `stage` and judge all that it sends."""
    bridge = _Bridge(stage, ends_at=time.monotonic() + profile.fuzz_seconds)
    schema = _schema(stage, profile, bridge)
    if schema is None:
        return
    if stage.provider.things is None:
        _mix_in_jobs(schema, stage, bridge)
    else:
        _mix_in_things(schema, stage)
    _thin_out(schema, stage, profile.coverage_share)
    if not stage.owned:
        _keep_harmless(schema, stage)
    stream = engine_for(schema).execute()
    for event in stream:
        if stage.target.stopped or bridge.is_late:
            stream.stop()
        if isinstance(event, events.ScenarioFinished):
            bridge.finish(event)
        elif isinstance(event, events.NonFatalError) and not _is_ours(event, stage):
            stage.on_note("contract", f"generation: {event.info.title}: {event.info.message}"[:300])
    bridge.close()
    if bridge.is_late and not stage.target.stopped:
        seconds = f"after {profile.fuzz_seconds:g} s, the share of profile {stage.options.profile}"
        stage.on_note("contract", f"fuzzing was ended {seconds}: the target answers slowly")


def _is_ours(event: events.NonFatalError, stage: Stage) -> bool:
    """Whether an error of generation is a request that was not sent, which is told elsewhere."""
    return bool(stage.target.stopped) or event.info.title == "Network Error"


class _Bridge:
    """Carries Schemathesis' requests to the target and remembers what was valid and what failed."""

    def __init__(self, stage: Stage, *, ends_at: float) -> None:
        self.stage = stage
        self._ends_at = ends_at
        self.is_late = False
        """Whether the time for fuzzing was used up before its cases were."""
        self.valid: set[str] = set()
        self._sent: dict[str, list[Exchange]] = {}
        """What was sent for a case, by the id that Schemathesis gives it."""
        self._numbers: Counter[str] = Counter()
        self._unconfirmed: Counter[tuple[str, str]] = Counter()
        self._operations = {(o.method, o.path): o for o in stage.specification.operations}

    def remember(self, payload: Any) -> Any:
        """Note that `payload` is valid by construction, and return it."""
        self.valid.add(_digest(json.dumps(payload).encode()))
        return payload

    def transport(self) -> RequestsTransport:
        """Return a transport for the schema, which sends by way of our target."""
        carrier = _Carrier(self)
        carrier._copy_serializers_from(REQUESTS_TRANSPORT)
        return carrier

    def send(self, prepared: requests.PreparedRequest, case: Any) -> Exchange:
        """Send one prepared request of `case` through the target."""
        operation = self._operation(case)
        planned = self._planned(prepared, case, operation)
        if time.monotonic() > self._ends_at:
            self.is_late = True
            raise KeyboardInterrupt
        try:
            exchange = self.stage.target.send(planned)
        except Stopped as reason:
            raise KeyboardInterrupt from reason
        except Stop as reason:
            raise requests.ConnectionError(str(reason), request=prepared) from reason
        self._sent.setdefault(case.id, []).append(exchange)
        return exchange

    def finish(self, event: events.ScenarioFinished) -> None:
        """Judge what the scenario sent, and count what only Schemathesis minds.

        The event comes late: other scenarios may have begun, so its own cases are looked up.
        """
        sent = [e for case in event.recorder.cases for e in self._sent.pop(case, ())]
        self.stage.judging.history(sorted(sent, key=lambda exchange: exchange.number))
        for nodes in event.recorder.checks.values():
            for node in nodes:
                if node.failure_info is not None:
                    self._unconfirmed[node.name, event.label or SEQUENCES] += 1

    def close(self) -> None:
        """Judge what no scenario claimed, and say which objections no rule of ours shares."""
        for sent in self._sent.values():
            self.stage.judging.history(sent)
        found = {f.operation for f in self.stage.judging.findings.values()}
        for (check, label), count in sorted(self._unconfirmed.items()):
            operation = next(
                (o.id for o in self._operations.values() if label == f"{o.method} {o.path}"), ""
            )
            if operation not in found:
                self.stage.on_note(
                    "contract",
                    f"Schemathesis' check {check} objects to {label} ({count} times); "
                    "no rule of the contract does.",
                )

    def _operation(self, case: Any) -> Operation | None:
        return self._operations.get((case.operation.method.upper(), case.operation.path))

    def _planned(
        self, prepared: requests.PreparedRequest, case: Any, operation: Operation | None
    ) -> Case:
        body = prepared.body or b""
        raw = body.encode() if isinstance(body, str) else bytes(body)
        request = Request(
            method=str(prepared.method),
            path=self._path(prepared),
            headers=headers_of(prepared),
            body=raw,
        )
        linked = case.meta is not None and case.meta.phase.name is TestPhase.STATEFUL
        scenario = operation.id if operation and not linked else SEQUENCES
        self._numbers[scenario] += 1
        credential = self._credential(prepared)
        own = credential is Credential.FIRST
        valid = own and request.method == "POST" and self._is_valid(raw)
        return Case(
            id=f"contract.{scenario}.{self._numbers[scenario]}",
            suite="contract",
            operation=operation,
            request=request,
            expects=Expectation.ACCEPTED if valid else Expectation.FREE,
            because="a job that is valid by construction" if valid else "",
            credential=credential,
        )

    def _is_valid(self, body: bytes) -> bool:
        try:
            return _digest(json.dumps(json.loads(body)).encode()) in self.valid
        except ValueError:
            return False

    def _path(self, prepared: requests.PreparedRequest) -> str:
        parts = urlsplit(str(prepared.url))
        prefix = urlsplit(self.stage.options.url).path.rstrip("/")
        path = parts.path.removeprefix(prefix) or "/"
        return f"{path}?{parts.query}" if parts.query else path

    def _credential(self, prepared: requests.PreparedRequest) -> Credential:
        """Tell from the header whether a check of Schemathesis left the key out or changed it."""
        header, own = self.stage.provider.authorization(self.stage.options.key)
        given = prepared.headers.get(header)
        if given is None:
            return Credential.NONE
        text = given.decode("latin-1") if isinstance(given, bytes) else given
        return Credential.FIRST if text == own else Credential.WRONG


class _Carrier(RequestsTransport):
    """Schemathesis' transport, with sessions whose every request goes to our target."""

    def __init__(self, bridge: _Bridge) -> None:
        super().__init__()
        self._bridge = bridge

    def send(self, case: Any, *, session: Any = None, **kwargs: Any) -> Answer:
        with requests.Session() as own:
            own.trust_env = False
            own.headers = CaseInsensitiveDict(session.headers if session is not None else {})
            adapter = Adapter(partial(self._bridge.send, case=case))
            own.mount("http://", adapter)
            own.mount("https://", adapter)
            return super().send(case, session=own, **{**kwargs, "max_redirects": 0})


def _schema(stage: Stage, profile: Profile, bridge: _Bridge) -> Any:
    """Return the document as Schemathesis holds it, limited to what the run is limited to."""
    config = SchemathesisConfig.from_dict(_config(stage, profile))
    schema: Any = schemathesis.openapi.from_dict(
        json.loads(json.dumps(stage.specification.document)), config=config
    )
    if not stage.owned:
        create = stage.provider.jobs.create
        schema = schema.exclude(
            lambda context: (
                context.operation.method != "get" and _id_of(context.operation) != create
            )
        )
    wanted = _wanted(stage)
    if wanted:  # exclude, since `operations` of the configuration makes includes additive
        schema = schema.exclude(lambda context: _id_of(context.operation) not in wanted)
    kind = type(schema)
    carried = type(
        kind.__name__, (kind,), {"transport": property(lambda _self: bridge.transport())}
    )
    schema.__class__ = carried
    return schema


def _wanted(stage: Stage) -> list[str]:
    scenario = stage.options.case.split(".")[1:2]
    if scenario and scenario != [SEQUENCES]:
        return scenario
    return list(stage.options.operations)


def _id_of(operation: Any) -> Any:
    return operation.definition.raw.get("operationId")


def _config(stage: Stage, profile: Profile) -> dict[str, Any]:
    phases: dict[str, Any] = {
        phase: {"enabled": phase in profile.phases}
        for phase in ("examples", "coverage", "fuzzing", "stateful")
    }
    linked = stage.options.case.split(".")[1:2] == [SEQUENCES]
    whole = not stage.options.case and not stage.options.operations
    for name, phase in phases.items():
        phase["enabled"] &= (name == "stateful" and (linked or whole)) or (
            name != "stateful" and not linked
        )
    if not stage.owned:
        phases["coverage"]["unexpected-methods"] = []
        phases["stateful"]["enabled"] = False
    phases["fuzzing"]["generation"] = {"max-examples": profile.examples}
    phases["stateful"]["generation"] = {"max-examples": max(profile.sequences, 1)}
    return {
        "base-url": stage.options.url,
        "seed": seed_of(stage.options.seed, "contract") % 2**31,
        "headers": dict(stage.provider.headers(stage.options.key)),
        "workers": stage.width if stage.width > stage.options.workers else 1,
        "continue-on-failure": True,
        "request-timeout": stage.options.request_timeout,
        "generation": {
            "database": "none",
            "no-shrink": True,
            "with-security-parameters": False,
            "allow-x00": False,
        },
        "phases": phases,
        "checks": {"response_schema_conformance": {"validate-formats": False}},
        "operations": [
            {
                "include-operation-id": create,
                "generation": {"max-examples": profile.fuzzed_submissions},
            }
            for create in filter(None, [stage.provider.jobs.create])
        ],
    }


def _mix_in_jobs(schema: Any, stage: Stage, bridge: _Bridge) -> None:
    """Let most jobs that are meant to be valid be so in meaning, and some follow the JSON Schema.

    What Schemathesis draws from the document has the right shape and random gates; it is kept
    for one in three.
    """
    provider = stage.provider
    described = [_bodies(json_schema(provider.name, name)) for name in provider.jobs.schemas]
    valid = st.integers(min_value=0, max_value=2**32 - 1).map(
        lambda seed: bridge.remember(job_payload(random.Random(seed), provider))  # noqa: S311 - cases, not secrets
    )

    @schema.hooks.hook  # type: ignore[untyped-decorator] # Schemathesis leaves it untyped
    def flatmap_case(context: Any, case: Any) -> Any:
        creates = _id_of(context.operation) == provider.jobs.create
        if not creates or case.meta.generation.mode is not GenerationMode.POSITIVE:
            return st.just(case)
        bodies = st.one_of(st.just(case.body), valid, valid, *described)
        return bodies.map(lambda body: _with_body(case, body))


def _mix_in_things(schema: Any, stage: Stage) -> None:
    """Let some requests that are meant to be valid name things that exist, and have right bodies.

    What Schemathesis draws has the right shape and names nothing that exists; it is kept for half.
    """
    calls = right_calls(
        stage.conversation(Walk(suite="contract", name=SEQUENCES, run=_say_nothing))
    )

    @schema.hooks.hook  # type: ignore[untyped-decorator] # Schemathesis leaves it untyped
    def flatmap_case(context: Any, case: Any) -> Any:
        call = calls.get(_id_of(context.operation))
        if call is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
            return st.just(case)
        return about(case, call)


def _say_nothing(_talk: Conversation) -> None:
    """Play nothing: the conversation of linked requests is Schemathesis' own."""


def _bodies(schema: Schema) -> Any:
    """Return a strategy for what a JSON Schema describes, by way of a document around it."""
    accepts = {"required": True, "content": {"application/json": {"schema": dict(schema)}}}
    operation = {"requestBody": accepts, "responses": {"200": {"description": "any"}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "one schema", "version": "1"},
        "paths": {"/": {"post": operation}},
    }
    wrapped = schemathesis.openapi.from_dict(document, config=SchemathesisConfig())
    return wrapped["/"]["POST"].as_strategy().map(lambda case: case.body)


def _thin_out(schema: Any, stage: Stage, share: float) -> None:
    """Keep the first coverage case of each kind and place, and `share` of the others.

    Of the places in bodies the first few of each kind are kept: `wrong-...` walks go to all.
    """
    if share >= 1:
        return
    kinds: Counter[tuple[Any, ...]] = Counter()
    places: Counter[tuple[Any, ...]] = Counter()

    @schema.hooks.hook  # type: ignore[untyped-decorator] # Schemathesis leaves it untyped
    def filter_case(context: Any, case: Any) -> bool:
        if case.meta is None or case.meta.phase.name is not TestPhase.COVERAGE:
            return True
        data = case.meta.phase.data
        kind = (context.operation.label, case.method, data.scenario, data.location, data.parameter)
        kinds[kind] += 1
        if kinds[kind] > 1:
            return seed_of(stage.options.seed, *map(str, kind), str(kinds[kind])) < share * 2**64
        inside = data.parameter_location is ParameterLocation.BODY
        places[kind[:3]] += inside
        return places[kind[:3]] <= _MOST_PLACES or not inside


def _keep_harmless(schema: Any, stage: Stage) -> None:
    """On somebody else's system, draw only reads and jobs for the simulator."""
    facts = stage.provider.jobs

    @schema.hooks.hook  # type: ignore[untyped-decorator] # Schemathesis leaves it untyped
    def filter_case(context: Any, case: Any) -> bool:
        if case.method == "GET":
            return True
        creates = _id_of(context.operation) == facts.create and case.method == "POST"
        body = case.body if isinstance(case.body, dict) else {}
        return creates and body.get("backend") == facts.ideal_backend


def _with_body(case: Any, body: Any) -> Any:
    case.body = body
    return case


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
