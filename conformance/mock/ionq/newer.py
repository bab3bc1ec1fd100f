"""What IonQ's API says and serves since June 2026, as ionq-core 0.2.0 reads it.

The newer API is served by asking the operations of the document in the caller's name and telling
their answers under the newer names, so that state, access and faults are those of the document's
API. Served beside that are results by format, artifacts, cloning, moving, and the formats' schemas.

Not served, because public material leaves open what they say: the register formats (`json.v2`: the
order of the bits in a text), and jobs in OpenQASM 3 or QIR.

Sources: the models of ionq-core 0.2.0; docs.ionq.com, API reference v0.4, pages of the jobs
(clone, move, artifact) and of the result formats, as of June 2026.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.mock.http import Answer, Receive, Refusal, Request, encode, read_body
from conformance.mock.ionq.identifiers import identifier, seed_of
from conformance.mock.ionq.job import TERMINAL, Job
from conformance.mock.ionq.serving import Serving
from conformance.mock.ionq.tenants import TENANTS
from conformance.mock.ionq.world import World

NAMES = ("v0.4", "v0.4-next")
"""The API of the document of May 2026, and the newer one under the same paths."""

QIS_GATES = (
    *("x", "y", "z", "h", "s", "si", "t", "ti", "v", "vi", "rx", "ry", "rz"),
    *("cnot", "swap", "xx", "yy", "zz", "not", "pauliexp"),
)

_JSON = "application/json"
_NUMBERS = {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}

FORMATS: Mapping[str, tuple[str, str, Mapping[str, Any]]] = {
    "ionq.result.probabilities.json.v1": ("probabilities", "Outcome to probability.", _NUMBERS),
    "ionq.result.histogram.json.v1": ("histogram", "Outcome to the shots that gave it.", _COUNTS),
    "ionq.result.shots.json.v1": (
        "shots",
        "The outcome of each shot.",
        {"type": "array", "items": {"type": "string", "pattern": "^[0-9]+$"}},
    ),
    "ionq.result.probabilities-aggregate.json.v1": (
        "probabilities-aggregate",
        "Id of each child job to its outcomes and probabilities.",
        {"type": "object", "additionalProperties": _NUMBERS},
    ),
}
"""Result format to the id of its artifact, what it is, and its schema. Outcomes are decimal."""


class Newer:
    """The newer API in front of the operations of the document."""

    def __init__(self, serving: Serving, world: World, base_path: str) -> None:
        self._serving = serving
        self._world = world
        self._base = base_path
        job = rf"{re.escape(base_path)}/jobs/([^/]+)"
        self._added: Sequence[tuple[str, re.Pattern[str], Callable[..., Awaitable[Answer]]]] = (
            ("GET", re.compile(rf"{job}/artifacts/([^/]+)"), self._artifact),
            ("POST", re.compile(rf"{job}/clone"), self._clone),
            ("POST", re.compile(rf"{job}/move"), self._move),
            ("GET", re.compile(rf"{re.escape(base_path)}/schemas/formats/([^/]+)"), self._schema),
        )

    async def answer(self, request: Request, receive: Receive) -> Answer | None:
        """Return what is answered to `request`; None when nothing ever is."""
        for method, pattern, serve in self._added:
            found = pattern.fullmatch(request.path)
            if found and request.method == method:
                try:
                    return await serve(request, receive, *found.groups())
                except Refusal as refusal:
                    return refusal.answer()
        answer = await self._serving.answer(request, receive)
        if answer is None or answer.status >= 400:
            return answer
        change = self._change(request)
        return answer if change is None else _telling(answer, change(answer.parsed()))

    def _change(self, request: Request) -> Callable[[Any], Any] | None:
        """Return what turns the document's answer to `request` into the newer one."""
        steps = request.path.removeprefix(self._base).strip("/").split("/")
        if request.method != "GET":
            return None
        if steps == ["jobs", "estimate"]:
            project = {tenant.name: tenant.project_id for tenant in TENANTS}
            return lambda told: _estimate(told, project.get(self._serving.tenant_named(request)))
        if steps[0] == "backends" and len(steps) <= 2:
            return _with_gates
        if steps[0] == "jobs" and len(steps) == 2:
            return _job
        if steps == ["jobs"] or (steps[0] == "sessions" and steps[-1] == "jobs"):
            return lambda page: {**page, "jobs": [_job(entry) for entry in page["jobs"]]}
        return _usage if steps[-1] == "usage" else None

    async def _artifact(
        self, request: Request, _receive: Receive, job_id: str, artifact: str
    ) -> Answer:
        told = _job(await self._ask(request, f"/jobs/{job_id}"))
        artifacts = {entry["id"]: entry for entry in (told["results"] or {}).values()}
        if artifact not in artifacts:
            raise Refusal(404, f"job {job_id} has no artifact {artifact!r}")
        ending = "/aggregated" if artifact == "probabilities-aggregate" else ""
        found = await self._ask(request, f"/jobs/{job_id}/results/probabilities{ending}")
        if artifact == "histogram":
            found = _histogram(found, told["shots"])
        elif artifact == "shots":
            found = _shots(_histogram(found, told["shots"]), job_id)
        return Answer(content=found)

    async def _schema(self, request: Request, _receive: Receive, name: str) -> Answer:
        await self._ask(request, "/whoami")
        if name not in FORMATS:
            raise Refusal(404, f"expected one of {', '.join(FORMATS)}, got {name!r}")
        _, summary, schema = FORMATS[name]
        head = {"$schema": "http://json-schema.org/draft-07/schema#", "$id": name}
        return Answer(content={**head, "description": summary, **schema})

    async def _clone(self, request: Request, receive: Receive, job_id: str) -> Answer:
        source = await self._own(request, job_id)
        return await self._submit_again(request, source, await read_body(receive))

    async def _move(self, request: Request, receive: Receive, job_id: str) -> Answer:
        source = await self._own(request, job_id)
        body = await read_body(receive)
        status = source.status(self._world.clock.now())
        if status in TERMINAL:
            raise Refusal(409, f"job {job_id} is {status} and cannot be canceled")
        answer = await self._submit_again(request, source, body)
        if answer.status < 400:
            await self._ask(request, f"/jobs/{job_id}/status/cancel", method="PUT")
        return answer

    async def _own(self, request: Request, job_id: str) -> Job:
        """Return a job of the caller; whoever asks for another's gets the document's refusal."""
        job = self._world.jobs.get(job_id)
        if job is None or job.tenant.name != self._serving.tenant_named(request):
            await self._ask(request, f"/jobs/{job_id}")
            raise Refusal(404, f"expected the id of a job, got {job_id!r}")
        return job

    async def _submit_again(self, request: Request, source: Job, raw: bytes) -> Answer:
        """Submit the workload of `source` with the fields that the caller changes."""
        try:
            changed = json.loads(raw) if raw else {}
        except ValueError as error:
            raise Refusal(400, f"expected a JSON body: {error}", (), "body") from error
        if not isinstance(changed, dict):
            raise Refusal(400, "expected a JSON object", (), "body")
        fixed = sorted({"type", "input"} & changed.keys())
        if fixed:
            raise Refusal(400, f"{fixed[0]} is that of the cloned job", tuple(fixed), "body")
        # What `parent` changes is not public.
        changed.pop("parent", None)
        metadata = changed.get("metadata", source.payload.get("metadata")) or {}
        body = {**source.payload, **changed}
        if isinstance(metadata, dict):
            body["metadata"] = {**metadata, "original_job_id": source.id}
        submission = replace(request, method="POST", path=f"{self._base}/jobs", query=b"")
        answer = await self._serving.answer(submission, _sending(encode(body)))
        return _given(answer)

    async def _ask(self, request: Request, path: str, *, method: str = "GET") -> Any:
        """Return the content of an answer of the document's API.

        Raises:
            Refusal: It is an error; told as it stands.
        """
        asked = replace(request, method=method, path=f"{self._base}{path}", query=b"")
        answer = _given(await self._serving.answer(asked, _sending(b"")))
        told = answer.parsed()
        if answer.status >= 400:
            raise Refusal(answer.status, told["message"], headers=tuple(answer.headers))
        return told


