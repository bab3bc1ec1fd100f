"""Walks on machines: on one that is offered, and none where none is."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from conformance.lifecycle import Conversation, Stop
from conformance.lifecycle.characterizations import LISTING, SINGLE, browse
from conformance.lifecycle.debiasing import submit_debiased
from conformance.lifecycle.physics import submit_to_machine
from conformance.model import Case, Exchange, Response
from conformance.providers import provider
from conformance.spec import load

SPECIFICATION = load("ionq")
DATED = [{"id": f"c{n}", "date": f"2026-01-0{n}T06:00:00Z"} for n in (9, 8)]


def conversation(sent: list[Case], backends: list[dict[str, Any]]) -> Conversation:
    """Return a conversation with a service that offers `backends`; `sent` gets the cases."""

    def send(case: Case) -> Exchange:
        sent.append(case)
        asked = case.operation.id if case.operation is not None else ""
        body: Any = {"id": "made", "status": "failed", "characterizations": DATED}
        content = json.dumps(backends if asked == "getBackends" else body).encode()
        return Exchange(case=case, response=Response(status=200, body=content))

    return Conversation(
        name="walk",
        suite="physics",
        specification=SPECIFICATION,
        lenient=load("ionq", lenient=True),
        provider=provider("ionq"),
        send=send,
        random=random.Random(1),  # noqa: S311 - cases, not secrets
    )


def machine(name: str, status: str = "available") -> dict[str, Any]:
    return {"backend": name, "status": status, "characterization_id": f"current-of-{name}"}


@pytest.mark.parametrize("walk", [submit_to_machine, submit_debiased])
def test_a_retired_machine_is_given_no_job(walk: Any) -> None:
    sent: list[Case] = []
    walk(conversation(sent, [machine("qpu.aria-1", "retired"), machine("qpu.forte-1")]))
    jobs = [json.loads(case.request.body) for case in sent if case.request.method == "POST"]
    assert jobs
    assert {job["backend"] for job in jobs} == {"qpu.forte-1"}


@pytest.mark.parametrize("walk", [submit_to_machine, submit_debiased])
def test_no_job_is_submitted_where_no_machine_is_offered(walk: Any) -> None:
    sent: list[Case] = []
    with pytest.raises(Stop):
        walk(conversation(sent, [machine("qpu.aria-1", "retired")]))
    assert {case.request.method for case in sent} == {"GET"}


def test_characterizations_are_read_by_page_and_by_date_and_as_backends_name_them() -> None:
    sent: list[Case] = []
    backends = [machine("qpu.aria-1"), machine("qpu.forte-1")]
    browse(conversation(sent, backends), backends)
    lists = [c.request.path for c in sent if c.operation is not None and c.operation.id == LISTING]
    of_aria = [path.partition("?")[2] for path in lists if "aria" in path]
    assert of_aria == [
        "limit=2&page=1",
        "limit=2&page=2",
        "limit=2&page=1",
        "start=2026-01-08",
        "end=2026-01-08",
        "start=2026-01-08&end=2026-01-09",
    ]
    singles = [c.request.path for c in sent if c.operation is not None and c.operation.id == SINGLE]
    assert [path for path in singles if "current" in path] == [
        f"/backends/{name}/characterizations/current-of-{name}"
        for name in ("qpu.aria-1", "qpu.forte-1")
    ]
