"""What the lenient mock let pass against the document's letter, counted by client."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_CLIENTS = 100
"""User agents that are told apart; a client makes its own up, so they must have an end."""

OTHERS = "other clients"
"""What stands for the user agents beyond `MOST_CLIENTS`."""

NAMELESS = "a client without a name"
"""What stands for requests without a user agent."""

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class LetPass:
    """How often one client departed from the document in one way."""

    client: str
    """First product of its user agent: `qiskit-ionq/1.1.1`."""
    tolerance: str
    """Id in `tolerances.toml`."""
    operation: str
    times: int


@dataclass(slots=True)
class Leniency:
    """The count of departures that were accepted."""

    _times: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _clients: dict[str, str] = field(default_factory=dict)
    """User agent to what it is called."""

    def note(self, agent: str, tolerances: Iterable[str], operation: str) -> None:
        """Count one accepted request for `operation` that needed `tolerances`.

        Args:
            agent: User agent as sent.
            tolerances: Ids of what was tolerated.
            operation: Id of the operation.
        """
        for tolerance in tolerances:
            self._times[self._name(agent), tolerance, operation] += 1

    def report(self) -> tuple[LetPass, ...]:
        """Return what was let pass, by client, tolerance and operation."""
        return tuple(
            LetPass(client=client, tolerance=tolerance, operation=operation, times=times)
            for (client, tolerance, operation), times in sorted(self._times.items())
        )

    def reset(self) -> None:
        """Forget all counts."""
        self._times.clear()
        self._clients.clear()

    def _name(self, agent: str) -> str:
        if agent not in self._clients:
            if len(self._clients) >= MOST_CLIENTS:
                return OTHERS
            self._clients[agent] = _product(agent)
        return self._clients[agent]


def _product(agent: str) -> str:
    """Return the first product of a user agent, which names the client and its version."""
    words = agent.split()
    if not words:
        return NAMELESS
    shown = "".join(letter if letter.isprintable() else "?" for letter in words[0])
    return shown[:_LONGEST_NAME]


def told(found: Iterable[LetPass]) -> str:
    """Return a report as lines for a terminal; empty when nothing was let pass."""
    lines: list[str] = []
    client = ""
    for each in found:
        if each.client != client:
            client = each.client
            lines.append(f"  {client}")
        times = "once" if each.times == 1 else f"{each.times} times"
        lines.append(f"    {each.tolerance:26} {each.operation}, {times}")
    return "\n".join(lines)
