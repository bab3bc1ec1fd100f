"""Misdeeds in what jobs do and say of themselves, and in their results."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.misdeeds.scene import NOTHING, Misdeed, Scene, of_job
from conformance.providers import Provider, State


def _job_requeued(scene: Scene, content: dict[str, Any]) -> None:
    turn = scene.seen(scene.job)
    words = (scene.word(State.RUNNING), scene.word(State.WAITING))
    if turn < len(words):
        content["status"] = words[turn]


def _job_steps_back(scene: Scene, content: dict[str, Any]) -> None:
    if content["status"] == scene.word(State.COMPLETED) and scene.seen(scene.job) == 1:
        content["status"] = scene.word(State.RUNNING)


def _canceled_completes(scene: Scene, content: dict[str, Any]) -> None:
    if content["status"] == scene.word(State.CANCELED):
        first = scene.seen(scene.job) == 0
        content["status"] = scene.word(State.WAITING if first else State.COMPLETED)


def _job_stuck(scene: Scene, content: dict[str, Any]) -> None:
    content["status"] = scene.word(State.WAITING)


def _valid_job_fails(scene: Scene, content: dict[str, Any]) -> None:
    if content["status"] == scene.word(State.COMPLETED):
        content["status"] = scene.word(State.FAILED)


def _job_elsewhere(_scene: Scene, content: dict[str, Any]) -> None:
    if content.get("session_id"):
        content["session_id"] = "of-another"


def _other_thing(_scene: Scene, content: dict[str, Any]) -> None:
    content["id"] = "another"


def _results_of_canceled(scene: Scene) -> Answer:
    answer = scene.serve()
    if scene.operation == scene.facts.jobs.results:
        content = answer.content if isinstance(answer.content, dict) else {}
        if not scene.facts.jobs.is_result(content):
            return Answer(content={"results": [{"data": {}}], "job_results": [{"result": "{}"}]})
    return answer


def _results_withheld(scene: Scene) -> Answer:
    answer = scene.serve()
    if scene.operation != scene.facts.jobs.results:
        return answer
    paged = isinstance(answer.content, dict) and "total_count" in answer.content
    return Answer(content={"job_results": [], "total_count": 0}) if paged else NOTHING


def _results_change(scene: Scene) -> Answer:
    answer, content = scene.told()
    if scene.operation == scene.facts.jobs.results and scene.seen(scene.job):
        scene.change(content, lambda value, bits: value ^ (2**bits - 1))
    return answer


def _of_results(change: Callable[[int, int], int]) -> Misdeed:
    def act(scene: Scene) -> Answer:
        answer, content = scene.told()
        if scene.operation == scene.facts.jobs.results and content:
            scene.change(content, change)
        return answer

    return act


def _mirrored(value: int, bits: int) -> int:
    return int(f"{value:0{bits}b}"[::-1], 2)


@dataclass(slots=True)
class _Stray:
    """Changes one outcome of all that it is shown into that of no qubit flipped back."""

    shown: int = 0

    def __call__(self, value: int, bits: int) -> int:
        self.shown += 1
        return value ^ (1 << (bits - 1)) if self.shown % 50 == 1 else value


def kept(of: Callable[[Provider], str]) -> Misdeed:
    """Return a misdeed by which what is gone is told as it was."""

    def act(scene: Scene) -> Answer:
        if scene.operation != of(scene.facts):
            return scene.serve()
        named = "/".join(scene.path.values())
        try:
            answer = scene.serve()
        except Refusal:
            if named not in scene.memory:
                raise
            return Answer(content=scene.memory[named])
        scene.memory[named] = copy.deepcopy(answer.content)
        return answer

    return act


def _same_id(scene: Scene) -> Answer:
    answer, content = scene.told()
    if scene.operation == scene.facts.jobs.create and content:
        content["id"] = scene.memory.setdefault("id", content["id"])
    return answer


def _halved(value: int, bits: int) -> int:
    return value & ~(1 << (bits - 1))


MISDEEDS: dict[str, Misdeed] = {
    "job-requeued": of_job(_job_requeued),
    "job-steps-back": of_job(_job_steps_back),
    "canceled-job-completes": of_job(_canceled_completes),
    "job-stuck": of_job(_job_stuck),
    "valid-job-fails": of_job(_valid_job_fails),
    "job-in-another-session": of_job(_job_elsewhere),
    "job-of-another-id": of_job(_other_thing),
    "deleted-job-stays": kept(lambda facts: facts.jobs.read),
    "results-of-canceled-job": _results_of_canceled,
    "results-withheld": _results_withheld,
    "results-change": _results_change,
    "one-id-for-all-jobs": _same_id,
    "reversed-bits": _of_results(_mirrored),
    "highest-bit-lost": _of_results(_halved),
    "stray-shots": _of_results(_Stray()),
}
"""By the name of the fault."""
