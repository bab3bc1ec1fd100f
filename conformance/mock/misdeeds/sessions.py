"""Misdeeds in what sessions do and say of themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.mock.http import Answer, Refusal
from conformance.mock.misdeeds.jobs import kept
from conformance.mock.misdeeds.scene import FAR, NOTHING, Misdeed, Scene, of_job, of_session
from conformance.providers import State


def _joins_anyway(scene: Scene, *, which: Callable[[Scene, str], bool]) -> Answer:
    """Take a job that its session refuses, and say that it is in that session."""
    facts = scene.facts
    if scene.operation == facts.jobs.read:
        answer, content = scene.told()
        if scene.job in scene.memory:
            content["session_id"] = scene.memory[scene.job]
        return answer
    try:
        return scene.serve()
    except Refusal:
        wanted = scene.body.get("session_id") if isinstance(scene.body, dict) else None
        if scene.operation != facts.jobs.create or not isinstance(wanted, str):
            raise
        if not which(scene, wanted):
            raise
        answer = scene.serve_other(facts.jobs.create, _outside(scene))
        content = {**answer.content, "session_id": wanted}
        scene.memory[content["id"]] = wanted
        return Answer(content=content)


def _outside(scene: Scene) -> dict[str, Any]:
    """Return the body of a job for no session, or for a new one where it must have one."""
    body = {name: value for name, value in scene.body.items() if name != "session_id"}
    opened = scene.memory.get("opened")
    if scene.facts.sessions.deduplication and opened is not None:
        fresh = scene.serve_other(scene.facts.sessions.create, opened)
        body["session_id"] = fresh.content["id"]
    return body


def _remembering(misdeed: Misdeed) -> Misdeed:
    """Return `misdeed`, which also knows how a session was opened and which there are."""

    def act(scene: Scene) -> Answer:
        answer = misdeed(scene)
        if scene.operation == scene.facts.sessions.create and isinstance(answer.content, dict):
            body = {**scene.body}
            body.pop(scene.facts.sessions.deduplication, None)
            scene.memory["opened"] = body
            scene.memory.setdefault("sessions", set()).add(answer.content["id"])
        return answer

    return act


def _after_end(scene: Scene) -> Answer:
    return _joins_anyway(scene, which=lambda s, wanted: wanted in s.memory.get("sessions", ()))


def _of_nobody(scene: Scene) -> Answer:
    return _joins_anyway(scene, which=lambda s, wanted: wanted not in s.memory.get("sessions", ()))


def _session_goes_back(scene: Scene, content: dict[str, Any]) -> None:
    facts = scene.facts.sessions
    if content[facts.state] == facts.states[-1] and scene.seen(scene.session) == 1:
        content[facts.state] = facts.states[0]


def _stays_open(scene: Scene) -> Answer:
    """Answer the end of a session as if it had ended, and go on."""
    facts = scene.facts.sessions
    if scene.operation != facts.end:
        return scene.serve()
    answer = scene.serve_other(facts.read, None)
    return NOTHING if scene.method == "DELETE" else answer


def _never(over: str) -> Callable[[Scene, dict[str, Any]], None]:
    """Return a lie by which a session that has ended by itself goes on."""

    def tell(scene: Scene, content: dict[str, Any]) -> None:
        facts = scene.facts.sessions
        ends = facts.over or {facts.states[-1]}
        if content[facts.state] in ends or (over == "idle" and content[facts.state] == "inactive"):
            content[facts.state] = facts.states[1]
            content.pop(facts.ended_at, None)

    return tell


def _still_waits(scene: Scene, content: dict[str, Any]) -> None:
    facts = scene.facts.sessions
    if content[facts.state] == facts.states[1]:
        content[facts.state] = facts.states[0]


def _started_late(scene: Scene, content: dict[str, Any]) -> None:
    """Tell a job, or its session, as if it had gone on long after the session's end."""
    facts = scene.facts
    if facts.sessions.last_start and content.get(facts.sessions.ended_at):
        content[facts.sessions.last_start] = FAR


def _ran_on(scene: Scene, content: dict[str, Any]) -> None:
    if content["status"] == scene.word(State.CANCELED):
        content["status"] = scene.word(State.COMPLETED)
        content[scene.facts.jobs.last_changed] = FAR


def _starts_after_end(scene: Scene) -> Answer:
    lie = of_job(_ran_on) if scene.facts.jobs.last_changed else of_session(_started_late)
    return lie(scene)


def _end_moves(scene: Scene, content: dict[str, Any]) -> None:
    name = scene.facts.sessions.ended_at
    if content.get(name) and scene.seen(scene.session):
        content[name] = FAR


