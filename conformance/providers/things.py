"""What the operations of an API are about: things with ids, how each is had, and right bodies.

From this table suites are made that name no provider: every operation is called with ids of
things that exist, by their owner and by others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Ids = Mapping[str, str]
"""Ids of things by their names, and what requests of the account name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A kind of thing that paths name."""

    name: str
    paths: tuple[str, ...]
    """How the paths of operations on it begin; the parameter that follows is its id."""
    create: str = ""
    """Operation that makes one; empty where it is found in a list."""
    needs: tuple[str, ...] = ()
    """Things that must be there before, by name."""
    listing: str = ""
    """Operation that lists those that are there."""
    member: str = ""
    """Member of that list's answer that holds them; empty where the answer is the list."""
    field: str = "id"
    """Member of an entry, or of the answer to its making, that is its id."""
    wanted: Callable[[Mapping[str, Any]], bool] = lambda _entry: True
    """Whether an entry of the list will do."""
    request: Callable[[Ids], dict[str, Any]] | None = None
    """What makes this one, where the operation's own body would make another."""
    owned: bool = True
    """Whether it belongs to one account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """The table of a provider."""

    things: tuple[Thing, ...]
    bodies: Mapping[str, Callable[[Ids], dict[str, Any]]]
    """Operation to a right body that uses many of its fields."""
    place: str
    """The thing on which jobs run, by name."""
    place_read: str
    """Operation that reads one, and says whether it has noise."""
    not_while_running: frozenset[str] = frozenset()
    """Operations that need their job to have ended."""
    elsewhere: frozenset[str] = field(default_factory=frozenset)
    """Operations that may refuse a right request for reasons of state that no document gives."""

    def of(self, path: str) -> Thing | None:
        """Return the thing that a path template names; None where it names none."""
        for thing in self.things:
            if any(path.startswith(f"{start}/{{") for start in thing.paths):
                return thing
        return None

    def named(self, name: str) -> Thing:
        """Return the thing of this name."""
        return next(thing for thing in self.things if thing.name == name)
