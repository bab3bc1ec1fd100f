"""The catalogue of deliberate misbehaviours, and the switches that turn them on.

Every fault names the rules that must find it; a check without such a fault has not been
shown to be able to fail.
"""

from __future__ import annotations

from collections.abc import Iterable

from conformance.errors import UnknownName
from conformance.mock.faults import access, functions, life, lists, physics, sessions, shape, told
from conformance.mock.faults.fault import Fault

__all__ = ["FAULTS", "Fault", "Faults"]

FAULTS: tuple[Fault, ...] = (
    *shape.FAULTS,
    *access.FAULTS,
    *physics.FAULTS,
    *functions.FAULTS,
    *life.FAULTS,
    *told.FAULTS,
    *sessions.FAULTS,
    *lists.FAULTS,
)


class Faults:
    """The faults that are on. Truthy when any is."""

    def __init__(self, names: Iterable[str] = (), *, known: Iterable[Fault] | None = None) -> None:
        self._known = tuple(fault.name for fault in (FAULTS if known is None else known))
        self._on: set[str] = set()
        self.told: set[str] = set()
        """Ids of what was already told, for faults that lie the second time."""
        self.recent: dict[str, tuple[float, str]] = {}
        """What was made last, and when, for faults that show under concurrency."""
        for name in names:
            self.switch_on(name)

    def on(self, name: str) -> bool:
        """Return whether fault `name` is on."""
        return name in self._on

    def switch_on(self, name: str) -> None:
        """Turn fault `name` on.

        Raises:
            UnknownName: No fault has this name.
        """
        if name not in self._known:
            raise UnknownName(kind="fault", wanted=name, known=self._known)
        self._on.add(name)

    def switch_off(self, name: str) -> None:
        """Turn fault `name` off, whether or not it is on."""
        self._on.discard(name)

    def reset(self, names: Iterable[str] = ()) -> None:
        """Leave just `names` on, and forget what was told.

        Raises:
            UnknownName: No fault has one of these names.
        """
        self._on.clear()
        self.told.clear()
        self.recent.clear()
        for name in names:
            self.switch_on(name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the faults that are on, sorted."""
        return tuple(sorted(self._on))

    def __bool__(self) -> bool:
        return bool(self._on)
