"""Misdeeds in the shape of answers, and in who may have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.misdeeds.scene import Misdeed, Scene, of_session
from conformance.providers import Provider


def _setting(name: str, value: Any) -> Callable[[Scene, dict[str, Any]], None]:
    """Return a lie that gives a field this value."""
    return lambda _scene, content: content.update({name: value})


def _wrong_state(scene: Scene, content: dict[str, Any]) -> None:
    content[scene.facts.sessions.state] = "qconform"


def _wrong_type(_scene: Scene, content: dict[str, Any]) -> None:
    content["id"] = 17


def _wrong_time(scene: Scene, content: dict[str, Any]) -> None:
    content[scene.facts.sessions.times[0]] = "yesterday"


def _instead(of: Callable[[Provider], str], make: Callable[[Answer], Answer]) -> Misdeed:
    """Return a misdeed that makes another answer to one kind of call."""

    def act(scene: Scene) -> Answer:
        answer = scene.serve()
        return make(answer) if scene.operation == of(scene.facts) else answer

    return act


def _refused_with_trace(scene: Scene) -> Answer:
    try:
        return scene.serve()
    except Refusal as refusal:
        place = 'Traceback (most recent call last):\n  File "/srv/app/api.py", line 17, in get'
        raise Refusal(refusal.status, place, refusal.keys) from refusal


def _crash_on_unknown(scene: Scene) -> Answer:
    try:
        return scene.serve()
    except Refusal as refusal:
        if refusal.status == 404 and scene.path:
            return Answer(status=500, content={"message": "failed"})
        raise


def _refuses_right(scene: Scene) -> Answer:
    if scene.operation == scene.facts.sessions.create:
        raise Refusal(400, "expected another body", ("body",))
    return scene.serve()


def _echoes_key(scene: Scene) -> Answer:
    answer, content = scene.told()
    if content and scene.operation == scene.facts.sessions.read:
        content["qconform"] = scene.key
    return answer


def _as_stranger(operations: Callable[[Provider], frozenset[str]]) -> Misdeed:
    """Return a misdeed by which anybody may call these operations on anybody's things."""

    def act(scene: Scene) -> Answer:
        try:
            return scene.serve()
        except Refusal:
            if scene.operation not in operations(scene.facts):
                raise
            return scene.serve_as_other(keep_query=True)

    return act


def _lists_all(scene: Scene) -> Answer:
    answer, content = scene.told()
    if scene.operation == scene.facts.jobs.listing:
        more = scene.serve_as_other(keep_query=False).content
        for name, entries in content.items():
            if isinstance(entries, list):
                entries.extend(more[name])
    return answer


def _not_json(answer: Answer) -> Answer:
    return Answer(status=answer.status, raw=b"{'id': 1}", headers=answer.headers)


def _mislabelled(answer: Answer) -> Answer:
    raw = answer.encoded()
    return Answer(status=answer.status, raw=raw, media_type="text/html", headers=answer.headers)


def _undeclared(answer: Answer) -> Answer:
    return Answer(status=206, content=answer.content, headers=answer.headers)


def _read(facts: Provider) -> str:
    return facts.sessions.read


def _reads(facts: Provider) -> frozenset[str]:
    return frozenset({facts.sessions.read, facts.jobs.read, facts.jobs.results})


def _changes(facts: Provider) -> frozenset[str]:
    return frozenset({facts.sessions.end, facts.jobs.cancel})


MISDEEDS: dict[str, Misdeed] = {
    "id-as-number": of_session(_wrong_type),
    "undocumented-state": of_session(_wrong_state),
    "time-in-words": of_session(_wrong_time),
    "not-json": _instead(_read, _not_json),
    "wrong-label": _instead(_read, _mislabelled),
    "undeclared-status": _instead(_read, _undeclared),
    "unknown-id-crashes": _crash_on_unknown,
    "right-session-refused": _refuses_right,
    "stack-trace": _refused_with_trace,
    "key-echoed": _echoes_key,
    "strangers-read": _as_stranger(_reads),
    "strangers-end": _as_stranger(_changes),
    "strangers-listed": _lists_all,
}
"""By the name of the fault."""
