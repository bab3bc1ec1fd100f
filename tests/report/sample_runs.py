"""Sample runs as events: one that holds, one with findings, one that was killed, a hostile one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sample_rules import RULES

from conformance.model import (
    Case,
    Credential,
    Event,
    Exchange,
    ExchangeRecorded,
    Expectation,
    Finding,
    FindingMade,
    NoteMade,
    Operation,
    Outcome,
    Problem,
    Request,
    Response,
    RunFinished,
    RunStarted,
    Severity,
    SuiteFinished,
    SuiteStarted,
    Verdict,
)

JOB = "0197c2a8-5f3e-7cc1-9d41-6f0a5a1d2b07"
DOCUMENT = "specs/ionq/v0.4/openapi.yaml"
BELL_GATES = ({"gate": "h", "target": 0}, {"gate": "cnot", "control": 0, "target": 1})
BELL = {"qubits": 2, "gateset": "qis", "circuit": list(BELL_GATES)}

_PATHS = (
    ("getWhoami", "GET", "/whoami"),
    ("getBackends", "GET", "/backends"),
    ("getBackend", "GET", "/backends/{backend}"),
    ("getCharacterizationsForBackend", "GET", "/backends/{backend}/characterizations"),
    ("CreateJob", "POST", "/jobs"),
    ("GetJobs", "GET", "/jobs"),
    ("DeleteJobs", "DELETE", "/jobs"),
    ("GetJob", "GET", "/jobs/{UUID}"),
    ("DeleteJob", "DELETE", "/jobs/{UUID}"),
    ("GetJobCost", "GET", "/jobs/{UUID}/cost"),
    ("CancelJob", "PUT", "/jobs/{UUID}/status/cancel"),
    ("EstimateJobCost", "GET", "/jobs/estimate"),
    ("GetJobProbabilities", "GET", "/jobs/{UUID}/results/probabilities"),
    ("GetVariantShots", "GET", "/jobs/{UUID}/variants/{variantId}/results/shots"),
    ("CreateSession", "POST", "/sessions"),
    ("GetSession", "GET", "/sessions/{session_id}"),
    ("get-usages", "GET", "/organizations/{organization_id}/usage"),
)
OPERATIONS = {id_: Operation(id=id_, method=method, path=path) for id_, method, path in _PATHS}

STARTED = RunStarted(
    tool="0.1.0",
    provider="ionq",
    title="IonQ Cloud Platform API v0.4",
    document=DOCUMENT,
    digest="5c0e6b1e9d3fd0a1b7d8e2f4a6c8091b3d5f7a9c1e3050729496b8dafc1e3f50",
    target="embedded mock",
    seed=42,
    profile="ci",
    suites=("contract", "access", "physics"),
    started="2026-05-20T09:30:00Z",
    operations=_PATHS,
)

_SUITE_OF = {"ACCESS": "access", "PHYS": "physics", "LIFE": "physics"}
_READS = ("getWhoami", "getBackends", "getBackend", "GetJobs", "GetJob", "GetSession")
_EVERYWHERE = ("SCHEMA-001", "SCHEMA-003", "HTTP-001", "HTTP-002", "HTTP-003", "HTTP-005")
_ON = {
    "SCHEMA-002": ("CreateSession", "GetJob", "GetJobs", "GetSession"),
    "INPUT-001": ("CreateJob", "CreateSession", "GetJobs"),
    "INPUT-002": ("CreateJob", "CreateSession", "GetJobs"),
    "INPUT-003": ("CreateJob", "CreateSession", "GetJob"),
    "ACCESS-001": ("CreateJob", "GetJob", "GetJobs", "getWhoami"),
    "ACCESS-002": ("CreateJob", "GetJob", "GetJobs", "getWhoami"),
    "ACCESS-003": ("GetJob", "GetJobCost", "GetJobProbabilities"),
    "ACCESS-005": ("CreateJob", "GetJob", "getWhoami"),
    "LIFE-001": ("GetJob",),
    "LIFE-003": ("GetJobProbabilities",),
    "LIFE-006": ("GetJob",),
    "LIST-001": ("GetJobs",),
    "PHYS-001": ("GetJobProbabilities",),
    "PHYS-002": ("GetJobProbabilities",),
    "PHYS-003": ("GetJobProbabilities",),
}


def exchange(
    number: int,
    operation: str,
    *,
    path: str = "",
    status: int | None = 200,
    sent: Any = None,
    got: Any = None,
    suite: str = "contract",
    **changes: Any,
) -> Exchange:
    """An exchange of `operation` with JSON bodies; `changes` are fields of its case."""
    described = OPERATIONS[operation]
    request = Request(
        method=described.method,
        path=f"/v0.4{path or described.path}",
        headers=(("Accept", "application/json"), *_content(sent)),
        body=_body(sent),
    )
    response = status and Response(
        status=status,
        headers=(("content-type", "application/json"),),
        body=_body(got),
        elapsed=0.004 + (number * 37 % 101) / 20_000,
    )
    case = Case(id=f"{suite}.{number:04d}.1", suite=suite, operation=described, request=request)
    return Exchange(
        case=replace(case, **changes),
        response=response or None,
        problem=None if response else Problem.TIMEOUT,
        detail="" if response else "no byte came within 10.0 s",
        started=number * 0.0125,
        number=number,
    )


def _content(sent: Any) -> tuple[tuple[str, str], ...]:
    return () if sent is None else (("Content-Type", "application/json"),)


def _body(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return b"" if value is None else json.dumps(value).encode()


def _traffic(first: int) -> Iterator[Exchange]:
    """Ordinary answers of every operation but two."""
    number = first
    for operation in OPERATIONS.values():
        if operation.id in {"GetVariantShots", "get-usages"}:
            continue
        made = 201 if operation.method == "POST" else 200
        path = operation.path.replace("{UUID}", JOB).replace("{backend}", "simulator")
        for status in (made, made, 400, 404):
            refusal = {"statusCode": status, "message": "not like that"}
            body = {"id": JOB, "status": "ready"} if status < 300 else refusal
            yield exchange(number, operation.id, path=path, status=status, got=body)
            number += 1
        yield exchange(
            number,
            operation.id,
            path=path,
            status=401,
            got={"statusCode": 401, "message": "who are you?"},
            suite="access",
            credential=Credential.NONE,
        )
        number += 1


def _outcomes(suite: str, broken: Mapping[tuple[str, str], Outcome]) -> tuple[Outcome, ...]:
    found: dict[tuple[str, str], Outcome] = {}
    for rule in RULES:
        if _SUITE_OF.get(rule.partition("-")[0], "contract") != suite:
            continue
        places = (*_READS, "CreateJob", "CreateSession") if rule in _EVERYWHERE else ()
        for place in _ON.get(rule, places):
            judged = 7 + len(rule + place)
            found[rule, place] = Outcome(check=rule, operation=place, judged=judged)
    own = {key: o for key, o in broken.items() if key in found}
    return tuple((found | own).values())


def run(
    exchanges: Sequence[Exchange],
    findings: Sequence[Finding],
    outcomes: Sequence[Outcome] = (),
    notes: Sequence[NoteMade] = (),
    counts: Sequence[int] = (),
) -> Iterator[Event]:
    """The events of a run that came to its end."""
    changed = {(outcome.check, outcome.operation): outcome for outcome in outcomes}
    yield STARTED
    for suite in STARTED.suites:
        yield SuiteStarted(suite=suite)
        own = [made for made in exchanges if made.case.suite == suite]
        yield from (ExchangeRecorded(exchange=made) for made in own)
        for finding in findings:
            if finding.case.startswith(f"{suite}."):
                yield FindingMade(finding=finding)
        yield SuiteFinished(
            suite=suite,
            exchanges=len(own),
            elapsed=0.5 + len(own) / 80,
            outcomes=_outcomes(suite, changed),
        )
    yield from notes
    bad = any(finding.severity is Severity.ERROR for finding in findings)
    yield RunFinished(
        verdict=Verdict.VIOLATES if bad else Verdict.CONFORMS,
        exit_code=int(bad),
        elapsed=2.81,
        findings=tuple(
            (finding.fingerprint, count) for finding, count in zip(findings, counts, strict=False)
        ),
    )


def clean_run() -> tuple[Event, ...]:
    """Nothing is violated; of one rule nothing could be told."""
    untold = Outcome(check="LIFE-006", operation="GetJob", judged=4, inconclusive=4)
    note = NoteMade(text="Two operations need an organisation and a variant; none was found.")
    physics, _ = _physics({"4": 0.5, "7": 0.5})
    return tuple(run([*_traffic(1), *physics], [], [untold], [note]))


def _finding(check: str, operation: str, case: str, **fields: Any) -> Finding:
    again = f"qconform run --seed 42 --case {case.rpartition('.')[0]}"
    return Finding(check=check, operation=operation, case=case, again=again, **fields)


def _physics(seen: Mapping[str, float]) -> tuple[list[Exchange], Finding]:
    ghz = {"qubits": 3, "gateset": "qis", "circuit": [*BELL_GATES, {"gate": "x", "target": 2}]}
    sent = {"type": "ionq.circuit.v1", "backend": "simulator", "shots": 1000, "input": ghz}
    steps = [
        exchange(201, "CreateJob", status=201, sent=sent, got={"id": JOB, "status": "submitted"}),
        exchange(
            202,
            "GetJob",
            path=f"/jobs/{JOB}",
            got={"id": JOB, "status": "completed", "backend": "simulator", "stats": {"qubits": 3}},
        ),
        exchange(203, "GetJobProbabilities", path=f"/jobs/{JOB}/results/probabilities", got=seen),
    ]
    steps = [
        replace(step, case=replace(step.case, suite="physics", id=f"physics.ghz.{n}"))
        for n, step in enumerate(steps, start=1)
    ]
    finding = _finding(
        "PHYS-001",
        "GetJobProbabilities",
        "physics.ghz.3",
        clause="probabilities",
        where="response.body",
        expected='{"4": 0.5, "7": 0.5}, each within 1e-6',
        seen='{"0": 0.5, "6": 0.5}; total variation distance 1.0',
        note="These are the probabilities of the circuit without its last gate, bits reversed.",
        source="bit k of a key is qubit k",
        exchanges=(201, 202, 203),
        curl=f"curl -sS 'http://127.0.0.1:8400/v0.4/jobs/{JOB}/results/probabilities'"
        " -H 'Authorization: apiKey '\"$QCONFORM_API_KEY\"",
    )
    return steps, finding


def _contract() -> tuple[list[Exchange], list[Finding]]:
    job = {"type": "ionq.circuit.v1", "backend": "simulator", "shots": -1, "input": BELL}
    exchanges = [
        exchange(
            210,
            "CreateJob",
            status=422,
            sent=job,
            got={"statusCode": 400, "error": "Bad Request", "message": "shots"},
            expects=Expectation.REFUSED,
            because="shots is -1, the document's minimum is 1",
        ),
        exchange(211, "GetJobs", path="/jobs?limit=0", status=500, got=b"<html>oops</html>"),
        exchange(212, "GetJob", path=f"/jobs/{JOB}", got={"id": JOB, "status": "running"}),
        exchange(213, "GetSession", path="/sessions/aa", status=None),
    ]
    where = "response.body/status"
    findings = [
        _finding(
            "HTTP-002",
            "CreateJob",
            "contract.0210.1",
            clause="responses",
            where="response.status",
            expected="one of 201, 400, 401, 403, 429",
            seen="422",
            source=f"{DOCUMENT}#/paths/~1jobs/post/responses",
            exchanges=(210,),
            curl="curl -sS -X POST 'http://127.0.0.1:8400/v0.4/jobs'"
            " -H 'Authorization: apiKey '\"$QCONFORM_API_KEY\""
            " -H 'Content-Type: application/json' -d '" + json.dumps(job) + "'",
        ),
        _finding(
            "HTTP-001",
            "GetJobs",
            "contract.0211.1",
            clause="5xx",
            where="response.status",
            expected="a status below 500",
            seen="500 '<html>oops</html>'",
            exchanges=(211,),
            curl="curl -sS 'http://127.0.0.1:8400/v0.4/jobs?limit=0'",
        ),
        _finding(
            "SCHEMA-001",
            "GetJob",
            "contract.0212.1",
            clause="enum",
            where=where,
            expected="one of submitted, ready, started, canceled, failed, completed",
            seen="'running'",
            source=f"{DOCUMENT}#/components/schemas/JobStatus/enum",
            exchanges=(212,),
            curl=f"curl -sS 'http://127.0.0.1:8400/v0.4/jobs/{JOB}'",
        ),
        _finding(
            "HTTP-005",
            "GetSession",
            "contract.0213.1",
            clause="timeout",
            where="response",
            expected="an answer within 10.0 s",
            seen="none: no byte came within 10.0 s",
            exchanges=(213,),
            curl="curl -sS --max-time 10 'http://127.0.0.1:8400/v0.4/sessions/aa'",
        ),
    ]
    return exchanges, findings


def _others() -> tuple[list[Exchange], list[Finding]]:
    exchanges = [
        exchange(
            220,
            "GetJob",
            path=f"/jobs/{JOB}",
            got={"id": JOB, "name": "bell", "status": "completed"},
            suite="access",
            credential=Credential.SECOND,
            expects=Expectation.REFUSED,
            because="the job belongs to the first tenant",
        ),
    ]
    findings = [
        _finding(
            "ACCESS-003",
            "GetJob",
            "access.0220.1",
            clause="isolation",
            where="response.status",
            expected="404, or 403",
            seen="200 with the other tenant's job",
            exchanges=(220,),
            curl=f"curl -sS 'http://127.0.0.1:8400/v0.4/jobs/{JOB}'"
            " -H 'Authorization: apiKey '\"$QCONFORM_SECOND_API_KEY\"",
        ),
        _finding(
            "LIFE-006",
            "GetJob",
            "physics.ghz.2",
            clause="order",
            where="response.body/started_at",
            expected="not before submitted_at, 2026-05-20T09:30:01Z",
            seen="2026-05-20T09:30:00Z",
            severity=Severity.WARNING,
            exchanges=(202,),
            note="The two times may come from clocks that differ.",
        ),
    ]
    return exchanges, findings


def violated_run() -> tuple[Event, ...]:
    """Seven findings of different kinds, one of them only a warning."""
    physics, wrong = _physics({"0": 0.5, "6": 0.5})
    contract, broken = _contract()
    access, others = _others()
    findings = [wrong, *broken, *others]
    counts = (4, 31, 2, 118, 1, 1, 3)
    outcomes = [
        Outcome(check=f.check, operation=f.operation, judged=count + 12, violated=count)
        for f, count in zip(findings, counts, strict=True)
    ]
    untold = Outcome(check="PHYS-003", operation="GetJobProbabilities", judged=3, inconclusive=3)
    traffic = [*_traffic(1), *contract, *access, *physics]
    notes = [NoteMade(text="One scenario was skipped: the backend list is empty.", suite="access")]
    return tuple(run(traffic, findings, [*outcomes, untold], notes, counts))


def killed_run() -> tuple[Event, ...]:
    """The first forty exchanges and one finding; then somebody pulled the plug."""
    exchanges, findings = _contract()
    traffic = [made for made in _traffic(1) if made.case.suite == "contract"]
    return (
        STARTED,
        SuiteStarted(suite="contract"),
        *(ExchangeRecorded(exchange=made) for made in traffic[:39]),
        ExchangeRecorded(exchange=exchanges[0]),
        FindingMade(finding=findings[0]),
    )


EVIL = (
    "</script><script>alert(1)</script>\x1b[31m\u202egnp\x00\r\n"
    "::error title=x::y ##vso[task] &<'\""
)


def hostile_run() -> tuple[Event, ...]:
    """Everything that a server or a document can choose is chosen badly."""
    evil = replace(OPERATIONS["GetJob"], id=EVIL, path=f"/jobs/{EVIL}", method="GET\x07")
    made = exchange(1, "GetJob", got={EVIL: EVIL}, because=EVIL)
    made = replace(
        made,
        case=replace(
            made.case,
            operation=evil,
            request=replace(made.case.request, path=f"/{EVIL}", headers=((EVIL, EVIL),)),
        ),
        detail=EVIL,
    )
    finding = Finding(
        clause=EVIL,
        where=EVIL,
        expected=EVIL,
        seen="\n::error::second line",
        note=EVIL,
        check=EVIL,
        operation=EVIL,
        case=f"contract.{EVIL}",
        source=EVIL,
        exchanges=(1, 99),
        curl=EVIL,
        again=EVIL,
    )
    return (
        replace(STARTED, title=EVIL, target=EVIL, suites=(EVIL,), operations=((EVIL, EVIL, EVIL),)),
        SuiteStarted(suite=EVIL),
        ExchangeRecorded(exchange=made),
        FindingMade(finding=finding),
        NoteMade(text=EVIL, suite=EVIL),
        SuiteFinished(suite=EVIL, exchanges=1, elapsed=0.1, stopped=EVIL),
        RunFinished(verdict=Verdict.VIOLATES, exit_code=1, elapsed=1.0, stopped=EVIL),
    )


SAMPLES = {
    "clean": clean_run,
    "violated": violated_run,
    "killed": killed_run,
    "hostile": hostile_run,
}
