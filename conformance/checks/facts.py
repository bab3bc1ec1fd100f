"""LIFE, facts: what a job says of itself is what was submitted, and of its end what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from conformance.checks.contract import Contract
from conformance.checks.judge import shown
from conformance.checks.life import History
from conformance.checks.story import Moment, Story, jobs_of, state_of
from conformance.model import Finding
from conformance.providers import State

_ECHOED = ("type", "backend", "name", "metadata", "shots", "session_id", "dry_run")


def submitted_facts_come_back(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A job says of itself what was submitted, byte for byte, or the default of what was not.

    Why it matters: qiskit-ionq and cirq-ionq keep what they need to decode results in
    `metadata`; shots and backend say what was paid for.

    Source: the creation payload and the job of the document.
    """
    kept = contract.provider.jobs.kept
    for story in jobs_of(history, contract).values():
        for moment in story.readings:
            if any(change.number < moment.number for change in story.changed):
                break
            yield None
            for name, sent, told in (
                *_echoes(story, moment, kept),
                *_default(story, moment, contract),
            ):
                if sent != told:
                    yield Finding(
                        clause=f"echo/{name}",
                        where=f"response.body/{name}",
                        expected=shown(sent),
                        seen=shown(told),
                        exchanges=tuple(n for n in story.numbers if n <= moment.number),
                    )


def _echoes(
    story: Story, moment: Moment, kept: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, Any, Any]]:
    """Yield (field, sent, told) for each fact that both sides state."""
    for name, steps in kept.items():
        sent, told = _at(story.payload, tuple(name.split("/"))), _at(moment.body, steps)
        if sent not in (None, "") and moment.body.get(steps[0]) is not None:
            yield "/".join(steps), _whole(sent), _whole(told)
    yield "id", story.id, moment.body.get("id", story.id)
    for name in _ECHOED:
        sent = story.payload.get(name)
        if sent is not None and not (name == "shots" and name not in moment.body):
            told = moment.body.get(name)
            yield name, _whole(sent), _whole(told)
    for area in ("compilation", "error_mitigation"):
        yield from _settings(area, story.payload.get("settings"), moment.body.get("settings"))
    noise, answer = story.payload.get("noise"), moment.body.get("noise")
    if isinstance(noise, dict) and isinstance(answer, dict):
        for name in ("model", "seed"):
            if noise.get(name) is not None:
                yield f"noise/{name}", noise[name], answer.get(name)


def _at(body: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        body = body.get(step) if isinstance(body, dict) else None
    return body


def _default(story: Story, moment: Moment, contract: Contract) -> Iterator[tuple[str, Any, Any]]:
    """Yield the shots of a job that was submitted without; an exact simulation may tell none."""
    default, told = contract.provider.jobs.default_shots, moment.body.get("shots")
    left_out = "input" in story.payload and "shots" not in story.payload
    if default and left_out and told not in (None, 0):
        yield "shots", default, _whole(told)


def _settings(area: str, sent: Any, told: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield each plain setting of an area that both sides state."""
    asked = sent.get(area) if isinstance(sent, dict) else None
    given = told.get(area) if isinstance(told, dict) else None
    if isinstance(asked, dict) and isinstance(given, dict):
        for name, value in asked.items():
            if name in given and not isinstance(given[name], dict):
                yield f"settings/{area}/{name}", value, given[name]


def _whole(value: Any) -> Any:
    """Return `value`; whole numbers written as text or float as integers (a listed tolerance)."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def failed_job_says_why(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A failed job carries a failure, and a completed one carries none.

    Why it matters: cirq-ionq raises a TypeError on a failed job without one, and the user
    learns nothing.

    Source: Failure of the document.
    """
    for story in jobs_of(history, contract).values():
        for moment in story.readings:
            state = state_of(moment.body, contract)
            failure = moment.body.get("failure")
            if state in {State.FAILED, State.COMPLETED}:
                yield None
            if (state is State.FAILED) == (failure is None) and state in {
                State.FAILED,
                State.COMPLETED,
            }:
                yield Finding(
                    clause="failure",
                    where="response.body/failure",
                    expected="null" if state is State.COMPLETED else "a code and a message",
                    seen=shown(failure),
                    exchanges=(moment.number,),
                )


def family_agrees(history: History, contract: Contract) -> Iterator[Finding | None]:
    """A multi-circuit job names one child a circuit, and each child names its parent.

    Why it matters: qiskit-ionq counts circuits by `child_job_ids`.

    Source: `child_job_ids` and `parent_job_id` of the document.
    """
    stories = jobs_of(history, contract)
    for story in stories.values():
        sent = story.payload.get("input")
        circuits = sent.get("circuits") if isinstance(sent, dict) else None
        if not isinstance(circuits, list):
            continue
        for moment in story.readings:
            children = moment.body.get("child_job_ids")
            if state_of(moment.body, contract) is not State.COMPLETED:
                continue
            yield None
            if not isinstance(children, list) or len(children) != len(circuits):
                yield Finding(
                    clause="children",
                    where="response.body/child_job_ids",
                    expected=f"{len(circuits)} ids, one a circuit",
                    seen=shown(children),
                    exchanges=story.numbers,
                )
                continue
            yield from _renamed(circuits, children, stories)
            known = [stories[c] for c in children if isinstance(c, str) and c in stories]
            yield from _orphans(story, known, moment, contract)


def _renamed(
    circuits: list[Any], children: list[Any], stories: dict[str, Story]
) -> Iterator[Finding]:
    """Yield a finding where a child has the name of another circuit than its own."""
    names = [c.get("name") if isinstance(c, dict) else None for c in circuits]
    for own, child in zip(names, children, strict=True):
        story = stories.get(child) if isinstance(child, str) else None
        told = story.readings[-1].body.get("name") if story and story.readings else None
        if story is not None and told is not None and told != own and told in names:
            yield Finding(
                clause="child/name",
                where="response.body/name",
                expected=f"{shown(own)}, the name of its circuit, or none",
                seen=f"{shown(told)}, the name of another circuit",
                exchanges=story.numbers,
            )


def _orphans(
    parent: Story, children: list[Story], completed: Moment, contract: Contract
) -> Iterator[Finding]:
    for child in children:
        for moment in child.readings:
            state = state_of(moment.body, contract)
            if moment.number > completed.number and not state.terminal:
                yield Finding(
                    clause="parent/early",
                    where="response.body/status",
                    expected="an ended child of a completed parent",
                    seen=str(moment.body.get("status")),
                    exchanges=(completed.number, moment.number),
                )
            named = moment.body.get("parent_job_id")
            if named != parent.id:
                yield Finding(
                    clause="parent",
                    where="response.body/parent_job_id",
                    expected=f"{parent.id}, which names this job as its child",
                    seen=shown(named),
                    exchanges=(*parent.numbers[:2], moment.number),
                )