def _kills_running(scene: Scene) -> Answer:
    """Tell a job as running until its session is ended, and as canceled from then on."""
    facts = scene.facts
    if scene.operation == facts.sessions.end:
        scene.memory["ended"] = True
    answer, content = scene.told()
    if scene.operation == facts.jobs.read and content.get("session_id"):
        ended = scene.memory.get("ended", False)
        content["status"] = scene.word(State.CANCELED if ended else State.RUNNING)
    return answer


def _drops_when_closed(scene: Scene) -> Answer:
    """Tell the jobs of a session that was closed to new ones as canceled."""
    facts = scene.facts
    if scene.operation == facts.sessions.close:
        scene.memory["closed"] = True
    answer, content = scene.told()
    if scene.operation == facts.jobs.read and scene.memory.get("closed"):
        content["status"] = scene.word(State.CANCELED)
    return answer


def _stops_for_ever(scene: Scene, content: dict[str, Any]) -> None:
    facts = scene.facts.sessions
    if content[facts.state] == facts.states[-1]:
        content[facts.state] = next(s for s in facts.states if s in facts.over)


def _ends_early(scene: Scene, content: dict[str, Any]) -> None:
    """Tell a session that has not ended as ended a second after its beginning."""
    facts = scene.facts.sessions
    if content[facts.state] != facts.states[-1]:
        content[facts.state] = facts.states[-1]
        content[facts.ended_at] = content[facts.times[0]]


def _strands(scene: Scene, content: dict[str, Any]) -> None:
    if content["status"] == scene.word(State.CANCELED):
        content["status"] = scene.word(State.WAITING)


def _counts_one_more(scene: Scene, content: dict[str, Any]) -> None:
    name = scene.facts.sessions.waiting_jobs
    content[name] = content.get(name, 0) + 1


def _leaves_out_of_log(scene: Scene, content: dict[str, Any]) -> None:
    facts = scene.facts.sessions
    log = content.get(facts.log)
    if isinstance(log, list):
        content[facts.log] = [entry for entry in log if entry["status"] == facts.states[0]]


def _uses_on(scene: Scene, content: dict[str, Any]) -> None:
    name = scene.facts.sessions.used
    if isinstance(content.get(name), int | float):
        content[name] += scene.seen(scene.session)


def _shares_name(scene: Scene) -> Answer:
    """Give any account the session that has this name."""
    facts = scene.facts.sessions
    answer = scene.serve()
    name = scene.body.get(facts.deduplication) if isinstance(scene.body, dict) else None
    if scene.operation != facts.create or not name or not isinstance(answer.content, dict):
        return answer
    return Answer(content=scene.memory.setdefault(name, answer.content))


def _two_for_a_name(scene: Scene) -> Answer:
    if scene.operation == scene.facts.sessions.create:
        body = {**scene.body}
        body.pop(scene.facts.sessions.deduplication, None)
        return scene.serve_other(scene.operation, body)
    return scene.serve()


def _forgets_limit(scene: Scene, content: dict[str, Any]) -> None:
    facts = scene.facts.sessions
    value = content.get(facts.longest)
    content[facts.longest] = value + 1 if isinstance(value, int) else "1s"


MISDEEDS: dict[str, Misdeed] = {
    "job-after-end": _remembering(_after_end),
    "job-of-no-session": _remembering(_of_nobody),
    "session-goes-back": of_session(_session_goes_back),
    "session-stays-open": _stays_open,
    "session-never-ends": of_session(_never("longest")),
    "session-never-idle": of_session(_never("idle")),
    "session-never-starts": of_session(_still_waits),
    "session-forgets-limit": of_session(_forgets_limit),
    "starts-after-end": _starts_after_end,
    "end-moves": of_session(_end_moves),
    "closed-session-takes-jobs": _remembering(_after_end),
    "two-sessions-for-a-name": _two_for_a_name,
    "name-shared-by-accounts": _shares_name,
    "end-kills-running": _kills_running,
    "closing-drops-jobs": _drops_when_closed,
    "session-stops-for-ever": of_session(_stops_for_ever),
    "session-ends-early": of_session(_ends_early),
    "end-strands-jobs": of_job(_strands),
    "job-counted-twice": of_session(_counts_one_more),
    "state-not-logged": of_session(_leaves_out_of_log),
    "use-grows-after-end": of_session(_uses_on),
    "removed-session-stays": kept(lambda facts: facts.sessions.read),
}
"""By the name of the fault."""
