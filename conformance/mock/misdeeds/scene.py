"""What the mocks of all providers can do wrong: each a lie told about right answers.

A misdeed sees a call before it is served and its answer before it is sent. It speaks of jobs and
sessions in the words of the provider's facts, so one catalogue serves every mock on `RestMock`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from conformance.mock.http import Answer
from conformance.providers import Provider, State

Change: TypeAlias = Callable[[dict[str, Any], Callable[[int, int], int]], None]
"""Changes every outcome in results; the function is given an outcome and the number of bits."""


@dataclass(slots=True, kw_only=True)
class Scene:
    """A call under way in a mock that misbehaves."""

    operation: str
    method: str
    path: Mapping[str, str]
    query: Mapping[str, Any]
    body: Any
    key: str
    """The secret that was sent; empty for none."""
    facts: Provider
    change: Change
    memory: dict[str, Any]
    """What the misdeed remembers from call to call."""
    serve: Callable[[], Answer]
    """Serves the call rightly."""
    serve_asking: Callable[[Mapping[str, Any]], Answer]
    """Serves the call with another query."""
    serve_other: Callable[[str, Any], Answer]
    """Serves another operation with another body, for the same account."""
    serve_as_other: Callable[..., Answer]
    """Serves the call as if the other account had made it, with or without its query."""

    @property
    def job(self) -> str:
        """The job that the path names."""
        return self.path.get(self.facts.jobs.id_parameter, "")

    @property
    def session(self) -> str:
        """The session that the path names."""
        return self.path.get(self.facts.sessions.id_parameter, "")

    def word(self, state: State) -> str:
        """Return the provider's first word for a state of a job."""
        return next(word for word, known in self.facts.jobs.states.items() if known is state)

    def told(self) -> tuple[Answer, dict[str, Any]]:
        """Serve rightly; return the answer and its object, which may be changed."""
        answer = self.serve()
        content = copy.deepcopy(answer.content) if isinstance(answer.content, dict) else {}
        if answer.raw is None:
            answer = Answer(status=answer.status, content=content, headers=answer.headers)
        return answer, content

    def seen(self, what: str) -> int:
        """Return how often this was asked for before, and count it."""
        count: int = self.memory.get(what, 0)
        self.memory[what] = count + 1
        return count


Misdeed: TypeAlias = Callable[[Scene], Answer]


NOTHING = Answer(status=204, raw=b"")
FAR = "2100-01-01T00:00:00.000Z"
"""A moment that has not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """A misdeed in answers about one kind of call."""

    of: Callable[[Provider], str]
    tell: Callable[[Scene, dict[str, Any]], None]

    def __call__(self, scene: Scene) -> Answer:
        """Serve the call, and tell the lie if it is about this."""
        if scene.operation != self.of(scene.facts):
            return scene.serve()
        answer, content = scene.told()
        if content:
            self.tell(scene, content)
        return answer


def of_session(tell: Callable[[Scene, dict[str, Any]], None]) -> Misdeed:
    """Return a lie told whenever a session is read."""
    return Lie(of=lambda facts: facts.sessions.read, tell=tell)


def of_job(tell: Callable[[Scene, dict[str, Any]], None]) -> Misdeed:
    """Return a lie told whenever a job is read."""
    return Lie(of=lambda facts: facts.jobs.read, tell=tell)
