"""What IonQ's API says and serves since June 2026, as ionq-core 0.2.0 reads it.

The newer API is served by asking the operations of the document in the caller's name and telling
their answers under the newer names, so that state, access and faults are those of the document's
API. Served beside that are results and compiled circuits by format, artifacts, cloning, moving, and
the schemas of the formats.

Not served, because public material leaves open what they say: the register formats (`json.v2`: the
order of the bits in a text), compiled OpenQASM (its media type), and jobs in OpenQASM 3 or QIR.

Sources: the models of ionq-core 0.2.0; docs.ionq.com, API reference v0.4, pages of the jobs
(clone, move, artifact) and of the result formats, as of June 2026.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from conformance.mock.http import Answer, Receive, Refusal, Request, encode, read_body
from conformance.mock.ionq.job import TERMINAL, Job
from conformance.mock.ionq.newer_answers import (
    FORMATS,
    NATIVE,
    descriptor,
    histogram,
    in_order,
    newer_backend,
    newer_estimate,
    newer_job,
    newer_usage,
    shots_of,
)
from conformance.mock.ionq.serving import Serving
from conformance.mock.ionq.tenants import TENANTS
from conformance.mock.ionq.world import World

NAMES = ("v0.4", "v0.4-next")
"""The API of the document of May 2026, and the newer one under the same paths."""


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
        if change is None:
            return answer
        try:
            told = change(answer.parsed())
        except (KeyError, TypeError, ValueError):
            return answer  # a fault has bent it beyond reading
        if change is newer_job and await self._compiled(request, told) is not None:
            compilation = {"compiled_circuits": {NATIVE: descriptor(NATIVE)}}
            told["output"] = {**told["output"], "compilation": compilation}
        return replace(answer, content=told, raw=None)

    def _change(self, request: Request) -> Callable[[Any], Any] | None:
        """Return what turns the document's answer to `request` into the newer one."""
        steps = request.path.removeprefix(self._base).strip("/").split("/")
        if request.method != "GET":
            return None
        if steps == ["jobs", "estimate"]:
            project = {tenant.name: tenant.project_id for tenant in TENANTS}
            return lambda told: newer_estimate(
                told, project.get(self._serving.tenant_named(request))
            )
        if steps[0] == "backends" and len(steps) <= 2:
            return newer_backend
        if steps[0] == "jobs" and len(steps) == 2:
            return newer_job
        if steps == ["jobs"] or (steps[0] == "sessions" and steps[-1] == "jobs"):
            return lambda page: {
                **page,
                "jobs": [newer_job(entry) for entry in page["jobs"]],
            }
        return newer_usage if steps[-1] == "usage" else None

    async def _artifact(
        self, request: Request, _receive: Receive, job_id: str, artifact: str
    ) -> Answer:
        told = newer_job(await self._ask(request, f"/jobs/{job_id}"))
        kind, _, variant = artifact.partition(".")
        if variant:
            place = f"/jobs/{job_id}/variants/{variant}/results/{kind}"
            found = await self._ask(request, place)
            return Answer(content=in_order(found) if kind == "shots" else found)
        if artifact == FORMATS[NATIVE][0]:
            compiled = await self._compiled(request, told)
            if compiled is not None:
                return Answer(content=compiled)
        entries = (told["results"] or {}).values()
        if artifact not in {each.get("id") for each in entries if isinstance(each, dict)}:
            raise Refusal(404, f"job {job_id} has no artifact {artifact!r}")
        ending = "/aggregated" if artifact == "probabilities-aggregate" else ""
        found = await self._ask(request, f"/jobs/{job_id}/results/probabilities{ending}")
        if artifact == "histogram":
            found = histogram(found, told["shots"])
        elif artifact == "shots":
            found = shots_of(histogram(found, told["shots"]), job_id)
        return Answer(content=found)

    async def _compiled(self, request: Request, told: Mapping[str, Any]) -> Any:
        """Return a completed job's circuit in native gates; None when there is no such thing."""
        if told["type"] != "ionq.circuit.v1" or told["status"] != "completed":
            return None
        try:
            text = await self._ask(request, f"/jobs/{told['id']}/circuits/native")
        except Refusal:
            return None
        compiled = json.loads(text)
        return {"qubits": compiled["qubits"], "circuit": compiled["circuit"]}

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
        if "solver_authorised" in source.payload:
            raise Refusal(
                409, f"job {source.id} needs credentials of the solver, and none are kept"
            )
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
