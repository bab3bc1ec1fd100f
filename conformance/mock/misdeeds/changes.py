"""Misdeeds in what changes and stops things, and in what is measured of them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.misdeeds.scene import FAR, NOTHING, Misdeed, Scene
from conformance.providers import State


def _forgets_change(scene: Scene) -> Answer:
    """Answer a change as if it had been made."""
    if scene.operation != scene.facts.jobs.change:
        return scene.serve()
    told = scene.serve_other(scene.facts.jobs.read, None)
    return NOTHING if scene.method == "PUT" else Answer(content={**told.content, **scene.body})


def _forgets_payload(scene: Scene) -> Answer:
    """Tell the first of a job's tags alone."""
    answer, content = scene.told()
    if scene.operation == scene.facts.jobs.read and content.get("tags"):
        content["tags"] = content["tags"][:1]
    return answer


def _never_cancels(scene: Scene) -> Answer:
    """Refuse to stop a job, which waits when it is looked at next."""
    facts = scene.facts.jobs
    if scene.operation == facts.cancel:
        scene.memory[scene.job] = True
        raise Refusal(409, "expected a job that can be stopped")
    answer, content = scene.told()
    if scene.operation == facts.read and scene.memory.pop(scene.job, False):
        content["status"] = scene.word(State.WAITING)
    return answer


def _of_metrics(tell: Callable[[Scene, dict[str, Any]], None]) -> Misdeed:
    def act(scene: Scene) -> Answer:
        answer, content = scene.told()
        if scene.operation == scene.facts.jobs.metrics:
            tell(scene, content)
        return answer

    return act


def _end_moves(scene: Scene, content: dict[str, Any]) -> None:
    end = scene.facts.jobs.metric_times[-1]
    if content["timestamps"].get(end) and scene.seen(scene.job):
        content["timestamps"][end] = FAR


def _begins_early(scene: Scene, content: dict[str, Any]) -> None:
    _, begun, _ = scene.facts.jobs.metric_times
    content["timestamps"][begun] = "2000-01-01T00:00:00.000Z"


def _charges_waiting(scene: Scene, content: dict[str, Any]) -> None:
    _, begun, _ = scene.facts.jobs.metric_times
    if content["timestamps"].get(begun) is None:
        content["usage"][scene.facts.jobs.metric_use] = 4.0


def _drops_result(scene: Scene) -> Answer:
    """Leave one outcome out of each result."""
    answer = scene.serve()
    if scene.operation != scene.facts.jobs.results or not isinstance(answer.content, dict):
        return answer
    return Answer(content=_fewer(copy.deepcopy(answer.content)), headers=answer.headers)


def _fewer(content: dict[str, Any]) -> dict[str, Any]:
    for result in content.get("results", ()):
        for register in result["data"].values():
            register["samples"] = register["samples"][1:]
    for result in content.get("job_results", ()):
        result["result"] = result["result"].replace('"results": [{', '"results": [{}, {')
    return content


def _other_circuit(scene: Scene) -> Answer:
    answer, content = scene.told()
    if scene.operation == scene.facts.jobs.given[0]:
        content.update(dict.fromkeys(content, "{}"))
    return answer


def _lasts_too_long(scene: Scene) -> Answer:
    answer, content = scene.told()
    name = scene.facts.jobs.lasted
    if scene.operation == scene.facts.jobs.read and content.get(name):
        content[name] = "86400s"
    return answer


def _use_falls(scene: Scene) -> Answer:
    answer, content = scene.told()
    if scene.operation == scene.facts.usage.operation:
        content[scene.facts.usage.used] = 1000.0 - scene.seen("usage")
    return answer


MISDEEDS: dict[str, Misdeed] = {
    "change-forgotten": _forgets_change,
    "payload-forgotten": _forgets_payload,
    "cancel-refused": _never_cancels,
    "other-circuit-told": _other_circuit,
    "job-lasts-too-long": _lasts_too_long,
    "use-falls": _use_falls,
    "metrics-move": _of_metrics(_end_moves),
    "metrics-begin-early": _of_metrics(_begins_early),
    "unrun-job-charged": _of_metrics(_charges_waiting),
    "shots-lost": _drops_result,
}
"""By the name of the fault."""