def _given(answer: Answer | None) -> Answer:
    """Return an answer; only a fault of another operation gives none."""
    return Answer(status=503, content={}) if answer is None else answer


def _sending(body: bytes) -> Receive:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _telling(answer: Answer, content: Any) -> Answer:
    return replace(answer, content=content, raw=None)


def _job(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return a job with its results by format; an ideal simulation tells no shots."""
    job = dict(told)
    sampled = _is_sampled(told)
    if not sampled:
        job.pop("shots", None)
    if told.get("results") and "probabilities" in told["results"]:
        job["results"] = _results(told["results"]["probabilities"], sampled=sampled)
    return job


def _is_sampled(told: Mapping[str, Any]) -> bool:
    model = (told.get("noise") or {}).get("model", "ideal")
    return bool(told["backend"].startswith("qpu.") or model != "ideal")


def _results(old: Mapping[str, Any], *, sampled: bool) -> dict[str, Any]:
    """Return descriptors by format, and the link under its old name, which is one too."""
    if old["url"].endswith("/aggregated"):
        names = ["ionq.result.probabilities-aggregate.json.v1"]
    else:
        names = ["ionq.result.probabilities.json.v1"]
        if sampled:
            names += ["ionq.result.histogram.json.v1", "ionq.result.shots.json.v1"]
    described = {
        name: {"id": FORMATS[name][0], "format": name, "media_type": _JSON} for name in names
    }
    return {"probabilities": {**old, **described[names[0]]}, **described}


def _histogram(probabilities: Mapping[str, float], shots: int) -> dict[str, int]:
    return {outcome: round(value * shots) for outcome, value in probabilities.items()}


def _shots(histogram: Mapping[str, int], job_id: str) -> list[str]:
    """Return one outcome a shot, in an order that the job fixes: the counts know none."""
    found = [outcome for outcome, count in histogram.items() for _ in range(count)]
    random.Random(seed_of("shots", job_id)).shuffle(found)  # noqa: S311 (no secret depends on it)
    return found


def _estimate(told: Mapping[str, Any], project: str | None) -> dict[str, Any]:
    """Return an estimate under the newer names; its times are whole milliseconds."""
    rates = dict(told["rate_information"])
    organization = rates.pop("organization")
    backend = told["input_values"]["backend"]
    return {
        "estimate_context": {
            **told["input_values"],
            "organization": organization,
            "project": project,
        },
        "estimated_at": told["estimated_at"],
        "estimated_unit": told["cost_unit"],
        "rate_card": {
            "id": identifier("rate card", organization, 0),
            "rates": [{"sku": backend, "unit": "gates", **rates}],
        },
        "estimated_total_cost": told["estimated_cost"],
        "estimated_execution_time": round(told["estimated_execution_time"] * 1000),
        "current_predicted_queue_time": round(told["current_predicted_queue_time"] * 1000),
    }


def _with_gates(told: Any) -> Any:
    """Return a backend, or each of a list, with the gates that it knows."""
    if isinstance(told, list):
        return [_with_gates(each) for each in told]
    name = told["backend"]
    two = ["zz"] if "forte" in name else ["ms"]
    return {
        **told,
        "supported_gates": list(QIS_GATES),
        "supported_native_gates": ["gpi", "gpi2", *(two if "." in name else ["ms", "zz"])],
        "supported_error_mitigations": ["debiasing"] if "." in name else [],
    }


def _usage(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return usage with its amounts by currency, of which there is one."""
    unit = told["usage_unit"]
    periods = [
        {
            **period,
            "amount_unit": unit,
            "amounts": [{"amount": period["amount"], "unit": unit}],
        }
        for period in told["usage_data"]
    ]
    totals = [{"amount": told["amount_total"], "unit": unit}]
    return {**told, "amount_totals": totals, "usage_data": periods}
